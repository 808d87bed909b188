"""The two ways to the store."""

import asyncio
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from db.line import Stamp
from db.store import Store
from db.wire.v1.signed import Key
from kiosk.errors import BadInput, NotAllowed, Refused, StoreFailed, TryAgain
from kiosk.health import Unsent
from kiosk.reporter import Report, Reporter
from kiosk.settings import load_settings
from kiosk.station import DEMO_VILLAGE, Operator, Station
from kiosk.sync.memory import County, keep_county, note_acknowledged
from tests.ready import later, ready_desk
from tests.screens import NINE_O_CLOCK, FixedKeeper, make_station


def opened(home: Path, village: int = 123) -> Station:
    """A station with an operator and something that stands for a store."""
    station = make_station(home)
    station.store = cast("Any", SimpleNamespace(village=village, close=lambda: None))
    station.operator = Operator(7, "李红")
    return station


def test_a_domain_function_gets_store_stamp_and_operator_when_done(tmp_path: Path) -> None:
    """The screen gives what the person did; time and operator come from the desk."""
    station = opened(tmp_path)

    def redeem(store: object, basket: str, *, now: Stamp, by: int) -> tuple[object, str, int, int]:
        return store, basket, now.at, by

    assert asyncio.run(station.do(redeem, "salt")) == (station.store, "salt", NINE_O_CLOCK, 7)
    station.close()


def test_a_reading_gets_the_store_alone_when_done(tmp_path: Path) -> None:
    """Reading needs neither operator nor clock."""
    station = opened(tmp_path)
    station.operator = None
    assert asyncio.run(station.read(lambda store, number: (store, number), 3)) == (station.store, 3)
    station.close()


def test_nothing_is_written_when_nobody_has_taken_the_desk(tmp_path: Path) -> None:
    """Every fact names who did it."""
    station = opened(tmp_path)
    station.operator = None
    with pytest.raises(NotAllowed, match="operator_missing"):
        asyncio.run(station.do(lambda *_args, **_kwargs: pytest.fail("written")))
    station.close()


def test_waiting_is_asked_for_when_the_store_is_not_open(tmp_path: Path) -> None:
    """A screen that comes too early is told so."""
    station = make_station(tmp_path)
    with pytest.raises(TryAgain, match="store_not_open"):
        asyncio.run(station.read(lambda store: store))
    station.close()


def test_everything_runs_on_one_thread_one_after_the_other_when_called_at_once(tmp_path: Path) -> None:
    """One thread owns the connection, so two writes never meet."""
    station = opened(tmp_path)
    log: list[tuple[str, int]] = []

    def note(_store: object, name: str, **_given: object) -> None:
        log.append((f"begin {name}", threading.get_ident()))
        time.sleep(0.01)
        log.append((f"end {name}", threading.get_ident()))

    async def run() -> None:
        await asyncio.gather(*(station.do(note, str(number)) for number in range(4)))

    asyncio.run(run())
    assert [name for name, _ in log] == [f"{edge} {number}" for number in range(4) for edge in ("begin", "end")]
    assert len({thread for _, thread in log}) == 1
    assert log[0][1] != threading.get_ident()
    station.close()


def test_a_write_goes_on_when_the_waiting_for_it_is_cancelled(tmp_path: Path) -> None:
    """A screen that goes away cannot take half a redemption with it."""
    station = opened(tmp_path)
    ended = threading.Event()

    def write(_store: object, **_given: object) -> None:
        time.sleep(0.05)
        ended.set()

    async def run() -> None:
        waiting = asyncio.create_task(station.do(write))
        await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(run())
    station.close()
    assert ended.is_set()


def fail_with(error: Exception) -> Callable[[object], None]:
    """A reading that fails."""

    def fail(_store: object) -> None:
        raise error

    return fail


