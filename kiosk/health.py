"""Measures the desk: disk, memory, clock, store and its backups. What the figures mean is judged elsewhere."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.clock import UNKNOWN

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from db.backup import Backup
    from db.line import Stamp
    from db.store import Store

ACKNOWLEDGED: Final = "acknowledged.{log}"
"""The value kept with the store that says up to which line the county has a log of this desk."""
ACKNOWLEDGED_AT: Final = "acknowledged_at"
_MEMORY: Final = Path("/proc/meminfo")


@dataclass(frozen=True)
class Disk:
    """Bytes: what the data folder's disk still takes, and what the store needs of it."""

    free: int
    store: int


@dataclass(frozen=True)
class Saved:
    """How far the last backup reaches: which it is, and how many lines came since. None: there is no backup."""

    last: "Backup | None"
    newer_lines: int


@dataclass(frozen=True)
class Unsent:
    """What the county has not acknowledged yet: how many lines of the own log.

    ``last_at`` is when it last acknowledged anything, wall milliseconds of this desk; None: it never did.
    """

    lines: int
    last_at: int | None


@dataclass(frozen=True)
class Health:
    """One measurement. ``available_memory`` is in bytes, None where nobody can say; ``clock`` is as in stamps."""

    disk: Disk
    available_memory: int | None
    clock: str
    lines: int
    inside: Saved
    outside: Saved

    @property
    def is_clock_plausible(self) -> bool:
        """Whether somebody or something ever set the wall clock."""
        return self.clock != UNKNOWN


def measure(home: Path, store: "Store", *, now: "Stamp") -> Health:
    """Measure the desk of a data folder with its open store. Raises OSError."""
    from db.engine import free_bytes
    from db.store import store_file
    from kiosk.store_care import lines_held

    lines = lines_held(store)
    inside, outside = newest_backups(home, store.village)
    disk = Disk(free_bytes(home), store_file(home).stat().st_size)
    return Health(disk, available_memory(), now.clock, lines, _saved(inside, lines), _saved(outside, lines))


def count_unsent(store: "Store") -> Unsent:
    """Return how many lines of the own log the county has not acknowledged, and when it last acknowledged one."""
    from db.journal import last_seq
    from db.store import own_log, setting

    with store.read() as connection:
        log = own_log(connection, store.village)
        told = setting(connection, store.village, ACKNOWLEDGED.format(log=log))
        last_at = setting(connection, store.village, ACKNOWLEDGED_AT)
        lines = last_seq(connection, store.village, log) - int(told or 0)
    return Unsent(max(lines, 0), None if last_at is None else int(last_at))


def acknowledged(connection: "Connection", village: int, log: int) -> int:
    """Return up to which line the county has a log, 0 if it never said."""
    from db.store import setting

    return int(setting(connection, village, ACKNOWLEDGED.format(log=log)) or 0)


def note_acknowledged(connection: "Connection", village: int, log: int, seq: int, at: int) -> None:
    """Keep, inside the sender's transaction, up to which line the county has a log, and when it said so.

    A county that was set up again from an older copy has less than before, and gets it again.
    """
    from db.store import set_setting

    set_setting(connection, village, ACKNOWLEDGED.format(log=log), str(seq))
    set_setting(connection, village, ACKNOWLEDGED_AT, str(at))


def backups_known(home: Path, store: "Store") -> tuple[Saved, Saved]:
    """Return how far the last backup in the data folder reaches, and the last one outside, wherever that is by now.

    Nothing outside the data folder is looked at: a stick may answer slowly.
    """
    from db.backup import list_backups
    from kiosk.store_care import BACKUPS, last_outside, lines_held

    lines = lines_held(store)
    inside = next(iter(list_backups(home / BACKUPS, store.village)), None)
    return _saved(inside, lines), _saved(last_outside(home), lines)


def newest_backups(home: Path, village: int) -> "tuple[Backup | None, Backup | None]":
    """Return the newest backup of a village in the data folder, and the longest one on a stick that is plugged in."""
    from kiosk.store_care import BACKUPS, find_backups

    mine = [backup for backup in find_backups(home) if backup.village == village]
    inside = [backup for backup in mine if backup.file.parent == home / BACKUPS]
    outside = [backup for backup in mine if backup.file.parent != home / BACKUPS]
    return next(iter(inside), None), max(outside, key=lambda backup: backup.lines, default=None)


def available_memory(table: Path = _MEMORY) -> int | None:
    """Return how many bytes of memory a program may still have, by the kernel's table; None where there is none."""
    try:
        lines = table.read_text("ascii").splitlines()
    except OSError:
        return None
    figures = dict(line.split(":", 1) for line in lines if ":" in line)
    try:
        return int(figures["MemAvailable"].split()[0]) * 1024
    except (KeyError, ValueError, IndexError):
        return None


def _saved(last: "Backup | None", lines: int) -> Saved:
    return Saved(last, lines - last.lines if last is not None else lines)
