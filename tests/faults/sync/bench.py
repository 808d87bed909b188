"""A desk and a hub in memory, put back as they were in a thousandth of a second: what the long volumes run on."""

from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import Final, Self

from sqlalchemy import select

from county.hub import Hub, open_hub
from county.tables import EnrolmentCode, HubValue, Terminal
from db import journal
from db.engine import open_sqlite
from db.store import Store, own_log
from db.tables.statement import table_of
from db.tables.workspace import OwnLog, Setting
from kiosk.clock import ManualClock
from kiosk.sync import memory
from kiosk.sync.client import Client
from kiosk.sync.session import Session, run_session
from tests.faults.sync.ends import at_rest, publish
from tests.faults.sync.wire import InProcess
from tests.ledger import IN_MEMORY, copy_database
from tests.ready import Ready
from tests.village import MORNING, VILLAGE

STAMP: Final = ManualClock(MORNING + 7_200_000).now()


@dataclass
class Bench:
    """Both ends as they are now, and a copy of each as it was."""

    desk: Ready
    store: Store
    hub: Hub
    _store_before: Store
    _hub_before: Hub

    @classmethod
    def laid_out(cls, *, is_published: bool) -> Self:
        """Sixty lines that the hub has not heard of, and perhaps two of the county that the desk has not."""
        desk, store, hub = at_rest()
        for village in (0, VILLAGE) if is_published else ():
            publish(hub, village)
        fresh_store = Store(open_sqlite(IN_MEMORY), VILLAGE, Random(1).randbytes)
        engine = open_sqlite(IN_MEMORY)
        copy_database(hub.engine, engine)
        made = cls(desk, fresh_store, open_hub(engine), store, hub)
        made.put_back()
        return made

    def put_back(self) -> Self:
        """Make both ends what they were, and give them."""
        copy_database(self._store_before.engine, self.store.engine)
        copy_database(self._hub_before.engine, self.hub.engine)
        return self

    def report(self, way: InProcess) -> Session:
        """Run one session; raises as `run_session`."""
        with Client("http://hub", way) as client:
            return run_session(self.store, client, STAMP, unseen)

    def lines(self) -> int:
        """How many lines of the village the hub holds."""
        with self.hub.read() as there:
            return sum(head.seq for head in journal.heads(there, VILLAGE).values())

    def assert_prefix(self) -> None:
        """What the hub holds of each log is the beginning of what the desk holds; the desk never thinks it is more."""
        with self.store.read() as here, self.hub.read() as there:
            log = own_log(here, VILLAGE)
            assert memory.acknowledged(here, VILLAGE, log) <= journal.last_seq(there, VILLAGE, log)
            for log, head in journal.heads(there, VILLAGE).items():
                if log != 0:
                    held = journal.read_since(here, VILLAGE, log, 0, head.seq)
                    assert held == journal.read_since(there, VILLAGE, log, 0, 10_000)

    def assert_equal(self) -> None:
        """The same heads of every log, which stand for every byte before them, and the same texts."""
        with self.store.read() as here, self.hub.read() as there:
            for village in (0, VILLAGE):
                heads = journal.heads(there, village)
                assert journal.heads(here, village) == heads
                for log, head in heads.items():
                    texts = journal.private_texts(here, village, log, 0, head.seq)
                    assert journal.private_texts(there, village, log, 0, head.seq) == texts

    def state(self) -> str:
        """What the next session goes by: the heads of both ends, and all that is remembered beside them."""
        total = sha256()
        with self.store.read() as here, self.hub.read() as there:
            for connection, tables in ((here, (OwnLog, Setting)), (there, (EnrolmentCode, HubValue, Terminal))):
                for village in (0, VILLAGE):
                    total.update(repr(sorted(journal.heads(connection, village).items())).encode())
                for table in map(table_of, tables):
                    kept = [column for column in table.columns if not column.name.endswith("_at")]
                    rows = connection.execute(select(*kept).order_by(*table.primary_key))
                    total.update(repr([tuple(row) for row in rows]).encode())
        return total.hexdigest()


def unseen(_stage: str, _done: int, _total: int) -> None:
    """Nobody looks."""
