"""Stores in memory whose facts are the same at every run, and the lines they hold."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import Connection, Engine, Table

from db import projections
from db.engine import open_sqlite
from db.facts.body import Body
from db.journal import Sealed, heads, private_texts, read_since
from db.line import Fact, Stamp
from db.store import Store, begin_own_log, create_store
from db.tables.columns import GuardTable, JournalTable, WorkspaceTable
from db.tables.statement import tables_of

IN_MEMORY: Final = Path(":memory:")
VILLAGE: Final = 123
NOW: Final = Stamp(at=1_795_329_000_123, clock="f", boot=7, mono=9_120_344)


def every_table() -> list[Table]:
    """Every table of a terminal's store, of whichever class."""
    kept = [table for home in (JournalTable, GuardTable, WorkspaceTable) for table in tables_of(home)]
    return [*projections.tables(), *kept]


def new_store(log: int, village: int = VILLAGE, seed: int = 1) -> Store:
    """Return an empty store in memory that writes `log`."""
    engine = open_sqlite(IN_MEMORY)
    copy_database(_laid_out(village), engine)
    store = Store(engine, village, Random(seed).randbytes)
    with store.write(now=NOW, by=None) as act:
        begin_own_log(act.connection, village, log)
    return store


def copy_database(source: Engine, target: Engine) -> None:
    """Make one SQLite database what another is, whatever was in it."""
    with closing(source.raw_connection()) as origin, closing(target.raw_connection()) as copy:
        here, there = origin.driver_connection, copy.driver_connection
        assert isinstance(here, sqlite3.Connection)
        assert isinstance(there, sqlite3.Connection)
        here.backup(there)


@cache
def _laid_out(village: int) -> Engine:
    """Laying out a store takes a hundred times longer than copying one."""
    return create_store(open_sqlite(IN_MEMORY), village, Random(0).randbytes).engine


def write(store: Store, *bodies: Body, private: Mapping[str, str] | None = None, by: int | None = None) -> list[Fact]:
    """Write facts in one action and return them; each carries the same private text, if there is any."""
    with store.write(now=NOW, by=by) as act:
        return [act.append(body, private) for body in bodies]


def lines_of(connection: Connection, village: int, log: int, after: int = 0) -> list[Sealed]:
    """Return the lines of a log with the texts beside them, as they travel."""
    texts = private_texts(connection, village, log, after, 1_000_000)
    lines = read_since(connection, village, log, after, 1_000_000)
    return [Sealed(line, texts.get(seq)) for seq, line in enumerate(lines, start=after + 1)]


def logs_of(connection: Connection, village: int) -> Iterator[tuple[int, list[Sealed]]]:
    """Yield every log of a village that is held, with its lines."""
    for log in sorted(heads(connection, village)):
        yield log, lines_of(connection, village, log)


def bring(source: Store, target: Store) -> None:
    """Let one store of a village receive all that another holds, the county's common log first."""
    for village in dict.fromkeys((0, source.village)):
        with source.read() as connection:
            held = list(logs_of(connection, village))
        for log, lines in held:
            target.receive(village, log, lines)
