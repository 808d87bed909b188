"""Days of the shop: which are, which are not, what an exchange day counts, and that nobody is locked out unawares."""

from copy import copy
from dataclasses import replace
from pathlib import Path

import pytest

from db.facts.notice import RuleSet
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.glance import glance_at_desk
from kiosk.domain.period import open_day
from kiosk.domain.shop import Redeemed, redeem_basket
from kiosk.domain.shop_days import (
    ShopDay,
    call_days,
    call_days_off,
    called_days,
    monthly_from,
    set_opening_days,
    shop_today,
)
from kiosk.domain.terminal import add_operator
from kiosk.domain.void import void_redemption
from kiosk.errors import NotAllowed, Refused
from tests.ledger import lines_of, new_store, write
from tests.recomputed import recompute
from tests.village import DAY, Village

SUNDAY, MONDAY, THURSDAY = DAY, "2026-11-23", "2026-11-26"
PLAIN = ShopDay(
    SUNDAY, is_open=True, is_exchange_day=False, next_open_day=None, next_exchange_day=None, served=0, is_refused=False
)


class Shop:
    """A village that sells salt; Wang has 42 points."""

    def __init__(self, folder: Path) -> None:
        """Lay it out."""
        self.village = village = Village(folder)
        self.wang = village.household(3, 12, "王明")
        village.award(self.wang, 4_200)
        self.salt = village.goods("食盐", "06990103300302", 300)

    def opens(self, *weekdays: int) -> None:
        """Say the days of the week from today on."""
        village = self.village
        set_opening_days(village.store, weekdays, SUNDAY, now=village.now, by=village.operator)

    def calls(self, *days: str) -> None:
        """Call exchange days."""
        call_days(self.village.store, days, now=self.village.now, by=self.village.operator)

    def redeem(self) -> Redeemed:
        """Hand salt out."""
        basket, holder = (BasketLine(self.salt, 1),), Holder(self.wang, "card")
        return redeem_basket(self.village.store, holder, basket, now=self.village.now, by=self.village.operator)

    @property
    def today(self) -> ShopDay:
        """The open day."""
        found = shop_today(self.village.store)
        assert found is not None
        return found


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


def test_every_day_is_one_of_the_shops_when_nobody_said_which(shop: Shop) -> None:
    """Nothing is asked, nothing is said."""
    assert shop.today == PLAIN
    assert shop.redeem().points == 300


def test_the_next_day_is_named_when_today_is_none(shop: Shop, tmp_path: Path) -> None:
    """By the week, or an exchange day before that; the desk goes on, since the rule only warns."""
    shop.opens(4, 2)
    assert (shop.today.is_open, shop.today.next_open_day, shop.today.is_refused) == (False, "2026-11-24", False)
    shop.calls(MONDAY)
    assert (shop.today.next_open_day, shop.today.next_exchange_day) == (MONDAY, MONDAY)
    assert shop.redeem().points == 300
    open_day(shop.village.store, THURSDAY, now=shop.village.now, by=shop.village.operator)
    assert (shop.today.is_open, shop.today.next_exchange_day) == (True, None)
    said = recompute(shop.village.store, tmp_path).village["shop_days"]
    assert said == {"opening": {SUNDAY: [2, 4]}, "exchange": [MONDAY]}


def test_households_are_counted_when_it_is_an_exchange_day(shop: Shop) -> None:
    """Each once, and nobody whose redemption is void; home knows it too."""
    shop.opens(1)
    shop.calls(SUNDAY, "2026-12-28")
    made = shop.redeem()
    shop.redeem()
    assert shop.today == replace(PLAIN, is_exchange_day=True, next_exchange_day="2026-12-28", served=1)
    assert glance_at_desk(shop.village.store, shop.village.now).shop == shop.today
    li = shop.village.household(3, 13, "李秀")
    shop.village.award(li, 300)
    shop.wang = li
    other = shop.redeem()
    assert shop.today.served == 2
    void_redemption(shop.village.store, other.redemption_id, now=shop.village.now, by=shop.village.operator)
    assert (shop.today.served, made.points) == (1, 300)


def test_nothing_is_handed_out_on_another_day_when_the_rule_says_so(shop: Shop) -> None:
    """Until the secretary makes today an exchange day: the next step is one screen away."""
    county = new_store(0, village=0)
    write(county, RuleSet(rules="shop", name="closed_day_refuses", value=1, from_day="2026-01-01"))
    with county.read() as connection:
        shop.village.store.receive(0, 0, lines_of(connection, 0, 0))
    assert shop.redeem().points == 300
    shop.opens(1)
    with pytest.raises(Refused, match="shop_not_open") as refused:
        shop.redeem()
    assert refused.value.parameters == {"day": MONDAY}
    assert shop.today.is_refused
    shop.calls(SUNDAY)
    assert shop.redeem().points == 300


def test_exchange_days_are_called_for_a_year_and_called_off_when_somebody_says_so(shop: Shop) -> None:
    """The last day of a short month stands for the thirty-first."""
    days = monthly_from("2026-12-31")
    assert (len(days), days[:3], days[-1]) == (12, ("2026-12-31", "2027-01-31", "2027-02-28"), "2027-11-30")
    shop.calls(*days)
    village = shop.village
    call_days_off(village.store, ("2027-01-31",), now=village.now, by=village.operator)
    assert called_days(village.store, SUNDAY) == (days[0], *days[2:])


def test_days_are_refused_when_they_are_closed_or_none_or_not_ones_own_to_say(shop: Shop) -> None:
    """Nothing is written."""
    village = shop.village
    for weekdays in ((), (0,), (8,)):
        with pytest.raises(Refused, match="weekdays_unreadable"):
            shop.opens(*weekdays)
    with pytest.raises(Refused, match="shop_days_closed"):
        shop.calls("2026-11-21")
    helper = add_operator(village.store, "李红", "attendant", now=village.now, by=village.operator).operator_id
    with pytest.raises(NotAllowed, match="right_missing"):
        call_days(village.store, (MONDAY,), now=village.now, by=helper)
    assert shop.today == PLAIN
