"""What a stick brings home: parcels of the county for this village, its receipt, its word for this terminal's key.

Where the county holds another branch of a log, its first line that is another here says where the two part.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from sqlalchemy import Connection

from db.engine import transaction
from db.fork import end_own_log, forks_of, note_fork
from db.journal import ForkError, GapError, last_seq
from db.line import COUNTY_LOG, MalformedLineError
from db.store import Store, own_log
from db.wire.v1.message import Certificate, Parcel
from db.wire.v1.parcel import Label, Opened, ParcelError, end_of, open_parcel, read_file, read_name
from db.wire.v1.parting import partings_by
from db.wire.v1.signed import SignatureError, heard
from db.wire.v1.steps import hash_at
from db.wire.versions import agree
from kiosk.errors import BadInput
from kiosk.sync import memory
from kiosk.sync.figures import Figures
from kiosk.sync.hand_back import note_holdings
from kiosk.sync.memory import County, acknowledged, note_acknowledged
from kiosk.sync.unsent import note_earlier

Stage: TypeAlias = Literal["take", "put"]
Advance: TypeAlias = Callable[[Stage, int, int], None]


@dataclass
class Found:
    """What lies on a stick for this village, and how much of it was of use; `others` are for other villages.

    `unread` are the versions a county speaks of whose protocol nothing is spoken here: of that no line was taken in.
    """

    mine: list[tuple[Label, Path]]
    others: int = 0
    opened: int = 0
    received: int = 0
    skipped: int = 0
    unread: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Visit:
    """One stick at the desk: the store, the county, the stick's folder, and who is told of progress.

    `spoken` are the versions of the protocol this terminal knows, `clock` and `figures` what the county is told of it.
    """

    store: Store
    county: County
    folder: Path
    spoken: tuple[int, ...]
    advance: Advance
    clock: tuple[int, ...]
    figures: Figures


def take_in(visit: Visit, at: int) -> Found:
    """Take in every parcel for this village, in the order of its lines; `at` is wall milliseconds of this desk.

    Raises:
        OSError: the stick is gone.
    """
    labels = [(label, file) for file in _files_of(visit.folder) if (label := read_name(file.name)) is not None]
    homeward = [(label, file) for label, file in labels if label.way == "to"]
    found = Found([(label, file) for label, file in homeward if label.village == visit.store.village])
    found.others = len(homeward) - len(found.mine)
    for number, (label, file) in enumerate(sorted(found.mine, key=lambda pair: (pair[0].log, pair[0].seq)), start=1):
        try:
            opened = open_parcel(
                visit.county.key, label, read_file(file), lambda _said: visit.county.hub_key, visit.spoken
            )
            if isinstance(agree(visit.spoken, opened.said.speaks), int):
                found.received += _receive(visit, opened, at)
            else:
                found.unread = opened.said.speaks
            found.opened += 1
        except ParcelError as error:
            found.skipped += error.reason != "sealed"  # another terminal of the village reads that one
        visit.advance("take", number, len(found.mine))
    return found


def _files_of(folder: Path) -> list[Path]:
    """Return what lies in the stick's folder; a stick without it has nothing, one that is gone says so."""
    if not folder.exists() and folder.parent.exists():
        return []
    return list(folder.iterdir())


def require_use(found: Found, folder: Path) -> None:
    """Let pass what was of any use.

    Raises:
        BadInput: nothing was for this village (`stick_without_answer`, `stick_of_another`), or whole (`stick_torn`).
        OSError: the stick is gone.
    """
    if found.opened:
        return
    if found.skipped:
        folder.stat()  # where it was pulled while it was read, that is to be said, and not that files are torn
        raise BadInput("stick_torn")
    raise BadInput("stick_of_another" if found.others and not found.mine else "stick_without_answer")


