"""Reporting by stick: one call takes in what the county put on it, and puts on it what the county lacks.

The folder `kiosk` of the stick holds parcels (see `db.wire.v1.parcel`). What is torn, for others, or comes too early
stays where it is; any file may come again. New files stand there whole before old ones go, so that a stick pulled at
any moment holds one or the other.
"""

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection

from db.durable import write_durably
from db.engine import transaction
from db.fork import end_own_log, forks_of, note_fork
from db.journal import ForkError, GapError, Sealed, last_seq
from db.line import COUNTY_LOG, MalformedLineError, Stamp
from db.store import Store, own_log
from db.wire.v1.figures import clock_sample
from db.wire.v1.message import Certificate, Enrolment, Parcel
from db.wire.v1.parcel import (
    Label,
    Opened,
    ParcelError,
    end_of,
    make_parcel,
    name_of,
    open_parcel,
    read_file,
    read_name,
)
from db.wire.v1.parting import partings_by
from db.wire.v1.set_up import make_question, read_asking
from db.wire.v1.signed import SignatureError, heard
from db.wire.v1.sound import hash_before, kept_lines, sound_part
from db.wire.v1.steps import Stretch, hash_at, held_by, lines_after
from db.wire.versions import SPOKEN, agree
from kiosk.errors import BadInput, NotAllowed, NotWritable
from kiosk.sync import memory
from kiosk.sync.agreement import require_spoken
from kiosk.sync.figures import Figures, no_figures
from kiosk.sync.founding import took_seat
from kiosk.sync.hand_back import fitting_word, lacking_at_county, note_holdings
from kiosk.sync.memory import County, acknowledged, county_of, note_acknowledged
from kiosk.sync.unsent import Tail, note_earlier, tails

FOLDER: Final = "kiosk"
LINES_A_PARCEL: Final = 2_000
Way: TypeAlias = Literal["both", "out", "home"]
Stage: TypeAlias = Literal["take", "put"]
Advance: TypeAlias = Callable[[Stage, int, int], None]
_TROUBLES: Final = {
    errno.ENOSPC: "stick_full", errno.EDQUOT: "stick_full", errno.EFBIG: "stick_full",
    errno.EROFS: "stick_read_only", errno.EACCES: "stick_read_only", errno.EPERM: "stick_read_only",
    errno.ENOENT: "stick_pulled", errno.ENODEV: "stick_pulled", errno.ENXIO: "stick_pulled",
    errno.EIO: "stick_pulled",
}  # fmt: skip


@dataclass(frozen=True)
class Exchanged:
    """What a stick brought and took: lines taken in, lines put on it, and files that were torn or came too early."""

    received: int
    written: int
    skipped: int


@dataclass
class _Found:
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
class _Visit:
    """One stick at the desk: the store, the county, the stick's folder, and who is told of progress."""

    store: Store
    county: County
    folder: Path
    advance: Advance
    clock: tuple[int, ...]
    figures: Figures


def unseen(_stage: Stage, _done: int, _total: int) -> None:
    """Tell nobody of progress."""


def exchange_by_stick(  # noqa: PLR0913  because each but the first two has one value that is right for most
    store: Store,
    stick: Path,
    entropy: Callable[[int], bytes],
    *,
    now: Stamp,
    way: Way = "both",
    advance: Advance = unseen,
    figures: Figures = no_figures,
) -> Exchanged:
    """Take in and put out, or one of the two, so that the stick may be pulled when this returns.

    `figures` measures the desk for the county.

    Raises:
        NotAllowed: this terminal is not enrolled (`not_enrolled`).
        BadInput: asked for what the county sent, there is nothing (`stick_without_answer`), nothing but other
            villages' (`stick_of_another`), or nothing that is whole (`stick_torn`).
        OutdatedError: one side's program is too old for the other's (`protocol_terminal_old`, `protocol_county_old`);
            what goes out stands on the stick nevertheless.
        NotWritable: the stick is full (`stick_full`), locked (`stick_read_only`), was pulled (`stick_pulled`), gives
            back other bytes than were written (`stick_not_sound`), or cannot be used (`stick_not_usable`).
    """
    with store.read() as connection:
        county = county_of(connection, store.village)
    if county is None or not county.hub_sealing:
        raise NotAllowed("not_enrolled")
    visit = _Visit(store, county, stick / FOLDER, advance, clock_sample(now), figures)
    with telling_of_stick():
        if way != "home":
            visit.folder.mkdir(exist_ok=True)
        found = _take_in(visit, now.at) if way != "out" else _Found([])
        if way == "home":
            _require_use(found, visit.folder)
        written = _put_out(visit, entropy) if way != "home" else 0
    if found.unread is not None:
        require_spoken(found.unread, SPOKEN)
    return Exchanged(found.received, written, found.skipped)


