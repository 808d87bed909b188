"""The store of a terminal: one village, one own log, and the transaction in which a fact and its consequences are one.

Create it once, open it at every start. The outermost function commits; what it appended is durable after that.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Engine, Select, bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError

from db import engine as engines
from db import guard, journal, migrations, planner, projections, soundness
from db.facts.body import Body
from db.journal import Carried, Saying, Sealed, Writer
from db.line import Entropy, Fact, Stamp, entity_id, mint_log, read
from db.progress import Advance, unseen
from db.soundness import Standing
from db.tables.guard import OpenDay
from db.tables.statement import table_of, upsert
from db.tables.workspace import OwnLog, Setting

FILE_NAME: Final = "store.db"
PROJECTION_SETTING: Final = "projection_version"
DECLARED_SETTING: Final = "projection_declared"
_OF_THE_DAY: Final = ("day_opened", "day_closed")


class StoreError(RuntimeError):
    """The store cannot be used as it is; `code` says why.

    absent, present, schema: opening and creating; other_village: foreign lines; not_sound, disk_reserve: writing.
    """

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

    def leave_day(self) -> None:
        """Write what follows on no business day: an import is not part of a day's work."""
        self.writer = replace(self.writer, day=None)

    def change_log(self, log: int) -> None:
        """Go on, with no day open, in another log of this device, which `begin_own_log` made its own before."""
        self.writer = replace(self.writer, log=log, day=None)

    def append(self, body: Body, private: Mapping[str, str] | Carried | None = None) -> Fact:
        """Write a fact, its projections and its guards; `private` is personal text beside the line.

        Raises:
            GuardError: a rule the desk relies on would break; the whole action rolls back.
            MalformedLineError: the fact would break the format.
        """
        fact = self.append_many([(body, private)])[0]
        if fact.kind in _OF_THE_DAY:
            self.writer = replace(self.writer, day=fact.body["day"] if fact.kind == "day_opened" else None)
        return fact

    def append_many(self, sayings: Sequence[Saying]) -> list[Fact]:
        """Write facts with their projections at once; what each guard says holds after the last of them.

        For long rows of facts, as an import has them; the lines are those that `append` would write one by one.

        Raises:
            GuardError, MalformedLineError: as `append`.
            ValueError: a day is opened or closed among others, whose lines name the day.
        """
        if len(sayings) > 1 and any(body.KIND in _OF_THE_DAY for body, _private in sayings):
            raise ValueError("a day is opened and closed by append")
        facts = journal.append_many(self.connection, self.writer, sayings)
        projections.fold(self.connection, self.village, facts)
        for fact, (body, _private) in zip(facts, sayings, strict=True):
            guard.enforce(self.connection, fact, body)
        self.facts.extend(facts)
        return facts

    def next_id(self) -> int:
        """Return the id of what the next fact would create."""
        return entity_id(self.log, journal.last_seq(self.connection, self.village, self.log) + 1)


Continuation: TypeAlias = Callable[["Store", Stamp, int | None], None]
"""Begins the next log of a store whose own log was ended, at a moment and by an operator."""


