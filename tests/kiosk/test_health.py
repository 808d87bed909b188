"""What is measured at a desk."""

from pathlib import Path

import pytest

from db.line import Stamp
from kiosk import store_care
from kiosk.domain.terminal import continue_terminal
from kiosk.health import Saved, Unsent, available_memory, count_unsent, measure
from kiosk.store_care import back_up
from kiosk.sync.memory import note_acknowledged
from tests.ready import Ready, later, ready_desk


@pytest.fixture
def desk(tmp_path: Path) -> Ready:
    """A desk that is ready to sell."""
    return ready_desk(tmp_path / "desk")


def test_desk_is_measured_when_its_store_is_open(desk: Ready) -> None:
    """Disk, memory, clock, lines; nothing is saved yet."""
    store = desk.open()
    health = measure(desk.home, store, now=later())
    store.close()
    assert health.disk.store == desk.file.stat().st_size
    assert health.disk.free > 0
    assert (health.lines, health.clock, health.is_clock_plausible) == (desk.known.lines, "s", True)
    assert health.inside == health.outside == Saved(None, desk.known.lines)


def test_lines_since_a_backup_are_counted_when_something_was_sold(
    desk: Ready, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In lines and never in days: a clock may say anything."""
    stick = tmp_path / "stick"
    monkeypatch.setattr(store_care, "find_sticks", lambda: [stick])
    outside = back_up(desk.home, stick, now=later())
    store = desk.open()
    desk.redeem(store)
    inside = back_up(desk.home, now=later())
    desk.redeem(store)
    health = measure(desk.home, store, now=Stamp(at=0, clock="u", boot=1, mono=0))
    store.close()
    assert (health.inside, health.outside) == (Saved(inside, 1), Saved(outside, 2))
    assert not health.is_clock_plausible


@pytest.mark.parametrize(
    ("table", "octets"),
    [
        ("MemTotal:  10 kB\nMemAvailable:     2048 kB\n", 2 * 2**20),
        ("MemTotal: 10 kB\n", None),
        ("MemAvailable: much\n", None),
        ("MemAvailable:\n", None),
        ("rubbish", None),
    ],
)
def test_memory_is_read_when_the_kernel_says_it(tmp_path: Path, table: str, octets: int | None) -> None:
    """Whatever the table looks like, there is an answer or none."""
    (tmp_path / "meminfo").write_text(table)
    assert available_memory(tmp_path / "meminfo") == octets
    assert available_memory(tmp_path / "absent") is None


def test_everything_is_unsent_when_the_county_never_answered(desk: Ready) -> None:
    """A desk without a network counts and goes on."""
    store = desk.open()
    assert count_unsent(store) == Unsent(desk.known.lines, None)
    desk.redeem(store)
    assert count_unsent(store) == Unsent(desk.known.lines + 1, None)
    store.close()


def test_what_the_county_acknowledged_is_sent_when_it_is_noted(desk: Ready) -> None:
    """Up to a line of a log, and when; a county set up again from an older copy has less than before."""
    store = desk.open()
    log = desk.known.last_award // 2**33
    with store.write(now=later(), by=None) as act:
        note_acknowledged(act.connection, act.village, log, desk.known.lines, 5_000)
    assert count_unsent(store) == Unsent(0, 5_000)
    desk.redeem(store)
    assert count_unsent(store) == Unsent(1, 5_000)
    with store.write(now=later(), by=None) as act:
        note_acknowledged(act.connection, act.village, log, desk.known.lines - 4, 6_000)
    assert count_unsent(store) == Unsent(5, 6_000)
    store.close()


def test_a_new_log_is_unsent_when_the_old_one_was_acknowledged(desk: Ready) -> None:
    """After a restore the county has nothing of the new log, and its last answer stays the last."""
    store = desk.open()
    with store.write(now=later(), by=None) as act:
        note_acknowledged(act.connection, act.village, act.log, desk.known.lines, 5_000)
    continue_terminal(store, now=later())
    assert count_unsent(store) == Unsent(2, 5_000)
    store.close()
