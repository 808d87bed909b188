"""Goods that are brought to those who cannot come: which are on their way, and who brought them.

A redemption that is to be delivered waits on a list until somebody says who brought the goods, it is void, or all of
it came back.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from db.facts.home_delivery import RedemptionDelivered
from db.line import ENTITIES_PER_LOG, Stamp, entity_id, origin_of
from db.store import Store
from db.tables.home_delivery import Delivered, ToDeliver
from db.tables.shop import Redemption, RedemptionLine
from db.tables.statement import table_of
from kiosk.domain.access import require_right, standing_of
from kiosk.domain.people import HouseholdShown, show_household
from kiosk.domain.period import require_day
from kiosk.domain.returned import line_returned
from kiosk.domain.shop import is_void, number_of
from kiosk.errors import Refused
from kiosk.rights import Right


@dataclass(frozen=True)
class OnTheWay:
    """A redemption whose goods are to be brought home, of which business day; points in hundredths."""

    redemption_id: int
    shown_number: str
    day: str
    household: HouseholdShown
    points: int


def undelivered(store: Store) -> tuple[OnTheWay, ...]:
    """Return what waits to be brought home, the oldest first."""
    with store.read() as connection:
        rows = connection.execute(_waiting(store.village)).all()
        return tuple(
            OnTheWay(
                entity_id(row.log, row.seq), number_of(store.village, row.till, row.number), row.day or "",
                show_household(connection, store.village, row.household_id), row.points,
            )
            for row in rows
        )  # fmt: skip


def count_undelivered(store: Store) -> int:
    """Return how much waits to be brought home."""
    with store.read() as connection:
        return len(connection.execute(_waiting(store.village)).all())


def is_on_the_way(connection: Connection, village: int, redemption_id: int) -> bool:
    """Say whether the goods of a redemption wait to be brought home."""
    log, seq = origin_of(redemption_id)
    of_one = _waiting(village).where(table_of(Redemption).c.log == log, table_of(Redemption).c.seq == seq)
    return connection.execute(of_one).first() is not None


def confirm_delivery(store: Store, redemption_id: int, deliverer_id: int, *, now: Stamp, by: int) -> None:
    """Write down who brought the goods of a redemption home.

    Raises:
        Refused: they do not wait to be brought (`delivery_not_awaited`); no day is open (`day_not_open`).
        NotAllowed: as `require_right`; the deliverer is nobody active (`operator_not_active`).
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.REDEEM)
        require_day(act)
        standing_of(act.connection, act.village, deliverer_id)
        if not is_on_the_way(act.connection, act.village, redemption_id):
            raise Refused("delivery_not_awaited")
        act.append(RedemptionDelivered(redemption=redemption_id, deliverer=deliverer_id))


def _waiting(village: int) -> Select[Any]:
    """Select the redemptions that are to be delivered, were not, are not void, and did not come back whole."""
    waits, made, done = table_of(ToDeliver).c, table_of(Redemption), table_of(Delivered).c
    origin = made.c.log * ENTITIES_PER_LOG + made.c.seq
    is_done = select(done.seq).where(done.village == village, done.redemption_id == origin)
    line = table_of(RedemptionLine)
    is_out = select(line.c.n).where(
        line.c.village == village, line.c.log == made.c.log, line.c.seq == made.c.seq,
        line.c.quantity > line_returned(line, "quantity"),
    )  # fmt: skip
    same = (made.c.village == waits.village) & (made.c.log == waits.log) & (made.c.seq == waits.seq)
    return (
        select(made)
        .select_from(table_of(ToDeliver).join(made, same))
        .where(waits.village == village, ~is_done.correlate(made).exists(), ~is_void(made))
        .where(is_out.correlate(made).exists())
        .order_by(made.c.at, made.c.log, made.c.seq)
    )
