"""Goods, households and states of the till for tests that need no store."""

from dataclasses import replace

import pytest

from kiosk.domain.basket import Holder
from kiosk.domain.counter import Offer, Recognised
from kiosk.domain.goods import Goods
from kiosk.domain.people import HouseholdPlace, HouseholdShown
from kiosk.domain.shop import Redeemed
from kiosk.errors import Refused
from kiosk.screens.till import moves
from kiosk.screens.till.state import Scanned, TillState
from tests.village import DAY

SALT = Goods(1, "食盐", "袋", is_provisional=False, points=300, stock=9, best_before=None, monthly_limit=None)
SOAP = replace(SALT, item_id=2, name="香皂", points=250, monthly_limit=3)
POTATOES = replace(SALT, item_id=3, name="土豆", unit="公斤", points=350)
SHELF = (SALT, SOAP, POTATOES)


def household(number: int, points: int = 4_200) -> HouseholdShown:
    """A household by its id."""
    return HouseholdShown(number, f"户{number}", HouseholdPlace(3, number), "open", points)


def found(number: int, entry: str = "card") -> Recognised:
    """A household that came to the counter."""
    return Recognised(Holder(number, entry), household(number))  # type: ignore[arg-type]  # because tests name it as text


def offer(goods: Goods, had: int = 0) -> Offer:
    """Goods as a code names them today."""
    return Offer(goods, DAY, had)


def at(text: str, moment: float = 0.0) -> Scanned:
    """A scan of a text at a moment."""
    return Scanned(text, moment)


def redeemed(state: TillState) -> Redeemed:
    """What the store says of a booked state."""
    assert state.holder is not None
    return Redeemed(77, 123, 1, 4, "28", state.holder, (), state.points, 4_200, 4_200 - state.points, DAY, 0)


def basket(*goods: Goods, holder: int | None = 8) -> TillState:
    """A till with goods in the basket, each scanned long after the other."""
    state = TillState()
    if holder is not None:
        state = moves.show_card(state, found(holder), at("card", -100)).state
    for number, each in enumerate(goods):
        state = moves.add_goods(state, offer(each), None, at(each.name, number * 100.0)).state
    return state


def refused(code: str) -> pytest.RaisesExc[Refused]:
    """Expect a refusal."""
    return pytest.raises(Refused, match=f"^{code}")
