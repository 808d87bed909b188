"""The number of a paper form: typed from the paper, leading zeros and all."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.screens.widgets.number_entry import NumberEntry
from kiosk.shell import Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.station import Station

PAPER_DIGITS = 12


class PaperNumberModal(Question[str], inherit_bindings=False):
    """Up to twelve digits, given back as they were typed."""

    BINDINGS: ClassVar = keys.bindings("shell.back")

    def __init__(self, station: "Station", title: str) -> None:
        """Ask for a number under ``title``."""
        super().__init__(station)
        self._title = title

    def compose_body(self) -> "Iterable[Widget]":
        """Give title and entry."""
        yield Static(self._title, classes="title", markup=False)
        yield NumberEntry(longest=PAPER_DIGITS)

    @on(NumberEntry.Entered)
    def take_number(self, message: NumberEntry.Entered) -> None:
        """Answer with the digits."""
        self.dismiss(message.text)
