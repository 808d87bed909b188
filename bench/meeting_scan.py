"""From the last byte of a card to the large name at the meeting desk, in a real pseudo-terminal.

1,700 households are expected; every scan is somebody who was not there yet, so every name stands for a written fact.
"""

import shutil
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from bench.fill import NOW, Filled, entropy
from bench.measure import Row, alternate
from bench.scan import SCANS, Floor, pause
from bench.sign_in import COMING
from bench.starts import KIOSK, READY
from bench.terminal import Program
from db.engine import open_sqlite
from db.store import open_store, store_file
from kiosk.domain.meeting import MeetingPlan, open_unplanned

if TYPE_CHECKING:
    from collections.abc import Sequence

BETWEEN: Final = 1.0
"""Seconds between two people who come one after the other."""


CONSTANT: Final = """
import sys
from itertools import count
from pathlib import Path
from kiosk.domain import sign_in
scans = count(1)
sign_in.who_scans = lambda store, meeting_id, number, village: f"SCANNED {next(scans):05} TIMES"
from kiosk.launch import open_terminal
open_terminal(Path(sys.argv[1]))
"""
"""The meeting desk itself, with all it draws, where the first name it shows is looked up nowhere."""


class Desk:
    """The meeting desk, to which one person after the other comes."""

    def __init__(self, running: ExitStack, filled: Filled, name: str, program: "Sequence[str]" = KIOSK) -> None:
        """Open sign-in in a copy of a filled store, and start the program there; it ends with `running`."""
        home = filled.home.with_name(name)
        shutil.copytree(filled.home, home, dirs_exist_ok=True)
        store = open_store(open_sqlite(store_file(home)), entropy)
        open_unplanned(store, MeetingPlan("villagers_meeting"), now=NOW, by=filled.operator)
        store.close()
        command = [*program, str(home)] if program is not KIOSK else KIOSK
        self._program = running.enter_context(Program(command, {"KIOSK_HOME": str(home)}))
        for shown, key in ((READY, b"1"), ("要做什么", b"")):
            self._program.wait_for(shown)
            self._program.settle()
            self._program.send(key)
        self._cards = filled.cards
        self._came = 0
        self._scan()
        self._program.settle()

    def run(self) -> list[float]:
        """Return the milliseconds of each of SCANS scans."""
        return [self._scan() for _ in range(SCANS)]

    def queue(self) -> list[float]:
        """Let COMING people come, one a second whatever the screen does; return the milliseconds of each."""
        start, taken = time.perf_counter(), []
        for number in range(COMING):
            time.sleep(max(0.0, start + number * BETWEEN - time.perf_counter()))
            taken.append(self._scan())
        return taken

    def _scan(self) -> float:
        number = self._came % len(self._cards)
        self._came += 1
        pause()
        self._program.forget()
        sent = self._program.send(self._cards[number].encode() + b"\r")
        return (self._program.wait_for(self._shown(number)) - sent) * 1_000

    def _shown(self, number: int) -> str:
        return f"村民{number} "


class ConstantDesk(Desk):
    """The same program with a constant text in place of the name that a card looks up."""

    def __init__(self, running: ExitStack, filled: Filled) -> None:
        """Start it; it ends with `running`."""
        super().__init__(running, filled, "desk-constant", [sys.executable, "-c", CONSTANT])

    def _shown(self, _number: int) -> str:
        return f"SCANNED {self._came:05} TIMES"


def rows(full: Filled, fresh: Filled) -> list[Row]:
    """Scan to name against the floor, on a full store against the same village without history, and a queue.

    Each desk is started when its turn comes: one that nobody touches for minutes is locked.
    """
    with ExitStack() as running:
        floor, ours = Floor(running), Desk(running, full, "desk-full")
        against_floor = alternate(floor.run, ours.run)
        against_constant = alternate(ConstantDesk(running, fresh).run, ours.run)
        against_fresh = alternate(Desk(running, fresh, "desk-fresh").run, ours.run)
        slowest = max(ours.queue())
    return [
        against_floor.row("card to name at a meeting : key buffer with text, p50", 1.3),
        against_floor.row("card to name at a meeting : key buffer with text, p95", 1.5, at=0.95),
        against_constant.row("card to name at a meeting : the same app with constant text, p50", 1.3),
        against_constant.row("card to name at a meeting : the same app with constant text, p95", 1.5, at=0.95),
        against_fresh.row("card to name at a meeting, 1,000,000 facts : no history, p50", 1.15),
        Row(f"slowest of {COMING} people at one a second : a second", BETWEEN * 1_000, slowest, 1.0),
    ]
