"""What scans and keys make of the till, move by move."""

from dataclasses import replace

import pytest

from kiosk.domain.basket import BasketLine, Holder, KeptBasket
from kiosk.domain.counter import BasketShown
from kiosk.domain.shop import MOST_LINES
from kiosk.domain.statement import Account
from kiosk.screens.till import moves
from kiosk.screens.till.moves import MOMENT, Wish
from kiosk.screens.till.state import Phase, Said, TillState
from tests.kiosk.screens.till.scene import (
    POTATOES,
    SALT,
    SOAP,
    at,
    basket,
    found,
    household,
    offer,
    redeemed,
    refused,
)


def test_card_and_goods_come_in_either_order_when_confirmed() -> None:
    """A queue does not know which comes first."""
    card_first = basket(SALT, SOAP)
    goods_first = moves.show_card(basket(SALT, SOAP, holder=None), found(8), at("card", 900)).state
    assert card_first.basket == goods_first.basket == (BasketLine(1, 1), BasketLine(2, 1))
    assert card_first.left_points == goods_first.left_points == 3_650
    assert moves.press_plus(card_first).wish is moves.press_plus(goods_first).wish is Wish.CONFIRM


def test_the_next_card_is_refused_by_name_when_a_basket_is_unconfirmed() -> None:
    """The household before is named, nothing is switched and nothing is confirmed."""
    state = basket(SALT)
    with refused("basket_unconfirmed") as caught:
        moves.show_card(state, found(9), at("other", 900))
    assert caught.value.parameters == {"household": "户8"}


def test_the_next_card_takes_over_when_the_counter_is_empty() -> None:
    """A queue that asks for balances scans one card after the other."""
    state = moves.show_card(basket(), found(9), at("other", 900)).state
    assert (state.phase, state.household) == (Phase.MEMBER, household(9))


def test_goods_are_brought_to_the_household_they_were_promised_when_another_card_comes() -> None:
    """Who said so left without goods: the next in the queue takes theirs along, the same household again does not."""
    promised = moves.toggle_delivery(basket())
    for number, is_to_deliver in ((8, True), (9, False)):
        holder = moves.show_card(promised, found(number), at("card", 900)).state.holder
        assert holder is not None
        assert holder.is_to_deliver is is_to_deliver


def test_the_same_household_confirms_when_any_card_of_it_is_shown_later() -> None:
    """Any card of the household, but not the one reading that the scanner made twice."""
    state = basket(SALT)
    assert moves.show_card(state, found(8), at("second card", 900)).wish is Wish.CONFIRM
    goods_first = moves.show_card(basket(SALT, holder=None), found(8), at("card", 900)).state
    assert moves.show_card(goods_first, found(8), at("card", 900 + MOMENT)).wish is None
    assert moves.show_card(goods_first, found(8), at("card", 901 + MOMENT)).wish is Wish.CONFIRM


def test_a_card_that_turns_up_is_taken_and_confirms_nothing_when_the_household_was_found_without() -> None:
    """The lower limit goes, and whoever wants to confirm shows it once more or presses +."""
    state = moves.show_card(TillState(), found(8, "book"), at("book")).state
    state = moves.add_goods(state, offer(SALT), None, at("salt", 10)).state
    reply = moves.show_card(state, found(8, "card"), at("card", 20))
    assert (reply.wish, reply.state.holder) == (None, Holder(8, "card"))
    assert moves.show_card(reply.state, found(8, "card"), at("card", 30)).wish is Wish.CONFIRM


@pytest.mark.parametrize("entry", ["book", "typed"])
def test_a_code_of_the_book_confirms_nothing_when_read_again(entry: str) -> None:
    """Only a card in the hand says yes; the holder stays who it was."""
    state = basket(SALT)
    reply = moves.show_card(state, found(8, entry), at("book", 900))
    assert (reply.wish, reply.state.holder) == (None, Holder(8, "card"))


def test_one_item_read_twice_within_a_moment_is_two_and_said_so_when_added() -> None:
    """It may be two bags: both count, and the hand learns at once that it was two."""
    once = moves.add_goods(basket(), offer(SALT), None, at("salt", 0)).state
    twice = moves.add_goods(once, offer(SALT), None, at("salt", MOMENT)).state
    later = moves.add_goods(once, offer(SALT), None, at("salt", MOMENT + 1)).state
    assert (twice.quantities, twice.told.said) == ({1: 2}, Said.DOUBLE)
    assert (later.quantities, later.told.said) == ({1: 2}, Said.ADDED)
    assert moves.press_minus(twice).state.quantities == {1: 1}


def test_a_number_is_how_many_come_next_when_star_follows_it() -> None:
    """Three, star, goods; for goods by weight the same label so often."""
    state = moves.press_star(moves.type_digit(basket(), "3").state).state
    state = moves.add_goods(state, offer(SALT), None, at("salt", 500)).state
    state = moves.press_star(moves.type_digit(state, "2").state).state
    state = moves.add_goods(state, offer(POTATOES), 750, at("potatoes", 600)).state
    assert state.quantities == {1: 3, 3: 1_500}
    assert state.points == 900 + 525


