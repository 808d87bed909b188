"""Programs of our own beside the till: started, watched without waiting, and read when they have ended.

The till never waits for one of them, and none of their libraries is loaded here.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from kiosk.errors import ExitCode

NICENESS: Final = 10
"""Of a program beside the till: a sale goes first, as in `deploy/kiosk-sync.service`."""
_HELP_CODE: Final = re.compile(r"\[([a-z_.]+)\]\s*$")
_PATIENCE_SECONDS: Final = 2.0
_PIECE: Final = 65_536


@dataclass(frozen=True)
class Progress:
    """How far a program is: its stage, what is done of it and what there is in all, 0 where nobody knows."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True)
class Ended:
    """How a program ended: the values it reported, or the code of the refusal that ended it."""

    values: Mapping[str, Any]
    refusal: str | None


class Errand:
    """One program under way; `progress` is what it said last about how far it is."""

    def __init__(self, command: Sequence[str]) -> None:
        """Start it, after the till in turn. Raises OSError where the machine cannot start another program."""
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        with suppress(OSError):  # it is over already, or the machine knows no priorities
            os.setpriority(os.PRIO_PROCESS, self._process.pid, NICENESS)
        self._said, self._complaint = b"", b""
        self.progress: Progress | None = None

    def look(self) -> Ended | None:
        """Take what it has said since; how it ended, or None while it is under way."""
        has_ended = self._process.poll() is not None
        self._said += _whatever_waits(self._process.stdout)
        self._complaint += _whatever_waits(self._process.stderr)
        self.progress = _last_progress(self._complaint) or self.progress
        if not has_ended:
            return None
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()
        return _read(self._process.returncode, self._said, self._complaint.decode(errors="replace"))

    def stop(self) -> Ended | None:
        """End it, and say how it ended."""
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE_SECONDS)
        return self.look()


class Errands:
    """The one errand that a person at the desk has asked for: which it is, how far, and how the last one ended."""

    def __init__(self, home: Path, command: Sequence[str] = (sys.executable, "-m", "kiosk")) -> None:
        """Run commands of the program for the store of ``home``; nothing is started yet."""
        self._home, self._command = home, command
        self._running: Errand | None = None
        self.name = ""
        self.last: Ended | None = None

    @property
    def is_running(self) -> bool:
        """Whether an errand is under way."""
        return self._running is not None

    @property
    def progress(self) -> Progress | None:
        """How far the errand under way is, if it has said so."""
        return None if self._running is None else self._running.progress

    def begin(self, name: str, *words: str) -> None:
        """Start a command under a name, unless one is under way; how it ends stands in `last`."""
        if self._running is not None:
            return
        self.name, self.last = name, None
        try:
            self._running = Errand([*self._command, *words, "--json", "--home", str(self._home)])
        except OSError:
            self.last = Ended({}, "unexpected")

    def look(self) -> Ended | None:
        """Notice that the errand has ended, and say how; None while it is under way or there is none."""
        ended = None if self._running is None else self._running.look()
        if ended is not None:
            self._running, self.last = None, ended
        return ended

    def close(self) -> None:
        """End what is under way: whatever was cut is done again the next time."""
        if self._running is not None:
            self.last = self._running.stop()
            self._running = None


def _whatever_waits(pipe: IO[bytes] | None) -> bytes:
    """Read what a program has written, without waiting for more."""
    if pipe is None or pipe.closed:
        return b""
    os.set_blocking(pipe.fileno(), False)
    taken = b""
    with suppress(BlockingIOError):
        while piece := os.read(pipe.fileno(), _PIECE):
            taken += piece
    return taken


def _last_progress(complaint: bytes) -> Progress | None:
    """Read the last whole line that tells of progress."""
    for line in reversed(complaint.split(b"\n")[:-1]):
        if line.startswith(b"{"):
            with suppress(ValueError, KeyError, TypeError):
                said = json.loads(line)
                return Progress(str(said["stage"]), int(said["done"]), int(said["total"]))
    return None


def _read(code: int, said: bytes, complaint: str) -> Ended:
    if code == ExitCode.DONE:
        with suppress(ValueError):
            values = json.loads(said)
            if isinstance(values, dict):
                return Ended(values, None)
    found = _HELP_CODE.search(complaint)
    return Ended({}, found.group(1) if found else "unexpected")
