"""Either side is killed at any moment, or is not there: there is no state to repair, and nothing counts twice."""

import signal
from pathlib import Path
from random import Random

import pytest

from db.store import Store
from kiosk.health import count_unsent
from tests.faults.figures import Recorder
from tests.faults.sync.ends import Ends, ends_in, small_frames
from tests.hub import free_port
from tests.line import WAYS, Line, Stall

KILLS = 20
SEED = 8
DAYS = 60


def kill_often(ends: Ends, kills: int, whom: str, seed: int) -> int:
    """Kill one side as often, each time at another place of a report; return how many sales there were."""
    chance = Random(seed)
    store = ends.store()
    ends.county.start()
    codes: list[int] = []
    for _ in range(kills):
        for _ in range(chance.randrange(1, 5)):
            ends.desk.redeem(store)
        stall = Stall([(chance.choice(WAYS), chance.choice((1, 2)))], chance.randrange(1_500))
        with Line(ends.county.port, stall) as line:
            running = ends.begin_sync(line.address, small_frames)
            stall.wait_until_reached()
            if whom == "terminal":
                running.end(signal.SIGKILL)
            else:
                ends.county.stop(signal.SIGKILL)
            stall.go_on()
            codes.append(running.wait().code)
        if whom == "county":
            ends.county.start()
    sold = sales(store)
    store.close()
    cut = -signal.SIGKILL if whom == "terminal" else 75
    assert set(codes) <= {0, cut}  # 0 where all that was to come had come before the kill
    assert codes.count(cut) > kills // 2
    return sold


def sales(store: Store) -> int:
    """How many redemptions a store holds."""
    with store.read() as connection:
        count: int = connection.exec_driver_sql("SELECT count(*) FROM redemption").scalar_one()
    return count


@pytest.mark.parametrize("whom", ["terminal", "county"])
def test_everything_arrives_once_when_one_side_is_killed_again_and_again(
    tmp_path: Path, whom: str, record_property: Recorder
) -> None:
    """Twenty real kills in hello or push, mid-frame too, with sales between; one whole report at the end."""
    with ends_in(tmp_path) as ends:
        sold = kill_often(ends, KILLS, whom, SEED)
        ends.settle()
    record_property("figure", f"kill -9 of the {whom} in a report: {KILLS} times, seed {SEED}, {sold} sales, 0 lost")
    assert sold >= KILLS


@pytest.mark.torture
@pytest.mark.parametrize("whom", ["terminal", "county"])
@pytest.mark.parametrize("life", range(10))
def test_everything_arrives_once_when_one_side_is_killed_very_often(
    tmp_path: Path, whom: str, life: int, record_property: Recorder
) -> None:
    """The same in ten lives."""
    with ends_in(tmp_path) as ends:
        sold = kill_often(ends, KILLS, whom, SEED + 1 + life)
        ends.settle()
    record_property("figure", f"kill -9 of the {whom} in a report, life {life}: {KILLS} times, {sold} sales, 0 lost")


def test_till_works_when_the_county_is_not_there_for_sixty_days(tmp_path: Path) -> None:
    """Reports end with 75, sales go on, the desk knows how much is unsent since when; then it arrives."""
    with ends_in(tmp_path) as ends:
        ends.county.start()
        ends.settle()
        ends.county.stop()
        store = ends.store()
        reported_at = count_unsent(store).last_at
        nobody = f"http://127.0.0.1:{free_port()}"
        for day in range(1, DAYS + 1):
            ends.desk.redeem(store)
            if day % 30 == 0:
                said = ends.sync(nobody)
                assert (said.code, said.refusal) == (75, "county_not_reached")
        unsent = count_unsent(store)
        assert (unsent.lines, unsent.last_at) == (DAYS, reported_at)
        store.close()
        assert ends.settle().values["sent"] == DAYS
