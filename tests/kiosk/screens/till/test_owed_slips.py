"""Slips that did not come before the program ended, or before the till was left: each comes out once."""

from pathlib import Path

import pytest

from db.facts.shop import PriceSet
from db.store import Store
from kiosk.devices.printer.simulated import TcpPrinter
from kiosk.devices.printer.slip_printer import SlipPrinter
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.goods import find_items
from kiosk.domain.returning import Brought, return_goods
from kiosk.domain.reversal import reverse_entry
from kiosk.domain.shop import redeem_basket
from kiosk.domain.slip import settle_slip, slips_owed
from kiosk.domain.statement import show_account
from kiosk.domain.void import void_redemption
from kiosk.paper.elements import Cut, Text
from tests.kiosk.screens.till.counter import LATER, SALT, Shop, shop_in
from tests.village import DAY, VILLAGE

pytestmark = pytest.mark.usefixtures("short_waits")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop of its own."""
    return shop_in(tmp_path / "shop")


def redeem_much(shop: Shop, store: Store) -> int:
    """Let Wang take as much salt as there are bytes in a slip, and spend everything on it; that slip came out."""
    with store.write(now=LATER, by=shop.operator) as act:
        (salt,) = find_items(act.connection, VILLAGE, f"0{SALT}")
        act.append(PriceSet(item=salt, from_day=DAY, points=1))
    holder, basket = Holder(shop.wang, "card"), (BasketLine(salt, 4_200),)
    made = redeem_basket(store, holder, basket, now=LATER, by=shop.operator).redemption_id
    settle_slip(store, made, now=LATER, by=shop.operator)
    return made


def take_back_unprinted(shop: Shop) -> None:
    """Make one redemption void, return a bag of another, reverse an award; the current fails before any paper."""
    store, by = shop.open(), shop.operator
    with store.read() as connection:
        (salt,) = find_items(connection, VILLAGE, f"0{SALT}")
    holder, basket = Holder(shop.wang, "card"), (BasketLine(salt, 1),)
    first, second = (redeem_basket(store, holder, basket, now=LATER, by=by).redemption_id for _ in range(2))
    for each in (first, second):
        settle_slip(store, each, now=LATER, by=by)
    void_redemption(store, first, now=LATER, by=by)
    return_goods(store, second, (Brought(0, 1),), now=LATER, by=by)
    award = next(each for each in show_account(store, shop.li).entries if each.can_be_reversed)
    reverse_entry(store, award.entry_id, now=LATER, by=by)
    store.close()


async def test_what_was_taken_back_comes_on_paper_once_when_the_program_ended_before(
    shop: Shop, paper: TcpPrinter
) -> None:
    """Void, return and reversal at the next start, in their order; then nobody waits for them any more."""
    take_back_unprinted(shop)
    assert shop.owed() == 3
    async with shop.till(printer=SlipPrinter(paper.target)) as counter:
        await counter.at.until(lambda: shop.owed() == 0)
        await counter.settle()
    titles = [receipt.split("积分超市")[1].split()[0] for receipt in paper.receipts]
    assert titles == ["作废单", "退货单", "冲正单"]


async def test_a_slip_comes_once_when_another_screen_brought_it_out_meanwhile(shop: Shop, paper: TcpPrinter) -> None:
    """The paper ran out at the till; the next slip of any screen takes it along, and the till prints it no more."""
    paper.run_out_of_paper()
    async with shop.till(printer=SlipPrinter(paper.target)) as counter:
        await counter.scan(shop.wang_card, SALT)
        await counter.press("plus")
        await counter.settle()
        counter.at.app.go_home()
        await counter.at.settle()
        paper.load_paper()
        await counter.at.app.station.slips.print("balance", lambda _columns: [Text("余额条"), Cut()])
        assert shop.owed() == 1
        await counter.at.open("till")
        await counter.at.until(lambda: shop.owed() == 0)
        await counter.settle()
    assert ["食盐" in receipt for receipt in paper.receipts] == [True, False]


@pytest.mark.parametrize("step", [200, pytest.param(1, marks=pytest.mark.torture)])
async def test_a_return_stands_and_its_slip_comes_whole_when_the_cable_is_pulled_after_any_byte(
    shop: Shop, paper: TcpPrinter, step: int
) -> None:
    """Bag by bag, later and later in the slip, until it is out before: points back once, the slip owed meanwhile."""
    async with shop.till(printer=SlipPrinter(paper.target)) as counter:
        store, runner, station = counter.store, counter.screen.slip_runner, counter.at.app.station
        made, back, is_owed = redeem_much(shop, store), 0, True
        while is_owed:
            paper.unplug_after(back * step)
            returned = await station.do(return_goods, made, (Brought(0, 1),))
            runner.begin_owed(returned.fact_id)
            await runner.settle()
            is_owed, back = slips_owed(store) == (returned.fact_id,), back + 1
            if is_owed:
                paper.plug_in()
                runner.begin_again()
                await runner.settle()
            assert (slips_owed(store), returned.household.redeemable_points) == ((), back)
            assert ("退货单" in paper.receipts[-1], paper.receipts[-1].split()[-4]) == (True, "2801")
        assert back * step > 400
