"""What goes wrong at the door: each has its sentence, its next step and its tone, and the desk goes on."""

from pathlib import Path

import pytest

from kiosk.codes import CodeType, mint
from kiosk.domain.card import report_card_lost
from kiosk.domain.meeting import MeetingPlan, list_meetings, meeting_here, open_unplanned
from kiosk.domain.period import close_day, open_day
from kiosk.domain.sign_in import sign_in_card
from kiosk.domain.waiting import Signature, approve_request, list_requests
from kiosk.screens.meeting.state import Phase
from kiosk.station import Signal
from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.meeting.assembly import Assembly, Door
from tests.kiosk.screens.till.counter import MISREAD, POTATOES_750, SALT
from tests.village import VILLAGE, seeded

NEXT_DAY = "2026-11-23"


@pytest.fixture
def hall(tmp_path: Path) -> Assembly:
    """A hall with three members."""
    return office_in(tmp_path / "hall", Assembly)


def refuses(door: Door, code: str, step: str) -> bool:
    """Whether the refusal stands there with its next step and tone."""
    shown = "".join(door.at.text().replace("▌", "").split())
    is_shown = "".join(step.split()) in shown
    return door.at.refusal() == code and is_shown and door.at.devices.tones[-1] is Signal.REFUSAL


@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_refusal_has_code_tone_and_next_step_when_a_card_cannot_sign_in(hall: Assembly, language: str) -> None:
    """Lost, of another village, never issued, goods, rubbish, a badge, a slip; then the next person signs in."""
    lost = hall.card(hall.person(hall.zhao, "赵六"))
    report_card_lost(hall.store, lost.card_id, now=hall.now, by=hall.operator)
    drawn = seeded("bad")
    cases = (
        (lost.number, "card_not_live.lost"),
        (mint(CodeType.PERSON, VILLAGE + 1, drawn), "card_of_other_village"),
        (mint(CodeType.HOUSEHOLD, VILLAGE, drawn), "card_unknown"),
        (SALT, "goods_at_meeting"),
        (POTATOES_750, "goods_at_meeting"),
        (MISREAD, "code_misread"),
        ("HTTP://EXAMPLE", "code_unknown"),
        (mint(CodeType.OPERATOR, VILLAGE, drawn), "scan_not_here"),
        (mint(CodeType.SLIP, VILLAGE, drawn), "scan_not_here"),
    )
    hall.opened()
    async with hall.at_door(language=language) as door:
        texts = door.at.app.station.texts
        for number, code in cases:
            await door.scan(number)
            assert (code, refuses(door, code, texts(f"refusal.{code}.next"))) == (code, True)
            assert "{" not in door.at.text()
        await door.scan(hall.cards[hall.wang_ming])
        assert door.at.refusal() is None
        assert "王　明" in door.at.text()


async def test_second_scan_says_since_when_they_are_here(hall: Assembly) -> None:
    """With the tone of a double, and nothing is counted twice."""
    hall.opened()
    async with hall.at_door() as door:
        await door.scan(hall.cards[hall.wang_ming])
        await door.rest()
        hall.clock.advance(3 * 60_000)
        await door.scan(hall.cards[hall.wang_ming])
        await door.rest()
        assert door.shows("王　明", "早就签过了：08:00 已签到", "应到3  实到1")
        assert door.at.devices.tones == [Signal.CARD, Signal.DOUBLE]


async def test_stack_of_cards_is_marked_and_never_refused(hall: Assembly) -> None:
    """Three cards within a second: all are in, and everybody sees which followed like a stack."""
    hall.opened()
    async with hall.at_door() as door:
        await door.scan(
            *(hall.cards[person] for person in (hall.wang_ming, hall.wang_fang, hall.li_xiuying)), after=200
        )
        assert door.shows("李　秀　英", "连着刷的", "应到3  实到3", "08:00  王芳  连着刷的")
        assert not door.shows("08:00  王明  连着刷的")
        await door.rest()
        assert door.at.devices.tones == [Signal.CARD, Signal.DOUBLE, Signal.DOUBLE]


async def test_card_is_offered_the_meeting_of_today_when_none_is_open(hall: Assembly) -> None:
    """Yes opens it and signs in with that same scan; no leaves everything as it is."""
    hall.called()
    hall.called("theme_day", "2026-11-30")
    async with hall.at_door() as door:
        await door.scan(hall.cards[hall.wang_ming])
        assert door.shows("支部党员大会（按人）还没开始签到，现在开始？")
        await door.press("minus")
        assert meeting_here(door.store) is None
        await door.scan(hall.cards[hall.wang_ming])
        await door.press("plus")
        assert door.shows("王　明", "已签到 08:00", "应到3  实到1")