def test_an_error_of_the_store_becomes_a_refusal_when_it_is_known(tmp_path: Path) -> None:
    """The person gets a next step, the log the cause."""
    station = opened(tmp_path)

    class Explaining(FixedKeeper):
        def explain(self, error: Exception) -> Refused | None:
            return StoreFailed("disk_full") if isinstance(error, OSError) else None

    station.keeper = Explaining()
    with pytest.raises(StoreFailed, match="disk_full") as refused:
        asyncio.run(station.read(fail_with(OSError(28, "No space left on device"))))
    assert isinstance(refused.value.__cause__, OSError)
    with pytest.raises(ZeroDivisionError):
        asyncio.run(station.read(fail_with(ZeroDivisionError())))
    with pytest.raises(Refused, match="points_missing"):
        asyncio.run(station.read(fail_with(Refused("points_missing"))))
    station.close()


def test_settings_hold_at_once_and_later_when_changed(tmp_path: Path) -> None:
    """What the settings screen switches is there for the next start too."""
    station = make_station(tmp_path)
    station.set(language="en", theme="dark")
    assert station.texts("keys.shell.back.label") == "Back"
    assert load_settings(tmp_path).theme == "dark"
    with pytest.raises(BadInput, match="settings_value"):
        station.set(theme="purple")
    station.close()


def test_the_demo_village_is_known_by_its_number_when_open(tmp_path: Path) -> None:
    """The colour of the status line follows the store and no setting."""
    demo, real = opened(tmp_path, DEMO_VILLAGE), opened(tmp_path, 123)
    assert demo.is_demo
    assert not real.is_demo
    demo.close()
    real.close()


def test_what_is_unsent_grows_when_something_is_written(tmp_path: Path) -> None:
    """Known after every action without asking the store; what the county answers meanwhile is asked for."""
    desk = ready_desk(tmp_path / "desk")
    store = desk.open()
    station = make_station(tmp_path / "home", keeper=FixedKeeper(store))
    assert station.unsent is None

    def acknowledge(store: Store) -> None:
        with store.write(now=later(), by=None) as act:
            note_acknowledged(act.connection, act.village, act.log, desk.known.lines, 5_000)

    async def use() -> list[Unsent | None]:
        await station.open_store()
        seen = [station.unsent]
        await station.read(desk.redeem)
        seen.append(station.unsent)
        await station.read(acknowledge)
        seen.append(station.unsent)
        await station.look_at_unsent()
        return [*seen, station.unsent]

    lines = desk.known.lines
    assert asyncio.run(use()) == [
        Unsent(lines, None),
        Unsent(lines + 1, None),
        Unsent(lines + 1, None),
        Unsent(1, 5_000),
    ]
    station.close()


def test_report_begins_when_the_day_of_an_enrolled_desk_is_opened_or_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A desk the county does not know, or reaches by nothing but a stick, starts nothing."""
    begun: list[str] = []
    monkeypatch.setattr(Reporter, "begin", lambda _self: begun.append("begun"))
    desk = ready_desk(tmp_path / "desk")
    store = desk.open()
    station = make_station(tmp_path / "home", keeper=FixedKeeper(store))

    def enrol(address: str, store: Store) -> None:
        with store.write(now=later(), by=None) as act:
            keep_county(act.connection, act.village, County(address, "ab" * 32, "cd" * 32, Key(bytes(32))))

    async def use() -> None:
        await station.open_store()
        station.look_after()
        for address in ("", "http://127.0.0.1:9"):
            assert begun == []
            await station.read(partial(enrol, address))
            await station.look_at_unsent()
            station.look_after()

    asyncio.run(use())
    assert begun == ["begun"]
    station.close()


def test_trouble_at_the_county_is_told_when_no_later_report_mends_it(tmp_path: Path) -> None:
    """A line that is down is nobody's matter; a terminal that was shut out is somebody's."""
    station = make_station(tmp_path / "home", keeper=FixedKeeper(None))
    assert station.county_trouble is None
    for refusal, told in ((None, False), ("county_not_reached", False), ("county_revoked", True), ("log_forked", True)):
        station.reporter.last = Report(0, 0, refusal)
        assert (station.county_trouble is not None) == told
    station.close()
