"""The money behind the points: what came in, what was spent, what is promised, how long it lasts."""

from pathlib import Path

import pytest

from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.delivery import Arrived, open_deliveries, receive_delivery, set_delivery_cost
from kiosk.domain.fund import START_FEN, list_funds, receive_funds, reverse_funds, show_fund
from kiosk.domain.fund_weeks import value_of
from kiosk.domain.period import close_day
from kiosk.domain.shop import redeem_basket
from kiosk.domain.terminal import add_operator
from kiosk.errors import NotAllowed, Refused
from tests.recomputed import recompute
from tests.village import DAY, Village


class Shop:
    """A village with start-up money, forty bags of salt at three points, and Wang with 42 points."""

    def __init__(self, folder: Path) -> None:
        """Lay it out."""
        self.village = village = Village(folder)
        self.wang = village.household(3, 12, "王明")
        village.award(self.wang, 4_200)
        self.salt = village.goods("食盐", "06990103300302", 300)
        self.receive(START_FEN)
        goods = [Arrived(self.salt, 40)]
        receive_delivery(village.store, goods, "purchase", 8_000, now=village.now, by=village.operator)

    def receive(self, amount: int) -> int:
        """Note money."""
        village = self.village
        return receive_funds(village.store, "grant", amount, now=village.now, by=village.operator)

    def redeem(self, quantity: int) -> None:
        """Hand salt out."""
        village, basket = self.village, (BasketLine(self.salt, quantity),)
        redeem_basket(village.store, Holder(self.wang, "card"), basket, now=village.now, by=village.operator)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """The shop of this village."""
    return Shop(tmp_path / "desk")


def test_the_fund_adds_up_when_money_came_and_goods_were_bought(shop: Shop, tmp_path: Path) -> None:
    """1,000 yuan less 80; forty bags at three yuan; 42 points promised; nothing goes out yet."""
    fund = show_fund(shop.village.store)
    assert (fund.books.cash_fen, fund.shelf_fen, fund.promised_fen) == (92_000, 12_000, 4_200)
    assert (fund.weeks, fund.is_short, fund.uncosted) == (None, False, 0)
    found = recompute(shop.village.store, tmp_path)
    assert found.village["fund"] == {"received": 100_000, "spent": 8_000, "uncosted": 0}
    assert found.faults == []


def test_the_weeks_follow_from_the_pace_when_goods_go_out(shop: Shop) -> None:
    """Eight bags in eight weeks are three yuan a week."""
    shop.redeem(8)
    fund = show_fund(shop.village.store)
    assert (fund.weekly_fen, fund.promised_fen, fund.shelf_fen) == (300, 1_800, 9_600)
    assert fund.weeks == (92_000 + 9_600) // 300
    (week,) = fund.last_weeks
    assert (week.last, week.issued_points, week.redeemed_points, week.cover) == (DAY, 4_200, 2_400, fund.weeks)


def test_the_shop_is_short_when_more_is_promised_than_there_is(shop: Shop) -> None:
    """Points are a promise; the village should know before people come for it."""
    shop.village.award(shop.wang, 120_000)
    fund = show_fund(shop.village.store)
    assert fund.is_short
    assert fund.promised_fen == 124_200


def test_the_screen_warns_when_promises_will_outgrow_the_means(shop: Shop) -> None:
    """Redeeming lessens both alike, so only what is given counts: 1,000 yuan are left, 130 are given in a week."""
    fund = show_fund(shop.village.store)
    assert (fund.covered_weeks, fund.is_warning) == ((92_000 + 12_000 - 4_200) // 525, False)
    shop.village.award(shop.wang, 100_000)
    fund = show_fund(shop.village.store)
    assert (fund.is_short, fund.is_warning, fund.covered_weeks) == (True, True, 0)
    shop.receive(100_000)
    fund = show_fund(shop.village.store)
    assert (fund.is_short, fund.covered_weeks, fund.is_warning) == (False, 7, True)
    shop.redeem(8)
    assert show_fund(shop.village.store).covered_weeks == 7


def test_a_cost_that_follows_is_spent_when_it_is_known(shop: Shop) -> None:
    """Until then the delivery is named as uncosted."""
    village = shop.village
    receive_delivery(village.store, [Arrived(shop.salt, 1)], "purchase", now=village.now, by=village.operator)
    receive_delivery(village.store, [Arrived(shop.salt, 1)], "donation", now=village.now, by=village.operator)
    assert (show_fund(village.store).uncosted, show_fund(village.store).books.spent_fen) == (1, 8_000)
    (waiting,) = open_deliveries(village.store)
    set_delivery_cost(village.store, waiting.delivery_id, 250, now=village.now, by=village.operator)
    assert (show_fund(village.store).uncosted, show_fund(village.store).books.spent_fen) == (0, 8_250)


def test_money_does_not_count_when_it_was_noted_wrongly(shop: Shop, tmp_path: Path) -> None:
    """Taken back once, by a fact that names it."""
    village = shop.village
    wrong = shop.receive(5_000)
    assert [each.amount for each in list_funds(village.store)] == [5_000, START_FEN]
    assert reverse_funds(village.store, wrong, now=village.now, by=village.operator) == 5_000
    assert [each.amount for each in list_funds(village.store)] == [START_FEN]
    with pytest.raises(Refused, match="fund_entry_unknown"):
        reverse_funds(village.store, wrong, now=village.now, by=village.operator)
    assert recompute(village.store, tmp_path).village["fund"]["received"] == START_FEN


def test_money_is_not_noted_when_it_may_not_be(shop: Shop) -> None:
    """Not by a volunteer, not nothing, not without a day."""
    village = shop.village
    helper = add_operator(village.store, "李红", "attendant", now=village.now, by=village.operator).operator_id
    with pytest.raises(NotAllowed, match="right_missing"):
        receive_funds(village.store, "grant", 100, now=village.now, by=helper)
    with pytest.raises(NotAllowed, match="right_missing"):
        reverse_funds(village.store, 7, now=village.now, by=helper)
    for amount in (0, -1, 100_000_001):
        with pytest.raises(Refused, match="number_out_of_range"):
            shop.receive(amount)
    close_day(village.store, now=village.now, by=village.operator)
    with pytest.raises(Refused, match="day_not_open"):
        shop.receive(100)


@pytest.mark.parametrize(("points", "fen"), [(0, 0), (100, 17), (350, 60), (35_000, 6_000), (3, 1), (2, 0)])
def test_a_point_is_worth_what_the_scheme_says_when_it_is_no_yuan(points: int, fen: int) -> None:
    """350 hundredths for 60 fen, half away from zero."""
    assert value_of(points, {"value_fen": 60, "value_points": 350}) == fen
