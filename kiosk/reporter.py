"""Reports to the county beside the open till, in a process of its own: `kiosk sync`, started whenever there is a line.

It reports when the day was opened or closed, when a network appears, and every hour: desks are switched off at the
mains, so the night is the exception. Nothing here waits, and the till never waits for it.
"""

import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.errand import Ended, Errand, Progress

EVERY_SECONDS: Final = 3_600.0
PATIENCE_SECONDS: Final = "600"
"""So long a report is tried again after cuts; the next hour begins another."""
_ROUTES: Final = Path("/proc/net/route")
_LOOPBACK: Final = "lo"


@dataclass(frozen=True)
class Report:
    """How a report ended: lines sent and received, or the code of the refusal that ended it."""

    sent: int
    received: int
    refusal: str | None


class Reporter:
    """Starts reports and remembers how the last one ended; `last` is None before the first has ended."""

    def __init__(
        self,
        home: Path,
        command: Sequence[str] = (sys.executable, "-m", "kiosk", "sync", "--json", "--patience", PATIENCE_SECONDS),
        seconds: Callable[[], float] = time.monotonic,
        routes: Path = _ROUTES,
    ) -> None:
        """Report for the store of ``home``; nothing is started yet."""
        self._command = [*command, "--home", str(home)]
        self._seconds, self._routes = seconds, routes
        self._running: Errand | None = None
        self._began_at: float | None = None
        self._had_network = True
        self.last: Report | None = None

    @property
    def is_running(self) -> bool:
        """Whether a report is under way."""
        return self._running is not None

    @property
    def progress(self) -> Progress | None:
        """How far the report under way is, if it has said so."""
        return None if self._running is None else self._running.progress

    def begin(self) -> None:
        """Start a report, unless one is under way."""
        if self._running is None:
            self._began_at = self._seconds()
            with suppress(OSError):  # a machine that cannot start a process reports the next time
                self._running = Errand(self._command)

    def look(self) -> None:
        """Notice a report that has ended, and start one if it is time; to be called now and then."""
        self.notice()
        has_network = self._has_network()
        if (has_network and not self._had_network) or self._is_time():
            self.begin()
        self._had_network = has_network

    def notice(self) -> bool:
        """Notice how far the report under way is; say whether it has just ended."""
        ended = None if self._running is None else self._running.look()
        if ended is not None:
            self._end(ended)
        return ended is not None

    def close(self) -> None:
        """End what is under way: whatever was cut is found by the next report."""
        if self._running is not None:
            self._end(self._running.stop())

    def _end(self, ended: Ended | None) -> None:
        self._running = None
        self.last = _report(ended)

    def _is_time(self) -> bool:
        return self._began_at is not None and self._seconds() - self._began_at >= EVERY_SECONDS

    def _has_network(self) -> bool:
        """Say whether any interface but the machine's own has a route; where nobody can say, nothing has changed."""
        try:
            lines = self._routes.read_text("ascii").splitlines()[1:]
        except (OSError, UnicodeDecodeError):
            return self._had_network
        return any(line.split()[:1] not in ([], [_LOOPBACK]) for line in lines)


def _report(ended: Ended | None) -> Report:
    if ended is not None and ended.refusal is None:
        with suppress(KeyError, TypeError, ValueError):
            return Report(int(ended.values["sent"]), int(ended.values["received"]), None)
    return Report(0, 0, (ended.refusal if ended is not None else None) or "unexpected")
