"""Which keys mean something when."""

from dataclasses import replace

import pytest

from kiosk.screens.till import moves
from kiosk.screens.till.offered import offered
from kiosk.screens.till.state import TillState
from tests.kiosk.screens.till.scene import SALT, at, basket, redeemed


def keys(state: TillState, owed: int = 0, *, has_printed: bool = False) -> set[str]:
    """The actions that are offered."""
    return {action for action, is_offered in offered(state, owed, has_printed=has_printed).items() if is_offered}


def done() -> TillState:
    """A till that has just confirmed."""
    state = basket(SALT)
    return moves.end_booking(moves.begin_booking(state), redeemed(state))


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (TillState(), {"back", "more"}),
        (TillState(typed="3"), {"accept", "undo", "quantity", "more"}),
        (TillState(group=3), {"accept", "undo", "more"}),
        (basket(), {"undo", "balance_slip", "more"}),
        (basket(SALT), {"accept", "undo", "quantity", "more"}),
        (moves.begin_booking(basket(SALT)), set()),
        (done(), {"undo", "more"}),
        (moves.note_unknown(basket(SALT), "1", at("x")).state, {"accept", "undo", "quantity", "provisional"}),
    ],
)
def test_keys_are_offered_that_do_something_when_pressed(state: TillState, expected: set[str]) -> None:
    """The line of keys promises nothing that would not happen."""
    assert keys(state) == expected


def test_printing_again_is_offered_when_a_slip_is_owed_or_was_printed() -> None:
    """While a basket is open only what is owed; with a card on the counter the key prints the balance."""
    assert "reprint" in keys(done(), has_printed=True)
    assert "reprint" not in keys(basket(SALT), has_printed=True) | keys(TillState(group=3), has_printed=True)
    assert "reprint" in keys(basket(SALT), 1)
    assert keys(basket(), 1) >= {"balance_slip"}
    assert "reprint" not in keys(basket(), 1)


def test_one_key_has_one_meaning_when_offered() -> None:
    """Actions that share a key are never offered together."""
    for state in (TillState(), basket(), basket(SALT), done(), replace(TillState(), unknown_code="1")):
        for owed in (0, 1):
            now = keys(state, owed, has_printed=True)
            for pair in ({"undo", "back"}, {"reprint", "balance_slip"}, {"provisional", "more"}):
                assert not pair <= now
