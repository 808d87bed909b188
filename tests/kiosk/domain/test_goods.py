"""Goods: codes, prices by day, provisional ones, what must be counted."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.goods import (
    Goods,
    NewItem,
    count_stock,
    find_items,
    items_to_count,
    name_item,
    points_for,
    price_of,
    provisional_items,
    quantity_of,
    register_item,
    register_provisional,
    require_price,
    set_best_before,
    set_monthly_limit,
    show_goods,
)
from kiosk.domain.period import close_day
from kiosk.domain.price import DatedPrice, set_price
from kiosk.domain.shop import redeem_basket
from kiosk.domain.terminal import add_operator
from kiosk.errors import NotAllowed, Refused
from tests.recomputed import recompute
from tests.village import DAY, VILLAGE, Village

if TYPE_CHECKING:
    from collections.abc import Callable

SALT, SOAP = "06990103300302", "06990102200207"


@pytest.fixture
def village(tmp_path: Path) -> Village:
    """A village without goods."""
    return Village(tmp_path / "desk")


def shown(village: Village, item: int, day: str = DAY) -> Goods:
    """The item as the till shows it."""
    with village.store.read() as connection:
        return show_goods(connection, VILLAGE, item, day)


def test_the_latest_price_not_after_the_day_holds_when_several_are_set(village: Village) -> None:
    """A price of next month changes nothing today, and a correction of the same day goes before what it corrects."""
    salt = village.goods("食盐", SALT, 300)
    for day, points in (("2026-12-01", 500), (DAY, 250)):
        set_price(village.store, salt, DatedPrice(day, points), now=village.now, by=village.operator)
    with village.store.read() as connection:
        prices = [price_of(connection, VILLAGE, salt, day) for day in ("2026-11-21", DAY, "2026-11-30", "2027-01-01")]
    assert prices == [None, 250, 250, 500]


def test_prices_below_zero_are_refused_when_set(village: Village) -> None:
    """Goods never pay for being taken."""
    salt = village.goods("食盐", SALT, 300)
    with pytest.raises(Refused, match="points_not_positive"):
        set_price(village.store, salt, DatedPrice(DAY, -1), now=village.now, by=village.operator)


def test_a_code_names_one_item_when_registered_twice(village: Village) -> None:
    """Two people registering the same goods make one item; several with one code come only from elsewhere."""
    village.goods("食盐", SALT, 300)
    with pytest.raises(Refused, match="code_taken"):
        village.goods("低钠盐", SALT, 350)


def test_goods_are_not_registered_when_no_day_is_open(village: Village) -> None:
    """Their price holds from a day that a person stated."""
    close_day(village.store, now=village.now, by=village.operator)
    with pytest.raises(Refused, match="day_not_open"):
        register_item(village.store, NewItem("食盐", "袋", (SALT,), 300), now=village.now, by=village.operator)


def test_an_unknown_item_is_refused_when_something_is_set(village: Village) -> None:
    """No price, limit, day or count of goods that nobody registered."""
    changes: list[tuple[Callable[..., object], tuple[object, ...]]] = [
        (set_price, (DatedPrice(DAY, 100),)),
        (set_monthly_limit, (1,)),
        (set_best_before, (DAY,)),
        (count_stock, (1,)),
        (name_item, ("盐", "袋")),
    ]
    for change, values in changes:
        with pytest.raises(Refused, match="item_unknown"):
            change(village.store, 9, *values, now=village.now, by=village.operator)


def test_provisional_goods_wait_for_name_and_price_when_made_from_an_unknown_code(village: Village) -> None:
    """They have a number at once, are not handed out, and become goods like others without a new code."""
    made = register_provisional(village.store, SALT, "临时物品", now=village.now, by=village.operator)
    assert (made.is_provisional, made.points, made.name) == (True, None, "临时物品6990103300302")
    with pytest.raises(Refused, match="item_provisional"):
        require_price(made)
    with pytest.raises(Refused, match="code_taken"):
        register_provisional(village.store, SALT, "临时物品", now=village.now, by=village.operator)
    assert [each.item_id for each in provisional_items(village.store)] == [made.item_id]
    name_item(village.store, made.item_id, "食盐", "袋", now=village.now, by=village.operator)
    set_price(village.store, made.item_id, DatedPrice(DAY, 300), now=village.now, by=village.operator)
    assert provisional_items(village.store) == ()
    assert require_price(shown(village, made.item_id)) == 300
    with village.store.read() as connection:
        assert find_items(connection, VILLAGE, SALT) == [made.item_id]


@pytest.mark.parametrize("role", ["attendant", "supervisor"])
def test_goods_are_the_secretarys_to_name_and_price_when_somebody_else_tries(village: Village, role: str) -> None:
    """A volunteer hands goods out; what they are called, what they cost and how many a household may have stays."""
    salt = village.goods("食盐", SALT, 300)
    other = add_operator(village.store, "李红", role, now=village.now, by=village.operator).operator_id
    changes: list[tuple[Callable[..., object], tuple[object, ...]]] = [
        (set_price, (salt, DatedPrice(DAY, 100))),
        (set_monthly_limit, (salt, 1)),
        (name_item, (salt, "盐", "袋")),
        (register_item, (NewItem("香皂", "块", (SOAP,), 100),)),
    ]
    before = shown(village, salt)
    for change, values in changes:
        with pytest.raises(NotAllowed, match="right_missing"):
            change(village.store, *values, now=village.now, by=other)
    assert shown(village, salt) == before


def test_a_volunteer_keeps_the_shelf_when_the_secretary_is_away(village: Village) -> None:
    """Unknown goods get a number, a count and a best-before day from whoever stands there."""
    helper = add_operator(village.store, "李红", "attendant", now=village.now, by=village.operator).operator_id
    made = register_provisional(village.store, SALT, "临时物品", now=village.now, by=helper)
    count_stock(village.store, made.item_id, 5, now=village.now, by=helper)
    set_best_before(village.store, made.item_id, DAY, now=village.now, by=helper)
    assert (shown(village, made.item_id).stock, shown(village, made.item_id).best_before) == (5, DAY)


def test_pieces_stay_pieces_when_goods_are_named_anew(village: Village) -> None:
    """Two bags in the book, or as a limit, must not be read as two grams; before the first count all may change."""
    salt, soap = village.goods("食盐", SALT, 300), village.goods("香皂", SOAP, 300)
    count_stock(village.store, salt, 2, now=village.now, by=village.operator)
    set_monthly_limit(village.store, soap, 2, now=village.now, by=village.operator)
    for item in (salt, soap):
        with pytest.raises(Refused, match="unit_counts_otherwise"):
            name_item(village.store, item, "食盐", "公斤", now=village.now, by=village.operator)
    name_item(village.store, salt, "碘盐", "包", now=village.now, by=village.operator)
    made = register_provisional(village.store, "06990102200900", "临时物品", now=village.now, by=village.operator)
    name_item(village.store, made.item_id, "土豆", "斤", now=village.now, by=village.operator)
    assert (shown(village, salt).unit, shown(village, made.item_id).is_weighed) == ("包", True)


def test_a_name_is_needed_when_goods_are_named(village: Village) -> None:
    """An empty line of a form changes nothing."""
    salt = village.goods("食盐", SALT, 300)
    with pytest.raises(Refused, match="name_missing"):
        name_item(village.store, salt, "  ", "袋", now=village.now, by=village.operator)


def test_an_item_is_listed_for_counting_until_it_is_counted_when_more_went_out_than_the_book_had(
    village: Village, tmp_path: Path
) -> None:
    """Stock 0 with the bag in the hand: sold, marked, listed; the count ends it, and the oracle agrees."""
    salt, rice = village.goods("食盐", SALT, 300), village.goods("大米", "06990102203000", 3_200)
    wang = village.household(3, 12, "王明")
    village.award(wang, 100_00)
    count_stock(village.store, rice, 5, now=village.now, by=village.operator)
    holder, basket = Holder(wang, "card"), (BasketLine(salt, 2), BasketLine(rice, 1))
    redeemed = redeem_basket(village.store, holder, basket, now=village.now, by=village.operator)
    assert [line.is_over_book for line in redeemed.lines] == [True, False]
    assert [(each.name, each.stock) for each in items_to_count(village.store)] == [("食盐", -2)]
    count_stock(village.store, salt, 7, now=village.now, by=village.operator)
    assert items_to_count(village.store) == ()
    assert (shown(village, salt).stock, shown(village, rice).stock) == (7, 4)
    assert recompute(village.store, tmp_path).stock == {salt: 7, rice: 4}


def test_a_unit_of_weight_makes_goods_sold_by_weight_when_shown(village: Village) -> None:
    """Their price is for a kilogram or a pound, their quantity in grams."""
    item = NewItem("土豆", "公斤", ("02100042000000",), 350)
    potatoes = shown(village, register_item(village.store, item, now=village.now, by=village.operator))
    assert (potatoes.is_weighed, potatoes.per) == (True, 1_000)
    assert not shown(village, village.goods("食盐", SALT, 300)).is_weighed


@given(st.integers(0, 10**7), st.integers(1, 10**6), st.sampled_from([1, 50, 500, 1000]))
def test_points_by_weight_are_the_nearest_hundredth_and_a_half_goes_up_when_divided(
    each: int, quantity: int, per: int
) -> None:
    """Whatever the price and the weight: never off by more than half a hundredth, half away from zero."""
    difference = 2 * (points_for(each, quantity, per) * per - each * quantity)
    assert -per < difference <= per


def test_goods_of_the_scales_cost_what_the_label_weighs_when_rounded() -> None:
    """0.75 kg at 3.5 points is 2.63 points: 2.625 rounds away from zero."""
    assert points_for(350, 750, 1_000) == 263


@pytest.mark.parametrize(
    ("unit", "pieces", "hundredths", "quantity"),
    [("袋", 1, 300, 3), ("袋", 24, 150, 36), ("公斤", 1, 75, 750), ("斤", 1, 33, 165), ("克", 1, 200, 2)],
)
def test_what_was_said_becomes_pieces_or_grams_when_it_comes_out_even(
    unit: str, pieces: int, hundredths: int, quantity: int
) -> None:
    """Bags as bags, a box and a half as bags, weights as grams."""
    goods = Goods(1, "食盐", unit, is_provisional=False, points=300, stock=4, monthly_limit=None, best_before=None)
    assert quantity_of(replace(goods, pieces=pieces), hundredths) == quantity


@pytest.mark.parametrize(("unit", "pieces"), [("袋", 1), ("两", 1), ("克", 1), ("袋", 24)])
def test_half_a_piece_or_gram_is_refused_when_somebody_says_it(unit: str, pieces: int) -> None:
    """It is never dropped: what is booked is what was typed."""
    goods = Goods(1, "食盐", unit, is_provisional=False, points=300, stock=4, monthly_limit=None, best_before=None)
    with pytest.raises(Refused, match="number_not_whole"):
        quantity_of(replace(goods, pieces=pieces), 33)
