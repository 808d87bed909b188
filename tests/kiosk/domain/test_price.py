"""Prices by day: who set them and why, what a closed day keeps, what the county decides, what changes soon."""

from pathlib import Path

import pytest

from db.facts.notice import RuleSet
from db.facts.shop import ItemRegistered, PriceSet
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.period import close_day, open_day
from kiosk.domain.price import DatedPrice, PriceChange, PriceShown, PriceState, price_changes, set_price
from kiosk.domain.shop import redeem_basket
from kiosk.domain.terms import show_terms
from kiosk.errors import NotAllowed, Refused
from tests.ledger import lines_of, new_store, write
from tests.recomputed import recompute
from tests.village import DAY, Village

SALT = "06990103300302"
TOMORROW = "2026-11-23"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Village:
    """A village without goods, laid out once."""
    return Village(tmp_path_factory.mktemp("made"))


@pytest.fixture
def village(made: Village, tmp_path: Path) -> Village:
    """A village of its own for each test."""
    return made.copied(tmp_path / "desk")


def prices(village: Village, item: int) -> tuple[PriceShown, ...]:
    """Every price of an item."""
    return show_terms(village.store, item).prices


def county_says(village: Village, of_village: int) -> int:
    """Let the county sell sugar at 8 points from the start of the year; return the item."""
    county = new_store(0, village=of_village)
    item, *_ = write(
        county,
        ItemRegistered(name="白糖", unit="袋", codes=("06990103301705",)),
        PriceSet(item=1, from_day="2026-01-01", points=800),
        RuleSet(rules="shop", name="county_price_binds", value=1, from_day="2026-12-01"),
    )
    with county.read() as connection:
        lines = lines_of(connection, of_village, 0)
    village.store.receive(of_village, 0, lines)
    return item.id


def test_every_price_says_from_when_by_whom_and_why_when_listed(village: Village, tmp_path: Path) -> None:
    """The one of today stands out, the coming one before it, a mistake of the same day behind its correction."""
    salt = village.goods("食盐", SALT, 300)
    for price in (DatedPrice(TOMORROW, 400, "cost"), DatedPrice(DAY, 250, "mistake")):
        set_price(village.store, salt, price, now=village.now, by=village.operator)
    assert [
        (each.from_day, each.points, each.reason, each.set_by, each.state)
        for each in prices(village, salt)
    ] == [
        (TOMORROW, 400, "cost", "周会计", PriceState.COMING),
        (DAY, 250, "mistake", "周会计", PriceState.NOW),
        (DAY, 300, None, "周会计", PriceState.REPLACED),
    ]  # fmt: skip
    found = {(row["from_day"], row["points"]) for row in recompute(village.store, tmp_path).village["prices"]}
    assert found == {(TOMORROW, 400), (DAY, 250)}


def test_a_redemption_costs_what_its_business_day_says_when_the_price_changes(village: Village) -> None:
    """Today the old price, on the day that is stated next the new one."""
    salt, wang = village.goods("食盐", SALT, 300), village.household(3, 12, "王明")
    village.award(wang, 4_200)
    set_price(village.store, salt, DatedPrice(TOMORROW, 400, "cost"), now=village.now, by=village.operator)
    basket, holder = (BasketLine(salt, 1),), Holder(wang, "card")
    assert redeem_basket(village.store, holder, basket, now=village.now, by=village.operator).points == 300
    open_day(village.store, TOMORROW, now=village.now, by=village.operator)
    assert redeem_basket(village.store, holder, basket, now=village.now, by=village.operator).points == 400


@pytest.mark.parametrize("is_open", [True, False])
def test_a_closed_day_keeps_its_price_when_somebody_wants_another(village: Village, *, is_open: bool) -> None:
    """From the open day on, or from the day after the closed one; nothing is written."""
    salt = village.goods("食盐", SALT, 300)
    if not is_open:
        close_day(village.store, now=village.now, by=village.operator)
    day, earliest = ("2026-11-21", DAY) if is_open else (DAY, TOMORROW)
    with pytest.raises(Refused, match="price_day_closed") as refused:
        set_price(village.store, salt, DatedPrice(day, 400), now=village.now, by=village.operator)
    assert refused.value.parameters == {"day": day, "earliest": earliest}
    set_price(village.store, salt, DatedPrice(earliest, 400), now=village.now, by=village.operator)
    assert [each.points for each in prices(village, salt)] == [400, 300]


def test_a_price_is_refused_when_it_is_a_slip_of_the_finger(village: Village) -> None:
    """More than a hundred thousand points for a bag."""
    salt = village.goods("食盐", SALT, 300)
    with pytest.raises(Refused, match="number_out_of_range"):
        set_price(village.store, salt, DatedPrice(DAY, 10_000_001), now=village.now, by=village.operator)


def test_goods_of_the_county_have_a_price_of_the_village_until_the_county_binds_it(village: Village) -> None:
    """The later day holds; from the day the county says so the village says no more."""
    sugar = county_says(village, 0)
    set_price(village.store, sugar, DatedPrice(DAY, 700, "demand"), now=village.now, by=village.operator)
    assert [(each.points, each.is_county, each.set_by) for each in prices(village, sugar)] == [
        (700, False, "周会计"), (800, True, ""),
    ]  # fmt: skip
    with pytest.raises(NotAllowed, match="price_is_countys"):
        set_price(village.store, sugar, DatedPrice("2026-12-01", 600), now=village.now, by=village.operator)


def test_changes_of_today_and_the_next_days_are_said_when_a_day_is_open(village: Village) -> None:
    """With what it cost before; what stays the same or changes much later is no change yet."""
    salt, soap = village.goods("食盐", SALT, 300), village.goods("香皂", "06990102200207", 250)
    open_day(village.store, TOMORROW, now=village.now, by=village.operator)
    for item, day, points in ((salt, "2026-11-25", 350), (soap, TOMORROW, 200), (soap, "2026-12-20", 260)):
        set_price(village.store, item, DatedPrice(day, points, "cost"), now=village.now, by=village.operator)
    assert price_changes(village.store) == (
        PriceChange(soap, "香皂", TOMORROW, 250, 200),
        PriceChange(salt, "食盐", "2026-11-25", 300, 350),
    )
    close_day(village.store, now=village.now, by=village.operator)
    assert price_changes(village.store) == ()
