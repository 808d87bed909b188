"""The Textual app: a table of screens, the way of every scan and key to the active screen, and nothing else.

Keys from the terminal go into the ``Wedge``, which tells scans from typing by the time of the key itself. Scans and
typed keys then wait in one queue (``Turns``) and reach the active screen strictly in order, one at a time. Stock input
widgets, the command palette and the keys that quit Textual programs are off: a scanner can type them.
"""

from __future__ import annotations

import asyncio
import importlib
import traceback
import unicodedata
from collections import deque
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import events
from textual.app import App

from kiosk import keys, loading
from kiosk.codes import CommandCard, Glued, Goods, Misread, Unknown, WeighedGoods, read_code
from kiosk.devices.scanner.scan import Wire, make_scan
from kiosk.devices.scanner.wedge import Press, Wedge, WedgeSettings
from kiosk.errors import ExitCode, Refused
from kiosk.palette import ROLES, THEMES
from kiosk.shell import Listener
from kiosk.station import Heard, Signal
from kiosk.terminal_driver import TerminalDriver
from kiosk.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from textual.dom import DOMNode
    from textual.screen import Screen
    from textual.timer import Timer

    from kiosk.codes import Code
    from kiosk.devices.scanner.scan import Scan
    from kiosk.station import Operator, Station

# Every screen once: name -> module and class, imported when it is first opened.
SCREENS: Final[dict[str, str]] = {
    "start": "kiosk.screens.start:StartScreen",
    "opening": "kiosk.screens.opening:OpeningScreen",
    "home": "kiosk.screens.home:HomeScreen",
    "balance": "kiosk.screens.balance:BalanceScreen",
    "day_close": "kiosk.screens.day_close:DayCloseScreen",
    "till": "kiosk.screens.till:TillScreen",
    "award": "kiosk.screens.award:AwardScreen",
    "card_desk": "kiosk.screens.card_desk:CardDeskScreen",
    "find": "kiosk.screens.find:FindScreen",
    "meeting": "kiosk.screens.meeting:MeetingScreen",
    "waiting_list": "kiosk.screens.waiting_list:WaitingListScreen",
    "suggestions": "kiosk.screens.suggestions:SuggestionsScreen",
    "store_care": "kiosk.screens.store_care:StoreCareScreen",
    "slips": "kiosk.screens.slips:SlipsScreen",
    "sheets": "kiosk.screens.sheets:SheetsScreen",
    "reports": "kiosk.screens.report:ReportScreen",
    "scanner_test": "kiosk.screens.scanner_test:ScannerTestScreen",
    "settings": "kiosk.screens.settings:SettingsScreen",
    "stock": "kiosk.screens.stock:StockScreen",
    "terms": "kiosk.screens.terms:TermsScreen",
    "fund": "kiosk.screens.fund:FundScreen",
    "operators": "kiosk.screens.operators:OperatorsScreen",
    "county": "kiosk.screens.county:CountyScreen",
    "forms": "kiosk.screens.forms:FormsScreen",
    "set_up": "kiosk.screens.set_up:SetUpScreen",
    "join": "kiosk.screens.set_up:JoinScreen",
    "replace": "kiosk.screens.replace:ReplaceScreen",
    "locked": "kiosk.screens.locked:LockedScreen",
    "practice": "kiosk.screens.practice:PracticeScreen",
}


# The screens that others are opened on; each is a mode of its own.
BASES: Final = ("start", "home")

FAULT_FILE: Final = "faults.log"
KEPT_KEYS: Final = 200
UNSENT_SECONDS: Final = 60.0
LOCK_LOOK_SECONDS: Final = 5.0
_RETRY_SECONDS: Final = 0.002
_NOT_AN_ACTION: Final = frozenset({"enter", "tab", "ctrl+j"})


def load_screen(name: str) -> type[Listener[Any]]:
    """Import the class of a screen. Raises KeyError for a name that is not in the table."""
    module, _, class_name = SCREENS[name].partition(":")
    screen: type[Listener[Any]] = getattr(importlib.import_module(module), class_name)
    return screen