def test_a_number_alone_changes_nothing_when_goods_follow_it() -> None:
    """Without star it was no quantity."""
    state = moves.type_digit(basket(SALT), "9").state
    assert moves.add_goods(state, offer(SOAP), None, at("soap", 500)).state.quantities == {1: 1, 2: 1}


@pytest.mark.parametrize("typed", ["0", "000", "1000"])
def test_a_quantity_nobody_means_is_refused_when_star_follows_it(typed: str) -> None:
    """Neither none nor a thousand."""
    state = TillState(typed=typed)
    with refused("number_out_of_range"):
        moves.press_star(state)


def test_nothing_is_confirmed_when_a_quantity_still_waits() -> None:
    """Whoever typed three and star after the goods meant those goods: neither + nor the card goes over it."""
    state = moves.press_star(moves.type_digit(basket(SALT), "3").state).state
    with refused("quantity_waits"):
        moves.press_plus(state)
    with refused("quantity_waits"):
        moves.show_card(state, found(8), at("second", 900))
    with refused("number_not_understood"):
        moves.show_card(moves.type_digit(basket(SALT), "3").state, found(8), at("second", 900))
    assert moves.press_minus(state).state.multiplier is None


def test_the_last_goods_are_so_many_when_the_question_is_answered() -> None:
    """Up or down; taking back the answer takes back the whole answer."""
    state = moves.set_quantity(basket(SALT, POTATOES), 4).state
    assert state.quantities == {1: 1, 3: 4_000}
    state = moves.set_quantity(state, 2).state
    assert (state.quantities, state.told.said) == ({1: 1, 3: 2_000}, Said.CHANGED)
    assert moves.press_minus(state).state.quantities == {1: 1, 3: 4_000}
    with refused("number_out_of_range"):
        moves.set_quantity(state, 0)
    with refused("basket_empty"):
        moves.set_quantity(TillState(), 2)


def test_one_key_takes_the_last_goods_back_when_they_are_wrong() -> None:
    """Said with their name, and the points are there again."""
    state = moves.press_minus(basket(SALT, SOAP)).state
    assert (state.quantities, state.left_points, state.told.said) == ({1: 1}, 3_900, Said.REMOVED)
    assert state.told.item_id == SOAP.item_id


def test_minus_takes_one_thing_after_the_other_away_when_pressed_on() -> None:
    """Digits, goods, household, and only then the till is left."""
    state = moves.type_digit(basket(SALT), "3").state
    seen = []
    while True:
        reply = moves.press_minus(state)
        if reply.wish is Wish.LEAVE:
            break
        state = reply.state
        seen.append((state.phase, state.typed))
    assert seen == [(Phase.BASKET, ""), (Phase.MEMBER, ""), (Phase.IDLE, "")]


def test_a_confirmed_redemption_is_not_taken_back_when_minus_is_pressed() -> None:
    """What was confirmed is a void, and that is another thing."""
    state = basket(SALT)
    state = moves.end_booking(moves.begin_booking(state), redeemed(state))
    assert state.phase is Phase.DONE
    reply = moves.press_minus(state)
    assert (reply.wish, reply.state.phase) == (Wish.VOID, Phase.IDLE)


def test_the_basket_is_as_it_was_when_the_booking_was_refused() -> None:
    """Nothing was handed over, nothing is lost."""
    state = basket(SALT)
    assert moves.end_booking(moves.begin_booking(state), None) == state


def test_whatever_comes_next_begins_anew_when_a_redemption_is_done() -> None:
    """Card, goods or a digit: nothing of the household before is left."""
    state = basket(SALT)
    done = moves.end_booking(moves.begin_booking(state), redeemed(state))
    for fresh in (
        moves.show_card(done, found(9), at("other", 900)).state,
        moves.add_goods(done, offer(SOAP), None, at("soap", 900)).state,
        moves.type_digit(done, "3").state,
    ):
        assert fresh.done is None
        assert fresh.household in (None, household(9))
        assert SALT.item_id not in fresh.quantities


def test_confirming_is_refused_with_what_is_missing_when_pressed_too_early() -> None:
    """No card, nothing in the basket, half a household number: each says its own next step."""
    for state, code in (
        (basket(SALT, holder=None), "card_missing"),
        (basket(), "basket_empty"),
        (TillState(), "basket_empty"),
        (TillState(group=3), "house_missing"),
        (replace(basket(SALT), typed="12"), "number_not_understood"),
    ):
        with refused(code):
            moves.press_plus(state)


