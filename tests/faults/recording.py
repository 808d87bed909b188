"""What the desk's own functions say to SQLite, statement by statement, said again to SQLite on a recorded disk.

A power cut is told by the operations on files, and Python's own SQLite cannot be given another disk. So the domain
functions run as they are on a real file; every statement that SQLAlchemy hands to the driver is noted with its values,
BEGIN and COMMIT included; and the same statements run once more through apsw, whose SQLite writes to a `Disk`. That is
faithful because a statement with its values decides what is written, the pragmas are the engine's own, and in the end
both files hold the same rows, which is checked. Recovery after a cut is left to Python's own SQLite on a real file.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

import apsw
from sqlalchemy import event

from db import engine as engines
from db.engine import PRAGMAS, open_sqlite
from db.store import Store, open_store
from tests.faults.disk import Confirmed, Disk, Operation, RecordingVFS
from tests.ledger import IN_MEMORY
from tests.village import seeded

NAME: Final = "store.db"
JOURNAL: Final = "store.db-journal"
_numbers = count()


@dataclass(frozen=True)
class Said:
    """One statement as the driver got it; several rows of values run it once each."""

    statement: str
    values: tuple[Any, ...] = ()
    is_many: bool = False


@dataclass(frozen=True)
class Recording:
    """A file before, the operations of some actions on it, and the file after each action, by number from 0."""

    before: bytes
    operations: list[Operation]
    states: list[bytes]


@dataclass
class Listener:
    """Notes what a store says to its driver."""

    said: list[Said] = field(default_factory=list)

    def listen(self, store: Store) -> None:
        """Begin to note."""
        event.listen(store.engine, "before_cursor_execute", self._note)
        event.listen(store.engine, "commit", lambda _connection: self.said.append(Said("COMMIT")))
        event.listen(store.engine, "rollback", lambda _connection: self.said.append(Said("ROLLBACK")))

    def _note(self, *arguments: Any) -> None:  # noqa: ANN401  because the event hands over whatever the driver gets
        _connection, _cursor, statement, values, _context, is_many = arguments
        rows = tuple(map(tuple, values)) if is_many else tuple(values)
        self.said.append(Said(statement, rows, is_many))


def listen_to(store: Store, actions: Sequence[Callable[[Store], object]]) -> list[list[Said]]:
    """Run actions on a store and return what each said."""
    heard = []
    listener = Listener()
    listener.listen(store)
    for action in actions:
        listener.said = []
        action(store)
        heard.append(listener.said)
    return heard


def record(before: bytes, heard: list[list[Said]], pragmas: dict[str, Any] | None = None) -> Recording:
    """Say everything again on a recorded disk; each action is confirmed when its last statement has returned."""
    disk = Disk({NAME: bytearray(before)})
    states = [before]
    with opened(disk, pragmas) as connection:
        for number, said in enumerate(heard, start=1):
            say(connection, said)
            disk.note(Confirmed(number))
            states.append(bytes(disk.files[NAME]))
    return Recording(before, disk.operations, states)


@contextmanager
def opened(disk: Disk, pragmas: dict[str, Any] | None = None) -> Iterator[apsw.Connection]:
    """Open the store on a disk with the engine's pragmas, or some of them changed."""
    vfs = RecordingVFS(f"recorded-{next(_numbers)}", disk)
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    connection = apsw.Connection(NAME, vfs=vfs.name, flags=flags)
    try:
        for name, value in (PRAGMAS | (pragmas or {})).items():
            connection.execute(f"PRAGMA {name}={value}")
        yield connection
    finally:
        connection.close()
        vfs.unregister()


def say(connection: apsw.Connection, said: list[Said]) -> None:
    """Run noted statements. Raises apsw.Error."""
    for each in said:
        for row in each.values if each.is_many else (each.values,):
            for _found in connection.execute(each.statement, row):
                pass


def recovered(folder: Path, files: dict[str, bytes]) -> bytes | None:
    """Put files into a folder, open them as the desk does, and return the file after SQLite mended it; None: broken.

    Nobody waits for the real disk here: that recovery itself survives a cut is shown on a recorded one.
    """
    for name in (NAME, JOURNAL):
        file = folder / name
        if name in files:
            file.write_bytes(files[name])
        else:
            file.unlink(missing_ok=True)
    connection = sqlite3.connect(folder / NAME, isolation_level=None)
    try:
        for name, value in (PRAGMAS | {"synchronous": 0}).items():
            connection.execute(f"PRAGMA {name}={value}")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("SELECT count(*) FROM line").fetchone()
        connection.execute("ROLLBACK")
    except sqlite3.DatabaseError:
        return None
    finally:
        connection.close()
    return (folder / NAME).read_bytes()


def in_memory(content: bytes, seed: str = "in memory") -> Store:
    """Open a store that is given as bytes, away from any disk; its randomness is the same at every run."""
    engine = open_sqlite(IN_MEMORY)
    with closing(engine.raw_connection()) as raw:
        driver = raw.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.deserialize(content)
        engines._set_pragmas(driver, None)
    return open_store(engine, seeded(seed))


def rows_of(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of a database given as bytes."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(content)
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    found = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in tables}  # noqa: S608  because the names are the database's own
    connection.close()
    return found