class KioskApp(App[ExitCode], inherit_bindings=False):
    """One desk on one terminal."""

    CSS_PATH = "theme.tcss"
    ENABLE_COMMAND_PALETTE = False
    ESCAPE_TO_MINIMIZE = False
    DEFAULT_MODE = "start"
    NOTIFICATION_TIMEOUT: ClassVar[float] = 5

    def __init__(self, station: Station) -> None:
        """Build the app of ``station``; nothing is opened before the first frame."""
        super().__init__(driver_class=TerminalDriver)
        self.station = station
        self.recent_keys: deque[events.Key] = deque(maxlen=KEPT_KEYS)
        self.turns: Turns[Heard | events.Key] = Turns(self._deliver, self._in_front)
        settings = station.settings
        self._wedge = Wedge(WedgeSettings(gap=settings.scanner_gap_milliseconds / 1000, prefix=settings.scanner_prefix))
        self._settling: asyncio.TimerHandle | None = None
        self._keys_taken = self._scans_heard = 0
        self._last_touch: tuple[int, Operator | None] = (-1, None)
        self._touched_at = 0
        station.shell = self
        for mode in BASES:
            self.add_mode(mode, partial(self._build, mode))
        for theme in THEMES:
            self.register_theme(theme)
        self._is_ready = self._is_leaving = self.wants_practice = False
        self._awaited: set[asyncio.Event] = set()
        self._ahead: Timer | None = None
        self._was_at_rest = False
        self._dress()
        self.stylesheet.set_variables(self.get_css_variables())

    # --- Textual ---

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give the roles of colour that the style sheet names."""
        return dict(ROLES)

    def on_ready(self) -> None:
        """From the first frame on the style sheet may be read again, and what a sale needs is loaded."""
        self._is_ready = True
        self.set_timer(loading.LONGEST_SECONDS, loading.end)
        self._ahead = self.set_interval(loading.REST_SECONDS, self._load_ahead)

    def refresh_css(self, animate: bool = True) -> None:  # noqa: FBT001, FBT002  because Textual's own signature
        """Read the style sheet again; before the first frame it has just been read, with the theme's variables."""
        if self._is_ready:
            super().refresh_css(animate=animate)

    def on_mount(self) -> None:
        """Listen to keys, scanners and what comes and goes on the screen."""
        self.run_worker(self.turns.run(), name="turns")
        self.screen_change_signal.subscribe(self, self._follow_screen, immediate=True)
        self.station.devices.listen(self._hear_from_thread, self.bell)
        self.set_interval(LOCK_LOOK_SECONDS, self.look_at_rest)
        self.set_interval(UNSENT_SECONDS, lambda: self.run_worker(self._look_at_unsent(), name="unsent"))

    async def on_event(self, event: events.Event) -> None:
        """Take keys and pastes on their way in; everything else, and what was forwarded, is Textual's."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._take_key(event)
        elif isinstance(event, events.Paste):
            if not event.is_forwarded:
                self._take_paste(event)
        else:
            await super().on_event(event)

    def on_terminal_driver_arrived(self, message: TerminalDriver.Arrived) -> None:
        """Take the keys and pastes that came from the terminal together."""
        for piece in message.pieces:
            if isinstance(piece, events.Key):
                self._take_key(piece)
            else:
                self._take_paste(piece)

    @property
    def is_at_rest(self) -> bool:
        """Whether every key and scan that arrived has been handled."""
        return self._wedge.deadline is None and not self.message_queue_size and self.turns.is_idle

    def _fatal_error(self) -> None:
        """Write a fault of the program to a file, without the values of variables: they hold people's names."""
        with (self.station.home / FAULT_FILE).open("a", encoding="utf-8") as log:
            log.write(f"{self.station.clock.now()}\n{traceback.format_exc()}\n")
        self._close_messages_no_wait()

    def _load_ahead(self) -> None:
        """Load what a sale needs, beside the question that nobody has answered since the last look."""
        was_at_rest, self._was_at_rest = self._was_at_rest, self.is_at_rest and self.station.store is not None
        if was_at_rest and self._was_at_rest and self._ahead is not None:
            self._ahead.stop()
            self.run_worker(self.station.aside(loading.load_ahead), name="ahead")

    def look_at_rest(self) -> None:
        """Lock the desk if nobody has touched it for as long as the settings say, and nothing is under way."""
        touched = self._keys_taken + self._scans_heard, self.station.operator
        now = self.station.clock.now().mono
        if touched != self._last_touch:
            self._last_touch, self._touched_at = touched, now
        minutes = self.station.settings.lock_minutes
        rested = now - self._touched_at
        if minutes and rested >= minutes * 60_000 and self.station.operator is not None and self._may_lock():
            self.lock()

    def _may_lock(self) -> bool:
        """Not over a question that waits for its answer, nor while something is being written."""
        return isinstance(self.screen, Listener) and not self.screen.is_modal and self.is_at_rest

    async def _look_at_unsent(self) -> None:
        """Notice what the county has acknowledged meanwhile; what is wrong with the store others say."""
        with suppress(Refused):
            await self.station.look_at_unsent()

    # --- What a screen may ask (kiosk.station.Shell) ---

    def has(self, name: str) -> bool:
        """Say whether the table has a screen of this name; at the practice desk there is only what is practised."""
        return name in SCREENS and (self.station.coach is None or self.station.coach.practises(name))

    def open(self, name: str, heard: Heard | None = None, *more: Heard) -> None:
        """Open a screen on top; ``heard`` and what follows is the first it hears."""
        if heard is not None:
            self.turns.put_first(heard, *more)
        self.push_screen(self._build(name))

    def go_home(self) -> None:
        """Leave every screen above the menu, or go from the start screen to the menu."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.switch_mode("home")

    def practise(self) -> None:
        """End here; the program goes on with the practice desk, and comes back when that is left."""
        self.wants_practice = True
        self.leave()

    def lock(self) -> None:
        """Take the rights of whoever serves away; the screen in front stays below as it is."""
        self.station.lock()
        self.open("locked")

    def begin(self, work: Coroutine[Any, Any, None], screen: object) -> None:
        """Start a piece of work of ``screen``."""
        self.turns.begin(work, screen)

    def signal(self, signal: Signal) -> None:
        """Sound a tone and flash its colour."""
        self.station.devices.sound(signal)
        if isinstance(self.screen, Listener):
            self.screen.flash(signal)

    def redraw(self) -> None:
        """Dress and draw every open screen again."""
        self._dress()
        for screen in self.screen_stack:
            if isinstance(screen, Listener):
                screen.call_later(screen.redraw)

    def leave(self) -> None:
        """End the program; from now on nothing that was called later is called."""
        self._is_leaving = True
        for reached in self._awaited:
            reached.set()
        self.exit(ExitCode.DONE)

    def last_keys(self) -> Sequence[events.Key]:
        """Give the last keys that arrived, scans included, oldest first; for the scanner test."""
        return tuple(self.recent_keys)

    def _build(self, name: str) -> Listener[Any]:
        return load_screen(name)(self.station)

    # --- From keys and wires into the queue ---

    def _take_key(self, event: events.Key) -> None:
        self._keys_taken += 1
        self.recent_keys.append(event)
        self._queue(self._wedge.press(Press(event.key, event.character, event.time)))

    def _take_paste(self, event: events.Paste) -> None:
        self._keys_taken += 1
        lines = [line for line in event.text.splitlines() if line.strip()]
        if len(lines) == 1:
            self._hear(make_scan(lines[0], Wire.TYPED, event.time))

    def _hear_from_thread(self, scan: Scan) -> None:
        self.call_later(self._hear, scan)

    def _hear(self, scan: Scan) -> None:
        self._scans_heard += 1
        for heard in meanings_of(scan):
            self.turns.put(heard)

    def _queue(self, pieces: Sequence[Scan | Press]) -> None:
        for piece in pieces:
            if isinstance(piece, Press):
                self.turns.put(_plain_key(piece))
            else:
                self._hear(piece)
        self._await_pause(self._wedge.deadline)

    def _await_pause(self, moment: float | None) -> None:
        """Look at ``moment`` whether a pause has decided what is held; None if nothing is."""
        if self._settling is None and moment is not None:
            wait = max(_RETRY_SECONDS, moment - monotonic())
            self._settling = asyncio.get_running_loop().call_later(wait, self._settle)

    def _settle(self) -> None:
        """Decide what the pause has decided; while keys are on their way there was no pause."""
        self._settling = None
        quiet_until = self._quiet_until()
        self._queue(self._wedge.settle(quiet_until) if quiet_until is not None else [])

    def _quiet_until(self) -> float | None:
        """Give the moment up to which every key has been taken, or None while some are on their way."""
        driver = self._driver
        quiet_until = driver.quiet_until if isinstance(driver, TerminalDriver) else monotonic()
        sent = driver.keys_sent if isinstance(driver, TerminalDriver) else self._keys_taken
        return None if sent > self._keys_taken or self.message_queue_size else quiet_until

    # --- From the queue to the screen ---

    def _in_front(self) -> Screen[Any] | None:
        """Give the screen in front; none while the program ends."""
        return self.screen_stack[-1] if self.screen_stack else None

    def _follow_screen(self, screen: Screen[Any]) -> None:
        """Let scans and keys wait until a screen that was opened, or is on top again, is there to take them."""
        self.turns.begin(self._come_to(screen), screen)
        self.turns.notice()

    async def _deliver(self, item: Heard | events.Key) -> None:
        screen = self.screen
        if self.station.coach is not None and (code := self.station.coach.see(type(screen).__name__, item)):
            self._hear(make_scan(code, Wire.SIMULATED, monotonic()))
        if isinstance(item, events.Key):
            await self._press(item)
        elif isinstance(screen, Listener):
            if isinstance(item.code, CommandCard) and CommandCard not in screen.takes:
                await self._command(screen, item.code)
            else:
                self.turns.begin(screen.hear(item, _signal_of(item.code)), screen)

    async def _command(self, screen: Listener[Any], card: CommandCard) -> None:
        """A command card is the key it stands for, on screens that have that key."""
        action = keys.action_of_card(card.command)
        if action is None or action.id not in {active.binding.id for active in screen.active_bindings.values()}:
            screen.refuse(Refused("command_not_here"))
        else:
            self.signal(Signal.CARD)
            await self._press(events.Key(action.keys[0], None))

    async def _press(self, key: events.Key) -> None:
        """Let Textual handle a typed key, and wait until every widget it may reach has seen it."""
        screen = self.screen
        if key.key not in _NOT_AN_ACTION and isinstance(screen, Listener):
            screen.clear_refusal()
            if (right := screen.missing_right(key.key)) is not None:
                screen.refuse_right(right)
                return
        target: DOMNode = self.focused or self.screen
        way = [target, *target.ancestors]
        await super().on_event(key)
        for _ in ("the key, up to the app that knows what it does", "what that made the first of them say"):
            for node in way:
                await self._come_to(node)

    async def _come_to(self, node: DOMNode) -> None:
        """Wait until a node has been built and has handled what was said to it so far; nobody waits who is leaving."""
        reached = asyncio.Event()
        if not self._is_leaving and node.call_later(reached.set):
            self._awaited.add(reached)
            await reached.wait()
            self._awaited.discard(reached)

    def _dress(self) -> None:
        self.theme = self.station.settings.theme
        self.set_class(self.station.settings.is_large, "-large")


def meanings_of(scan: Scan) -> list[Heard]:
    """Give what a scan means; two codes that came as one scan are two."""
    code = read_code(scan.text, scan.symbology)
    return [Heard(scan, part) for part in ((code.first, code.second) if isinstance(code, Glued) else (code,))]


def _signal_of(code: Code) -> Signal:
    return Signal.GOODS if isinstance(code, Goods | WeighedGoods | Misread | Unknown) else Signal.CARD


def _plain_key(press: Press) -> events.Key:
    """Make a key of a press; what an input method typed in full width becomes the plain sign."""
    character = press.character
    plain = unicodedata.normalize("NFKC", character) if character else character
    if plain == character or plain is None or len(plain) != 1:
        return events.Key(press.name, character)
    return events.Key(keys.name_of(plain), plain)
