"""Measures the desk: disk, memory, clock, store and its backups. What the figures mean is judged elsewhere."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.clock import UNKNOWN
from kiosk.errors import BadInput

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from db.backup import Backup
    from db.line import Stamp
    from db.store import Store
    from kiosk.devices.printer.target import Target

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
    """What the county has not acknowledged yet: how many lines of the own log, and of those it continues.

    ``last_at`` is when it last acknowledged anything, wall milliseconds of this desk; None: it never did.
    ``is_enrolled`` says whether there is a county to report to at all, ``has_line`` whether also by a network.
    """

    lines: int
    last_at: int | None
    is_enrolled: bool = False
    has_line: bool = False


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
    """Return how many lines of this terminal the county has not acknowledged, and when it last acknowledged one."""
    from kiosk.sync.memory import acknowledged_at, has_line, is_enrolled
    from kiosk.sync.unsent import tails

    with store.read() as connection:
        ways = is_enrolled(connection, store.village), has_line(connection, store.village)
        last_at = acknowledged_at(connection, store.village)
        lines = sum(tail.lines for tail in tails(connection, store.village))
    return Unsent(lines, last_at, *ways)


def figures_of(connection: "Connection", store: "Store") -> dict[str, int]:
    """Return what the county is told of a desk at every report: whole numbers, and no name of anything.

    Their names are those of ``db.wire.v1.figures``. A store that lies in no file tells of itself alone.
    """
    from db.backup import count_lines
    from db.engine import file_of, free_bytes
    from kiosk.domain.slip import slips_owed_in
    from kiosk.sync.unsent import tails

    lines, unsent = count_lines(connection), sum(tail.lines for tail in tails(connection, store.village))
    owed = len(slips_owed_in(connection, store.village))
    figures = {"lines": lines, "unsent": unsent, "faults": len(store.standing.faults), "slips_owed": owed}
    file = file_of(store.engine)
    if file is None:
        return figures
    inside, outside = _backups_known(file.parent, store.village, lines)
    figures |= {"unsaved": inside.newer_lines, "unsaved_outside": outside.newer_lines}
    return figures | {"free_kib": free_bytes(file.parent) // 1024, "printer": _printer_of(file.parent)}


def backups_known(home: Path, store: "Store") -> tuple[Saved, Saved]:
    """Return how far the last backup in the data folder reaches, and the last one outside, wherever that is by now.

    Nothing outside the data folder is looked at: a stick may answer slowly.
    """
    from kiosk.store_care import lines_held

    return _backups_known(home, store.village, lines_held(store))


def newest_backups(home: Path, village: int) -> "tuple[Backup | None, Backup | None]":
    """Return the newest backup of a village in the data folder, and the longest one on a stick that is plugged in."""
    from kiosk.store_care import BACKUPS, find_backups

    mine = [backup for backup in find_backups(home) if backup.village == village]
    inside = [backup for backup in mine if backup.file.parent == home / BACKUPS]
    outside = [backup for backup in mine if backup.file.parent != home / BACKUPS]
    return next(iter(inside), None), max(outside, key=lambda backup: backup.lines, default=None)


def printer_state(line: str) -> str:
    """Return how the slip printer that the settings name is, as far as one can see without printing.

    ``ok``, ``unset``, ``missing`` (not plugged in) or ``wrong`` (nobody knows it); a network printer is not asked.
    """
    from kiosk.devices.printer.target import read_target

    if not line:
        return "unset"
    try:
        target = read_target(line)
    except BadInput:
        return "wrong"
    return "ok" if _is_plugged(target) else "missing"


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


def _is_plugged(target: "Target") -> bool:
    """Say whether the wire of a printer is there, without opening it."""
    from kiosk.devices.printer.target import Kind

    if target.kind is Kind.USB:
        return any(Path(target.address).glob("lp*"))
    return target.kind not in {Kind.SERIAL, Kind.FILE} or Path(target.address).exists()


def _backups_known(home: Path, village: int, lines: int) -> tuple[Saved, Saved]:
    from db.backup import list_backups
    from kiosk.store_care import BACKUPS, last_outside

    inside = next(iter(list_backups(home / BACKUPS, village)), None)
    return _saved(inside, lines), _saved(last_outside(home), lines)


def _printer_of(home: Path) -> int:
    """Return how the printer is as it travels; a settings file that cannot be read names none that works."""
    from db.wire.v1.figures import PRINTERS
    from kiosk.settings import load_settings

    try:
        return PRINTERS.index(printer_state(load_settings(home).slip_printer))
    except BadInput:
        return PRINTERS.index("wrong")


def _saved(last: "Backup | None", lines: int) -> Saved:
    return Saved(last, lines - last.lines if last is not None else lines)
