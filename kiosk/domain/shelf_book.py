"""The book of the shelf: every movement of goods, with what it changed and at what cost, first in, first out.

Goods of an item lie in a row, each delivery behind the one before. What goes out takes the next of the row, what comes
back puts the last taken there again; a count moves the place up to which they are taken. So the cost of what went out
is the cost between two places of the row, the shelf is worth what lies behind the last place, and the sums are exact.
What comes back to be thrown away comes back and is lost.
What was on the shelf before the first delivery cost nothing; a cost that follows prices what went out meanwhile.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, select

from db.projections.shop import is_repeat
from db.tables.returning import GoodsReturn
from db.tables.shop import Received, StockMovement
from db.tables.statement import table_of
from kiosk.domain.delivery_cost import costed_deliveries
from kiosk.domain.goods import share_of

LOWERING: Final = "lower:"
"""How the key begins of what left the book by a second signature."""


class Cause(StrEnum):
    """Why the book of the shelf changed."""

    RECEIVED = "received"
    REDEEMED = "redeemed"
    BACK = "back"
    LOWERED = "lowered"
    COUNTED = "counted"


@dataclass(frozen=True)
class ShelfMove:
    """A change of the book: pieces or grams and fen, both below zero for what left the shelf; `day` may be empty."""

    item_id: int
    day: str
    cause: Cause
    quantity: int
    cost: int


@dataclass(frozen=True)
class _Step:
    """A movement before it is priced; `counted` is what lay there if somebody counted."""

    day: str
    cause: Cause
    quantity: int
    cost: int | None = None
    counted: int | None = None


class _Row:
    """The goods of an item in the order in which they came: what the first so many of them cost."""

    def __init__(self, lots: Iterable[tuple[int, int]]) -> None:
        """Lay deliveries (quantity, fen) behind each other."""
        self._lots = list(lots)
        self._starts, self._before = [0], [0]
        for quantity, cost in self._lots:
            self._starts.append(self._starts[-1] + quantity)
            self._before.append(self._before[-1] + cost)

    def cost_of_first(self, count: int) -> int:
        """Return the fen of the first `count` pieces or grams; what never came cost nothing."""
        if count <= 0:
            return 0
        if count >= self._starts[-1]:
            return self._before[-1]
        lot = bisect_right(self._starts, count) - 1
        quantity, cost = self._lots[lot]
        return self._before[lot] + share_of(cost, count - self._starts[lot], quantity)


def read_shelf_book(connection: Connection, village: int) -> tuple[ShelfMove, ...]:
    """Return every movement of a village's goods: item by item, in the order in which the book saw them."""
    costs = {
        (goods.log, goods.seq): goods.cost
        for delivery in costed_deliveries(connection, village)
        for goods in delivery.goods
    }
    steps: dict[int, list[_Step]] = defaultdict(list)
    for row in sorted(connection.execute(_statement(), {"of_village": village}), key=_order):
        steps[row.item_id] += _steps(row, costs)
    return tuple(move for item_id, of_item in sorted(steps.items()) for move in _priced(item_id, of_item))


def _priced(item_id: int, steps: list[_Step]) -> Iterable[ShelfMove]:
    row = _Row((step.quantity, step.cost or 0) for step in steps if step.cause is Cause.RECEIVED)
    came = taken = 0
    for step in steps:
        if step.cause is Cause.RECEIVED:
            came += step.quantity
            yield ShelfMove(item_id, step.day, step.cause, step.quantity, step.cost or 0)
            continue
        change = step.quantity if step.counted is None else step.counted - (came - taken)
        cost = row.cost_of_first(taken) - row.cost_of_first(taken - change)
        taken -= change
        yield ShelfMove(item_id, step.day, step.cause, change, cost)


def _order(row: Row[Any]) -> tuple[Any, ...]:
    """Order by place; of a count and a movement at one place the count comes last, of two counts the higher rank."""
    return row.place, row.is_anchor, row.rank if row.is_anchor else "", row.log, row.n


def _steps(row: Row[Any], costs: dict[tuple[int, int], int | None]) -> list[_Step]:
    if row.wasted:
        return [_Step(row.day or "", Cause.BACK, row.wasted), _Step(row.day or "", Cause.LOWERED, -row.wasted)]
    return [_step(row, costs)]


def _step(row: Row[Any], costs: dict[tuple[int, int], int | None]) -> _Step:
    day, quantity = row.day or "", row.quantity
    if row.is_anchor:
        return _Step(day, Cause.COUNTED, 0, counted=quantity)
    if row.came is not None:
        return _Step(day, Cause.RECEIVED, quantity, costs.get((row.log, row.seq)))
    if (row.once_key or "").startswith(LOWERING):
        return _Step(day, Cause.LOWERED, quantity)
    return _Step(day, Cause.REDEEMED if quantity < 0 else Cause.BACK, quantity)


@lru_cache(maxsize=1)
def _statement() -> Select[Any]:
    move, received = table_of(StockMovement).c, table_of(Received)
    came = (received.c.village == move.village) & (received.c.log == move.log) & (received.c.seq == move.seq)
    back = table_of(GoodsReturn)
    wasted = (
        select(back.c.quantity)
        .where(back.c.village == move.village, back.c.log == move.log, back.c.seq == move.seq)
        .where(back.c.is_waste == 1, back.c.is_counted == 1)
        .scalar_subquery()
    )
    return (
        select(
            move.log, move.seq, move.n, move.item_id, move.quantity, move.place, move.is_anchor, move.rank,
            move.once_key, move.day, received.c.item_id.label("came"), wasted.label("wasted"),
        )
        .select_from(table_of(StockMovement).outerjoin(received, came))
        .where(move.village == bindparam("of_village"), ~is_repeat())
    )  # fmt: skip
