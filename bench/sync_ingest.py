"""Ingest by the hub's own path, lines checked and chained, against COPY with a stage of rows that nobody looks at."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg

from bench import sync_floor
from bench.measure import RUNS, Row, alternate
from bench.sync_engine import Databases, driver_url, empty
from bench.sync_village import bare_facts, demo_year, lines_of
from county.delivery import FRAMES_AT_ONCE, Delivery, take_frames
from county.hub import create_hub, open_engine
from county.intake import Caller
from county.registry import Known, keep_terminal
from db.line import read
from db.wire.v1.frame import LARGEST_PIECE, cut_lines

FACTS: Final = 10_000
VILLAGE: Final = 4_321
BAR: Final = 1 / 0.35


def rows(databases: Databases) -> Iterator[Row]:
    """Both take what was read from the line already; neither time includes a network."""
    lines = tuple(lines_of(VILLAGE, demo_year()[:FACTS]))
    facts = [json.loads(text) for text in bare_facts(lines)]
    bare = [(*list(fact.values())[:8], json.dumps(fact["payload"])) for fact in facts]
    frames = list(cut_lines(lines, LARGEST_PIECE))
    floor_url, url = databases.make("ingest_floor"), databases.make("ingest")
    sync_floor.lay_out(floor_url)
    hub = create_hub(open_engine(Path(), driver_url(url)))
    log = read(lines[0].line).log
    delivery = Delivery(hub, Caller(VILLAGE, log), VILLAGE, log)
    with hub.write() as stored:
        keep_terminal(stored, Known(VILLAGE, log, "0" * 64, "0" * 64, "active", 1, "kiosk 1", 1, None))
    connection = psycopg.connect(floor_url)
    connection.execute(sync_floor.STAGE)
    connection.commit()

    def floor() -> list[float]:
        sync_floor.clear(floor_url)
        start = time.perf_counter()
        for begin in range(0, FACTS, sync_floor.BATCH):
            sync_floor.insert_rows(connection, bare[begin : begin + sync_floor.BATCH])
        return [time.perf_counter() - start]

    def ours() -> list[float]:
        empty(url)
        start = time.perf_counter()
        for begin in range(0, len(frames), FRAMES_AT_ONCE):
            take_frames(delivery, frames[begin : begin + FRAMES_AT_ONCE])
        return [time.perf_counter() - start]

    floor()
    ours()
    yield alternate(floor, ours, 2 * RUNS + 1).row("10,000 facts taken in : COPY with a stage", BAR, unit="s")
    connection.close()
    hub.close()
