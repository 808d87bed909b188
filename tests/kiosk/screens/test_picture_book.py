"""The book of pictures itself: it must see what a person would miss."""

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest
from textual.widgets import Static

from kiosk import app as shell
from kiosk import keys
from kiosk.screens.widgets.key_line import KeyLine
from kiosk.shell import DeskScreen
from tests.kiosk.screens.pictures import EDGE, cut_off, picture_of
from tests.screens import SMALL, FixedKeeper, desk, make_station, standing_store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget


class PoorScreen(DeskScreen, inherit_bindings=False):
    """Three pieces of words, the second of which a test makes longer."""

    BINDINGS: ClassVar = keys.bindings("shell.back")

    def compose_body(self) -> "Iterable[Widget]":
        """Lay them out."""
        for name in ("first", "second", "third"):
            yield Static(name, id=name, markup=False)


@pytest.mark.parametrize(
    ("rows", "cut"),
    [(1, []), (18, []), (19, ["Static#third is hidden"]), (30, ["Static#second is cut off", "Static#third is hidden"])],
)
async def test_words_beyond_the_edge_are_named_when_a_screen_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, cut: list[str]
) -> None:
    """What fits is not named; what is half there or not there at all is."""
    monkeypatch.setitem(shell.SCREENS, "poor", f"{__name__}:PoorScreen")
    async with desk(make_station(tmp_path, keeper=FixedKeeper(standing_store())), SMALL) as at:
        await at.open("poor")
        at.app.screen.query_one("#second", Static).update("\n".join(["words"] * rows))
        await at.settle()
        assert list(cut_off(at)) == cut


async def test_line_of_keys_is_named_when_it_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that cannot be read does not exist."""
    monkeypatch.setitem(shell.SCREENS, "poor", f"{__name__}:PoorScreen")
    async with desk(make_station(tmp_path, keeper=FixedKeeper(standing_store())), SMALL) as at:
        await at.open("poor")
        line = at.app.screen.query_one(KeyLine)
        for columns, cut in ((78, []), (79, ["KeyLine is too long"])):
            line.update("键" * (columns // 2) + "x" * (columns % 2))
            await at.settle()
            assert list(cut_off(at)) == cut


async def test_every_row_ends_at_the_edge_when_it_is_chinese(tmp_path: Path) -> None:
    """Wide characters count twice, so that a picture shows what a terminal shows."""
    async with desk(make_station(tmp_path, keeper=FixedKeeper(standing_store())), SMALL) as at:
        await at.open("settings")
        rows = picture_of(at).splitlines()
        assert len(rows) == SMALL[1] - 1
        assert {row[-1] for row in rows} == {EDGE}
        assert "设置：按数字切换" in rows[1]
