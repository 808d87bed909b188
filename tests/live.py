"""Programs of ours as live processes: started in a hundredth of a second, killed like any other.

A server that has loaded the programs once forks for each start, so that a test can afford dozens of whole processes.
What runs in each is `python -m kiosk ...` or `python -m county ...`, with its own output, environment and exit code.
"""

import multiprocessing
import os
import runpy
import signal
import sys
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

PATIENCE_SECONDS: Final = 60
_LOADED: Final = (
    "kiosk.cli", "kiosk.commands.county", "kiosk.sync.session", "kiosk.sync.stick", "kiosk.store_care",
    "county.cli", "county.app", "county.stick", "uvicorn", "uvicorn.protocols.http.h11_impl", "uvicorn.loops.asyncio",
)  # fmt: skip


@dataclass(frozen=True)
class Ended:
    """How a program ended: its exit code, what it wrote to stdout and to stderr. A killed one has a negative code."""

    code: int
    said: str
    complained: str


def nothing() -> None:
    """Leave the process as it is."""


class Live:
    """A program that runs, or has ended."""

    def __init__(
        self,
        module: str,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        afflict: Callable[[], None] = nothing,
    ) -> None:
        """Start `python -m module arguments`; `afflict` changes its world before the program begins."""
        self._files = (_new_file(), _new_file())
        self._ended: Ended | None = None
        weakref.finalize(self, _remove, self._files)
        words = [module, *arguments]
        self._process: ForkServerProcess = _context().Process(
            target=_run, args=(words, dict(environment or {}), tuple(map(str, self._files)), afflict), daemon=True
        )
        self._process.start()

    @property
    def is_running(self) -> bool:
        """Whether it runs."""
        return self._process.is_alive()

    @property
    def peak_bytes(self) -> int:
        """The most memory it has held so far."""
        for row in Path(f"/proc/{self._process.pid}/status").read_text("ascii").splitlines():
            if row.startswith("VmHWM:"):
                return int(row.split()[1]) * 1024
        raise AssertionError("the kernel does not say")

    def end(self, how: signal.Signals = signal.SIGTERM) -> Ended:
        """Send it a signal and wait; SIGKILL is what a power cut does to a process."""
        if self._process.is_alive() and self._process.pid is not None:
            os.kill(self._process.pid, how)
        return self.wait()

    def wait(self, seconds: float = PATIENCE_SECONDS) -> Ended:
        """Wait until it has ended."""
        self._process.join(seconds)
        code = self._process.exitcode
        assert code is not None, "it does not end"
        if self._ended is None:
            self._ended = Ended(code, *(file.read_text("utf-8", "replace") for file in self._files))
            _remove(self._files)
        return self._ended


def run(
    module: str,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    afflict: Callable[[], None] = nothing,
) -> Ended:
    """Run a program to its end."""
    return Live(module, *arguments, environment=environment, afflict=afflict).wait()


def _remove(files: tuple[Path, ...]) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def _new_file() -> Path:
    descriptor, name = mkstemp(prefix="live-")
    os.close(descriptor)
    return Path(name)


def _run(words: list[str], environment: dict[str, str], files: tuple[str, ...], afflict: Callable[[], None]) -> None:
    os.environ.update(environment)
    for target, file in zip((1, 2), files, strict=True):
        opened = os.open(file, os.O_WRONLY | os.O_TRUNC)
        os.dup2(opened, target)
        os.close(opened)
    afflict()
    sys.argv = words
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_LOADED))
    return context
