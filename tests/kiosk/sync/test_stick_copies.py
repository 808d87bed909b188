"""Copied and restored machines of a village that has nothing but a stick."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from county import stick as answering
from county.hub import Hub, create_hub, open_engine
from county.stick import exchange_by_stick as answer_stick
from db.engine import open_sqlite
from db.store import open_store
from kiosk.continuation import go_on_in_next_log
from kiosk.domain.terminal import continue_terminal
from kiosk.errors import Refused
from kiosk.health import count_unsent
from kiosk.sync.stick import exchange_by_stick
from tests.kiosk.sync.test_stick import assert_same
from tests.sticks import let_in_by_hand
from tests.village import Village, seeded


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """An empty hub on SQLite."""
    made = create_hub(open_engine(tmp_path), seeded("hub"))
    yield made
    made.close()


@pytest.fixture
def village(tmp_path: Path, hub: Hub) -> Iterator[Village]:
    """A village of three households, reported by stick once."""
    made = Village(tmp_path / "village")
    for house in range(1, 4):
        made.award(made.household(1, house, "王小明"), 500)
    let_in_by_hand(made.store, hub)
    (tmp_path / "stick").mkdir()
    round_trip(hub, made)
    yield made
    made.close()


def round_trip(hub: Hub, village: Village, times: int = 1) -> None:
    """The stick goes to the county and home again."""
    for _ in range(times):
        stick = village.folder.parent / "stick"
        exchange_by_stick(village.store, stick, os.urandom, now=village.now)
        answer_stick(hub, stick)
        exchange_by_stick(village.store, stick, os.urandom, now=village.now)


def put_back(village: Village, content: bytes) -> None:
    """The machine starts on what its disk held once."""
    village.close()
    village.file.write_bytes(content)
    village.store = open_store(open_sqlite(village.file), os.urandom, go_on_in_next_log)


def household_of(village: Village) -> int:
    """The first household."""
    with village.store.read() as connection:
        return int(connection.exec_driver_sql("SELECT min(household_id) FROM household").scalar_one())


def points_of(village: Village) -> int:
    """What the first household has, hundredths."""
    statement, household = "SELECT redeemable_points FROM balance WHERE household_id = ?", household_of(village)
    with village.store.read() as connection:
        return int(connection.exec_driver_sql(statement, (household,)).scalar_one())


def is_awarded_after_a_trip(hub: Hub, village: Village) -> bool:
    """Let the stick travel, and award ten points; say whether that was done, or all had to be written again first."""
    round_trip(hub, village)
    try:
        village.award(household_of(village), 1_000)
    except Refused as refused:
        return refused.code != "log_recovered"
    return True


@pytest.mark.parametrize(("first", "second", "is_new"), [(1, 1, True), (3, 1, False), (1, 3, True), (2, 2, False)])
def test_both_branches_count_after_two_trips_when_a_copy_reports_by_stick(
    hub: Hub, village: Village, first: int, second: int, monkeypatch: pytest.MonkeyPatch, *, is_new: bool
) -> None:
    """The receipt brings the whole log at once, in any number of files: its first other line is where they part.

    So it is on a stick of its own and on one on which the last receipt still is.
    """
    monkeypatch.setattr(answering, "LINES_A_PARCEL", 10)
    copy, household = village.file.read_bytes(), household_of(village)
    for _ in range(first):
        village.award(household, 100)
    round_trip(hub, village)
    put_back(village, copy)
    for _ in range(second):
        village.award(household, 7)
    if is_new:
        shutil.rmtree(village.folder.parent / "stick")
        (village.folder.parent / "stick").mkdir()
    assert not is_awarded_after_a_trip(hub, village)
    round_trip(hub, village)
    assert points_of(village) == 500 + first * 100 + second * 7
    assert_same(hub, village)
    assert count_unsent(village.store).lines == 0
    assert is_awarded_after_a_trip(hub, village)


def test_end_of_the_old_log_goes_out_too_when_a_machine_was_restored(hub: Hub, village: Village) -> None:
    """What stood in the old log and had not travelled is unsent, and travels before what the new log says."""
    village.award(household_of(village), 100)
    assert count_unsent(village.store).lines == 1
    continue_terminal(village.store, now=village.now)
    assert count_unsent(village.store).lines == 1 + 2
    round_trip(hub, village)
    assert count_unsent(village.store).lines == 0
    assert_same(hub, village)
