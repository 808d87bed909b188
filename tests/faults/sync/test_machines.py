"""The machines are not as they should be: clocks lie, disks are full, a page is damaged, one program is newer."""

import sqlite3
import time
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from county.hub import open_engine, open_hub
from db import engine
from db.facts.body import Body
from db.line import Fact
from db.projections.batch import Batch
from db.store import StoreError
from db.tables.statement import table_of
from db.tables.terminal import Unprojected
from tests.faults.sync.ends import FACTS, Ends, ends_in, flip_in_line
from tests.hub import wait_until
from tests.ready import later
from tests.village import VILLAGE

YEARS = {"1970": 0, "2026": 1_795_305_600, "2099": 4_070_908_800}


class WeatherNoted(Body):
    """A kind that no program of today knows."""

    KIND = "weather_noted"
    degrees: int


def clock_in(seconds: int, step: int = 0) -> None:
    """Let the machine believe in another time, which jumps by `step` seconds at each look."""
    looks = iter(range(1, 1_000_000))
    time.time_ns = lambda: (seconds + step * next(looks)) * 1_000_000_000


def disk_with_room_for(pages: int) -> None:
    """Let the store's file grow to so many pages and no further."""
    engine.PRAGMAS["max_page_count"] = pages


def disk_below_reserve() -> None:
    """Let nothing be left of the disk but the reserve."""
    engine.RESERVE_BYTES = 2**60  # type: ignore[misc]  # because the disk of the tests is not full


@pytest.mark.parametrize(
    ("here", "there"),
    [("1970", "2026"), ("2099", "1970"), ("2026", "2099")],
)
def test_everything_arrives_when_a_clock_is_wrong(tmp_path: Path, here: str, there: str) -> None:
    """The terminal, the hub or both live in another age: the report ends well, and each line stands there once."""
    with ends_in(tmp_path) as ends:
        ends.county.afflict = partial(clock_in, YEARS[there])
        ends.county.start()
        said = ends.sync(afflict=partial(clock_in, YEARS[here]))
        assert (said.code, said.values["sent"]) == (0, FACTS)
        ends.settle()


def test_everything_arrives_when_clocks_jump_at_every_look(tmp_path: Path) -> None:
    """A day forwards here, a quarter of an hour backwards there, at every look at the clock."""
    with ends_in(tmp_path) as ends:
        ends.county.afflict = partial(clock_in, YEARS["2026"], -900)
        ends.county.start()
        for _ in range(3):
            assert ends.sync(afflict=partial(clock_in, YEARS["2026"], 86_400)).code == 0
            ends.award()
        ends.settle()


def test_next_report_goes_on_when_the_hubs_clock_jumps_within_a_session(tmp_path: Path) -> None:
    """Its word for this session is over before the push: try again, and the next report is whole."""
    with ends_in(tmp_path) as ends:
        ends.county.afflict = partial(clock_in, YEARS["2026"], 86_400)
        ends.county.start()
        said = ends.sync()
        assert (said.code, said.refusal) == (75, "county_cut_short")
        ends.county.stop()
        ends.county.afflict = partial(clock_in, YEARS["2026"])
        assert ends.settle().values["sent"] == FACTS


def test_report_goes_on_when_the_disk_here_is_down_to_its_reserve(tmp_path: Path) -> None:
    """No sale more; what was written is reported."""
    with ends_in(tmp_path) as ends:
        ends.county.start()
        assert ends.sync(afflict=disk_below_reserve).values["sent"] == FACTS
        ends.settle()


def test_report_ends_with_74_when_the_disk_here_takes_nothing_more(tmp_path: Path) -> None:
    """The lines have gone, what comes down finds no room: it says so, and goes on with room."""
    with ends_in(tmp_path) as ends:
        speak_at_length(ends)
        ends.county.start()
        said = ends.sync(afflict=partial(disk_with_room_for, pages_of(ends.desk.file)))
        assert (said.code, said.refusal) == (74, "disk_full")
        assert sum(ends.held().values()) >= FACTS
        ends.settle()


