"""Sticks of villages without a line: one call takes in every village's parcels and puts the answers on the stick.

What is torn, from nobody we know, or comes too early stays where it is and is counted; any file may come again.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from county.hub import Hub
from county.registry import Known, find_terminal
from db.durable import write_durably
from db.journal import ForkError, GapError, last_seq, store
from db.line import COUNTY_LOG, MalformedLineError
from db.wire.v1.message import HeadSeen, Parcel
from db.wire.v1.parcel import Opened, ParcelError, make_parcel, name_of, open_parcel, read_name
from db.wire.v1.steps import Stretch, hash_at, held_by, lines_after

FOLDER: Final = "kiosk"
LINES_A_PARCEL: Final = 2_000


@dataclass
class Exchanged:
    """What a stick brought and took: lines stored, files written, files left aside, and the villages it was from."""

    stored: int = 0
    written: int = 0
    skipped: int = 0
    villages: set[int] = field(default_factory=set)


def exchange_by_stick(hub: Hub, stick: Path, entropy: Callable[[int], bytes] = os.urandom) -> Exchanged:
    """Take in what villages put on a stick and put on it what each of them lacks. Raises OSError."""
    folder = stick / FOLDER
    done = Exchanged()
    heard_from: dict[tuple[int, int], tuple[HeadSeen, ...]] = {}
    labels = [(label, file) for file in folder.iterdir() if (label := read_name(file.name)) is not None]
    for label, file in sorted(labels, key=lambda pair: (pair[0].village, pair[0].log, pair[0].seq)):
        if label.way != "from":
            file.unlink()  # the answers of last time: whoever lacks them gets them anew
            continue
        data = file.read_bytes()
        try:
            opened = open_parcel(hub.key, label, data, lambda said: _key_of(hub, said))
            done.stored += _take_in(hub, opened)
        except ParcelError:
            done.skipped += 1
            continue
        done.villages.add(label.village)
        heard_from[opened.said.village, opened.said.log] = opened.said.held
    for (village, log), held in heard_from.items():
        done.written += _answer(hub, folder, (village, log), held, entropy)
    return done


def _key_of(hub: Hub, said: Parcel) -> str | None:
    with hub.read() as connection:
        known = find_terminal(connection, said.village, said.log)
    return known.public_key if known is not None and known.is_heard else None


def _take_in(hub: Hub, opened: Opened) -> int:
    said = opened.said
    try:
        with hub.write() as connection:
            count = store(connection, said.village, said.log, opened.lines)
            held = hash_at(connection, said.village, said.log, said.seq)
            if opened.lines and (held is None or held.hex() != said.hash):
                raise ParcelError("content", "these lines continue others")
    except (GapError, ForkError, MalformedLineError) as error:
        raise ParcelError("content", str(error)) from error
    return count


def _answer(
    hub: Hub, folder: Path, place: tuple[int, int], held: tuple[HeadSeen, ...], entropy: Callable[[int], bytes]
) -> int:
    """Write a parcel for each log the terminal lacks something of; at least one, which is its receipt."""
    with hub.read() as connection:
        terminal = find_terminal(connection, *place)
        here = held_by(connection, place[0])
    if terminal is None:
        return 0
    there = {(row.v, row.l): row.s for row in held}
    lacking = [
        Stretch(row.v, row.l, there.get((row.v, row.l), 0))
        for row in here
        if (row.v, row.l) != place and row.s > there.get((row.v, row.l), 0)
    ]
    stretches = lacking or [Stretch(0, COUNTY_LOG, there.get((0, COUNTY_LOG), 0))]
    return sum(_write(hub, folder, terminal, stretch, entropy) for stretch in stretches)


def _write(hub: Hub, folder: Path, terminal: Known, stretch: Stretch, entropy: Callable[[int], bytes]) -> int:
    written, after = 0, stretch.after
    while True:
        with hub.read() as connection:
            last = last_seq(connection, stretch.village, stretch.log)
            place = Stretch(stretch.village, stretch.log, after)
            lines = lines_after(connection, place, last, LINES_A_PARCEL)
            said = _say(connection, terminal.village, place, len(lines))
        data = make_parcel(hub.key, terminal.sealing_key, said, lines, entropy)
        write_durably(folder / name_of("to", terminal.village, said, data), data)
        written, after = written + 1, after + len(lines)
        if after >= last:
            return written


def _say(connection: Connection, village: int, stretch: Stretch, count: int) -> Parcel:
    seq = stretch.after + count
    reached = hash_at(connection, stretch.village, stretch.log, seq) or bytes(32)
    return Parcel(
        village=stretch.village, log=stretch.log, after=stretch.after, seq=seq, hash=reached.hex(),
        held=held_by(connection, village),
    )  # fmt: skip
