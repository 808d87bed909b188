"""Reporting at the desk: by a stick there and back, one key each, and every way it can go wrong in a sentence."""

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from county.hub import Hub, create_hub, open_engine
from county.publish import publish_file
from county.stick import exchange_by_stick as answer_stick
from db.engine import transaction
from kiosk.bootstrap import Keeper
from kiosk.clock import ManualClock
from kiosk.errand import Errands
from kiosk.reporter import Reporter
from kiosk.settings import Settings
from kiosk.station import Operator
from kiosk.sync.memory import county_of, keep_county
from tests.kiosk.screens.pictures import PictureBook
from tests.menu import digits_to
from tests.ready import Ready, ready_desk
from tests.screens import LARGE, NINE_O_CLOCK, SMALL, Desk, desk, make_station
from tests.sticks import let_in_by_hand, plugged
from tests.village import seeded

GOODS = Path(__file__).parents[3] / "docs" / "samples" / "county-goods.toml"
HALF = (
    "import sys, time;"
    'print(\'{"stage": "%s", "done": 2000, "total": 4100}\', file=sys.stderr, flush=True);'
    "time.sleep(60)"
)

WRITTEN = 'print(\'{"received": 0, "written": 40, "skipped": 2}\')'


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """An empty hub."""
    made = create_hub(open_engine(tmp_path), seeded("hub"))
    yield made
    made.close()


@dataclass
class Enrolled:
    """A ready desk whose terminal the county knows, and the stick beside it."""

    ready: Ready
    stick: Path
    hub: Hub

    @asynccontextmanager
    async def at_desk(self, language: str = "zh_CN", size: tuple[int, int] = SMALL) -> AsyncIterator[Desk]:
        """Open the screen with the secretary at the desk."""
        clock = ManualClock(NINE_O_CLOCK)
        keeper = Keeper(self.ready.home, clock, lambda: "周会计")
        settings = Settings(village_name="云岭村", help_phone="0857-0000000", language=language)
        station = make_station(self.ready.home, keeper=keeper, settings=settings, clock=clock)
        station.operator = Operator(self.ready.known.operator, "周会计")
        async with desk(station, size) as at:
            await at.until(lambda: station.store is not None)
            await at.keys(*digits_to("county"))
            yield at


