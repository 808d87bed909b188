"""Screens as pictures of text, compared with pictures that somebody looked at; nothing on them may be cut off.

async with office.at_desk("award") as at:
    book.look(at, "items")              # tests/kiosk/screens/__snapshots__/<file>/<test>[items].txt
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.widget import Widget
from textual.widgets import Digits, Static

from kiosk.screens.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from tests.screens import Desk

EDGE = "│"


class TextPicture(SingleFileSnapshotExtension):
    """A picture is a text file, so that a change of it can be read in a comparison."""

    _write_mode = WriteMode.TEXT
    _file_extension = "txt"


@dataclass(frozen=True)
class PictureBook:
    """The pictures of one test, in one language."""

    snapshot: "SnapshotAssertion"
    language: str

    def look(self, at: "Desk", name: str) -> None:
        """Compare what the screen shows with the picture called `name`, and see that all of it is there."""
        shown = picture_of(at)
        assert list(cut_off(at)) == [], shown
        assert shown == self.snapshot(name=name, extension_class=TextPicture)


def picture_of(at: "Desk") -> str:
    """The rows of a screen, each as wide as the screen, with its edge.

    The top line is the same on every screen and left out: it would change all pictures when it changes.
    """
    width, _ = at.app.size
    return "".join(f"{set_cell_size(line, width)}{EDGE}\n" for line in at.lines()[1:])


def cut_off(at: "Desk") -> Iterator[str]:
    """Name what does not fit on the screen: words beyond an edge, hidden ones, a line of keys that is too long."""
    placed = at.app.screen._compositor.visible_widgets
    for widget in filter(is_meant_to_be_seen, [*at.app.screen.query(Static), *at.app.screen.query(Digits)]):
        region, clip = placed.get(widget, (None, None))
        if region is None or clip is None:
            yield f"{name_of(widget)} is hidden"
        elif not clip.contains_region(region):
            yield f"{name_of(widget)} is cut off"
        elif isinstance(widget, KeyLine) and cell_len(str(widget.visual).rstrip()) > widget.content_size.width:
            yield f"{name_of(widget)} is too long"


def is_meant_to_be_seen(widget: Widget) -> bool:
    """Whether a widget and all around it are on show, and there is something on it."""
    is_shown = all(each.display for each in widget.ancestors_with_self if isinstance(each, Widget))
    return is_shown and (not isinstance(widget, Static) or bool(str(widget.visual)))


def name_of(widget: Widget) -> str:
    """A widget as a person may find it in the code."""
    return f"{type(widget).__name__}#{widget.id}" if widget.id else type(widget).__name__
