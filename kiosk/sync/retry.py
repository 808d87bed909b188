"""Trying again while a line comes and goes, and beginning at a minute of one's own."""

import hashlib
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from db.wire.v1.frame import LARGEST_PIECE
from kiosk.sync.client import CutError

SMALLEST_PIECE: Final = 16 * 1024
FIRST_PIECE: Final = 64 * 1024
"""Bytes of lines in a frame; compressed they are about an eighth."""
FIRST_WAIT_SECONDS: Final = 2.0
LONGEST_WAIT_SECONDS: Final = 120.0
_Outcome = TypeVar("_Outcome")


@dataclass
class Pace:
    """How much one frame carries by now, in bytes of lines, and what a run has sent and taken in so far.

    More after each success, less after a cut: what was cut is a frame that is sent again.
    """

    size: int = FIRST_PIECE
    sent: int = 0
    received: int = 0

    def quicken(self) -> None:
        """Something arrived: twice as much the next time."""
        self.size = min(self.size * 2, LARGEST_PIECE)

    def slacken(self) -> None:
        """The line was cut: half as much the next time."""
        self.size = max(self.size // 2, SMALLEST_PIECE)


@dataclass(frozen=True)
class Patience:
    """How many seconds a whole run may go on after cuts; how it waits, and what it knows of time and chance."""

    limit: float = 0.0
    wait: Callable[[float], None] = time.sleep
    seconds: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.SystemRandom().random


def keep_trying(act: Callable[[], _Outcome], pace: Pace, patience: Patience) -> _Outcome:
    """Do something until it is done, or was cut and there is no time left for another wait.

    Each wait is up to twice as long as the one before, and shorter by chance, so that a county that comes back is not
    asked by all at once; after a session in which anything arrived it begins anew.

    Raises:
        CutError: the line was cut once too often (`county_not_reached`).
    """
    end, longest = patience.seconds() + patience.limit, FIRST_WAIT_SECONDS
    while True:
        arrived = pace.sent + pace.received
        try:
            return act()
        except CutError:
            pace.slacken()
            longest = FIRST_WAIT_SECONDS if pace.sent + pace.received > arrived else longest
            seconds = longest * (1 + patience.chance()) / 2
            if patience.seconds() + seconds > end:
                raise
            patience.wait(seconds)
            longest = min(longest * 2, LONGEST_WAIT_SECONDS)


def minute_of(village: int, log: int, spread: float) -> float:
    """Return how many of `spread` seconds a terminal waits before it begins: always the same, and each its own."""
    drawn = hashlib.sha256(f"{village} {log}".encode()).digest()
    return int.from_bytes(drawn[:8], "big") / 2**64 * spread
