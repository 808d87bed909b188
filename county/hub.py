"""A hub that is open: its engine, and the way every transaction goes. On SQLite one thread writes at a time."""

import fcntl
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

from county import migrations as steps
from county.registry import begin_registry, epoch_of, hub_key, token_key
from county.schema import distribute_again
from county.tables import HubValue
from county.value import set_value, value_of
from db import migrations, projections
from db.durable import write_durably
from db.engine import open_sqlite, transaction
from db.hub import create_hub_store
from db.tables.statement import table_of
from db.wire.v1.signed import Key
from db.wire.versions import SPOKEN

FILE_NAME: Final = "county.db"
LOCK_NAME: Final = "county.lock"
MOST_CONNECTIONS: Final = 16
PROJECTION: Final = "projection_version"
TLS_NAME: Final = "tls.pem"


class HubError(RuntimeError):
    """The hub cannot be used as it is; `code` is absent, present, schema, or in_use."""

    def __init__(self, code: str, detail: str = "") -> None:
        """Keep the code apart from the words."""
        super().__init__(f"{code}: {detail}")
        self.code = code


@dataclass
class Hub:
    """An open hub.

    `token_key` is the secret by which it knows the tokens of its sessions; `now` gives wall milliseconds, `speaks` are
    the versions of the protocol it knows.
    """

    engine: Engine
    key: Key
    epoch: str
    token_key: bytes
    now: Callable[[], int] = field(default=lambda: time.time_ns() // 1_000_000)
    speaks: tuple[int, ...] = SPOKEN
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


@contextmanager
def hold_home(home: Path) -> Iterator[None]:
    """Be the one who serves from a data folder, or puts another hub in it. Raises HubError (in_use)."""
    with (home / LOCK_NAME).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise HubError("in_use") from error
        yield


def keep_certificate(home: Path, key: Key) -> Path:
    """Return the file with the key and the certificate of the line, made where there is none the county vouches for."""
    from db.wire.v1.certificate import county_of_pem, make_certificate

    file = home / TLS_NAME
    if not file.exists() or county_of_pem(file.read_bytes()) != key.public:
        file.with_name(f"{TLS_NAME}.part").touch(mode=0o600)  # written into by the next line: nobody else may read it
        write_durably(file, make_certificate(key))
    return file


def create_hub(engine: Engine, entropy: Callable[[int], bytes] = os.urandom) -> Hub:
    """Lay out an empty hub. Raises HubError (present)."""
    if has_hub(engine):
        raise HubError("present")
    create_hub_store(engine)
    with transaction(engine, is_write=True) as connection:
        key = begin_registry(connection, entropy)
        note_projection(connection)
        return Hub(engine, key, epoch_of(connection), token_key(connection))


def open_hub(engine: Engine) -> Hub:
    """Open the hub that is there; what an older program did not keep beside the store is laid out.

    Raises:
        HubError: absent; schema, where a newer program, or one with another journal, laid it out.
    """
    if not has_hub(engine):
        raise HubError("absent")
    with transaction(engine, is_write=False) as connection:
        if migrations.current_version(connection) != migrations.HEAD:
            raise HubError("schema")
        held = steps.current_version(connection)
        if held is not None and held > steps.HEAD:
            raise HubError("schema")
    with transaction(engine, is_write=held != steps.HEAD) as connection:
        if held != steps.HEAD:
            steps.upgrade(connection)
        return Hub(engine, hub_key(connection), epoch_of(connection), token_key(connection))


def follow_program(hub: Hub) -> bool:
    """Empty tables of another version; the projector fills them again.

    Returns whether they were. Nobody else may write meanwhile.
    """
    with hub.write() as connection:
        is_current = value_of(connection, PROJECTION) == projections.projection_version(connection)
        if not is_current:
            projections.drop_projections(connection)
            projections.create_projections(connection)
            distribute_again(connection)
            note_projection(connection)
    return not is_current


def note_projection(connection: Connection) -> None:
    """Remember whose tables these are."""
    set_value(connection, PROJECTION, projections.projection_version(connection))


def has_hub(engine: Engine) -> bool:
    """Say whether a hub is laid out here."""
    with engine.connect() as connection:
        return inspect(connection).has_table(table_of(HubValue).name)
