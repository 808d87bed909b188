"""The business day: a person states it, whatever the clock says; one hand never takes it back, two may.

The desk asks here which day it is before anybody sells, so what only its close needs is imported there.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from db.facts.period import DayCashedUp, DayStated, Doubt
from db.line import Stamp
from db.store import Act, Store, latest_at
from db.tables.guard import OpenDay
from db.tables.period import DayAct
from db.tables.statement import table_of
from db.tables.workspace import OwnLog
from kiosk.calendar import days_between, is_day
from kiosk.clock import SYNCHRONISED, UNKNOWN, local_day
from kiosk.domain.access import Right, require_right
from kiosk.domain.terminal import operator_by_badge, seat_log
from kiosk.errors import Refused

SLACK_MILLISECONDS: Final = 10 * 60 * 1_000
"""So much a clock may be set back by hand before it is doubted."""
LONG_DAYS: Final = 60
"""A desk that stood still for so long, or a clock that ran away: a person looks at the date."""


@dataclass(frozen=True)
class DayState:
    """The open business day, or None; and the day this desk opened last, or None. ISO texts."""

    open_day: str | None
    latest_day: str | None


@dataclass(frozen=True)
class ClockDay:
    """The day by the clock on the wall as ISO text, and why it is not to be believed, or None."""

    day: str
    doubt: Doubt | None


def day_state(connection: Connection, village: int) -> DayState:
    """Return what is known about business days; a log that never opened one goes on where the others are."""
    open_day = table_of(OpenDay).c
    current = connection.execute(select(open_day.day).where(open_day.village == village)).scalar_one_or_none()
    act, own = table_of(DayAct).c, table_of(OwnLog).c
    own_log = select(own.log).where(own.village == village).scalar_subquery()
    latest = (
        select(act.day)
        .where(act.village == village, act.act == "opened")
        .order_by((act.log == own_log).desc(), act.rank.desc())
        .limit(1)
    )
    return DayState(current, _of_the_calendar(connection.execute(latest).scalar_one_or_none()))


def clock_day(connection: Connection, village: int, now: Stamp) -> ClockDay:
    """Return the day by the clock, judged by what is written already."""
    day = local_day(now.at)
    return ClockDay(day, _doubt(now, day, latest_at(connection, village), day_state(connection, village).latest_day))


def open_day(store: Store, day: str, badge: str | None = None, *, now: Stamp, by: int) -> str:
    """Open a business day that a person confirmed; one that is still open is closed by this.

    `badge` is a second person's, who must sign if the day lies before the one opened last. What the clock said stands
    beside the day in the fact. At the seat, credit of a household that joined another goes on to that one.

    Raises:
        Refused: the day is open already (`day_is_open`), or goes back without a second person (`day_goes_back`).
        NotAllowed: nobody has the badge (`badge_unknown`), or its owner may not sign (`right_missing`,
            `signer_is_maker`); whoever opens it is suspended on that day (`operator_suspended`).
    """
    from kiosk.domain.joined import sweep_joined_balances

    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.TAKE_DESK, day)
        state = day_state(act.connection, act.village)
        if state.open_day == day:
            raise Refused("day_is_open", day=day)
        signer = None
        if state.latest_day is not None and day < state.latest_day:
            signer = _require_second(act, day, state.latest_day, badge)
        clock = clock_day(act.connection, act.village, now)
        if state.open_day is not None:
            close_in(act, None)
        act.append(DayStated(day=day, clock_day=clock.day, doubt=clock.doubt, signer=signer))
        if seat_log(act.connection, act.village) == act.log:
            sweep_joined_balances(act)
    return day


def close_day(store: Store, *, now: Stamp, by: int) -> str:
    """Close the open business day without a count of the slips and return it. Raises Refused (`day_not_open`)."""
    with store.write(now=now, by=by, uses_reserve=True) as act:
        require_right(act.connection, act.village, by, Right.CLOSE_DAY)
        return close_in(act, None).day


def close_in(act: Act, slips_counted: int | None) -> DayCashedUp:
    """Close the open business day inside an action, with the slips somebody counted in the box, None if nobody did.

    Raises:
        Refused: none is open (`day_not_open`).
    """
    from kiosk.domain.day_figures import figures_of

    day = require_day(act)
    open_day = table_of(OpenDay).c
    opened = act.connection.execute(select(open_day.opened_id).where(open_day.village == act.village)).scalar_one()
    figures = figures_of(act.connection, act.village, act.log)
    closed = DayCashedUp(
        day=day, opened=opened, redemptions=figures.redemptions, slips_booked=figures.slips_booked,
        slips_counted=slips_counted,
    )  # fmt: skip
    act.append(closed)
    return closed


def require_day(act: Act) -> str:
    """Return the open business day.

    Raises:
        Refused: none is open (`day_not_open`).
    """
    if act.day is None:
        raise Refused("day_not_open")
    return act.day


def _require_second(act: Act, day: str, latest: str, badge: str | None) -> int:
    from kiosk.domain.access import require_signer

    if badge is None:
        raise Refused("day_goes_back", day=day, latest=latest)
    signer = operator_by_badge(act.connection, act.village, badge)
    return require_signer(act.connection, act.village, signer, act.writer.operator, None).operator_id


def _doubt(now: Stamp, day: str, last_at: int | None, latest_day: str | None) -> Doubt | None:
    """Judge a clock by the day opened last, and by the last line of this log.

    The days decide whether it runs ahead: what is written under a wrong clock would vouch for it.
    """
    if now.clock == UNKNOWN:
        return "unset"
    is_before_day = latest_day is not None and day < latest_day
    if is_before_day or (last_at is not None and now.at < last_at - SLACK_MILLISECONDS):
        return "behind"
    is_long_after = latest_day is not None and days_between(latest_day, day) > LONG_DAYS
    return "ahead" if is_long_after and now.clock != SYNCHRONISED else None


def _of_the_calendar(day: str | None) -> str | None:
    """Give a day there is; a line that came from elsewhere may name another."""
    return day if day is not None and is_day(day) else None
