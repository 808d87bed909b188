"""The slip that did not come: the sale stands, one key prints again, and what is owed is not forgotten."""

from pathlib import Path

import pytest

from kiosk.devices.printer.simulated import Condition, TcpPrinter
from kiosk.devices.printer.slip_printer import SlipPrinter
from tests.kiosk.screens.till.counter import SALT, SOAP, Shop, shop_in
from tests.recomputed import recompute

pytestmark = pytest.mark.usefixtures("short_waits")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop of its own."""
    return shop_in(tmp_path / "shop")


async def test_the_slip_says_what_the_screen_said_when_all_is_well(shop: Shop, paper: TcpPrinter) -> None:
    """Number, goods, before and after, and the household's name masked."""
    async with shop.till(printer=SlipPrinter(paper.target)) as counter:
        await counter.scan(shop.wang_card, SALT, SOAP)
        await counter.press("plus")
        assert counter.shows("已兑换5.5分", "还剩", "请取小票")
        await counter.settle()
    (receipt,) = paper.receipts
    for line in ("0123-1-000001", "3组12号", "王*", "食盐", "香皂", "兑换前可兑换", "42", "兑换后可兑换", "36.5"):
        assert line in receipt
    assert "重打" not in receipt
    assert shop.owed() == 0


async def test_one_action_prints_again_when_the_paper_ran_out(shop: Shop, paper: TcpPrinter, tmp_path: Path) -> None:
    """Task 7: the sale is in the journal, the slip comes with one key, and is no copy; one more is."""
    paper.run_out_of_paper()
    async with shop.till(printer=SlipPrinter(paper.target)) as counter:
        await counter.scan(shop.wang_card, SALT)
        await counter.press("plus")
        await counter.at.until(lambda: counter.shows("缺纸：装纸后按【重打】，兑换已成功", "已兑换3分"))
        assert shop.owed() == 1
        paper.load_paper()
        counter.actions = 0
        await counter.press("full_stop")
        await counter.at.until(lambda: counter.shows("请取小票"))
        await counter.settle()
        assert counter.actions == 1
        assert shop.owed() == 0
        await counter.press("full_stop")
        await counter.settle()
    assert ["重打" in receipt for receipt in paper.receipts] == [False, True]
    store = shop.open()
    assert recompute(store, tmp_path).balances[shop.wang] == 3_900
    store.close()


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Condition.COVER_OPEN, "盖没关"),
        (Condition.OFFLINE, "小票机没接上"),
        (Condition.SILENT, "小票机没应答"),
    ],
)
async def test_the_next_household_is_served_when_the_printer_is_in_trouble(
    shop: Shop, paper: TcpPrinter, condition: Condition, words: str
) -> None:
    """Whatever ails it: nobody waits for it, two slips are owed, and one key brings both in their order."""
    paper.become(condition)
    async with shop.till(printer=SlipPrinter(paper.target)) as counter:
        await counter.scan(shop.wang_card, SALT)
        await counter.press("plus")
        await counter.at.until(lambda: counter.shows(words, "兑换已成功"))
        await counter.scan(shop.li_card, SOAP)
        await counter.press("plus")
        await counter.settle()
        assert counter.screen.beside.slips.owed == 2
        assert shop.owed() == 2
        paper.become(Condition.READY)
        await counter.press("full_stop")
        await counter.settle()
    assert [receipt.split("单号")[1].split()[0] for receipt in paper.receipts] == ["0123-1-000001", "0123-1-000002"]
    assert not any("重打" in receipt for receipt in paper.receipts)
    assert shop.owed() == 0


async def test_slips_that_are_owed_come_out_when_the_program_starts_again(shop: Shop, paper: TcpPrinter) -> None:
    """A power cut between booking and printing forgets nothing; the slip is still the first one."""
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, SALT)
        await counter.press("plus")
        await counter.settle()
    paper.become(Condition.OFFLINE)
    async with shop.till(printer=SlipPrinter(paper.target)) as counter:
        await counter.scan(shop.wang_card, SALT)
        await counter.press("plus")
        await counter.settle()
        assert shop.owed() == 1
    paper.become(Condition.READY)
    async with shop.till(printer=SlipPrinter(paper.target)) as counter:
        await counter.at.until(lambda: shop.owed() == 0)
        await counter.settle()
    (receipt,) = paper.receipts
    assert "0123-1-000002" in receipt
    assert "重打" not in receipt


async def test_nobody_waits_any_more_when_the_attendant_goes_on_without_slips(shop: Shop, paper: TcpPrinter) -> None:
    """The queue moves on; from the day's list the slip still comes later, and is no copy."""
    paper.become(Condition.OFFLINE)
    async with shop.till(printer=SlipPrinter(paper.target)) as counter:
        await counter.scan(shop.wang_card, SALT)
        await counter.press("plus")
        await counter.settle()
        await counter.rest()
        assert counter.shows("小票机没接上")
        await counter.press("slash", "2")
        assert shop.owed() == 0
        await counter.at.until(lambda: not counter.shows("兑换已成功"))
        paper.become(Condition.READY)
        await counter.press("slash", "1")
        assert counter.shows("今天的单子", "1号", "王明")
        await counter.press("1")
        await counter.settle()
    (receipt,) = paper.receipts
    assert "重打" not in receipt


async def test_the_balance_is_printed_by_one_key_when_a_card_was_shown(shop: Shop, paper: TcpPrinter) -> None:
    """Task 3 with a slip: one action more; nothing is owed in the books for it."""
    async with shop.till(printer=SlipPrinter(paper.target)) as counter:
        await counter.scan(shop.wang_card)
        await counter.press("full_stop")
        assert counter.actions == 2
        assert counter.shows("余额条：请取")
        await counter.settle()
    (receipt,) = paper.receipts
    for words in ("余额条", "可兑换", "42", "基础分", "100", "142", "建议被采纳"):
        assert words in receipt
    assert shop.owed() == 0