@dataclass(frozen=True)
class Store:
    """An open store, written and read by one thread; `standing` says whether it may be written.

    `continuation` is asked for the next log where the own one was ended; without one nothing is written then.
    """

    engine: Engine
    village: int
    entropy: Entropy = os.urandom
    standing: Standing = field(default_factory=Standing, compare=False)
    continuation: Continuation | None = field(default=None, compare=False)

    @contextmanager
    def write(
        self, *, now: Stamp, by: int | None, begins_log: bool = False, uses_reserve: bool = False
    ) -> Iterator[Act]:
        """Begin an action of operator `by`; it commits when the block ends and rolls back if it raises.

        `begins_log` is for the one action that begins a new log in place of an ended one, `uses_reserve` for those
        that end the day's work and may take from the last of the disk. Where the own log was ended, nothing of this
        action has happened yet: the `continuation` begins the next log first, and the action is written there, once.

        Raises:
            LogEndedError: the own log must not be written any more, and there is no `continuation`.
            StoreError: the store is not sound (not_sound), or the disk is nearly full (disk_reserve).
        """
        writing = partial(self._write, now, by, begins_log=begins_log, uses_reserve=uses_reserve)
        with ExitStack() as stack:
            try:
                act = stack.enter_context(writing())
            except LogEndedError:
                if self.continuation is None:
                    raise
                self.continuation(self, now, by)
                act = stack.enter_context(writing())
            yield act

    @contextmanager
    def _write(self, now: Stamp, by: int | None, *, begins_log: bool, uses_reserve: bool) -> Iterator[Act]:
        self._require_sound()
        if not uses_reserve:
            self._require_room()
        with self._noting_disk_failures(), engines.transaction(self.engine, is_write=True) as connection:
            log, is_ended, day = connection.execute(_before_act(), {"of_village": self.village}).one()
            if is_ended and not begins_log:
                raise LogEndedError
            act = Act(connection, Writer(self.village, log, now, by, day, self.entropy))
            yield act
        self.standing.written += len(act.facts)
        self.standing.texts += sum(1 for fact in act.facts if fact.private is not None)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Read a consistent state; fetch all and end the block before any wait."""
        with engines.transaction(self.engine, is_write=False) as connection:
            yield connection

    @contextmanager
    def read_in_pieces(self) -> Iterator[Connection]:
        """Read much without holding a writer up: each statement sees its own moment."""
        with engines.in_pieces(self.engine) as connection:
            yield connection

    def look_up(self, statement_of: Callable[[], Select[Any]], **values: object) -> list[Any]:
        """Return the rows of one SELECT about this village (`of_village`), for what a queue of people waits for.

        Raises as `engine.look_up`.
        """
        return engines.look_up(self.engine, statement_of, of_village=self.village, **values)

    def receive(self, village: int, log: int, lines: Sequence[Sealed]) -> int:
        """Store foreign lines of this village or of the county's common village 0, with their consequences.

        Returns how many were new.

        Raises:
            MalformedLineError, GapError, ForkError: as `journal.store`; nothing is stored.
            StoreError: the lines belong to another village.
        """
        if village not in (0, self.village):
            raise StoreError("other_village", str(village))
        with self._noting_disk_failures(), engines.transaction(self.engine, is_write=True) as connection:
            count = journal.store(connection, village, log, lines)
            projections.project(connection, village)
            guard.reset_guards(connection, self.village, own_log(connection, self.village))
        self.standing.texts += sum(1 for sealed in lines if sealed.private is not None)
        return count

    def close(self) -> None:
        """Close the connection."""
        self.engine.dispose()

    def _require_sound(self) -> None:
        if self.standing.is_suspect:
            self.standing.faults = soundness.look_again(self.engine, self.village)
            self.standing.is_suspect = False
        if self.standing.faults:
            first = self.standing.faults[0]
            raise StoreError("not_sound", f"{first.code} {first.subject}")

    def _require_room(self) -> None:
        file = engines.file_of(self.engine)
        if file is not None and engines.free_bytes(file.parent) < engines.RESERVE_BYTES:
            raise StoreError("disk_reserve")

    @contextmanager
    def _noting_disk_failures(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            if engines.is_disk_failure(error):
                self.standing.is_suspect = True
            raise


def create_store(engine: Engine, village: int, entropy: Entropy = os.urandom) -> Store:
    """Lay out an empty store for a village and give it an own log with no fact in it yet.

    Raises:
        StoreError: there is one already (present).
    """
    with engines.transaction(engine, is_write=True) as connection:
        if migrations.current_version(connection) is not None:
            raise StoreError("present")
        migrations.upgrade(connection)
        engines.create_triggers(connection)
        projections.create_projections(connection)
        guard.create_guards(connection)
        planner.state_sizes(connection)
        connection.execute(insert(table_of(OwnLog)).values(village=village, log=mint_log(entropy), is_ended=0))
        _note_version(connection, village)
    return Store(engine, village, entropy)


def open_store(engine: Engine, entropy: Entropy = os.urandom, continuation: Continuation | None = None) -> Store:
    """Open the store that is there; projections of an older program are rebuilt first.

    `continuation` is the store's. What is asserted at every start stands in `standing`: a store that fails is open for
    reading and export alone.

    Raises:
        StoreError: there is none (absent), or its schema is another (schema).
    """
    with engines.transaction(engine, is_write=False) as connection:
        version = migrations.current_version(connection)
        if version is None:
            raise StoreError("absent")
        if version != migrations.HEAD:
            raise StoreError("schema", version)
        village = connection.execute(select(table_of(OwnLog).c.village)).scalar_one()
        standing = Standing(soundness.assert_sound(connection, village))
        held = setting(connection, village, PROJECTION_SETTING)
        is_same_program = setting(connection, village, DECLARED_SETTING) == projections.declared(held)
    store = Store(engine, village, entropy, standing, continuation)
    if not is_same_program:
        _follow_program(store)
    return store


def rebuild(store: Store, advance: Advance = unseen) -> int:
    """Throw projections and guards away and fold the whole journal again, in one transaction; return how many facts.

    `advance` is told how many facts were folded since it was told last.
    """
    with engines.transaction(store.engine, is_write=True) as connection:
        projections.drop_projections(connection)
        projections.create_projections(connection)
        guard.drop_guards(connection)
        guard.create_guards(connection)
        planner.state_sizes(connection)
        count = sum(projections.project(connection, village, advance) for village in journal.villages(connection))
        guard.reset_guards(connection, store.village, own_log(connection, store.village))
        _note_version(connection, store.village)
    return count


def _follow_program(store: Store) -> None:
    """Rebuild the tables of an older program; note that they are still the same where only words about them changed."""
    with engines.transaction(store.engine, is_write=True) as connection:
        held = setting(connection, store.village, PROJECTION_SETTING)
        is_current = held == projections.projection_version(connection)
        if is_current:
            _note_version(connection, store.village)
    if not is_current:
        rebuild(store)


def _note_version(connection: Connection, village: int) -> None:
    version = projections.projection_version(connection)
    set_setting(connection, village, PROJECTION_SETTING, version)
    set_setting(connection, village, DECLARED_SETTING, projections.declared(version))


def begin_own_log(connection: Connection, village: int, log: int) -> None:
    """Make `log` the one this device writes from now on; a day left open in the log before it is not this log's day."""
    own = table_of(OwnLog)
    connection.execute(update(own).where(own.c.village == village).values(log=log, is_ended=0))
    guard.reset_guards(connection, village, log)


