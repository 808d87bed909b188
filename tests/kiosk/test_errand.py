"""Programs beside the till: how far they are, how they ended, and that nothing waits for them."""

import sys
from pathlib import Path

import pytest

from kiosk.errand import NICENESS, Ended, Errands, Progress
from tests.hub import wait_until

TOLD = 'print(\'{"stage": "put", "done": 3, "total": 9}\\n{"stage"\', file=sys.stderr, flush=True)'


def errands(folder: Path, program: str) -> Errands:
    """Errands that are a small program of the test."""
    return Errands(folder, (sys.executable, "-c", f"import sys, time; {program}"))


def end_of(made: Errands) -> Ended:
    """How the errand ended that is under way."""
    wait_until(lambda: made.look() is not None)
    assert made.last is not None
    return made.last


@pytest.mark.parametrize(
    ("program", "ended"),
    [
        ("print('{\"written\": 3}')", Ended({"written": 3}, None)),
        ("sys.exit('no\\nnext  [stick_full]')", Ended({}, "stick_full")),
        ("print('[1]')", Ended({}, "unexpected")),
        ("sys.exit(70)", Ended({}, "unexpected")),
        ("sys.stderr.write('x' * 300000); print('{}')", Ended({}, None)),
    ],
)
def test_end_is_known_when_a_program_is_over(tmp_path: Path, program: str, ended: Ended) -> None:
    """Values of a good one, the code of a refused one; and one that talks much is not held up."""
    made = errands(tmp_path, program)
    made.begin("out", "stick")
    assert end_of(made) == ended
    assert (made.name, made.is_running, made.progress) == ("out", False, None)


def test_progress_is_known_when_a_program_tells_it(tmp_path: Path) -> None:
    """The last whole line; half of one is waited for. A second errand is not begun beside the first."""
    made = errands(tmp_path, f"{TOLD}; time.sleep(60)")
    made.begin("out")
    made.begin("home")
    wait_until(lambda: made.look() is None and made.progress is not None)
    assert (made.name, made.progress) == ("out", Progress("put", 3, 9))
    made.close()
    assert (made.is_running, made.last) == (False, Ended({}, "unexpected"))


def test_errand_stands_back_when_the_till_has_work(tmp_path: Path) -> None:
    """It runs at a lower priority than the desk: a sale goes first."""
    made = errands(tmp_path, f"import os\nwhile os.nice(0) < {NICENESS}: time.sleep(0.01)\nprint('{{}}')")
    made.begin("out")
    assert end_of(made) == Ended({}, None)


def test_end_is_unexpected_when_no_program_can_be_started(tmp_path: Path) -> None:
    """A machine without memory for another process: said like any other end."""
    made = Errands(tmp_path, (str(tmp_path / "nothing"),))
    made.begin("out")
    assert (made.is_running, made.last) == (False, Ended({}, "unexpected"))
