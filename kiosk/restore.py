"""Putting a backup in place of the store: on a copy that is finished before it takes the store's name.

At every moment there is one whole store under that name, and it either writes its own log or has begun a new one.
"""

import os
import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.exc import DatabaseError

from db import engine, journal
from db.backup import BackupError, make_durable, verify_copy
from db.durable import sync_folder
from db.journal import Sealed
from db.line import Entropy, Stamp
from db.progress import Advance, unseen
from db.store import Store, open_store, rebuild, store_file
from db.tables.statement import table_of
from db.tables.workspace import OwnLog
from db.wire.v1.steps import hash_at
from kiosk.domain.access import require_signer
from kiosk.domain.terminal import continue_terminal, operator_by_badge
from kiosk.errors import BadInput, NotWritable
from kiosk.hold import alone

LINES_AT_ONCE = 1_000


@dataclass(frozen=True)
class Signer:
    """Who says yes to a restore: the number of a badge; `other_than` is the operator at the desk, if there is one."""

    badge: str
    other_than: int | None = None


@dataclass(frozen=True)
class Restored:
    """A restored store: its new log and till number, the lines of the backup, and the newer ones saved from before.

    `kept` is the store that was there, under its new name; `is_complete` says that all its lines could be saved, so
    nothing that was confirmed is missing.
    """

    log: int
    till: int
    lines: int
    saved: int
    kept: Path | None
    is_complete: bool


@dataclass(frozen=True)
class Saved:
    """Lines taken over from an old store, and whether all it held could be."""

    lines: int
    is_complete: bool


def restore_backup(
    home: Path, backup: Path, signer: Signer | None = None, *, now: Stamp, advance: Advance = unseen,
    entropy: Entropy = os.urandom,
) -> Restored:  # fmt: skip
    """Put a backup in place of the store and go on in a new log with the next till number and seat.

    Lines that the store there still holds and the backup does not are saved first, as far as their chain is whole.
    The file that was there is kept. `advance` is told of every line of the backup twice.

    Raises:
        BadInput: the file is no sound backup (`backup_not_sound`), or another village's (`backup_other_village`).
        NotAllowed: the badge is nobody's in the backup (`badge_unknown`), its operator may not sign (`right_missing`),
            or stands at the desk (`signer_is_maker`).
        NotWritable: the data folder cannot be written (`home_not_writable`).
        TryAgain: another program works in the data folder (`store_in_use`).
    """
    fresh = home / "restore.part"
    try:
        home.mkdir(parents=True, exist_ok=True)
        with alone(home):
            try:
                lines = _copy_in(backup, fresh, advance)
                return _go_on(home, fresh, lines, _Hand(signer, now, entropy), advance)
            finally:
                fresh.unlink(missing_ok=True)
    except OSError as error:
        raise NotWritable("home_not_writable", home=str(home), detail=str(error)) from error


@dataclass(frozen=True)
class _Hand:
    signer: Signer | None
    now: Stamp
    entropy: Entropy


def _copy_in(backup: Path, fresh: Path, advance: Advance) -> int:
    try:
        shutil.copyfile(backup, fresh)
        make_durable(fresh)
        return verify_copy(fresh, advance).lines
    except (BackupError, OSError) as error:
        raise BadInput("backup_not_sound", detail=str(error)) from error


def _go_on(home: Path, fresh: Path, lines: int, hand: _Hand, advance: Advance) -> Restored:
    file = store_file(home)
    with closing(open_store(engine.open_sqlite(fresh), hand.entropy)) as store:
        by = None if hand.signer is None else _require_signer(store, hand.signer)
        rebuild(store, advance)
        saved = save_lines(file, store) if file.exists() else Saved(0, is_complete=False)
        begun = continue_terminal(store, now=hand.now, by=by)
    make_durable(fresh)
    kept = set_aside(file, hand.now) if file.exists() else None
    fresh.replace(file)
    sync_folder(home)
    return Restored(begun.log, begun.till, lines, saved.lines, kept, saved.is_complete)


def _require_signer(store: Store, signer: Signer) -> int:
    with store.read() as connection:
        operator = operator_by_badge(connection, store.village, signer.badge)
        require_signer(connection, store.village, operator, signer.other_than, None)
    return operator


def save_lines(old: Path, store: Store) -> Saved:
    """Take over what the old store holds beyond the backup; each log as far as it can be read and its chain is whole.

    Raises:
        BadInput: the store there is another village's (`backup_other_village`).
    """
    opened = engine.open_sqlite(old)
    try:
        with engine.in_pieces(opened) as before:
            village = before.execute(select(table_of(OwnLog).c.village)).scalar_one_or_none()
            if village not in (None, store.village):
                raise BadInput("backup_other_village", village=village)
            places = [
                (of_village, log, head.seq)
                for of_village in journal.villages(before)
                for log, head in journal.heads(before, of_village).items()
            ]
            parts = [_save_log(before, store, *place) for place in places]
    except (DatabaseError, ValueError):
        return Saved(0, is_complete=False)
    finally:
        opened.dispose()
    return Saved(sum(part.lines for part in parts), all(part.is_complete for part in parts))


def _save_log(before: Connection, store: Store, village: int, log: int, last: int) -> Saved:
    count = 0
    try:
        has, reached = _held(store, village, log)
        if has and hash_at(before, village, log, has) not in (None, reached):
            return Saved(0, is_complete=False)
        if any(True for _fault in journal.verify(before, village, log, since=min(has, last))):
            return Saved(0, is_complete=False)
        for since in range(has, last, LINES_AT_ONCE):
            lines = journal.read_since(before, village, log, since, LINES_AT_ONCE)
            texts = journal.private_texts(before, village, log, since, since + LINES_AT_ONCE)
            sealed = [Sealed(line, texts.get(seq)) for seq, line in enumerate(lines, start=since + 1)]
            count += store.receive(village, log, sealed)
    except (DatabaseError, ValueError):
        return Saved(count, is_complete=False)
    return Saved(count, is_complete=True)


def _held(store: Store, village: int, log: int) -> tuple[int, bytes]:
    """How far a log is held here, and the hash its chain reaches there."""
    with store.read() as connection:
        head = journal.heads(connection, village, log).get(log)
    return (0, b"") if head is None else (head.seq, head.hash)


def set_aside(file: Path, now: Stamp) -> Path:
    """Keep the store that was there under another name; its own name is never without a store.

    What a crash left half-written lies in a journal beside it, which must not be taken for the new store's.
    """
    kept = file.with_name(f"store-before-restore-{now.boot:06d}-{now.at}.db")
    half_written = file.with_name(f"{file.name}-journal")
    if half_written.exists():
        half_written.replace(kept.with_name(f"{kept.name}-journal"))
    try:
        os.link(file, kept)
    except OSError:
        shutil.copyfile(file, kept)
    make_durable(kept)
    return kept
