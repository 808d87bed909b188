"""What this terminal wrote, in its log and in those before it, and the county has not acknowledged.

A store that was restored, or went on by itself, may hold the only copy of the last lines of a log it writes no more.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from db.journal import last_seq
from db.line import LARGEST_INTEGER
from db.store import own_log
from db.tables.statement import table_of
from db.tables.terminal import LogBegun
from kiosk.sync.memory import acknowledged, note_acknowledged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.wire.v1.message import HeadSeen


@dataclass(frozen=True)
class Tail:
    """The end of a log as this terminal wrote it: the county holds it up to `after`, here it goes on to `last`."""

    log: int
    after: int
    last: int

    @property
    def lines(self) -> int:
        """How many lines the county lacks."""
        return max(0, self.last - self.after)


def tails(connection: Connection, village: int) -> tuple[Tail, ...]:
    """Return the ends of the logs before the own one, the earliest first, and that of the own one last.

    What was taken out of a log since, as a branch that was written again, is no end of it any more.
    """
    own = own_log(connection, village)
    ends = [(own, LARGEST_INTEGER), *_ends_before(connection, village, own)]
    return tuple(
        Tail(log, acknowledged(connection, village, log), min(last, last_seq(connection, village, log)))
        for log, last in reversed(ends)
    )


def note_earlier(connection: Connection, village: int, held: "Iterable[HeadSeen]", at: int) -> None:
    """Keep what the county says it holds of the logs before the own one, where it is what is held here, or more."""
    from db.wire.v1.steps import SHORT_BYTES, hash_at  # a desk that only counts does without what travels

    earlier = dict(_ends_before(connection, village, own_log(connection, village)))
    for row in held:
        if row.v == village and row.l in earlier and row.s > 0:
            here = hash_at(connection, village, row.l, row.s)
            if here is None or here[:SHORT_BYTES].hex() == row.h:
                note_acknowledged(connection, village, row.l, row.s, at)


def _ends_before(connection: Connection, village: int, own: int) -> list[tuple[int, int]]:
    """Return the logs before the own one, the latest first, each with the last line this terminal had of it."""
    begun = table_of(LogBegun).c
    statement = select(begun.log, begun.continues_log, begun.continues_seq)
    rows = connection.execute(statement.where(begun.village == village, begun.continues_log.is_not(None)))
    continued = {log: (before, last) for log, before, last in rows}
    found: list[tuple[int, int]] = []
    log = own
    while log in continued and continued[log][0] not in (own, *(earlier for earlier, _last in found)):
        found.append(continued[log])
        log = continued[log][0]
    return found
