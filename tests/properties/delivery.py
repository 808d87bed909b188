"""Carry lines to a store in some order: cut in pieces, interleaved, repeated, too early, forged."""

import re
from collections.abc import Iterator
from random import Random
from typing import Final
from unittest import mock

import pytest
from sqlalchemy import Connection, Engine, select, text

from db import journal, projections
from db.engine import open_sqlite, transaction
from db.hub import create_hub_store
from db.journal import ForkError, GapError, Sealed
from db.tables.columns import JournalTable
from db.tables.statement import table_of, tables_of
from tests.ledger import IN_MEMORY, VILLAGE, copy_database, lines_of
from tests.properties.scene import Lines

VILLAGES: Final = (0, VILLAGE)
LONGEST_PIECE: Final = 14
BATCHES: Final = (1, 3, 2_000)
HABITS: Final = ("live", "deferred", "rebuilt")
"""Projected after each piece; all at the end; or now and then, and thrown away in between."""

Digests = tuple[str, ...]


class Target:
    """A store that is emptied for every delivery; one engine, so that statements are prepared once."""

    def __init__(self, engine: Engine) -> None:
        """Take a hub store laid out on `engine`."""
        self.engine = engine
        self._empty: Engine | None = None
        if engine.dialect.name == "sqlite":
            self._empty = open_sqlite(IN_MEMORY)
            copy_database(engine, self._empty)

    def clear(self) -> None:
        """Make the store empty."""
        if self._empty is not None:
            copy_database(self._empty, self.engine)
            return
        tables = [table.name for table in (*tables_of(JournalTable), *projections.tables())]
        with transaction(self.engine, is_write=True) as connection:
            connection.execute(text(f"TRUNCATE {', '.join(tables)}"))

    def digests(self) -> Digests:
        """What the tables of each village hold."""
        with transaction(self.engine, is_write=False) as connection:
            return tuple(projections.digest(connection, village) for village in VILLAGES)

    def lines(self) -> Lines:
        """Every line held, with the texts beside them."""
        with transaction(self.engine, is_write=False) as connection:
            return {
                (village, log): lines_of(connection, village, log)
                for village in VILLAGES
                for log in journal.heads(connection, village)
            }


def values(target: Target, model: type, *names: str, **only: object) -> list[tuple[object, ...]]:
    """The named columns of the village's rows that have the given values, in the order of the key."""
    table = table_of(model)
    statement = (
        select(*(table.c[name] for name in names)).where(table.c.village == VILLAGE).order_by(*table.primary_key)
    )
    for name, value in only.items():
        statement = statement.where(table.c[name] == value)
    with transaction(target.engine, is_write=False) as connection:
        return [tuple(row) for row in connection.execute(statement)]


def sqlite_target() -> Target:
    """A hub store in memory."""
    engine = open_sqlite(IN_MEMORY)
    create_hub_store(engine)
    return Target(engine)


def deliver_in_order(target: Target, lines: Lines) -> None:
    """Each log whole, one after the other, and one projection at the end."""
    target.clear()
    with transaction(target.engine, is_write=True) as connection:
        for (village, log), held in sorted(lines.items()):
            journal.store(connection, village, log, held)
        project(connection)


def deliver_at_random(target: Target, lines: Lines, random: Random) -> None:
    """Any way that keeps each log in its own order, with everything that goes wrong on a line."""
    target.clear()
    habit = random.choice(HABITS)
    with mock.patch.object(projections, "FACTS_AT_ONCE", random.choice(BATCHES)):
        for village, log, piece in pieces_at_random(target, lines, random):
            with transaction(target.engine, is_write=True) as connection:
                journal.store(connection, village, log, piece)
                if habit == "live" or (habit == "rebuilt" and random.random() < 0.2):
                    projections.project(connection, village)
            if habit == "rebuilt" and random.random() < 0.1:
                throw_away(target.engine, random)
        with transaction(target.engine, is_write=True) as connection:
            project(connection)


def pieces_at_random(target: Target, lines: Lines, random: Random) -> Iterator[tuple[int, int, list[Sealed]]]:
    """Yield pieces that can be stored, and try others that cannot in between."""
    held = dict.fromkeys(lines, 0)
    while open_logs := [place for place in lines if held[place] < len(lines[place])]:
        place = random.choice(open_logs)
        if random.random() < 0.1:
            try_too_early(target, lines, place, held[place], random)
        if held[place] and random.random() < 0.1:
            try_forged(target, lines, place, held[place])
        start = max(0, held[place] - random.choice((0, 0, 0, 1, 5)))
        end = min(len(lines[place]), start + random.randint(1, LONGEST_PIECE))
        held[place] = max(held[place], end)
        yield *place, [without_text(line, random) for line in lines[place][start:end]]
    for place in random.sample(sorted(lines), len(lines)):
        if lines[place]:
            yield *place, lines[place]


def without_text(line: Sealed, random: Random) -> Sealed:
    """The same line, its private text left behind now and then."""
    return Sealed(line.line) if random.random() < 0.3 else line


def try_too_early(target: Target, lines: Lines, place: tuple[int, int], held: int, random: Random) -> None:
    """Lines that leave a gap are refused with what is held; they come again later."""
    start = held + random.randint(1, 6)
    if start >= len(lines[place]):
        return
    with pytest.raises(GapError) as caught, transaction(target.engine, is_write=True) as connection:
        journal.store(connection, *place, lines[place][start:])
    assert caught.value.has == held


def try_forged(target: Target, lines: Lines, place: tuple[int, int], held: int) -> None:
    """Another line in place of one that is held is refused, and what follows it too."""
    forged = Sealed(re.sub(rb'"clock":"[fs]"', b'"clock":"u"', lines[place][held - 1].line))
    with pytest.raises(ForkError) as caught, transaction(target.engine, is_write=True) as connection:
        journal.store(connection, *place, [forged, *lines[place][held:]])
    assert caught.value.seq == held


def throw_away(engine: Engine, random: Random) -> None:
    """Lose the tables of one village, or all tables, as a changed program does."""
    with transaction(engine, is_write=True) as connection:
        if random.random() < 0.7:
            projections.clear(connection, random.choice(VILLAGES))
            return
        projections.drop_projections(connection)
        projections.create_projections(connection)


def project(connection: Connection) -> None:
    """Project every village that has lines."""
    for village in journal.villages(connection):
        projections.project(connection, village)
