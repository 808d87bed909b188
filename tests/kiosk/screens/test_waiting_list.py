"""The waiting list: one key for each thing that waits, whoever stands at the desk."""

from pathlib import Path

import pytest

from kiosk.domain.delivery import Arrived, open_deliveries, receive_delivery
from kiosk.domain.goods import provisional_items, register_provisional
from kiosk.domain.meeting_roster import Comer
from kiosk.domain.period import close_day
from kiosk.domain.sign_in import Correction, request_sign_in
from kiosk.domain.waiting import KINDS, approve_request, count_waiting
from kiosk.locale import LANGUAGES, Texts
from kiosk.station import Signal
from tests.kiosk.domain.office import UNIVERSITY, office_in
from tests.kiosk.screens.meeting.assembly import Assembly
from tests.kiosk.screens.office_desk import StaffedOffice


@pytest.fixture
def office(tmp_path: Path) -> StaffedOffice:
    """Two places at a university, entered by the volunteer for Wang's and by the secretary for Li's."""
    office = office_in(tmp_path / "desk", StaffedOffice)
    office.give(office.wang, item=UNIVERSITY, by=office.helper.operator_id, evidence="document", paper="5")
    office.give(office.li, item=UNIVERSITY, evidence="witness")
    return office


def later(office: StaffedOffice) -> None:
    """Let a second pass: nobody decides faster."""
    office.clock.advance(1_000)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh_CN",
            ("待办  1 / 2", "子女考上大学  王明  3组12号", "超过限额  单5  看过证书票据", "经办李小花", "同意", "退回"),
        ),
        (
            "en",
            ("Waiting list  1 / 2", "A child enters university  王明  3-12", "above the limit", "Approve", "Decline"),
        ),
    ],
)
async def test_request_says_what_for_whom_and_by_whom_when_shown(
    office: StaffedOffice, language: str, words: tuple[str, ...]
) -> None:
    """Enough to decide; the others stand below with their digits."""
    async with office.at_desk("waiting_list", language=language) as at:
        shown = at.text()
        assert [word for word in words if word not in shown] == []
        assert "2" in shown


