"""The store of a terminal: one village, one own log, and the transaction in which a fact and its consequences are one.

Create it once, open it at every start. The outermost function commits; what it appended is durable after that.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, insert, select, update

from db import engine as engines
from db import guard, journal, migrations, projections
from db.facts.body import Body
from db.journal import Sealed, Writer
from db.line import Entropy, Fact, Stamp
from db.tables.guard import OpenDay
from db.tables.statement import table_of, upsert
from db.tables.workspace import OwnLog, Setting

FILE_NAME: Final = "store.db"
PROJECTION_SETTING: Final = "projection_version"


class StoreError(RuntimeError):
    """The store cannot be used as it is; `code` says why (absent, schema, triggers, mode)."""

    def __init__(self, code: str, detail: str = "") -> None:
        """Keep the code apart from the detail."""
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail


class LogEndedError(RuntimeError):
    """The own log was ended: a restored or copied device must begin a new one before it writes."""


@dataclass
class Act:
    """One user action being written: everything appended here is one transaction."""

    connection: Connection
    writer: Writer
    facts: list[Fact] = field(default_factory=list)

    @property
    def village(self) -> int:
        """The village of this store."""
        return self.writer.village

    @property
    def log(self) -> int:
        """The own log."""
        return self.writer.log

    @property
    def stamp(self) -> Stamp:
        """The moment of the action."""
        return self.writer.stamp

    @property
    def day(self) -> str | None:
        """The open business day, or None."""
        return self.writer.day

    @property
    def entropy(self) -> Entropy:
        """The source of random bytes."""
        return self.writer.entropy

    def change_log(self, log: int) -> None:
        """Go on in another log of this device, which `begin_own_log` made its own in the same action."""
        self.writer = replace(self.writer, log=log)

    def append(self, body: Body, private: Mapping[str, str] | None = None) -> Fact:
        """Write a fact, its projections and its guards; `private` is personal text that stands beside the line.

        Raises:
            GuardError: a rule the desk relies on would break; the whole action rolls back.
            MalformedLineError: the fact would break the format.
        """
        fact = journal.append(self.connection, self.writer, body, private)
        projections.fold(self.connection, self.village, [fact])
        guard.enforce(self.connection, fact, body)
        if fact.kind in ("day_opened", "day_closed"):
            self.writer = replace(self.writer, day=fact.body["day"] if fact.kind == "day_opened" else None)
        self.facts.append(fact)
        return fact


@dataclass(frozen=True)
class Store:
    """An open store. Writes and reads of one store are made by one thread."""

    engine: Engine
    village: int
    entropy: Entropy = os.urandom

    @contextmanager
    def write(self, *, now: Stamp, by: int | None, begins_log: bool = False) -> Iterator[Act]:
        """Begin an action of operator `by`; it commits when the block ends and rolls back if it raises.

        `begins_log` is for the one action that begins a new log in place of an ended one.

        Raises:
            LogEndedError: the own log must not be written any more.
        """
        with engines.transaction(self.engine, is_write=True) as connection:
            own = table_of(OwnLog).c
            log, is_ended = connection.execute(select(own.log, own.is_ended).where(own.village == self.village)).one()
            if is_ended and not begins_log:
                raise LogEndedError
            yield Act(connection, Writer(self.village, log, now, by, self._open_day(connection), self.entropy))

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Read a consistent state; fetch all and end the block before any wait."""
        with engines.transaction(self.engine, is_write=False) as connection:
            yield connection

    def receive(self, village: int, log: int, lines: Sequence[Sealed]) -> int:
        """Store foreign lines of this village or of the county's common village 0, with their consequences.

        Returns how many were new.

        Raises:
            MalformedLineError, GapError, ForkError: as `journal.store`; nothing is stored.
            StoreError: the lines belong to another village.
        """
        if village not in (0, self.village):
            raise StoreError("other_village", str(village))
        with engines.transaction(self.engine, is_write=True) as connection:
            count = journal.store(connection, village, log, lines)
            projections.project(connection, village)
            guard.reset_guards(connection, self.village, own_log(connection, self.village))
        return count

    def close(self) -> None:
        """Close the connection."""
        self.engine.dispose()

    def _open_day(self, connection: Connection) -> str | None:
        day = table_of(OpenDay).c
        return connection.execute(select(day.day).where(day.village == self.village)).scalar_one_or_none()


def create_store(engine: Engine, village: int, entropy: Entropy = os.urandom) -> Store:
    """Lay out an empty store for a village and give it an own log with no fact in it yet."""
    from db.line import mint_log

    with engines.transaction(engine, is_write=True) as connection:
        migrations.upgrade(connection)
        engines.create_triggers(connection)
        projections.create_projections(connection)
        guard.create_guards(connection)
        connection.execute(insert(table_of(OwnLog)).values(village=village, log=mint_log(entropy), is_ended=0))
        set_setting(connection, village, PROJECTION_SETTING, projections.projection_version(connection))
    return Store(engine, village, entropy)


def open_store(engine: Engine, entropy: Entropy = os.urandom) -> Store:
    """Open the store that is there; projections of an older program are rebuilt first.

    Raises:
        StoreError: there is none (absent), its schema is another (schema), or its triggers are gone (triggers).
    """
    with engines.transaction(engine, is_write=False) as connection:
        version = migrations.current_version(connection)
        if version is None:
            raise StoreError("absent")
        if version != migrations.HEAD:
            raise StoreError("schema", version)
        if missing := engines.missing_triggers(connection):
            raise StoreError("triggers", ", ".join(missing))
        village = connection.execute(select(table_of(OwnLog).c.village)).scalar_one()
        is_current = setting(connection, village, PROJECTION_SETTING) == projections.projection_version(connection)
    store = Store(engine, village, entropy)
    if not is_current:
        rebuild(store)
    return store


def rebuild(store: Store) -> int:
    """Throw projections and guards away and fold the whole journal again, in one transaction; return how many facts."""
    with engines.transaction(store.engine, is_write=True) as connection:
        projections.drop_projections(connection)
        projections.create_projections(connection)
        guard.create_guards(connection)
        count = sum(projections.project(connection, village) for village in journal.villages(connection))
        guard.reset_guards(connection, store.village, own_log(connection, store.village))
        set_setting(connection, store.village, PROJECTION_SETTING, projections.projection_version(connection))
    return count


def begin_own_log(connection: Connection, village: int, log: int) -> None:
    """Make `log` the one this device writes from now on."""
    own = table_of(OwnLog)
    connection.execute(update(own).where(own.c.village == village).values(log=log, is_ended=0))


def own_log(connection: Connection, village: int) -> int:
    """Return the number of the log this device writes."""
    own = table_of(OwnLog).c
    log: int = connection.execute(select(own.log).where(own.village == village)).scalar_one()
    return log


def setting(connection: Connection, village: int, name: str) -> str | None:
    """Return a value kept with the store, or None."""
    kept = table_of(Setting).c
    statement = select(kept.value).where(kept.village == village, kept.name == name)
    return connection.execute(statement).scalar_one_or_none()


def set_setting(connection: Connection, village: int, name: str, value: str) -> None:
    """Keep a value with the store."""
    statement = upsert(connection.dialect.name, table_of(Setting))
    statement = statement.on_conflict_do_update(
        index_elements=["village", "name"], set_={"value": statement.excluded.value}
    )
    connection.execute(statement, {"village": village, "name": name, "value": value})


def store_file(home: Path) -> Path:
    """Return where the store lies in a data folder."""
    return home / FILE_NAME
