"""The basket of the till: what is in it, for whom, and how it outlives a power cut or waits while another is served."""

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Delete, bindparam, delete, insert, select

from db.facts.shop import Entry, NoCardReason
from db.line import Stamp
from db.store import Store, set_setting, setting
from db.tables.statement import table_of
from db.tables.workspace import ParkedBasket, Setting
from kiosk.domain.access import Right, require_right
from kiosk.errors import Refused

OPEN_BASKET: Final = "open_basket"
"""The value kept with the store that holds the basket on the counter."""


@dataclass(frozen=True)
class Holder:
    """For whom: the household, and how it was recognised (card, book code, found by number, card number typed).

    `proxy_id` is the person who collects the goods in its place; without one somebody of the household is there.
    `is_to_deliver` says that somebody brings the goods to its door.
    """

    household_id: int
    entry: Entry
    person_id: int | None = None
    card_id: int | None = None
    no_card_reason: NoCardReason | None = None
    proxy_id: int | None = None
    is_to_deliver: bool = False


@dataclass(frozen=True)
class BasketLine:
    """An item and how many pieces of it, or how many grams of goods sold by weight."""

    item_id: int
    quantity: int


@dataclass(frozen=True)
class KeptBasket:
    """A basket as it is written down: for whom, if that is known, and what was done to it, in order.

    The quantity of a step may be negative: a quantity that was made smaller.
    """

    holder: Holder | None
    steps: tuple[BasketLine, ...]


def keep_basket(store: Store, basket: KeptBasket, *, now: Stamp, by: int) -> None:
    """Write down the basket on the counter, so that a power cut brings it back unconfirmed; forget an empty one."""
    with store.write(now=now, by=by) as act:
        if basket.steps:
            set_setting(act.connection, act.village, OPEN_BASKET, _text_of(basket))
        else:
            end_basket(act.connection, act.village)


def kept_basket(store: Store) -> KeptBasket | None:
    """Return the basket that was on the counter when the power went, or None."""
    with store.read() as connection:
        text = setting(connection, store.village, OPEN_BASKET)
    return _basket_of(text)


def end_basket(connection: Connection, village: int) -> None:
    """Forget the basket on the counter; a redemption does so in its own transaction, or it could be booked twice."""
    connection.execute(_end_statement(), {"of_village": village})


def park_basket(store: Store, basket: KeptBasket, *, now: Stamp, by: int) -> None:
    """Put the basket on the counter aside; it survives a restart.

    Raises:
        Refused: it is empty (`basket_empty`), or another one is parked (`basket_parked_before`).
    """
    if not basket.steps:
        raise Refused("basket_empty")
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.REDEEM)
        if _parked(act.connection, act.village) is not None:
            raise Refused("basket_parked_before")
        _drop_parked(act.connection, act.village)
        row = {"village": act.village, "content": _text_of(basket), "at": now.at}
        act.connection.execute(insert(table_of(ParkedBasket)).values(row))
        end_basket(act.connection, act.village)


def unpark_basket(store: Store, *, now: Stamp, by: int) -> KeptBasket:
    """Bring the parked basket back to the counter, unconfirmed.

    Raises:
        Refused: none is parked (`no_basket_parked`).
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.REDEEM)
        basket = _parked(act.connection, act.village)
        if basket is None:
            raise Refused("no_basket_parked")
        _drop_parked(act.connection, act.village)
        set_setting(act.connection, act.village, OPEN_BASKET, _text_of(basket))
    return basket


def is_basket_parked(store: Store) -> bool:
    """Say whether a basket is put aside."""
    with store.read() as connection:
        return _parked(connection, store.village) is not None


def require_no_basket(connection: Connection, village: int) -> None:
    """Let nothing be closed while goods of a household are on the counter or put aside.

    Raises:
        Refused: a basket is unconfirmed (`basket_left_open`), or parked (`basket_left_parked`).
    """
    kept = _basket_of(setting(connection, village, OPEN_BASKET))
    if kept is not None and kept.steps:
        raise Refused("basket_left_open")
    parked = _parked(connection, village)
    if parked is not None and parked.steps:
        raise Refused("basket_left_parked")


def _parked(connection: Connection, village: int) -> KeptBasket | None:
    parked = table_of(ParkedBasket).c
    statement = select(parked.content).where(parked.village == village)
    return _basket_of(connection.execute(statement).scalar_one_or_none())


def _drop_parked(connection: Connection, village: int) -> None:
    parked = table_of(ParkedBasket)
    connection.execute(delete(parked).where(parked.c.village == village))


def _text_of(basket: KeptBasket) -> str:
    holder = None if basket.holder is None else asdict(basket.holder)
    return json.dumps({"holder": holder, "steps": [[step.item_id, step.quantity] for step in basket.steps]})


def _basket_of(text: str | None) -> KeptBasket | None:
    """Read a kept basket; one that another version wrote otherwise is no basket: nothing in it was confirmed."""
    if text is None:
        return None
    try:
        kept: dict[str, Any] = json.loads(text)
        holder = None if kept["holder"] is None else Holder(**kept["holder"])
        return KeptBasket(holder, tuple(BasketLine(item_id, quantity) for item_id, quantity in kept["steps"]))
    except (ValueError, KeyError, TypeError):
        return None


@lru_cache(maxsize=1)
def _end_statement() -> Delete:
    kept = table_of(Setting)
    return delete(kept).where(kept.c.village == bindparam("of_village"), kept.c.name == OPEN_BASKET)
