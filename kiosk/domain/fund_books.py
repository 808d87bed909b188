"""The books of the fund: money and goods that were given are money and goods that are there, or went out, or are lost.

    received + given in goods = cash + shelf at cost + cost of goods redeemed + cost of goods lost

Every term is what its own facts say, in whole fen, and both sides are equal to the fen (see `shelf_book`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from db.line import entity_id
from db.tables.fund import FundEntry, FundReversal
from db.tables.statement import table_of
from kiosk.domain.delivery_cost import DeliveryCosted
from kiosk.domain.shelf_book import Cause, ShelfMove

PURCHASE: Final = "purchase"
LOST: Final = (Cause.LOWERED, Cause.COUNTED)
OUT: Final = (Cause.REDEEMED, Cause.BACK)


@dataclass(frozen=True)
class FundBooks:
    """The terms of the fund in fen; what went out and what was lost stand above zero.

    `given_fen` is what donated goods were said to be worth; `lost_fen` is spoiled, broken, or not there when counted.
    """

    received_fen: int
    given_fen: int
    spent_fen: int
    shelf_fen: int
    redeemed_fen: int
    lost_fen: int

    @property
    def cash_fen(self) -> int:
        """Money that should be there."""
        return self.received_fen - self.spent_fen

    @property
    def is_balanced(self) -> bool:
        """Whether both sides of the equation are equal to the fen."""
        held = self.cash_fen + self.shelf_fen + self.redeemed_fen + self.lost_fen
        return self.received_fen + self.given_fen == held


@dataclass(frozen=True)
class Money:
    """Money that came in, in fen, on a business day; `paper` is the number of its voucher."""

    received_id: int
    source: str
    amount: int
    day: str
    at: int
    paper: str | None


def books_of(money: Iterable[Money], deliveries: Iterable[DeliveryCosted], moves: Sequence[ShelfMove]) -> FundBooks:
    """Put the terms of the fund together from money, deliveries and the movements of the shelf."""
    costs: dict[bool, int] = defaultdict(int)
    for delivery in deliveries:
        costs[delivery.source == PURCHASE] += delivery.cost or 0
    return FundBooks(
        sum(each.amount for each in money), costs[False], costs[True], sum(move.cost for move in moves),
        -_cost(moves, OUT), -_cost(moves, LOST),
    )  # fmt: skip


def money_received(connection: Connection, village: int) -> list[Money]:
    """Return the money that came in and counts, the oldest first."""
    entry, reversal = table_of(FundEntry).c, table_of(FundReversal).c
    wrong = set(connection.execute(select(reversal.received_id).where(reversal.village == village)).scalars())
    rows = connection.execute(
        select(entry.log, entry.seq, entry.source, entry.amount, entry.day, entry.at, entry.paper_number)
        .where(entry.village == village)
        .order_by(entry.at, entry.log, entry.seq)
    ).all()
    found = (
        Money(entity_id(row.log, row.seq), row.source, row.amount, row.day or "", row.at or 0, row.paper_number)
        for row in rows
    )
    return [each for each in found if each.received_id not in wrong]


def _cost(moves: Iterable[ShelfMove], causes: Sequence[Cause]) -> int:
    return sum(move.cost for move in moves if move.cause in causes)
