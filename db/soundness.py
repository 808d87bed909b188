"""What is asserted whenever a store is opened: its mode, its triggers, the end of its chain. Cheap at every start.

A store that fails is still opened: it is read, exported and fed by sync, but its desk writes nothing in it.
"""

from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, Engine, select

from db import engine as engines
from db import journal
from db.fault import Fault
from db.line import FIRST_PREVIOUS_HASH, chain
from db.tables.journal import Line
from db.tables.statement import table_of
from db.tables.workspace import OwnLog

TAIL: Final = 1_000


@dataclass
class Standing:
    """Whether the desk may write in a store: what was found wrong, and whether its disk failed since then.

    `written` counts the lines written here since the store was opened, `texts` the private texts that came in with them
    or were received, and `named` what there was when names were last given their search keys.
    """

    faults: tuple[Fault, ...] = ()
    is_suspect: bool = False
    written: int = field(default=0, compare=False)
    texts: int = field(default=0, compare=False)
    named: tuple[int, int] | None = field(default=None, compare=False)

    def note(self, faults: tuple[Fault, ...]) -> None:
        """Add what somebody found later."""
        self.faults = (*self.faults, *(fault for fault in faults if fault not in self.faults))


def assert_sound(connection: Connection, village: int) -> tuple[Fault, ...]:
    """Return what is wrong with mode and triggers, and with the last 1,000 lines of the own log."""
    own = table_of(OwnLog).c
    log = connection.execute(select(own.log).where(own.village == village)).scalar_one()
    faults = [Fault("wrong_mode", f"{name}={value}") for name, value in engines.wrong_pragmas(connection).items()]
    faults += [Fault("trigger_missing", name) for name in engines.missing_triggers(connection)]
    held = journal.heads(connection, village, log).get(log)
    if held is not None:
        faults += [Fault("chain_broken", text) for text in tail_faults(connection, village, log, held.seq)]
    return tuple(faults)


def tail_faults(connection: Connection, village: int, log: int, last: int) -> list[str]:
    """Return every break of the chain among the last 1,000 lines of a log that ends at seq `last`.

    Only the hashes are looked at: they cover every byte of a line, and each line was checked when it was written.
    """
    line = table_of(Line).c
    since = max(0, last - TAIL)
    statement = (
        select(line.seq, line.hash, line.line)
        .where(line.village == village, line.log == log, line.seq >= since)
        .order_by(line.seq)
    )
    held = connection.execute(statement).all()
    previous = journal.octets(held[0].hash) if held[0].seq == since else FIRST_PREVIOUS_HASH
    expected = range(since + 1, last + 1)
    faults = [] if [row.seq for row in held if row.seq > since] == list(expected) else [f"log {log}: lines are missing"]
    for row in held:
        if row.seq > since and chain(previous, journal.octets(row.line)) != row.hash:
            faults.append(f"log {log} seq {row.seq}: the chain is broken")
        previous = journal.octets(row.hash)
    return faults


def look_again(engine: Engine, village: int) -> tuple[Fault, ...]:
    """Open a store anew after its disk failed and return what is wrong: what the old connection remembers is gone.

    Raises:
        DatabaseError: it cannot even be read.
    """
    engine.dispose()
    with engines.transaction(engine, is_write=False) as connection:
        pages = connection.exec_driver_sql("PRAGMA quick_check").scalars().all()
        faults = tuple(Fault("page_broken", text) for text in pages if text != "ok")
        return faults + assert_sound(connection, village)
