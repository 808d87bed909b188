"""Looking after the store: laying it out, backing it up, putting a backup in its place, verifying it."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from db import engine, journal
from db.backup import Backup, BackupError, copy_store, make_backup, rotate, verify_copy
from db.invariants import find_faults
from db.line import Entropy, Stamp
from db.store import Store, create_store, open_store, own_log, store_file
from kiosk.clock import SystemClock
from kiosk.domain.terminal import continue_terminal
from kiosk.domain.village import begin_village
from kiosk.errors import BadInput, NotWritable, Refused, StoreFailed

BACKUPS: Final = "backups"


@dataclass(frozen=True)
class LaidOut:
    """A new store: its log, and the first operator with the number of their badge."""

    log: int
    operator_id: int
    badge: str


@dataclass(frozen=True)
class Restored:
    """A restored store: its new log, the lines it holds, and where the store that was there is kept."""

    log: int
    lines: int
    kept: Path | None


@dataclass(frozen=True)
class Verified:
    """What a check read, and every fault as a sentence."""

    lines: int
    faults: tuple[str, ...]


def lay_out_store(home: Path, village: int, operator_name: str, entropy: Entropy = os.urandom) -> LaidOut:
    """Create the store of a data folder, reopen and verify it, and write its first facts.

    Raises:
        Refused: there is a store already (`store_exists`), or the name is empty (`name_missing`).
        NotWritable: the folder cannot be written (`home_not_writable`).
    """
    file = store_file(home)
    if file.exists():
        raise Refused("store_exists", home=str(home))
    if not operator_name.strip():
        raise Refused("name_missing")
    try:
        home.mkdir(parents=True, exist_ok=True)
        _create(file, village, entropy)
    except OSError as error:
        raise NotWritable("home_not_writable", home=str(home), detail=str(error)) from error
    store = open_store(engine.open_sqlite(file), entropy)
    begun = begin_village(store, operator_name, now=SystemClock(home).now())
    with store.read() as connection:
        log = own_log(connection, village)
    store.close()
    return LaidOut(log, begun.operator_id, begun.badge)


def back_up(home: Path, folder: Path | None = None, *, now: Stamp) -> Backup:
    """Back the store up into a folder (the data folder's own by default), verified and rotated.

    Raises:
        StoreFailed: the copy is not sound (`backup_not_sound`).
        NotWritable: the folder cannot be written (`file_not_written`).
    """
    target = folder if folder is not None else home / BACKUPS
    try:
        made = make_backup(store_file(home), target, f"kiosk-{now.boot:06d}-{now.at}")
        rotate(target)
    except BackupError as error:
        raise StoreFailed("backup_not_sound", detail=str(error)) from error
    except OSError as error:
        raise NotWritable("file_not_written", file=str(target), detail=str(error)) from error
    return made


def restore_backup(home: Path, backup: Path, *, now: Stamp, entropy: Entropy = os.urandom) -> Restored:
    """Put a backup in place of the store and go on in a new log; the store that was there is kept beside it.

    Raises:
        BadInput: the file is no sound backup (`backup_not_sound`).
    """
    fresh = home / "restore.part"
    try:
        lines = verify_copy(backup)
        copy_store(backup, fresh)
    except (BackupError, OSError) as error:
        raise BadInput("backup_not_sound", detail=str(error)) from error
    file = store_file(home)
    kept = None
    if file.exists():
        kept = home / f"store-before-restore-{now.at}.db"
        file.replace(kept)
    fresh.replace(file)
    store = open_store(engine.open_sqlite(file), entropy)
    log = continue_terminal(store, now=now)
    store.close()
    return Restored(log, lines, kept)


def verify_store(store: Store) -> Verified:
    """Walk every chain and run every pass over the tables."""
    faults: list[str] = []
    lines = 0
    with store.read() as connection:
        for village in journal.villages(connection):
            for log, head in sorted(journal.heads(connection, village).items()):
                faults += journal.verify(connection, village, log)
                lines += head.seq
        faults += [f"{fault.code} {fault.subject}" for fault in find_faults(connection, store.village)]
    return Verified(lines, tuple(faults))


def _create(file: Path, village: int, entropy: Entropy) -> None:
    fresh = file.with_suffix(".part")
    fresh.unlink(missing_ok=True)
    create_store(engine.open_sqlite(fresh), village, entropy).close()
    verify_copy(fresh)
    fresh.replace(file)
    handle = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
