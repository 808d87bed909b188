"""Looking after the store: laying it out, backing it up, checking it on a copy, writing the journal out."""

import errno
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DatabaseError

from db import engine, projections
from db.backup import (
    Backup,
    BackupError,
    copy_store,
    count_lines,
    fresh_part,
    keep_copy,
    list_backups,
    make_backup,
    make_durable,
    read_name,
    rotate,
    verify_copy,
)
from db.durable import sync_folder
from db.export import Exported, export_journal
from db.fault import Fault
from db.invariants import find_faults
from db.line import Entropy, Stamp
from db.progress import Advance, unseen
from db.soundness import assert_sound
from db.store import LogEndedError, Store, StoreError, create_store, open_store, own_log, rebuild, store_file
from kiosk.clock import SystemClock
from kiosk.domain.village import begin_village
from kiosk.errors import BadInput, NotWritable, Refused, StoreFailed, TryAgain
from kiosk.hold import alone
from kiosk.sticks import find_sticks
from kiosk.zone import local_time

# Where a damaged page holds a name, the driver cannot even read SQLite's own complaint about it.
UNREADABLE: Final = (DatabaseError, UnicodeDecodeError)
BACKUPS: Final = "backups"
OUTSIDE: Final = "last-backup-outside"


@dataclass(frozen=True)
class LaidOut:
    """A new store: its log, and the first operator with the number of their badge."""

    log: int
    operator_id: int
    badge: str


@dataclass(frozen=True)
class Verified:
    """What a check read: lines, what is damaged as sentences, and what a person should settle."""

    lines: int
    faults: tuple[str, ...]
    exceptions: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Looked:
    """What the quiet look beside the open till found; `backup` is the copy, kept because something had happened."""

    faults: tuple[Fault, ...]
    backup: Backup | None


def lay_out_store(home: Path, village: int, operator_name: str, entropy: Entropy = os.urandom) -> LaidOut:
    """Create the store of a data folder, reopen and verify it, and write its first facts.

    Raises:
        Refused: there is a store already (`store_exists`), or the name is empty (`name_missing`).
        NotWritable: the folder cannot be written (`home_not_writable`).
        TryAgain: another program is making one here (`store_in_use`).
    """
    if not operator_name.strip():
        raise Refused("name_missing")
    create_file(home, village, entropy)
    store = open_store(engine.open_sqlite(store_file(home)), entropy)
    begun = begin_village(store, operator_name, now=SystemClock(home).now())
    with store.read() as connection:
        log = own_log(connection, village)
    store.close()
    return LaidOut(log, begun.operator_id, begun.badge)


def create_file(
    home: Path, village: int, entropy: Entropy = os.urandom, fill: Callable[[Store], object] | None = None
) -> None:
    """Create the store of a data folder under another name, verify it, and only then give it its own.

    It is empty, or has in it what `fill` writes: all of that or, if anything goes wrong or is cut, no store.

    Raises:
        Refused: there is a store already (`store_exists`).
        NotWritable: the folder cannot be written (`home_not_writable`).
        TryAgain: another program is making one here (`store_in_use`).
    """
    file = store_file(home)
    fresh = file.with_suffix(".part")
    try:
        home.mkdir(parents=True, exist_ok=True)
        with alone(home):
            if file.exists():
                raise Refused("store_exists", home=str(home))
            fresh.unlink(missing_ok=True)
            store = create_store(engine.open_unsynced(fresh), village, entropy)
            try:
                if fill is not None:
                    fill(store)
            finally:
                store.close()
            make_durable(fresh)
            verify_copy(fresh)
            fresh.replace(file)
            sync_folder(home)
    except OSError as error:
        raise NotWritable("home_not_writable", home=str(home), detail=str(error)) from error


def back_up(home: Path, folder: Path | None = None, *, now: Stamp, advance: Advance = unseen) -> Backup:
    """Back the store up into a folder (the data folder's own by default), verified and rotated.

    Raises:
        StoreFailed: the copy is not sound (`copy_not_sound`).
        NotWritable: the folder cannot be written (`file_not_written`).
    """
    target = folder if folder is not None else home / BACKUPS
    try:
        made = make_backup(store_file(home), target, taken_at(now), advance)
        rotate(target, made.village)
        if not target.resolve().is_relative_to(home.resolve()):
            _note_outside(home, made)
    except BackupError as error:
        raise StoreFailed("copy_not_sound", detail=str(error)) from error
    except OSError as error:
        raise NotWritable("file_not_written", file=str(target), detail=str(error)) from error
    return made


def back_up_if_due(home: Path, *, now: Stamp) -> Looked:
    """Check the pages and chains of the store on a copy, and keep the copy if any line came since the last backup.

    The quiet look after the first frame, after opening and after closing the day; it keeps no writer waiting. Whether
    a backup is due is a matter of lines, never of a clock.

    Raises:
        NotWritable: the data folder cannot be written or has no room (`file_not_written`, `disk_reserve`).
    """
    folder = home / BACKUPS
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _copy_of(home, folder) as copy:
            try:
                copied = verify_copy(copy)
            except BackupError as error:
                return Looked(tuple(Fault("copy_not_sound", text) for text in error.faults), None)
            last = next(iter(list_backups(folder, copied.village)), None)
            if last is not None and last.lines == copied.lines:
                return Looked((), None)
            made = keep_copy(copy, folder, copied, taken_at(now))
        rotate(folder, made.village)
    except OSError as error:
        raise NotWritable("file_not_written", file=str(folder), detail=str(error)) from error
    return Looked((), made)


