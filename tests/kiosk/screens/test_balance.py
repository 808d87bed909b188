"""What there is and what it costs, asked at the desk."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from db.facts.people import CardIssued
from db.facts.shop import BestBeforeSet, ItemRegistered, MonthlyLimitSet
from db.facts.terms import RedemptionLimitSet
from kiosk.app import meanings_of
from kiosk.clock import ManualClock
from kiosk.devices.printer import dialogue
from kiosk.devices.printer.simulated import TcpPrinter
from kiosk.devices.printer.slip_printer import SlipPrinter
from kiosk.devices.scanner.scan import Wire, make_scan
from kiosk.domain.period import close_day
from kiosk.screens import balance
from kiosk.screens.balance import BalanceScreen
from kiosk.screens.home import HomeScreen
from kiosk.screens.till import TillScreen
from kiosk.screens.till.state import Phase, TillState
from kiosk.screens.widgets.figure import Figure
from kiosk.station import Operator, Signal
from tests.kiosk.screens.till.counter import (
    LATER,
    POTATOES_750,
    RICE,
    SALT,
    SOAP,
    UNKNOWN,
    PrintingDevices,
    Shop,
    item,
    shop_in,
    write,
)
from tests.screens import Desk, desk
from tests.village import DAY

BOOK = "2501235976572959"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop of its own."""
    return shop_in(tmp_path / "shop")


@asynccontextmanager
async def at_home(shop: Shop, language: str = "zh_CN", printer: SlipPrinter | None = None) -> AsyncIterator[Desk]:
    """Open the menu of a shop whose day is open."""
    station = shop.station(language)
    assert isinstance(station.clock, ManualClock)
    station.clock.set_wall(LATER.at, "s")
    if printer is not None:
        station.devices = PrintingDevices(printer)
    station.operator, station.day = Operator(shop.operator, "周会计"), DAY
    async with desk(station) as at:
        yield at


async def scan(at: Desk, text: str, moment: float) -> None:
    """Scan a code at a moment of its own."""
    for heard in meanings_of(make_scan(text, Wire.SIMULATED, moment)):
        at.app.turns.put(heard)
    await at.settle()


def figure(at: Desk) -> str:
    """The main figure."""
    return at.app.screen.query_one(Figure).value


def shown(at: Desk) -> type:
    """What is on the screen."""
    return type(at.app.screen)


def till(at: Desk) -> TillState:
    """What the till knows, which is open."""
    screen = at.app.screen
    assert isinstance(screen, TillScreen)
    return screen.till_state


async def test_points_and_entries_are_shown_when_a_card_is_scanned(shop: Shop) -> None:
    """Whose card, what can be redeemed, what the total is made of, the last entries, the next step."""
    async with at_home(shop) as at:
        await at.scan(shop.chen_card)
        assert figure(at) == "42"
        for words in ("王明家  3组12号  陈芳", "总分142 = 基础100 + 42", "+42  建议被采纳", "看完按 -"):
            assert words in at.text()
        await at.keys("minus")
        assert shown(at) is HomeScreen


async def test_the_next_card_takes_the_place_when_it_is_scanned(shop: Shop) -> None:
    """One household after the other, one action each, one tone each."""
    async with at_home(shop) as at:
        await at.scan(shop.wang_card)
        await at.scan(shop.li_card)
        assert figure(at) == "2.5"
        assert "李秀家" in at.text()
        assert at.devices.tones == [Signal.CARD, Signal.CARD]


async def test_a_card_is_refused_with_its_reason_when_it_opens_nothing(shop: Shop) -> None:
    """A stranger's card, and the next one works."""
    async with at_home(shop) as at:
        await at.scan("2701230000000109")
        assert at.refusal() is not None
        assert at.devices.tones == [Signal.REFUSAL]
        await at.scan(shop.wang_card)
        assert (at.refusal(), figure(at)) == (None, "42")


async def test_price_and_stock_are_shown_when_goods_are_scanned(shop: Shop) -> None:
    """Name, points, what the book has, the limit, the earliest day on the shelf."""
    write(shop, MonthlyLimitSet(item=item(shop, RICE), quantity=2))
    write(shop, BestBeforeSet(item=item(shop, RICE), day="2027-03-01"))
    write(shop, RedemptionLimitSet(item=item(shop, RICE), span="visit", quantity=1, from_day=DAY))
    async with at_home(shop) as at:
        await at.scan(RICE)
        assert figure(at) == "32"
        for words in ("大米 1袋", "账上还有 0袋", "每户每月最多 2袋", "限量 每次1袋", "最早一批 2027-03-01 到期"):
            assert words in at.text()


async def test_the_price_is_that_of_the_label_when_goods_are_weighed(shop: Shop) -> None:
    """Three quarters of a kilogram."""
    async with at_home(shop) as at:
        await at.scan(POTATOES_750)
        assert "土豆 0.75公斤" in at.text()
        assert figure(at) == "2.63"


async def test_goods_without_a_price_are_kept_back_when_asked_about(shop: Shop) -> None:
    """Provisional goods have a number and no price."""
    write(shop, ItemRegistered(name="临时物品", unit="件", codes=(UNKNOWN.zfill(14),), is_provisional=True))
    async with at_home(shop) as at:
        await at.scan(UNKNOWN)
        assert "还没定分，先不兑换" in at.text()
        assert figure(at) == ""


