"""Thirty days of backlog over a mobile line in the hills: within fifteen minutes, in hardly more than their bytes."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from county.hub import Hub, create_hub, open_engine
from county.registry import Known, keep_terminal
from db.journal import heads
from db.store import own_log
from db.wire.v1.frame import LARGEST_PIECE, cut_lines, make_frame
from db.wire.v1.signed import Key
from db.wire.v1.steps import Stretch, lines_after
from kiosk.sync.memory import County, keep_county
from tests.bodies import award
from tests.slow_line import SlowLine, SlowReport
from tests.village import VILLAGE, Village

DAYS = 30
FACTS_A_DAY = 60
QUARTER_OF_AN_HOUR = 900
KEY = Key(b"\x05" * 32)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A hub on SQLite that knows the village."""
    made = create_hub(open_engine(tmp_path), os.urandom)
    yield made
    made.close()


@pytest.fixture
def village(tmp_path: Path, hub: Hub) -> Iterator[Village]:
    """A village with thirty days that were never reported."""
    made = Village(tmp_path / "village")
    households = [made.household(1, house, "王明") for house in range(1, 11)]
    for day in range(DAYS):
        with made.store.write(now=made.now, by=made.operator) as act:
            act.append_many(
                [
                    (award(households[(day * 7 + n * n) % 10], 100 + n * 50), {"note": f"{day} {n}"})
                    for n in range(FACTS_A_DAY)
                ]
            )
    let_in(made, hub)
    yield made
    made.close()


def test_backlog_of_thirty_days_arrives_when_the_line_is_cut_every_minute(hub: Hub, village: Village) -> None:
    """Once, whole, in less than a quarter of an hour, with at most six tenths of its bytes more."""
    report_slowly(hub, village, seed=1)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(2, 52))
def test_backlog_of_thirty_days_arrives_when_the_line_is_unlucky(hub: Hub, village: Village, seed: int) -> None:
    """The same with fifty other lines."""
    report_slowly(hub, village, seed)


def report_slowly(hub: Hub, village: Village, seed: int) -> None:
    """Report over a line and hold what it took against what it may."""
    payload = payload_of(village)
    done = SlowReport(village.store, SlowLine(hub, seed)).run(village.now)
    with hub.read() as there, village.store.read() as here:
        assert heads(there, VILLAGE) == heads(here, VILLAGE)
    assert done.seconds < QUARTER_OF_AN_HOUR
    assert done.passed <= 1.6 * payload


def payload_of(village: Village) -> int:
    """How many bytes the backlog has in the largest frames, which is the least it can be."""
    with village.store.read() as connection:
        log = own_log(connection, VILLAGE)
        last = heads(connection, VILLAGE)[log].seq
        lines = lines_after(connection, Stretch(VILLAGE, log, 0), last, last)
    return sum(len(make_frame(piece)) for piece in cut_lines(lines, LARGEST_PIECE))


def let_in(village: Village, hub: Hub) -> None:
    """Let both sides know each other, as an enrolment leaves them."""
    with village.store.write(now=village.now, by=village.operator) as act:
        log = act.log
        keep_county(act.connection, VILLAGE, County("http://county", hub.key.public, hub.key.sealing, KEY))
    known = Known(VILLAGE, log, KEY.public, KEY.sealing, "active", 1, "kiosk", 1, None)
    with hub.write() as connection:
        keep_terminal(connection, known)
