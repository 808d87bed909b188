"""Reporting by stick: one call takes in what the county put on it, and puts on it what the county lacks.

The folder `kiosk` of the stick holds parcels (see `db.wire.v1.parcel`). What is torn, for others, or comes too early
stays where it is; any file may come again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from db.durable import write_durably
from db.engine import transaction
from db.journal import ForkError, GapError, Sealed, last_seq
from db.line import MalformedLineError, Stamp
from db.store import Store, own_log
from db.wire.v1.message import Parcel
from db.wire.v1.parcel import Opened, ParcelError, end_of, make_parcel, name_of, open_parcel, read_name
from db.wire.v1.steps import Stretch, hash_at, held_by, lines_after
from kiosk.errors import NotAllowed, NotWritable
from kiosk.sync.memory import County, acknowledged, county_of, note_acknowledged

FOLDER: Final = "kiosk"
LINES_A_PARCEL: Final = 2_000


@dataclass(frozen=True)
class Exchanged:
    """What a stick brought and took: lines taken in, lines put on it, and files that were torn or came too early."""

    received: int
    written: int
    skipped: int


def exchange_by_stick(store: Store, stick: Path, entropy: Callable[[int], bytes], *, now: Stamp) -> Exchanged:
    """Take in and put out, so that the stick may be pulled when this returns.

    Raises:
        NotAllowed: this terminal is not enrolled (`not_enrolled`).
        NotWritable: the stick cannot be read or written (`file_not_written`).
    """
    with store.read() as connection:
        county = county_of(connection, store.village)
    if county is None or not county.hub_sealing:
        raise NotAllowed("not_enrolled")
    folder = stick / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        received, skipped = _take_in(store, county, folder, now.at)
        written = _put_out(store, county, folder, entropy)
    except OSError as error:
        raise NotWritable("file_not_written", file=str(folder)) from error
    return Exchanged(received, written, skipped)


def _take_in(store: Store, county: County, folder: Path, at: int) -> tuple[int, int]:
    received = skipped = 0
    labels = [(label, file) for file in folder.iterdir() if (label := read_name(file.name)) is not None]
    mine = [(label, file) for label, file in labels if (label.way, label.village) == ("to", store.village)]
    for label, file in sorted(mine, key=lambda pair: (pair[0].log, pair[0].seq)):
        data = file.read_bytes()
        try:
            received += _receive(store, open_parcel(county.key, label, data, lambda _said: county.hub_key), at)
        except ParcelError as error:
            skipped += error.reason != "sealed"  # another terminal of the village reads that one
    return received, skipped


def _receive(store: Store, opened: Opened, at: int) -> int:
    said = opened.said
    with transaction(store.engine, is_write=True) as connection:
        _note_receipt(connection, store.village, said, at)
        before = hash_at(connection, said.village, said.log, said.after)
    if not opened.lines:
        return 0
    if end_of(before, opened.lines).hex() != said.hash:
        raise ParcelError("content", "these lines continue others")
    try:
        return store.receive(said.village, said.log, opened.lines)
    except (GapError, ForkError, MalformedLineError) as error:
        raise ParcelError("content", str(error)) from error


def _note_receipt(connection: Connection, village: int, said: Parcel, at: int) -> None:
    """Remember how far the county holds the own log, if that is what is held here and more than was known."""
    log = own_log(connection, village)
    for row in said.held:
        held = hash_at(connection, village, log, row.s)
        is_ours = (row.v, row.l) == (village, log) and held is not None and held[:8].hex() == row.h
        if is_ours and row.s > acknowledged(connection, village, log):
            note_acknowledged(connection, village, log, row.s, at)


def _put_out(store: Store, county: County, folder: Path, entropy: Callable[[int], bytes]) -> int:
    with store.read() as connection:
        log = own_log(connection, store.village)
        after, last = acknowledged(connection, store.village, log), last_seq(connection, store.village, log)
    for file in folder.iterdir():
        label = read_name(file.name)
        if label is not None and (label.way, label.village, label.log) == ("from", store.village, log):
            file.unlink()
    written = 0
    while True:
        with store.read() as connection:
            lines = lines_after(connection, Stretch(store.village, log, after + written), last, LINES_A_PARCEL)
            said = _say(connection, store.village, log, after + written, lines)
        data = make_parcel(county.key, county.hub_sealing, said, lines, entropy)
        write_durably(folder / name_of("from", store.village, said, data), data)
        written += len(lines)
        if after + written >= last:
            return written


def _say(connection: Connection, village: int, log: int, after: int, lines: list[Sealed]) -> Parcel:
    seq = after + len(lines)
    reached = hash_at(connection, village, log, seq) or bytes(32)
    return Parcel(village=village, log=log, after=after, seq=seq, hash=reached.hex(), held=held_by(connection, village))
