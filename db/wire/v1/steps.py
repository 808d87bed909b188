"""What each side does next, from what both hold; no sockets, no files, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection, select

from db.journal import COMMON_VILLAGE, Head, Sealed, heads, private_texts, read_since
from db.line import COUNTY_LOG
from db.lineage import lineage
from db.tables.journal import Line
from db.tables.statement import table_of
from db.wire.v1.frame import cut_lines
from db.wire.v1.message import Answer, HeadSeen

SHORT_BYTES: Final = 8
NOTHING: Final = "0" * 16
USUAL_LINE: Final = 400
"""Bytes of a line as most are: about as many are read as a frame takes, and hardly any in vain."""
LINES_AT_ONCE: Final = 2_000
"""Lines read from the store in one piece: a reader must not hold up a sale."""

Trouble: TypeAlias = Literal["fork", "ended"]
Place: TypeAlias = tuple[int, int]
"""Village and log."""


@dataclass(frozen=True)
class Stretch:
    """Lines of a log that one side lacks: those after `after`."""

    village: int
    log: int
    after: int


@dataclass(frozen=True)
class Plan:
    """What a terminal does after the county's answer.

    `trouble` stops pushing: `fork`, the county holds another line at a place of the own log; `ended`, it holds more of
    the own log than this store, which was restored from an older copy. `hand_back` are lines of the county that it
    lacks itself since it was restored. `before` are lines of logs that this terminal, or the one whose place it took,
    wrote before its own and that the county lacks: saved from an old store, they may be nowhere else.
    """

    push: Stretch | None
    pull: tuple[Stretch, ...]
    trouble: Trouble | None
    hand_back: tuple[Stretch, ...] = ()
    before: tuple[Stretch, ...] = ()


def held_by(connection: Connection, village: int) -> tuple[HeadSeen, ...]:
    """Return how far every log is held that concerns a village: its own ones, and the county's common log."""
    found: list[HeadSeen] = []
    for of_village in dict.fromkeys((COMMON_VILLAGE, village)):
        for log, head in sorted(heads(connection, of_village).items()):
            found.append(seen(of_village, log, head))
    return tuple(found)


def seen(village: int, log: int, head: Head | None) -> HeadSeen:
    """Return a head as it travels."""
    if head is None or head.seq == 0:
        return HeadSeen(v=village, l=log, s=0, h=NOTHING)
    return HeadSeen(v=village, l=log, s=head.seq, h=head.hash[:SHORT_BYTES].hex())


def hash_at(connection: Connection, village: int, log: int, seq: int) -> bytes | None:
    """Return the hash of a log at a seq, or None where it is not held."""
    line = table_of(Line).c
    statement = select(line.hash).where(line.village == village, line.log == log, line.seq == seq)
    held = connection.execute(statement).scalar_one_or_none()
    return None if held is None else bytes(held)


def plan_session(connection: Connection, village: int, own_log: int, answer: Answer) -> Plan:
    """Return what to push and pull, and what is wrong with the own log, by comparing what both sides hold.

    A line that the county holds differently is never pushed over; a log of which both hold the same is left alone.
    """
    here = {(row.v, row.l): row for row in held_by(connection, village)}
    there = {(row.v, row.l): row for row in answer.held}
    own = (village, own_log)
    push, trouble = _push(connection, own, here.get(own), there.get(own))
    pull = tuple(
        Stretch(*place, after=_seq(here, place))
        for place, row in sorted(there.items(), key=lambda pair: _pulled_first(pair[0]))
        if place != own and row.s > _seq(here, place)
    )
    before = _before(connection, own, here, there)
    return Plan(push, pull, trouble, _hand_back(connection, village, here, there), before)


def lines_after(connection: Connection, stretch: Stretch, up_to: int, most: int = LINES_AT_ONCE) -> list[Sealed]:
    """Return lines of a stretch with their texts, at most `most` and none beyond seq `up_to`."""
    count = min(most, up_to - stretch.after)
    if count <= 0:
        return []
    lines = read_since(connection, stretch.village, stretch.log, stretch.after, count)
    texts = private_texts(connection, stretch.village, stretch.log, stretch.after, stretch.after + len(lines))
    return [Sealed(line, texts.get(seq)) for seq, line in enumerate(lines, start=stretch.after + 1)]


def next_piece(connection: Connection, stretch: Stretch, up_to: int, size: int) -> list[Sealed]:
    """Return the next lines of a stretch, about `size` bytes of them inflated; none where nothing is left."""
    lines = lines_after(connection, stretch, up_to, max(1, min(LINES_AT_ONCE, size // USUAL_LINE)))
    return next(cut_lines(lines, size), [])


def _push(
    connection: Connection, own: Place, here: HeadSeen | None, there: HeadSeen | None
) -> tuple[Stretch | None, Trouble | None]:
    has_here, has_there = (here.s if here else 0), (there.s if there else 0)
    if there is not None and has_there > has_here:
        return None, "ended"
    if there is not None and has_there and _short_at(connection, own, has_there) != there.h:
        return None, "fork"
    return (Stretch(*own, after=has_there) if has_here > has_there else None), None


def _before(
    connection: Connection, own: Place, here: Mapping[Place, HeadSeen], there: Mapping[Place, HeadSeen]
) -> tuple[Stretch, ...]:
    """What is held here of the logs before the own one beyond what the county holds, the earliest log first."""
    found = []
    for log in reversed(lineage(connection, *own)[1:]):
        place = (own[0], log)
        has = _seq(there, place)
        if _seq(here, place) > has and (has == 0 or _short_at(connection, place, has) == there[place].h):
            found.append(Stretch(*place, after=has))
    return tuple(found)


def _hand_back(
    connection: Connection, village: int, here: Mapping[Place, HeadSeen], there: Mapping[Place, HeadSeen]
) -> tuple[Stretch, ...]:
    """What is held here of the county's own logs beyond what it holds itself, where it goes on from the same line."""
    found = []
    for place in ((COMMON_VILLAGE, COUNTY_LOG), (village, COUNTY_LOG)):
        has = _seq(there, place)
        if _seq(here, place) > has and (has == 0 or _short_at(connection, place, has) == there[place].h):
            found.append(Stretch(*place, after=has))
    return tuple(found)


def _short_at(connection: Connection, place: Place, seq: int) -> str:
    held = hash_at(connection, *place, seq)
    return NOTHING if held is None else held[:SHORT_BYTES].hex()


def _seq(held: Mapping[Place, HeadSeen], place: Place) -> int:
    return held[place].s if place in held else 0


def _pulled_first(place: Place) -> tuple[bool, int, int]:
    """The county's logs come first: prices and lost cards matter before what siblings wrote."""
    return place[1] != COUNTY_LOG, *place
