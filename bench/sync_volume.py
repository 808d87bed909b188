"""10,000 facts, nothing new, and 100 more: a terminal's session against a bare client, on this machine and far away."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select

from bench import sync_floor
from bench.measure import RUNS, Row, alternate
from bench.sync_engine import Databases, address_of, driver_url, empty, hub_at, program
from bench.sync_line import Wire
from bench.sync_village import NOW, Reporting, bare_facts, reporting_village
from county.hub import Hub, create_hub, open_engine
from db import journal
from db.tables.statement import table_of
from db.tables.terminal import Cursor
from kiosk.sync.client import Client
from kiosk.sync.session import run_session
from tests.hub import let_in

FACTS: Final = 10_000
VILLAGE: Final = 4_321
HALF_ROUND_TRIP_SECONDS: Final = 0.15
FAR_RUNS: Final = 3
PATIENCE_SECONDS: Final = 120


@dataclass(frozen=True)
class Sides:
    """Everything that is running: the floor's port and database, the two hubs, and the village with its facts."""

    floor_port: int
    floor_url: str
    paused_port: int
    paused_url: str
    live_port: int
    live_url: str
    village: Reporting
    bare: tuple[str, ...]

    def report(self, port: int) -> None:
        """Run the session that `kiosk sync` runs."""
        with Client(address_of(port)) as client:
            run_session(self.village.store, client, NOW, _unseen)

    def report_bare(self, port: int) -> None:
        """Run the bare client."""
        sync_floor.report_bare(port, self.bare)


@contextmanager
def sides(databases: Databases, folder: Path) -> Iterator[Sides]:
    """Start everything and let the terminal in at both hubs."""
    village = reporting_village(folder / "village", VILLAGE, FACTS)
    bare = tuple(bare_facts(village.year[:FACTS]))
    floor_url, paused_url, live_url = (databases.make(name) for name in ("floor", "paused", "live"))
    sync_floor.lay_out(floor_url)
    key = lambda count: b"\x07" * count  # noqa: E731  because both hubs are the same county to the terminal
    hubs = [create_hub(open_engine(Path(), driver_url(url)), key) for url in (paused_url, live_url)]
    with (
        program("bench.sync_floor", floor_url) as floor_port,
        program("bench.sync_serve", driver_url(paused_url), "paused") as paused_port,
        program("bench.sync_serve", driver_url(live_url)) as live_port,
    ):
        for hub, port in zip(hubs, (paused_port, live_port), strict=True):
            let_in(village.store, hub, address_of(port))
            hub.close()
        yield Sides(floor_port, floor_url, paused_port, paused_url, live_port, live_url, village, bare)


def rows(on: Sides) -> list[Row]:
    """Every row of this measure."""
    return [*_stored_and_projected(on), *_bytes(on), *_far(on)]


def _stored_and_projected(on: Sides) -> Iterator[Row]:
    def floor() -> list[float]:
        sync_floor.clear(on.floor_url)
        return [_seconds(lambda: on.report_bare(on.floor_port))]

    def stored() -> list[float]:
        empty(on.paused_url)
        return [_seconds(lambda: on.report(on.paused_port))]

    def projected() -> list[float]:
        empty(on.live_url)
        hub = hub_at(on.live_url)

        def until_projected() -> None:
            on.report(on.live_port)
            _wait_projected(hub)

        took = _seconds(until_projected)
        hub.close()
        return [took]

    for measure in (floor, stored, projected):
        measure()
    yield alternate(floor, stored, 2 * RUNS + 1).row("10,000 facts stored : bare client, bare hub", 2.0, unit="s")
    yield alternate(floor, projected, RUNS).row("10,000 facts stored and projected : the same", 8.0, unit="s")
    assert sync_floor.count_facts(on.floor_url) == FACTS
    assert _held(on.paused_url) == _held(on.live_url) == FACTS


def _bytes(on: Sides) -> Iterator[Row]:
    with Wire(on.floor_port) as floor, Wire(on.paused_port) as ours:
        on.report_bare(floor.port)
        empty(on.paused_url)
        on.report(ours.port)
        yield Row("10,000 facts, bytes both ways : the same", floor.passed / 1_000, ours.passed / 1_000, 0.65, "kB")
        yield from _small(on, ours, 0, (1, 1_536))
        on.village.write(100)
        yield from _small(on, ours, 100, (2, 6_144))


def _small(on: Sides, wire: Wire, facts: int, allowed: tuple[int, int]) -> Iterator[Row]:
    """Give round trips and bytes of one session beside what is allowed."""
    wire.forget()
    on.report(wire.port)
    name = "nothing new" if not facts else f"{facts} facts more"
    yield Row(f"{name}: round trips : allowed", allowed[0], wire.turns, 1.0, "")
    yield Row(f"{name}: headers and bodies both ways : allowed", allowed[1], wire.passed, 1.0, "B")


def _far(on: Sides) -> Iterator[Row]:
    with (
        Wire(on.floor_port, HALF_ROUND_TRIP_SECONDS) as far_floor,
        Wire(on.paused_port, HALF_ROUND_TRIP_SECONDS) as far_hub,
    ):

        def floor() -> list[float]:
            sync_floor.clear(on.floor_url)
            return [_seconds(lambda: on.report_bare(far_floor.port))]

        def ours() -> list[float]:
            empty(on.paused_url)
            return [_seconds(lambda: on.report(far_hub.port))]

        yield alternate(floor, ours, FAR_RUNS).row("10,000 facts, 300 ms round trip : the same", 0.6, unit="s")


def _wait_projected(hub: Hub) -> None:
    cursor = table_of(Cursor).c
    cursors = select(cursor.log, cursor.seq).where(cursor.village == VILLAGE)
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        with hub.read() as connection:
            heads = journal.heads(connection, VILLAGE)
            reached = dict(connection.execute(cursors).tuples().all())
        if all(reached.get(log, 0) == head.seq for log, head in heads.items()):
            return
        assert time.monotonic() < end
        time.sleep(0.01)


def _held(url: str) -> int:
    hub = hub_at(url)
    with hub.read() as connection:
        count = sum(head.seq for head in journal.heads(connection, VILLAGE).values())
    hub.close()
    return count


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _unseen(_stage: str, _done: int, _total: int) -> None:
    """Nobody looks."""
