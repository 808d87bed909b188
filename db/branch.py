"""A log of this device that must not be written any more: it was handed on, or another device has written it too.

Whoever learns of it (a report, a stick) notes it here; whoever writes next obeys, and takes the branch out and writes
it again.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, select, update

from db import guard, projections
from db.engine import create_triggers, drop_triggers
from db.facts.terminal import Place
from db.journal import Carried, Saying, Sealed, private_texts, read_since
from db.line import LARGEST_INTEGER, Fact, read
from db.recovered import carry
from db.store import Act, own_log, set_setting, setting
from db.tables.guard import OpenDay
from db.tables.journal import Line, PrivateText
from db.tables.statement import table_of
from db.tables.workspace import NameKey, OwnLog, SlipOwed

_FORK: Final = "fork.{log}"


@dataclass(frozen=True)
class Branch:
    """What a store held of a log beyond the last line it has in common with the log's other branch."""

    log: int
    after: int
    lines: tuple[Sealed, ...]


def end_own_log(connection: Connection, village: int, log: int) -> None:
    """Let nothing more be written in a log, if it is the one this device writes."""
    own = table_of(OwnLog)
    connection.execute(update(own).where(own.c.village == village, own.c.log == log).values(is_ended=1))


def note_fork(connection: Connection, village: int, log: int, common: int) -> None:
    """End a log that was written twice; its branches have the lines up to seq `common`, and no other, in common."""
    set_setting(connection, village, _FORK.format(log=log), str(common))
    end_own_log(connection, village, log)


def fork_of(connection: Connection, village: int) -> Place | None:
    """Return the last line of the own log that its branches have in common, or None where it has one branch."""
    log = own_log(connection, village)
    common = setting(connection, village, _FORK.format(log=log))
    return None if common is None else Place(log=log, seq=int(common))


def take_out(act: Act, fork: Place) -> Branch:
    """Take this device's branch out of its log: the store then holds what both branches have in common, and no more.

    All tables of the village are folded again. This is the one act that takes lines out of a journal: in the same
    transaction `write_again` writes them, as they are, in another log.
    """
    lines = _cut(act.connection, act.village, fork.log, fork.seq)
    key = table_of(NameKey)
    beyond = (key.c.village == act.village, key.c.log == fork.log, key.c.seq > fork.seq)
    act.connection.execute(delete(key).where(*beyond))
    projections.clear(act.connection, act.village)
    projections.project(act.connection, act.village)
    guard.reset_guards(act.connection, act.village, fork.log)
    return Branch(fork.log, fork.seq, tuple(lines))


def write_again(act: Act, branch: Branch, seat: int | None) -> list[Fact]:
    """Write the facts of a branch again in the log of this action; `seat` is the seat number it holds, if it does.

    Nothing is judged: what breaks a rule beside the other branch is found by the invariants. Slips that were owed for
    a fact of the branch are owed for what it is now.
    """
    facts = act.append_many([_saying(sealed, branch.after, seat) for sealed in branch.lines])
    guard.reset_guards(act.connection, act.village, act.log)
    owed = table_of(SlipOwed)
    for sealed, fact in zip(branch.lines, facts, strict=True):
        was = (owed.c.village == act.village, owed.c.log == branch.log, owed.c.seq == read(sealed.line).seq)
        act.connection.execute(update(owed).where(*was).values(log=fact.log, seq=fact.seq))
    return facts


def open_day_of(connection: Connection, village: int) -> str | None:
    """Return the business day that is open in the own log, or None."""
    day = table_of(OpenDay).c
    return connection.execute(select(day.day).where(day.village == village)).scalar_one_or_none()


def _cut(connection: Connection, village: int, log: int, after: int) -> list[Sealed]:
    """Take every line of a log beyond `after` out, with the texts beside them, and return them."""
    texts = private_texts(connection, village, log, after, LARGEST_INTEGER)
    lines = read_since(connection, village, log, after, LARGEST_INTEGER)
    drop_triggers(connection)
    for table in (table_of(PrivateText), table_of(Line)):
        connection.execute(delete(table).where(table.c.village == village, table.c.log == log, table.c.seq > after))
    create_triggers(connection)
    return [Sealed(line, texts.get(seq)) for seq, line in enumerate(lines, start=after + 1)]


def _saying(sealed: Sealed, after: int, seat: int | None) -> Saying:
    return carry(sealed, after, seat), Carried(read(sealed.line).private, sealed.private)
