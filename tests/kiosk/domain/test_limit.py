"""Limits by day: per item and of all goods, in a visit and in a period, what gives room again, whose word holds."""

from copy import copy
from dataclasses import replace
from pathlib import Path

import pytest

from db.facts.terms import RedemptionLimitSet, Span
from db.invariants import find_faults
from kiosk.domain.allowance import Limit
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.counter import offer_goods
from kiosk.domain.goods import NewItem, register_item, set_monthly_limit
from kiosk.domain.limit import NewLimit, limits_on, set_limit, withdraw_coming, withdraw_limit
from kiosk.domain.people import merge_household
from kiosk.domain.period import close_day, open_day
from kiosk.domain.returning import Brought, return_goods
from kiosk.domain.shop import Redeemed, redeem_basket
from kiosk.domain.terminal import add_operator
from kiosk.domain.terms import limits_of, show_general_terms
from kiosk.domain.void import void_redemption
from kiosk.errors import NotAllowed, Refused
from tests.ledger import lines_of, new_store, write
from tests.recomputed import recompute
from tests.village import DAY, VILLAGE, Village

OIL, RICE = "06990104403200", "06990102203000"


class Shop:
    """A village that sells oil at 6 points and rice at 3; Wang has 420 points, and so has Li."""

    def __init__(self, folder: Path) -> None:
        """Lay it out."""
        self.village = village = Village(folder)
        self.wang, self.li = village.household(3, 12, "王明"), village.household(3, 13, "李秀")
        for household in (self.wang, self.li):
            village.award(household, 42_000)
        self.oil, self.rice = village.goods("菜籽油", OIL, 600), village.goods("大米", RICE, 300)

    def limit(self, item: int | None, span: str, quantity: int, **more: str) -> None:
        """Set a limit, from today on unless another day is said."""
        new = NewLimit(item, span, quantity, **{"from_day": DAY, **more})  # type: ignore[arg-type]  # because tests name spans as text
        set_limit(self.village.store, new, now=self.village.now, by=self.village.operator)

    def redeem(self, *lines: tuple[int, int], household: int | None = None) -> Redeemed:
        """Hand goods out to a household by its card, to Wang unless another is named."""
        basket = [BasketLine(item, quantity) for item, quantity in lines]
        holder = Holder(household or self.wang, "card")
        return redeem_basket(self.village.store, holder, basket, now=self.village.now, by=self.village.operator)

    def refusal(self, *lines: tuple[int, int]) -> tuple[str, dict[str, object]]:
        """Try to hand goods out to Wang, which is refused; give code and parameters."""
        with pytest.raises(Refused) as refused:
            self.redeem(*lines)
        return refused.value.code, refused.value.parameters

    def state_day(self, day: str) -> None:
        """Open a later day."""
        open_day(self.village.store, day, now=self.village.now, by=self.village.operator)

    def limits(self, day: str = DAY) -> tuple[Limit, ...]:
        """Everything in force on a day."""
        with self.village.store.read() as connection:
            return limits_on(connection, VILLAGE, (self.oil, self.rice), day)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop that is laid out once."""
    return Shop(tmp_path_factory.mktemp("made"))


@pytest.fixture
def shop(made: Shop, tmp_path: Path) -> Shop:
    """A shop of its own for each test."""
    own = copy(made)
    own.village = made.village.copied(tmp_path / "desk")
    return own


@pytest.mark.parametrize(
    ("span", "last", "anew"),
    [
        ("day", DAY, "2026-11-23"), ("month", "2026-11-30", "2026-12-01"), ("quarter", "2026-12-31", "2027-01-01"),
        ("year", "2026-12-31", "2027-01-01"),
    ],
)  # fmt: skip
def test_what_is_left_and_until_when_is_said_when_a_period_has_no_room(
    shop: Shop, span: str, last: str, anew: str, tmp_path: Path
) -> None:
    """Two bottles a period: one is left after the first, none after two, and the next period counts anew."""
    shop.limit(shop.oil, span, 2)
    shop.redeem((shop.oil, 1))
    said = {"item": "菜籽油", "unit": "袋", "limit": 2, "left": 1, "until": last}
    assert shop.refusal((shop.oil, 2)) == ("period_limit_reached", said)
    shop.redeem((shop.oil, 1), (shop.rice, 9))
    assert shop.refusal((shop.oil, 1))[1]["left"] == 0
    assert shop.redeem((shop.oil, 2), household=shop.li).points == 1_200
    shop.state_day(anew)
    assert shop.redeem((shop.oil, 2)).points == 1_200
    assert recompute(shop.village.store, tmp_path).faults == []


def test_a_visit_is_one_basket_when_it_is_limited_by_item_and_by_points(shop: Shop) -> None:
    """At most two bottles and twenty points at a time; the next time again."""
    shop.limit(shop.oil, "visit", 2)
    shop.limit(None, "visit", 2_000)
    assert shop.refusal((shop.oil, 1), (shop.oil, 2))[0] == "visit_limit_reached"
    said = {"limit_points": 2_000, "left_points": 2_000, "until": DAY}
    assert shop.refusal((shop.oil, 2), (shop.rice, 3)) == ("visit_points_limit_reached", said)
    for _ in range(2):
        assert shop.redeem((shop.oil, 2), (shop.rice, 2)).points == 1_800


def test_a_festival_has_its_own_days_when_oil_is_given_out_for_it(shop: Shop) -> None:
    """One bottle a household from the tenth to the sixteenth of February, beside three a month."""
    shop.limit(shop.oil, "month", 3)
    shop.limit(shop.oil, "festival", 1, from_day="2027-02-10", until_day="2027-02-16", festival="spring")
    shop.state_day("2027-02-09")
    shop.redeem((shop.oil, 1))
    shop.state_day("2027-02-10")
    assert shop.refusal((shop.oil, 2))[1]["until"] == "2027-02-16"
    shop.redeem((shop.oil, 1))
    shop.state_day("2027-02-17")
    assert shop.refusal((shop.oil, 2))[1]["until"] == "2027-02-28"
    shop.state_day("2027-03-01")
    assert shop.redeem((shop.oil, 3)).points == 1_800


def test_points_of_a_year_are_capped_when_the_village_says_so(shop: Shop) -> None:
    """All goods together, in points: what is left is said in points."""
    shop.limit(None, "year", 3_000)
    shop.redeem((shop.oil, 4))
    said = {"limit_points": 3_000, "left_points": 600, "until": "2026-12-31"}
    assert shop.refusal((shop.rice, 3)) == ("period_points_limit_reached", said)
    assert shop.redeem((shop.rice, 2)).points == 600


def test_there_is_room_again_when_a_redemption_is_void(shop: Shop, tmp_path: Path) -> None:
    """What went back was not had, neither as bottles nor as points."""
    shop.limit(shop.oil, "month", 1)
    shop.limit(None, "day", 600)
    made = shop.redeem((shop.oil, 1))
    assert shop.refusal((shop.oil, 1))[0] == "period_limit_reached"
    void_redemption(shop.village.store, made.redemption_id, now=shop.village.now, by=shop.village.operator)
    assert shop.redeem((shop.oil, 1)).points == 600
    assert recompute(shop.village.store, tmp_path).faults == []
    with shop.village.store.read() as connection:
        assert list(find_faults(connection, VILLAGE)) == []


def test_there_is_room_again_when_goods_come_back(shop: Shop, tmp_path: Path) -> None:
    """One of two bottles brought back makes room for one, also by day without a card; their points too."""
    village = shop.village
    shop.limit(shop.oil, "month", 2)
    shop.limit(None, "day", 1_200)
    set_monthly_limit(village.store, shop.oil, 2, now=village.now, by=village.operator)
    made = shop.redeem((shop.oil, 2))
    assert shop.refusal((shop.oil, 1))[0] == "monthly_limit_reached"
    return_goods(village.store, made.redemption_id, [Brought(0, 1)], now=village.now, by=village.operator)
    assert shop.refusal((shop.oil, 2))[0] == "monthly_limit_reached"
    assert shop.redeem((shop.oil, 1)).points == 600
    assert shop.refusal((shop.rice, 1))[1]["left_points"] == 0
    assert recompute(village.store, tmp_path).faults == []


def test_a_limit_holds_from_its_day_on_until_it_is_taken_back_when_it_is_dated(shop: Shop) -> None:
    """Not before, and never for a day that is closed."""
    shop.limit(shop.oil, "visit", 1, from_day="2026-11-23")
    assert shop.redeem((shop.oil, 2)).points == 1_200
    shop.state_day("2026-11-23")
    assert shop.refusal((shop.oil, 2))[0] == "visit_limit_reached"
    with pytest.raises(Refused, match="limit_day_closed"):
        shop.limit(shop.oil, "visit", 3)
    (limit,) = shop.limits("2026-11-23")
    withdraw_limit(shop.village.store, limit, now=shop.village.now, by=shop.village.operator)
    assert shop.redeem((shop.oil, 2)).points == 1_200


def test_a_limit_never_begins_when_it_was_taken_back_before_its_day(shop: Shop) -> None:
    """A festival with the wrong days is taken back, and said again."""
    shop.limit(shop.oil, "festival", 1, from_day="2026-11-24", until_day="2026-11-30", festival="other")
    store = shop.village.store
    (wrong,) = limits_of(store, shop.oil)[1]
    withdraw_coming(store, wrong, now=shop.village.now, by=shop.village.operator)
    assert limits_of(store, shop.oil) == ((), ())
    shop.state_day("2026-11-24")
    assert shop.redeem((shop.oil, 2)).points == 1_200
    with pytest.raises(NotAllowed, match="limit_is_countys"):
        withdraw_coming(store, replace(wrong, is_county=True), now=shop.village.now, by=shop.village.operator)


@pytest.mark.parametrize("span", ["visit", "day", "month", "quarter", "year"])
def test_limits_are_shown_when_no_day_was_ever_opened(span: Span) -> None:
    """The county's may be there before the village has opened its shop for the first time."""
    store = new_store(300)
    write(store, RedemptionLimitSet(item=None, span=span, quantity=500, from_day="2026-01-01"))
    (limit,) = show_general_terms(store).limits
    assert (limit.span, limit.quantity) == (span, 500)


