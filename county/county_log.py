"""What the county says in a log of its own: log 0 of a village, or of village 0 for all. One transaction a village."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from county.hub import Hub
from county.recovery import require_recovered
from db import projections
from db.facts.body import Body
from db.journal import Writer, append
from db.line import COUNTY_LOG, Fact, Stamp

_Said = TypeVar("_Said")
ATTEMPTS: Final = 8
CONFLICTS: Final = ("40001", "40P01")
"""Serialization failure and deadlock."""


@dataclass(frozen=True)
class CountyLog:
    """The county's log of one village while it is written: what is said is folded at once."""

    connection: Connection
    writer: Writer

    @property
    def village(self) -> int:
        """To whom it is said; 0 is all."""
        return self.writer.village

    def say(self, body: Body, private: Mapping[str, str] | None = None) -> Fact:
        """Write a fact with its consequences; `private` is personal text that stands beside the line."""
        fact = append(self.connection, self.writer, body, private)
        projections.fold(self.connection, self.village, [fact])
        return fact


def catch_up(hub: Hub, village: int) -> None:
    """Compute the tables of a village up to its last lines; where the projector is at it just now, leave it to that."""
    with suppress(DBAPIError), hub.write() as connection:
        projections.project(connection, village)


@contextmanager
def county_log(hub: Hub, village: int, entropy: Callable[[int], bytes] = os.urandom) -> Iterator[CountyLog]:
    """Open the county's log of a village, its tables up to date, in a transaction that commits when the block ends."""
    stamp = Stamp(at=hub.now(), clock="s", boot=0, mono=0)
    with hub.write() as connection:
        require_recovered(connection)
        projections.project(connection, village)
        yield CountyLog(connection, Writer(village, COUNTY_LOG, stamp, None, None, entropy))


def say_in(
    hub: Hub, village: int, say: Callable[[CountyLog], _Said], entropy: Callable[[int], bytes] = os.urandom
) -> _Said:
    """Let `say` write in the county's log of a village, begun anew where somebody else wrote there at the same moment.

    Raises as `county_log`.
    """
    for _ in range(ATTEMPTS):
        try:
            with county_log(hub, village, entropy) as log:
                return say(log)
        except DBAPIError as error:
            if not _is_conflict(error):
                raise
    with county_log(hub, village, entropy) as log:
        return say(log)


def _is_conflict(error: DBAPIError) -> bool:
    """Whether another transaction of PostgreSQL took the same place in a log, or the same rows, first."""
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) in CONFLICTS