def look_apart(home: Path) -> Looked:
    """Do the quiet look in a process of its own, by the command that cron uses too.

    Raises:
        StoreFailed: the look could not be had; the code is the command's own, or `look_failed`.
    """
    words = [sys.executable, "-m", "kiosk", "backup", "--if-due", "--json", "--home", str(home)]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    try:
        values = json.loads(ended.stdout)
        file = values["file"] and read_name(Path(values["file"]))
        return Looked(tuple(Fault("copy_not_sound", text) for text in values["faults"]), file)
    except (ValueError, KeyError, TypeError) as error:
        code = re.search(r"\[([a-z_.]+)\]\s*$", ended.stderr)
        raise StoreFailed(code[1] if code else "look_failed", detail=ended.stderr[-200:]) from error


def verify_store(home: Path, *, advance: Advance = unseen) -> Verified:
    """Check everything on a copy: pages, every chain, every pass over the tables, and the tables against the journal.

    `advance` is told of every line twice: when its chain is checked and when it is folded again.

    Raises:
        NotWritable: the data folder has no room for the copy (`file_not_written`, `disk_reserve`).
    """
    try:
        with _copy_of(home, home) as copy:
            try:
                copied = verify_copy(copy, advance)
            except BackupError as error:
                return Verified(0, tuple(error.faults))
            return _verify_tables(copy, copied.lines, advance)
    except BackupError as error:
        return Verified(0, tuple(error.faults))
    except OSError as error:
        raise NotWritable("file_not_written", file=str(home), detail=str(error)) from error


def believe_again(store: Store) -> None:
    """Let the desk write again after a check of everything that found nothing: only what every start asserts counts."""
    with store.read() as connection:
        store.standing.faults = assert_sound(connection, store.village)


def export_store(store: Store, name: Path, advance: Advance = unseen) -> Exported:
    """Write the journal out beside the selling till. Raises NotWritable (`file_not_written`)."""
    try:
        with store.read_in_pieces() as connection:
            return export_journal(connection, name, advance)
    except OSError as error:
        raise NotWritable("file_not_written", file=str(name), detail=str(error)) from error


def lines_held(store: Store) -> int:
    """Return how many lines a store holds."""
    with store.read_in_pieces() as connection:
        return count_lines(connection)


def find_backups(home: Path) -> list[Backup]:
    """Return every backup that can be restored: those of the data folder first, then those on sticks, newest first."""
    places = [home / BACKUPS, *(folder for stick in find_sticks() for folder in (stick, stick / BACKUPS))]
    return [backup for place in places for backup in list_backups(place)]


def last_outside(home: Path) -> Backup | None:
    """Return the last backup that went outside the data folder, wherever that is now; None if there was none."""
    try:
        return read_name(Path((home / OUTSIDE).read_text("utf-8").strip()))
    except (OSError, ValueError):
        return None


def taken_at(now: Stamp) -> str:
    """Return the local time of a stamp as names of backups carry it."""
    return local_time(now.at).strftime("%Y%m%dT%H%M")


def explain_failure(error: Exception) -> Refused | None:
    """Return the refusal for what goes wrong in a store or on its disk; None for anything else."""
    if isinstance(error, StoreError):
        code = error.code if error.code == "disk_reserve" else f"store_{error.code}"
        return StoreFailed(code, detail=error.detail)
    if isinstance(error, LogEndedError):
        return StoreFailed("log_ended")
    if isinstance(error, BackupError):
        return BadInput("backup_not_sound", detail=str(error))
    if isinstance(error, UNREADABLE):
        return _explain_sqlite(str(getattr(error, "orig", error)))
    if isinstance(error, OSError):
        return StoreFailed("disk_full" if error.errno == errno.ENOSPC else "store_failed", detail=str(error))
    return None


def _explain_sqlite(message: str) -> Refused:
    """Tell a busy store from a full disk and from a broken one by SQLite's own words."""
    if "locked" in message or "busy" in message:
        return TryAgain("store_busy")
    if "disk is full" in message:
        return StoreFailed("disk_full", detail=message)
    return StoreFailed("store_failed", detail=message)


def _note_outside(home: Path, made: Backup) -> None:
    fresh = home / f"{OUTSIDE}.part"
    fresh.write_text(f"{made.file.absolute()}\n", "utf-8")
    fresh.replace(home / OUTSIDE)


@contextmanager
def _copy_of(home: Path, folder: Path) -> Iterator[Path]:
    """Copy the store for a look that would hold a writer up; whatever is left of the copy goes afterwards."""
    file, copy = store_file(home), fresh_part(folder)
    if engine.free_bytes(folder) < file.stat().st_size + engine.RESERVE_BYTES:
        raise NotWritable("disk_reserve")
    try:
        copy_store(file, copy)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _verify_tables(copy: Path, lines: int, advance: Advance) -> Verified:
    try:
        store = open_store(engine.open_sqlite(copy))
    except (*UNREADABLE, StoreError) as error:
        return Verified(lines, (str(getattr(error, "orig", error)),))
    try:
        with store.read() as connection:
            found = find_faults(connection, store.village)
            before = projections.digest(connection, store.village)
        rebuild(store, advance)
        with store.read() as connection:
            if projections.digest(connection, store.village) != before:
                found.append(Fault("tables_differ_from_journal", str(store.village)))
    except UNREADABLE as error:
        return Verified(lines, (f"table_not_readable {getattr(error, 'orig', error)}",))
    finally:
        store.close()
    faults = (*store.standing.faults, *(fault for fault in found if not fault.is_exception))
    sentences = tuple(f"{fault.code} {fault.subject}" for fault in faults)
    return Verified(lines, sentences, tuple(fault for fault in found if fault.is_exception))
