"""Backups of a hub, and what is made of one: a hub in a new epoch, on either engine.

A backup is one SQLite file whatever engine the hub runs on: the lines, the private texts, and what the hub knows of
itself and of its terminals; tables that officers read may be in it and are never used. So a hub moves from SQLite to
PostgreSQL, and back, by its backup. The county's key is in it: whoever has the file can speak for the county.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, Table, inspect, select

from county import migrations
from county.hub import Hub
from county.recovery import note_backup
from county.registry import epoch_of, hub_key
from county.tables import RegistryTable
from db import backup as copies
from db import journal
from db.backup import BackupError
from db.durable import sync_folder
from db.engine import file_of, open_sqlite, open_unsynced, transaction
from db.hub import create_hub_store
from db.journal import Head
from db.progress import Advance, unseen
from db.tables.columns import JournalTable
from db.tables.statement import tables_of, upsert
from db.wire.v1.signed import fingerprint

KEPT: Final = 14
ROWS_AT_ONCE: Final = 2_000
SUFFIX: Final = ".backup"
OWNER_ALONE: Final = 0o600
_NAME: Final = re.compile(r"county-(\d{6})-(\d{8}T\d{4})-(\d+)\.backup")


@dataclass(frozen=True)
class Sound:
    """What a sound backup holds: lines, villages, the county's check digits and the epoch it was made in."""

    lines: int
    villages: int
    fingerprint: str
    epoch: str


@dataclass(frozen=True)
class HubBackup:
    """A backup that was verified when it was made."""

    file: Path
    lines: int
    villages: int


def make_backup(hub: Hub, target: Path, taken: str, advance: Advance = unseen) -> HubBackup:
    """Copy a hub beside its intake, verify the copy, give it its name, and note when it was made.

    `target` ending in `.backup` is the file; anything else is a folder, in which the newest fourteen are kept. `taken`
    is the wall clock's word for now, `20261122T0903`. `advance` is told of every line that was verified.

    Raises:
        BackupError: the copy is not sound; it is removed.
        OSError: the folder cannot be written.
    """
    folder = target.parent if target.suffix == SUFFIX else target
    folder.mkdir(parents=True, exist_ok=True)
    fresh = copies.fresh_part(folder)
    try:
        _copy_out(hub, fresh)
        fresh.chmod(OWNER_ALONE)
        sound = verify_backup(fresh, advance)
        final = target if target.suffix == SUFFIX else folder / _next_name(folder, taken, sound.lines)
        fresh.replace(final)
        sync_folder(folder)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    for old in list_backups(folder)[KEPT:]:
        old.unlink()
    with hub.write() as connection:
        note_backup(connection, hub.now())
    return HubBackup(final, sound.lines, sound.villages)


def list_backups(folder: Path) -> list[Path]:
    """Return the backups of a folder by their numbers, newest first."""
    return sorted((file for file in folder.iterdir() if _NAME.fullmatch(file.name)), reverse=True)


def verify_backup(file: Path, advance: Advance = unseen) -> Sound:
    """Check a backup that nobody writes: its pages, its indexes, every chain, and the county's key.

    Raises:
        BackupError: with every fault found; also for a file that is no hub's.
    """
    if not file.is_file():
        raise BackupError([f"there is no file {file}"])
    try:
        with closing_engine(open_sqlite(file)) as engine, transaction(engine, is_write=False) as connection:
            checked = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            faults = [text for text in checked if text != "ok"] or list(_chain_faults(connection, advance))
            if not faults:
                return _sound(connection)
    except Exception as error:
        raise BackupError([str(getattr(error, "orig", None) or error)]) from error
    raise BackupError(faults)


def copy_journal(source: Connection, target: Engine) -> None:
    """Copy lines and private texts; repeats change nothing.

    Each transaction holds rows of one village, as a sharded store wants it.
    """
    for table in tables_of(JournalTable):
        for rows in _pieces(source, table):
            with transaction(target, is_write=True) as connection:
                _insert(connection, table, rows)


def copy_registry(source: Connection, target: Connection) -> None:
    """Copy what the hub knows of itself and of its terminals, inside the caller's transaction."""
    migrations.upgrade(target)
    for table in tables_of(RegistryTable):
        for rows in _pieces(source, table):
            _insert(target, table, rows)


def ends(connection: Connection) -> dict[tuple[int, int], Head]:
    """Return the end of every log that is held."""
    return {
        (village, log): head
        for village in journal.villages(connection)
        for log, head in journal.heads(connection, village).items()
    }


@contextmanager
def closing_engine(engine: Engine) -> Iterator[Engine]:
    """Use an engine and close it."""
    try:
        yield engine
    finally:
        engine.dispose()


def _copy_out(hub: Hub, fresh: Path) -> None:
    """A file is copied page by page; another engine is read row by row, as of one moment."""
    file = file_of(hub.engine)
    if file is not None:
        copies.copy_store(file, fresh)
        return
    fresh.unlink(missing_ok=True)
    with closing_engine(open_unsynced(fresh)) as target, hub.read() as connection:
        create_hub_store(target)
        copy_journal(connection, target)
        with transaction(target, is_write=True) as registry:
            copy_registry(connection, registry)
    copies.make_durable(fresh)


def _pieces(source: Connection, table: Table) -> Iterator[list[dict[str, object]]]:
    """Read a table in the order of its key, a village at a time, without holding all of it in memory."""
    if not inspect(source).has_table(table.name):
        return
    held = {column["name"] for column in inspect(source).get_columns(table.name)}
    columns = [column for column in table.columns if column.name in held]
    statement = select(*columns).order_by(*table.primary_key)
    streamed = source.execute(statement, execution_options={"stream_results": True})
    piece: list[dict[str, object]] = []
    for row in streamed.yield_per(ROWS_AT_ONCE):
        mapping = dict(row._mapping)  # noqa: SLF001  because that is the documented name of a row as a mapping
        if piece and (len(piece) >= ROWS_AT_ONCE or piece[-1]["village"] != mapping["village"]):
            yield piece
            piece = []
        piece.append(mapping)
    if piece:
        yield piece


def _insert(connection: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    """Insert rows; those that are there already stay as they are."""
    connection.execute(upsert(connection.dialect.name, table).on_conflict_do_nothing(), rows)


def _chain_faults(connection: Connection, advance: Advance) -> Iterator[str]:
    for village, log in ends(connection):
        yield from journal.verify(connection, village, log, advance=advance)


def _sound(connection: Connection) -> Sound:
    held = ends(connection)
    key = hub_key(connection)
    return Sound(
        sum(head.seq for head in held.values()),
        len({village for village, _log in held if village}),
        fingerprint(key.public),
        epoch_of(connection),
    )


def _next_name(folder: Path, taken: str, lines: int) -> str:
    numbers = [int(found[1]) for file in folder.iterdir() if (found := _NAME.fullmatch(file.name))]
    return f"county-{max(numbers, default=0) + 1:06d}-{taken}-{lines}{SUFFIX}"
