"""Signing in at a meeting, with its share of the points of the end, against bare sqlite3 writing the same rows.

The meeting is one of households: 1,700 are expected, 150 come by card and the meeting ends; then all over again.
"""

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final, Protocol

from bench.fill import NOW, VILLAGE, Filled, entropy
from bench.measure import RUNS, Alternated, Row
from bench.redemption import timed
from db.engine import PRAGMAS, open_sqlite
from db.line import Stamp
from db.store import open_store, own_log, store_file
from kiosk.codes import PersonCard, read_code
from kiosk.domain.meeting import MeetingPlan, begin_meeting, open_unplanned
from kiosk.domain.meeting_end import end_meeting
from kiosk.domain.sign_in import sign_in_card

COMING: Final = 150
HALL_FULL: Final = 400
ONE_SECOND: Final = 1_000.0
BY_FACT: Final = ("line", "sign_in", "posting", "meeting_act", "meeting_closing")
BY_KEY: Final = ("balance", "guard_redeemable", "cursor")
"""Tables whose rows an evening writes: by the place of a fact, and by a key of their own."""


def rows(full: Filled, fresh: Filled) -> list[Row]:
    """Sign-ins on a full store and on one of the same village without its history, and the end of a large meeting."""
    ours, floor, small = Ours(full, "sign-in-ours"), Floor(full, "sign-in-floor"), Ours(fresh, "sign-in-fresh")
    _evening(small, ours, COMING)
    floor.learn(ours)
    against_floor = _alternated(floor, ours)
    against_fresh = _alternated(small, ours)
    _came, (_floor_end, end) = _evening(floor, ours, HALL_FULL)
    return [
        against_floor.row("sign-in with its points, 1,000,000 facts : bare sqlite3, p50", 3.0),
        against_floor.row("sign-in with its points, 1,000,000 facts : bare sqlite3, p95", 3.0, at=0.95),
        against_fresh.row("sign-in with its points, 1,000,000 facts : no history, p50", 1.15),
        Row(f"end of a meeting to which {HALL_FULL} households came : a second", ONE_SECOND, end, 1.0),
    ]


class Hall(Protocol):
    """Where people sign in one by one, and then it ends."""

    def open(self) -> None:
        """Let people come."""
        ...

    def come(self) -> None:
        """Sign in the next one."""
        ...

    def end(self) -> None:
        """End it, with the points of all who came."""
        ...


def _alternated(floor: Hall, ours: Hall) -> Alternated:
    """Hold RUNS evenings; return the milliseconds of each sign-in with its share of the end."""
    runs = []
    for _ in range(RUNS):
        came, ends = _evening(floor, ours, COMING)
        runs.append([[each + end / COMING for each in side] for side, end in zip(came, ends, strict=True)])
    return Alternated(tuple(run[0] for run in runs), tuple(run[1] for run in runs))


def _evening(floor: Hall, ours: Hall, coming: int) -> tuple[tuple[list[float], list[float]], tuple[float, float]]:
    """Let people come to both in turn, so that a disk that is busy elsewhere is busy for both."""
    for hall in (floor, ours):
        hall.open()
    came = [(timed(floor.come), timed(ours.come)) for _ in range(coming)]
    return ([pair[0] for pair in came], [pair[1] for pair in came]), (timed(floor.end), timed(ours.end))


class Ours:
    """The domain functions as the meeting screen calls them."""

    def __init__(self, filled: Filled, name: str) -> None:
        """Open a copy of a filled store."""
        self.home = filled.home.with_name(name)
        shutil.copytree(filled.home, self.home, dirs_exist_ok=True)
        self.store = open_store(open_sqlite(store_file(self.home)), entropy)
        codes = [code for card in filled.cards if isinstance(code := read_code(card), PersonCard)]
        self._numbers = [code.number for code in codes]
        self._operator, self._moment, self._came, self._meeting = filled.operator, NOW, 0, 0

    def open(self) -> None:
        """Open and begin a meeting of households."""
        now, by = self._now(), self._operator
        self._meeting = open_unplanned(self.store, MeetingPlan("villagers_meeting"), now=now, by=by)
        begin_meeting(self.store, self._meeting, now=self._now(), by=by)

    def come(self) -> None:
        """Scan the card of another household than before: a month has a cap for each of them."""
        number = self._numbers[self._came % len(self._numbers)]
        self._came += 1
        sign_in_card(self.store, self._meeting, number, VILLAGE, now=self._now(), by=self._operator)

    def end(self) -> None:
        """End the meeting."""
        end_meeting(self.store, self._meeting, now=self._now(), by=self._operator)

    def _now(self) -> Stamp:
        self._moment = Stamp(self._moment.at + 1, "s", self._moment.boot, self._moment.mono + 1)
        return self._moment


