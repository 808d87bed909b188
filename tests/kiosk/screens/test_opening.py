"""Who stands at the desk, and which day it is."""

from pathlib import Path

import pytest

from kiosk.clock import ManualClock
from kiosk.domain.opening import find_desk
from kiosk.domain.period import open_day
from kiosk.domain.terminal import OperatorMade, add_operator
from kiosk.screens.home import HomeScreen
from kiosk.screens.opening import proposed_day, read_day
from kiosk.station import Station
from tests.screens import NINE_O_CLOCK, FixedKeeper, desk, make_station, real_keeper

TODAY = "2026-11-22"
DAY = 24 * 3600 * 1000


def closed_desk(home: Path, clock: ManualClock) -> tuple[Station, OperatorMade]:
    """A station on a real store where nobody stands yet, with a second operator."""
    keeper = real_keeper(home, clock)
    store = keeper.create(123)
    first = find_desk(store).operators[0].operator_id
    added = add_operator(store, "李红", "attendant", now=clock.now(), by=first)
    station = make_station(home, keeper=FixedKeeper(store), clock=clock)
    station.operator = station.day = None
    return station, added


async def test_two_actions_open_the_day_when_a_badge_is_scanned(tmp_path: Path) -> None:
    """Task 9: the badge, the date confirmed, and the menu with both on its top line."""
    station, operator = closed_desk(tmp_path, ManualClock(NINE_O_CLOCK))
    async with desk(station) as at:
        assert "谁在值班" in at.text()
        await at.scan(operator.badge)
        assert "今天 2026年11月22日 星期日，对吗" in at.text()
        await at.keys("plus")
        assert isinstance(at.app.screen, HomeScreen)
        assert "李红" in at.lines()[0]
        assert "营业 11月22日" in at.lines()[0]
        assert station.store is not None
        assert find_desk(station.store).days.open_day == TODAY


async def test_the_operator_is_chosen_by_a_digit_when_there_is_no_badge_yet(tmp_path: Path) -> None:
    """A new village has printed no badge; the list names who may act."""
    station, _ = closed_desk(tmp_path, ManualClock(NINE_O_CLOCK))
    async with desk(station) as at:
        assert "村支书  书记" in at.text()
        assert "李红  值班员" in at.text()
        await at.keys("2", "plus")
        assert station.operator is not None
        assert station.operator.name == "李红"


async def test_nobody_takes_the_desk_when_the_badge_is_unknown(tmp_path: Path) -> None:
    """A badge of another village stands for nobody here."""
    station, _ = closed_desk(tmp_path, ManualClock(NINE_O_CLOCK))
    async with desk(station) as at:
        await at.scan("3001230000000167")
        assert at.refusal() in {"badge_unknown", "scan_not_here"}
        assert station.operator is None


async def test_the_day_goes_on_when_it_is_open_already(tmp_path: Path) -> None:
    """After a restart in the middle of the day the operator is all that is asked."""
    clock = ManualClock(NINE_O_CLOCK)
    station, operator = closed_desk(tmp_path, clock)
    open_day(station.keeper.open(), TODAY, now=clock.now(), by=operator.operator_id)
    async with desk(station) as at:
        await at.scan(operator.badge)
        assert isinstance(at.app.screen, HomeScreen)
        assert station.day == TODAY


async def test_a_day_left_open_is_closed_when_the_next_one_opens(tmp_path: Path) -> None:
    """Yesterday was never closed: the screen says so and one action does both."""
    clock = ManualClock(NINE_O_CLOCK)
    station, operator = closed_desk(tmp_path, clock)
    open_day(station.keeper.open(), TODAY, now=clock.now(), by=operator.operator_id)
    clock.advance(DAY)
    async with desk(station) as at:
        await at.scan(operator.badge)
        assert "2026-11-22 没有结账" in at.text()
        await at.keys("plus")
        assert find_desk(station.keeper.open()).days.open_day == "2026-11-23"


async def test_another_day_is_typed_when_the_clock_is_wrong(tmp_path: Path) -> None:
    """A machine without a battery begins in 1970; the day is what a person says."""
    station, operator = closed_desk(tmp_path, ManualClock(0, clock="u"))
    async with desk(station) as at:
        await at.scan(operator.badge)
        await at.keys("asterisk", *"20261332", "plus")
        assert at.refusal() == "date_unreadable"
        await at.keys(*"20261122", "plus", "plus")
        assert station.day == TODAY


async def test_an_earlier_day_is_refused_when_typed(tmp_path: Path) -> None:
    """The business day never goes back."""
    clock = ManualClock(NINE_O_CLOCK)
    station, operator = closed_desk(tmp_path, clock)
    open_day(station.keeper.open(), TODAY, now=clock.now(), by=operator.operator_id)
    clock.advance(DAY)
    async with desk(station) as at:
        await at.scan(operator.badge)
        await at.keys("asterisk", *"20261101", "plus", "plus")
        assert at.refusal() == "day_goes_back"
        assert station.day is None


async def test_another_operator_is_chosen_when_somebody_goes_back(tmp_path: Path) -> None:
    """The wrong digit is put right before anything is written."""
    station, _ = closed_desk(tmp_path, ManualClock(NINE_O_CLOCK))
    async with desk(station) as at:
        await at.keys("1", "minus", "2", "plus")
        assert station.operator is not None
        assert station.operator.name == "李红"


@pytest.mark.parametrize(
    ("today", "latest", "asked"),
    [(TODAY, None, TODAY), (TODAY, "2026-11-20", TODAY), ("1970-01-01", "2026-11-20", "2026-11-20")],
)
def test_the_day_asked_about_is_never_before_the_latest_when_the_clock_is_behind(
    today: str, latest: str | None, asked: str
) -> None:
    """A clock that lost its time does not propose the past."""
    assert proposed_day(today, latest) == asked


@pytest.mark.parametrize(
    ("typed", "day"),
    [("20261122", TODAY), ("20260229", None), ("2026112", None), ("00000000", None), ("20240229", "2024-02-29")],
)
def test_a_typed_day_is_one_of_the_calendar_when_read(typed: str, day: str | None) -> None:
    """Eight digits, and a day there is."""
    assert read_day(typed) == day
