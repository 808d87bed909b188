"""A second desk of a village: set up by scanner and number pad from what the county made for it, with the same book."""

import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from county.provision import provision
from county.registry import decide, list_terminals
from county.stick import exchange_by_stick as answer_stick
from county.villages import Named, Service, keep_service
from db.journal import heads
from db.store import own_log, store_file
from db.wire.v1.set_up import SetUp, open_set_up, sheet_digits
from db.wire.v1.signed import fingerprint
from db.wire.versions import SPOKEN
from kiosk.clock import ManualClock
from kiosk.errand import Errands
from kiosk.errors import Refused
from kiosk.set_up import require_unused
from kiosk.settings import Settings
from kiosk.station import Station
from kiosk.store_care import lay_out_store
from tests.hands import Hands
from tests.kiosk.screens.pictures import PictureBook
from tests.screens import NINE_O_CLOCK, Desk, desk, make_station, real_keeper
from tests.sticks import plugged
from tests.succession import Story, opened, story_in
from tests.village import VILLAGE, Village, seeded

MOST_ACTIONS = 12
CODE = "1234567890"
CHECK = "123456789012"
PENDING = 'print(\'{"status": "pending", "fingerprint": "1111 2222 3333"}\')'
WRONG = "exit('... [enrolment_code_wrong]')"
UNREACHED = "exit('... [county_not_reached]')"


@dataclass
class Second:
    """A machine fresh from its box beside a village that reports, and what the county made for it."""

    story: Story
    home: Path
    folder: Path
    sheet: SetUp

    @property
    def barcode(self) -> str:
        """The first barcode of the sheet."""
        return sheet_digits(VILLAGE, self.sheet.said.code, self.sheet.fingerprint.replace(" ", ""))

    def approve(self, check: str) -> None:
        """An officer compares the digits that were read out, and lets the terminal in."""
        with self.story.hub.write() as connection:
            [asking] = [each for each in list_terminals(connection, VILLAGE) if each.state == "pending"]
            assert fingerprint(asking.public_key) == check
            decide(connection, VILLAGE, asking.log, "active", self.story.hub.now())


@pytest.fixture
def second(tmp_path: Path) -> Iterator[Second]:
    """The county wrote a stick and a sheet for one more desk."""
    with story_in(tmp_path) as story:
        with story.hub.write() as connection:
            keep_service(connection, Service(story.county.address, ""))
        provision(story.hub, tmp_path / "out", [Named(VILLAGE, "云岭村")], entropy=seeded("codes"))
        folder = tmp_path / "out" / f"{VILLAGE:04}"
        [file] = (folder / "kiosk").iterdir()
        yield Second(story, tmp_path / "second", folder, open_set_up(file.name, file.read_bytes(), SPOKEN))


@asynccontextmanager
async def at_desk(home: Path, language: str = "zh_CN", child: str | None = None) -> AsyncIterator[Desk]:
    """Switch a machine on; what it starts beside itself is the program, or a small one of the test."""
    clock = ManualClock(NINE_O_CLOCK)
    station = make_station(home, keeper=real_keeper(home, clock), settings=Settings(language=language), clock=clock)
    station.operator, station.day = None, None
    if child is not None:
        station._errands = Errands(home, (sys.executable, "-c", child))
    async with desk(station) as at:
        yield at


async def shown(at: Desk, *words: str) -> None:
    """Wait until words stand on the screen."""
    await at.until(lambda: all(word in at.text() for word in words))
    await at.settle()


def digits_on(at: Desk) -> str:
    """The terminal's own check digits, as the screen holds them."""
    check: str = at.app.screen._check  # type: ignore[attr-defined]  # because large digits are drawn, not written
    return check


def assert_same_book(story: Story, station: Station) -> None:
    """Everything the county holds of the village is here, and a log of its own is begun that has no seat."""
    assert station.store is not None
    with station.store.read() as here, story.hub.read() as there:
        back = heads(here, VILLAGE)
        own = own_log(here, VILLAGE)
        assert {log: head for log, head in back.items() if log != own} == heads(there, VILLAGE)
        assert own in back


