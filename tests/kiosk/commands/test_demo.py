"""The command that makes the demo village: what it says can be scanned, nothing is overwritten or left half."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from db.engine import open_sqlite, wrong_pragmas
from db.store import open_store, store_file
from kiosk.cli import app
from kiosk.clock import ManualClock
from kiosk.codes import HouseholdCard, PersonCard, read_code
from kiosk.demo import village as demo
from kiosk.demo.plan import STEPS
from kiosk.domain.card import find_card
from kiosk.domain.goods import find_items, show_goods
from kiosk.domain.people import balance_of
from kiosk.domain.period import DayState, day_state, open_day
from kiosk.domain.terminal import operator_by_badge
from kiosk.errors import ExitCode, Refused
from kiosk.station import DEMO_VILLAGE
from tests.kiosk.demo.lived import SMALL, Lived, small
from tests.village import DAY, MORNING

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.timeout(300)]


@pytest.fixture
def lived() -> Lived:
    """The small village, made by the command."""
    return small()


def test_what_the_command_says_can_be_scanned_when_the_demo_is_made(lived: Lived) -> None:
    """Cards find households with the points that are named, badges operators, the barcode priced goods on the shelf."""
    said, village = lived.said, DEMO_VILLAGE
    assert (lived.store.village, said["village"], said["seed"]) == (village, village, 578)
    with lived.store.read() as connection:
        for card in said["cards"]:
            household = find_card(connection, village, card["number"]).household_id
            assert balance_of(connection, village, household) == card["points"]
        assert all(find_card(connection, village, number).person_id for number in said["member_cards"])
        assert all(operator_by_badge(connection, village, badge) for badge in (said["badge"], *said["other_badges"]))
        (item,) = find_items(connection, village, f"0{said['barcode']}")
        salt = show_goods(connection, village, item, DAY)
    assert (salt.points, salt.stock) == (300, 60)
    assert len(said["cards"]) > 35
    assert len(said["other_badges"]) == 4
    assert {type(read_code(card["number"])) for card in said["cards"]} == {HouseholdCard, PersonCard}
    assert {type(read_code(number)) for number in (*said["member_cards"], *said["blank_cards"])} == {PersonCard}


def test_today_can_be_opened_when_the_demo_was_made(lived: Lived, tmp_path: Path) -> None:
    """Its last day is closed, and the store is one that is synced like any other."""
    store_file(tmp_path).write_bytes(store_file(lived.home).read_bytes())
    store = open_store(open_sqlite(store_file(tmp_path)))
    now = ManualClock(MORNING).now()
    with store.read() as connection:
        assert day_state(connection, DEMO_VILLAGE) == DayState(None, "2021-12-31")
        assert wrong_pragmas(connection) == {}
        operator = operator_by_badge(connection, DEMO_VILLAGE, lived.said["badge"])
    assert store.standing.faults == ()
    assert open_day(store, DAY, now=now, by=operator) == DAY
    store.close()


def test_no_village_is_overwritten_when_the_demo_is_asked_for(tmp_path: Path) -> None:
    """A folder with a store in it stays as it is."""
    arguments = ["init", "--village", "77", "--operator", "周会计", "--home", str(tmp_path)]
    assert CliRunner().invoke(app, arguments).exit_code == ExitCode.DONE
    result = CliRunner().invoke(app, ["demo", "--home", str(tmp_path)])
    assert isinstance(result.exception, Refused)
    assert result.exception.code == "store_exists"
    store = open_store(open_sqlite(store_file(tmp_path)))
    assert store.village == 77
    store.close()


@pytest.mark.parametrize("count", ["3", "5000"])
def test_a_number_of_households_is_refused_when_no_village_has_it(tmp_path: Path, count: str) -> None:
    """Neither a hamlet without a branch nor a town."""
    result = CliRunner().invoke(app, ["demo", "--home", str(tmp_path), "--households", count])
    assert result.exit_code == ExitCode.USAGE
    assert not store_file(tmp_path).exists()


def test_there_is_no_demo_when_making_it_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was written lies under another name, and the next attempt begins anew."""
    steps = 0

    def cut(count: int) -> None:
        nonlocal steps
        steps += count
        if steps > STEPS // 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.make_demo(tmp_path, SMALL, cut)
    assert not store_file(tmp_path).exists()
    with monkeypatch.context() as patched:
        patched.setattr(demo, "live_year", lambda _village, _advance: None)
        assert len(demo.make_demo(tmp_path, SMALL).cards) == SMALL.households
    assert store_file(tmp_path).exists()
