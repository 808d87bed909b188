"""A log of this device that must not be written any more: it was handed on, or another device has written it too.

Whoever learns of it (a report, a stick) notes it here; whoever writes next obeys, and takes the branch out and writes
it again.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, select, update

from db import guard, projections
from db.engine import create_triggers, drop_triggers
from db.facts.terminal import Place, Recovered
from db.journal import Carried, Saying, Sealed, octets, private_texts, read_since
from db.line import LARGEST_INTEGER, Fact, read
from db.recovered import carry, line_of
from db.store import Act, set_setting
from db.tables.guard import OpenDay
from db.tables.journal import Line, PrivateText
from db.tables.statement import table_of
from db.tables.workspace import NameKey, OwnLog, Setting, SlipOwed

_FORK: Final = "fork."


@dataclass(frozen=True)
class Branch:
    """What a store held of a log beyond the last line it has in common with the log's other branch."""

    log: int
    after: int
    lines: tuple[Sealed, ...]


def end_own_log(connection: Connection, village: int) -> None:
    """Let nothing more be written in the log this device writes."""
    own = table_of(OwnLog)
    connection.execute(update(own).where(own.c.village == village).values(is_ended=1))


def note_fork(connection: Connection, village: int, log: int, common: int) -> None:
    """Remember that the county holds other lines of a log than this store from seq `common` + 1 on.

    The own log ends, whichever of the two that is: before anything else is written, this branch is taken out.
    """
    set_setting(connection, village, f"{_FORK}{log}", str(common))
    end_own_log(connection, village)


def forks_of(connection: Connection, village: int) -> list[Place]:
    """Return the last line that both branches have in common, of each log of which another branch is known."""
    kept = table_of(Setting).c
    names = select(kept.name, kept.value).where(kept.village == village, kept.name.startswith(_FORK, autoescape=True))
    found = [(int(name.removeprefix(_FORK)), int(value)) for name, value in connection.execute(names)]
    return [Place(log=log, seq=common) for log, common in sorted(found)]


def take_out(act: Act, forks: list[Place]) -> list[Branch]:
    """Take this device's branches out: of each log the store then holds what both branches have in common, and no more.

    All tables of the village are folded again. This is the one act that takes lines out of a journal: in the same
    transaction `write_again` writes them, as they are, in another log.
    """
    branches = []
    for fork in forks:
        lines = _cut(act.connection, act.village, fork.log, fork.seq)
        branches.append(Branch(fork.log, fork.seq, tuple(lines)))
        key, kept = table_of(NameKey), table_of(Setting)
        beyond = (key.c.village == act.village, key.c.log == fork.log, key.c.seq > fork.seq)
        act.connection.execute(delete(key).where(*beyond))
        noted = (kept.c.village == act.village, kept.c.name == f"{_FORK}{fork.log}")
        act.connection.execute(delete(kept).where(*noted))
    projections.clear(act.connection, act.village)
    projections.project(act.connection, act.village)
    guard.reset_guards(act.connection, act.village, act.log)
    return branches


def write_again(act: Act, branch: Branch, seat: int | None) -> list[Fact]:
    """Write the facts of a branch again in the log of this action; `seat` is the seat number it holds, if it does.

    What stands in a `recovered` fact already, as after a restore from a backup of before, is not written once more.
    Nothing is judged: what breaks a rule beside the other branch is found by the invariants. Slips that were owed for
    a fact of the branch are owed for what it is now.
    """
    known = _carried_lines(act)
    lines = [sealed for sealed in branch.lines if sealed.line not in known]
    facts = act.append_many([_saying(sealed, branch.after, seat) for sealed in lines])
    guard.reset_guards(act.connection, act.village, act.log)
    owed = table_of(SlipOwed)
    for sealed, fact in zip(lines, facts, strict=True):
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


def _carried_lines(act: Act) -> set[bytes]:
    """Return the lines that `recovered` facts of the village carry."""
    line = table_of(Line).c
    statement = select(line.line).where(line.village == act.village, line.kind == Recovered.KIND)
    return {line_of(read(octets(held))) for held in act.connection.execute(statement).scalars()}


def _saying(sealed: Sealed, after: int, seat: int | None) -> Saying:
    return carry(sealed, after, seat), Carried(read(sealed.line).private, sealed.private)
