"""What a log wrote since its day was closed last: the figures of a day, and the slips that should lie in the box.

A day belongs to a log, and its close takes in everything since the close before, whatever day stands on it: what
happened in the evening after a close goes into the next one.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from db.tables.period import DayAct
from db.tables.points import Posting
from db.tables.shop import Redemption, RedemptionVoid
from db.tables.statement import table_of
from db.tables.workspace import SlipOwed

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement


@dataclass(frozen=True)
class DayFigures:
    """Points in hundredths; `issued_points` is what was given less what was taken back again.

    Redemptions are those made, `voids` those of any day that were made void; they and points count since the last
    close. Slips count since the box was counted last: `slips_booked` came out of the printer, `slips_missing` did not.
    """

    redemptions: int
    redeemed_points: int
    awards: int
    issued_points: int
    slips_booked: int
    slips_missing: int
    voids: int
    voided_points: int


def figures_of(connection: Connection, village: int, log: int) -> DayFigures:
    """Return what a log wrote since its last close."""
    closed, counted = last_close(connection, village, log), last_count(connection, village, log)
    redemptions, redeemed = _redeemed(connection, village, log, closed)
    awards, issued = _issued(connection, village, log, closed)
    missing = _slips_missing(connection, village, log, counted)
    booked = _redeemed(connection, village, log, counted)[0] - missing
    voids, voided = _voided(connection, village, log, closed)
    return DayFigures(redemptions, redeemed, awards, issued, booked, missing, voids, voided)


def last_close(connection: Connection, village: int, log: int) -> int:
    """Return the seq of a log's last close, 0 before the first."""
    return _latest(connection, village, log)


def last_count(connection: Connection, village: int, log: int) -> int:
    """Return the seq of the last close for which the slips in the box were counted, 0 before the first."""
    return _latest(connection, village, log, table_of(DayAct).c.slips_counted.is_not(None))


def _latest(connection: Connection, village: int, log: int, *more: "ColumnElement[bool]") -> int:
    act = table_of(DayAct).c
    closes = select(func.max(act.seq)).where(act.village == village, act.log == log, act.act == "closed", *more)
    return connection.execute(closes).scalar_one() or 0


def _redeemed(connection: Connection, village: int, log: int, after: int) -> tuple[int, int]:
    """Count the redemptions of a log after a place in it, and their points."""
    made = table_of(Redemption).c
    sums = select(func.count(), func.coalesce(func.sum(made.points), 0))
    row = connection.execute(sums.where(made.village == village, made.log == log, made.seq > after)).one()
    return int(row[0]), int(row[1])


def _voided(connection: Connection, village: int, log: int, after: int) -> tuple[int, int]:
    """Count what a log made void after a place in it, and the points that went back."""
    void = table_of(RedemptionVoid).c
    sums = select(func.count(), func.coalesce(func.sum(void.points), 0))
    row = connection.execute(sums.where(void.village == village, void.log == log, void.seq > after)).one()
    return int(row[0]), int(row[1])


def _issued(connection: Connection, village: int, log: int, after: int) -> tuple[int, int]:
    """Count what gave points in a log after a place in it, and the points it issued, less what was taken back."""
    leg = table_of(Posting).c
    sums = select(func.count().filter(leg.points < 0), func.coalesce(func.sum(leg.points), 0))
    mine = (leg.village == village, leg.log == log, leg.seq > after, leg.is_counted == 1, leg.account == "issued")
    row = connection.execute(sums.where(*mine)).one()
    return int(row[0]), -int(row[1])


def _slips_missing(connection: Connection, village: int, log: int, after: int) -> int:
    """Count the redemptions of a log after a place in it whose slip never left the printer."""
    owed = table_of(SlipOwed).c
    count = select(func.count()).where(owed.village == village, owed.log == log, owed.seq > after)
    return int(connection.execute(count).scalar_one())
