"""A screen in memory: the real app on a virtual terminal, fed by scans and keys as fast as a test wants.

async with desk(home) as at:            # a station of its own, with the devices recorded
    await at.open("scanner_test")
    await at.scan("6901234567892")
    await at.keys("1", "plus")
    assert "EAN" in at.text()
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

import pytest
from textual import events
from textual.pilot import Pilot

from kiosk import app as shell
from kiosk.app import KioskApp, meanings_of
from kiosk.bootstrap import Keeper
from kiosk.clock import Clock, ManualClock
from kiosk.devices.scanner.scan import Scan, Wire, make_scan
from kiosk.errors import ExitCode, Refused
from kiosk.keys import name_of
from kiosk.locale import Texts
from kiosk.protocols import StoreKeeper
from kiosk.screens.widgets.refusal_panel import RefusalPanel
from kiosk.settings import Settings
from kiosk.station import Operator, Signal, Station
from tests.ledger import new_store

if TYPE_CHECKING:
    from db.line import Stamp
    from db.progress import Advance
    from db.store import Store
    from kiosk.devices.printer.slip_printer import SlipPrinter
    from kiosk.restore import Restored, Signer
    from kiosk.store_care import Looked

SMALL: Final = (80, 24)
LARGE: Final = (132, 40)
# 2026-11-22 09:00 in Shanghai.
NINE_O_CLOCK: Final = 1_795_309_200_000
WAIT_SECONDS: Final = 30.0
NEVER: Final = 86_400.0
LOOKS: Final = 2
LOOK_SECONDS: Final = 0.005
SOON_SECONDS: Final = 0.02
"""What comes later than this after a rest, or again and again, a test waits for by `until`."""


@dataclass
class RecordedDevices:
    """Devices that only remember: the tones that sounded, and a scanner the test speaks through."""

    tones: list[Signal] = field(default_factory=list)
    scanner_state: str = "wedge"
    printer_state: str = "none"
    slip_printer: "SlipPrinter | None" = None
    heard: Callable[[Scan], None] | None = None

    def sound(self, signal: Signal) -> None:
        """Remember a tone."""
        self.tones.append(signal)

    def use(self, settings: Settings) -> None:
        """Follow nothing."""

    def listen(self, heard: Callable[[Scan], None], bell: Callable[[], None]) -> None:
        """Remember who listens."""
        self.heard = heard

    def close(self) -> None:
        """Let go of nothing."""


@dataclass
class FixedKeeper:
    """A keeper whose store is there already, or never."""

    store: "Store | None" = None
    refusal: Refused | None = None

    def exists(self) -> bool:
        """Say there is a store, unless opening is to be refused for its absence."""
        return self.store is not None or self.refusal is not None

    def open(self) -> "Store":
        """Give the store."""
        if self.refusal is not None:
            raise self.refusal
        assert self.store is not None
        return self.store

    def create(self, village: int) -> "Store":
        """Give the same store."""
        return self.open()

    def create_demo(self, advance: "Advance") -> "Store":
        """Give the same store."""
        return self.open()

    def restore(self, backup: Path, signer: "Signer", now: "Stamp", advance: "Advance") -> "Restored":
        """Restore nothing."""
        raise Refused("backup_not_sound")

    def look(self) -> "Looked":
        """Find nothing."""
        from kiosk.store_care import Looked

        return Looked((), None)

    def close(self) -> None:
        """Let go of nothing."""

    def explain(self, error: Exception) -> Refused | None:
        """Explain nothing: a test sees the error itself."""
        return None


@dataclass
class Desk:
    """A running app and the hands in front of it."""

    app: KioskApp
    pilot: Pilot[ExitCode]
    devices: RecordedDevices

    async def open(self, name: str) -> None:
        """Open a screen of the app's table on top and wait until it is drawn."""
        self.app.open(name)
        await self.settle()

    async def scan(self, *texts: str, symbology: str | None = None) -> None:
        """Scan codes one after the other without a pause, and wait until all are handled."""
        for text in texts:
            scan = make_scan(text, Wire.SIMULATED, monotonic())
            if symbology is not None:
                scan = Scan(scan.text, scan.wire, symbology, scan.at)
            for heard in meanings_of(scan):
                self.app.turns.put(heard)
        await self.settle()

    async def keys(self, *names: str) -> None:
        """Press keys (names as in ``kiosk.keys``) one after the other, as a hand does."""
        for name in names:
            self.app.turns.put(events.Key(name_of(name), name if len(name) == 1 else None))
            await self.settle()

    async def type_slowly(self, text: str) -> None:
        """Type characters at a hand's pace by their stamps, through everything that tells a hand from a scanner."""
        moment = monotonic() + 0.2
        for position, character in enumerate(text):
            key = events.Key(name_of(character), character)
            key.time = moment + position * 0.2
            self.app.post_message(key)
        await self.settle()

    async def type_fast(self, text: str, gap: float = 0.001) -> None:
        r"""Type a text as a keyboard scanner does; ``\r`` is Enter, ``\t`` Tab."""
        moment = monotonic()
        for position, character in enumerate(text):
            name = {"\r": "enter", "\n": "ctrl+j", "\t": "tab"}.get(character, name_of(character))
            key = events.Key(name, character)
            key.time = moment + position * gap
            self.app.post_message(key)
        await self.settle()

    async def settle(self) -> None:
        """Wait until every key and scan is handled and the screen shows it: two looks find it so, a moment apart."""
        end, rests_since, still = monotonic() + WAIT_SECONDS, monotonic(), 0
        await asyncio.sleep(0)
        while still < LOOKS:
            is_handled = await self._is_handled()
            rests_since = rests_since if is_handled else monotonic()
            still = still + 1 if is_handled and not self._is_due_soon(rests_since) else 0
            assert monotonic() < end, "the app does not come to rest"
            if still < LOOKS:
                await asyncio.sleep(LOOK_SECONDS)

    async def _is_handled(self) -> bool:
        """Whether everything is handled and shown, and the store's thread has done all it was given."""
        if not self.app.is_at_rest:
            return False
        await self.pilot._wait_for_screen()
        with suppress(RuntimeError):  # a desk that was left has no thread any more
            await self.app.station.thread.call(lambda: None)
        self.app.screen._on_timer_update()
        return self.app.is_at_rest

    def _is_due_soon(self, rests_since: float) -> bool:
        """Whether the loop has something to do in a moment; what it does again and again is not waited for."""
        loop: Any = asyncio.get_running_loop()
        soon = rests_since + SOON_SECONDS
        return monotonic() < soon and any(not each.cancelled() and each.when() < soon for each in loop._scheduled)

    async def until(self, holds: Callable[[], Any]) -> None:
        """Wait until ``holds`` is true."""
        end = monotonic() + WAIT_SECONDS
        while not holds():
            assert monotonic() < end, self.text()
            await asyncio.sleep(0.005)

    def lines(self) -> list[str]:
        """What the screen shows, a string a row, without spaces at the end."""
        width, height = self.app.size
        rows = self.app.screen._compositor.render_strips() if height else []
        return ["".join(segment.text for segment in row).rstrip() for row in rows[:height]] if width else []

    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(self.lines())

    def refusal(self) -> str | None:
        """The code of the refusal on show, or None."""
        shown = [panel.shown for panel in self.app.screen.query(RefusalPanel) if panel.shown is not None]
        return shown[0].code if shown else None