async def test_points_are_posted_when_the_secretary_presses_plus(office: StaffedOffice) -> None:
    """One key, and the next request stands there."""
    async with office.at_desk("waiting_list") as at:
        await at.keys("plus")
        assert "已同意：子女考上大学  王明" in at.text()
        assert "待办  1 / 1" in at.text()
    assert (office.balance(office.wang), count_waiting(office.store)) == (5_000, 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_its_words_when_it_joins_the_list(language: str) -> None:
    """What it is, why it waits, and what a signature is asked for."""
    texts = Texts(language)
    parts = [f"waiting_list.{part}.{kind}" for part in ("what", "why", "sign") for kind in KINDS]
    assert [key for key in parts if not texts.has(key)] == []


async def test_menu_counts_what_waits_when_it_is_shown(office: StaffedOffice) -> None:
    """Nobody has to open the list to know; the number follows the answers."""
    async with office.at_desk("waiting_list") as at:
        await at.keys("minus")
        assert "待办  2件等签字" in at.text()
        await at.open("waiting_list")
        await at.keys("plus", "minus")
        assert "待办  1件等签字" in at.text()


async def test_nothing_is_posted_when_the_secretary_presses_slash(office: StaffedOffice) -> None:
    """Declined, and gone from the list."""
    async with office.at_desk("waiting_list") as at:
        await at.keys("slash")
        assert "已退回：子女考上大学  王明" in at.text()
    assert (office.balance(office.wang), count_waiting(office.store)) == (0, 1)


async def test_second_press_is_held_back_when_it_comes_at_once(office: StaffedOffice) -> None:
    """A finger that bounced does not sign what nobody has read."""
    async with office.at_desk("waiting_list", by=office.supervisor.operator_id) as at:
        await at.keys("plus", "plus")
        assert at.devices.tones[-1] is Signal.DOUBLE
        assert "待办  1 / 1" in at.text()
        later(office)
        await at.keys("plus")
        assert "没有要签字的事" in at.text()
    assert (office.balance(office.wang), office.balance(office.li)) == (5_000, 5_000)


async def test_badge_is_asked_for_when_the_maker_stands_at_the_desk(office: StaffedOffice) -> None:
    """The second request is the secretary's own: the supervisor's badge signs it."""
    async with office.at_desk("waiting_list") as at:
        await at.keys("2")
        assert "待办  2 / 2" in at.text()
        await at.keys("plus")
        assert "请书记或监督员刷工作证" in at.text()
        await at.scan(office.supervisor.badge)
        assert "已同意：子女考上大学  李秀" in at.text()
        assert "签字人：赵监督" in at.text()
    assert office.balance(office.li) == 5_000


async def test_refusal_is_seen_when_the_list_is_long(office: StaffedOffice) -> None:
    """Ten requests fill a page; the reason still stands below it."""
    for house in range(1, 9):
        office.give(office.household(6, house, f"赵{house}"), item=UNIVERSITY, evidence="photo")
    async with office.at_desk("waiting_list", by=office.helper.operator_id) as at:
        await at.scan(office.helper.badge)
        shown = at.text()
        assert [word for word in ("1 / 10", "下一页", "right_missing") if word not in shown] == []


async def test_one_badge_signs_one_by_one_when_scanned_first(office: StaffedOffice) -> None:
    """The supervisor comes by: one scan, then one key for each."""
    async with office.at_desk("waiting_list", by=office.helper.operator_id) as at:
        await at.scan(office.supervisor.badge)
        assert "签字人：赵监督" in at.text()
        await at.keys("plus")
        later(office)
        await at.keys("slash")
        assert "没有要签字的事" in at.text()
    assert (office.balance(office.wang), office.balance(office.li)) == (5_000, 0)


async def test_nothing_is_signed_when_the_badge_is_not_given(office: StaffedOffice) -> None:
    """The volunteer goes back from the question."""
    async with office.at_desk("waiting_list", by=office.helper.operator_id) as at:
        await at.keys("plus", "minus")
        assert "待办  1 / 2" in at.text()
        await at.scan(office.helper.badge)
        assert at.refusal() == "right_missing"
    assert count_waiting(office.store) == 2


async def test_second_answer_is_refused_when_somebody_was_faster(office: StaffedOffice) -> None:
    """The sentence says so, and the list is read again."""
    async with office.at_desk("waiting_list") as at:
        station = at.app.station
        requests = await station.read(lambda store: list_ids(office, store))
        now, by = station.clock.now(), office.supervisor.operator_id
        await station.read(lambda store: approve_request(store, requests[0], now=now, by=by))
        await at.keys("plus")
        assert at.refusal() == "request_answered_before"
        assert "待办  1 / 1" in at.text()


def list_ids(_office: StaffedOffice, store: object) -> list[int]:
    """The ids of what waits."""
    from db.store import Store
    from kiosk.domain.waiting import list_requests

    assert isinstance(store, Store)
    return [request.request_id for request in list_requests(store)]


async def test_list_is_empty_when_nothing_waits(tmp_path: Path) -> None:
    """It says so, and offers nothing to press but the way back."""
    office = office_in(tmp_path / "empty", StaffedOffice)
    async with office.at_desk("waiting_list") as at:
        assert "没有要签字的事" in at.text()
        assert "同意" not in at.lines()[-1]
        await at.keys("plus", "minus")
        assert "要做什么" in at.text()


async def test_late_correction_says_why_and_how_when_it_waits(tmp_path: Path) -> None:
    """The reason, whether they had come late, the paper; and no card, because none is given out."""
    hall = office_in(tmp_path / "hall", Assembly)
    meeting = hall.opened()
    hall.begin(meeting)
    hall.end(meeting)
    for comer, is_late in ((Comer(hall.li, hall.li_xiuying), True), (Comer(hall.wang, hall.wang_ming), False)):
        correction = Correction(comer, "power", is_late=is_late, paper="0017")
        request_sign_in(hall.store, meeting, correction, now=hall.now, by=hall.operator)
    async with hall.at_door(screen="waiting_list") as door:
        assert door.shows("补签  11-22 支部党员大会  李秀英  3组13号", "会议结束后补签  停电  迟到  单0017")
        assert not door.shows("新卡末四位")
        await door.press("2")
        assert door.shows("停电  准时来的  单0017")


async def test_what_lacks_a_figure_leaves_the_list_when_it_is_given(office: StaffedOffice) -> None:
    """A delivery whose cost follows, goods without a price: each with + and a number."""
    store, by = office.store, office.operator
    sponge = register_provisional(store, "06990109900110", "临时物品", now=office.now, by=by).item_id
    receive_delivery(store, [Arrived(sponge, 8)], "purchase", now=office.now, by=by)
    async with office.at_desk("waiting_list") as at:
        assert "补进价：11-22 采购 1种" in at.text()
        await at.keys("3")
        assert "补上" in at.text()
        await at.keys("plus", *"32", "full_stop", "5", "plus")
        await at.until(lambda: "已补：补进价" in at.text())
        later(office)
        assert "还没有价：临时物品6990109900110" in at.text()
        await at.keys("3", "plus", "4", "plus")
        await at.until(lambda: "已补：还没有价" in at.text())
        assert "待办  2 / 2" in at.text()
    (goods,) = provisional_items(office.store)
    assert (goods.points, open_deliveries(office.store)) == (400, ())


async def test_a_price_waits_for_the_day_when_none_is_open(tmp_path: Path) -> None:
    """A price holds from a business day on: without one the desk says what to do first, and asks no figure."""
    office = office_in(tmp_path / "desk", StaffedOffice)
    register_provisional(office.store, "06990109900110", "临时物品", now=office.now, by=office.operator)
    close_day(office.store, now=office.now, by=office.operator)
    async with office.at_desk("waiting_list") as at:
        at.app.station.day = None
        await at.keys("plus")
        assert at.refusal() == "day_not_open"


async def test_home_counts_what_lacks_a_figure_when_nothing_is_to_be_signed(tmp_path: Path) -> None:
    """The list is not forgotten because nobody has to sign."""
    office = office_in(tmp_path / "desk", StaffedOffice)
    for code in ("06990109900110", "06990109900127"):
        register_provisional(office.store, code, "临时物品", now=office.now, by=office.operator)
    async with office.at_desk("waiting_list") as at:
        await at.keys("minus")
        assert "待办  2件要补数" in at.text()