@dataclass(frozen=True)
class Write:
    """One row of a table as bare sqlite3 writes it; `seq` is where its own number stands, or None."""

    sql: str
    values: tuple[object, ...]
    seq: int | None


class Floor:
    """The rows of an evening, written by statements that are prepared once, in as many transactions."""

    def __init__(self, filled: Filled, name: str) -> None:
        """Open a copy of a filled store with the store's own pragmas."""
        home = filled.home.with_name(name)
        shutil.copytree(filled.home, home, dirs_exist_ok=True)
        self._connection = sqlite3.connect(store_file(home), isolation_level=None)
        for pragma, value in PRAGMAS.items():
            self._connection.execute(f"PRAGMA {pragma}={value}")
        self._seq = 10_000_000
        self._sign_in: list[Write] = []
        self._paid: list[list[Write]] = []
        self._came = 0

    def learn(self, ours: Ours) -> None:
        """Take down the rows of the last sign-in and of the end of the evening that ours held last."""
        with closing(sqlite3.connect(store_file(ours.home))) as connection, ours.store.read() as read:
            connection.row_factory = sqlite3.Row
            log = own_log(read, VILLAGE)
            signed, ended = (_last(connection, table, log) for table in ("sign_in", "meeting_act"))
            self._sign_in = _writes(connection, log, signed) + _by_key(connection, ("cursor",))
            after = range(signed + 1, ended + 1)
            self._paid = [_writes(connection, log, seq) + _by_key(connection, BY_KEY) for seq in after]

    def open(self) -> None:
        """Begin with nobody."""
        self._came = 0

    def come(self) -> None:
        """Write the rows of one sign-in."""
        self._came += 1
        self._commit([self._sign_in])

    def end(self) -> None:
        """Write the rows of an end with an award for each who came."""
        *awards, end = self._paid
        self._commit([*(awards[number % len(awards)] for number in range(self._came)), end])

    def _commit(self, facts: list[list[Write]]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for writes in facts:
            self._seq += 1
            for write in writes:
                values = list(write.values)
                if write.seq is not None:
                    values[write.seq] = self._seq
                self._connection.execute(write.sql, values)
        self._connection.execute("COMMIT")


def _last(connection: sqlite3.Connection, table: str, log: int) -> int:
    sql = f"SELECT max(seq) FROM {table} WHERE village = ? AND log = ?"  # noqa: S608  because the names stand above
    found: int = connection.execute(sql, (VILLAGE, log)).fetchone()[0]
    return found


def _writes(connection: sqlite3.Connection, log: int, seq: int) -> list[Write]:
    found = []
    for table in BY_FACT:
        sql = f"SELECT * FROM {table} WHERE village = ? AND log = ? AND seq = ?"  # noqa: S608  because the names stand above
        found += [_write(table, row, "INSERT") for row in connection.execute(sql, (VILLAGE, log, seq))]
    return found


def _by_key(connection: sqlite3.Connection, tables: Sequence[str]) -> list[Write]:
    found = []
    for table in tables:
        row = connection.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()  # noqa: S608  because the names stand above
        found.append(_write(table, row, "REPLACE"))
    return found


def _write(table: str, row: sqlite3.Row, verb: str) -> Write:
    names = row.keys()
    sql = f"{verb} INTO {table} ({','.join(names)}) VALUES ({','.join('?' * len(names))})"
    is_of_fact = verb == "INSERT" and "seq" in names
    return Write(sql, tuple(row), names.index("seq") if is_of_fact else None)
