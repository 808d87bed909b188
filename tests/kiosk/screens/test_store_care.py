"""The screen that looks after the data, with the real store behind it."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from db.backup import list_backups
from db.export import check_export
from db.store import latest_at, open_store
from kiosk.bootstrap import Keeper
from kiosk.clock import ManualClock
from kiosk.locale import ENGLISH
from kiosk.settings import Settings
from kiosk.station import Operator, Station
from kiosk.store_care import BACKUPS, back_up, verify_store
from tests.ready import Ready, later, ready_desk
from tests.screens import LARGE, NINE_O_CLOCK, SMALL, Desk, desk, make_station

Opened = Callable[..., AbstractAsyncContextManager[Desk]]
AN_HOUR_LATER = NINE_O_CLOCK + 3_600_000


@pytest.fixture
def ready(tmp_path: Path) -> Ready:
    """A desk that is ready to sell."""
    return ready_desk(tmp_path / "desk")


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stick that is plugged in."""
    folder = tmp_path / "stick"
    folder.mkdir()
    for place in ("kiosk.store_care.find_sticks", "kiosk.sticks.find_sticks"):
        monkeypatch.setattr(place, lambda: [folder])
    return folder


@pytest.fixture(autouse=True)
def no_sticks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's own sticks are nobody's business."""
    for place in ("kiosk.store_care.find_sticks", "kiosk.sticks.find_sticks"):
        monkeypatch.setattr(place, list)


def station_of(ready: Ready, language: str = "zh_CN") -> Station:
    """A station with the real keeper, and the secretary at the desk."""
    clock = ManualClock(NINE_O_CLOCK)
    keeper = Keeper(ready.home, clock, lambda: "周会计")
    settings = Settings(village_name="云岭村", help_phone="0857-0000000", language=language)
    station = make_station(ready.home, keeper=keeper, settings=settings, clock=clock)
    station.operator = Operator(ready.known.operator, "周会计")
    return station


def on_screen(
    ready: Ready,
    act: Callable[[Desk], Coroutine[Any, Any, None]],
    size: tuple[int, int] = SMALL,
    language: str = "zh_CN",
) -> None:
    """Open the screen from the menu and do something there."""

    async def run() -> None:
        station = station_of(ready, language)
        async with desk(station, size) as at:
            await at.until(lambda: station.store is not None)
            await at.settle()
            await at.open("store_care")
            await act(at)

    asyncio.run(run())


def spoil(ready: Ready) -> None:
    """Change a line far back."""
    connection = sqlite3.connect(ready.file)
    connection.execute("DROP TRIGGER line_update_refused")
    connection.execute("UPDATE line SET line = x'7b7d' WHERE seq = 9")
    connection.execute(
        "CREATE TRIGGER line_update_refused BEFORE UPDATE ON line"
        " BEGIN SELECT RAISE(ABORT, 'journal_is_append_only'); END"
    )
    connection.commit()
    connection.close()


def test_jobs_and_the_age_of_backups_are_shown_when_the_screen_opens(ready: Ready) -> None:
    """Seven jobs under seven digits, and how many lines no backup has."""

    async def act(at: Desk) -> None:
        assert f"已记 {ready.known.lines} 条，其中 {ready.known.lines} 条还没备份" in at.text()
        for digit, job in enumerate(("备份到U盘", "备份在本机", "检查机器", "核对全部记录", "导出记录到U盘"), start=1):
            assert f" {digit}  {job}" in at.text()

    on_screen(ready, act)


def test_backup_is_made_when_its_digit_is_pressed(ready: Ready) -> None:
    """One key, and what came of it; a second key goes back to the jobs."""

    async def act(at: Desk) -> None:
        await at.keys("2")
        assert f"备份好了，共 {ready.known.lines} 条" in at.text()
        await at.keys("+")
        assert "备份在本机" in at.text()

    on_screen(ready, act)
    assert [each.lines for each in list_backups(ready.home / BACKUPS)] == [ready.known.lines]


def test_stick_may_be_taken_out_when_the_backup_is_on_it(ready: Ready, stick: Path) -> None:
    """The screen says so; without a stick it says what to do."""

    async def act(at: Desk) -> None:
        await at.keys("1")
        assert "写好了，可以拔" in at.text()

    on_screen(ready, act)
    assert len(list_backups(stick / BACKUPS)) == 1


@pytest.mark.parametrize("digit", ["1", "5"])
def test_stick_is_asked_for_when_none_is_plugged_in(ready: Ready, digit: str) -> None:
    """A refusal with its next step, and the jobs stay."""

    async def act(at: Desk) -> None:
        await at.keys(digit)
        assert at.refusal() == "stick_absent"
        assert "插好U盘" in at.text()
        assert "备份到U盘" in at.text()

    on_screen(ready, act)


def test_one_of_several_sticks_is_chosen_when_they_are_plugged_in(
    ready: Ready, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a digit; going back makes no backup."""
    second = tmp_path / "second"
    second.mkdir()
    monkeypatch.setattr("kiosk.sticks.find_sticks", lambda: [stick, second])

    async def act(at: Desk) -> None:
        await at.keys("1", "-")
        assert "备份到U盘" in at.text()
        await at.keys("1", "2")
        assert "可以拔" in at.text()

    on_screen(ready, act)
    assert not (stick / BACKUPS).exists()
    assert len(list_backups(second / BACKUPS)) == 1


