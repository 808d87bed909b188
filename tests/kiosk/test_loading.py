"""What the program has loaded when: little at the first question, all that a sale needs soon after."""

import asyncio
import gc
import json
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.facts import FAMILIES
from kiosk import loading
from kiosk.clock import ManualClock
from kiosk.settings import Settings, save_settings
from tests.kiosk.screens.till.counter import SALT, Shop, shop_in
from tests.screens import desk, make_station, real_keeper
from tests.terminal import HAND_SECONDS, Terminal
from tests.village import MORNING

PROGRAM = """
import json, signal, sys
from pathlib import Path
from kiosk import loading
from kiosk.launch import open_terminal
home = Path(sys.argv[1])
def tell(*_arguments):
    (home / "told").write_text(json.dumps(sorted(sys.modules)))
    (home / "told").rename(home / "loaded")
signal.signal(signal.SIGUSR1, tell)
loading.REST_SECONDS = float(sys.argv[2])
open_terminal(home)
"""
NEVER = "1000"
SOON = "0.05"


class Running(Terminal):
    """The desk of a shop in a terminal that says what it has loaded."""

    def __init__(self, shop: Shop, rest_seconds: str) -> None:
        """Start it; it loads ahead after so long a rest."""
        self._told = shop.folder / "loaded"
        super().__init__([sys.executable, "-c", PROGRAM, str(shop.folder), rest_seconds])

    def loaded(self) -> set[str]:
        """Every module that is loaded now."""
        self._told.unlink(missing_ok=True)
        self.process.send_signal(signal.SIGUSR1)
        self.wait_until(self._told.exists)
        return set(json.loads(self._told.read_text("utf-8")))

    def open_till(self) -> None:
        """Take the desk, confirm the day if it is another one, and open the till."""
        self.type("1")
        self.wait_until(lambda: "要做什么" in self.text() or "对吗" in self.text())
        if "要做什么" not in self.text():
            self.type("+")
            self.wait_for("要做什么")
        self.type("1")
        self.wait_for("请刷卡")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A desk that can sell."""
    made = shop_in(tmp_path / "shop")
    save_settings(made.folder, Settings(sound="silent"))
    return made


@pytest.fixture
def _collector() -> Iterator[None]:
    """Leave the collector of garbage as it was."""
    yield
    gc.unfreeze()
    gc.enable()


def ours(loaded: set[str]) -> set[str]:
    """Modules of the program, and what it brings along that is heavy."""
    return {name for name in loaded if name.partition(".")[0] in {"kiosk", "db", "stdnum"}}


def test_family_costs_nothing_when_the_first_question_does_not_touch_it(shop: Shop) -> None:
    """Who stands here and which day it is need neither people, points and goods nor what looks after a store."""
    with Running(shop, NEVER) as running:
        running.wait_for("谁在值班")
        loaded = running.loaded()
    touched = {
        family
        for family in FAMILIES
        if loaded & {f"db.facts.{family}", f"db.tables.{family}", f"db.projections.{family}"}
    }
    assert touched == {"period", "terminal"}
    assert loaded.isdisjoint(
        {"kiosk.screens.home", "kiosk.screens.till", "kiosk.store_care", "alembic", "db.wire.v1.message", "zstandard"}
    )
    assert [name for name in loaded if name.startswith("sqlalchemy.dialects.postgresql")] == []


def test_a_sale_waits_for_no_import_when_nobody_acted_for_a_moment(shop: Shop) -> None:
    """Card, goods and the confirm key find everything loaded; the bell is a matter of the machine."""
    with Running(shop, SOON) as running:
        running.wait_for("谁在值班")
        running.wait_until(lambda: set(loading.AHEAD) <= running.loaded())
        ahead = running.loaded()
        running.open_till()
        running.scan(shop.wang_card)
        running.wait_for("王明家")
        running.scan(SALT)
        running.wait_for("食盐")
        time.sleep(HAND_SECONDS)
        running.type("+")
        running.wait_for("已兑换")
        later = running.loaded()
    assert ours(later) - ours(ahead) == set()


async def test_nothing_is_loaded_ahead_when_there_is_no_store_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question whether demo or real may stand for an hour; what it leads to decides what is needed."""
    asked: list[str] = []
    monkeypatch.setattr(loading, "load_ahead", lambda: asked.append("loaded"))
    monkeypatch.setattr(loading, "REST_SECONDS", 0.01)
    station = make_station(tmp_path, keeper=real_keeper(tmp_path, ManualClock(MORNING)))
    async with desk(station) as at:
        await asyncio.sleep(0.1)
        assert (station.store, asked) == (None, [])
        await station.create_store(123)
        await at.until(lambda: asked)
    assert asked == ["loaded"]


@pytest.mark.usefixtures("_collector")
def test_garbage_is_looked_for_again_when_the_program_is_loaded() -> None:
    """And never in what was there by then."""
    loading.begin()
    assert not gc.isenabled()
    loading.end()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


@pytest.mark.usefixtures("_collector")
def test_nothing_is_set_apart_when_loading_never_began() -> None:
    """A test that runs the app keeps the collector as it is."""
    gc.enable()
    before = gc.get_freeze_count()
    loading.end()
    assert gc.get_freeze_count() == before
