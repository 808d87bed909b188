"""What may leave a store: lines that are what was written, by their chain and by the digests of their texts.

A line that a disk has changed is still well-formed more often than not; the other side would keep it for ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, select

from db.journal import Sealed, octets
from db.line import FIRST_PREVIOUS_HASH, MalformedLineError, Private, chain, check_private, read
from db.tables.journal import Line, PrivateText
from db.tables.statement import table_of
from db.wire.v1.steps import Stretch, hash_at


@dataclass(frozen=True, slots=True)
class Kept:
    """A line as a store holds it, and the hash that stands beside it."""

    sealed: Sealed
    hash: bytes


def kept_lines(connection: Connection, stretch: Stretch, up_to: int, most: int) -> list[Kept]:
    """Return lines of a stretch, at most `most` and none beyond seq `up_to`, to be looked at with the store let go."""
    place = {"of_village": stretch.village, "of_log": stretch.log, "after": stretch.after, "up_to": up_to, "most": most}
    return [
        Kept(Sealed(octets(line), None if text is None else Private(octets(salt), text)), octets(kept))
        for line, kept, salt, text in connection.execute(_kept_statement(), place).all()
    ]


def hash_before(connection: Connection, stretch: Stretch) -> bytes:
    """Return the hash that the first line of a stretch continues."""
    return hash_at(connection, stretch.village, stretch.log, stretch.after) or FIRST_PREVIOUS_HASH


def sound_part(before: bytes, kept: Sequence[Kept]) -> list[Sealed]:
    """Return the lines that continue the hash `before` up to the first that is damaged: all of them, if none is."""
    lines = [each.sealed for each in kept]
    reached = before
    for sealed in lines:
        reached = chain(reached, sealed.line)
    if not kept or (kept[-1].hash == reached and all(map(_has_its_text, lines))):
        return lines
    return lines[: _count_sound(before, kept)]


def _count_sound(before: bytes, kept: Sequence[Kept]) -> int:
    reached = before
    for count, each in enumerate(kept):
        reached = chain(reached, each.sealed.line)
        if each.hash != reached or not _has_its_text(each.sealed):
            return count
    return len(kept)


def _has_its_text(sealed: Sealed) -> bool:
    if sealed.private is None:
        return True
    try:
        check_private(read(sealed.line), sealed.private)
    except (MalformedLineError, ValueError, TypeError, KeyError):
        return False
    return True


@lru_cache(maxsize=1)
def _kept_statement() -> Select[Any]:
    line, text = table_of(Line), table_of(PrivateText)
    same = and_(text.c.village == line.c.village, text.c.log == line.c.log, text.c.seq == line.c.seq)
    return (
        select(line.c.line, line.c.hash, text.c.salt, text.c.text)
        .select_from(line.outerjoin(text, same))
        .where(
            line.c.village == bindparam("of_village"), line.c.log == bindparam("of_log"),
            line.c.seq > bindparam("after"), line.c.seq <= bindparam("up_to"),
        )
        .order_by(line.c.seq)
        .limit(bindparam("most"))
    )  # fmt: skip