async def test_card_is_told_what_to_press_when_no_meeting_is_called(hall: Assembly) -> None:
    """None, or two for today: somebody chooses."""
    async with hall.at_door() as door:
        await door.scan(hall.cards[hall.wang_ming])
        assert refuses(door, "no_meeting_open", "按 + 开新会")
        await door.press("plus", "2", "2", "plus", "plus", "minus", "plus", "6", "2", "plus", "plus", "minus")
        await door.scan(hall.cards[hall.wang_ming])
        assert refuses(door, "no_meeting_open", "按数字选一个会")
        await door.press("1")
        await door.scan(hall.cards[hall.wang_ming])
        await door.press("plus")
        assert door.shows("王　明", "应到3  实到1")


async def test_second_meeting_is_refused_when_one_is_open(hall: Assembly) -> None:
    """At one desk a scan must belong to one meeting; the open one comes back by itself."""
    hall.called()
    hall.opened("theme_day")
    async with hall.at_door() as door:
        assert door.shows("主题党日（按人）", "请刷卡")
        station = door.at.app.station
        open_now = list_meetings(door.store)[0].meeting_id
        await door.press("slash", "4")
        assert door.shows("正在签到：今天  主题党日", "今天 09:00  支部党员大会")
        await door.press("2", "plus")
        assert refuses(door, "meeting_is_open", "先结束那个会")
        await door.press("minus", "plus", "2", "1")
        assert refuses(door, "meeting_is_open", "先结束那个会")
        here = await station.read(meeting_here)
        assert here is not None
        assert here.meeting_id == open_now
        await door.scan(hall.cards[hall.wang_ming])
        assert door.shows("主题党日（按人）", "王　明", "应到3  实到1")


async def test_meeting_goes_on_when_midnight_comes_in_the_middle(hall: Assembly) -> None:
    """The same screen as long as nobody opens another day; after that it asks, and . goes on."""
    hall.opened()
    async with hall.at_door() as door:
        await door.press("plus")
        hall.clock.set_wall(1_795_305_600_000 + 17 * 3_600_000)
        await door.scan(hall.cards[hall.wang_ming])
        assert door.shows("王　明", "实到1")
        await door.press("slash", "4")
        await door.at.app.station.do(open_day, NEXT_DAY)
        door.at.app.station.day = NEXT_DAY
        await door.at.open("meeting")
        assert door.shows("11月22日的会没结束", "按 + 结束；会还在开按 .")
        await door.scan(hall.cards[hall.li_xiuying])
        assert refuses(door, "meeting_of_earlier_day", "会还在开就按 .")
        await door.press("full_stop")
        await door.scan(hall.cards[hall.li_xiuying])
        assert door.shows("李　秀　英", "应到3  实到2")
        await door.press("2", "plus")
        assert door.shows("加分2条")


@pytest.mark.parametrize("is_begun", [True, False])
async def test_one_action_ends_a_meeting_of_an_earlier_day(hall: Assembly, *, is_begun: bool) -> None:
    """+ alone, whether or not somebody had begun it; the roll may be looked at before."""
    meeting = hall.opened()
    hall.scan(meeting, hall.wang_ming)
    if is_begun:
        hall.begin(meeting)
    open_day(hall.store, NEXT_DAY, now=hall.now, by=hall.operator)
    async with hall.at_door(day=NEXT_DAY) as door:
        assert door.shows("11月22日的会没结束", "应到3  实到1")
        await door.press("asterisk")
        assert door.shows("3组12号  王明", "已签到  08:00")
        await door.scan(hall.cards[hall.li_xiuying])
        assert door.at.refusal() == "meeting_of_earlier_day"
        await door.press("minus")
        assert door.shows("11月22日的会没结束")
        await door.press("plus")
        assert door.shows("加分1条", "缺席2")
    assert hall.balance(hall.wang) == 200


async def test_card_is_refused_when_the_meeting_has_ended_elsewhere(hall: Assembly) -> None:
    """Somebody ends it while the desk still shows it open: the sentence says what to do for who was forgotten."""
    from kiosk.domain.meeting_end import end_meeting

    meeting = hall.opened()
    async with hall.at_door() as door:
        await door.press("plus")
        await door.at.app.station.do(end_meeting, meeting)
        await door.scan(hall.cards[hall.wang_ming])
        assert refuses(door, "meeting_has_ended", "补签")
        assert door.shows("会议已结束", "缺席3")


