"""How the terminals are: what each said of itself with its last report, and what the county makes of it.

The hub keeps the last word of every terminal. A figure that cannot be a count is left aside, as is one it does not
know: nothing of this is worth refusing a report for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Row, select

from county.registry import Known, list_terminals
from county.tables import TerminalHealth
from county.villages import known_names
from db.journal import last_seq
from db.line import CLOCK_QUALITIES, LARGEST_INTEGER
from db.tables.statement import table_of, upsert
from db.wire.v1.figures import FIGURES, PRINTERS, quality_of
from db.wire.v1.message import HeadSeen

KIB: Final = 1024


@dataclass(frozen=True)
class Told:
    """What a terminal tells of itself: its figures, its clock as `clock_sample` makes it, and what it holds.

    `is_now` says that it tells so this moment; what comes by stick was written days ago.
    """

    figures: Mapping[str, int]
    clock: tuple[int, ...]
    held: tuple[HeadSeen, ...]
    is_now: bool = True


@dataclass(frozen=True)
class Health:
    """How a terminal was at `told_at` (hub's milliseconds); None is what it did not say.

    `unsent` are the lines the county still lacks of those it had then, `free` the bytes its disk still took. `printer`
    is a word of `figures.PRINTERS`, `clock` one of `db.line.CLOCK_QUALITIES`; `ahead` are the milliseconds by which its
    clock went before the hub's.
    """

    told_at: int
    unsent: int | None
    free: int | None
    faults: int | None
    unsaved_outside: int | None
    slips_owed: int | None
    printer: str | None
    clock: str | None
    ahead: int | None


@dataclass(frozen=True)
class Machine:
    """A terminal as an officer sees it: who it is, what its village is called, how it is; None before its first word.

    `goes_on_as` is the log in which the same machine goes on, or None while it writes this one.
    """

    known: Known
    village_name: str
    health: Health | None
    goes_on_as: int | None

    @property
    def is_at_work(self) -> bool:
        """Whether the county expects to hear of it in this log."""
        return self.known.state == "active" and self.goes_on_as is None


def note_health(connection: Connection, village: int, log: int, told: Told, at: int) -> None:
    """Keep what a terminal tells of itself; `at` is the hub's time."""
    row: dict[str, int | None] = {"village": village, "log": log, "told_at": at}
    row["held"] = next((each.s for each in told.held if (each.v, each.l) == (village, log)), None)
    row |= {name: _count(told.figures.get(name)) for name in FIGURES}
    row["clock"] = quality_of(told.clock)
    row["ahead"] = _ahead(told, at)
    statement = upsert(connection.dialect.name, table_of(TerminalHealth))
    kept = {name: statement.excluded[name] for name in row if name not in {"village", "log"}}
    connection.execute(statement.on_conflict_do_update(index_elements=["village", "log"], set_=kept), row)


def list_machines(connection: Connection) -> tuple[Machine, ...]:
    """Return every terminal with how it is, by village and log."""
    told = {(row.village, row.log): row for row in connection.execute(select(table_of(TerminalHealth)))}
    names, everyone = known_names(connection), list_terminals(connection)
    newest = _newest(everyone)
    found = []
    for known in everyone:
        row, log = told.get((known.village, known.log)), newest[known.village, known.public_key]
        health = None if row is None else _health(connection, row)
        found.append(Machine(known, names.get(known.village, ""), health, None if log == known.log else log))
    return tuple(found)


def _newest(everyone: tuple[Known, ...]) -> dict[tuple[int, str], int]:
    """Return the log in which each key was heard of last: a restored machine goes on in another log."""
    newest: dict[tuple[int, str], Known] = {}
    for known in everyone:
        before = newest.get((known.village, known.public_key))
        if before is None or _since(known) >= _since(before):
            newest[known.village, known.public_key] = known
    return {place: known.log for place, known in newest.items()}


def _since(known: Known) -> tuple[int, int]:
    """Rank a log: one that was only brought along, as the end of a log before, was never heard of itself."""
    return known.heard_at or 0, known.enrolled_at


def _health(connection: Connection, row: Row[tuple[object, ...]]) -> Health:
    """Make a health of a row; what came since it was told is no longer unsent."""
    unsent, kib = row.unsent, row.free_kib
    if unsent is not None and row.held is not None:
        unsent = min(unsent, max(0, row.held - last_seq(connection, row.village, row.log)))
    return Health(
        row.told_at, unsent, None if kib is None else kib * KIB, row.faults, row.unsaved_outside,
        row.slips_owed, _word(PRINTERS, row.printer), _word(CLOCK_QUALITIES, row.clock), row.ahead,
    )  # fmt: skip


def _count(value: int | None) -> int | None:
    return value if value is not None and 0 <= value <= LARGEST_INTEGER else None


def _ahead(told: Told, at: int) -> int | None:
    if not told.is_now or not told.clock or not 0 <= told.clock[0] <= LARGEST_INTEGER:
        return None
    return told.clock[0] - at


def _word(words: tuple[str, ...], place: int | None) -> str | None:
    return words[place] if place is not None and place < len(words) else None
