"""The ledger of stock: of every kind of goods what was there, what came, what went, what is there; with the cost."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from db.store import Store
from kiosk.domain.goods import PIECE, is_weight
from kiosk.domain.ledger_of_redemptions import items_named
from kiosk.domain.report import Period
from kiosk.domain.shelf_book import Cause, ShelfMove, read_shelf_book


@dataclass(frozen=True)
class StockAmount:
    """Pieces or grams, and what they cost in fen."""

    quantity: int = 0
    cost: int = 0


@dataclass(frozen=True)
class StockEntry:
    """The book of some goods over a period; what left the shelf stands below zero.

    `changes` has an amount for every cause; before and after are the book at the beginning and the end.
    """

    item_id: int
    name: str
    unit: str
    before: StockAmount
    changes: dict[Cause, StockAmount] = field(hash=False)
    after: StockAmount

    @property
    def is_weighed(self) -> bool:
        """Whether it is booked in grams."""
        return is_weight(self.unit)


def stock_ledger(store: Store, period: Period) -> tuple[StockEntry, ...]:
    """Return the book of all goods that ever moved, over the business days of a period, by name."""
    with store.read_in_pieces() as connection:
        moves = read_shelf_book(connection, store.village)
        items = items_named(connection, store.village)
    of_item: dict[int, list[ShelfMove]] = defaultdict(list)
    for move in moves:
        if move.day <= period.last:
            of_item[move.item_id].append(move)
    found = [_entry(item_id, items.get(item_id, ("", PIECE)), same, period.first) for item_id, same in of_item.items()]
    return tuple(sorted(found, key=lambda each: (each.name, each.item_id)))


def _entry(item_id: int, named: tuple[str, str], moves: Sequence[ShelfMove], first: str) -> StockEntry:
    within = [move for move in moves if move.day >= first]
    changes = {cause: _sum(move for move in within if move.cause is cause) for cause in Cause}
    return StockEntry(item_id, *named, _sum(move for move in moves if move.day < first), changes, _sum(moves))


def _sum(moves: Iterable[ShelfMove]) -> StockAmount:
    moves = list(moves)
    return StockAmount(sum(move.quantity for move in moves), sum(move.cost for move in moves))
