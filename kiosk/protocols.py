"""What a desk asks of what stands around it: its devices, whoever keeps its store, and the app that shows it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from kiosk.errors import Refused
from kiosk.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from textual.events import Key

    from db.line import Stamp
    from db.progress import Advance
    from db.store import Store
    from kiosk.devices.printer.slip_printer import SlipPrinter
    from kiosk.devices.scanner.scan import Scan
    from kiosk.restore import Restored, Signer
    from kiosk.station import Heard, Signal
    from kiosk.store_care import Looked


class Devices(Protocol):
    """What is plugged in, as far as a screen may know."""

    @property
    def scanner_state(self) -> str:
        """The last part of the text key that says how the scanner is: ``wedge``, ``ready``, ``missing``."""

    @property
    def printer_state(self) -> str:
        """The last part of the text key that says how the slip printer is: ``none``, ``ready``, ``paper_out`` ..."""

    @property
    def slip_printer(self) -> "SlipPrinter | None":
        """The slip printer, or None where none is set."""

    def sound(self, signal: "Signal") -> None:
        """Sound the tone of ``signal``, if sound is on."""

    def use(self, settings: Settings) -> None:
        """Follow changed settings."""

    def listen(self, heard: "Callable[[Scan], None]", bell: Callable[[], None]) -> None:
        """Give every scan of a serial scanner to ``heard``, from another thread; ``bell`` rings the terminal."""

    def close(self) -> None:
        """Let go of everything."""


class StoreKeeper(Protocol):
    """Opens and makes the store of this desk; slow, so always called on the store's thread."""

    def exists(self) -> bool:
        """Say whether there is a store in the data folder, without loading anything heavy."""

    def open(self) -> "Store":
        """Open it. Raises Refused."""

    def create(self, village: int) -> "Store":
        """Make an empty store of ``village`` and begin its log. Raises Refused."""

    def create_demo(self, advance: "Advance") -> "Store":
        """Make the demo village; ``advance`` is told of the steps. Raises Refused."""

    def restore(self, backup: Path, signer: "Signer", now: "Stamp", advance: "Advance") -> "Restored":
        """Put a backup in place of the store, which nobody here has open, at the desk's instant. Raises Refused."""

    def look(self) -> "Looked":
        """Check the store on a copy beside the open till; called on the caretaker's thread. Raises Refused."""

    def close(self) -> None:
        """Let go of the data folder."""

    def explain(self, error: Exception) -> Refused | None:
        """Give the refusal for an error of the store or its disk; None for anything else."""


class Shell(Protocol):
    """What a screen may ask of the app."""

    @property
    def is_at_rest(self) -> bool:
        """Whether every key and scan that arrived has been handled."""

    def has(self, name: str) -> bool:
        """Say whether there is a screen called ``name``."""

    def open(self, name: str, heard: "Heard | None" = None, *more: "Heard") -> None:
        """Open the screen called ``name`` in the app's table on top of this one; it hears ``heard``, ``more`` first."""

    def go_home(self) -> None:
        """Leave every screen above the menu."""

    def practise(self) -> None:
        """Go to the practice desk; the real one is closed meanwhile."""

    def lock(self) -> None:
        """Lock the desk: whoever serves is asked for the badge before anything else is done."""

    def begin(self, work: "Coroutine[Any, Any, None]", screen: object) -> None:
        """Start a piece of work of ``screen``; scans and keys wait for it."""

    def signal(self, signal: "Signal") -> None:
        """Sound a tone and flash its colour."""

    def last_keys(self) -> "Sequence[Key]":
        """Give the last keys that arrived, scans included, oldest first."""

    def redraw(self) -> None:
        """Draw every open screen again: language, theme or size changed."""

    def leave(self) -> None:
        """End the program."""
