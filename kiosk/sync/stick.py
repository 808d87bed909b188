"""Reporting by stick: one call takes in what the county put on it, and puts on it what the county lacks.

The folder `kiosk` of the stick holds parcels (see `db.wire.v1.parcel`). What is torn, for others, or comes too early
stays where it is; any file may come again. New files stand there whole before old ones go, so that a stick pulled at
any moment holds one or the other.
"""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection

from db.durable import write_durably
from db.journal import Sealed
from db.line import COUNTY_LOG, Stamp
from db.store import Store, own_log
from db.wire.v1.figures import clock_sample
from db.wire.v1.message import Enrolment, Parcel
from db.wire.v1.parcel import Label, make_parcel, name_of, read_name
from db.wire.v1.set_up import make_question, read_asking
from db.wire.v1.sound import hash_before, kept_lines, sound_part
from db.wire.v1.steps import Stretch, hash_at, held_by, lines_after
from db.wire.versions import SPOKEN
from kiosk.errors import NotAllowed, NotWritable
from kiosk.sync import memory
from kiosk.sync.agreement import require_spoken
from kiosk.sync.figures import Figures, no_figures
from kiosk.sync.founding import took_seat
from kiosk.sync.hand_back import fitting_word, lacking_at_county
from kiosk.sync.memory import county_of
from kiosk.sync.stick_home import Advance, Found, Stage, Visit, require_use, take_in
from kiosk.sync.unsent import Tail, tails

FOLDER: Final = "kiosk"
LINES_A_PARCEL: Final = 2_000
Way: TypeAlias = Literal["both", "out", "home"]
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
    visit = Visit(store, county, stick / FOLDER, SPOKEN, advance, clock_sample(now), figures)
    with telling_of_stick():
        if way != "home":
            visit.folder.mkdir(exist_ok=True)
        found = take_in(visit, now.at) if way != "out" else Found([])
        if way == "home":
            require_use(found, visit.folder)
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


def _put_out(visit: Visit, entropy: Callable[[int], bytes]) -> int:
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


def _parcels_of(visit: Visit, tail: Tail) -> Iterator[tuple[Parcel, list[Sealed]]]:
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


def _hand_back(visit: Visit, entropy: Callable[[int], bytes]) -> set[str]:
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


def _ask(visit: Visit, entropy: Callable[[int], bytes]) -> set[str]:
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


def _clear(visit: Visit, logs: set[int], kept: set[str]) -> None:
    """Take away what this terminal put there before."""
    for file in visit.folder.iterdir():
        label, asking = read_name(file.name), read_asking(file.name)
        is_parcel = label is not None and _is_put_by(label, visit.store.village, logs)
        is_question = asking is not None and asking.village == visit.store.village and asking.log in logs
        if (is_parcel or is_question) and file.name not in kept and file.is_file():
            file.unlink()


def _is_put_by(label: Label, village: int, logs: set[int]) -> bool:
    return (label.way, label.village) == ("from", village) and label.log in logs | {COUNTY_LOG}


def _say(connection: Connection, visit: Visit, stretch: Stretch, lines: list[Sealed]) -> Parcel:
    village, reached = stretch.village, stretch.after + len(lines)
    end = hash_at(connection, village, stretch.log, reached) or bytes(32)
    parted = memory.parted(connection, village)
    held = tuple(row for row in held_by(connection, village) if row.v != village or row.l not in parted)
    return Parcel(
        village=village, log=stretch.log, after=stretch.after, seq=reached, hash=end.hex(),
        held=held, key=visit.county.key.public,
        wants_certificate=memory.certificate(connection, village) is None, program=f"kiosk {version('kiosk')}",
        clock=visit.clock, health=visit.figures(connection, visit.store), speaks=visit.spoken,
    )  # fmt: skip