async def test_second_desk_is_at_work_in_twelve_actions_when_the_sheet_is_scanned(second: Second) -> None:
    """The real programs and a real county: asked by the line, let in by telephone, and the book is there."""
    async with at_desk(second.home) as at:
        hands = Hands(at)
        await hands.press("3")
        await hands.scan(second.barcode, second.story.county.address)
        await shown(at, "和村里原来的机器一本账")
        await hands.press("plus")
        await shown(at, "报这台机器的校验数", "县里说可以了")
        second.approve(digits_on(at))
        await hands.press("asterisk")
        await shown(at, "兑换在第一台")
        assert_same_book(second.story, at.app.station)
        await hands.press("plus")
        await shown(at, "小票机")
        await hands.press("full_stop")
        await shown(at, "谁在值班")
        assert hands.actions <= MOST_ACTIONS


async def test_desk_becomes_the_second_when_it_was_begun_as_the_first_by_mistake(second: Second) -> None:
    """The county says that the village has one: one key, and the same sheet sets it up as one more desk."""
    async with at_desk(second.home) as at:
        hands = Hands(at)
        await hands.press("2")
        await hands.scan(second.barcode, second.story.county.address)
        await hands.press("plus")
        await at.until(lambda: at.refusal() == "village_has_terminal")
        assert "改成添一台" in at.text()
        await hands.press("asterisk")
        await shown(at, "本村添一台")
        assert (at.app.station.store, store_file(second.home).exists()) == (None, False)
        assert len(list(second.home.glob("store-before-restore-*.db"))) == 1
        await hands.scan(second.barcode, second.story.county.address)
        assert "和村里原来的机器一本账" in at.text()


def test_used_desk_is_kept_when_somebody_would_begin_again(tmp_path: Path) -> None:
    """A day was opened: nothing of it is put away."""
    lay_out_store(tmp_path, VILLAGE, "周会计")
    with opened(tmp_path) as store:
        require_unused(store)
    used = Village(tmp_path / "used")
    with pytest.raises(Refused, match="store_is_used"):
        require_unused(used.store)
    used.close()


async def test_second_desk_is_at_work_when_only_a_stick_travels(
    second: Second, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no line: the question goes on the stick, the county's answer comes back, and the book is there."""
    stick = plugged(second.folder, monkeypatch)
    with second.story.hub.write() as connection:
        keep_service(connection, Service("", "0857-0000000"))
    provision(second.story.hub, stick.parent, [Named(VILLAGE, "云岭村")], entropy=seeded("again"))
    async with at_desk(second.home) as at:
        hands = Hands(at)
        await hands.press("3")
        await shown(at, "云岭村", "和村里原来的机器一本账")
        await hands.press("plus")
        await shown(at, "申请写到U盘了")
        answer_stick(second.story.hub, stick)
        second.approve(digits_on(at))
        answer_stick(second.story.hub, stick, os.urandom)
        await hands.press("asterisk")
        await shown(at, "兑换在第一台")
        assert_same_book(second.story, at.app.station)
        assert at.app.station.settings.help_phone == "0857-0000000"
        await hands.press("plus", "full_stop")
        await shown(at, "谁在值班")
        assert hands.actions <= MOST_ACTIONS


async def test_joining_looks_as_before_when_the_sheet_is_scanned(
    book: PictureBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question, the county's digits, a code that was used, the own digits, and a line that is down."""
    monkeypatch.setattr("kiosk.sticks.find_sticks", list)
    async with at_desk(tmp_path, book.language, WRONG) as at:
        book.look(at, "start")
        await at.keys("3")
        book.look(at, "source")
        await at.scan(sheet_digits(VILLAGE, CODE, CHECK), "http://127.0.0.1:9")
        book.look(at, "confirm")
        await at.keys("plus")
        await at.until(lambda: at.refusal() == "enrolment_code_wrong")
        await at.settle()
        book.look(at, "code")
        at.app.station._errands = Errands(tmp_path, (sys.executable, "-c", PENDING))
        await at.keys(*CODE, "plus")
        await at.until(lambda: bool(digits_on(at)) and at.refusal() is None)
        await at.settle()
        book.look(at, "known")
        at.app.station._errands = Errands(tmp_path, (sys.executable, "-c", UNREACHED))
        await at.keys("asterisk")
        await at.until(lambda: at.refusal() == "county_not_reached")
        await at.keys("minus")
        await at.settle()
        await at.keys("minus")
        assert at.app.station.store is None
