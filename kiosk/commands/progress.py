"""How long work shows on the command line: a bar on a terminal, now and then a line where there is none. To stderr."""

import sys
import time
from types import TracebackType
from typing import Final, Self, TextIO

SHOWN_AFTER_SECONDS: Final = 1.0
BAR_EVERY_SECONDS: Final = 0.1
LINE_EVERY_SECONDS: Final = 10.0
WIDTH: Final = 30


class Progress:
    """Counts what was done of ``total`` and shows it under ``label``; nothing is shown of what takes a second or less.

    It is itself what a long pass calls: ``progress(count)``.
    """

    def __init__(self, label: str, total: int, out: TextIO | None = None) -> None:
        """Begin with nothing done; ``out`` is stderr unless given."""
        self._label = label
        self._total = max(total, 1)
        self._out = out if out is not None else sys.stderr
        self._done = 0
        self._shown_at: float | None = None
        self._began_at = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown_at is not None and self._out.isatty():
            self._out.write("\n")
            self._out.flush()

    def __call__(self, count: int) -> None:
        """Count what was done since the last call, and show it if it is time."""
        self._done += count
        now = time.monotonic()
        if now - self._began_at <= SHOWN_AFTER_SECONDS:
            return
        every = BAR_EVERY_SECONDS if self._out.isatty() else LINE_EVERY_SECONDS
        if self._shown_at is None or now - self._shown_at >= every or self._done >= self._total:
            self._shown_at = now
            self._show()

    def _show(self) -> None:
        share = min(self._done / self._total, 1.0)
        if self._out.isatty():
            full = round(share * WIDTH)
            self._out.write(f"\r{self._label} [{'#' * full}{'.' * (WIDTH - full)}] {share:4.0%}")
        else:
            self._out.write(f"{self._label} {self._done}/{self._total}\n")
        self._out.flush()