@contextmanager
def telling_of_stick() -> Iterator[None]:
    """Turn what the system says of a stick into a sentence for a person."""
    try:
        yield
    except OSError as error:
        code = _TROUBLES.get(error.errno or 0, "stick_not_usable")
        raise NotWritable(code, detail=error.strerror or "") from error


def write_checked(file: Path, data: bytes) -> None:
    """Write a file durably, drop it from memory and read it back from the stick.

    Raises:
        OSError: as `write_durably`.
        NotWritable: the stick gives back something else (`stick_not_sound`).
    """
    write_durably(file, data)
    handle = os.open(file, os.O_RDONLY)
    try:
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        with os.fdopen(handle, "rb", closefd=False) as back:
            is_same = back.read() == data
    finally:
        os.close(handle)
    if not is_same:
        file.unlink()
        raise NotWritable("stick_not_sound")


def _take_in(visit: _Visit, at: int) -> _Found:
    labels = [(label, file) for file in _files_of(visit.folder) if (label := read_name(file.name)) is not None]
    homeward = [(label, file) for label, file in labels if label.way == "to"]
    found = _Found([(label, file) for label, file in homeward if label.village == visit.store.village])
    found.others = len(homeward) - len(found.mine)
    for number, (label, file) in enumerate(sorted(found.mine, key=lambda pair: (pair[0].log, pair[0].seq)), start=1):
        try:
            opened = open_parcel(visit.county.key, label, read_file(file), lambda _said: visit.county.hub_key, SPOKEN)
            if isinstance(agree(SPOKEN, opened.said.speaks), int):
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


def _require_use(found: _Found, folder: Path) -> None:
    if found.opened:
        return
    if found.skipped:
        folder.stat()  # where it was pulled while it was read, that is to be said, and not that files are torn
        raise BadInput("stick_torn")
    raise BadInput("stick_of_another" if found.others and not found.mine else "stick_without_answer")


def _receive(visit: _Visit, opened: Opened, at: int) -> int:
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


def _note_other_branch(visit: _Visit, said: Parcel) -> None:
    """Ask for the whole log of which the county holds another branch: its first other line says where they part."""
    if _is_village_log(visit, said):
        with transaction(visit.store.engine, is_write=True) as connection:
            _note_parted(connection, said.village, (said.log,))


def _note_parted(connection: Connection, village: int, logs: Iterable[int]) -> None:
    """Remember logs of which the county holds another branch, but for those of which it is known where they part."""
    known = {fork.log for fork in forks_of(connection, village)}
    memory.note_parted(connection, village, tuple(log for log in logs if log not in known))


def _note_fork(visit: _Visit, said: Parcel, common: int) -> None:
    """Let the desk write its own branch of a log again."""
    with transaction(visit.store.engine, is_write=True) as connection:
        memory.forget_parted(connection, said.village, said.log)
        note_fork(connection, said.village, said.log, common)


def _is_village_log(visit: _Visit, said: Parcel) -> bool:
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


def _note_certificate(connection: Connection, visit: _Visit, said: Parcel) -> None:
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


def _put_out(visit: _Visit, entropy: Callable[[int], bytes]) -> int:
    store, county = visit.store, visit.county
    with store.read() as connection:
        ends, parted = tails(connection, store.village), memory.parted(connection, store.village)
    held_back = [Tail(tail.log, tail.last, tail.last) if tail.log in parted else tail for tail in ends]
    wanted = [tail for tail in held_back if tail.lines or tail.log == ends[-1].log]
    total, written, kept = sum(tail.lines for tail in wanted), 0, _ask(visit, entropy)
    for tail in wanted:
        for said, lines in _parcels_of(visit, tail):
            data = make_parcel(county.key, county.hub_sealing, said, lines, entropy)
            name = name_of("from", store.village, said, data)
            write_checked(visit.folder / name, data)
            kept.add(name)
            written += len(lines)
            visit.advance("put", written, total)
    _clear(visit, {tail.log for tail in ends}, kept | _hand_back(visit, entropy))
    return written


