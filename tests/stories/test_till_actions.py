"""How little it takes: the tasks of the till by scanner and number pad alone, each scan and each key counted."""

from pathlib import Path

import pytest

from db.facts.people import CardIssued
from db.line import Stamp
from kiosk.clock import ManualClock
from kiosk.codes import CodeType, mint
from kiosk.domain.redemption import redemptions_of_day, show_redemption
from kiosk.domain.waiting import list_requests
from kiosk.screens.till.state import Phase
from tests.kiosk.screens.till.counter import RICE, SALT, SOAP, Counter, Shop, shop_in
from tests.recomputed import recompute
from tests.village import VILLAGE, seeded

GOODS = (SALT, SOAP, SALT, SOAP)
MINUTE = 60_000
NEXT_STEPS = ("请", "按", "输")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop of its own."""
    return shop_in(tmp_path / "shop")


def book_code(shop: Shop) -> str:
    """Print Wang's line of the household book."""
    code = mint(CodeType.HOUSEHOLD_BOOK, VILLAGE, seeded("book"))
    store = shop.open()
    with store.write(now=Stamp(1_795_320_000_000, "s", 1, 90_000_000), by=shop.operator) as act:
        act.append(CardIssued(number=code, holder="book", household=shop.wang))
    store.close()
    return code


def balances(shop: Shop, folder: Path) -> dict[int, int]:
    """What the separate program finds, which must find nothing wrong."""
    store = shop.open()
    found = recompute(store, folder)
    store.close()
    assert found.faults == []
    return found.balances


async def test_a_void_takes_two_actions_at_once_and_later_three_and_a_signature(shop: Shop, tmp_path: Path) -> None:
    """Task 6: minus and plus right after it; later the slip is scanned, and the secretary has it on the list."""
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, SALT)
        await counter.press("plus")
        before = counter.actions
        await counter.press("minus", "plus")
        await counter.at.until(lambda: counter.shows("已作废，退3分"))
        assert counter.actions - before == 2
        await counter.scan(shop.wang_card, SOAP)
        await counter.press("plus")
        made = show_redemption(counter.store, redemptions_of_day(counter.store)[0].redemption_id)
        clock = counter.at.app.station.clock
        assert isinstance(clock, ManualClock)
        clock.advance(10 * MINUTE)
        await counter.press("minus", "minus")
        before = counter.actions
        await counter.scan(made.redeemed.slip_code)
        await counter.press("2")
        assert counter.shows("作废第2号，退2.5分？", "收回物品，按 + 交书记审批")
        await counter.press("plus")
        await counter.at.until(lambda: counter.shows("已交书记审批"))
        assert counter.actions - before == 3
        assert [each.kind for each in list_requests(counter.store)] == ["late_void"]
    assert balances(shop, tmp_path)[shop.wang] == 3_950


def is_idle_for_the_next(counter: Counter) -> bool:
    """Whether the next household may simply show its card."""
    return counter.screen.till_state.phase in (Phase.IDLE, Phase.DONE)


@pytest.mark.parametrize("count", [1, 2, 4])
async def test_n_goods_take_n_and_two_actions_when_redeemed(shop: Shop, count: int, tmp_path: Path) -> None:
    """Task 1: card, goods, confirm; by the pad or by the card, card first or goods first."""
    goods = GOODS[:count]
    cost = sum(300 if code == SALT else 250 for code in goods)
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, *goods)
        await counter.press("plus")
        assert counter.actions == count + 2
        assert counter.shows("已兑换")
        assert is_idle_for_the_next(counter)
        counter.actions = 0
        await counter.scan(*goods, shop.wang_card, shop.wang_card)
        assert counter.actions == count + 2
        assert is_idle_for_the_next(counter)
    assert balances(shop, tmp_path)[shop.wang] == 4_200 - 2 * cost


async def test_one_action_shows_a_balance_when_a_card_is_scanned(shop: Shop) -> None:
    """Task 3: one household after the other, one action each, nothing to put away in between."""
    async with shop.till() as counter:
        for card, name in ((shop.wang_card, "王明家"), (shop.li_card, "李秀家"), (shop.chen_card, "王明家")):
            counter.actions = 0
            await counter.scan(card)
            assert counter.actions == 1
            assert counter.shows(name, "可兑换")
            await counter.at.until(lambda: counter.shows("总分"))


