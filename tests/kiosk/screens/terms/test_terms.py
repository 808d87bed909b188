"""Prices set by scanner and number pad, and what the till says of them."""

from pathlib import Path

import pytest

from kiosk.station import Operator
from tests.kiosk.screens.till.counter import SALT, UNKNOWN, Counter, Shop, shop_in
from tests.menu import digits_to
from tests.screens import desk
from tests.village import DAY


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop of its own."""
    return shop_in(tmp_path / "shop")


async def test_a_price_is_set_with_its_day_and_reason_and_said_at_the_till_when_it_comes_soon(shop: Shop) -> None:
    """From the menu: goods coming in, terms, scan, 3.5 points, tomorrow, the cost changed."""
    station = shop.station()
    async with desk(station) as at:
        station.operator, station.day = Operator(shop.operator, "周会计"), DAY
        hands = Counter(at)
        await hands.press(*digits_to("stock"), "slash", "6")
        await hands.scan(UNKNOWN)
        assert hands.at.refusal() == "goods_unknown_here"
        await hands.scan(SALT)
        assert hands.shows("食盐", "今天", "分 / 袋", "现用 2026-11-22起 3分  周会计  登记时定")
        await hands.press("plus", "3", "full_stop", "5", "plus", "2", "1")
        await at.until(lambda: hands.shows("食盐 2026-11-23起3.5分：已定"))
        assert hands.shows("待用 2026-11-23起 3.5分  周会计  进价变了", "现用 2026-11-22起 3分")
        await hands.press("plus", "4", "plus", "4", *"20261121", "plus", "6")
        assert at.refusal() == "price_day_closed"
        await hands.press("minus", "minus", "minus")
        await at.open("till")
        await at.until(lambda: hands.shows("2026-11-23起 食盐 3.5分（原3分）"))


async def test_limits_and_days_of_the_shop_are_set_with_the_number_pad_when_the_secretary_does_it(shop: Shop) -> None:
    """A festival's, one a visit, one taken back; Monday and Thursday, and today as an exchange day."""
    station = shop.station()
    async with desk(station) as at:
        station.operator, station.day = Operator(shop.operator, "周会计"), DAY
        hands = Counter(at)
        await at.open("terms")
        await hands.scan(SALT)
        await hands.press("asterisk", "6", "1", "plus", "1", "1", *"20261130", "plus")
        await at.until(lambda: hands.shows("限量 2026-11-22起 春节1袋：已定"))
        await hands.press("asterisk", "1", "2", "plus", "1")
        await at.until(lambda: hands.shows("限量 每次2袋", "限量 春节1袋（到2026-11-30）"))
        await hands.press("slash", "1", "1")
        await at.until(lambda: hands.shows("限量 春节1袋（到2026-11-30）：已取消"))
        await hands.press("minus", "slash", "3", "1", "8", "plus")
        assert at.refusal() == "weekdays_unreadable"
        await hands.press("slash", "3", "4", "1", "plus", "1")
        await at.until(lambda: hands.shows("2026-11-22起开门日：星期一 星期四"))
        await hands.press("slash", "4", "1", "1")
        await at.until(lambda: hands.shows("兑换日 2026-11-22：已定1次"))
        await hands.press("minus")
        await at.open("till")
        await at.until(lambda: hands.shows("今天兑换日：已办0户"))
