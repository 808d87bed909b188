"""Trying again: how long the waits are, when it ends, how much is sent at once, and at which minute a desk begins."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from db.wire.v1.frame import LARGEST_PIECE
from kiosk.commands.county import sync
from kiosk.errors import NotAllowed, TryAgain
from kiosk.hold import alone
from kiosk.sync.client import CutError
from kiosk.sync.retry import FIRST_PIECE, SMALLEST_PIECE, Pace, Patience, keep_trying, minute_of
from tests.ready import ready_desk


@dataclass
class Line:
    """A line that is cut a number of times; waiting takes no time but that of its own clock."""

    cuts: int
    waits: list[float] = field(default_factory=list)
    now: float = 0.0

    def session(self) -> str:
        """Be cut, or come to the end."""
        self.cuts -= 1
        if self.cuts >= 0:
            raise CutError("county_not_reached")
        return "done"

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.waits.append(seconds)
        self.now += seconds

    def patience(self, limit: float, chance: Callable[[], float] = lambda: 1.0) -> Patience:
        """Somebody at this line."""
        return Patience(limit, self.wait, lambda: self.now, chance)


def test_waits_grow_and_end_when_the_line_stays_down() -> None:
    """Two seconds, four, eight, up to two minutes; and no wait that would go beyond the limit."""
    line = Line(cuts=1_000)
    with pytest.raises(CutError):
        keep_trying(line.session, Pace(), line.patience(600))
    assert line.waits == [2, 4, 8, 16, 32, 64, 120, 120, 120]
    assert line.now <= 600


def test_waits_are_shorter_by_chance_when_many_were_cut_at_once() -> None:
    """Between half of it and all of it."""
    line = Line(cuts=3)
    chances = iter((0.0, 0.5, 1.0))
    assert keep_trying(line.session, Pace(), line.patience(600, lambda: next(chances))) == "done"
    assert line.waits == [1, 3, 8]


def test_nothing_is_tried_again_when_there_is_no_patience() -> None:
    """A caller that comes again by itself hears of the first cut."""
    line = Line(cuts=1)
    with pytest.raises(CutError):
        keep_trying(line.session, Pace(), Patience())
    assert line.waits == []


def test_waits_begin_anew_when_something_arrived_before_the_cut() -> None:
    """A line that carries a little each time is not left alone for longer and longer."""
    line, pace = Line(cuts=5), Pace()

    def session() -> str:
        pace.sent += line.cuts > 1
        return line.session()

    keep_trying(session, pace, line.patience(600))
    assert line.waits == [2, 2, 2, 2, 4]


def test_refusal_ends_the_run_when_it_is_no_cut() -> None:
    """Somebody else answers: waiting does not cure that."""
    line = Line(cuts=0)

    def session() -> str:
        raise TryAgain("county_not_itself")

    with pytest.raises(TryAgain, match="county_not_itself"):
        keep_trying(session, Pace(), line.patience(600))
    assert line.waits == []


def test_less_is_sent_at_once_when_the_line_is_cut() -> None:
    """Half after each cut down to the smallest, twice after each success up to the largest."""
    line, pace = Line(cuts=4), Pace()
    keep_trying(line.session, pace, line.patience(600))
    assert pace.size == SMALLEST_PIECE
    sizes = [pace.size]
    for _ in range(7):
        pace.quicken()
        sizes.append(pace.size)
    assert sizes[2] == FIRST_PIECE
    assert sizes[-2:] == [LARGEST_PIECE, LARGEST_PIECE]


def test_desks_begin_at_minutes_of_their_own_when_a_county_reports() -> None:
    """Always the same for one, and evenly over the time for all."""
    minutes = [minute_of(village, village * 7 + 1, 7_200) for village in range(1, 579)]
    assert minutes == [minute_of(village, village * 7 + 1, 7_200) for village in range(1, 579)]
    assert min(minutes) >= 0
    assert max(minutes) < 7_200
    quarters = [sum(1 for minute in minutes if minute // 1_800 == quarter) for quarter in range(4)]
    assert min(quarters) > 578 / 4 * 0.75
    assert minute_of(5, 5, 0) == 0


def test_desk_waits_for_its_minute_before_it_holds_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A restore need not wait for two hours; what the command says then is what it would have said at once."""
    ready, waits = ready_desk(tmp_path / "desk"), list[float]()

    def wait(seconds: float) -> None:
        waits.append(seconds)
        with alone(ready.home):  # nobody works in the folder
            pass

    monkeypatch.setattr(time, "sleep", wait)
    with pytest.raises(NotAllowed, match="not_enrolled"):
        sync(spread=7_200, patience=0, home=ready.home)
    assert len(waits) == 1
    assert 0 < waits[0] < 7_200
