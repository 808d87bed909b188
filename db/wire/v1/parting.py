"""Finding where two branches of a log part: the terminal names lines it holds, the county says which it holds too.

A session names the ends of logs. Only where one of them is another line at the county are marks named in between, so
few that a million lines are narrowed down to one in four questions.
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection

from db.line import COUNTY_LOG
from db.wire.v1.message import Answer, HeadSeen, Hello
from db.wire.v1.steps import SHORT_BYTES, hash_at

MARKS_AT_ONCE: Final = 32


def compare(connection: Connection, said: Hello) -> tuple[tuple[HeadSeen, ...], tuple[HeadSeen, ...]]:
    """Return which marks are held here as well, and in whose place another line is held; ends of logs are marks too."""
    same: list[HeadSeen] = []
    parted: list[HeadSeen] = []
    for row in (*said.held, *said.marks):
        held = hash_at(connection, row.v, row.l, row.s) if row.v == said.village and row.l != COUNTY_LOG else None
        if held is not None:
            (same if held[:SHORT_BYTES].hex() == row.h else parted).append(row)
    return tuple(row for row in same if row in said.marks), tuple(parted)


def partings(connection: Connection, village: int, answer: Answer) -> dict[int, int]:
    """Return the logs of a village of which the county holds another branch, each with a seq that lies beyond."""
    found = {row.l: row.s for row in answer.parted if row.v == village}
    for log, seq in partings_by(connection, village, answer.held).items():
        found[log] = min(seq, found.get(log, seq))
    return found


def partings_by(connection: Connection, village: int, held: Iterable[HeadSeen]) -> dict[int, int]:
    """Return the logs of a village whose end at the county is another line here, each with the seq of that end."""
    found: dict[int, int] = {}
    for row in held:
        here = hash_at(connection, village, row.l, row.s) if row.v == village and row.l != COUNTY_LOG else None
        if here is not None and here[:SHORT_BYTES].hex() != row.h:
            found[row.l] = row.s
    return found


def marks_between(connection: Connection, village: int, log: int, low: int, high: int) -> tuple[HeadSeen, ...]:
    """Return marks of a log evenly between a line that is common and one that is not."""
    step = max(1, -(-(high - low) // (MARKS_AT_ONCE + 1)))
    held = ((seq, hash_at(connection, village, log, seq) or b"") for seq in range(low + step, high, step))
    return tuple(HeadSeen(v=village, l=log, s=seq, h=kept[:SHORT_BYTES].hex()) for seq, kept in held)


def narrowed(answer: Answer, log: int, low: int, high: int) -> tuple[int, int]:
    """Return the last line known to be common, and the first known not to be, by the answer to marks of a log."""
    return max((low, *_seqs(answer.same, log))), min((high, *_seqs(answer.parted, log)))


def _seqs(rows: Iterable[HeadSeen], log: int) -> Iterable[int]:
    return (row.s for row in rows if row.l == log)
