"""A day by scanner and number pad alone: opening, asking, redeeming, midnight, closing; each action counted."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kiosk.clock import ManualClock
from kiosk.devices.printer.simulated import TcpPrinter
from kiosk.devices.printer.slip_printer import SlipPrinter
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.period import close_day
from kiosk.domain.shop import redeem_basket
from kiosk.domain.slip import settle_slip
from kiosk.domain.terminal import add_operator
from kiosk.screens import balance, home
from kiosk.settings import Settings, save_settings
from kiosk.station import Operator, Station
from tests.hands import Hands
from tests.kiosk.screens.till.counter import LATER, SALT, SOAP, PrintingDevices, Shop, item, shop_in
from tests.menu import digits_to
from tests.recomputed import Recomputed, recompute
from tests.screens import desk
from tests.terminal import Terminal
from tests.village import DAY

NIGHT = 16 * 3_600_000


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop of its own."""
    return shop_in(tmp_path / "shop")


def clock_of(station: Station) -> ManualClock:
    """The clock that a story moves by hand."""
    assert isinstance(station.clock, ManualClock)
    return station.clock


def later_station(shop: Shop, *, is_open: bool = True) -> Station:
    """Give the desk in the morning after everything the shop began with; nobody stands there while it is closed."""
    station = shop.station()
    clock_of(station).set_wall(LATER.at, "f")
    station.operator, station.day = (Operator(shop.operator, "周会计"), DAY) if is_open else (None, None)
    return station


@asynccontextmanager
async def hands_at(station: Station, printer: SlipPrinter | None = None) -> AsyncIterator[Hands]:
    """Put hands to a desk."""
    if printer is not None:
        station.devices = PrintingDevices(printer)
    async with desk(station) as at:
        yield Hands(at)


def badge(shop: Shop) -> str:
    """Give a volunteer of this week a badge."""
    store = shop.open()
    made = add_operator(store, "李红", "attendant", now=LATER, by=shop.operator)
    store.close()
    return made.badge


def redeem_printed(shop: Shop, count: int) -> None:
    """Wang redeems salt so many times; every slip came out."""
    store, salt = shop.open(), item(shop, SALT)
    for _ in range(count):
        holder = Holder(shop.wang, "card")
        made = redeem_basket(store, holder, (BasketLine(salt, 1),), now=LATER, by=shop.operator)
        settle_slip(store, made.redemption_id, now=LATER, by=shop.operator)
    store.close()


def recomputed(shop: Shop, folder: Path) -> Recomputed:
    """What the separate program finds, which must find nothing wrong."""
    store = shop.open()
    found = recompute(store, folder)
    store.close()
    assert found.faults == []
    return found


