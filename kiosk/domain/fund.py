"""The money behind the points: what came in, what was spent, what is promised, and how long the shop can go on.

Shelf and promises are valued by the points they cost, at the value of a point in the scheme, so that they can be held
against each other; the books say what was paid.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select

from db.facts.fund import FundReceived, FundReversed, FundSource
from db.line import Stamp
from db.rules import rule
from db.store import Store
from db.tables.points import Balance
from db.tables.shop import Stock
from db.tables.statement import table_of
from kiosk.domain.access import Right, require_right
from kiosk.domain.delivery_cost import costed_deliveries
from kiosk.domain.fund_books import PURCHASE, FundBooks, Money, books_of, money_received
from kiosk.domain.fund_weeks import (
    FundWeek,
    Means,
    shelf_points,
    value_of,
    weeks_of,
    weeks_until,
)
from kiosk.domain.goods import find_goods
from kiosk.domain.pace import PACE_WEEKS
from kiosk.domain.period import require_day
from kiosk.domain.scheme import current_day, household_scheme
from kiosk.domain.shelf_book import read_shelf_book
from kiosk.errors import Refused

MOST_FEN: Final = 100_000_000
START_FEN: Final = 100_000
"""What a new shop usually gets to begin with: 1,000 yuan (Zhijin's plan)."""


@dataclass(frozen=True)
class Fund:
    """How the shop stands, in fen: its books, the shelf at its prices in points, and points promised to households.

    `uncosted` purchases have no cost yet; `issued_weekly_fen` is given and `weekly_fen` goes out in a week, by the last
    eight. Promises are short of being covered in fewer than `warned_weeks`.
    """

    books: FundBooks
    uncosted: int
    shelf_fen: int
    promised_fen: int
    issued_weekly_fen: int
    weekly_fen: int
    warned_weeks: int
    last_weeks: tuple[FundWeek, ...]

    @property
    def means_fen(self) -> int:
        """What promises can be met with: money, and the shelf at its prices in points."""
        return self.books.cash_fen + self.shelf_fen

    @property
    def weeks(self) -> int | None:
        """Whole weeks the money and the shelf last at the present pace; None while nothing goes out."""
        return weeks_of(self.means_fen, self.weekly_fen)

    @property
    def is_short(self) -> bool:
        """Whether more is promised than there is."""
        return self.promised_fen > self.means_fen

    @property
    def covered_weeks(self) -> int | None:
        """Whole weeks until more is promised than there is, if nothing comes in; None while nothing is given.

        What is redeemed lessens promises and means alike, so only what is given brings them closer.
        """
        return weeks_of(self.means_fen - self.promised_fen, self.issued_weekly_fen)

    @property
    def is_warning(self) -> bool:
        """Whether promises will outgrow the means soon."""
        return self.covered_weeks is not None and self.covered_weeks < self.warned_weeks


def receive_funds(
    store: Store, source: FundSource, amount: int, paper: str | None = None, *, now: Stamp, by: int
) -> int:
    """Note money that came in, in fen, and return the entry's id.

    Raises:
        Refused: no day is open (`day_not_open`), the amount is out of range (`number_out_of_range`).
        NotAllowed: as `require_right`.
    """
    if not 1 <= amount <= MOST_FEN:
        raise Refused("number_out_of_range", least=1, most=MOST_FEN // 100)
    with store.write(now=now, by=by) as act:
        require_day(act)
        require_right(act.connection, act.village, by, Right.MANAGE_FUND)
        return act.append(FundReceived(source=source, amount=amount, paper=paper)).id


def reverse_funds(store: Store, received_id: int, *, now: Stamp, by: int) -> int:
    """Take back money that was noted wrongly, once, and return its fen.

    Raises:
        Refused: no day is open (`day_not_open`), there is no such entry that counts (`fund_entry_unknown`).
        NotAllowed: as `require_right`.
    """
    with store.write(now=now, by=by) as act:
        require_day(act)
        require_right(act.connection, act.village, by, Right.MANAGE_FUND)
        received = money_received(act.connection, act.village)
        entry = next((each for each in received if each.received_id == received_id), None)
        if entry is None:
            raise Refused("fund_entry_unknown")
        act.append(FundReversed(received=received_id, amount=entry.amount))
        return entry.amount


def list_funds(store: Store) -> tuple[Money, ...]:
    """Return the money that came in and counts, the newest first."""
    with store.read() as connection:
        return tuple(reversed(money_received(connection, store.village)))


def show_fund(store: Store) -> Fund:
    """Return how the shop stands today."""
    with store.read() as connection:
        village, day = store.village, current_day(connection, store.village)
        rules = household_scheme(connection, village, day).rules
        deliveries, moves = costed_deliveries(connection, village), read_shelf_book(connection, village)
        money = money_received(connection, village)
        stock = _stock(connection, village)
        goods = find_goods(connection, village, sorted(stock), day)
        means = Means(money, deliveries, moves, goods, rules)
        weeks = weeks_until(connection, village, day, means)
        promised = value_of(_promised(connection, village), rules)
    return Fund(
        books_of(money, deliveries, moves),
        sum(each.cost is None for each in deliveries if each.source == PURCHASE),
        value_of(shelf_points(goods, stock), rules), promised,
        value_of(sum(week.issued_points for week in weeks) // PACE_WEEKS, rules),
        value_of(sum(week.redeemed_points for week in weeks) // PACE_WEEKS, rules),
        rule("fund", "warned_weeks", day), weeks,
    )  # fmt: skip


def _stock(connection: Connection, village: int) -> dict[int, int]:
    stock = table_of(Stock).c
    rows = connection.execute(select(stock.item_id, stock.quantity).where(stock.village == village)).all()
    return {row.item_id: row.quantity or 0 for row in rows}


def _promised(connection: Connection, village: int) -> int:
    balance = table_of(Balance).c
    statement = select(func.sum(balance.redeemable_points)).where(
        balance.village == village, balance.redeemable_points > 0
    )
    return int(connection.execute(statement).scalar_one() or 0)
