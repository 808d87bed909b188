"""How many points a paper says: asked with the number pad."""

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.screens.widgets.number_entry import NumberEntry
from kiosk.shell import Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.station import Station

DIGITS: Final = 5


class PointsModal(Question[int], inherit_bindings=False):
    """Points with up to two decimals; the answer is hundredths."""

    BINDINGS: ClassVar = keys.bindings("shell.back")

    def __init__(self, station: "Station", title: str) -> None:
        """Ask for points under ``title``."""
        super().__init__(station)
        self._title = title

    def compose_body(self) -> "Iterable[Widget]":
        """Give title and entry."""
        yield Static(self._title, classes="title", markup=False)
        yield NumberEntry(unit=self.say("slips.points"), longest=DIGITS, decimals=2)

    @on(NumberEntry.Entered)
    def take_points(self, message: NumberEntry.Entered) -> None:
        """Answer with the points."""
        self.dismiss(int(Decimal(message.text.rstrip(".") or 0) * 100))
