"""Hands that are faster than the screens: whatever is pressed meanwhile waits for the screen it is meant for."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

import pytest
from textual import events, on

from kiosk import app as shell
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.number_entry import NumberEntry
from kiosk.shell import DeskScreen
from kiosk.station import Station
from tests.screens import FixedKeeper, desk, make_station, standing_store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget


@pytest.fixture
def station(tmp_path: Path) -> Station:
    """A station whose menu opens at once."""
    return make_station(tmp_path, keeper=FixedKeeper(standing_store()))


class ArrivingScreen(DeskScreen, inherit_bindings=False):
    """Asks for a number, as soon as it has looked how things stand."""

    def __init__(self, station: Station) -> None:
        super().__init__(station)
        self.got: list[str] = []

    def compose_body(self) -> "Iterable[Widget]":
        """Lay it out."""
        yield NumberEntry(longest=3)

    async def on_load(self) -> None:
        """Take a while, as a busy machine does."""
        await asyncio.sleep(0.05)

    def on_mount(self) -> None:
        """Look first, then ask."""
        self.query_one(NumberEntry).display = False
        self.work(self._look())

    async def _look(self) -> None:
        await asyncio.sleep(0.02)
        self.query_one(NumberEntry).display = True
        self.set_focus(self.query_one(NumberEntry))

    @on(NumberEntry.Entered)
    def note(self, message: NumberEntry.Entered) -> None:
        """Note the number."""
        self.got.append(message.text)


async def test_keys_are_not_lost_when_they_run_ahead_of_the_screen_they_open(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hand that knows the way presses the next key before the screen is there."""
    monkeypatch.setitem(shell.SCREENS, "till", f"{__name__}:ArrivingScreen")
    async with desk(station) as at:
        for name in ("1", "2", "plus"):
            at.app.turns.put(events.Key(name, "+" if name == "plus" else name))
        await at.until(lambda: at.app.turns.is_idle)
        assert cast("ArrivingScreen", at.app.screen).got == ["2"]


class SlowList(ChoiceList, inherit_bindings=False):
    """Takes a while to pass on what was chosen, as on a busy machine."""

    BINDINGS: ClassVar = ChoiceList.BINDINGS

    async def on_choice_list_chosen(self) -> None:
        """Hold it up on its way to the screen."""
        await asyncio.sleep(0.05)


class SlowMenuScreen(DeskScreen, inherit_bindings=False):
    """Leads to the screen that arrives."""

    def compose_body(self) -> "Iterable[Widget]":
        """Lay it out."""
        yield SlowList(["go"])

    @on(ChoiceList.Chosen)
    def take_choice(self) -> None:
        """Go there."""
        self.station.shell.open("till")


async def test_a_key_waits_when_what_the_key_before_it_chose_is_still_on_its_way(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The screen is not even asked for yet when the next key is there."""
    monkeypatch.setitem(shell.SCREENS, "till", f"{__name__}:ArrivingScreen")
    monkeypatch.setitem(shell.SCREENS, "award", f"{__name__}:SlowMenuScreen")
    async with desk(station) as at:
        await at.open("award")
        for name in ("1", "2", "plus"):
            at.app.turns.put(events.Key(name, "+" if name == "plus" else name))
        await at.until(lambda: at.app.turns.is_idle)
        assert cast("ArrivingScreen", at.app.screen).got == ["2"]
