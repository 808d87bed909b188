"""Further terminals of an invented village: a second desk with a log of its own, and a desk restored from a copy."""

from functools import cache
from random import Random

from sqlalchemy import Engine

from db.engine import open_sqlite
from db.facts.terminal import LogBegun
from db.journal import heads
from db.line import Stamp
from db.store import Store
from kiosk.clock import ManualClock
from kiosk.domain.period import open_day
from kiosk.domain.terminal import continue_terminal
from tests.ledger import IN_MEMORY, copy_database, lines_of, new_store
from tests.village import DAY, Village


class Sibling:
    """Another terminal of a village, with its own clock; it hears of the others when it is told to."""

    def __init__(self, store: Store, village: Village) -> None:
        """Stand at an open store beside the village's first desk."""
        self.store, self.village, self.operator = store, village, village.operator
        self.clock = ManualClock(village.clock.now().at, boot=40, mono=7)

    @property
    def now(self) -> Stamp:
        """Let a second pass and give the stamp."""
        self.clock.advance(1_000)
        return self.clock.now()

    def hear(self) -> None:
        """Read all that the village's first desk holds."""
        carry(self.village.store, self.store)

    def tell(self) -> None:
        """Let the village's first desk read all that is held here."""
        carry(self.store, self.village.store)


def carry(source: Store, target: Store) -> None:
    """Let one store of a village receive what another holds beyond it, the county's common log first."""
    for village in dict.fromkeys((0, source.village)):
        with source.read() as there, target.read() as here:
            held = {log: head.seq for log, head in heads(here, village).items()}
            more = {log: lines_of(there, village, log, held.get(log, 0)) for log in heads(there, village)}
        for log, lines in more.items():
            if lines:
                target.receive(village, log, lines)


def second_desk(village: Village, log: int = 5, day: str = DAY) -> Sibling:
    """Give a second terminal that knows what the first one holds, with its day open; the one before it is gone."""
    engine = _engine("second")
    copy_database(new_store(log, village.store.village).engine, engine)
    sibling = Sibling(Store(engine, village.store.village, Random(8).randbytes), village)
    sibling.hear()
    with sibling.store.write(now=sibling.now, by=None) as act:
        act.append(LogBegun(till=2, program="kiosk"))
    open_day(sibling.store, day, now=sibling.now, by=sibling.operator)
    return sibling


def restored_desk(village: Village, day: str = DAY) -> Sibling:
    """Give what a copy of the village's first desk, taken now, becomes elsewhere; the one before it is gone."""
    engine = _engine("restored")
    copy_database(village.store.engine, engine)
    sibling = Sibling(Store(engine, village.store.village, Random(9).randbytes), village)
    continue_terminal(sibling.store, now=sibling.now, by=sibling.operator)
    open_day(sibling.store, day, now=sibling.now, by=sibling.operator)
    return sibling


@cache
def _engine(role: str) -> Engine:
    """One engine a role for all tests: it keeps the statements it has compiled."""
    return open_sqlite(IN_MEMORY)
