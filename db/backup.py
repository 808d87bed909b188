"""Backups: made step by step beside a selling till, verified before they are called a backup, rotated.

A backup is named `kiosk-<village>-<number>-<taken>-<lines>.backup`. The number counts the backups of a village in one
folder, so their order needs no clock; `taken` is what a clock on the wall said.
"""

import os
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from db import engine, journal
from db.durable import sync_folder
from db.progress import Advance, unseen
from db.tables.statement import table_of
from db.tables.workspace import OwnLog

PAGES_AT_ONCE: Final = 200
PAUSE_SECONDS: Final = 0.005
MOST_RESTARTS: Final = 20
KEPT: Final = 14
_NAME: Final = re.compile(r"kiosk-(\d{4})-(\d{6})-(\d{8}T\d{4})-(\d+)\.backup")


class BackupError(RuntimeError):
    """A file that is no sound copy of a store; `faults` says why."""

    def __init__(self, faults: list[str]) -> None:
        """Keep every fault."""
        super().__init__("; ".join(faults[:3]))
        self.faults = faults


@dataclass(frozen=True)
class Backup:
    """A copy that was verified when it was made: whose it is, its number in its folder, when it was taken, its lines.

    `taken` is local time by the wall clock of the day, `20261122T0903`.
    """

    file: Path
    village: int
    number: int
    taken: str
    lines: int


@dataclass(frozen=True)
class Copied:
    """What a sound copy holds."""

    village: int
    lines: int


def make_backup(store: Path, folder: Path, taken: str, advance: Advance = unseen) -> Backup:
    """Copy a store into a folder by the stepwise backup API, verify the copy, then give it its name.

    `advance` is told of every line that was verified.

    Raises:
        BackupError: the copy is not sound; it is removed.
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    fresh = fresh_part(folder)
    try:
        copy_store(store, fresh)
        copied = verify_copy(fresh, advance)
        return keep_copy(fresh, folder, copied, taken)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def keep_copy(copy: Path, folder: Path, copied: Copied, taken: str) -> Backup:
    """Give a verified copy that lies in `folder` the name of a backup, durably. Raises OSError."""
    number = max((each.number for each in list_backups(folder, copied.village)), default=0) + 1
    name = f"kiosk-{copied.village:04d}-{number:06d}-{taken}-{copied.lines}.backup"
    final = copy.replace(folder / name)
    sync_folder(folder)
    return Backup(final, copied.village, number, taken, copied.lines)


def copy_store(source: Path, target: Path) -> None:
    """Copy a store step by step; a writer is never kept waiting for longer than one step.

    A till that writes between two steps makes the copy begin anew; after twenty times it is made in one step.

    Raises:
        BackupError: the store cannot be read.
        OSError: the copy cannot be made durable.
    """
    target.unlink(missing_ok=True)
    try:
        with closing(_connect(source, "rw")) as reading, closing(_connect(target, "rwc")) as writing:
            writing.execute("PRAGMA synchronous = 0")
            writing.execute("PRAGMA journal_mode = off")
            _copy(reading, writing)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise BackupError([str(error)]) from error
    make_durable(target)


def fresh_part(folder: Path) -> Path:
    """Return a name for a copy that is being made, this process's own; what dead processes left behind goes."""
    for left in folder.glob("copy-*.part"):
        process = left.stem.removeprefix("copy-")
        if process.isdecimal() and not Path(f"/proc/{process}").exists():
            left.unlink(missing_ok=True)
    return folder / f"copy-{os.getpid()}.part"


def verify_copy(file: Path, advance: Advance = unseen) -> Copied:
    """Check a copy that nobody writes: its pages, its indexes, and every chain.

    Raises:
        BackupError: with every fault found.
    """
    opened = engine.open_sqlite(file)
    try:
        with engine.transaction(opened, is_write=False) as connection:
            checked = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            faults = [text for text in checked if text != "ok"]
            lines = 0
            for village in [] if faults else journal.villages(connection):
                for log, head in journal.heads(connection, village).items():
                    faults += journal.verify(connection, village, log, advance=advance)
                    lines += head.seq
            village = 0 if faults else connection.execute(select(table_of(OwnLog).c.village)).scalar_one()
    except Exception as error:
        raise BackupError([str(getattr(error, "orig", None) or error)]) from error
    finally:
        opened.dispose()
    if faults:
        raise BackupError(faults)
    return Copied(village, lines)


def count_lines(connection: Connection) -> int:
    """Return how many lines a store holds, all its logs together."""
    return sum(
        head.seq for village in journal.villages(connection) for head in journal.heads(connection, village).values()
    )


def list_backups(folder: Path, village: int | None = None) -> list[Backup]:
    """Return the backups of a folder by their names, newest first; a folder that cannot be read has none."""
    try:
        named = [read_name(file) for file in folder.iterdir()]
    except OSError:
        return []
    found = [backup for backup in named if backup is not None and village in (None, backup.village)]
    return sorted(found, key=lambda backup: (backup.village, -backup.number))


def read_name(file: Path) -> Backup | None:
    """Return what the name of a backup says; None for a file of another kind."""
    name = _NAME.fullmatch(file.name)
    return None if name is None else Backup(file, int(name[1]), int(name[2]), name[3], int(name[4]))


def rotate(folder: Path, village: int, keep: int = KEPT) -> list[Path]:
    """Remove all but the `keep` newest backups of a village from a folder and return what was removed."""
    old = [backup.file for backup in list_backups(folder, village)[keep:]]
    for file in old:
        file.unlink()
    return old


def make_durable(file: Path) -> None:
    """Wait until a file lies on its disk, and forget it here, so that whoever reads it next reads the disk."""
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())
        os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _connect(file: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode={mode}", uri=True)


class _RestartedTooOftenError(Exception):
    """The copy began anew too often."""


def _copy(reading: sqlite3.Connection, writing: sqlite3.Connection) -> None:
    left = [0, 0]

    def count_restarts(status: int, remaining: int, _total: int) -> None:
        restarts, before = left
        restarts += status == sqlite3.SQLITE_OK and remaining >= before > 0
        left[:] = restarts, remaining
        if restarts > MOST_RESTARTS:
            raise _RestartedTooOftenError

    try:
        reading.backup(writing, pages=PAGES_AT_ONCE, progress=count_restarts, sleep=PAUSE_SECONDS)
    except _RestartedTooOftenError:
        reading.backup(writing, pages=-1, sleep=PAUSE_SECONDS)
