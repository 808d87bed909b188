"""Going on by itself: the desk begins a new log where its own was ended, and what it was asked to do is done there.

Two things end a log. The county knows more of it than this store, which is an older copy: the next log continues it.
Or another device wrote it too, since this one was copied: what stands here beyond the last common line is written again
in the next log, so that both branches count.
"""

from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection, select

from db.facts.period import DayStated
from db.facts.terminal import Place
from db.fork import forks_of, open_day_of, take_out, write_again
from db.line import Stamp, origin_of
from db.lineage import lineage
from db.store import Act, Store, is_log_ended, own_log, set_setting, setting
from db.tables.period import DayAct
from db.tables.statement import table_of
from db.tables.terminal import LogBegun
from kiosk.domain.period import clock_day
from kiosk.domain.terminal import SeatHeld, continue_in, require_seat
from kiosk.errors import NotAllowed, Refused

_CAUSE: Final = "log_begun.{log}"
OLDER: Final = "older"
COPIED: Final = "copied"


@dataclass(frozen=True)
class WentOn:
    """Why the log this desk writes took the place of another one, and the till number on its slips."""

    cause: str
    till: int


def go_on(store: Store, now: Stamp, by: int | None) -> None:
    """Begin the next log of a store whose own log was ended, in one action; a second asking finds it begun.

    The business day that was open goes on.

    Raises:
        Refused: the log had been written twice, and everything here has just been written again: whoever asked looks
            anew before anything is done (`log_recovered`).
    """
    with store.write(now=now, by=by, begins_log=True) as act:
        if not is_log_ended(act.connection, act.village):
            return
        day = act.day
        is_copied = _recover(act, forks_of(act.connection, act.village))
        if day is not None and open_day_of(act.connection, act.village) is None:
            clock = clock_day(act.connection, act.village, now)
            act.append(DayStated(day=day, clock_day=clock.day, doubt=clock.doubt))
        cause = COPIED if is_copied else OLDER
        set_setting(act.connection, act.village, _CAUSE.format(log=act.log), cause)
    if is_copied:
        raise Refused("log_recovered")


def went_on(connection: Connection, village: int) -> WentOn | None:
    """Return why this desk went on in another log by itself, until the day is closed there; None if it did not."""
    log = own_log(connection, village)
    cause = setting(connection, village, _CAUSE.format(log=log))
    if cause is None:
        return None
    act, begun = table_of(DayAct).c, table_of(LogBegun).c
    closed = select(act.seq).where(act.village == village, act.log == log, act.act == "closed").limit(1)
    if connection.execute(closed).one_or_none() is not None:
        return None
    till = select(begun.till).where(begun.village == village, begun.log == log)
    return WentOn(cause, connection.execute(till).scalar_one())


def _recover(act: Act, forks: list[Place]) -> bool:
    """Begin the next log, write again what this device wrote in other branches, and say whether there was any.

    Of another terminal's log the branch that is held here is taken out, and left to that terminal. An operator whom
    only a branch knows signs nothing by that number.
    """
    log, seq = (0, 0) if act.writer.operator is None else origin_of(act.writer.operator)
    if any(log == fork.log and seq > fork.seq for fork in forks):
        act.writer = replace(act.writer, operator=None)
    own = lineage(act.connection, act.village, act.log)
    branches = [branch for branch in take_out(act, forks) if branch.log in own] if forks else []
    continue_in(act)
    seat = _seat(act)
    for branch in branches:
        write_again(act, branch, None if seat is None else seat.seat)
    return bool(branches)


def _seat(act: Act) -> SeatHeld | None:
    try:
        return require_seat(act)
    except NotAllowed:
        return None
