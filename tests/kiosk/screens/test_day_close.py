"""Closing the day at its screen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event

import pytest

from kiosk.clock import ManualClock
from kiosk.devices.printer.simulated import Condition, TcpPrinter
from kiosk.devices.printer.slip_printer import SlipPrinter
from kiosk.domain.basket import BasketLine, Holder, KeptBasket, keep_basket
from kiosk.domain.form import FormNumber
from kiosk.domain.goods import NewItem, count_stock, register_item
from kiosk.domain.opening import find_desk
from kiosk.domain.period import open_day
from kiosk.domain.slip import settle_slip
from kiosk.errors import Refused
from kiosk.outlet import Stick
from kiosk.screens.day_close import screen as day_close
from kiosk.screens.modals import outlet
from kiosk.settings import Settings
from kiosk.station import Operator, Station
from tests.kiosk.domain.hall import Hall
from tests.kiosk.paper.sheet import text_of
from tests.kiosk.screens.till.counter import PrintingDevices
from tests.ready import Ready, later, ready_desk
from tests.recomputed import recompute
from tests.screens import Desk, FixedKeeper, desk, make_station
from tests.village import DAY


@pytest.fixture
def ready(tmp_path: Path) -> Ready:
    """A desk that is ready to sell."""
    return ready_desk(tmp_path / "desk")


def sell(ready: Ready, printed: int, missing: int = 0) -> None:
    """Redeem before the screen is opened; so many slips came out, so many did not."""
    store = ready.open()
    for number in range(printed + missing):
        made = ready.redeem(store)
        if number < printed:
            settle_slip(store, made.redemption_id, now=later(), by=ready.known.operator)
    store.close()


def station_of(ready: Ready, language: str = "zh_CN", printer: str = "ready") -> Station:
    """Give a station on the ready desk."""
    settings = Settings(language=language, village_name="云岭村")
    clock = ManualClock(later().at, mono=9_000_000)
    station = make_station(ready.home, keeper=FixedKeeper(ready.open()), settings=settings, clock=clock)
    station.devices.printer_state = printer  # type: ignore[misc]  # because the recorded devices let a test say it
    station.operator, station.day = Operator(ready.known.operator, "周会计"), DAY
    return station


@asynccontextmanager
async def closing(station: Station) -> AsyncIterator[Desk]:
    """Open the screen."""
    async with desk(station) as at:
        await at.open("day_close")
        yield at


async def test_the_day_is_closed_when_the_count_is_right(ready: Ready, tmp_path: Path) -> None:
    """One line says so; then what is unsent, the backup, and what to do next."""
    sell(ready, 2)
    station = station_of(ready)
    async with closing(station) as at:
        assert "数盒里的小票，输张数，按 +" in at.text()
        await at.keys("2", "plus")
        assert "今天2单·小票2张：对" in at.text()
        await at.until(lambda: "备份好了" in at.text())
        for words in ("兑换2单 6分", "待上报43条，不影响使用", "可以关机了；还要营业按 +", "未开门"):
            assert words in at.text()
        assert station.day is None
        await at.keys("plus")
        assert "谁在值班" in at.text()
    store = ready.open()
    assert find_desk(store).days.open_day is None
    found = recompute(store, tmp_path)
    store.close()
    assert (found.faults, found.village["closes"][0]["difference"]) == ([], 0)


async def test_no_figure_is_on_the_screen_before_somebody_counted(ready: Ready) -> None:
    """A count that knows the answer always agrees; the first mistake is told without the number."""
    sell(ready, 3)
    async with closing(station_of(ready)) as at:
        for _ in range(2):
            assert [words for words in ("3张", "3单", "账上3", "9分") if words in at.text()] == []
            await at.keys("4")
            if "再数一遍" not in at.text():
                await at.keys("plus")
        assert "4张，和账上对不上：再数一遍" in at.text()


async def test_a_difference_is_listed_and_kept_when_it_is_counted_twice(ready: Ready, tmp_path: Path) -> None:
    """Both numbers, the slips that should be there, and the day closes with what was counted."""
    sell(ready, 2, missing=1)
    async with closing(station_of(ready)) as at:
        await at.keys("5", "plus", "1", "plus")
        assert "小票数到1张，账上2张" in at.text()
        assert "少1张" in at.text()
        assert "没打出来的小票1张" in at.text()
        await at.keys("slash")
        for words in ("1号", "2号", "3号", "（没打出来）", "王明"):
            assert words in at.text()
        await at.keys("minus", "plus")
        assert "今天3单·小票1张，账上2张：已记下" in at.text()
    store = ready.open()
    (row,) = recompute(store, tmp_path).village["closes"]
    store.close()
    assert (row["slips_booked"], row["slips_counted"], row["difference"]) == (2, 1, -1)


async def test_the_day_is_closed_when_the_second_count_is_right(ready: Ready) -> None:
    """A slip stuck to another."""
    sell(ready, 2)
    async with closing(station_of(ready)) as at:
        await at.keys("1", "plus", "2", "plus")
        assert "今天2单·小票2张：对" in at.text()


async def test_nothing_is_counted_when_there_is_no_printer(ready: Ready) -> None:
    """A village without slips closes by one key."""
    sell(ready, 0, missing=1)
    async with closing(station_of(ready, printer="none")) as at:
        assert "盒里小票" not in at.text()
        await at.keys("plus")
        assert "今天1单" in at.text()
        assert "没打出来" not in at.text()


async def test_a_count_is_asked_for_when_plus_comes_first(ready: Ready) -> None:
    """An empty entry is no zero."""
    async with closing(station_of(ready)) as at:
        await at.keys("plus")
        assert at.refusal() == "slips_not_counted"
        await at.keys("0", "plus")
        assert "今天0单·小票0张：对" in at.text()


async def test_the_day_stays_open_when_a_basket_is_not_confirmed(ready: Ready) -> None:
    """Refused with the next step, at once and not after counting; back leads to the menu."""
    store = ready.open()
    basket = KeptBasket(Holder(ready.known.wang, "card"), (BasketLine(ready.known.salt, 1),))
    keep_basket(store, basket, now=later(), by=ready.known.operator)
    store.close()
    station = station_of(ready)
    async with closing(station) as at:
        assert at.refusal() == "basket_left_open"
        await at.keys("plus")
        assert station.day == DAY
        await at.keys("minus")
        assert "有一单还没确认" in at.text()


async def test_an_open_meeting_is_told_and_does_not_block_when_the_day_is_closed(tmp_path: Path) -> None:
    """A meeting in the evening goes on; the day's cash-up does not wait for it."""
    hall = Hall(tmp_path / "hall")
    hall.opened()
    station = make_station(tmp_path / "home", keeper=FixedKeeper(hall.store), clock=hall.clock)
    station.operator, station.day = Operator(hall.operator, "周会计"), DAY
    async with closing(station) as at:
        assert "会议还没结束" in at.text()
        await at.keys("plus")
        assert "已结账" in at.text()


