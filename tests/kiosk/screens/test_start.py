"""The first frame and the one question of a new desk."""

from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest
from textual import events

from kiosk.clock import ManualClock
from kiosk.demo import village
from kiosk.demo.plan import FEWEST_HOUSEHOLDS, STEPS, DemoPlan
from kiosk.errors import BadInput, StoreFailed
from kiosk.screens.home import HomeScreen
from kiosk.screens.start import StartScreen
from kiosk.settings import Settings
from kiosk.station import DEMO_VILLAGE
from tests.screens import (
    LARGE,
    NINE_O_CLOCK,
    SMALL,
    WAIT_SECONDS,
    FixedKeeper,
    desk,
    make_station,
    real_keeper,
    standing_store,
)

if TYPE_CHECKING:
    from db.progress import Advance
    from db.store import Store


async def test_the_menu_comes_by_itself_when_there_is_a_store(tmp_path: Path) -> None:
    """Nobody presses anything to begin an ordinary day."""
    async with desk(make_station(tmp_path, keeper=FixedKeeper(standing_store()))) as at:
        assert isinstance(at.app.screen, HomeScreen)


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize(("language", "question"), [("zh_CN", "演示还是正式"), ("en", "demo or real")])
async def test_the_question_is_asked_once_when_there_is_no_store(
    tmp_path: Path, size: tuple[int, int], language: str, question: str
) -> None:
    """Name of the village, question and both answers fit, in both languages and sizes."""
    async with desk(make_station(tmp_path, settings=Settings(language=language, village_name="云岭村")), size) as at:
        assert question in at.text()
        assert "云岭村" in at.text()
        assert " 1 " in at.text()
        assert " 2 " in at.text()


async def test_a_real_store_of_the_village_is_made_when_its_number_is_typed_and_confirmed(tmp_path: Path) -> None:
    """Eight keys make the store, its log and a first operator, and put the rest off; the next start finds it."""
    clock = ManualClock(NINE_O_CLOCK)
    station = make_station(tmp_path, keeper=real_keeper(tmp_path, clock), clock=clock)
    async with desk(station) as at:
        await at.keys("2", "0", "1", "2", "3", "plus", "slash", "plus", "full_stop")
        await at.until(lambda: isinstance(at.app.screen, HomeScreen))
        assert station.store is not None
        assert station.store.village == 123
    assert real_keeper(tmp_path, clock).open().village == 123


async def test_the_demo_is_shown_as_such_when_it_is_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A practice desk is never taken for the real one. Its year is lived elsewhere: here it has its first day only."""
    monkeypatch.setattr(village, "live_year", lambda _village, _advance: None)
    clock = ManualClock(NINE_O_CLOCK)
    keeper = real_keeper(tmp_path, clock)
    keeper.demo = DemoPlan(FEWEST_HOUSEHOLDS)
    station = make_station(tmp_path, keeper=keeper, clock=clock)
    async with desk(station) as at:
        await at.keys("1")
        assert station.store is not None
        assert station.store.village == DEMO_VILLAGE
        assert "演示村" in at.lines()[0]
        assert at.app.screen.query("StatusLine.-demo")


@dataclass
class SlowKeeper(FixedKeeper):
    """A keeper that makes a quarter of the demo and then waits."""

    may_go_on: Event = field(default_factory=Event)

    def create_demo(self, advance: "Advance") -> "Store":
        """Give a store of the demo's village, once that is allowed."""
        advance(STEPS // 4)
        assert self.may_go_on.wait(WAIT_SECONDS)
        return standing_store(DEMO_VILLAGE)


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh_CN", "演示村正在过它的一年：25%"), ("en", "The demo village is living its year: 25%")],
)
async def test_how_far_the_demo_is_can_be_read_when_it_takes_a_while(
    tmp_path: Path, size: tuple[int, int], language: str, sentence: str
) -> None:
    """A year takes some seconds: the frame says so, and nothing can be pressed meanwhile."""
    keeper = SlowKeeper()
    station = make_station(tmp_path, keeper=keeper, settings=Settings(language=language))
    async with desk(station, size) as at:
        at.app.turns.put(events.Key("1", "1"))
        await at.until(lambda: sentence in at.text())
        assert isinstance(at.app.screen, StartScreen)
        keeper.may_go_on.set()
        await at.settle()
        assert isinstance(at.app.screen, HomeScreen)
        assert at.app.screen.query("StatusLine.-demo")


@pytest.mark.parametrize("typed", ["12", "0000", "9999"])
async def test_a_village_number_is_refused_when_it_can_be_none(tmp_path: Path, typed: str) -> None:
    """Neither a short number, nor the county's, nor the demo's; nothing is made."""
    async with desk(make_station(tmp_path)) as at:
        await at.keys("2", *typed, "plus")
        assert at.refusal() == "village_number_wrong"
        await at.keys("minus")
        assert at.refusal() is None
        assert "演示还是正式" in at.text()


async def test_nothing_is_made_when_the_number_is_not_confirmed(tmp_path: Path) -> None:
    """The last question can be gone back from."""
    station = make_station(tmp_path, keeper=FixedKeeper(None))
    async with desk(station) as at:
        await at.keys("2", "0", "1", "2", "3", "plus", "slash", "minus", "minus")
        assert station.store is None
        assert isinstance(at.app.screen, StartScreen)


async def test_reason_and_next_step_are_shown_when_the_store_does_not_open(tmp_path: Path) -> None:
    """A broken store stops the desk with words, and can be tried again without a shell."""
    keeper = FixedKeeper(refusal=StoreFailed("store_schema", detail="0009"))
    async with desk(make_station(tmp_path, keeper=keeper)) as at:
        assert at.refusal() == "store_schema"
        assert "数据没有打开" in at.text()
        keeper.refusal, keeper.store = None, standing_store()
        await at.keys("plus")
        assert isinstance(at.app.screen, HomeScreen)


async def test_the_desk_starts_with_defaults_when_the_settings_file_is_broken(tmp_path: Path) -> None:
    """The refusal says what is wrong; one key puts the file aside and goes on."""
    (tmp_path / "settings.toml").write_text("language = ", encoding="utf-8")
    station = make_station(tmp_path, keeper=FixedKeeper(standing_store()))
    station.trouble = BadInput("settings_unreadable", detail="line 1")
    async with desk(station) as at:
        assert at.refusal() == "settings_unreadable"
        await at.keys("plus")
        assert isinstance(at.app.screen, HomeScreen)
    assert (tmp_path / "settings.bad").read_text(encoding="utf-8") == "language = "
