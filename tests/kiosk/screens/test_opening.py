"""Who stands at the desk, and which day it is."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from db.store import store_file
from kiosk.clock import ManualClock
from kiosk.domain.opening import find_desk
from kiosk.domain.period import open_day
from kiosk.domain.terminal import OperatorMade, add_operator
from kiosk.screens.home import HomeScreen
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


def day_acts(home: Path) -> list[tuple[str, str, str | None, str | None, int | None]]:
    """What happened to business days, read from the file: act, day, the clock's day, its doubt, the second person."""
    with closing(sqlite3.connect(f"file:{store_file(home)}?mode=ro", uri=True)) as connection:
        query = "SELECT act, day, clock_day, doubt, signer_id FROM day_act ORDER BY seq"
        return connection.execute(query).fetchall()


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
        assert "先结昨天：2026-11-22 没有结账" in at.text()
        await at.keys("plus")
        assert find_desk(station.keeper.open()).days.open_day == "2026-11-23"


async def test_the_day_is_typed_when_the_clock_is_doubted(tmp_path: Path) -> None:
    """A machine without a battery begins in 1970: it says so, proposes nothing, and the day is what a person says."""
    station, operator = closed_desk(tmp_path, ManualClock(0, clock="u"))
    async with desk(station) as at:
        await at.scan(operator.badge)
        assert "时钟没有校过，它说 1970-01-01" in at.text()
        assert "对吗" not in at.text()
        await at.keys(*"20261332", "plus")
        assert at.refusal() == "date_unreadable"
        await at.keys(*"20261122", "plus")
        assert "今天 2026年11月22日 星期日，对吗" in at.text()
        assert "1970-01-01" in at.text()
        await at.keys("plus")
        assert station.day == TODAY


@pytest.mark.parametrize(
    ("wall", "quality", "words"),
    [
        (0, "u", "时钟没有校过，它说 1970-01-01"),
        (NINE_O_CLOCK - 2 * DAY, "f", "时钟比账上还早，它说 2026-11-20"),
        (4_070_908_800_000, "f", "时钟像是快了，它说 2099-01-01"),
    ],
)
async def test_the_open_day_goes_on_when_the_clock_is_doubted_and_somebody_says_so(
    tmp_path: Path, wall: int, quality: str, words: str
) -> None:
    """After a power cut nobody can tell today from tomorrow by such a clock: it is asked, and nothing is written."""
    clock = ManualClock(NINE_O_CLOCK)
    station, operator = closed_desk(tmp_path, clock)
    store = station.keeper.open()
    open_day(store, TODAY, now=clock.now(), by=operator.operator_id)
    clock.set_wall(wall, quality)
    written = store.standing.written
    async with desk(station) as at:
        await at.scan(operator.badge)
        for shown in (words, "看手机", "今天还是 2026年11月22日 星期日，对吗"):
            assert shown in at.text()
        await at.keys("plus")
        assert isinstance(at.app.screen, HomeScreen)
        assert (station.day, store.standing.written) == (TODAY, written)


async def test_the_day_is_moved_by_one_when_the_clock_says_2099(tmp_path: Path) -> None:
    """Forward of the last day, though far before the clock: one person says it, and the fact keeps both."""
    clock = ManualClock(NINE_O_CLOCK)
    station, operator = closed_desk(tmp_path, clock)
    open_day(station.keeper.open(), TODAY, now=clock.now(), by=operator.operator_id)
    clock.set_wall(4_070_908_800_000, "f")
    async with desk(station) as at:
        await at.scan(operator.badge)
        await at.keys("asterisk", *"20261123", "plus", "plus")
        assert station.day == "2026-11-23"
    assert day_acts(tmp_path)[-1] == ("opened", "2026-11-23", "2099-01-01", "ahead", None)


async def test_a_day_goes_back_when_a_second_badge_is_scanned(tmp_path: Path) -> None:
    """2099 was confirmed by mistake: alone nobody takes it back, with the secretary's badge the village has its day."""
    clock = ManualClock(NINE_O_CLOCK)
    station, operator = closed_desk(tmp_path, clock)
    store = station.keeper.open()
    open_day(store, "2099-01-01", now=clock.now(), by=operator.operator_id)
    with store.read() as connection:
        badges = connection.exec_driver_sql("SELECT badge, operator_id FROM operator ORDER BY operator_id").all()
    async with desk(station) as at:
        await at.scan(operator.badge)
        await at.keys("asterisk", *"20261122", "plus")
        assert "比上次营业 2099-01-01 还早：要第二个人刷工作证" in at.text()
        await at.keys("plus", "minus")
        assert find_desk(store).days.open_day == "2099-01-01"
        await at.keys("plus")
        await at.scan(operator.badge)
        assert at.refusal() == "right_missing"
        await at.keys("plus")
        await at.scan(badges[0][0])
        assert find_desk(store).days.open_day == TODAY
    assert day_acts(tmp_path)[-1] == ("opened", TODAY, TODAY, "behind", badges[0][1])


async def test_a_leap_is_said_when_a_wrong_digit_was_typed(tmp_path: Path) -> None:
    """A day far after the last one would bind the village to it."""
    clock = ManualClock(NINE_O_CLOCK)
    station, operator = closed_desk(tmp_path, clock)
    open_day(station.keeper.open(), TODAY, now=clock.now(), by=operator.operator_id)
    clock.advance(DAY)
    async with desk(station) as at:
        await at.scan(operator.badge)
        await at.keys("asterisk", *"20271123", "plus")
        assert "比上次营业 2026-11-22 晚 366 天" in at.text()
        await at.keys("asterisk", *"20261123", "plus")
        assert "晚" not in at.text()


async def test_three_days_left_open_are_one_close_when_the_next_opens(tmp_path: Path) -> None:
    """The desk was off since Sunday evening: two actions, and the day that was open is closed once."""
    clock = ManualClock(NINE_O_CLOCK)
    station, operator = closed_desk(tmp_path, clock)
    open_day(station.keeper.open(), TODAY, now=clock.now(), by=operator.operator_id)
    clock.advance(3 * DAY)
    async with desk(station) as at:
        await at.scan(operator.badge)
        assert "今天 2026年11月25日 星期三，对吗" in at.text()
        await at.keys("plus")
        assert station.day == "2026-11-25"
    assert [act[:2] for act in day_acts(tmp_path)] == [("opened", TODAY), ("closed", TODAY), ("opened", "2026-11-25")]


async def test_another_operator_is_chosen_when_somebody_goes_back(tmp_path: Path) -> None:
    """The wrong digit is put right before anything is written."""
    station, _ = closed_desk(tmp_path, ManualClock(NINE_O_CLOCK))
    async with desk(station) as at:
        await at.keys("1", "minus", "2", "plus")
        assert station.operator is not None
        assert station.operator.name == "李红"