@pytest.fixture
def enrolled(tmp_path: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Enrolled:
    """A desk that was let in and has never reported."""
    ready = ready_desk(tmp_path / "desk")
    store = ready.open()
    let_in_by_hand(store, hub, "http://127.0.0.1:9")
    store.close()
    return Enrolled(ready, plugged(tmp_path / "STICK", monkeypatch), hub)


async def ended(at: Desk, *words: str) -> None:
    """Wait for the words that tell how it ended."""
    await at.until(lambda: all(word in at.text() for word in words))
    await at.settle()


async def test_village_reports_by_stick_when_one_key_is_pressed_each_way(enrolled: Enrolled) -> None:
    """Out with 2, home with 3; what is unsent is nothing then, and the county's lines are here."""
    async with enrolled.at_desk() as at:
        assert "还没有回过话" in at.text()
        await at.keys("2")
        await ended(at, "写好了，可以拔")
        publish_file(enrolled.hub, GOODS)
        assert answer_stick(enrolled.hub, enrolled.stick).stored == enrolled.ready.known.lines
        await at.keys("3")
        await ended(at, "读好了，可以拔。取回 4 条", "没有待上报的", "县里上次回话")
        await at.keys("3")
        await ended(at, "县里没有新的")


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_reporting_looks_as_before_when_all_goes_well(
    enrolled: Enrolled, book: PictureBook, size: tuple[int, int]
) -> None:
    """What is unsent, a report under way by line and by stick, and the end of one."""
    name = "small" if size == SMALL else "large"
    async with enrolled.at_desk(book.language, size) as at:
        book.look(at, f"{name}-ways")
        station = at.app.station
        for key, stage in (("2", "put"), ("3", "take")):
            station._errands = Errands(station.home, (sys.executable, "-c", HALF % stage))
            await at.keys(key)
            await ended(at, "2000/4100")
            book.look(at, f"{name}-{stage}")
            assert station.errands._running is not None
            station.errands._running._process.kill()
            await at.until(lambda: at.refusal() == "unexpected")
        station._reporter = Reporter(station.home, (sys.executable, "-c", HALF % "push"))
        await at.keys("1")
        await ended(at, "2000/4100")
        book.look(at, f"{name}-push")
        assert station.reporter._running is not None
        station.reporter._running._process.kill()
        await at.until(lambda: at.refusal() == "unexpected")
        station._reporter = Reporter(station.home, (sys.executable, "-c", 'print(\'{"sent": 48, "received": 3}\')'))
        await at.keys("1")
        await ended(at, {"zh_CN": "送出 48 条", "en": "48 sent"}[book.language])
        book.look(at, f"{name}-reported")
        station._errands = Errands(station.home, (sys.executable, "-c", WRITTEN))
        await at.keys("2")
        await ended(at, {"zh_CN": "可以拔", "en": "pull it out"}[book.language])
        book.look(at, f"{name}-written")


async def test_reporting_looks_as_before_when_it_fails(enrolled: Enrolled, book: PictureBook) -> None:
    """No line: reason and next step; nothing on the stick; no stick at all."""
    async with enrolled.at_desk(book.language) as at:
        station = at.app.station
        station._reporter = Reporter(station.home, (sys.executable, "-c", "exit('... [county_not_reached]')"))
        await at.keys("1")
        await at.until(lambda: at.refusal() == "county_not_reached")
        await at.settle()
        book.look(at, "no_line")
        station._errands = Errands(station.home, (sys.executable, "-c", "exit('... [stick_without_answer]')"))
        await at.keys("3")
        await at.until(lambda: at.refusal() == "stick_without_answer")
        await at.settle()
        book.look(at, "no_answer")
        enrolled.stick.rmdir()
        await at.keys("2")
        assert at.refusal() == "stick_absent"
        book.look(at, "no_stick")


async def test_stick_is_written_when_a_report_still_looks_for_a_line(enrolled: Enrolled) -> None:
    """A report tries again for minutes: whoever stands there with a stick need not wait for it."""
    async with enrolled.at_desk() as at:
        station = at.app.station
        station._reporter = Reporter(station.home, (sys.executable, "-c", HALF % "push"))
        await at.keys("1")
        await ended(at, "2000/4100")
        station._errands = Errands(station.home, (sys.executable, "-c", WRITTEN))
        await at.keys("2")
        await ended(at, "写好了，可以拔。40 条带去县里", "2000/4100")
        station.reporter.close()


async def test_digits_are_the_same_when_a_village_has_no_line(enrolled: Enrolled) -> None:
    """Where nothing but a stick travels 1 says so, and 2 writes the stick as anywhere."""
    store = enrolled.ready.open()
    with transaction(store.engine, is_write=True) as connection:
        known = county_of(connection, store.village)
        assert known is not None
        keep_county(connection, store.village, replace(known, address=""))
    store.close()
    async with enrolled.at_desk() as at:
        await at.keys("1")
        assert at.refusal() == "county_without_line"
        await at.keys("2")
        await ended(at, "写好了，可以拔")


async def test_till_goes_on_when_a_stick_is_written(enrolled: Enrolled) -> None:
    """The screen is left while the program writes; coming back it says how far it is."""
    async with enrolled.at_desk() as at:
        station = at.app.station
        station._errands = Errands(station.home, (sys.executable, "-c", HALF % "put"))
        await at.keys("2")
        await ended(at, "正在写U盘 2000/4100，先别拔")
        await at.keys("minus")
        store = enrolled.ready.open("beside")
        enrolled.ready.redeem(store)
        store.close()
        await at.keys(*digits_to("county"))
        await ended(at, "正在写U盘 2000/4100，先别拔")


async def test_only_the_way_in_is_offered_when_the_county_does_not_know_the_desk(
    tmp_path: Path, hub: Hub, book: PictureBook
) -> None:
    """A stranger can neither report nor write a stick, and sells all the same."""
    async with Enrolled(ready_desk(tmp_path / "desk"), tmp_path, hub).at_desk(book.language) as at:
        book.look(at, "stranger")
