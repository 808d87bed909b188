"""The fund on its screen: weeks large, money noted and taken back with the number pad, in both languages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kiosk.domain.fund import show_fund
from kiosk.sheets.load import load_grids
from kiosk.station import Operator
from tests.kiosk.screens.till.counter import SALT, Counter, Shop, shop_in
from tests.screens import SMALL, desk
from tests.village import DAY


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop of its own."""
    return shop_in(tmp_path / "shop")


@asynccontextmanager
async def at_fund(shop: Shop, language: str = "zh_CN") -> AsyncIterator[Counter]:
    """Look at the fund with an open day."""
    station = shop.station(language)
    async with desk(station, SMALL) as at:
        station.operator, station.day = Operator(shop.operator, "周会计"), DAY
        yield Counter(at)


async def test_weeks_stand_large_when_something_goes_out(shop: Shop) -> None:
    """From start-up money to a month with its bars."""
    async with at_fund(shop) as hands:
        await hands.at.open("fund")
        assert hands.shows("资金", "账上钱 0.00元", "分比钱和货多", "最近") is False
        assert hands.shows("分比钱和货多 44.50元")
        await hands.press("plus", "1")
        assert hands.shows("启动资金、上级拨付 多少元？")
        await hands.press("plus")
        await hands.at.until(lambda: hands.shows("已记：启动资金、上级拨付 1000.00元"))
        assert hands.shows("账上钱 1000.00元（收1000.00，进货花0.00）", "最近八周没有兑换")
        await hands.press("minus")
        await hands.at.open("till")
        await hands.scan(shop.wang_card, SALT)
        await hands.press("plus")
        await hands.rest()
        await hands.press("minus", "minus", "minus")
        await hands.at.open("fund")
        assert hands.shows("还能撑", "周", "每周（到哪天）", "11-22", "够520周")
        fund = show_fund(hands.store)
        assert fund.weeks == 100_000 // 37


async def test_money_is_taken_back_when_it_was_noted_wrongly(shop: Shop) -> None:
    """Chosen from the list, asked once more."""
    async with at_fund(shop) as hands:
        await hands.at.open("fund")
        await hands.press("slash")
        assert hands.at.refusal() == "no_funds_yet"
        await hands.press("plus", "2", *"20", "full_stop", "5", "plus")
        await hands.at.until(lambda: hands.shows("已记：捐款 20.50元"))
        await hands.press("slash", "1")
        assert hands.shows("这一笔记错了，撤回？", "捐款 20.50元")
        await hands.press("plus")
        await hands.at.until(lambda: hands.shows("已撤回：", "账上钱 0.00元"))


async def test_every_line_fits_when_the_fund_is_shown_in_english(shop: Shop) -> None:
    """On the smallest screen."""
    async with at_fund(shop, "en") as hands:
        await hands.at.open("fund")
        await hands.press("plus", "1", *"99999", "plus")
        await hands.at.until(lambda: hands.shows("Noted: start-up money, grant, 99999.00 yuan"))
        assert hands.shows("Money 99999.00 yuan (99999.00 in, 0.00 spent on goods)", "not redeemed 44.50 yuan")


async def test_the_ledger_lies_in_a_file_when_it_is_asked_for(shop: Shop) -> None:
    """That of this month, in this desk's own folder where there is no stick."""
    async with at_fund(shop) as hands:
        await hands.at.open("fund")
        await hands.press("plus", "1", "plus")
        await hands.at.until(lambda: hands.shows("已记："))
        await hands.press("full_stop", "1")
        await hands.at.until(lambda: hands.shows("没有U盘，写在本机"))
        (file,) = (hands.at.app.station.home / "reports").glob("*.xlsx")
        fund = next(grid for grid in load_grids(file) if grid.name == "资金")
    assert file.name == "资金台账 2026-11-01 至 2026-11-30.xlsx"
    assert fund.rows[3] == [DAY, "启动资金、上级拨付", "", 1000.0, "", 1000.0, ""]
