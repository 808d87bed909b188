"""`make simulate`: many villages report in one night to a running hub, each by the session that `kiosk sync` runs.

Every village is a store in memory with its own key, log and facts; it connects anew, says its signed hello and pushes
signed frames, with the functions of `kiosk.sync.session`. Without an address a hub on PostgreSQL is served here first.
A hub that runs already must be one for such nights: where it knows a village that nobody simulated, nothing begins.
"""

import argparse
import secrets
import sqlite3
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import func, select, update

from bench.fill import entropy
from bench.measure import quantile
from bench.sync_engine import address_of, driver_url, postgresql, program
from bench.sync_village import NOW, demo_year, lines_of
from county.hub import Hub, create_hub, open_engine, open_hub
from county.registry import Known, keep_terminal, list_terminals
from county.villages import Named, keep_names, known_names
from db import journal
from db.engine import open_sqlite, transaction
from db.journal import COMMON_VILLAGE, Head
from db.line import mint_log
from db.store import Store, create_store
from db.tables.journal import Line
from db.tables.statement import table_of
from db.tables.workspace import OwnLog
from db.wire.v1.signed import Key
from kiosk.sync.client import Client
from kiosk.sync.memory import County, keep_county
from kiosk.sync.retry import Pace, Patience, keep_trying, minute_of
from kiosk.sync.session import run_session

MEMORY: Final = Path(":memory:")
SIMULATED: Final = "模拟"
"""What the villages of a night are called."""
MOST_VILLAGES: Final = 9_998
PATIENCE_SECONDS: Final = 900.0


@dataclass(frozen=True)
class Night:
    """What is played: how many villages with how many facts each, how many at once, over how many seconds."""

    villages: int
    facts: int
    at_once: int
    spread: float
    log: int
    address: str


@dataclass(frozen=True)
class Reported:
    """What one village did: how long its session took in seconds, sessions tried, and where its log ends."""

    village: int
    seconds: float
    tries: int
    head: Head


def main() -> int:
    """Play a night and say what came of it; ends with 1 where anything was lost or doubled."""
    parser = argparse.ArgumentParser(prog="simulate", description=__doc__)
    parser.add_argument("--villages", type=int, default=578)
    parser.add_argument("--facts", type=int, default=60, help="facts of each village")
    parser.add_argument("--at-once", type=int, default=64, help="sessions at the same time, at most")
    parser.add_argument("--spread", type=float, default=0, help="seconds over which the villages begin")
    parser.add_argument("--address", help="a hub that runs already, http://... or https://...")
    parser.add_argument("--database", help="its database or its data folder, to let the villages in and to count")
    chosen = parser.parse_args()
    if not 0 < chosen.villages <= MOST_VILLAGES:
        parser.error(f"--villages: 1 to {MOST_VILLAGES}")
    if (chosen.address is None) != (chosen.database is None):
        parser.error("--address goes with --database")
    served = _running(chosen.address, chosen.database) if chosen.address else _served_here()
    with served as (address, hub):
        log = mint_log(secrets.token_bytes)
        night = Night(chosen.villages, chosen.facts, chosen.at_once, chosen.spread, log, address)
        if real := _real_villages(hub):
            parser.error(
                f"this hub serves real villages ({real[0]:04} and others): lay out one of its own for the night"
            )
        return _play(night, hub)


def _play(night: Night, hub: Hub) -> int:
    keys = {village: Key(secrets.token_bytes(32)) for village in range(1, night.villages + 1)}
    _let_in(hub, night, keys)
    template = _template()
    begin = time.monotonic()
    with ThreadPoolExecutor(night.at_once) as pool:
        waiting = [pool.submit(_report, night, hub, template, village, keys[village], begin) for village in keys]
        done = [each.result() for each in waiting]
    took = time.monotonic() - begin
    lost, doubled = _count_faults(hub, night, done)
    seconds = [each.seconds for each in done]
    print(
        f"sessions {len(done)} (tries {sum(each.tries for each in done)}), facts {len(done) * night.facts}, "
        f"time {took:.1f} s, session p50 {quantile(seconds, 0.5) * 1_000:.0f} ms, "
        f"p99 {quantile(seconds, 0.99) * 1_000:.0f} ms, lost {lost}, doubled {doubled}"
    )
    return 1 if lost or doubled else 0


