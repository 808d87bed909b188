"""A line of its own mind, by a seed: cuts, repeats, answers of before, pages of portals, and sales all the while."""

from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING

import pytest

from county.hub import create_hub
from kiosk.errors import TryAgain
from tests.faults.figures import Recorder
from tests.faults.sync.bench import Bench
from tests.faults.sync.ends import assert_same, at_rest, let_in, publish
from tests.faults.sync.wire import WildWire
from tests.postgres import ONE_WORKER
from tests.village import VILLAGE, seeded

if TYPE_CHECKING:
    from tests.postgres import Server

QUICK = 300
LONG = 20_000
SESSIONS_A_LIFE = 25
SEED = 2_026


def live(bench: Bench, seed: int) -> tuple[int, int]:
    """Let a desk report over a wild line, again and again; return how many calls went wrong, and the lines."""
    chance = Random(seed)
    wire = WildWire(bench.hub, chance)
    for _ in range(SESSIONS_A_LIFE):
        for _ in range(chance.randrange(4)):
            bench.desk.award(bench.store)
        if chance.randrange(5) == 0:
            publish(bench.hub, chance.choice((0, VILLAGE)))
        with suppress(TryAgain):
            bench.report(wire)
        bench.assert_prefix()
    bad, wire.is_calm = wire.bad, True
    bench.report(wire)
    bench.assert_equal()
    assert_same(bench.store, bench.hub)
    wire.shut()
    return bad, bench.lines()


def live_often(lives: int, seed: int) -> str:
    """Live so many lives of 25 sessions; the sentence that says what happened in them."""
    bench = Bench.laid_out(is_published=True)
    found = [live(bench.put_back(), seed + number) for number in range(lives)]
    bad, lines = (sum(column) for column in zip(*found, strict=True))
    sessions = lives * SESSIONS_A_LIFE
    assert bad > sessions // 2
    return f"wild sessions: {sessions}, seeds from {seed}, {bad} calls went wrong, {lines} lines, 0 lost, 0 doubled"


def test_everything_arrives_once_when_the_line_is_wild(record_property: Recorder) -> None:
    """Three hundred sessions in twelve lives; after each life a calm one, and both ends hold the same."""
    record_property("figure", live_often(QUICK // SESSIONS_A_LIFE, SEED))


@ONE_WORKER
def test_everything_arrives_once_when_the_line_is_wild_and_the_hub_is_postgresql(postgres_server: "Server") -> None:
    """One life with the other engine: what a cut leaves open there is rolled back as well."""
    desk, store, _hub = at_rest()
    with postgres_server.database("template1") as engine:
        hub = create_hub(engine, seeded("hub"))
        let_in(store, hub)
        bad, _lines = live(Bench(desk, store, hub, store, hub), SEED)
    assert bad > SESSIONS_A_LIFE // 2


@pytest.mark.torture
@pytest.mark.parametrize("part", range(10))
def test_everything_arrives_once_when_the_line_is_wild_for_very_long(part: int, record_property: Recorder) -> None:
    """Twenty thousand."""
    lives = LONG // SESSIONS_A_LIFE // 10
    record_property("figure", live_often(lives, SEED + 1_000 + part * lives))
