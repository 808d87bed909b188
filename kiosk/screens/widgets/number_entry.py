"""A number typed on the number pad, shown three rows high."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Label

from kiosk import keys
from kiosk.screens.widgets.offering import TakesKeys
from kiosk.screens.widgets.tall import TallDigits

if TYPE_CHECKING:
    from textual.app import ComposeResult


class NumberEntry(TakesKeys, Horizontal, can_focus=True, inherit_bindings=False):
    """Digits as they are typed: + hands them over, - takes the last one away and on an empty entry goes back."""

    @dataclass
    class Entered(Message):
        """Somebody typed ``text`` (digits, at most one point) and pressed +."""

        text: str

    BINDINGS: ClassVar = [
        *(Binding(str(digit), f"type('{digit}')", show=False) for digit in range(10)),
        Binding("full_stop", "type('.')", show=False),
        *keys.bindings("shell.erase", "shell.accept"),
    ]

    def __init__(
        self,
        label: str = "",
        unit: str = "",
        *,
        longest: int = 6,
        decimals: int = 0,
        is_secret: bool = False,
        usual: str = "",
    ) -> None:
        """Ask for up to ``longest`` digits, of them up to ``decimals`` after a point; a secret is not shown.

        ``usual`` stands there until somebody types, and + takes it.
        """
        super().__init__(classes="takes-keys")
        self._label = label
        self._unit = unit
        self._longest = longest
        self._decimals = decimals
        self._is_secret = is_secret
        self._usual = usual
        self._typed = ""

    @property
    def typed(self) -> str:
        """What was typed so far."""
        return self._typed

    def compose(self) -> "ComposeResult":
        """Lay label, digits and unit side by side."""
        yield Label(self._label, classes="figure-label", markup=False)
        yield TallDigits(self._shown(), classes="figure-value")
        yield Label(self._unit, classes="figure-unit", markup=False)

    def clear(self) -> None:
        """Begin anew."""
        self._typed = ""
        self._draw()

    def offers(self, action: str) -> bool:
        """Leave - to the screen while there is nothing to take away, and every key while the entry is hidden."""
        needed = {"erase": self._typed, "accept": self._typed or self._usual}
        return self.display and bool(needed.get(action, True))

    def action_type(self, sign: str) -> None:
        """Take one digit, or the point; what would be too long is not taken."""
        whole, point, fraction = self._typed.partition(".")
        if sign == "." and (point or not self._decimals):
            return
        if sign != "." and (len(fraction) >= self._decimals if point else len(whole) >= self._longest):
            return
        self._typed += sign
        self._draw()

    def action_erase(self) -> None:
        """Take the last digit away."""
        self._typed = self._typed[:-1]
        self._draw()

    def action_accept(self) -> None:
        """Hand over what was typed."""
        self.post_message(self.Entered(self._typed or self._usual))

    def _draw(self) -> None:
        self.query_one(TallDigits).update(self._shown())
        self.screen.refresh_bindings()

    def _shown(self) -> str:
        """What stands on the screen; of a secret only how long it is."""
        return ("-" * len(self._typed) if self._is_secret else self._typed) or self._usual or "_"


def hundredths_of(typed: str) -> int:
    """Give what was typed with up to two decimals as hundredths."""
    return int(Decimal(typed.rstrip(".") or 0) * 100)