def test_what_holds_goes_on_when_another_limit_was_taken_back_before_its_day(shop: Shop) -> None:
    """Two a visit today, three from Monday, four from Tuesday: without Monday's it is two until Tuesday."""
    shop.limit(shop.oil, "visit", 2)
    shop.limit(shop.oil, "visit", 3, from_day="2026-11-23")
    shop.limit(shop.oil, "visit", 4, from_day="2026-11-24")
    store = shop.village.store
    monday, tuesday = limits_of(store, shop.oil)[1]
    withdraw_coming(store, monday, now=shop.village.now, by=shop.village.operator)
    assert limits_of(store, shop.oil)[1] == (tuesday,)
    assert [[each.quantity for each in shop.limits(day)] for day in (DAY, "2026-11-23", "2026-11-24")] == [
        [2],
        [2],
        [4],
    ]


def test_the_till_knows_at_the_scan_what_is_left_when_a_household_is_there(shop: Shop) -> None:
    """With nobody at the counter all of it is left; goods without a limit bring none."""
    shop.limit(shop.oil, "month", 3)
    shop.redeem((shop.oil, 1))
    store = shop.village.store
    (theirs,), (nobodys,), (rice,) = (
        offer_goods(store, code, household) for code, household in ((OIL, shop.wang), (OIL, None), (RICE, shop.wang))
    )
    assert [each.left for each in (*theirs.allowances, *nobodys.allowances)] == [2, 3]
    assert rice.allowances == ()


