"""What a log wrote since its day was closed last: the figures of a day, and the slips that should lie in the box.

A day belongs to a log, and its close takes in everything since the close before, whatever day stands on it: what
happened in the evening after a close goes into the next one.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from db.tables.period import DayAct
from db.tables.points import Posting
from db.tables.returning import GoodsReturn
from db.tables.shop import Redemption
from db.tables.statement import table_of
from db.tables.workspace import SlipOwed

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause


@dataclass(frozen=True)
class Stretch:
    """The lines of a log after the place `after`, up to and with `until`, None: to its end."""

    village: int
    log: int
    after: int
    until: int | None = None

    def holds(self, table: "FromClause") -> "tuple[ColumnElement[bool], ...]":
        """Return the conditions that a row of a table comes from here."""
        c = table.c
        end = () if self.until is None else (c.seq <= self.until,)
        return (c.village == self.village, c.log == self.log, c.seq > self.after, *end)


@dataclass(frozen=True)
class DayFigures:
    """Points in hundredths; `issued_points` is what was given less what was taken back again.

    Redemptions are those made, `voids` those of any day that were made void; they and points count since the last
    close. Slips count since the box was counted last: `slips_booked` came out of the printer, `slips_missing` did not,
    and `forms` were entered from paper forms, which are their slips. `returns` are goods of slips that came back.
    """

    redemptions: int
    redeemed_points: int
    awards: int
    issued_points: int
    slips_booked: int
    slips_missing: int
    voids: int
    voided_points: int
    forms: int = 0
    returns: int = 0
    returned_points: int = 0


def figures_of(connection: Connection, village: int, log: int) -> DayFigures:
    """Return what a log wrote since its last close."""
    return figures_in(connection, Stretch(village, log, last_close(connection, village, log)))


def figures_in(connection: Connection, day: Stretch, slips_booked: int | None = None) -> DayFigures:
    """Return the figures of the lines of one day; one that is over has the slips that its close says."""
    box = replace(day, after=last_count(connection, day.village, day.log, day.until))
    redemption, back = table_of(Redemption), table_of(GoodsReturn)
    forms = _forms(connection, box)
    made = _count(connection, redemption, *box.holds(redemption))[0] - forms
    missing = _slips_missing(connection, box) if slips_booked is None else made - slips_booked
    redeemed = _count(connection, redemption, *day.holds(redemption))
    voided = _count(connection, table_of(Posting), *counted_voids(day))
    returned = _count(connection, back, *day.holds(back), back.c.is_counted == 1)
    return DayFigures(*redeemed, *_issued(connection, day), made - missing, missing, *voided, forms, *returned)


def last_close(connection: Connection, village: int, log: int, before: int | None = None) -> int:
    """Return the seq of a log's last close, `before` a place in it if one is named; 0 before the first."""
    return _latest(connection, village, log, before)


def last_count(connection: Connection, village: int, log: int, before: int | None = None) -> int:
    """Return the seq of the last close for which the slips in the box were counted, 0 before the first."""
    return _latest(connection, village, log, before, table_of(DayAct).c.slips_counted.is_not(None))


def _latest(connection: Connection, village: int, log: int, before: int | None, *more: "ColumnElement[bool]") -> int:
    act = table_of(DayAct).c
    if before is not None:
        more = (*more, act.seq < before)
    closes = select(func.max(act.seq)).where(act.village == village, act.log == log, act.act == "closed", *more)
    return connection.execute(closes).scalar_one() or 0


def counted_voids(stretch: Stretch) -> "tuple[ColumnElement[bool], ...]":
    """Return the conditions that a posting gives a household back what a void in a stretch took back, each slip once.

    What another desk had made void before counts there.
    """
    leg = table_of(Posting)
    is_void = (leg.c.kind == "redemption_voided", leg.c.account == "household")
    return (*stretch.holds(leg), *is_void, leg.c.is_counted == 1)


def _count(connection: Connection, table: "FromClause", *conditions: "ColumnElement[bool]") -> tuple[int, int]:
    """Count rows of a table, and their points."""
    sums = select(func.count(), func.coalesce(func.sum(table.c.points), 0))
    row = connection.execute(sums.where(*conditions)).one()
    return int(row[0]), int(row[1])


def _issued(connection: Connection, stretch: Stretch) -> tuple[int, int]:
    """Count what gave points in a stretch, and the points it issued, less what was taken back."""
    leg = table_of(Posting)
    sums = select(func.count().filter(leg.c.points < 0), func.coalesce(func.sum(leg.c.points), 0))
    mine = (*stretch.holds(leg), leg.c.is_counted == 1, leg.c.account == "issued")
    row = connection.execute(sums.where(*mine)).one()
    return int(row[0]), -int(row[1])


def _forms(connection: Connection, stretch: Stretch) -> int:
    """Count the redemptions of a stretch that were entered from paper forms."""
    made = table_of(Redemption)
    counted = select(func.count()).where(*stretch.holds(made), made.c.entry == "form")
    return int(connection.execute(counted).scalar_one())


def _slips_missing(connection: Connection, stretch: Stretch) -> int:
    """Count the redemptions of a stretch whose slip never left the printer."""
    made, owed = table_of(Redemption), table_of(SlipOwed)
    is_same = (owed.c.village == made.c.village) & (owed.c.log == made.c.log) & (owed.c.seq == made.c.seq)
    counted = select(func.count()).select_from(owed.join(made, is_same)).where(*stretch.holds(owed))
    return int(connection.execute(counted).scalar_one())