def test_group_and_house_number_are_asked_for_one_after_the_other_when_typed() -> None:
    """Three, plus, twelve, plus."""
    state = moves.press_plus(moves.type_digit(TillState(), "3").state).state
    assert (state.group, state.typed) == (3, "")
    state = moves.type_digit(moves.type_digit(state, "1").state, "2").state
    assert moves.press_plus(state).wish is Wish.PLACE


@pytest.mark.parametrize("typed", ["26012312345678", "2601231234567890", "6990103300302", "12345"])
def test_a_long_number_is_a_code_when_typed(typed: str) -> None:
    """A card whose code is scratched, or a pack whose code is torn; also beside a basket."""
    assert moves.press_plus(TillState(typed=typed)).wish is Wish.CODE
    assert moves.press_plus(replace(basket(SALT), typed=typed)).wish is Wish.CODE


def test_no_more_digits_are_taken_when_a_card_number_is_full() -> None:
    """Sixteen are a card; what a cat types behind it is not kept."""
    state = TillState()
    for digit in "26012312345678901":
        state = moves.type_digit(state, digit).state
    assert state.typed == "2601231234567890"


def test_quantity_is_refused_when_there_is_neither_number_nor_goods() -> None:
    """Star on an empty counter asks for something that is not there."""
    with refused("quantity_before_goods"):
        moves.press_star(basket())
    assert moves.press_star(basket(SALT)).wish is Wish.QUANTITY


def test_goods_are_refused_when_they_may_not_be_handed_out() -> None:
    """No price, no name yet, no weight, the month used up, the basket full: nothing comes into the basket."""
    limited = offer(SOAP, had=3)
    full = TillState(
        goods={number: replace(SALT, item_id=number) for number in range(100, 100 + MOST_LINES)},
        steps=tuple(BasketLine(number, 1) for number in range(100, 100 + MOST_LINES)),
    )
    for state, given, grams, code in (
        (TillState(), offer(replace(SALT, points=None)), None, "item_not_priced"),
        (TillState(), offer(replace(SALT, points=None, is_provisional=True)), None, "item_provisional"),
        (TillState(), offer(SALT), 750, "item_not_by_weight"),
        (TillState(), limited, None, "monthly_limit_reached"),
        (TillState(multiplier=4), offer(SOAP), None, "monthly_limit_reached"),
        (full, offer(SALT), None, "basket_full"),
        (TillState(multiplier=999), offer(POTATOES), 99_999, "number_out_of_range"),
        (TillState(), offer(POTATOES), 0, "number_out_of_range"),
    ):
        with refused(f"{code}$|^{code} "):
            moves.add_goods(state, given, grams, at("x"))


def test_what_lies_in_the_basket_counts_for_the_month_when_more_is_added() -> None:
    """Two had this month, one in the basket: the fourth is too many."""
    state = moves.add_goods(TillState(), offer(SOAP, had=2), None, at("soap")).state
    with refused("monthly_limit_reached") as caught:
        moves.add_goods(state, offer(SOAP, had=2), None, at("soap", 100))
    assert caught.value.parameters["left"] == 1


def test_an_unknown_code_waits_for_one_key_when_noted() -> None:
    """Until something else is scanned; provisional goods do not come into the basket."""
    state = moves.note_unknown(basket(SALT), "06990101100102", at("unknown", 900)).state
    assert (state.unknown_code, state.quantities) == ("06990101100102", {1: 1})
    made = replace(SALT, item_id=9, is_provisional=True, points=None)
    noted = moves.note_provisional(state, made)
    assert (noted.unknown_code, noted.quantities, noted.told.said) == (None, {1: 1}, Said.PROVISIONAL)
    assert moves.add_goods(state, offer(SOAP), None, at("soap", 950)).state.unknown_code is None
    assert moves.press_minus(state).state == replace(state, unknown_code=None)


def test_a_kept_basket_comes_back_unconfirmed_when_restored() -> None:
    """For whom it was and what was in it; a basket without goods is none."""
    kept = KeptBasket(Holder(8, "card"), (BasketLine(1, 2),))
    state = moves.restore(BasketShown(kept, {1: SALT}, found(8)))
    assert (state.phase, state.quantities, state.household, state.told.said) == (
        Phase.BASKET, {1: 2}, household(8), Said.RESTORED,
    )  # fmt: skip
    assert moves.restore(BasketShown(replace(kept, holder=None), {1: SALT}, None)).holder is None
    assert moves.restore(BasketShown(replace(kept, steps=()), {}, found(8))) == TillState()


def test_entries_are_taken_only_for_the_household_that_stands_there_when_they_arrive() -> None:
    """They are read after the card was shown; by then another one may be there."""
    account = Account(household(8, 3_900), 10_000, 3_900, 13_900, None, ())
    assert moves.note_account(basket(), account).household == household(8, 3_900)
    other = basket(holder=9)
    assert moves.note_account(other, account) == other
    assert moves.note_account(TillState(), account) == TillState()
