"""What a station asks of what stands around it: the devices that are plugged in, and whoever keeps its store."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kiosk.errors import Refused
from kiosk.settings import Settings

if TYPE_CHECKING:
    from db.line import Stamp
    from db.progress import Advance
    from db.store import Store
    from kiosk.devices.printer.slip_printer import SlipPrinter
    from kiosk.devices.scanner.scan import Scan
    from kiosk.restore import Restored, Signer
    from kiosk.station import Signal
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