def make_station(
    home: Path,
    *,
    keeper: StoreKeeper | None = None,
    settings: Settings | None = None,
    clock: Clock | None = None,
) -> Station:
    """Build a station with recorded devices, a clock that stands still, an operator and an open day."""
    home.mkdir(parents=True, exist_ok=True)
    chosen = settings or Settings(village_name="云岭村", help_phone="0857-0000000")
    station = Station(
        home,
        clock or ManualClock(NINE_O_CLOCK),
        Texts(chosen.language),
        chosen,
        RecordedDevices(),
        keeper or FixedKeeper(),
    )
    station.operator, station.day = Operator(7, "李红"), "2026-11-22"
    return station


def standing_store(village: int = 123) -> "Store":
    """Give an open store of a village in which nothing has happened yet."""
    return new_store(1, village)


def real_keeper(home: Path, clock: Clock) -> Keeper:
    """Give the keeper of a real store in ``home``; whoever stands at the desk first is 村支书."""
    home.mkdir(parents=True, exist_ok=True)
    return Keeper(home, clock, lambda: "村支书")


@asynccontextmanager
async def desk(station: Station, size: tuple[int, int] = SMALL) -> AsyncIterator[Desk]:
    """Run the app of ``station`` in memory until the block ends; whether it has rested is looked at by hand.

    A test moves the clock by hours, and a slow machine would find the desk untouched for as long.
    """
    assert isinstance(station.devices, RecordedDevices)
    app = KioskApp(station)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shell, "LOCK_LOOK_SECONDS", NEVER)
        async with app.run_test(size=size) as pilot:
            at = Desk(app, pilot, station.devices)
            await at.settle()
            yield at
    station.close()
