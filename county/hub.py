"""A hub that is open: its engine, and the way every transaction goes. On SQLite one thread writes at a time."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, inspect
from sqlalchemy.pool import QueuePool

from county.registry import begin_registry, epoch_of, hub_key
from county.tables import HubValue
from db.engine import open_sqlite, transaction
from db.hub import create_hub_store
from db.tables.statement import table_of
from db.wire.v1.signed import Key

FILE_NAME: Final = "county.db"
MOST_CONNECTIONS: Final = 16


class HubError(RuntimeError):
    """The hub cannot be opened as it is; `code` is absent or present."""

    def __init__(self, code: str, detail: str = "") -> None:
        """Keep the code apart from the words."""
        super().__init__(f"{code}: {detail}")
        self.code = code


@dataclass
class Hub:
    """An open hub; `now` gives wall milliseconds."""

    engine: Engine
    key: Key
    epoch: str
    now: Callable[[], int] = field(default=lambda: time.time_ns() // 1_000_000)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One write transaction."""
        with self._taking_turns(), transaction(self.engine, is_write=True) as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One read transaction."""
        with self._taking_turns(), transaction(self.engine, is_write=False) as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _taking_turns(self) -> Iterator[None]:
        if self.engine.dialect.name != "sqlite":
            yield
            return
        with self._turn:
            yield


def open_engine(home: Path, database: str | None = None) -> Engine:
    """Return the engine of a hub: the SQLite file of its folder, or PostgreSQL by URL (`postgresql+psycopg://...`)."""
    if database is None:
        return open_sqlite(home / FILE_NAME)
    return create_engine(
        database, poolclass=QueuePool, pool_size=MOST_CONNECTIONS, max_overflow=0, isolation_level="REPEATABLE READ"
    )


def create_hub(engine: Engine, entropy: Callable[[int], bytes] = os.urandom) -> Hub:
    """Lay out an empty hub. Raises HubError (present)."""
    if _has_registry(engine):
        raise HubError("present")
    create_hub_store(engine)
    with transaction(engine, is_write=True) as connection:
        key = begin_registry(connection, entropy)
        return Hub(engine, key, epoch_of(connection))


def open_hub(engine: Engine) -> Hub:
    """Open the hub that is there. Raises HubError (absent)."""
    if not _has_registry(engine):
        raise HubError("absent")
    with transaction(engine, is_write=False) as connection:
        return Hub(engine, hub_key(connection), epoch_of(connection))


def _has_registry(engine: Engine) -> bool:
    with engine.connect() as connection:
        return inspect(connection).has_table(table_of(HubValue).name)
