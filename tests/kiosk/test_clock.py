"""Clocks and the count of boots."""

import time
from pathlib import Path

import pytest

from db.line import Stamp
from kiosk import clock
from kiosk.clock import ClockGoingOn, ManualClock, SystemClock, count_boot


def test_the_count_rises_when_the_machine_was_started_anew(tmp_path: Path) -> None:
    """A new boot gets a new number, the same boot keeps its own."""
    assert [count_boot(tmp_path, boot) for boot in ("a", "a", "b", "b", "a")] == [1, 1, 2, 2, 3]


def test_the_count_stays_above_all_before_when_its_file_is_damaged(tmp_path: Path) -> None:
    """A number that was given out is never given out again, even after the file was spoilt."""
    first = count_boot(tmp_path, "a")
    (tmp_path / "boot").write_bytes(b"\x00\xff\x00")
    after_damage = count_boot(tmp_path, "b")
    assert after_damage > first + 1_000_000
    assert count_boot(tmp_path, "c") == after_damage + 1


def test_stamps_move_forward_when_the_machine_runs(tmp_path: Path) -> None:
    """The system clock gives wall and monotonic milliseconds and a quality the format knows."""
    system = SystemClock(tmp_path)
    first = system.now()
    time.sleep(0.02)
    second = system.now()
    assert 10 <= second.mono - first.mono < 5_000
    assert abs(first.at - time.time() * 1000) < 5_000
    assert first.boot == second.boot == 1
    assert first.clock in {"f", "s"}


def test_a_second_program_has_the_same_boot_when_the_machine_went_on(tmp_path: Path) -> None:
    """Lateness may be counted across a restart of the program but not of the machine."""
    assert SystemClock(tmp_path).now().boot == SystemClock(tmp_path).now().boot


@pytest.mark.parametrize(
    ("at", "is_synchronised", "quality"),
    [(0, True, "u"), (1_600_000_000_000, False, "u"), (1_795_309_200_000, False, "f"), (1_795_309_200_000, True, "s")],
)
def test_the_quality_tells_what_the_clock_is_worth_when_it_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, at: int, *, is_synchronised: bool, quality: str
) -> None:
    """1970 is unknown, a clock nobody disciplines is free-running, a disciplined one synchronised."""
    monkeypatch.setattr(time, "time_ns", lambda: at * 1_000_000)
    monkeypatch.setattr(clock, "_kernel_is_synchronised", lambda: is_synchronised)
    assert SystemClock(tmp_path).now().clock == quality


def test_monotonic_time_goes_on_when_the_wall_clock_is_set_back() -> None:
    """What people do to the wall clock leaves the other alone."""
    manual = ManualClock(1_000_000, boot=3, mono=500)
    manual.advance(250)
    manual.set_wall(10)
    stamp = manual.now()
    assert (stamp.at, stamp.clock, stamp.boot, stamp.mono) == (10, "u", 3, 750)


def test_monotonic_time_begins_anew_when_the_machine_reboots() -> None:
    """A reboot is seen in the counter, and nothing is subtracted across it."""
    manual = ManualClock(1_000, mono=99)
    manual.reboot()
    assert (manual.now().boot, manual.now().mono) == (2, 0)


def test_clock_goes_on_where_a_village_was_left_when_weeks_have_passed() -> None:
    """Same weekday and hour, less than a week later, and time passes as it does."""
    left_at, week = 1_640_930_400_000, 7 * 24 * 3_600_000
    today = ManualClock(left_at + 250 * week + 3_600_000, clock="f", boot=4, mono=9)
    going_on = ClockGoingOn(today, left_at)
    assert going_on.now() == Stamp(left_at + 3_600_000, "f", 4, 9)
    today.advance(5_000)
    assert going_on.now() == Stamp(left_at + 3_605_000, "f", 4, 5_009)


def test_clock_is_as_it_is_when_a_village_was_left_just_now() -> None:
    """Within a week, and where the last line lies ahead, nothing is shifted."""
    for left_at in (1_000, 5_000, 90_000):
        assert ClockGoingOn(ManualClock(5_000), left_at).now().at == 5_000
