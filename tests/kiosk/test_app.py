"""The shell: what reaches which screen, and what never does anything."""

import asyncio
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

import pytest
from stdnum import ean
from stdnum.iso7064 import mod_97_10
from textual import events
from textual.css.query import NoMatches
from textual.widgets import Static
from textual.worker import WorkerFailed

from kiosk import app as shell
from kiosk import keys
from kiosk.app import KioskApp
from kiosk.codes import Goods, HouseholdCard, command_number
from kiosk.devices.scanner.scan import Wire, make_scan
from kiosk.errors import Refused
from kiosk.screens.modals.badge import BadgeModal
from kiosk.screens.modals.confirm import ConfirmModal
from kiosk.shell import DeskScreen
from kiosk.station import Signal, Station
from tests.screens import Desk, FixedKeeper, desk, make_station, standing_store
from tests.terminal import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from db.store import Store
    from kiosk.station import Heard
    from tests.screens import RecordedDevices

GOODS = "6901234567892"
REFUSED_GOODS = "6990103300302"


HOUSEHOLD = "27012300000001" + mod_97_10.calc_check_digits("27012300000001")
BADGE = "30012300000001" + mod_97_10.calc_check_digits("30012300000001")


class CounterScreen(DeskScreen, inherit_bindings=False):
    """A till in small: notes what it gets, adds up slowly, asks when told to."""

    BINDINGS: ClassVar = keys.bindings("shell.accept", "shell.back")
    takes = (Goods, HouseholdCard)
    slow = 0.0

    def __init__(self, station: Station) -> None:
        super().__init__(station)
        self.got: list[str] = []

    def compose_body(self) -> "Iterable[Widget]":
        """Lay it out."""
        yield Static("", id="got")

    def draw(self) -> None:
        """Show what it got."""
        self.query_one("#got", Static).update(" ".join(self.got))

    async def take_scan(self, heard: "Heard") -> None:
        """Note a scan, slowly."""
        await asyncio.sleep(self.slow)
        if heard.scan.text == REFUSED_GOODS:
            raise Refused("item_unknown")
        self.got.append(heard.scan.text)
        self.draw()
        if isinstance(heard.code, HouseholdCard):
            self.acknowledge(Signal.DOUBLE)

    def on_key(self, event: events.Key) -> None:
        """Note a digit."""
        if event.key.isdigit():
            self.got.append(event.key)

    def action_accept(self) -> None:
        """Ask."""
        self.work(self._accept())

    async def _accept(self) -> None:
        signature = await self.ask(BadgeModal(self.station, "void"))
        self.got.append("nothing" if signature is None else signature.badge)
        sure = await self.ask(ConfirmModal(self.station, "sure"))
        self.got.append(str(sure))


class LookingScreen(CounterScreen, inherit_bindings=False):
    """A counter that first looks how things stand, and has nothing on it until it knows."""

    def on_mount(self) -> None:
        """Look."""
        self.work(self._look())

    async def _look(self) -> None:
        await asyncio.sleep(0.02)
        self.got = ["looked"]


