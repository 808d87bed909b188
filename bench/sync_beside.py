"""A redemption at the till while `kiosk sync` runs beside it, against the same alone."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sqlalchemy import select

from bench.fill import NOW, VILLAGE, Size, fill
from bench.measure import Row, alternate
from bench.redemption import Ours
from bench.sync_engine import program
from county.hub import FILE_NAME, create_hub, open_engine
from db.engine import transaction
from db.facts.body import transfer
from db.facts.points import PointsAwarded
from db.store import Store
from db.tables.points import Balance
from db.tables.statement import table_of
from kiosk.errand import NICENESS
from kiosk.sync.memory import county_of, keep_county
from tests.hub import PATIENCE_SECONDS, ROOT, let_in, wait_until

BACKLOG: Final = 40_000
RUNS: Final = 5
SIZE: Final = Size(200, 170, 500, 0)
_AT_ONCE: Final = 2_000
_MEMORY: Final = "/dev/shm"  # noqa: S108  because the hub has a disk of its own in truth: it must not wait for the till's


@dataclass(frozen=True)
class Till:
    """A desk that sells, and the folder of a hub that has never heard of it."""

    selling: Ours
    home: Path
    hub: Path


def rows(folder: Path) -> Iterator[Row]:
    """Each run of ours sells while a backlog is on its way to a fresh hub, by the command as a timer starts it."""
    filled = fill(folder / "store", SIZE)
    till = Till(Ours(filled.home, filled), filled.home, folder / "hub")
    _write_backlog(till.selling.store, filled.operator)
    till.hub.mkdir()
    hub = create_hub(open_engine(till.hub))
    with program("bench.sync_serve", str(till.hub)) as port:
        let_in(till.selling.store, hub, f"http://127.0.0.1:{port}")
    hub.close()

    def alone() -> list[float]:
        return till.selling.sell()

    def beside() -> list[float]:
        with (
            tempfile.TemporaryDirectory(prefix="kiosk-bench-", dir=_MEMORY) as elsewhere,
            _hub_again(till, Path(elsewhere, "again")) as port,
            _syncing(till, port, Path(elsewhere, "again")) as process,
        ):
            times = till.selling.sell()
            assert process.poll() is None, "the report was over before the sales were"
        return times

    measured = alternate(alone, beside, RUNS)
    yield measured.row("redemption beside a running report : alone, p50", 3.0)
    yield measured.row("redemption beside a running report : alone, p99", 3.0, at=0.99)


def _write_backlog(store: Store, operator: int) -> None:
    """Let the own log hold so many facts that reporting them outlasts the sales."""
    balance = table_of(Balance).c
    with store.read() as connection:
        household: int = (
            connection.execute(select(balance.household_id).where(balance.village == VILLAGE)).scalars().all()[0]
        )
    body = PointsAwarded(
        household=household, scheme="bench", item="on_time", points=100, legs=transfer("issued", household, 100)
    )
    for _ in range(0, BACKLOG, _AT_ONCE):
        with store.write(now=NOW, by=operator) as act:
            act.append_many([(body, None)] * _AT_ONCE)


@contextmanager
def _hub_again(till: Till, copy: Path) -> Iterator[int]:
    """Serve a copy of the hub that knows the terminal and none of its lines."""
    shutil.copytree(till.hub, copy)
    with program("bench.sync_serve", str(copy), is_elsewhere=True) as port:
        yield port


@contextmanager
def _syncing(till: Till, port: int, hub: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `kiosk sync` as the desk and the timer start it; begin when its first lines stand at the hub."""
    with transaction(till.selling.store.engine, is_write=True) as connection:
        county = county_of(connection, VILLAGE)
        assert county is not None
        keep_county(connection, VILLAGE, replace(county, address=f"http://127.0.0.1:{port}"))
    command = [sys.executable, "-m", "kiosk", "sync", "--home", str(till.home)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)
    try:
        wait_until(lambda: _has_lines(hub / FILE_NAME))
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _has_lines(file: Path) -> bool:
    with closing(sqlite3.connect(file)) as connection:
        try:
            return connection.execute("SELECT 1 FROM line WHERE village = ? LIMIT 1", (VILLAGE,)).fetchone() is not None
        except sqlite3.OperationalError:  # locked: it is being written at this moment
            return False
