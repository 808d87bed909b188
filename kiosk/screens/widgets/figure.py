"""A figure three rows high with its label before and its unit behind."""

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.widgets import Label

from kiosk.screens.widgets.tall import TallDigits

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Figure(Horizontal):
    """The main figure of a screen. Label and unit stand beside the digits: Chinese among them would be drawn wrong."""

    def __init__(self, label: str = "", value: str = "", unit: str = "") -> None:
        """Show ``value`` (digits, point and minus only) between two short texts."""
        super().__init__()
        self._texts = (label, value, unit)

    @property
    def value(self) -> str:
        """What the digits show."""
        return self._texts[1]

    @property
    def unit(self) -> str:
        """What stands behind the digits."""
        return self._texts[2]

    def compose(self) -> "ComposeResult":
        """Lay the three parts side by side."""
        label, value, unit = self._texts
        yield Label(label, classes="figure-label", markup=False)
        yield TallDigits(value, classes="figure-value")
        yield Label(unit, classes="figure-unit", markup=False)

    def show(self, value: str, label: str | None = None, unit: str | None = None) -> None:
        """Show another figure; label and unit stay unless given."""
        old_label, _, old_unit = self._texts
        self._texts = (old_label if label is None else label, value, old_unit if unit is None else unit)
        if self.is_mounted:
            self.query_one(".figure-label", Label).update(self._texts[0])
            self.query_one(TallDigits).update(value)
            self.query_one(".figure-unit", Label).update(self._texts[2])
