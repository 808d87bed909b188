"""Reports beside the open till: when one starts, and what is known when it has ended."""

import sys
from pathlib import Path

import pytest

from kiosk.reporter import EVERY_SECONDS, Report, Reporter
from tests.hub import wait_until

HEADING = "Iface\tDestination\n"
ROUTE = HEADING + "eth0\t00000000\n"


class Seconds:
    """A clock moved by hand."""

    def __init__(self) -> None:
        """Start somewhere."""
        self.now = 100.0

    def __call__(self) -> float:
        """The seconds of now."""
        return self.now


def reporter(folder: Path, program: str, seconds: Seconds | None = None) -> Reporter:
    """A reporter whose report is a small program of the test."""
    routes = folder / "route"
    routes.write_text(ROUTE, "ascii")
    return Reporter(folder, (sys.executable, "-c", program), seconds or Seconds(), routes)


def runs(made: Reporter) -> bool:
    """Whether a report is under way now."""
    return made.is_running


def ended(made: Reporter) -> Report:
    """How the report ended that is under way."""

    def is_over() -> bool:
        made.look()
        return not made.is_running

    wait_until(is_over)
    assert made.last is not None
    return made.last


@pytest.mark.parametrize(
    ("program", "report"),
    [
        ('print(\'{"sent": 12, "received": 3}\')', Report(12, 3, None)),
        ("import sys; sys.exit('no line\\nlater  [county_not_reached]')", Report(0, 0, "county_not_reached")),
        ("import sys; sys.exit(76)", Report(0, 0, "unexpected")),
        ("print('rubbish')", Report(0, 0, "unexpected")),
    ],
)
def test_end_is_known_when_a_report_is_over(tmp_path: Path, program: str, report: Report) -> None:
    """Figures of a good one, the code of a refused one, and no crash for anything else."""
    made = reporter(tmp_path, program)
    assert made.last is None
    made.begin()
    assert ended(made) == report


def test_one_report_runs_at_a_time_when_several_are_asked_for(tmp_path: Path) -> None:
    """The second is the first; and closing the desk ends it at once."""
    made = reporter(tmp_path, "import time; time.sleep(60)")
    made.begin()
    first = made._running
    made.begin()
    made.look()
    assert made._running is first
    made.close()
    assert (made.is_running, made.last) == (False, Report(0, 0, "unexpected"))


def test_report_starts_again_when_an_hour_has_passed(tmp_path: Path) -> None:
    """Not before; and not at all where nobody ever asked for the first."""
    seconds = Seconds()
    made = reporter(tmp_path, "pass", seconds)
    made.look()
    assert not runs(made)
    made.begin()
    ended(made)
    seconds.now += EVERY_SECONDS - 1
    made.look()
    assert not runs(made)
    seconds.now += 1
    made.look()
    assert runs(made)
    ended(made)


def test_report_starts_when_a_network_appears(tmp_path: Path) -> None:
    """A stick with a telephone card is plugged in: the waiting lines go at once."""
    made = reporter(tmp_path, "pass")
    (tmp_path / "route").write_text(HEADING + "lo\t0000007F\n", "ascii")
    made.look()
    assert not runs(made)
    (tmp_path / "route").write_text(ROUTE, "ascii")
    made.look()
    assert runs(made)
    ended(made)


def test_nothing_starts_when_nobody_can_say_whether_there_is_a_network(tmp_path: Path) -> None:
    """No such file on this machine: the hour and the day still report."""
    made = reporter(tmp_path, "pass")
    (tmp_path / "route").unlink()
    made.look()
    made.look()
    assert not runs(made)