async def test_forgotten_one_waits_for_a_signature_when_corrected_days_later(hall: Assembly) -> None:
    """Three days later, from the list: why, late or not, on what paper; the sheet changes when it is signed."""
    meeting = hall.opened()
    hall.begin(meeting)
    hall.scan(meeting, hall.wang_ming)
    hall.end(meeting)
    hall.clock.advance(3 * 24 * 3_600_000)
    open_day(hall.store, "2026-11-25", now=hall.now, by=hall.operator)
    async with hall.at_door(day="2026-11-25") as door:
        await door.scan(hall.cards[hall.li_xiuying])
        assert door.at.refusal() == "no_meeting_open"
        await door.press("1", "asterisk", "3")
        assert door.shows("李秀英 为什么补签？", "忘了签", "停电")
        await door.press("3", "2", "2", *"0017", "plus")
        assert door.shows("李秀英  补签已交书记签字", "缺席2")
        await door.press("slash", "1", *"lxy", "plus", "1", "1", "1")
        assert refuses(door, "sign_in_asked_before", "待办")
        await door.press("asterisk", "1")
        assert refuses(door, "signed_in_before", "看签到名单")
        [waiting] = list_requests(door.store)
        assert (waiting.kind, waiting.paper_number, waiting.person_name) == ("late_sign_in", "0017", "李秀英")
        await door.at.app.station.do(approve_request, waiting.request_id, Signature(hall.supervisor.badge))
        await door.press("minus", "asterisk")
        assert door.shows("李秀英  迟到", "补签", "应到3  实到2  迟到1")
    assert hall.balance(hall.li) == 100


async def test_step_back_asks_for_nothing_when_correcting(hall: Assembly) -> None:
    """From every question of a correction."""
    meeting = hall.opened()
    hall.begin(meeting)
    hall.end(meeting)
    async with hall.at_door() as door:
        await door.press("1", "asterisk")
        for keys in (("3",), ("3", "1"), ("3", "1", "1"), ("3", "1", "1", "2"), ("full_stop",)):
            await door.press(*keys, "minus")
            assert door.screen.desk_state.phase is Phase.ROLL
        assert list_requests(door.store) == ()


async def test_nothing_opens_when_no_day_is_open(hall: Assembly) -> None:
    """Calling and opening say that the day comes first."""
    hall.called()
    close_day(hall.store, now=hall.now, by=hall.operator)
    async with hall.at_door(day=None) as door:
        await door.press("plus")
        assert door.at.refusal() == "day_not_open"
        await door.press("1", "plus")
        assert door.at.refusal() == "day_not_open"


async def test_nobody_is_late_after_a_restart_until_somebody_says_so(hall: Assembly) -> None:
    """Power comes back: the meeting stands there, + counts again; without it nobody is late, and it still ends."""
    meeting = hall.opened()
    hall.begin(meeting)
    hall.scan(meeting, hall.wang_ming)
    hall.clock.reboot()
    hall.clock.advance(10 * 60_000)
    async with hall.at_door() as door:
        assert door.shows("上一位：王明 08:00", "停过电，先不算迟到：按 + 接着算")
        await door.scan(hall.cards[hall.wang_fang])
        assert door.shows("王　芳", "已签到", "应到3  实到2")
        assert not door.shows("迟到1")
        await door.press("plus")
        assert door.shows("08:00开会；散会")
        hall.clock.advance(6 * 60_000)
        await door.scan(hall.cards[hall.li_xiuying])
        assert door.shows("迟到6分钟", "迟到1")
        await door.press("3", "plus")
        assert door.shows("加分2条", "共3分")


async def test_household_without_persons_is_told_what_to_do(hall: Assembly) -> None:
    """Nobody of it can be chosen in a meeting of persons."""
    hall.household(4, 2, "钱多")
    hall.opened()
    async with hall.at_door() as door:
        await door.press("full_stop", "4", "2", "plus")
        assert refuses(door, "household_without_persons", "先登记人员")


async def test_second_desk_signs_in_and_does_not_end_what_another_opened(hall: Assembly) -> None:
    """Cards are taken, lateness is said anew, and the end says where it belongs."""
    meeting = hall.opened()
    hall.begin(meeting)
    hall.become_second_desk()
    async with hall.at_door() as door:
        await door.scan(hall.cards[hall.wang_ming])
        assert door.shows("王　明", "应到3  实到1", "按 + 这里也算迟到")
        await door.press("plus")
        assert door.shows("08:00开会")
        await door.press("1", "plus")
        assert refuses(door, "meeting_elsewhere", "到那台机器上操作")


async def test_opened_meeting_is_there_when_the_desk_was_killed_after_a_commit(hall: Assembly) -> None:
    """Committed and never shown: the next start shows the figure with it, and the same card is told since when."""
    plan = MeetingPlan("members_meeting")
    meeting = open_unplanned(hall.store, plan, now=hall.now, by=hall.operator)
    number = hall.cards[hall.wang_ming]
    sign_in_card(hall.store, meeting, number, VILLAGE, now=hall.now, by=hall.operator)
    async with hall.at_door() as door:
        assert door.shows("上一位：王明", "应到3  实到1")
        await door.scan(number)
        assert door.shows("早就签过了", "应到3  实到1")
