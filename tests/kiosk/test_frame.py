"""A frame of what changed: only that, at its place, and only where nothing else has to be drawn as well."""

from contextlib import nullcontext
from pathlib import Path

import pytest
from textual.widget import Widget
from textual.widgets import Static

from kiosk.frame import Patch, changed_on, draw_changed
from kiosk.screens.modals.confirm import ConfirmModal
from tests.kiosk.screens.till.counter import Counter, shop_in


def line(counter: Counter, name: str) -> Static:
    """A line of the till."""
    return counter.screen.query_one(f"#till-{name}", Static)


async def test_only_the_line_that_changed_is_drawn_when_a_scan_is_answered(tmp_path: Path) -> None:
    """At its own place, and not once more with the next frame."""
    async with shop_in(tmp_path / "shop").till() as counter:
        who = line(counter, "who")
        who.update("王明家", layout=False)
        assert changed_on(counter.screen) == [who]
        said = Patch([who]).render_segments(counter.at.app.console)
        assert "王明家" in said
        assert said.startswith(f"\x1b[{who.region.y + 1};{who.region.x + 1}H")
        assert said.count("H") == who.region.height
        assert str(line(counter, "next").visual).strip() not in said
        assert changed_on(counter.screen) == []


async def test_two_lines_come_in_one_piece_and_the_list_in_the_next_frame_when_all_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Name and figure never stand beside what was said of another household, and wait for no list."""
    async with shop_in(tmp_path / "shop").till() as counter:
        drawn: list[str] = []
        app = counter.at.app
        monkeypatch.setattr(app, "_display", lambda _screen, patch: drawn.append(patch.render_segments(app.console)))
        for name, words in (("rows", "11月20日 建议被采纳"), ("who", "王明家"), ("message", "食盐 1袋")):
            line(counter, name).update(words, layout=False)
        assert draw_changed(counter.screen)
        (at_once,) = drawn
        assert all(words in at_once for words in ("王明家", "食盐 1袋"))
        assert "建议被采纳" not in at_once
        assert changed_on(counter.screen) == [line(counter, "rows")]


CHANGES = ("nothing", "a place", "a container", "the screen", "what a notice covers", "what a question covers", "more")


@pytest.mark.parametrize("change", CHANGES)
async def test_the_frame_is_left_to_the_next_turn_when_that_is_not_all(tmp_path: Path, change: str) -> None:
    """Where something moves, holds others, or lies under a notice, a line drawn by itself would be wrong."""
    async with shop_in(tmp_path / "shop").till() as counter:
        screen = counter.screen
        if change == "what a notice covers":
            counter.at.app.notify("已插上")
            await counter.settle()
        if change != "nothing":
            line(counter, "who").update("王明家", layout=change == "a place")
        if change == "what a question covers":
            counter.at.app.push_screen(ConfirmModal(counter.at.app.station, "真的？"))
        if change == "a container":
            screen.query_one("#body", Widget).refresh()
        if change == "the screen":
            screen.refresh()
        with counter.at.app.batch_update() if change == "more" else nullcontext():
            assert not draw_changed(screen)


async def test_the_picture_is_the_same_when_it_was_drawn_in_patches(tmp_path: Path) -> None:
    """What the widgets hold afterwards is what a whole frame shows."""
    async with shop_in(tmp_path / "shop").till() as counter:
        line(counter, "who").update("王明家", layout=False)
        assert draw_changed(counter.screen)
        await counter.settle()
        assert "王明家" in counter.at.text()
