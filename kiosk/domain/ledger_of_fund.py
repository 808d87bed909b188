"""The ledger of the fund: money in and out by day, and its books at the end of a period."""

from collections.abc import Iterable
from dataclasses import dataclass

from db.store import Store
from kiosk.domain.delivery_cost import DeliveryCosted, costed_deliveries
from kiosk.domain.fund_books import PURCHASE, FundBooks, Money, books_of, money_received
from kiosk.domain.report import Period
from kiosk.domain.shelf_book import read_shelf_book


@dataclass(frozen=True)
class FundRow:
    """Money that came in or went out, in fen; `cash_fen` is what was there afterwards.

    A purchase whose cost follows has none yet.
    """

    day: str
    source: str
    paper: str | None
    is_purchase: bool
    cash_fen: int
    in_fen: int = 0
    out_fen: int | None = 0


@dataclass(frozen=True)
class FundLedger:
    """The rows of a period, the money before it, and the books at its end, all in fen."""

    before_fen: int
    rows: tuple[FundRow, ...]
    books: FundBooks


def fund_ledger(store: Store, period: Period) -> FundLedger:
    """Return money in and out on the business days of a period, and the books at its end."""
    with store.read_in_pieces() as connection:
        village = store.village
        money = [each for each in money_received(connection, village) if each.day <= period.last]
        deliveries = [each for each in costed_deliveries(connection, village) if each.day <= period.last]
        moves = [move for move in read_shelf_book(connection, village) if move.day <= period.last]
    rows = list(_rows(money, deliveries))
    within = tuple(row for row in rows if row.day >= period.first)
    before = rows[len(rows) - len(within) - 1].cash_fen if len(rows) > len(within) else 0
    return FundLedger(before, within, books_of(money, deliveries, moves))


def _rows(money: Iterable[Money], deliveries: Iterable[DeliveryCosted]) -> Iterable[FundRow]:
    both: list[Money | DeliveryCosted] = [*money, *(each for each in deliveries if each.source == PURCHASE)]
    cash = 0
    for each in sorted(both, key=lambda each: (each.day, each.at)):
        if isinstance(each, Money):
            cash += each.amount
            yield FundRow(each.day, each.source, each.paper, is_purchase=False, in_fen=each.amount, cash_fen=cash)
        else:
            cash -= each.cost or 0
            yield FundRow(each.day, each.source, None, is_purchase=True, out_fen=each.cost, cash_fen=cash)
