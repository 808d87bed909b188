"""The demo village: made without a terminal, the same everywhere, and never half."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from db.engine import open_sqlite
from db.invariants import find_faults
from db.store import Store, open_store, store_file
from kiosk.cli import app
from kiosk.clock import ManualClock
from kiosk.codes import PersonCard, read_code
from kiosk.demo import village as demo
from kiosk.domain.card import find_card
from kiosk.domain.find import search_people
from kiosk.domain.goods import find_items, show_goods
from kiosk.domain.people import balance_of
from kiosk.domain.period import DayState, day_state, open_day
from kiosk.domain.terminal import operator_by_badge
from kiosk.domain.waiting import count_waiting
from kiosk.errors import ExitCode, Refused
from kiosk.station import DEMO_VILLAGE
from tests.recomputed import recompute
from tests.village import DAY, MORNING


def make(home: Path) -> dict[str, Any]:
    """Make the demo by the command."""
    result = CliRunner().invoke(app, ["demo", "--home", str(home), "--json"])
    assert result.exit_code == ExitCode.DONE, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def opened(home: Path) -> Store:
    """The store that was made."""
    return open_store(open_sqlite(store_file(home)))


def test_the_demo_is_a_village_to_try_when_it_is_made(tmp_path: Path) -> None:
    """Cards find households with points, goods have price and stock, people are found by initials, nothing waits."""
    made = make(tmp_path / "demo")
    store = opened(tmp_path / "demo")
    assert (store.village, made["village"]) == (DEMO_VILLAGE, DEMO_VILLAGE)
    with store.read() as connection:
        held = [find_card(connection, DEMO_VILLAGE, card["number"]) for card in made["cards"]]
        balances = [balance_of(connection, DEMO_VILLAGE, card.household_id) for card in held]
        (item,) = find_items(connection, DEMO_VILLAGE, f"0{made['barcode']}")
        salt = show_goods(connection, DEMO_VILLAGE, item, "2026-11-22")
        assert all(
            operator_by_badge(connection, DEMO_VILLAGE, badge) for badge in (made["badge"], *made["other_badges"])
        )
        assert find_faults(connection, DEMO_VILLAGE) == []
    assert len(held) == len({card.household_id for card in held}) == 60
    assert sum(balance > 0 for balance in balances) > 50
    assert (salt.points, salt.stock) == (300, 60)
    assert search_people(store, "lqz")[0].name == made["cards"][0]["name"]
    assert count_waiting(store) == 0
    found = recompute(store, tmp_path)
    assert found.faults == []
    assert sum(found.balances.values()) == sum(balances)
    store.close()


def test_today_can_be_opened_when_the_demo_was_made_today(tmp_path: Path) -> None:
    """Its own day was the day before, and is closed."""
    now = ManualClock(MORNING).now()
    demo.make_demo(tmp_path, "村支书", now=now)
    store = opened(tmp_path)
    with store.read() as connection:
        assert day_state(connection, DEMO_VILLAGE) == DayState(None, "2026-11-21")
        operator = operator_by_badge(connection, DEMO_VILLAGE, make(tmp_path / "same")["badge"])
    assert open_day(store, DAY, now=now, by=operator) == DAY
    store.close()


def test_the_numbers_are_the_same_when_the_demo_is_made_again(tmp_path: Path) -> None:
    """A page may tell which card to scan."""
    first, second = make(tmp_path / "one"), make(tmp_path / "two")
    numbers = ("badge", "other_badges", "cards", "blank_cards")
    assert [first[name] for name in numbers] == [second[name] for name in numbers]
    scanned = [*(card["number"] for card in first["cards"]), *first["blank_cards"]]
    assert len(set(scanned)) == 70
    assert all(isinstance(read_code(number), PersonCard) for number in scanned)


def test_no_village_is_overwritten_when_the_demo_is_asked_for(tmp_path: Path) -> None:
    """A folder with a store in it stays as it is."""
    arguments = ["init", "--village", "77", "--operator", "周会计", "--home", str(tmp_path)]
    assert CliRunner().invoke(app, arguments).exit_code == ExitCode.DONE
    result = CliRunner().invoke(app, ["demo", "--home", str(tmp_path)])
    assert isinstance(result.exception, Refused)
    assert result.exception.code == "store_exists"
    store = opened(tmp_path)
    assert store.village == 77
    store.close()


def test_there_is_no_demo_when_making_it_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was written lies under another name, and the next attempt begins anew."""

    def cut(*_arguments: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(demo, "_award", cut)
        with pytest.raises(KeyboardInterrupt):
            demo.make_demo(tmp_path, "村支书", now=ManualClock(MORNING).now())
    assert not store_file(tmp_path).exists()
    assert len(make(tmp_path)["cards"]) == 60