def _report(night: Night, hub: Hub, template: bytes, village: int, key: Key, begin: float) -> Reported:
    """Make a village and let it report at its minute."""
    store = _village(night, hub, template, village, key)
    time.sleep(max(0.0, begin + minute_of(village, night.log, night.spread) - time.monotonic()))
    tries, pace = 0, Pace()

    def session() -> None:
        nonlocal tries
        tries += 1
        with Client(night.address) as client:
            run_session(store, client, NOW, _unseen, pace)

    start = time.perf_counter()
    keep_trying(session, pace, Patience(PATIENCE_SECONDS))
    took = time.perf_counter() - start
    with store.read() as connection:
        head = journal.heads(connection, village)[night.log]
    store.close()
    return Reported(village, took, tries, head)


def _village(night: Night, hub: Hub, template: bytes, village: int, key: Key) -> Store:
    engine = open_sqlite(MEMORY)
    connection = engine.raw_connection()
    assert isinstance(connection.driver_connection, sqlite3.Connection)
    connection.driver_connection.deserialize(template)
    connection.close()
    year = demo_year()
    start = village * night.facts % max(1, len(year) - night.facts)
    lines = list(lines_of(village, year[start : start + night.facts], night.log))
    assert len(lines) == night.facts, "the demo year has fewer facts"
    with transaction(engine, is_write=True) as opened:
        opened.execute(update(table_of(OwnLog)).values(village=village, log=night.log))
        journal.store(opened, village, night.log, lines)
        keep_county(opened, village, County(night.address, hub.key.public, hub.key.sealing, key))
    return Store(engine, village, entropy)


def _template() -> bytes:
    """Return an empty store as bytes: laid out once, copied for each village."""
    demo_year()
    store = create_store(open_sqlite(MEMORY), 1, entropy)
    connection = store.engine.raw_connection()
    assert isinstance(connection.driver_connection, sqlite3.Connection)
    data = connection.driver_connection.serialize()
    store.close()
    return data


def _real_villages(hub: Hub) -> list[int]:
    """Return the villages of a hub that no night like this made: their books must not hold invented facts."""
    with hub.read() as connection:
        names, villages = known_names(connection), {*journal.villages(connection)} - {COMMON_VILLAGE}
        known = villages | {each.village for each in list_terminals(connection)} | names.keys()
    return sorted(village for village in known if names.get(village) != SIMULATED)


def _let_in(hub: Hub, night: Night, keys: dict[int, Key]) -> None:
    with hub.write() as connection:
        keep_names(connection, [Named(village, SIMULATED) for village in keys])
    for village, key in keys.items():
        known = Known(village, night.log, key.public, key.sealing, "active", 1, "kiosk simulate", 1, None)
        with hub.write() as connection:
            keep_terminal(connection, known)


def _count_faults(hub: Hub, night: Night, done: list[Reported]) -> tuple[int, int]:
    """Return how many facts are not at the hub as they were written, and how many are there more than once."""
    line = table_of(Line).c
    counts = select(line.village, func.count(), func.count(line.seq.distinct())).where(line.log == night.log)
    with hub.read() as connection:
        found = {village: (rows, seqs) for village, rows, seqs in connection.execute(counts.group_by(line.village))}
        ends = {each.village: journal.heads(connection, each.village, night.log).get(night.log) for each in done}
    whole = [each for each in done if ends[each.village] == each.head and found[each.village][1] == night.facts]
    lost = (len(done) - len(whole)) * night.facts
    return lost, sum(rows - seqs for rows, seqs in found.values())


@contextmanager
def _running(address: str, database: str) -> Iterator[tuple[str, Hub]]:
    hub = open_hub(open_engine(Path(database), database if "://" in database else None))
    yield address, hub
    hub.close()


@contextmanager
def _served_here() -> Iterator[tuple[str, Hub]]:
    with postgresql() as databases:
        url = driver_url(databases.make("simulate"))
        hub = create_hub(open_engine(Path(), url))
        with program("bench.sync_serve", url) as port:
            yield address_of(port), hub
        hub.close()


def _unseen(_stage: str, _done: int, _total: int) -> None:
    """Nobody looks."""


if __name__ == "__main__":
    sys.exit(main())
