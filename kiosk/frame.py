"""A frame of the few widgets that changed, drawn at once.

Left alone a change goes through three queues, waits for the next frame, and has every widget of the screen asked for
its lines. A widget without others in it covers its own ground, so it can be drawn by itself.
"""

# ruff: noqa: SLF001  because Textual offers no way to draw a widget before its turn

from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console, ConsoleOptions, RenderResult
from textual._compositor import CompositorUpdate, LayoutUpdate
from textual.screen import Screen
from textual.widget import Widget

SHORT: Final = 3
"""Rows of what is read at a glance: a name, a figure, a sentence."""


class Patch(CompositorUpdate):
    """Widgets at their places, written to the terminal in one piece."""

    def __init__(self, widgets: Sequence[Widget]) -> None:
        """Take the lines of each widget as they are now; none of them is drawn again until it changes again."""
        self._parts = [_part(widget) for widget in widgets]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Give the pieces of every part."""
        for part in self._parts:
            yield from part.__rich_console__(console, options)

    def render_segments(self, console: Console) -> str:
        """Give what the terminal must be told."""
        return "".join(part.render_segments(console) for part in self._parts)


def draw_changed(screen: Screen[Any]) -> bool:
    """Draw what changed on the screen in one piece; a name and a figure wait for no list, which has the next frame.

    Says no, and does nothing, where none changed, where something moves, or where something lies over it.
    """
    short = [widget for widget in changed_on(screen) if widget.region.height <= SHORT]
    if short:
        screen.app._display(screen, Patch(short))
    return bool(short)


def changed_on(screen: Screen[Any]) -> list[Widget]:
    """Give the widgets of a screen that changed; none if something moves, or if something lies over it."""
    app = screen.app
    if not screen.is_active or app._batch_count or app._notifications or screen._repaint_required:
        return []
    widgets = list(screen.walk_children(Widget))
    if any(_moves(widget) for widget in (screen, *widgets)):
        return []
    seen = screen._compositor.visible_widgets
    changed = [widget for widget in widgets if widget._repaint_required and widget in seen]
    stand_alone = (not widget.children and seen[widget][1].contains_region(seen[widget][0]) for widget in changed)
    return changed if all(stand_alone) else []


def _moves(widget: Widget) -> bool:
    return widget._layout_required or widget._recompose_required or widget._scroll_required


def _part(widget: Widget) -> LayoutUpdate:
    widget._repaint_required = False
    widget._exchange_repaint_regions()
    lines = widget.render_lines(widget.region.size.region)
    return LayoutUpdate([[line] for line in lines], widget.region)