async def test_one_action_shows_a_balance_and_one_more_its_slip_when_asked_at_home(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Task 3, from home back to home: nothing need be put away."""
    monkeypatch.setattr(balance, "REST_SECONDS", 0.5)
    with TcpPrinter() as paper:
        async with hands_at(later_station(shop), SlipPrinter(paper.target)) as hands:
            await hands.scan(shop.wang_card)
            assert hands.actions == 1
            assert hands.missing("王明家", "可兑换", "总分142 = 基础100 + 42", "建议被采纳") == []
            await hands.press("full_stop")
            assert hands.actions == 2
            await hands.at.until(lambda: paper.receipts and not hands.missing("要做什么"))
        assert "余额条" in paper.receipts[0]


@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize("is_card_first", [True, False])
async def test_n_goods_take_n_and_two_actions_when_redeemed_from_home(
    shop: Shop, count: int, tmp_path: Path, *, is_card_first: bool
) -> None:
    """Task 1 does not begin at the till: the first scans go along from home."""
    goods = (SALT, SOAP, SALT, SOAP)[:count]
    async with hands_at(later_station(shop)) as hands:
        await hands.scan(*((shop.wang_card, *goods) if is_card_first else (*goods, shop.wang_card)))
        await hands.press("plus")
        assert hands.actions == count + 2
        assert hands.missing("已兑换", "请下一户刷卡") == []
    cost = sum(300 if code == SALT else 250 for code in goods)
    assert recomputed(shop, tmp_path).balances[shop.wang] == 4_200 - cost


async def test_two_actions_open_the_day_when_yesterday_was_closed_or_not(shop: Shop, tmp_path: Path) -> None:
    """Task 9: badge and date; a day left open is closed by the same key."""
    number = badge(shop)
    station = later_station(shop, is_open=False)
    clock_of(station).advance(NIGHT)
    async with hands_at(station) as hands:
        await hands.scan(number)
        assert hands.missing("今天 2026年11月23日 星期一，对吗", "先结昨天：2026-11-22") == []
        await hands.press("plus")
        assert hands.actions == 2
        assert hands.missing("要做什么", "营业中", "值班 李红") == []
    found = recomputed(shop, tmp_path)
    assert [(row["day"], row["slips_counted"]) for row in found.village["closes"]] == [(DAY, None)]
    assert found.village["logs"][0]["open_day"] == "2026-11-23"


async def test_four_actions_close_the_day_when_twelve_slips_are_in_the_box(shop: Shop, tmp_path: Path) -> None:
    """Task 10: close, twelve, confirm; from home, and what comes next stands there."""
    redeem_printed(shop, 12)
    (close,) = digits_to("day_close")
    async with hands_at(later_station(shop)) as hands:
        await hands.press(close, "1", "2", "plus")
        assert hands.actions == 4
        assert hands.missing("今天12单·小票12张：对", "待上报61条，不影响使用") == []
        await hands.at.until(lambda: not hands.missing("可以关机了"))
        await hands.press("minus")
        assert hands.missing("未开门：按 + 开门") == []
    (row,) = recomputed(shop, tmp_path).village["closes"]
    assert (row["redemptions"], row["slips_booked"], row["slips_counted"]) == (12, 12, 12)


async def test_the_evening_goes_into_the_next_close_when_the_day_is_opened_again(shop: Shop, tmp_path: Path) -> None:
    """Somebody comes after the close: open again, redeem, close; each redemption is in one close."""
    redeem_printed(shop, 2)
    (close,) = digits_to("day_close")
    station = later_station(shop)
    async with hands_at(station) as hands:
        await hands.press(close, "2", "plus", "plus", "1", "plus")
        assert hands.missing("要做什么", "营业中") == []
        await hands.scan(shop.li_card, SOAP)
        await hands.press("plus", "minus")
        assert hands.missing("作废第3号") == []
        await hands.press("minus", "minus")
        await hands.press(close, "0", "plus")
        assert hands.missing("今天1单") == []
    found = recomputed(shop, tmp_path)
    assert [row["redemptions"] for row in found.village["closes"]] == [2, 1]
    assert [row["day"] for row in found.village["redemptions"]] == [DAY] * 3


async def test_the_business_day_stays_when_midnight_passes_at_the_till(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is at the counter at midnight is served on the day that is open; home then tells, and two actions go on."""
    monkeypatch.setattr(home, "LOOK_SECONDS", 0.02)
    number = badge(shop)
    station = later_station(shop)
    async with hands_at(station) as hands:
        await hands.scan(shop.wang_card, SALT)
        clock_of(station).advance(NIGHT)
        await hands.press("plus")
        assert hands.missing("已兑换3分") == []
        hands.at.app.go_home()
        await hands.at.settle()
        assert hands.missing("营业日还是 2026-11-22", "按 + 换到今天") == []
        hands.actions = 0
        await hands.press("plus")
        await hands.scan(number)
        assert hands.missing("今天 2026年11月23日 星期一，对吗", "先结昨天") == []
        await hands.press("plus")
        assert (hands.actions, station.day) == (3, "2026-11-23")
        assert hands.missing("要做什么", "营业 11月23日", "营业中") == []
    found = recomputed(shop, tmp_path)
    assert [row["day"] for row in found.village["redemptions"]] == [DAY]
    assert [(row["day"], row["redemptions"]) for row in found.village["closes"]] == [(DAY, 1)]


async def test_a_day_left_open_for_three_days_is_one_day_when_the_desk_comes_back(shop: Shop, tmp_path: Path) -> None:
    """Nobody closed on Sunday, nobody came on Monday and Tuesday: two actions on Wednesday, one close."""
    number = badge(shop)
    redeem_printed(shop, 1)
    station = later_station(shop, is_open=False)
    clock_of(station).advance(3 * 24 * 3_600_000)
    async with hands_at(station) as hands:
        await hands.scan(number)
        assert hands.missing("今天 2026年11月25日 星期三，对吗", "先结昨天：2026-11-22") == []
        await hands.press("plus")
        assert hands.actions == 2
        await hands.press(digits_to("day_close")[0], "1", "plus")
        assert hands.missing("小票1张：对") == []
    found = recomputed(shop, tmp_path)
    assert [(row["day"], row["slips_booked"]) for row in found.village["closes"]] == [(DAY, 1), ("2026-11-25", 1)]


@pytest.mark.parametrize(
    ("wall", "quality", "words"),
    [(0, "u", "时钟没有校过，它说 1970-01-01"), (4_070_908_800_000, "f", "时钟像是快了，它说 2099-01-01")],
)
async def test_the_village_goes_on_by_a_stated_day_when_the_clock_says_1970_or_2099(
    shop: Shop, tmp_path: Path, wall: int, quality: str, words: str
) -> None:
    """The clock is shown and not used: one person says the day, and redemptions carry it."""
    store = shop.open()
    close_day(store, now=LATER, by=shop.operator)
    store.close()
    number = badge(shop)
    station = later_station(shop, is_open=False)
    clock_of(station).set_wall(wall, quality)
    async with hands_at(station) as hands:
        await hands.scan(number)
        assert hands.missing(words, "上次营业 2026-11-22", "输入今天的八位日期") == []
        await hands.press(*"20261124", "plus")
        assert hands.missing("和钟上的日期不一样：记在待办里，等书记签字") == []
        await hands.press("plus")
        assert hands.missing("时钟不准", "营业日 11月24日 星期二") == []
        await hands.scan(shop.wang_card, SALT)
        await hands.press("plus")
        assert hands.missing("已兑换3分") == []
    found = recomputed(shop, tmp_path)
    assert [row["day"] for row in found.village["redemptions"]] == ["2026-11-24"]
    assert [row["state"] for row in found.village["requests"]] == ["waiting"]


def start(shop: Shop) -> Terminal:
    """Start the program and take the desk; the day goes on, or a machine that doubts it is told so."""
    terminal = Terminal([sys.executable, "-m", "kiosk", "run"], env={"KIOSK_HOME": str(shop.folder)})
    terminal.wait_for("周会计")
    terminal.type("1")
    terminal.wait_until(lambda: "要做什么" in terminal.text() or "吗" in terminal.text())
    return terminal


def test_nothing_is_half_closed_when_the_power_goes_before_the_end(shop: Shop, tmp_path: Path) -> None:
    """The count was typed and not confirmed: the day is open. It was confirmed: the day is closed, once."""
    redeem_printed(shop, 1)
    save_settings(shop.folder, Settings(sound="silent", village_name="云岭村"))
    (close,) = digits_to("day_close")
    for keys, shown in ((f"{close}1", "输张数"), (f"{close}1+", "今天1单·小票1张：对")):
        with start(shop) as terminal:
            if "要做什么" not in terminal.text():
                terminal.type("*20261122+")
                terminal.wait_for("2026年11月22日 星期日")
                terminal.type("+")
                terminal.wait_for("要做什么")
            terminal.type(keys)
            terminal.wait_for(shown)
            terminal.process.kill()
            terminal.wait_for_end()
    found = recomputed(shop, tmp_path)
    assert [(row["day"], row["slips_counted"]) for row in found.village["closes"]] == [(DAY, 1)]
