"""Slips of a terminal that is gone: what it redeemed and nobody else heard of, entered again from the paper.

A slip shows its till and number, the points and the household. Each counts once, also when the old terminal's own
lines turn up after all. What left the shelf by it is not entered: the shelf is counted anew.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select

from db.facts.body import transfer
from db.facts.shop import SlipRecovered
from db.line import Stamp
from db.lineage import lineage
from db.store import Store, own_log
from db.tables.shop import Redemption
from db.tables.shop import SlipRecovered as RecoveredRow
from db.tables.statement import table_of
from db.tables.terminal import LogBegun
from kiosk.codes import SlipCode, read_code
from kiosk.domain.access import Right, require_right
from kiosk.domain.people import balance_of, require_open_household
from kiosk.domain.period import require_day
from kiosk.domain.shop import number_of
from kiosk.domain.terminal import require_seat
from kiosk.errors import Refused

MOST_POINTS: Final = 1_000_000
"""Hundredths on one slip: more is a slip of the finger."""
MOST_NUMBER: Final = 999_999


@dataclass(frozen=True)
class SlipOnPaper:
    """What a slip says: its till and number, whose it is, the points (hundredths), and its barcode if it was read."""

    till: int
    number: int
    household_id: int
    points: int
    code: str | None = None


@dataclass(frozen=True)
class SlipEntered:
    """A slip that counts now: its number as people read it, and what its household has left."""

    shown_number: str
    points: int
    left_points: int


@dataclass(frozen=True)
class TillBefore:
    """A till in whose place this one came, and the last slip of it that is known here (0: none)."""

    till: int
    last_number: int


def tills_before(store: Store) -> tuple[TillBefore, ...]:
    """Return the tills in whose place this terminal came, the latest first."""
    redemption = table_of(Redemption).c
    with store.read() as connection:
        tills = _tills_of(connection, store.village)
        before = [tills[log] for log in lineage(connection, store.village, own_log(connection, store.village))[1:]]
        statement = (
            select(redemption.till, func.max(redemption.number).label("last"))
            .where(redemption.village == store.village, redemption.till.in_(before))
            .group_by(redemption.till)
        )
        last = {row.till: row.last for row in connection.execute(statement)}
    return tuple(TillBefore(till, last.get(till) or 0) for till in dict.fromkeys(before) if till)


def require_slip_missing(store: Store, code: str) -> None:
    """Let a slip's barcode pass that belongs to no redemption held here.

    Raises:
        Refused: `slip_held_before`, with the number on that slip; `slip_of_other_village`.
    """
    _check_code(store.village, code)
    with store.read() as connection:
        for table in (table_of(Redemption).c, table_of(RecoveredRow).c):
            held = select(table.till, table.number).where(table.village == store.village, table.slip_code == code)
            row = connection.execute(held.limit(1)).one_or_none()
            if row is not None:
                raise Refused("slip_held_before", number=number_of(store.village, row.till, row.number))


def enter_slip(store: Store, slip: SlipOnPaper, *, now: Stamp, by: int) -> SlipEntered:
    """Let a slip count that is only on paper.

    Raises:
        Refused: `day_not_open`, the till is none before this one (`slip_till_unknown`), it is held already
            (`slip_held_before`), the barcode is no slip's (`slip_unknown`) or another village's
            (`slip_of_other_village`), the number or points cannot be (`number_out_of_range`), the household is merged
            or has not so much any more (`household_merged`, `points_missing`).
        NotAllowed: the seat is elsewhere (`seat_elsewhere`, `terminal_replaced`).
    """
    _check_figures(store.village, slip)
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.REDEEM)
        require_day(act)
        seat = require_seat(act)
        _require_till_before(act.connection, act.village, slip.till, act.log)
        if slip.number in _numbers_held(act.connection, act.village, slip.till):
            raise Refused("slip_held_before", number=number_of(act.village, slip.till, slip.number))
        require_open_household(act.connection, act.village, slip.household_id)
        before = balance_of(act.connection, act.village, slip.household_id)
        if slip.points > before:
            raise Refused("points_missing", missing_points=slip.points - before)
        body = SlipRecovered(
            seat=seat.seat, till=slip.till, number=slip.number, slip=slip.code, household=slip.household_id,
            points=slip.points, legs=transfer("redeemed", slip.household_id, -slip.points),
        )  # fmt: skip
        act.append(body)
    return SlipEntered(number_of(store.village, slip.till, slip.number), slip.points, before - slip.points)


def _check_figures(village: int, slip: SlipOnPaper) -> None:
    if not 1 <= slip.number <= MOST_NUMBER:
        raise Refused("number_out_of_range", least=1, most=MOST_NUMBER)
    if not 1 <= slip.points <= MOST_POINTS:
        raise Refused("number_out_of_range", least=1, most=MOST_POINTS)
    if slip.code is not None:
        _check_code(village, slip.code)


def _check_code(village: int, said: str) -> None:
    code = read_code(said)
    if not isinstance(code, SlipCode):
        raise Refused("slip_unknown")
    if code.village != village:
        raise Refused("slip_of_other_village", village=f"{code.village:04}")


def _require_till_before(connection: Connection, village: int, till: int, own: int) -> None:
    """Take slips of a till before this one, also of one nobody heard of; never of a terminal that is still there."""
    tills, before = _tills_of(connection, village), lineage(connection, village, own)[1:]
    others = {of for log, of in tills.items() if log not in before}
    if not before or till in others or not 1 <= till < tills.get(own, 0):
        raise Refused("slip_till_unknown", till=till)


def _tills_of(connection: Connection, village: int) -> dict[int, int]:
    begun = table_of(LogBegun).c
    rows = connection.execute(select(begun.log, begun.till).where(begun.village == village))
    return {log: till or 0 for log, till in rows}


def _numbers_held(connection: Connection, village: int, till: int) -> set[int]:
    found: set[int] = set()
    for table in (table_of(Redemption).c, table_of(RecoveredRow).c):
        statement = select(table.number).where(table.village == village, table.till == till)
        found |= {number for number in connection.execute(statement).scalars() if number is not None}
    return found