def test_terminal_is_put_off_when_the_disk_of_the_hub_is_full(tmp_path: Path) -> None:
    """503 and nothing half-stored; the hub goes on serving, and with room it takes everything."""
    with ends_in(tmp_path) as ends:
        ends.county.afflict = partial(disk_with_room_for, pages_of(ends.county.file))
        store = ends.store()
        for _ in range(200):
            ends.desk.award(store)
        store.close()
        ends.county.start()
        said = ends.sync()
        assert (said.code, said.refusal) == (75, "county_not_reached")
        assert ends.sync().code == 75
        ended = ends.county.stop()
        assert ended is not None
        assert "Traceback" not in ended.complained
        ends.county.afflict = partial(disk_with_room_for, 2**30)
        ends.settle()


def test_sound_lines_are_reported_when_a_page_is_damaged(tmp_path: Path) -> None:
    """A flipped byte in a line: the till sells no more, what stands before it goes to the county, and nothing after."""
    with ends_in(tmp_path) as ends:
        flip_in_line(ends.desk.file, 40)
        ends.county.start()
        said = ends.sync()
        assert (said.code, said.refusal) == (74, "store_not_sound")
        assert ends.held().popitem()[1] == 39
        store = ends.store()
        with pytest.raises(StoreError, match="not_sound"), store.write(now=later(), by=None):
            pass
        store.close()
        assert ends.kiosk("journal", "export", str(tmp_path / "saved")).code == 0


def test_report_is_whole_when_damage_is_elsewhere(tmp_path: Path) -> None:
    """A page of a table is rubbish: lines are not, and all of them arrive."""
    with ends_in(tmp_path) as ends:
        break_table(ends.desk.file, "posting")
        ends.county.start()
        said = ends.sync()
        assert (said.code, said.values["sent"]) == (0, FACTS)


def test_line_of_a_newer_program_is_kept_and_computed_after_the_upgrade(tmp_path: Path) -> None:
    """The hub stores and passes on what it does not know; the program that knows it computes its tables."""
    with ends_in(tmp_path) as ends:
        store = ends.store()
        with store.write(now=later(), by=None) as act:
            act.append(WeatherNoted(degrees=21))
        store.close()
        assert ends.settle().values["sent"] == FACTS + 1
        assert set_aside(ends) == [("weather_noted", 1, "kind")]
        ends.county.afflict = know_the_weather
        ends.county.restart()
        wait_until(lambda: set_aside(ends) == [("weather_noted", 21, "computed")])


def know_the_weather() -> None:
    """Be a newer program: it knows the kind, and notes the degrees."""
    from db import projections
    from db.facts import terminal as family
    from db.projections import terminal as folds

    def weather_noted(fact: Fact, body: WeatherNoted, batch: Batch) -> None:
        batch.insert(Unprojected, fact, kind=fact.kind, kv=body.degrees, reason="computed")

    WeatherNoted.__module__ = family.__name__
    family.WeatherNoted = WeatherNoted  # type: ignore[attr-defined]  # because today's program does not know it
    folds.weather_noted = weather_noted  # type: ignore[attr-defined]  # because today's program does not know it
    projections.FOLD_VERSION += 1  # type: ignore[misc]  # because it is another program


def set_aside(ends: Ends) -> list[tuple[str, int, str]]:
    """What the hub notes of lines it could not compute, and of the weather."""
    hub = open_hub(open_engine(ends.county.home))
    with hub.read() as connection:
        kept = connection.execute(table_of(Unprojected).select()).all()
    hub.close()
    return [(row.kind, row.kv, row.reason) for row in kept]


def speak_at_length(ends: Ends) -> None:
    """Let the county say so much that it does not fit into the desk's file."""
    from tests.faults.sync.ends import publish

    hub = open_hub(open_engine(ends.county.home))
    publish(hub, VILLAGE, 300)
    hub.close()


def pages_of(file: Path) -> int:
    """How many pages a database has."""
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("PRAGMA page_count").fetchone()[0])


def break_table(file: Path, table: str) -> None:
    """Write rubbish over the first page of a table."""
    with closing(sqlite3.connect(file)) as connection:
        [root] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        [size] = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(file.read_bytes())
    content[(root - 1) * size : root * size] = b"\xa5" * size
    file.write_bytes(content)
