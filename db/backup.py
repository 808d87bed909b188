"""Backups: made step by step beside a selling till, verified before they are called a backup, rotated."""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from db import engine, journal

PAGES_AT_ONCE: Final = 200
PAUSE_SECONDS: Final = 0.005
SUFFIX: Final = ".backup"
KEPT: Final = 14


class BackupError(RuntimeError):
    """A file that is no sound copy of a store; `faults` says why."""

    def __init__(self, faults: list[str]) -> None:
        """Keep every fault."""
        super().__init__("; ".join(faults[:3]))
        self.faults = faults


@dataclass(frozen=True)
class Backup:
    """A verified copy: where it lies and how many lines it holds."""

    file: Path
    lines: int


def make_backup(store: Path, folder: Path, name: str) -> Backup:
    """Copy a store into `folder`/`name`.backup by the stepwise backup API, verify the copy, then give it its name.

    Raises:
        BackupError: the copy is not sound; it is removed.
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{name}.part"
    copy_store(store, fresh)
    try:
        lines = verify_copy(fresh)
    except BackupError:
        fresh.unlink()
        raise
    final = folder / f"{name}{SUFFIX}"
    fresh.replace(final)
    _sync_folder(folder)
    return Backup(final, lines)


def copy_store(source: Path, target: Path) -> None:
    """Copy a store step by step; a writer is never kept waiting for longer than one step."""
    target.unlink(missing_ok=True)
    reading = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    writing = sqlite3.connect(target)
    try:
        reading.backup(writing, pages=PAGES_AT_ONCE, sleep=PAUSE_SECONDS)
    finally:
        writing.close()
        reading.close()
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def verify_copy(file: Path) -> int:
    """Check a copy that nobody writes: the pages, and every chain; return the number of lines.

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
                    faults += journal.verify(connection, village, log)
                    lines += head.seq
    except Exception as error:
        raise BackupError([str(error)]) from error
    finally:
        opened.dispose()
    if faults:
        raise BackupError(faults)
    return lines


def rotate(folder: Path, keep: int = KEPT) -> list[Path]:
    """Remove all but the `keep` newest backups of a folder, by name, and return what was removed."""
    old = sorted(folder.glob(f"*{SUFFIX}"))[:-keep]
    for file in old:
        file.unlink()
    return old


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
