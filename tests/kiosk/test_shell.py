"""The frame around every screen: whatever falls into a moment in which it has no widgets is left out."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path

from kiosk.screens.widgets.status_line import StatusLine
from kiosk.shell import DeskScreen
from tests.screens import FixedKeeper, desk, make_station, standing_store


async def moments_of(screen: DeskScreen, change: Awaitable[object]) -> list[tuple[bool, bool]]:
    """Tell at every moment of a change whether the screen says that it stands, and whether its widgets are there."""
    changing = asyncio.ensure_future(change)
    seen = []
    while not changing.done():
        seen.append((screen.is_standing, bool(screen.query(StatusLine))))
        await asyncio.sleep(0)
    return seen


async def test_a_screen_stands_only_on_its_widgets_when_it_is_built_again_or_taken_away(tmp_path: Path) -> None:
    """What beats every second may come at any moment of either."""
    async with desk(make_station(tmp_path, keeper=FixedKeeper(standing_store()))) as at:
        at.app.open("find")
        await at.settle()
        screen = at.app.screen
        assert isinstance(screen, DeskScreen)
        built_again = await moments_of(screen, screen.redraw())
        taken_away = await moments_of(screen, screen.remove())
    for seen in (built_again, taken_away):
        assert (False, False) in seen
        assert (True, False) not in seen