def _parcels_of(visit: _Visit, tail: Tail) -> Iterator[tuple[Parcel, list[Sealed]]]:
    """Yield what the county lacks of a log, parcel by parcel; one without lines where it lacks nothing.

    A line that a disk has changed does not go out, and nothing after it.
    """
    after = tail.after
    while True:
        stretch = Stretch(visit.store.village, tail.log, after)
        with visit.store.read() as connection:
            kept = kept_lines(connection, stretch, tail.last, LINES_A_PARCEL)
            lines = sound_part(hash_before(connection, stretch), kept)
            said = _say(connection, visit, stretch, lines)
        yield said, lines
        after += len(lines)
        if after >= tail.last or not lines:
            return


def _hand_back(visit: _Visit, entropy: Callable[[int], bytes]) -> set[str]:
    """Put on the stick what a county that was restored lacks of its own lines; return the names."""
    village, county, written = visit.store.village, visit.county, set[str]()
    with visit.store.read() as connection:
        returning = [
            (lines, _say(connection, visit, stretch, lines).model_copy(update={"word": word.decode()}))
            for stretch in lacking_at_county(connection, village)
            for word, end in [fitting_word(connection, village, county.hub_key, stretch) or (b"", 0)]
            for lines in [lines_after(connection, stretch, end, max(0, end - stretch.after))]
            if lines
        ]
    for lines, said in returning:
        data = make_parcel(county.key, county.hub_sealing, said, lines, entropy)
        name = name_of("from", village, said, data)
        write_checked(visit.folder / name, data)
        written.add(name)
    return written


def _ask(visit: _Visit, entropy: Callable[[int], bytes]) -> set[str]:
    """Put the question to be known on the stick, until the county has answered it; return its name."""
    village, key = visit.store.village, visit.county.key
    with visit.store.read() as connection:
        code, log = memory.code(connection, village), own_log(connection, village)
        founds = took_seat(connection, village, log)
    if code is None:
        return set()
    said = Enrolment(
        village=village, log=log, code=code, key=key.public, sealing=key.sealing, program=f"kiosk {version('kiosk')}",
        founds=founds,
    )  # fmt: skip
    name, data = make_question(key, visit.county.hub_sealing, said, entropy)
    write_checked(visit.folder / name, data)
    return {name}


def _clear(visit: _Visit, logs: set[int], kept: set[str]) -> None:
    """Take away what this terminal put there before."""
    for file in visit.folder.iterdir():
        label, asking = read_name(file.name), read_asking(file.name)
        is_parcel = label is not None and _is_put_by(label, visit.store.village, logs)
        is_question = asking is not None and asking.village == visit.store.village and asking.log in logs
        if (is_parcel or is_question) and file.name not in kept and file.is_file():
            file.unlink()


def _is_put_by(label: Label, village: int, logs: set[int]) -> bool:
    return (label.way, label.village) == ("from", village) and label.log in logs | {COUNTY_LOG}


def _say(connection: Connection, visit: _Visit, stretch: Stretch, lines: list[Sealed]) -> Parcel:
    village, reached = stretch.village, stretch.after + len(lines)
    end = hash_at(connection, village, stretch.log, reached) or bytes(32)
    parted = memory.parted(connection, village)
    held = tuple(row for row in held_by(connection, village) if row.v != village or row.l not in parted)
    return Parcel(
        village=village, log=stretch.log, after=stretch.after, seq=reached, hash=end.hex(),
        held=held, key=visit.county.key.public,
        wants_certificate=memory.certificate(connection, village) is None, program=f"kiosk {version('kiosk')}",
        clock=visit.clock, health=visit.figures(connection, visit.store), speaks=SPOKEN,
    )  # fmt: skip
