"""Thirty days of backlog over a mobile line in the hills, in virtual time: the median and the worst of some lines."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.measure import Row, quantile
from bench.sync_village import NOW, demo_year, reporting_village
from county.hub import Hub, create_hub, open_engine
from county.registry import Known, keep_terminal
from db import journal
from db.engine import transaction
from db.journal import Sealed
from db.wire.v1.frame import LARGEST_PIECE, cut_lines, make_frame
from db.wire.v1.signed import Key
from kiosk.sync.memory import County, keep_county
from tests.slow_line import SlowLine, SlowReport, Travelled

VILLAGE: Final = 4_321
BACKLOG: Final = 30 * 60
LINES: Final = 20
ALLOWED_SECONDS: Final = 900.0
MOST_TRAFFIC: Final = 1.6
_KEY: Final = Key(b"\x05" * 32)


def rows(folder: Path) -> Iterator[Row]:
    """The last thirty days' worth of facts of a year; what went before stands at the hub."""
    facts = len(demo_year())
    village = reporting_village(folder / "village", VILLAGE, facts)
    lines = village.year[:facts]
    done = []
    for seed in range(LINES):
        home = folder / str(seed)
        home.mkdir()
        hub = create_hub(open_engine(home), os.urandom)
        with transaction(village.store.engine, is_write=True) as connection:
            keep_county(connection, VILLAGE, County("http://county", hub.key.public, hub.key.sealing, _KEY))
        _give(hub, village.log, lines[: facts - BACKLOG])
        done.append(SlowReport(village.store, SlowLine(hub, seed)).run(NOW))
        with hub.read() as connection:
            assert journal.last_seq(connection, VILLAGE, village.log) == facts
        hub.close()
    yield from _compared(done, lines[facts - BACKLOG :])


def _compared(done: list[Travelled], backlog: tuple[Sealed, ...]) -> Iterator[Row]:
    payload = sum(len(make_frame(piece)) for piece in cut_lines(backlog, LARGEST_PIECE))
    for name, at in (("median", 0.5), ("worst", 1.0)):
        seconds, passed = (quantile(each, at) for each in ([d.seconds for d in done], [d.passed for d in done]))
        yield Row(
            f"30 days over 2G, {name} of {LINES} lines: virtual time : allowed", ALLOWED_SECONDS, seconds, 1.0, "s"
        )
        yield Row(f"30 days over 2G, {name}: bytes : payload", payload / 1_000, passed / 1_000, MOST_TRAFFIC, "kB")


def _give(hub: Hub, log: int, lines: tuple[Sealed, ...]) -> None:
    known = Known(VILLAGE, log, _KEY.public, _KEY.sealing, "active", 1, "kiosk", 1, None)
    with hub.write() as connection:
        keep_terminal(connection, known)
        for piece in cut_lines(lines, LARGEST_PIECE):
            journal.store(connection, VILLAGE, log, piece)
