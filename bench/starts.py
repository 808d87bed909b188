"""Starts: help, first frame, ready to sell, and memory, each against the bare libraries."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from bench.fill import Filled
from bench.measure import Row, alternate, quantile
from bench.redemption import timed
from bench.terminal import Program

STARTS: Final = 3
READY: Final = "谁在值班"
BARE_TEXTUAL: Final = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    ENABLE_COMMAND_PALETTE = False
    def compose(self):
        yield Static("BARE-FRAME")
Bare().run()
"""
BARE_WITH_SQLMODEL: Final = "import sqlmodel\n" + BARE_TEXTUAL
KIOSK: Final = (sys.executable, "-m", "kiosk", "run")


def help_rows() -> list[Row]:
    """`kiosk --help` against `import typer`."""
    measured = alternate(_commands([sys.executable, "-c", "import typer"]), _commands([_script(), "--help"]))
    return [measured.row("kiosk --help : import typer", 1.3)]


def frame_rows(filled: Filled) -> list[Row]:
    """First frame and ready to sell on a full store, and the memory held then."""
    home = {"KIOSK_HOME": str(filled.home)}
    bare, with_sqlmodel = (
        _Start([sys.executable, "-c", BARE_TEXTUAL], "BARE"),
        _Start([sys.executable, "-c", BARE_WITH_SQLMODEL], "BARE"),
    )
    first, ready = _Start(KIOSK, "积分超市", home), _Start(KIOSK, READY, home)
    frames, readiness = alternate(bare.run, first.run), alternate(with_sqlmodel.run, ready.run)
    memory = quantile(with_sqlmodel.megabytes, 0.5), quantile(ready.megabytes, 0.5)
    return [
        frames.row("start to first frame : bare Textual", 1.8),
        readiness.row("start to ready to sell : bare Textual + SQLModel", 1.25),
        Row("resident memory : bare Textual + SQLModel", *memory, 1.25, "MB"),
    ]


class _Start:
    """A command that is started until a text is drawn."""

    def __init__(self, command: Sequence[str], text: str, environment: Mapping[str, str] | None = None) -> None:
        self._command, self._text, self._environment = command, text, environment
        self.megabytes: list[float] = []

    def run(self) -> list[float]:
        """Return the milliseconds of each start."""
        return [self._once() for _ in range(STARTS)]

    def _once(self) -> float:
        with Program(self._command, self._environment) as program:
            taken = (program.wait_for(self._text) - program.started) * 1_000
            self.megabytes.append(program.resident_megabytes())
        return taken


def _commands(command: Sequence[str]) -> Callable[[], list[float]]:
    def run() -> list[float]:
        return [timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)) for _ in range(STARTS)]

    return run


def _script() -> str:
    return str(Path(sys.executable).parent / "kiosk")
