"""From the last byte of a scan to the changed frame in a real pseudo-terminal."""

import random
import shutil
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bench.fill import Filled
from bench.measure import Row, alternate
from bench.starts import KIOSK, READY
from bench.terminal import Program

if TYPE_CHECKING:
    from collections.abc import Sequence

SCANS: Final = 100
FLOOR: Final = """
from textual import events
from textual.app import App
from textual.widgets import Static
class Floor(App):
    ENABLE_COMMAND_PALETTE = False
    kept, count = "", 0
    def compose(self):
        yield Static("SCANNED 0 TIMES")
    async def on_event(self, event):
        if not isinstance(event, events.Key) or event.is_forwarded:
            return await super().on_event(event)
        if event.key == "enter":
            self.kept, self.count = "", self.count + 1
            self.query_one(Static).update(f"SCANNED {self.count:05} TIMES")
        elif event.character:
            self.kept += event.character
Floor().run()
"""

CONSTANT: Final = """
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path
from kiosk.domain import counter
real, scans, kept = counter.recognise_card, count(), []
def constant(store, number, entry):
    if len(kept) < 2:
        kept.append(real(store, number, entry))
    scan = next(scans)
    found = kept[scan % len(kept)]
    return replace(found, household=replace(found.household, name=f"SCANNED {scan:05} TIMES"))
counter.recognise_card = constant
from kiosk.launch import open_terminal
open_terminal(Path(sys.argv[1]))
"""
"""The till itself, with all it draws, where a scan looks nothing up: two households take turns."""


class Floor:
    """A Textual app with a key buffer of its own that shows a constant text."""

    def __init__(self, running: ExitStack) -> None:
        """Start it; it ends with `running`."""
        self._program = running.enter_context(Program([sys.executable, "-c", FLOOR]))
        self._program.wait_for("SCANNED")
        self._program.settle()
        self._count = 0

    def run(self) -> list[float]:
        """Return the milliseconds of each scan."""
        return [self._scan() for _ in range(SCANS)]

    def _scan(self) -> float:
        self._count += 1
        pause()
        self._program.forget()
        sent = self._program.send(b"6901234567892\r")
        return (self._program.wait_for(f"{self._count:05}") - sent) * 1_000


class Till:
    """The till, idle, that is shown one household's card after the other's."""

    def __init__(self, running: ExitStack, filled: Filled, command: "Sequence[str]" = KIOSK) -> None:
        """Start it on a filled store and wait until it can sell; it ends with `running`."""
        self._program = running.enter_context(Program(command, {"KIOSK_HOME": str(filled.home)}))
        for shown, key in ((READY, b"1"), ("要做什么", b"1"), ("请刷卡", b"")):
            self._program.wait_for(shown)
            self._program.settle()
            self._program.send(key)
        self._cards = filled.cards
        self._scanned = 0

    def run(self) -> list[float]:
        """Return the milliseconds of each scan."""
        return [self._scan() for _ in range(SCANS)]

    def _scan(self) -> float:
        number = self._scanned % len(self._cards)
        self._scanned += 1
        pause()
        self._program.forget()
        sent = self._program.send(self._cards[number].encode() + b"\r")
        return (self._program.wait_for(self._cards_name(number)) - sent) * 1_000

    def _cards_name(self, number: int) -> str:
        return f"村民{number}"


class ConstantTill(Till):
    """The same program with a constant text in place of what a scan looks up."""

    def __init__(self, running: ExitStack, filled: Filled) -> None:
        """Start it on a copy of a filled store; it ends with `running`."""
        home = filled.home.with_name("constant")
        shutil.copytree(filled.home, home, dirs_exist_ok=True)
        super().__init__(running, replace(filled, home=home), [sys.executable, "-c", CONSTANT, str(home)])

    def _cards_name(self, _number: int) -> str:
        return f"SCANNED {self._scanned - 1:05} TIMES"


def rows(full: Filled, small: Filled) -> list[Row]:
    """Scan to frame against the floor, and on a full store against an empty one.

    Each till is started when its turn comes: one that nobody touches for minutes is locked.
    """
    with ExitStack() as running:
        floor, ours = Floor(running), Till(running, full)
        against_floor = alternate(floor.run, ours.run)
        against_constant = alternate(ConstantTill(running, small).run, ours.run)
        against_empty = alternate(Till(running, small).run, ours.run)
    return [
        against_floor.row("scan to frame : key buffer with constant text, p50", 1.3),
        against_floor.row("scan to frame : key buffer with constant text, p95", 1.5, at=0.95),
        against_constant.row("scan to frame : the same app with constant text, p50", 1.3),
        against_constant.row("scan to frame : the same app with constant text, p95", 1.5, at=0.95),
        against_empty.row("scan to frame, 1,000,000 facts : empty store, p50", 1.15),
    ]


def pause() -> None:
    """Let a moment of no fixed length pass, so that a scan falls anywhere between two frames, as it does at a desk."""
    time.sleep(random.uniform(0.06, 0.12))