def test_goods_by_weight_are_limited_in_grams_when_they_are_weighed(shop: Shop) -> None:
    """Said in kilograms."""
    item = NewItem("土豆", "公斤", ("02100042000000",), 350)
    potatoes = register_item(shop.village.store, item, now=shop.village.now, by=shop.village.operator)
    shop.limit(potatoes, "month", 2_000)
    said = {"item": "土豆", "limit_grams": 2_000, "left_grams": 2_000, "until": "2026-11-30"}
    assert shop.refusal((potatoes, 2_500)) == ("period_limit_reached_by_weight", said)


def test_a_limit_of_the_month_from_a_sheet_gets_a_day_when_another_is_set(shop: Shop) -> None:
    """The sheet's holds until the new one begins, and not beside it."""
    village = shop.village
    set_monthly_limit(village.store, shop.oil, 1, now=village.now, by=village.operator)
    shop.limit(shop.oil, "month", 4, from_day="2026-12-01")
    assert shop.refusal((shop.oil, 2))[0] == "period_limit_reached"
    shop.state_day("2026-12-01")
    assert shop.redeem((shop.oil, 4)).points == 2_400


def test_the_county_keeps_its_limit_when_the_village_says_more(shop: Shop) -> None:
    """Both hold beside each other, and the village does not take the county's back."""
    for of_village in (0, VILLAGE):
        county = new_store(0, village=of_village)
        write(county, RedemptionLimitSet(item=shop.oil, span="visit", quantity=2, from_day="2026-01-01"))
        with county.read() as connection:
            lines = lines_of(connection, of_village, 0)
        shop.village.store.receive(of_village, 0, lines)
    shop.limit(shop.oil, "visit", 9)
    assert shop.refusal((shop.oil, 3))[1]["limit"] == 2
    county_limit = next(each for each in shop.limits() if each.is_county)
    with pytest.raises(NotAllowed, match="limit_is_countys"):
        withdraw_limit(shop.village.store, county_limit, now=shop.village.now, by=shop.village.operator)


