"""What the till reads across the counter: cards, places, goods, a basket anew."""

from pathlib import Path

import pytest

from db.facts.people import CardStateChanged, HouseholdRegistered
from db.facts.shop import CodeAdded
from kiosk.domain.basket import BasketLine, Holder, KeptBasket
from kiosk.domain.card import issue_household_card
from kiosk.domain.counter import offer_goods, recognise_card, recognise_place, reprice_basket
from kiosk.domain.goods import register_provisional, set_best_before, set_monthly_limit
from kiosk.domain.people import merge_household
from kiosk.domain.period import close_day
from kiosk.domain.price import DatedPrice, set_price
from kiosk.domain.shop import redeem_basket
from kiosk.errors import Refused
from tests.village import DAY, Village

SALT = "06990103300302"


@pytest.fixture
def village(tmp_path: Path) -> Village:
    """A village."""
    return Village(tmp_path / "desk")


@pytest.fixture
def wang(village: Village) -> int:
    """A household with 42 points."""
    wang = village.household(3, 12, "王明")
    village.award(wang, 4_200)
    return wang


def test_household_and_person_are_named_when_a_person_shows_the_card(village: Village, wang: int) -> None:
    """The attendant sees whose card it is, whose account, and what can be redeemed."""
    person = village.person(wang, "王小𠮷")
    card = village.card(person)
    found = recognise_card(village.store, card.number, "card")
    assert found.holder == Holder(wang, "card", person, card.card_id)
    assert (found.household.name, found.person_name, found.household.redeemable_points) == ("王明", "王小𠮷", 4_200)
    assert (found.household.place.group, found.household.place.house) == (3, 12)


def test_nobody_is_named_beside_the_household_when_it_shows_its_own_card(village: Village, wang: int) -> None:
    """A household's card belongs to all of it."""
    card = issue_household_card(village.store, wang, now=village.now, by=village.operator)
    found = recognise_card(village.store, card.number, "typed")
    assert (found.holder, found.person_name) == (Holder(wang, "typed", None, card.card_id), "")


def test_a_card_of_another_village_is_refused_with_its_number_when_shown(village: Village) -> None:
    """It may be good, but not here."""
    with pytest.raises(Refused) as refused:
        recognise_card(village.store, "2605671234567890", "card")
    assert (refused.value.code, refused.value.parameters) == ("card_of_other_village", {"village": "0567"})


def test_an_unknown_card_is_refused_when_shown(village: Village) -> None:
    """A number nobody issued opens nothing."""
    with pytest.raises(Refused, match="card_unknown"):
        recognise_card(village.store, "2601231234567890", "card")


@pytest.mark.parametrize("state", ["lost", "returned", "stopped"])
def test_a_card_that_is_not_live_is_refused_when_shown(village: Village, wang: int, state: str) -> None:
    """A lost card is dead at once, and so is one that was given back or stopped."""
    card = village.card(village.person(wang, "王明"))
    with village.store.write(now=village.now, by=village.operator) as act:
        act.append(CardStateChanged.model_validate({"card": card.card_id, "state": state}))
    with pytest.raises(Refused, match=f"^card_not_live.{state}"):
        recognise_card(village.store, card.number, "card")


def test_a_card_of_a_household_that_joined_another_is_refused_when_shown(village: Village, wang: int) -> None:
    """Its account is closed; the points are with the household it joined."""
    card = village.card(village.person(wang, "王明"))
    li = village.household(3, 13, "李秀")
    merge_household(village.store, wang, li, now=village.now, by=village.operator)
    with pytest.raises(Refused, match="household_merged"):
        recognise_card(village.store, card.number, "card")


