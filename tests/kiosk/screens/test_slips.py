"""Slips entered from paper at a desk that was restored: number, household, points, and the next one."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from kiosk.bootstrap import Keeper
from kiosk.clock import ManualClock
from kiosk.settings import Settings
from kiosk.station import Operator
from tests.kiosk.domain.test_slip_recovery import Lost
from tests.ready import ready_desk
from tests.screens import LARGE, NINE_O_CLOCK, SMALL, Desk, desk, make_station


@pytest.fixture
def lost(tmp_path: Path) -> Lost:
    """A restored desk that misses two slips, its store closed."""
    made = Lost(tmp_path)
    made.store.close()
    return made


def on_screen(
    home: Path,
    operator: int,
    act: Callable[[Desk], Coroutine[Any, Any, None]],
    size: tuple[int, int] = SMALL,
    language: str = "en",
) -> None:
    """Open the screen at a desk and do something there."""

    async def run() -> None:
        clock = ManualClock(NINE_O_CLOCK)
        settings = Settings(village_name="云岭村", language=language)
        station = make_station(home, keeper=Keeper(home, clock, lambda: ""), settings=settings, clock=clock)
        station.operator = Operator(operator, "周会计")
        async with desk(station, size) as at:
            await at.until(lambda: station.store is not None)
            await at.settle()
            await at.open("slips")
            await act(at)

    asyncio.run(run())


def test_slip_counts_when_it_is_entered_from_paper(lost: Lost) -> None:
    """Barcode, number, household and points, one question each; the same slip again is told at its scan."""
    slip = lost.lost[0]

    async def act(at: Desk) -> None:
        assert "Last one known: 0123-1-000001" in at.text()
        await at.scan(slip.slip_code)
        assert "Barcode read" in at.text()
        await at.keys("2", "plus")
        assert "Whose is 0123-1-000002?" in at.text()
        await at.keys("3", ".", "1", "2", "plus")
        await at.keys("6", "plus")
        assert "0123-1-000002: 6 points of 王明's?" in at.text()
        await at.keys("plus")
        assert "0123-1-000002 is entered: 6 points, 4191 left" in at.text()
        await at.scan(slip.slip_code)
        assert at.refusal() == "slip_held_before"

    on_screen(lost.new.home, lost.dead.known.operator, act)
    lost.store = lost.new.open()
    assert lost.balance() == 420_000 - 300 - 600
    lost.store.close()


@pytest.mark.parametrize(("size", "language"), [(SMALL, "zh_CN"), (LARGE, "en")])
def test_nothing_counts_when_a_question_is_left_or_refused(lost: Lost, size: tuple[int, int], language: str) -> None:
    """Back from each question; a number that is held, points that are not there."""

    async def act(at: Desk) -> None:
        for answered in ((), ("3", ".", "1", "2", "plus"), ("3", ".", "1", "2", "plus", "6", "plus")):
            await at.keys("2", "plus", *answered, "minus")
            assert "000001" in at.text()
        for number, points, code in (("1", "6", "slip_held_before"), ("2", "9999", "points_missing")):
            await at.keys(number, "plus", "3", ".", "1", "2", "plus", *points, "plus", "plus")
            assert at.refusal() == code

    on_screen(lost.new.home, lost.dead.known.operator, act, size, language)
    lost.store = lost.new.open()
    assert lost.balance() == 420_000 - 300
    lost.store.close()


def test_nothing_is_asked_when_no_terminal_was_before(tmp_path: Path) -> None:
    """A first terminal has nothing to enter; it is a job of the data screen."""
    ready = ready_desk(tmp_path)

    async def act(at: Desk) -> None:
        assert "nothing to enter" in at.text()
        await at.keys("minus")
        await at.open("store_care")
        await at.keys("8")
        assert "nothing to enter" in at.text()

    on_screen(ready.home, ready.known.operator, act)