def test_records_are_written_out_when_a_stick_is_there(ready: Ready, stick: Path) -> None:
    """Three files that fit each other."""

    async def act(at: Desk) -> None:
        await at.keys("5")
        assert "kiosk-0123-20261122T0900" in at.text()

    on_screen(ready, act)
    assert check_export(stick / "kiosk-0123-20261122T0900") == []


def test_every_record_is_checked_when_asked(ready: Ready) -> None:
    """On a copy, with a figure at the end."""

    async def act(at: Desk) -> None:
        await at.keys("4")
        assert f"{ready.known.lines} 条全部核对，没有问题" in at.text()

    on_screen(ready, act)


def test_till_is_closed_when_a_record_is_broken(ready: Ready) -> None:
    """Found by the long check, refused at the next sale, and exported all the same."""
    spoil(ready)

    async def act(at: Desk) -> None:
        await at.keys("4")
        assert at.refusal() == "journal_broken"
        store = at.app.station.store
        assert store is not None
        assert store.standing.faults

    on_screen(ready, act)


def test_tables_are_computed_again_when_confirmed(ready: Ready) -> None:
    """Asked first; going back changes nothing. A till that wrong tables had closed is open again."""
    connection = sqlite3.connect(ready.file)
    connection.execute("UPDATE balance SET redeemable_points = 1")
    connection.commit()
    connection.close()

    async def act(at: Desk) -> None:
        await at.keys("6", "-")
        assert verify_store(ready.home).faults
        await at.keys("4")
        assert at.refusal() == "journal_broken"
        await at.keys("6", "+")
        assert f"按 {ready.known.lines} 条记录重新算好" in at.text()
        store = at.app.station.store
        assert store is not None
        assert store.standing.faults == ()

    on_screen(ready, act)
    assert verify_store(ready.home).faults == ()


def test_what_is_to_be_done_is_shown_when_the_desk_is_examined(ready: Ready) -> None:
    """Only what is not in order, each with its next step, worst first."""

    async def act(at: Desk) -> None:
        await at.keys("3")
        assert "项要注意" in at.text()
        assert "小票机还没有设" in at.text()
        assert "→ 请安装员" in at.text()
        assert "SQLite" not in at.text()

    on_screen(ready, act)


def restore_by_hand(badge: str, digit: str = "7") -> Callable[[Desk], Coroutine[Any, Any, None]]:
    """Choose the first backup, confirm, and let somebody sign."""

    async def act(at: Desk) -> None:
        await at.keys(digit)
        assert "用哪一份备份" in at.text()
        await at.keys("1")
        assert "用这份备份恢复" in at.text()
        await at.keys("+")
        assert "另一位负责人" in at.text()
        await at.scan(badge)

    return act


