"""Suspension of an operator for a term (歇职): for somebody lax or late who has done nothing to be let go for.

It ends by itself. Whoever takes the desk is judged by a clock that is believed, whoever acts there by the open day.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from db.facts.terminal import OperatorSuspended, SuspensionLifted, SuspensionReason
from db.line import Stamp
from db.store import Act, Store
from db.tables.statement import table_of
from db.tables.terminal import Operator
from kiosk.calendar import days_after, days_between, is_day, months_after
from kiosk.domain.access import Right, require_in_term, require_right
from kiosk.domain.period import clock_day, day_state
from kiosk.errors import NotAllowed, Refused

LONGEST_DAYS: Final = 184
"""Twice the longest term a county knows: one to three months, which may be extended once."""
MONTHS: Final = (1, 2, 3)
"""The terms that are offered."""


@dataclass(frozen=True)
class Term:
    """The days of a suspension as ISO text, both included, and why."""

    from_day: str
    until_day: str
    reason: SuspensionReason


def suspend_operator(store: Store, operator_id: int, term: Term, *, now: Stamp, by: int) -> None:
    """Let an operator not act for a term; a later word about the same operator takes its place.

    Raises:
        Refused: nobody active has this id (`operator_unknown`), the term ends before it begins or before today, or is
            too long (`suspension_term_wrong`).
        NotAllowed: as `require_right`, or it is the operator at the desk (`operator_is_self`).
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.APPOINT)
        _require_active(act, operator_id)
        if operator_id == by:
            raise NotAllowed("operator_is_self")
        _require_term(term, act.day or judging_day(act.connection, act.village, now))
        act.append(
            OperatorSuspended(
                operator=operator_id, from_day=term.from_day, until_day=term.until_day, reason=term.reason
            )
        )


def lift_suspension(store: Store, operator_id: int, *, now: Stamp, by: int) -> None:
    """Let an operator act again before the term is over.

    Raises:
        Refused: nobody active has this id (`operator_unknown`), or they are not suspended (`operator_not_suspended`).
        NotAllowed: as `require_right`.
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.APPOINT)
        if _require_active(act, operator_id) is None:
            raise Refused("operator_not_suspended")
        act.append(SuspensionLifted(operator=operator_id))


def require_serving(store: Store, operator_id: int, now: Stamp) -> None:
    """See that an operator may take the desk today.

    Raises:
        NotAllowed: they are suspended (`operator_suspended` with `until`).
    """
    operator = table_of(Operator).c
    with store.read() as connection:
        row = connection.execute(
            select(operator.suspended_from, operator.suspended_until).where(
                operator.village == store.village, operator.operator_id == operator_id
            )
        ).one()
        if row.suspended_until is not None:
            day = judging_day(connection, store.village, now)
            require_in_term(row.suspended_from, row.suspended_until, day)


def judging_day(connection: Connection, village: int, now: Stamp) -> str:
    """Return the day by which a suspension is judged: by the clock if it is believed, else the last one known."""
    clock, days = clock_day(connection, village, now), day_state(connection, village)
    return clock.day if clock.doubt is None else days.open_day or days.latest_day or clock.day


def months_later(day: str, months: int) -> str:
    """Return the last day of a term of whole months that begins on a day: of a short month its last."""
    later = months_after(day, months)
    return later if later[-2:] < day[-2:] else days_after(later, -1)


def _require_term(term: Term, today: str) -> None:
    is_term = is_day(term.from_day) and is_day(term.until_day) and max(term.from_day, today) <= term.until_day
    if not is_term or days_between(term.from_day, term.until_day) >= LONGEST_DAYS:
        raise Refused("suspension_term_wrong", most=LONGEST_DAYS)


def _require_active(act: Act, operator_id: int) -> str | None:
    """Return until when an active operator is suspended, None if they are not. Raises Refused (`operator_unknown`)."""
    operator = table_of(Operator).c
    rows = act.connection.execute(
        select(operator.suspended_until).where(
            operator.village == act.village, operator.operator_id == operator_id, operator.state == "active"
        )
    ).all()
    if not rows:
        raise Refused("operator_unknown")
    until: str | None = rows[0].suspended_until
    return until
