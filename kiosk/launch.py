"""Opens the terminal app: what must be said and set before Textual is imported, and with which number it ends."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk import loading
from kiosk.bootstrap import build_practice, build_station
from kiosk.errors import ExitCode, Refused
from kiosk.locale import Texts

if TYPE_CHECKING:
    from kiosk.station import Station

# Some terminals drop what an input method composes once that protocol is on. A frame waits for the next of so many a
# second; nothing is drawn, and nothing costs, while nothing changes.
TEXTUAL: Final = {"TEXTUAL_DISABLE_KITTY_KEY": "1", "TEXTUAL_FPS": "120"}
"""What Textual reads from the environment when it is imported."""
LONGEST_TURN_SECONDS: Final = 0.0005
"""So long may one thread compute while another wants to: a frame does not wait for the store's thread to finish."""


def open_terminal(home: Path) -> ExitCode:
    """Run the app on the data folder ``home`` until somebody leaves it; give the number the program ends with.

    Without a terminal to draw on it says so in a sentence on stderr.
    """
    if not all(stream is not None and stream.isatty() for stream in (sys.__stdin__, sys.__stderr__)):
        _complain(Refused("no_terminal"))
        return ExitCode.USAGE
    loading.begin()
    try:
        while _run(build_station(home)):
            with suppress(Refused):  # who cannot practise is back at the real desk
                _run(build_practice(home))
    except Refused as refused:
        _complain(refused)
        return refused.exit_code
    except _Fault:
        return ExitCode.FAULT
    return ExitCode.DONE


class _Fault(Exception):
    """The program met a fault of its own, and has said so."""


def _run(station: "Station") -> bool:
    """Run the app of a station until somebody leaves it; say whether they want to practise. Raises _Fault."""
    for name, value in TEXTUAL.items():
        os.environ.setdefault(name, value)
    sys.setswitchinterval(LONGEST_TURN_SECONDS)
    from kiosk.app import FAULT_FILE, KioskApp

    app = KioskApp(station)
    try:
        app.run(mouse=False)
    finally:
        station.close()
    if app.return_code != ExitCode.DONE:
        _complain(Refused("program_fault", file=str(station.home / FAULT_FILE)))
        raise _Fault
    return app.wants_practice


def _complain(refused: Refused) -> None:
    text = Texts().refusal(refused)
    sys.stderr.write(f"{text.reason}。{text.next}\n")
