"""The business day: a person states it, it never goes back."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from db.facts.period import DayClosed, DayOpened
from db.line import Stamp
from db.store import Act, Store
from db.tables.guard import OpenDay
from db.tables.period import DayAct
from db.tables.statement import table_of
from kiosk.errors import Refused


@dataclass(frozen=True)
class DayState:
    """The open business day, or None; and the latest day this village ever opened."""

    open_day: str | None
    latest_day: str | None


def day_state(connection: Connection, village: int) -> DayState:
    """Return what is known about business days, ISO text."""
    open_day = table_of(OpenDay).c
    current = connection.execute(select(open_day.day).where(open_day.village == village)).scalar_one_or_none()
    act = table_of(DayAct).c
    latest = connection.execute(select(func.max(act.day)).where(act.village == village)).scalar_one()
    return DayState(current, latest)


def open_day(store: Store, day: str, *, now: Stamp, by: int) -> str:
    """Open a business day that a person confirmed; a later day closes the one still open.

    Raises:
        Refused: the day lies before the latest one (`day_goes_back`), or is open already (`day_is_open`).
    """
    with store.write(now=now, by=by) as act:
        state = day_state(act.connection, act.village)
        if state.open_day == day:
            raise Refused("day_is_open", day=day)
        if state.latest_day is not None and day < state.latest_day:
            raise Refused("day_goes_back", day=day, latest=state.latest_day)
        if state.open_day is not None:
            _close(act, state.open_day)
        act.append(DayOpened(day=day))
    return day


def close_day(store: Store, *, now: Stamp, by: int) -> str:
    """Close the open business day and return it. Raises Refused (`day_not_open`)."""
    with store.write(now=now, by=by, uses_reserve=True) as act:
        day = require_day(act)
        _close(act, day)
    return day


def require_day(act: Act) -> str:
    """Return the open business day.

    Raises:
        Refused: none is open (`day_not_open`).
    """
    if act.day is None:
        raise Refused("day_not_open")
    return act.day


def _close(act: Act, day: str) -> None:
    open_day = table_of(OpenDay).c
    opened = act.connection.execute(select(open_day.opened_id).where(open_day.village == act.village)).scalar_one()
    act.append(DayClosed(day=day, opened=opened))
