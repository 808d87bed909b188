"""How much, with up to two decimals: points or yuan, asked with the number pad."""

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.screens.widgets.number_entry import NumberEntry, hundredths_of
from kiosk.shell import Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.station import Station

POINTS_DIGITS: Final = 5
YUAN_DIGITS: Final = 7


class AmountModal(Question[int], inherit_bindings=False):
    """An amount of a unit; the answer is hundredths of it: of a point, or fen."""

    BINDINGS: ClassVar = keys.bindings("shell.back")

    def __init__(self, station: "Station", title: str, unit: str, longest: int, usual: str = "") -> None:
        """Ask under ``title`` for up to ``longest`` digits before the point, shown with ``unit``.

        ``usual`` is the answer of + alone, if there is one.
        """
        super().__init__(station)
        self._title = title
        self._unit = unit
        self._longest = longest
        self._usual = usual

    def compose_body(self) -> "Iterable[Widget]":
        """Give title and entry."""
        yield Static(self._title, classes="title", markup=False)
        yield NumberEntry(unit=self._unit, longest=self._longest, decimals=2, usual=self._usual)

    @on(NumberEntry.Entered)
    def take_amount(self, message: NumberEntry.Entered) -> None:
        """Answer with the amount."""
        self.dismiss(hundredths_of(message.text))
