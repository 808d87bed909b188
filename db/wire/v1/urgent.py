"""What of the county does not wait for its turn: a lost card, an order of the seat: it answers the hello."""

import base64
import binascii
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select

from db.line import COUNTY_LOG
from db.tables.journal import Line
from db.tables.statement import table_of
from db.wire.v1.frame import make_frame
from db.wire.v1.message import HeadSeen, Hello
from db.wire.v1.steps import NOTHING, SHORT_BYTES, Stretch, hash_at, lines_after

KINDS: Final = ("card_barred", "seat_granted")
MOST_BYTES: Final = 1_024
MOST_LINES: Final = 64


@dataclass(frozen=True)
class UrgentLines:
    """Lines of a county log as a frame, and their end: seq and hash, for which the county gives its word."""

    stretch: Stretch
    frame: bytes
    seq: int
    hash: bytes


def urgent_lines(connection: Connection, said: Hello, held: Iterable[HeadSeen]) -> Iterator[UrgentLines]:
    """Yield what a terminal lacks of the county's logs, where something urgent is among it and all of it is small.

    `held` is what the county holds. What is more than 1 KiB as a frame is pulled in its turn, county logs first.
    """
    there = {row.v: row for row in said.held if row.l == COUNTY_LOG}
    for end in held:
        row = there.get(end.v, HeadSeen(v=end.v, l=COUNTY_LOG, s=0, h=NOTHING))
        if end.l != COUNTY_LOG or not 0 < end.s - row.s <= MOST_LINES or not _is_held(connection, row):
            continue
        if _is_urgent(connection, end.v, row.s):
            stretch = Stretch(end.v, COUNTY_LOG, row.s)
            frame = make_frame(lines_after(connection, stretch, end.s))
            if len(frame) <= MOST_BYTES:
                yield UrgentLines(stretch, frame, end.s, hash_at(connection, end.v, COUNTY_LOG, end.s) or b"")


def wrapped(frame: bytes) -> str:
    """Return a frame as it travels in a message."""
    return base64.b64encode(frame).decode()


def unwrapped(text: str) -> bytes:
    """Return a frame that travelled in a message; nothing where there is none."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _is_held(connection: Connection, row: HeadSeen) -> bool:
    """Say whether the line of a head, or the beginning of its log, is the one that is held here."""
    return row.s == 0 or (hash_at(connection, row.v, row.l, row.s) or b"")[:SHORT_BYTES].hex() == row.h


def _is_urgent(connection: Connection, village: int, after: int) -> bool:
    line = table_of(Line).c
    found = select(func.count()).where(
        line.village == village, line.log == COUNTY_LOG, line.seq > after, line.kind.in_(KINDS)
    )
    return bool(connection.execute(found).scalar_one())