def test_a_limit_is_refused_when_it_cannot_be_or_is_not_ones_own_to_set(shop: Shop) -> None:
    """None at all, a festival that goes back, unknown goods, a volunteer; nothing is written."""
    village = shop.village
    for code, item, span, quantity, more in (
        ("number_out_of_range", shop.oil, "day", 0, {}),
        ("festival_goes_back", shop.oil, "festival", 1, {"from_day": "2027-02-10", "until_day": "2027-02-09"}),
        ("festival_goes_back", shop.oil, "festival", 1, {}),
        ("item_unknown", 9, "day", 1, {}),
    ):
        with pytest.raises(Refused, match=code):
            shop.limit(item, span, quantity, **more)
    helper = add_operator(village.store, "李红", "attendant", now=village.now, by=village.operator).operator_id
    with pytest.raises(NotAllowed, match="right_missing"):
        set_limit(village.store, NewLimit(shop.oil, "day", 1, DAY), now=village.now, by=helper)
    close_day(village.store, now=village.now, by=village.operator)
    assert shop.limits() == ()


def test_what_a_household_had_counts_for_the_one_it_joined_when_they_are_one(shop: Shop, tmp_path: Path) -> None:
    """Zhao had rice and joins Li, who joins Wang: Wang has no second one in the period, by any limit; Chen has."""
    village = shop.village
    zhao, chen = village.household(3, 14, "赵强"), village.household(3, 15, "陈静")
    for household in (zhao, chen):
        village.award(household, 42_000)
    shop.limit(shop.rice, "quarter", 1)
    shop.limit(None, "year", 900)
    set_monthly_limit(village.store, shop.oil, 1, now=village.now, by=village.operator)
    shop.redeem((shop.rice, 1), household=zhao)
    for household, into in ((zhao, shop.li), (shop.li, shop.wang)):
        merge_household(village.store, household, into, now=village.now, by=village.operator)
    assert shop.refusal((shop.rice, 1))[:1] == ("period_limit_reached",)
    shop.redeem((shop.oil, 1))
    assert shop.refusal((shop.oil, 1))[0] == "monthly_limit_reached"
    (offer,) = offer_goods(village.store, RICE, shop.wang)
    assert [(each.limit.item_id, each.left) for each in offer.allowances] == [(shop.rice, 0), (None, 0)]
    assert shop.redeem((shop.rice, 1), (shop.oil, 1), household=chen).points == 900
    assert recompute(village.store, tmp_path).faults == []


def test_the_day_without_a_card_is_one_when_two_households_become_one(shop: Shop) -> None:
    """What Li had by its book this morning leaves Wang, whom it joined, only the rest of the day's limit."""
    village = shop.village
    by_book = [Holder(each, "book", no_card_reason="forgotten") for each in (shop.li, shop.wang)]
    redeem_basket(village.store, by_book[0], [BasketLine(shop.oil, 8)], now=village.now, by=village.operator)
    merge_household(village.store, shop.li, shop.wang, now=village.now, by=village.operator)
    with pytest.raises(Refused) as refused:
        redeem_basket(village.store, by_book[1], [BasketLine(shop.oil, 1)], now=village.now, by=village.operator)
    assert (refused.value.code, refused.value.parameters["left_points"]) == ("no_card_limit", 200)
