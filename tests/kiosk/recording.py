"""The real app on a screen that writes down every scan and key it gets: a program for tests in a pseudo-terminal.

    python -m tests.kiosk.recording HOME [SECONDS]

Each scan is a line ``scan <text as JSON>`` in HOME/heard, each key that reaches the screen ``key <name>``. With SECONDS
the whole program stands still that long on each scan, as a slow disk would make it.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from textual.widgets import Static

from kiosk import codes
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events
    from textual.widget import Widget

    from kiosk.station import Heard, Station

HEARD = "heard"
READY = "recording"


def stand_still(seconds: float) -> None:
    """Hold up everything, as a slow disk would."""
    if seconds:
        time.sleep(seconds)


class RecordingScreen(DeskScreen, inherit_bindings=False):
    """Takes every kind of code and writes it down."""

    takes = (
        *(codes.VillageSheet, codes.BookCode, codes.PersonCard, codes.HouseholdCard, codes.SlipCode),
        *(codes.OperatorBadge, codes.Goods, codes.WeighedGoods, codes.Misread, codes.Unknown),
    )
    seconds = 0.0

    def __init__(self, station: "Station") -> None:
        """Open the file to write to."""
        super().__init__(station)
        self._count = 0
        self._file: TextIO = (station.home / HEARD).open("a", encoding="utf-8")

    def compose_body(self) -> "Iterable[Widget]":
        """Give the number of scans so far."""
        yield Static(READY, id="count")

    async def take_scan(self, heard: "Heard") -> None:
        """Write a scan down, standing still if told to."""
        stand_still(self.seconds)
        self._count += 1
        self._write(f"scan {json.dumps(heard.scan.text)}")
        self.query_one("#count", Static).update(f"{READY} {self._count}")

    def on_key(self, event: "events.Key") -> None:
        """Write a key down."""
        self._write(f"key {event.key}")

    def _write(self, line: str) -> None:
        self._file.write(line + "\n")
        self._file.flush()


def main() -> None:
    """Run the app with the recording screen for its start screen."""
    os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
    from kiosk import app
    from kiosk.bootstrap import build_station

    home = Path(sys.argv[1])
    RecordingScreen.seconds = float(sys.argv[2]) if sys.argv[2:] else 0.0
    app.SCREENS["start"] = f"{__spec__.name}:RecordingScreen"
    sys.modules[__spec__.name] = sys.modules["__main__"]
    kiosk = app.KioskApp(build_station(home))
    kiosk.run(mouse=False)
    sys.exit(kiosk.return_code)


if __name__ == "__main__":
    main()