async def test_a_price_is_told_when_no_day_is_open(shop: Shop) -> None:
    """Asking is free at any time; what is taken along is refused by the till."""
    store = shop.open()
    close_day(store, now=LATER, by=shop.operator)
    store.close()
    async with at_home(shop) as at:
        await at.scan(SALT)
        assert figure(at) == "3"
        await at.scan(shop.wang_card)
        assert at.refusal() in {None, "day_not_open"}
        assert till(at).steps == ()


@pytest.mark.parametrize(
    ("first", "second", "items", "has_household"),
    [("card", SALT, 1, True), (SALT, "card", 1, True), (SALT, SOAP, 2, False), (SALT, SALT, 1, False)],
)
async def test_both_go_on_to_the_till_when_something_else_is_scanned(
    shop: Shop, first: str, second: str, items: int, *, has_household: bool
) -> None:
    """Goods after a card, a card after goods, goods after goods: nothing is scanned twice, each sounds once."""
    async with at_home(shop) as at:
        for moment, text in enumerate((first, second)):
            await scan(at, shop.wang_card if text == "card" else text, moment * 10.0)
        state = till(at)
        assert len(state.quantities) == items
        assert sum(state.quantities.values()) == (1 if has_household else 2)
        assert (state.holder is not None, state.phase) == (has_household, Phase.BASKET)
        assert len(at.devices.tones) == 2
        assert Signal.DOUBLE not in at.devices.tones


async def test_one_pack_read_twice_is_told_apart_when_it_goes_on(shop: Shop) -> None:
    """The till still sees that the second reading came within a moment."""
    async with at_home(shop) as at:
        await scan(at, SALT, 5.0)
        await scan(at, SALT, 5.4)
        assert "食盐 共2袋" in at.text()
        assert at.devices.tones == [Signal.GOODS, Signal.DOUBLE]


@pytest.mark.parametrize("what", ["card", SALT])
async def test_the_till_opens_with_what_is_shown_when_somebody_asks_for_it(shop: Shop, what: str) -> None:
    """One key, and back from the till lies home, not the household."""
    async with at_home(shop) as at:
        await at.scan(shop.wang_card if what == "card" else what)
        await at.keys("plus")
        assert till(at).phase is (Phase.MEMBER if what == "card" else Phase.BASKET)
        await at.keys("minus", "minus")
        assert shown(at) is HomeScreen


async def test_the_till_asks_when_goods_raise_a_question(shop: Shop) -> None:
    """A code nobody knows, a shelf that is past its day, goods of one code: each at its own scan."""
    write(shop, BestBeforeSet(item=item(shop, SALT), day="2026-11-01"))
    write(shop, ItemRegistered(name="香皂（大）", unit="块", codes=(SOAP.zfill(14),)))
    for code, words in ((UNKNOWN, "没登记过的条码"), (SALT, "看这一包"), (SOAP, "是哪样")):
        async with at_home(shop) as at:
            await at.scan(code)
            assert words in at.text()


@pytest.mark.parametrize("before", ["nothing", "goods", "card"])
async def test_a_book_code_goes_on_to_the_till_when_it_is_scanned(shop: Shop, before: str) -> None:
    """The reason is asked there, after the goods that were shown; another household's card is not taken along."""
    write(shop, CardIssued(number=BOOK, holder="book", household=shop.wang))
    async with at_home(shop) as at:
        await at.scan(*{"nothing": (), "goods": (SALT,), "card": (shop.li_card,)}[before])
        await at.scan(BOOK)
        assert "没带卡" in at.text()
        await at.keys("1")
        state = till(at)
        assert state.holder is not None
        assert (state.holder.household_id, state.holder.no_card_reason) == (shop.wang, "forgotten")
        assert len(state.steps) == (1 if before == "goods" else 0)


async def test_home_comes_back_when_nobody_comes(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a household has does not stand on the screen for the next one to read."""
    monkeypatch.setattr(balance, "REST_SECONDS", 0.05)
    async with at_home(shop) as at:
        await at.scan(shop.wang_card)
        await at.until(lambda: shown(at) is HomeScreen)


async def test_the_balance_is_printed_by_one_key_when_a_card_was_scanned(shop: Shop) -> None:
    """Task 3 with its slip; goods have none."""
    with TcpPrinter() as paper:
        async with at_home(shop, printer=SlipPrinter(paper.target)) as at:
            await at.scan(shop.wang_card)
            await at.keys("full_stop")
            await at.until(lambda: "余额条：请取" in at.text())
        (receipt,) = paper.receipts
    for words in ("余额条", "可兑换", "42", "142", "建议被采纳"):
        assert words in receipt


async def test_one_slip_comes_when_the_printer_was_in_trouble(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits; paper in, the same key again, and it is not printed twice."""
    monkeypatch.setattr(dialogue, "ANSWER_SECONDS", 0.15)
    with TcpPrinter() as paper:
        paper.run_out_of_paper()
        async with at_home(shop, printer=SlipPrinter(paper.target)) as at:
            await at.scan(shop.wang_card)
            await at.keys("full_stop")
            await at.until(lambda: "小票机缺纸：弄好后再按 ." in at.text())
            paper.load_paper()
            await at.keys("full_stop")
            await at.until(lambda: "余额条：请取" in at.text())
        assert len(paper.receipts) == 1


async def test_a_printer_is_missed_when_none_is_set(shop: Shop) -> None:
    """The refusal names what to do."""
    async with at_home(shop) as at:
        await at.scan(shop.wang_card)
        await at.keys("full_stop")
        assert at.refusal() == "printer_missing"
        assert shown(at) is BalanceScreen