def test_desk_is_opened_again_when_a_backup_was_restored(ready: Ready) -> None:
    """Five actions: job, backup, yes, badge, go on. Nothing confirmed is missing, and the day is asked for.

    The instant is the desk's: the demo village's clock stands in its own year.
    """
    back_up(ready.home, now=later())
    store = ready.open()
    ready.redeem(store)
    store.close()

    async def act(at: Desk) -> None:
        at.app.station.clock = ManualClock(AN_HOUR_LATER)
        await restore_by_hand(ready.known.second_badge)(at)
        assert "没有缺" in at.text()
        assert at.app.station.operator is None
        store = at.app.station.store
        assert store is not None
        with store.read() as connection:
            assert latest_at(connection, store.village) == AN_HOUR_LATER
        await at.keys("-")
        assert "没有缺" in at.text()
        await at.keys("+")
        assert "周会计" in at.text()
        assert "吴监督" in at.text()

    on_screen(ready, act)
    assert len(list(ready.home.glob("store-before-restore-*.db"))) == 1


def test_store_stays_open_when_the_wrong_person_signs(ready: Ready) -> None:
    """The operator at the desk cannot sign alone; the store goes on as it was."""
    back_up(ready.home, now=later())

    async def act(at: Desk) -> None:
        await restore_by_hand(ready.known.badge)(at)
        assert at.refusal() == "signer_is_maker"
        assert "备份在本机" in at.text()
        station = at.app.station
        assert station.operator is not None
        assert station.store is not None
        ready.redeem(station.store)

    on_screen(ready, act)
    assert list(ready.home.glob("store-before-restore-*.db")) == []


@pytest.mark.parametrize("keys", [("7",), ("7", "-"), ("7", "1", "-"), ("7", "1", "+", "-")])
def test_nothing_happens_when_somebody_goes_back_from_a_restore(ready: Ready, keys: tuple[str, ...]) -> None:
    """Three questions, each of which can be left."""
    back_up(ready.home, now=later())
    before = ready.file.read_bytes()

    async def act(at: Desk) -> None:
        await at.keys(*keys, "-")

    on_screen(ready, act)
    assert ready.file.read_bytes() == before


def test_backup_is_missed_when_there_is_none(ready: Ready) -> None:
    """A refusal that says where to look."""

    async def act(at: Desk) -> None:
        await at.keys("7")
        assert at.refusal() == "backup_absent"

    on_screen(ready, act)


def from_start(ready: Ready, home: Path, act: Callable[[Desk], Coroutine[Any, Any, None]]) -> None:
    """Start the program on a data folder and open the screen from the first one."""

    async def run() -> None:
        station = station_of(Ready(home, ready.known))
        station.operator = None
        async with desk(station) as at:
            await at.settle()
            await at.keys("/")
            await act(at)

    asyncio.run(run())


def test_dead_terminal_is_replaced_when_its_stick_is_plugged_in(ready: Ready, stick: Path, tmp_path: Path) -> None:
    """Six actions on a new machine from the first screen to opening the day: no shell, no letter key."""
    back_up(ready.home, stick / BACKUPS, now=later())
    home = tmp_path / "new"

    async def act(at: Desk) -> None:
        assert "这里还没有数据" in at.text()
        assert "备份在本机" not in at.text()
        await restore_by_hand(ready.known.badge, "1")(at)
        assert "照纸单补录" in at.text()
        await at.keys("+")
        assert "周会计" in at.text()

    from_start(ready, home, act)
    store = Ready(home, ready.known).open()
    assert store.standing.faults == ()
    store.close()


def test_broken_store_is_examined_and_restored_when_it_does_not_open(ready: Ready) -> None:
    """The first screen leads here; what is wrong is said, and the backup mends it."""
    back_up(ready.home, now=later())
    ready.file.write_bytes(b"rubbish" * 1_000)

    async def act(at: Desk) -> None:
        await at.keys("2")
        assert "项要注意" in at.text()
        await at.keys("+")
        await restore_by_hand(ready.known.badge, "1")(at)
        assert "照纸单补录" in at.text()

    from_start(ready, ready.home, act)
    assert open_store(Ready(ready.home, ready.known).open().engine).standing.faults == ()


@pytest.mark.parametrize("language", ["zh_CN", ENGLISH])
@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_every_line_fits_when_the_desk_is_examined(ready: Ready, size: tuple[int, int], language: str) -> None:
    """In both languages and sizes the last finding and the line of keys are on the screen."""

    async def act(at: Desk) -> None:
        await at.keys("3")
        lines = at.lines()
        assert any("→" in line for line in lines)
        assert "+" in lines[-1]

    on_screen(ready, act, size, language)
