"""The money behind the points: what came in, what was spent, what is promised, and how long the shop can go on.

Shelf and promises are valued by the points they cost, at the value of a point in the scheme; purchases count at what
was paid for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from db.facts.fund import FundReceived, FundReversed, FundSource
from db.line import Stamp, entity_id, origin_of
from db.store import Store
from db.tables.fund import FundEntry, FundReversal
from db.tables.points import Balance
from db.tables.shop import Delivery, DeliveryCost, Redemption, Stock
from db.tables.statement import table_of
from kiosk.domain.access import Right, require_right
from kiosk.domain.goods import find_goods, points_for
from kiosk.domain.period import require_day
from kiosk.domain.report import Period
from kiosk.domain.report_issued import issued_points
from kiosk.domain.report_redeemed import redeemed_points
from kiosk.domain.scheme import current_day, household_scheme
from kiosk.domain.shop import is_void
from kiosk.errors import Refused

MOST_FEN: Final = 100_000_000
START_FEN: Final = 100_000
"""What a new shop usually gets to begin with: 1,000 yuan (Zhijin's plan)."""
WEEKS_LOOKED_AT: Final = 8
MONTHS_SHOWN: Final = 12


@dataclass(frozen=True)
class FundMonth:
    """A calendar month (`2026-11`): hundredths of a point that were issued and redeemed."""

    month: str
    issued_points: int
    redeemed_points: int


@dataclass(frozen=True)
class Fund:
    """How the shop stands, in fen: money received and spent, goods on the shelf, points promised to households.

    `uncosted` purchases have no cost yet; `weekly_fen` is what goes out in a week, by the last eight.
    """

    received_fen: int
    spent_fen: int
    uncosted: int
    shelf_fen: int
    promised_fen: int
    weekly_fen: int
    months: tuple[FundMonth, ...]

    @property
    def cash_fen(self) -> int:
        """Money that should be there."""
        return self.received_fen - self.spent_fen

    @property
    def weeks(self) -> int | None:
        """Whole weeks the money and the shelf last at the present pace; None while nothing goes out."""
        return None if self.weekly_fen <= 0 else max(self.cash_fen + self.shelf_fen, 0) // self.weekly_fen

    @property
    def is_short(self) -> bool:
        """Whether more is promised than there is."""
        return self.promised_fen > self.cash_fen + self.shelf_fen


@dataclass(frozen=True)
class Money:
    """Money that came in, in fen, on a business day."""

    received_id: int
    source: str
    amount: int
    day: str


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
        entry = next((each for each in _received(act.connection, act.village) if each.received_id == received_id), None)
        if entry is None:
            raise Refused("fund_entry_unknown")
        act.append(FundReversed(received=received_id, amount=entry.amount))
        return entry.amount


def list_funds(store: Store) -> tuple[Money, ...]:
    """Return the money that came in and counts, the newest first."""
    with store.read() as connection:
        return tuple(reversed(_received(connection, store.village)))


def show_fund(store: Store) -> Fund:
    """Return how the shop stands today."""
    months = _months(store)
    with store.read() as connection:
        village, day = store.village, current_day(connection, store.village)
        spent, uncosted = _spent(connection, village)
        rules = household_scheme(connection, village, day).rules
        since = (date.fromisoformat(day) - timedelta(weeks=WEEKS_LOOKED_AT)).isoformat()
        weekly = _redeemed_since(connection, village, since) // WEEKS_LOOKED_AT
        return Fund(
            sum(each.amount for each in _received(connection, village)), spent, uncosted,
            value_of(_shelf(connection, village, day), rules), value_of(_promised(connection, village), rules),
            value_of(weekly, rules), months,
        )  # fmt: skip


def value_of(points: int, rules: Mapping[str, int]) -> int:
    """Return what hundredths of a point are worth by a scheme's numbers, in fen, half away from zero."""
    fen, per = rules["value_fen"], rules["value_points"]
    return (2 * points * fen + per) // (2 * per)


def _months(store: Store) -> tuple[FundMonth, ...]:
    """Return what was rightly given and taken in each of the last months."""
    with store.read() as connection:
        last = current_day(connection, store.village)
    first = (date.fromisoformat(last[:7] + "-15") - timedelta(days=30 * (MONTHS_SHOWN - 1))).isoformat()[:7]
    period = Period(f"{first}-01", last)
    issued = {month.month: month.points for month in issued_points(store, period).months}
    redeemed = {month.month: month.points for month in redeemed_points(store, period).months}
    return tuple(
        FundMonth(month, issued.get(month, 0), redeemed.get(month, 0)) for month in sorted({*issued, *redeemed})
    )


def _received(connection: Connection, village: int) -> list[Money]:
    entry, reversal = table_of(FundEntry).c, table_of(FundReversal).c
    wrong = set(connection.execute(select(reversal.received_id).where(reversal.village == village)).scalars())
    rows = connection.execute(
        select(entry.log, entry.seq, entry.source, entry.amount, entry.day)
        .where(entry.village == village)
        .order_by(entry.at, entry.log, entry.seq)
    ).all()
    found = (Money(entity_id(row.log, row.seq), row.source, row.amount, row.day or "") for row in rows)
    return [each for each in found if each.received_id not in wrong]


def _spent(connection: Connection, village: int) -> tuple[int, int]:
    """Return what purchases cost, and how many have no cost yet."""
    delivery, said = table_of(Delivery).c, table_of(DeliveryCost).c
    later = {
        origin_of(row.delivery_id): row.cost
        for row in connection.execute(select(said.delivery_id, said.cost).where(said.village == village))
    }
    rows = connection.execute(
        select(delivery.log, delivery.seq, delivery.cost).where(
            delivery.village == village, delivery.source == "purchase"
        )
    ).all()
    costs = [later.get((row.log, row.seq), row.cost) for row in rows]
    return sum(cost for cost in costs if cost is not None), sum(cost is None for cost in costs)


def _shelf(connection: Connection, village: int, day: str) -> int:
    """Return what the shelf would cost, in hundredths of a point; what has no price is left out."""
    stock = table_of(Stock).c
    held = connection.execute(select(stock.item_id).where(stock.village == village, stock.quantity > 0)).scalars()
    goods = find_goods(connection, village, sorted(held), day)
    return sum(points_for(each.points, each.stock, each.per) for each in goods.values() if each.points is not None)


def _promised(connection: Connection, village: int) -> int:
    balance = table_of(Balance).c
    statement = select(func.sum(balance.redeemable_points)).where(
        balance.village == village, balance.redeemable_points > 0
    )
    return int(connection.execute(statement).scalar_one() or 0)


def _redeemed_since(connection: Connection, village: int, day: str) -> int:
    made = table_of(Redemption)
    statement = select(func.sum(made.c.points)).where(made.c.village == village, made.c.day > day, ~is_void(made))
    return int(connection.execute(statement).scalar_one() or 0)
