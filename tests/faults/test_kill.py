"""The process is killed between any two statements of an action, or at any moment: the action is whole or absent.

What a killed process leaves is what the kernel holds of its files at that instant. So the files are copied between the
statements of one run, by a hook and not by a timer; that a real kill leaves no more is shown at the end.
"""

import os
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy import event

from db.invariants import find_faults
from db.journal import heads, verify
from db.projections import digest
from db.store import Store, rebuild
from kiosk.domain.card import issue_person_card
from kiosk.domain.people import HouseholdPlace, merge_household, register_household
from kiosk.domain.period import open_day
from kiosk.domain.points import Earning, Recipient, award_points
from kiosk.domain.terminal import continue_terminal
from tests.faults.figures import Recorder
from tests.faults.recording import JOURNAL, NAME, in_memory, recovered
from tests.ready import Ready, later, ready_desk
from tests.village import VILLAGE

KILLS = 20
LIVES = 10
ACTIONS: dict[str, Callable[[Ready], Callable[[Store], object]]] = {
    "redeem": lambda desk: desk.redeem,
    "award": lambda desk: (
        lambda store: award_points(
            store, (Recipient(desk.known.wang),), Earning("suggestion_adopted"), now=later(), by=desk.known.operator
        )
    ),
    "register": lambda desk: (
        lambda store: register_household(store, HouseholdPlace(4, 1), "赵新", now=later(), by=desk.known.operator)
    ),
    "issue": lambda desk: (
        lambda store: issue_person_card(store, desk.known.person, now=later(), by=desk.known.operator)
    ),
    "merge": lambda desk: (
        lambda store: merge_household(store, desk.known.li, desk.known.wang, now=later(), by=desk.known.operator)
    ),
    "open_day": lambda desk: lambda store: open_day(store, "2026-11-23", now=later(), by=desk.known.operator),
    "continue": lambda _desk: lambda store: continue_terminal(store, now=later()),
}


class Desk(Protocol):
    """A desk whose files are copied while something is done at it."""

    @property
    def home(self) -> Path:
        """The folder of its store."""
        ...

    def open(self) -> Store:
        """Open its store."""
        ...


def files_between_statements(desk: Desk, act: Callable[[Store], object]) -> list[dict[str, bytes]]:
    """Run an action and return the files as they are before each of its statements; BEGIN and COMMIT are statements."""
    found = []

    def copy(*_arguments: object) -> None:
        files = [desk.home / name for name in (NAME, JOURNAL)]
        found.append({file.name: file.read_bytes() for file in files if file.exists()})

    store = desk.open()
    event.listen(store.engine, "before_cursor_execute", copy)
    event.listen(store.engine, "commit", copy)
    act(store)
    store.close()
    return found


def check(content: bytes) -> int:
    """Check a store wholly (chain, invariants, tables that follow from the lines) and return its number of lines."""
    store = in_memory(content)
    with store.read() as connection:
        logs = heads(connection, VILLAGE)
        assert [fault for log in logs for fault in verify(connection, VILLAGE, log)] == []
        assert find_faults(connection, VILLAGE) == []
        live = digest(connection, VILLAGE)
    rebuild(store)
    with store.read() as connection:
        assert digest(connection, VILLAGE) == live
    store.close()
    return sum(head.seq for head in logs.values())


@pytest.mark.parametrize("action", ACTIONS)
def test_action_is_whole_or_absent_when_killed_between_any_two_statements(tmp_path: Path, action: str) -> None:
    """Every statement of every action: what was not confirmed left no trace, what was is there."""
    desk = ready_desk(tmp_path / "desk")
    before = desk.file.read_bytes()
    left = files_between_statements(desk, ACTIONS[action](desk))
    assert [recovered(tmp_path, files) == before for files in left] == [True] * len(left)
    assert len(left) > 5
    assert check(before) == desk.known.lines < check(desk.file.read_bytes())


def sell_for_ever(desk: Ready, confirmed: int) -> None:
    """Redeem in a process of its own and write the number of each confirmed redemption to a pipe."""
    store = desk.open(str(confirmed))
    while True:
        redeemed = desk.redeem(store)
        os.write(confirmed, b"%d\n" % redeemed.number)


def run_and_kill(desk: Ready, seconds: float) -> list[int]:
    """Let a process redeem, kill it `seconds` after its first redemption, and return the numbers it confirmed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            sell_for_ever(desk, writing)
        finally:
            os._exit(1)
    os.close(writing)
    select.select([reading], [], [], 30)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    with os.fdopen(reading, "rb") as pipe:
        return [int(line) for line in pipe.read().splitlines()]


def numbers_held(desk: Ready) -> list[int]:
    """Return the numbers of all redemptions a store holds, after the start that mends it."""
    store = desk.open()
    with store.read() as connection:
        numbers = connection.exec_driver_sql("SELECT number FROM redemption ORDER BY number").scalars().all()
    assert store.standing.faults == ()
    store.close()
    return list(numbers)


def kill_often(desk: Ready, kills: int) -> tuple[int, int]:
    """Kill a selling process many times on one store; return how many redemptions it confirmed and holds."""
    confirmed: list[int] = []
    held: list[int] = []
    for number in range(kills):
        confirmed += run_and_kill(desk, (number * 7 % 20) / 400)
        held = numbers_held(desk)
        assert held == list(range(1, len(held) + 1))
        assert set(confirmed) <= set(held)
        assert len(held) <= len(confirmed) + number + 1
    check(desk.file.read_bytes())
    return len(confirmed), len(held)


def test_confirmed_redemptions_are_kept_when_the_till_is_killed(tmp_path: Path, record_property: Recorder) -> None:
    """Twenty real kills at twenty moments of one life: nothing confirmed is lost, nothing is there twice."""
    confirmed, held = kill_often(ready_desk(tmp_path / "desk"), KILLS)
    record_property(
        "figure", f"kill -9 of a till: {KILLS} times, {confirmed} confirmed, {held} held, 0 lost, 0 doubled"
    )
    assert confirmed >= KILLS


@pytest.mark.torture
@pytest.mark.parametrize("life", range(LIVES))
def test_confirmed_redemptions_are_kept_when_the_till_is_killed_very_often(
    tmp_path: Path, life: int, record_property: Recorder
) -> None:
    """The same in ten more lives."""
    confirmed, held = kill_often(ready_desk(tmp_path / "desk"), KILLS)
    record_property(
        "figure", f"kill -9 of a till, life {life}: {KILLS} times, {confirmed} confirmed, {held} held, 0 lost"
    )
    assert confirmed >= KILLS
