"""How many: asked with the number pad."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.errors import Refused
from kiosk.screens.widgets.number_entry import NumberEntry
from kiosk.shell import Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.station import Station


class QuantityModal(Question[int], inherit_bindings=False):
    """A whole number from 1 to ``most``. A scanned number never gets in: scans are refused here."""

    BINDINGS: ClassVar = keys.bindings("shell.back")

    def __init__(self, station: "Station", title: str, unit: str = "", most: int = 999) -> None:
        """Ask for a quantity under ``title``, shown with ``unit``."""
        super().__init__(station)
        self._title = title
        self._unit = unit
        self._most = most

    def compose_body(self) -> "Iterable[Widget]":
        """Give title and entry."""
        yield Static(self._title, classes="title", markup=False)
        yield NumberEntry(unit=self._unit, longest=len(str(self._most)))

    @on(NumberEntry.Entered)
    def take_number(self, message: NumberEntry.Entered) -> None:
        """Answer with the number if it is one that may be."""
        number = int(message.text)
        if 1 <= number <= self._most:
            self.dismiss(number)
        else:
            self.query_one(NumberEntry).clear()
            self.refuse(Refused("number_out_of_range", least=1, most=self._most))