def _receive(visit: Visit, opened: Opened, at: int) -> int:
    store, said = visit.store, opened.said
    with transaction(store.engine, is_write=True) as connection:
        _note_receipt(connection, store.village, said, at)
        note_holdings(connection, store.village, said.held)
        if said.log == COUNTY_LOG:
            memory.keep_county_word(connection, store.village, said.village, opened.message)
        _note_certificate(connection, visit, said)
        before = hash_at(connection, said.village, said.log, said.after)
    if not opened.lines:
        return 0
    if end_of(before, opened.lines).hex() != said.hash:
        _note_other_branch(visit, said)
        raise ParcelError("content", "these lines continue others")
    try:
        count = store.receive(said.village, said.log, opened.lines)
    except ForkError as error:
        if not _is_village_log(visit, said):
            raise ParcelError("content", str(error)) from error
        _note_fork(visit, said, error.seq - 1)
        return 0
    except (GapError, MalformedLineError) as error:
        raise ParcelError("content", str(error)) from error
    with transaction(store.engine, is_write=True) as connection:
        memory.forget_parted(connection, store.village, said.log)
    return count


def _note_other_branch(visit: Visit, said: Parcel) -> None:
    """Ask for the whole log of which the county holds another branch: its first other line says where they part."""
    if _is_village_log(visit, said):
        with transaction(visit.store.engine, is_write=True) as connection:
            _note_parted(connection, said.village, (said.log,))


def _note_parted(connection: Connection, village: int, logs: Iterable[int]) -> None:
    """Remember logs of which the county holds another branch, but for those of which it is known where they part."""
    known = {fork.log for fork in forks_of(connection, village)}
    memory.note_parted(connection, village, tuple(log for log in logs if log not in known))


def _note_fork(visit: Visit, said: Parcel, common: int) -> None:
    """Let the desk write its own branch of a log again."""
    with transaction(visit.store.engine, is_write=True) as connection:
        memory.forget_parted(connection, said.village, said.log)
        note_fork(connection, said.village, said.log, common)


def _is_village_log(visit: Visit, said: Parcel) -> bool:
    """Say whether a parcel holds lines that a terminal of this village wrote."""
    return said.village == visit.store.village and said.log != COUNTY_LOG


def _note_receipt(connection: Connection, village: int, said: Parcel, at: int) -> None:
    """Remember how far the county holds the own log, if that is what is held here.

    Less than was known counts only from a county in another epoch: it was restored, and lacks what it had.
    """
    log = own_log(connection, village)
    epoch = memory.epoch(connection, village)
    is_restored = epoch is not None and said.epoch is not None and said.epoch != epoch
    if said.epoch is not None:
        memory.keep_epoch(connection, village, said.epoch)
    row = next((row for row in said.held if (row.v, row.l) == (village, log)), None)
    note_earlier(connection, village, said.held, at)
    _note_parted(connection, village, partings_by(connection, village, said.held))
    is_parted = log in memory.parted(connection, village)
    if is_parted or (row is not None and row.s > last_seq(connection, village, log)):
        end_own_log(connection, village)  # the county knows more of it, or other lines: this store is a copy
        return
    seq = 0 if row is None else row.s
    held = None if row is None else hash_at(connection, village, log, seq)
    is_ours = row is not None and held is not None and held[:8].hex() == row.h
    if (is_ours and seq > acknowledged(connection, village, log)) or (is_restored and (is_ours or row is None)):
        note_acknowledged(connection, village, log, seq, at)


def _note_certificate(connection: Connection, visit: Visit, said: Parcel) -> None:
    """Keep the county's word for this terminal's key; from then on its one-time code is of no use to anybody."""
    if said.certificate is None:
        return
    try:
        word = heard(said.certificate.encode(), Certificate.KIND, Certificate, visit.county.hub_key)
    except SignatureError:
        return
    village = visit.store.village
    if (word.village, word.log, word.key) == (village, own_log(connection, village), visit.county.key.public):
        memory.keep_certificate(connection, village, said.certificate)
        memory.forget_code(connection, village)