def own_log(connection: Connection, village: int) -> int:
    """Return the number of the log this device writes."""
    own = table_of(OwnLog).c
    log: int = connection.execute(select(own.log).where(own.village == village)).scalar_one()
    return log


def is_log_ended(connection: Connection, village: int) -> bool:
    """Tell whether the log this device writes was handed on, so that it must begin a new one."""
    own = table_of(OwnLog).c
    return bool(connection.execute(select(own.is_ended).where(own.village == village)).scalar_one())


def latest_at(connection: Connection, village: int) -> int | None:
    """Return the wall milliseconds of the own log's last fact, or None before the first."""
    fact = _last_fact(connection, village)
    return None if fact is None else fact.at


def last_operator(connection: Connection, village: int) -> int | None:
    """Return who wrote the own log's last fact, or None before the first and where it was nobody."""
    fact = _last_fact(connection, village)
    return None if fact is None else fact.op


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


def _last_fact(connection: Connection, village: int) -> Fact | None:
    log = own_log(connection, village)
    head = journal.heads(connection, village, log).get(log)
    if head is None:
        return None
    [line] = journal.read_since(connection, village, log, head.seq - 1, 1)
    return read(line)


@cache
def _before_act() -> Select[Any]:
    own, day = table_of(OwnLog).c, table_of(OpenDay).c
    open_day = select(day.day).where(day.village == own.village).scalar_subquery()
    return select(own.log, own.is_ended, open_day).where(own.village == bindparam("of_village"))


def store_file(home: Path) -> Path:
    """Return where the store lies in a data folder."""
    return home / FILE_NAME