async def test_the_backup_is_waited_for_when_the_day_was_closed(ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody switches off too early; a backup that fails is said with what to do."""
    monkeypatch.setattr(day_close, "LOOK_SECONDS", 0.02)
    station = station_of(ready)
    is_over = Event()
    monkeypatch.setattr(station, "look_after", lambda _delay=0.0: is_over)
    async with closing(station) as at:
        await at.keys("0", "plus")
        assert "正在备份，请等一下再关机" in at.text()
        assert "可以关机了" not in at.text()
        station.caretaker.trouble = Refused("disk_reserve")
        is_over.set()
        refusal = station.texts.refusal(Refused("disk_reserve"))
        await at.until(lambda: refusal.next in at.text())


async def test_the_report_is_printed_when_the_day_is_closed_and_again_when_the_cover_is_closed(ready: Ready) -> None:
    """No key asks for it; with an open cover the screen says what to do, and one key brings it; old ones too."""
    sell(ready, 1)
    station = station_of(ready)
    with TcpPrinter() as paper:
        station.devices = PrintingDevices(SlipPrinter(paper.target))
        async with closing(station) as at:
            paper.become(Condition.COVER_OPEN)
            await at.keys("1", "plus")
            await at.until(lambda: "日结单没打：盖子没盖好，盖好后按 ." in at.text())
            assert paper.receipts == []
            paper.become(Condition.READY)
            await at.keys("full_stop")
            await at.until(lambda: "日结单打好了" in at.text())
            await at.keys("asterisk")
            assert "打好了：放在柜台抽屉里" in at.text()
            await at.keys("minus")
            await at.open("day_close")
            assert at.refusal() == "day_not_open"
            await at.keys("full_stop")
            assert "打哪一天的日结单" in at.text()
            await at.keys("1")
            await at.until(lambda: len(paper.receipts) == 5)
    first, again = (paper.receipts[place].partition("还要办")[0] for place in (0, 4))
    assert first == again
    titles = ("日结单", "余额表", "兑换纸单", "签到纸单", "日结单")
    assert [title for title, receipt in zip(titles, paper.receipts, strict=True) if title not in receipt] == []
    assert [words for words in ("日结单", "小票，清点", "兑换1单", "食盐") if words not in paper.receipts[0]] == []


def a_week_later(ready: Ready) -> None:
    """Three goods lie on the shelf, ten of each by the book; the day of a week later is open."""
    store, by = ready.open(), ready.known.operator
    rice = register_item(store, NewItem("土豆", "公斤", ("06990102203000",), 200), now=later(), by=by)
    for item, quantity in ((ready.known.salt, 10), (ready.known.soap, 10), (rice, 10_000)):
        count_stock(store, item, quantity, now=later(), by=by)
    open_day(store, "2026-11-29", now=later(), by=by)
    store.close()


async def test_nine_more_actions_count_three_goods_when_a_week_has_passed(ready: Ready, tmp_path: Path) -> None:
    """None of them shows the book's number before; pieces and kilograms; what is short waits for a signature."""
    a_week_later(ready)
    station = station_of(ready)
    async with closing(station) as at:
        for place in (1, 2, 3):
            assert f"抽盘{place}/3：" in at.text()
            assert "10" not in at.text().split("抽盘")[1].splitlines()[0]
            await at.keys("9", "plus") if "土豆" in at.text() else await at.keys("1", "0", "plus")
        for words in (
            "抽盘 食盐 10袋：对",
            "抽盘 香皂 10袋：对",
            "抽盘 土豆 9公斤，账上10公斤：已交书记审批",
            "数盒里的小票",
        ):
            assert words in at.text()
        await at.keys("0", "plus")
        assert "今天0单·小票0张：对" in at.text()
        assert "待签字" in at.text()
    store = ready.open()
    found = recompute(store, tmp_path)
    store.close()
    assert (found.faults, found.stock[ready.known.salt]) == ([], 10)


async def test_the_spot_count_is_put_off_for_a_reason_when_nobody_has_time(ready: Ready) -> None:
    """An empty entry is no number, - goes back by one, / asks why; the next close says so."""
    a_week_later(ready)
    station = station_of(ready)
    async with closing(station) as at:
        await at.keys("plus")
        assert at.refusal() == "spot_not_counted"
        await at.keys("5", "plus", "minus")
        assert "抽盘1/3" in at.text()
        await at.keys("slash", "1")
        assert "数盒里的小票" in at.text()
        await at.keys("minus")
        await at.open("day_close")
        assert "上次（11-29）没盘：没时间" in at.text()


async def test_paper_for_power_cuts_goes_to_the_stick_when_there_is_no_slip_printer(
    ready: Ready, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One key, and one A4 file with the balances and forms."""
    (stick := tmp_path / "stick").mkdir()
    monkeypatch.setattr(outlet, "find_outlets", lambda: [Stick(stick)])
    async with closing(station_of(ready, printer="none")) as at:
        await at.keys("plus", "asterisk")
        assert "写好了，可以拔：停电备用-2026-11-22.pdf" in at.text()
    (file,) = stick.iterdir()
    found = text_of(file.read_bytes())
    assert [
        words for words in ("王*", "4200", FormNumber(1, 12).shown, FormNumber(1, 32).shown) if words not in found
    ] == []
