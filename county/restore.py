"""A hub made of a backup, in a new epoch: lines and terminals as they were, tables computed anew, nothing said yet."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from county.backup import OWNER_ALONE, closing_engine, copy_journal, copy_registry, ends, verify_backup
from county.hub import FILE_NAME, HubError, has_hub, hold_home, note_projection, open_engine
from county.recovery import begin_recovery
from county.registry import begin_epoch
from db import journal, projections
from db.backup import BackupError, fresh_part, make_durable
from db.durable import sync_folder
from db.engine import open_sqlite, open_unsynced, transaction
from db.hub import create_hub_store
from db.progress import Advance, unseen

_BEFORE: Final = "county-before-restore-{taken}{again}.db"
_MOST: Final = 1_000
_ROLLBACK: Final = "-journal"


@dataclass(frozen=True)
class Restored:
    """What a restore laid out, and where the hub of before lies now, if there was a file."""

    lines: int
    villages: int
    fingerprint: str
    epoch: str
    kept: Path | None


@dataclass(frozen=True)
class Moment:
    """When and by what chance a hub is restored: wall milliseconds, the same as a word for file names, random bytes."""

    at: int
    taken: str
    entropy: Callable[[int], bytes] = os.urandom


def restore_backup(file: Path, home: Path, database: str | None, moment: Moment, advance: Advance = unseen) -> Restored:
    """Lay a backup out as the hub of a data folder, or in an empty PostgreSQL database, in a new epoch.

    The file of a hub that is there is set aside and kept. The county's key stays; it may publish after `county resume`.
    What was begun and cut is begun again by the same command. `advance` is told of lines verified and computed.

    Raises:
        BackupError: the backup, or what was made of it, is not sound; what was there before stays.
        HubError: a hub is in that database (present), or serves from that folder (in_use).
        OSError: the folder cannot be written.
    """
    sound = verify_backup(file, advance)
    if database is None:
        home.mkdir(parents=True, exist_ok=True)
        with hold_home(home):
            epoch, kept = _restore_file(file, home, moment, advance)
    else:
        epoch, kept = _restore_database(file, open_engine(home, database), moment, advance), None
    return Restored(sound.lines, sound.villages, sound.fingerprint, epoch, kept)


def _restore_database(file: Path, target: Engine, moment: Moment, advance: Advance) -> str:
    with closing_engine(target):
        if has_hub(target):
            raise HubError("present")
        return _lay_out(file, target, moment, advance)


def _restore_file(file: Path, home: Path, moment: Moment, advance: Advance) -> tuple[str, Path | None]:
    fresh = fresh_part(home)
    fresh.unlink(missing_ok=True)
    try:
        with closing_engine(open_unsynced(fresh)) as target:
            epoch = _lay_out(file, target, moment, advance)
        make_durable(fresh)
        fresh.chmod(OWNER_ALONE)
        kept = _keep_before(home, moment.taken)
        fresh.replace(home / FILE_NAME)
        sync_folder(home)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return epoch, kept


def _keep_before(home: Path, taken: str) -> Path | None:
    """Give the hub of before a second name, with what a process left that was killed in the middle of a write.

    Its own name is taken over in one step afterwards, so that at no moment there is no hub here.
    """
    held = home / FILE_NAME
    if not held.exists():
        return None
    names = (home / _BEFORE.format(taken=taken, again=again) for again in ("", *(f"-{n}" for n in range(2, _MOST))))
    kept = next(name for name in names if not name.exists())
    left = held.with_name(held.name + _ROLLBACK)
    if left.exists():  # or it would be played back over the hub that takes this place
        left.replace(kept.with_name(kept.name + _ROLLBACK))
    kept.hardlink_to(held)
    sync_folder(home)
    return kept


def _lay_out(file: Path, target: Engine, moment: Moment, advance: Advance) -> str:
    """Copy the lines, compare them, compute the tables; what makes it a hub comes last and at once."""
    with closing_engine(open_sqlite(file)) as engine, transaction(engine, is_write=False) as source:
        create_hub_store(target)
        copy_journal(source, target)
        with transaction(target, is_write=False) as connection:
            villages = journal.villages(connection)
            if ends(connection) != ends(source):
                raise BackupError(["what was laid out ends elsewhere than the backup; use an empty database"])
        for village in villages:
            with transaction(target, is_write=True) as connection:
                projections.project(connection, village, advance)
        with transaction(target, is_write=True) as connection:
            copy_registry(source, connection)
            note_projection(connection)
            begin_recovery(connection, moment.at)
            return begin_epoch(connection, moment.entropy)