def test_every_household_at_a_place_is_found_when_two_were_put_there(village: Village, wang: int) -> None:
    """Two desks can give out one house number; then somebody chooses, and nobody is charged by chance."""
    assert [each.holder for each in recognise_place(village.store, 3, 12)] == [Holder(wang, "found")]
    with village.store.write(now=village.now, by=village.operator) as act:
        other = act.append(HouseholdRegistered(group=3, house=12), {"name": "王明"}).id
    assert [each.holder.household_id for each in recognise_place(village.store, 3, 12)] == [wang, other]
    with pytest.raises(Refused) as refused:
        recognise_place(village.store, 3, 99)
    assert (refused.value.code, refused.value.parameters) == ("household_not_at_place", {"group": 3, "house": 99})


def test_goods_come_with_day_limit_and_best_before_when_a_code_is_read(village: Village, wang: int) -> None:
    """One look says all: price of the day, what this household had of it, whether somebody must look at the pack."""
    salt = village.goods("食盐", SALT, 300)
    set_monthly_limit(village.store, salt, 3, now=village.now, by=village.operator)
    set_best_before(village.store, salt, "2026-11-21", now=village.now, by=village.operator)
    basket = (BasketLine(salt, 2),)
    redeem_basket(village.store, Holder(wang, "card"), basket, now=village.now, by=village.operator)
    (offer,) = offer_goods(village.store, SALT, wang)
    assert (offer.goods.points, offer.had, offer.day, offer.is_past_best_before) == (300, 2, DAY, True)
    (offer,) = offer_goods(village.store, SALT, None)
    assert offer.had == 0
    set_best_before(village.store, salt, DAY, now=village.now, by=village.operator)
    assert not offer_goods(village.store, SALT, None)[0].is_past_best_before


def test_several_goods_are_offered_when_one_code_names_them(village: Village) -> None:
    """A code used twice by a factory is no reason to charge the wrong thing."""
    village.goods("食盐", SALT, 300)
    soap = village.goods("香皂", "06990102200207", 250)
    with village.store.write(now=village.now, by=village.operator) as act:
        act.append(CodeAdded(item=soap, code=SALT))
    assert sorted(offer.goods.name for offer in offer_goods(village.store, SALT, None)) == ["食盐", "香皂"]
    assert offer_goods(village.store, "06990101100102", None) == ()


def test_goods_are_not_offered_when_no_day_is_open(village: Village) -> None:
    """Prices belong to a day."""
    village.goods("食盐", SALT, 300)
    close_day(village.store, now=village.now, by=village.operator)
    with pytest.raises(Refused, match="day_not_open"):
        offer_goods(village.store, SALT, None)


def test_a_kept_basket_has_todays_prices_when_it_is_read_again(village: Village, wang: int) -> None:
    """What was parked yesterday costs what it costs today; what has no price is not in it."""
    salt = village.goods("食盐", SALT, 300)
    made = register_provisional(village.store, "06990101100102", "临时物品", now=village.now, by=village.operator)
    kept = KeptBasket(Holder(wang, "card"), (BasketLine(salt, 1), BasketLine(made.item_id, 1), BasketLine(99, 1)))
    set_price(village.store, salt, DatedPrice(DAY, 400), now=village.now, by=village.operator)
    shown = reprice_basket(village.store, kept)
    assert shown.basket == KeptBasket(Holder(wang, "card"), (BasketLine(salt, 1),))
    assert shown.goods[salt].points == 400
    assert shown.found is not None
    assert shown.found.household.redeemable_points == 4_200


def test_a_kept_basket_is_for_nobody_when_its_household_joined_another(village: Village, wang: int) -> None:
    """The goods stay on the counter, the card is to be shown anew; also when the day was closed meanwhile."""
    salt = village.goods("食盐", SALT, 300)
    li = village.household(3, 13, "李秀")
    merge_household(village.store, wang, li, now=village.now, by=village.operator)
    close_day(village.store, now=village.now, by=village.operator)
    shown = reprice_basket(village.store, KeptBasket(Holder(wang, "card"), (BasketLine(salt, 1),)))
    assert shown.basket == KeptBasket(None, (BasketLine(salt, 1),))
    assert shown.found is None