@pytest.fixture
def station(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Station:
    """A station whose menu opens at once, with the counter in place of the till and of what the menu hands scans to."""
    for name in ("till", "balance"):
        monkeypatch.setitem(shell.SCREENS, name, f"{__name__}:CounterScreen")
    return make_station(tmp_path, keeper=FixedKeeper(standing_store()))


def counter(at: Desk) -> CounterScreen:
    """The counter that is open."""
    (found,) = [screen for screen in at.app.screen_stack if type(screen).__name__ == "CounterScreen"]
    return cast("CounterScreen", found)


def ean_8(number: int) -> str:
    """Goods number ``number``."""
    return f"{number:07d}{ean.calc_check_digit(f'{number:07d}')}"


async def test_scans_reach_the_active_screen_in_order_when_they_come_fast(station: Station) -> None:
    """Nothing is lost, merged or repeated while the screen is slow."""
    async with desk(station) as at:
        await at.open("till")
        counter(at).slow = 0.005
        codes = [ean_8(number) for number in range(1, 30)]
        await at.type_fast("".join(f"{code}\r" for code in codes))
        assert counter(at).got == codes
        assert at.devices.tones == [Signal.GOODS] * len(codes)


async def test_typed_digits_keep_their_place_when_scans_come_between(station: Station) -> None:
    """A quantity before or after a scan stays before or after it, however slow the scan is."""
    async with desk(station) as at:
        await at.open("till")
        counter(at).slow = 0.05
        moment = 100.0
        for part in ("3", f"{GOODS}\r", "5", f"{ean_8(7)}\r", "2"):
            for position, character in enumerate(part):
                name = "enter" if character == "\r" else character
                key = events.Key(name, character)
                key.time = moment + position * 0.002
                at.app.post_message(key)
            moment += 1.0
        await at.settle()
        assert counter(at).got == ["3", GOODS, "5", ean_8(7), "2"]


async def test_a_digit_waits_when_the_screen_that_it_is_for_is_only_being_built(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever knows the way types on while a screen opens; a screen that has not begun to look would lose the digit."""
    monkeypatch.setitem(shell.SCREENS, "till", f"{__name__}:LookingScreen")
    async with desk(station) as at:
        at.app.open("till")
        at.app.turns.put(events.Key("1", "1"))
        await at.settle()
        (screen,) = [screen for screen in at.app.screen_stack if isinstance(screen, CounterScreen)]
        assert screen.got == ["looked", "1"]


async def test_the_second_digit_is_for_the_screen_that_the_first_opened_when_both_lie_ready(station: Station) -> None:
    """On a busy machine a hand is ahead of the screen: what a list tells its screen comes before the next key."""
    async with desk(station) as at:
        for digit in "17":
            at.app.turns.put(events.Key(digit, digit))
        await at.settle()
        assert counter(at).got == ["7"]


async def test_a_refusal_stays_until_the_next_action_when_a_scan_is_refused(station: Station) -> None:
    """Reason and next step stand there until somebody does something; Enter is nobody's doing."""
    async with desk(station) as at:
        await at.open("till")
        await at.scan(REFUSED_GOODS)
        assert at.refusal() == "item_unknown"
        assert at.devices.tones == [Signal.REFUSAL]
        assert "请书记先登记商品" in at.text()
        assert "0857-0000000" in at.text()
        await at.keys("enter")
        assert at.refusal() == "item_unknown"
        await at.scan(GOODS)
        assert at.refusal() is None


async def test_a_kind_the_screen_does_not_take_is_refused_when_scanned(station: Station) -> None:
    """No scan is without an answer."""
    async with desk(station) as at:
        await at.open("till")
        await at.scan(BADGE)
        assert at.refusal() == "scan_not_here"
        assert counter(at).got == []


async def test_the_screen_gives_another_tone_when_it_says_so(station: Station) -> None:
    """One tone a scan: the screen's own takes the place of its kind's."""
    async with desk(station) as at:
        await at.open("till")
        await at.scan(HOUSEHOLD, GOODS)
        assert at.devices.tones == [Signal.DOUBLE, Signal.GOODS]


async def test_two_codes_are_two_scans_when_they_arrive_glued(station: Station) -> None:
    """A missing terminator between two codes loses neither."""
    async with desk(station) as at:
        await at.open("till")
        await at.scan(HOUSEHOLD + GOODS)
        assert len(counter(at).got) == 2
        assert at.devices.tones == [Signal.DOUBLE, Signal.GOODS]


async def test_a_question_takes_its_kind_and_refuses_others_when_open(station: Station) -> None:
    """While a badge is asked for, goods are refused and reach nobody; afterwards they do."""
    async with desk(station) as at:
        await at.open("till")
        await at.keys("plus")
        assert isinstance(at.app.screen, BadgeModal)
        await at.scan(GOODS)
        assert at.refusal() == "scan_not_here"
        await at.scan(BADGE)
        assert isinstance(at.app.screen, ConfirmModal)
        await at.keys("plus")
        await at.scan(GOODS)
        assert counter(at).got == [BADGE, "True", GOODS]


async def test_going_back_answers_nothing_when_a_question_is_open(station: Station) -> None:
    """The minus key leaves a question without an answer."""
    async with desk(station) as at:
        await at.open("till")
        await at.keys("plus", "minus", "escape")
        assert counter(at).got == ["nothing", "None"]


async def test_a_command_card_is_its_key_when_the_screen_has_it(station: Station) -> None:
    """Without any keyboard the card for back goes back; elsewhere it is refused."""
    async with desk(station) as at:
        await at.open("till")
        await at.scan(command_number(keys.action("shell.back").card or 0))
        assert at.app.screen.query("ChoiceList")
        await at.scan(command_number(keys.action("shell.accept").card or 0))
        assert at.refusal() == "command_not_here"
        await at.scan(command_number(99_999_999))
        assert at.refusal() == "command_not_here"


@pytest.mark.parametrize(
    "name", ["ctrl+q", "ctrl+c", "ctrl+p", "ctrl+z", "ctrl+d", "ctrl+backslash", "f1", "tab", "enter"]
)
async def test_nothing_opens_or_ends_when_a_scanner_types_a_control_key(station: Station, name: str) -> None:
    """The keys that end or open things in such programs do nothing here."""
    async with desk(station) as at:
        await at.open("till")
        screens, shown = list(at.app.screen_stack), at.text()
        at.app.post_message(events.Key(name, None))
        await at.settle()
        assert at.app.screen_stack == screens
        assert at.text() == shown
        assert at.app.is_running


async def test_one_pasted_line_is_one_scan_when_it_arrives(station: Station) -> None:
    """A paste is heard once although Textual shows it to the app twice; more lines are none."""
    async with desk(station) as at:
        await at.open("till")
        at.app.post_message(events.Paste(f"{GOODS}\n"))
        at.app.post_message(events.Paste(f"{GOODS}\n{GOODS}\n"))
        await at.settle()
        assert counter(at).got == [GOODS]


async def test_full_width_digits_are_digits_when_an_input_method_is_on(station: Station) -> None:
    """Typed and scanned digits from an input method in full width mean the same."""
    async with desk(station) as at:
        await at.open("till")
        wide = GOODS.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
        await at.type_fast(wide + "\r")
        await at.type_slowly("\uff13")
        assert [each.translate({0xFF10 + digit: str(digit) for digit in range(10)}) for each in counter(at).got] == [
            GOODS,
            "3",
        ]


async def test_a_serial_scan_arrives_when_another_thread_brings_it(station: Station) -> None:
    """The reader thread of a serial scanner feeds the same queue."""
    async with desk(station) as at:
        await at.open("till")
        assert at.devices.heard is not None
        scan = make_scan(GOODS, Wire.SERIAL, 1.0)
        await asyncio.to_thread(at.devices.heard, scan)
        await at.until(lambda: counter(at).got == [GOODS])


async def test_a_card_scanned_in_the_menu_is_the_first_of_the_screen_when_it_opens(station: Station) -> None:
    """One action less: nobody has to open anything before scanning, the order holds, and a scan sounds once."""
    async with desk(station) as at:
        await at.type_fast(f"{HOUSEHOLD}\r{GOODS}\r")
        assert counter(at).got == [HOUSEHOLD, GOODS]
        assert at.devices.tones == [Signal.DOUBLE, Signal.GOODS]


async def test_scans_wait_for_the_store_when_it_opens_slowly(station: Station) -> None:
    """What is scanned before the first job is not lost."""
    store = standing_store()
    gate = threading.Event()

    class SlowKeeper(FixedKeeper):
        def open(self) -> "Store":
            gate.wait(5)
            return super().open()

    station.keeper = SlowKeeper(store)
    app = KioskApp(station)
    async with app.run_test() as pilot:
        at = Desk(app, pilot, cast("RecordedDevices", station.devices))
        moment = 50.0
        for character in f"{HOUSEHOLD}\r":
            key = events.Key("enter" if character == "\r" else character, character)
            key.time = moment
            app.post_message(key)
        await asyncio.sleep(0.1)
        assert "正在打开" in at.text()
        gate.set()
        await at.settle()
        assert counter(at).got == [HOUSEHOLD]


async def test_work_draws_on_nothing_when_its_screen_has_gone(station: Station) -> None:
    """Work is never cancelled and may outlive its screen; on a screen that is there a missing widget is a fault."""
    async with desk(station) as at:
        await at.open("settings")
        gone = at.app.screen
        assert isinstance(gone, DeskScreen)
        with pytest.raises(NoMatches):
            await gone._guard(look_for_nothing(gone))
        await at.keys("minus")
        await at.until(lambda: not gone.is_running)
        await gone._guard(look_for_nothing(gone))


async def look_for_nothing(screen: DeskScreen) -> None:
    """Draw on a widget that is not there."""
    screen.query_one("#nowhere")


async def test_the_program_ends_with_the_fault_when_a_screen_is_broken(station: Station) -> None:
    """A fault of the program is not hidden from whoever watches over it."""

    async def break_down() -> None:
        async with desk(station) as at:
            await at.open("till")
            counter(at).work(asyncio.to_thread(int, "no number"))  # type: ignore[arg-type]  # because a result is ignored
            await at.until(lambda: not at.app.is_running)

    with pytest.raises(WorkerFailed, match="no number"):
        await break_down()
    log = (station.home / shell.FAULT_FILE).read_text(encoding="utf-8")
    assert "ValueError" in log
    assert "locals" not in log


@pytest.mark.parametrize("name", sorted(set(shell.SCREENS) - {"till"}))
def test_every_screen_of_the_table_can_be_loaded_when_opened(name: str) -> None:
    """A row of the table leads to a screen that says what it is for."""
    screen = shell.load_screen(name)
    assert issubclass(screen, DeskScreen)
    assert screen.__doc__


def test_no_store_library_is_loaded_when_the_first_frame_is_drawn() -> None:
    """The terminal shows something before the slow part begins."""
    probe = (
        "import sys, kiosk.launch, kiosk.app, kiosk.screens.start, kiosk.screens.home\n"
        "print([name for name in ('sqlmodel', 'sqlalchemy', 'pydantic', 'kiosk.domain', 'serial', 'tomlkit')"
        " if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ended.stdout.strip() == "[]"


async def test_nobody_is_asked_for_a_screen_when_the_program_has_none_any_more(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A timer that falls due while the program ends must not end it with a fault."""
    async with desk(station) as at:
        with monkeypatch.context() as ending:
            ending.setattr(KioskApp, "screen_stack", [])
            assert at.app.is_at_rest