async def test_a_forgotten_card_takes_one_action_more_when_the_book_is_scanned(shop: Shop, tmp_path: Path) -> None:
    """Task 4: n + 3 by the printed household book: code, reason, goods, confirm."""
    code = book_code(shop)
    async with shop.till() as counter:
        await counter.scan(code)
        await counter.press("1")
        await counter.scan(*GOODS[:2])
        await counter.press("plus")
        assert counter.actions == 2 + 3
        assert is_idle_for_the_next(counter)
        (listed,) = redemptions_of_day(counter.store)
        holder = show_redemption(counter.store, listed.redemption_id).redeemed.holder
        assert (holder.entry, holder.no_card_reason) == ("book", "forgotten")
    assert balances(shop, tmp_path)[shop.wang] == 4_200 - 550


async def test_a_forgotten_card_takes_at_most_n_and_eight_actions_when_typed(shop: Shop, tmp_path: Path) -> None:
    """Task 4 without the book: group, house number, reason, the neighbour's card, goods, confirm; she is named."""
    async with shop.till() as counter:
        await counter.press("3", "plus", "1", "2", "plus", "3")
        await counter.scan(shop.li_card, *GOODS[:2])
        await counter.press("plus")
        assert counter.actions == 2 + 8
        assert is_idle_for_the_next(counter)
        (listed,) = redemptions_of_day(counter.store)
        shown = show_redemption(counter.store, listed.redemption_id)
        holder = shown.redeemed.holder
        assert (holder.entry, holder.no_card_reason, shown.proxy_name) == ("found", "proxy", "李秀")
    assert balances(shop, tmp_path)[shop.wang] == 4_200 - 550


async def test_one_action_takes_wrong_goods_or_a_wrong_quantity_back_when_noticed(shop: Shop) -> None:
    """Task 5: the last goods, the second reading of one pack, a quantity: one key each."""
    async with shop.till() as counter:
        await counter.scan(shop.wang_card)
        for spoil, message in (
            ((SOAP,), "已撤：香皂"),
            ((SALT, SALT), "食盐 改成1袋"),
        ):
            await counter.scan(*spoil, after=0.5)
            counter.actions = 0
            await counter.press("minus")
            assert counter.actions == 1
            assert counter.shows(message, "分")
        await counter.press("asterisk", "9", "plus")
        counter.actions = 0
        await counter.press("minus")
        assert (counter.actions, counter.screen.till_state.points) == (1, 300)


async def test_nothing_goes_wrong_when_a_whole_morning_is_played(shop: Shop, tmp_path: Path) -> None:
    """No household charged for another, no silent switch, a next step in every state, an answer to every scan."""
    code = book_code(shop)
    morning: tuple[tuple[str, str], ...] = (
        ("scan", SALT), ("scan", shop.wang_card), ("press", "plus"),
        ("scan", shop.wang_card), ("scan", SOAP), ("scan", shop.li_card), ("press", "plus"),
        ("scan", shop.li_card), ("scan", RICE), ("press", "plus"), ("press", "minus"),
        ("scan", SOAP), ("press", "plus"),
        ("scan", code), ("press", "1"), ("press", "2"), ("press", "asterisk"), ("scan", SALT), ("press", "plus"),
        ("scan", shop.chen_card), ("scan", "nothing of ours"), ("scan", SALT), ("scan", shop.wang_card),
    )  # fmt: skip
    async with shop.till() as counter:
        for what, text in morning:
            tones = len(counter.at.devices.tones)
            before = counter.at.text()
            await (counter.scan(text) if what == "scan" else counter.press(text))
            if what == "scan":
                assert len(counter.at.devices.tones) == tones + 1
                assert counter.at.text() != before
            assert any(step in counter.at.text() for step in NEXT_STEPS)
    spent = {shop.wang: 300 + 250 + 600 + 300, shop.li: 250}
    assert balances(shop, tmp_path) == {shop.wang: 4_200 - spent[shop.wang], shop.li: 250 - spent[shop.li]}
