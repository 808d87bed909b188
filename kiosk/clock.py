"""Clocks: what gives a stamp to every decision. Nothing else in the terminal asks what time it is.

A stamp is information for an auditor and never an order: see ``db.line.Stamp`` for its units.
"""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final, Protocol

from db.line import Stamp
from kiosk.zone import local_time

UNKNOWN: Final = "u"
FREE_RUNNING: Final = "f"
SYNCHRONISED: Final = "s"

# A wall clock before this instant (2021-01-01 UTC) was never set: cheap boards without a battery start in 1970.
EARLIEST_PLAUSIBLE_AT: Final = 1_609_459_200_000
WEEK_MILLISECONDS: Final = 7 * 24 * 3_600_000

_BOOT_FILE: Final = "boot"
_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_CLOCK_UNSYNCHRONISED: Final = 0x40
_CLOCK_ERROR: Final = 5
_TIMEX_BYTES: Final = 256
_STATUS_OFFSET: Final = 40


class Clock(Protocol):
    """Whatever tells the time: the machine's clock at the desk, a clock moved by hand in tests and in the demo."""

    def now(self) -> Stamp:
        """Give the wall clock with its quality, the boot counter and the milliseconds since that boot."""
        ...


class SystemClock:
    """The machine's own clocks; the boot counter is kept in the data folder."""

    def __init__(self, folder: Path) -> None:
        """Count this boot in ``folder``, which must exist. Raises OSError if it cannot be written."""
        self._boot = count_boot(folder, _current_boot_id())

    def now(self) -> Stamp:
        """Give the stamp of this instant."""
        at = time.time_ns() // 1_000_000
        return Stamp(at=at, clock=_quality(at), boot=self._boot, mono=_monotonic_milliseconds())


class ClockGoingOn:
    """A clock some whole weeks behind another, so that a village that was left long ago goes on where it stood.

    Weekday and hour are those of today, and no time passes that nobody saw.
    """

    def __init__(self, clock: Clock, left_at: int) -> None:
        """Follow ``clock`` from the first such moment on that is not before wall millisecond ``left_at``."""
        self._clock = clock
        weeks = max(clock.now().at - left_at, 0) // WEEK_MILLISECONDS
        self._behind = weeks * WEEK_MILLISECONDS

    def now(self) -> Stamp:
        """Give the stamp of this instant, whole weeks earlier."""
        stamp = self._clock.now()
        return replace(stamp, at=stamp.at - self._behind)


class ManualClock:
    """A clock that moves only when it is told to."""

    def __init__(self, at: int, *, clock: str = SYNCHRONISED, boot: int = 1, mono: int = 0) -> None:
        """Start at wall millisecond ``at``, ``mono`` milliseconds after boot number ``boot``."""
        self._at = at
        self._clock = clock
        self._boot = boot
        self._mono = mono

    def now(self) -> Stamp:
        """Give the same stamp until somebody moves the clock."""
        return Stamp(at=self._at, clock=self._clock, boot=self._boot, mono=self._mono)

    def advance(self, milliseconds: int) -> None:
        """Let time pass: wall and monotonic clock move together."""
        self._at += milliseconds
        self._mono += milliseconds

    def set_wall(self, at: int, clock: str = UNKNOWN) -> None:
        """Set the wall clock, also backwards, as people and networks do; monotonic time goes on."""
        self._at = at
        self._clock = clock

    def reboot(self) -> None:
        """Count one more boot and start monotonic time anew."""
        self._boot += 1
        self._mono = 0


def local_day(at: int) -> str:
    """Give the local day of an instant (milliseconds UTC) as ISO text."""
    return local_time(at).date().isoformat()


def count_boot(folder: Path, boot_id: str) -> int:
    """Give the number of the boot called ``boot_id``: the number before it plus one, kept in ``folder``.

    A file that cannot be read counts on from the wall seconds, which lie above any honest count.
    """
    file = folder / _BOOT_FILE
    last_id, last_number = _read_boot(file)
    if last_id == boot_id:
        return last_number
    _write_boot(file, boot_id, last_number + 1)
    return last_number + 1


def _read_boot(file: Path) -> tuple[str, int]:
    try:
        boot_id, number = file.read_text("ascii").split()
        return boot_id, int(number)
    except FileNotFoundError:
        return "", 0
    except ValueError:
        return "", time.time_ns() // 1_000_000_000


def _write_boot(file: Path, boot_id: str, number: int) -> None:
    fresh = file.with_suffix(".new")
    with fresh.open("w", encoding="ascii") as stream:
        stream.write(f"{boot_id} {number}\n")
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)


def _current_boot_id() -> str:
    """Give the kernel's name of this boot; where there is none every start counts as a boot of its own."""
    try:
        return _BOOT_ID.read_text("ascii").strip()
    except OSError:
        return f"start-{time.time_ns()}"


def _monotonic_milliseconds() -> int:
    """Give milliseconds since boot, suspend included where the kernel counts it."""
    source = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime_ns(source) // 1_000_000


def _quality(at: int) -> str:
    if at < EARLIEST_PLAUSIBLE_AT:
        return UNKNOWN
    return SYNCHRONISED if _kernel_is_synchronised() else FREE_RUNNING


def _kernel_is_synchronised() -> bool:
    """Ask the kernel's clock discipline (adjtimex, read only); a kernel that cannot say counts as free-running."""
    import ctypes

    adjtimex = _adjtimex()
    if adjtimex is None:
        return False
    answer = ctypes.create_string_buffer(_TIMEX_BYTES)
    state = adjtimex(answer)
    status = int.from_bytes(answer.raw[_STATUS_OFFSET : _STATUS_OFFSET + 4], "little")
    return 0 <= state < _CLOCK_ERROR and not status & _CLOCK_UNSYNCHRONISED


@cache
def _adjtimex() -> Callable[..., int] | None:
    """Find the call in the C library, once: the state of the desk asks with every scan; None where there is none."""
    import ctypes

    try:
        call: Callable[..., int] = ctypes.CDLL(None).adjtimex
    except (AttributeError, OSError):
        return None
    return call
