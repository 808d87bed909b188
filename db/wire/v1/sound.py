"""What may leave a store: lines that are what was written, by their chain and by the digests of their texts.

A line that a disk has changed is still well-formed more often than not; the other side would keep it for ever.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from db.journal import Sealed
from db.line import FIRST_PREVIOUS_HASH, MalformedLineError, chain, check_private, read
from db.wire.v1.steps import Stretch, hash_at


def sound_part(connection: Connection, stretch: Stretch, lines: Sequence[Sealed]) -> list[Sealed]:
    """Return the lines of a stretch before the first that is damaged: all of them, if none is."""
    before = hash_at(connection, stretch.village, stretch.log, stretch.after) or FIRST_PREVIOUS_HASH
    reached = before
    for sealed in lines:
        reached = chain(reached, sealed.line)
    end = stretch.after + len(lines)
    if hash_at(connection, stretch.village, stretch.log, end) == reached and all(map(_has_its_text, lines)):
        return list(lines)
    return _walk(connection, stretch, lines, before)


def _walk(connection: Connection, stretch: Stretch, lines: Sequence[Sealed], before: bytes) -> list[Sealed]:
    reached = before
    for count, sealed in enumerate(lines):
        reached = chain(reached, sealed.line)
        kept = hash_at(connection, stretch.village, stretch.log, stretch.after + count + 1)
        if kept != reached or not _has_its_text(sealed):
            return list(lines[:count])
    return list(lines)


def _has_its_text(sealed: Sealed) -> bool:
    if sealed.private is None:
        return True
    try:
        check_private(read(sealed.line), sealed.private)
    except (MalformedLineError, ValueError, TypeError, KeyError):
        return False
    return True
