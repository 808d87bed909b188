"""Open a store, set its mode, begin and end its transactions. Nothing happens at import.

SQLite runs in one mode everywhere: rollback journal DELETE with synchronous EXTRA. WAL is not used, because the
SQLite that Python 3.11 links on Debian 12 can lose or corrupt data when two processes write and checkpoint at once.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Select, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, StaticPool

PRAGMAS: Final = {
    "busy_timeout": 10_000,
    "journal_mode": "delete",
    "synchronous": 3,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "mmap_size": 0,
    "foreign_keys": 1,
    "recursive_triggers": 1,  # or REPLACE deletes lines without asking the trigger
}
UNSYNCED: Final = {"journal_mode": "memory", "synchronous": 0}
_ABOUT_FILES: Final = ("journal_mode", "mmap_size")
OLDEST_SQLITE: Final = (3, 37, 0)
# Below this the desk writes nothing more, so that there is room for backup, export and what the county sends.
RESERVE_BYTES: Final = 64 * 2**20
_PRIMARY_CODE: Final = 0xFF
_DISK_FAILURES: Final = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_TRIGGERS: Final = {
    f"{table}_{act.lower()}_refused": (
        f"CREATE TRIGGER IF NOT EXISTS {table}_{act.lower()}_refused BEFORE {act} ON {table} "
        f"{when} BEGIN SELECT RAISE(ABORT, 'journal_is_append_only'); END"
    )
    for table, act, when in (
        ("line", "UPDATE", ""),
        ("line", "DELETE", ""),
        ("private_text", "UPDATE", "WHEN NEW.text IS NOT NULL OR NEW.salt IS NOT NULL"),
        ("private_text", "DELETE", ""),
    )
}


def open_sqlite(file: Path) -> Engine:
    """Return an engine on a SQLite file with one kept connection, which one thread uses at a time.

    Raises:
        RuntimeError: SQLite is older than STRICT tables.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise RuntimeError(f"sqlite {sqlite3.sqlite_version}")
    engine = create_engine(
        f"sqlite:///{file}", poolclass=StaticPool, connect_args={"check_same_thread": False, "isolation_level": None}
    )
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def open_unsynced(file: Path) -> Engine:
    """Return an engine on a SQLite file that is nobody's store yet: nothing is synced, and what a cut leaves is waste.

    Whoever gives the file its name makes it durable and verifies it before.
    """
    engine = open_sqlite(file)
    event.listen(engine, "connect", _unset_syncing)
    return engine


def open_postgresql(url: str) -> Engine:
    """Return an engine on PostgreSQL by URL (`postgresql+psycopg://...`)."""
    return create_engine(url, poolclass=NullPool, isolation_level="REPEATABLE READ")


@contextmanager
def transaction(engine: Engine, *, is_write: bool) -> Iterator[Connection]:
    """One transaction; a write takes SQLite's write lock at once, so what it read is still true when it commits."""
    with engine.connect() as connection:
        chosen = connection.execution_options(is_write=is_write)
        with chosen.begin():
            yield chosen


@contextmanager
def in_pieces(engine: Engine) -> Iterator[Connection]:
    """Read without one transaction around it all: each statement sees its own moment, and a writer waits for none."""
    with engine.connect() as connection:
        yield connection.execution_options(is_write=None)


def look_up(engine: Engine, statement_of: Callable[[], Select[Any]], **values: object) -> list[Any]:
    """Return the rows of one SELECT on SQLite as plain tuples; it sees its own moment, as in `in_pieces`.

    The statement is built and compiled once and handed to SQLite itself, because a queue of people waits for what is
    looked up so: SQLAlchemy's way to a row takes several times as long as the row. Lists of values it cannot take.

    Raises:
        DBAPIError: SQLite says no.
    """
    sql, constants = _compiled(statement_of)
    with closing(engine.raw_connection()) as held:
        driver: Any = held.driver_connection
        try:
            rows: list[Any] = driver.execute(sql, {**constants, **values}).fetchall()
        except sqlite3.Error as error:
            raise DBAPIError.instance(sql, None, error, sqlite3.Error) from error
    return rows


@cache
def _compiled(statement_of: Callable[[], Select[Any]]) -> tuple[str, Mapping[str, object]]:
    compiled = statement_of().compile(dialect=sqlite.dialect(paramstyle="named"))
    return str(compiled), compiled.params


def create_triggers(connection: Connection) -> None:
    """Make the journal append-only on SQLite; at the hub the database role does that. Erasing a text stays possible."""
    if connection.dialect.name == "sqlite":
        for statement in _TRIGGERS.values():
            connection.exec_driver_sql(statement)


def drop_triggers(connection: Connection) -> None:
    """Let lines be taken out, until `create_triggers` in the same transaction."""
    for name in _TRIGGERS:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")


def missing_triggers(connection: Connection) -> list[str]:
    """Return the names of triggers that should be there and are not."""
    held = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
    return sorted(set(_TRIGGERS) - set(held))


def effective_pragmas(connection: Connection) -> dict[str, Any]:
    """Return what the engine really uses, by the names of `PRAGMAS`."""
    return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS}


def wrong_pragmas(connection: Connection) -> dict[str, Any]:
    """Return what the engine really uses where that is not what was asked for; what is about files is, for files."""
    ignored = () if file_of(connection.engine) is not None else _ABOUT_FILES
    used = effective_pragmas(connection)
    return {name: value for name, value in used.items() if value != PRAGMAS[name] and name not in ignored}


def file_of(engine: Engine) -> Path | None:
    """Return the file of a SQLite store; None in memory and on PostgreSQL."""
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name and name != ":memory:" else None


def free_bytes(folder: Path) -> int:
    """Return how much the disk under a folder still takes. Raises OSError."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def is_disk_failure(error: DBAPIError) -> bool:
    """Tell whether the disk failed beneath SQLite: after that, what was written may not be what is there."""
    return getattr(error.orig, "sqlite_errorcode", 0) & _PRIMARY_CODE in _DISK_FAILURES


def _set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401  because the driver's connection is untyped here
    for name, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")


def _unset_syncing(connection: Any, _record: object) -> None:  # noqa: ANN401  because the driver's connection is untyped here
    for name, value in UNSYNCED.items():
        connection.execute(f"PRAGMA {name}={value}")


def _begin(connection: Connection) -> None:
    is_write = connection.get_execution_options().get("is_write", True)
    if is_write is not None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")
