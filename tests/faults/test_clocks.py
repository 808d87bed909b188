"""Whatever the clock says, the books are the same: nothing that matters depends on a wall clock."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Connection, select

from db import projections
from db.line import Stamp
from kiosk.clock import ManualClock
from tests.faults.figures import Recorder
from tests.faults.flow import actions_at
from tests.faults.recording import in_memory
from tests.ready import Ready, ready_desk

QUICK = 50
LONG = 2_000
EPOCHS = {
    "1970": 0,
    "1999": 946_684_799_000,
    "2026": 1_795_305_600_000,
    "2038": 2_147_483_647_000,
    "2106": 4_294_967_295_000,
}
OF_THE_CLOCK = {"at", "clock", "clock_day", "doubt"}
"""Columns that keep what a clock said, for an auditor."""
Books = dict[str, list[tuple[object, ...]]]


def books(connection: Connection) -> Books:
    """Return every row of every projection without what a clock said, nor that two must look at a day it doubted."""
    return {
        table.name: [
            tuple(row)
            for row in connection.execute(
                select(*(column for column in table.columns if column.name not in OF_THE_CLOCK))
                .where(*([table.c.kind != "day_moved"] if table.name == "request" else []))
                .order_by(*table.primary_key)
            )
        ]
        for table in projections.tables()
    }


def schedule(seed: int) -> Callable[[], Stamp]:
    """Return a clock that lies: it jumps between the ages, goes backwards, stands still, and the machine reboots."""
    chance = Random(seed)
    clock = ManualClock(chance.choice(list(EPOCHS.values())), clock=chance.choice("ufs"))

    def now() -> Stamp:
        match chance.randrange(5):
            case 0:
                clock.set_wall(
                    chance.choice(list(EPOCHS.values())) + chance.randint(-10_000, 10_000), chance.choice("ufs")
                )
            case 1:
                clock.set_wall(clock.now().at - chance.randint(0, 10**10))
            case 2:
                clock.reboot()
            case 3:
                clock.advance(chance.randint(0, 10**9))
            case _:
                pass
        return clock.now()

    return now


@cache
def before() -> tuple[bytes, Ready]:
    """The ready desk as bytes."""
    with TemporaryDirectory() as folder:
        desk = ready_desk(Path(folder))
        return desk.file.read_bytes(), desk


def books_after(now: Callable[[], Stamp]) -> Books:
    """Return the books after the morning, by some clock."""
    content, desk = before()
    store = in_memory(content, seed="clocks")
    for action in actions_at(desk, now):
        action(store)
    with store.read() as connection:
        found = books(connection)
    store.close()
    return found


def differing(seeds: range) -> list[int]:
    """Return the seeds whose books differ from those by an honest clock."""
    honest = ManualClock(EPOCHS["2026"])
    expected = books_after(honest.now)
    assert len(expected["redemption"]) == 3
    return [seed for seed in seeds if books_after(schedule(seed)) != expected]


def test_books_are_the_same_when_the_clock_lies(record_property: Recorder) -> None:
    """Fifty clocks that jump to 1970, 2038 and 2106, run backwards or stand still."""
    wrong = differing(range(QUICK))
    record_property("figure", f"clock schedules: {QUICK} seeds, {len(wrong)} other books")
    assert wrong == []


@pytest.mark.torture
def test_books_are_the_same_when_very_many_clocks_lie(record_property: Recorder) -> None:
    """The same, two thousand times."""
    wrong = differing(range(QUICK, QUICK + LONG))
    record_property("figure", f"clock schedules: {LONG} seeds, {len(wrong)} other books")
    assert wrong == []
