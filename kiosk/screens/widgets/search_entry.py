"""What is typed to find somebody: a place by the number pad, letters of a name, or characters from an input method."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding
from textual.message import Message
from textual.widgets import Static

from kiosk import keys
from kiosk.screens.widgets.offering import TakesKeys

if TYPE_CHECKING:
    from textual.events import Key

LONGEST: Final = 24
# Beside letters and digits: the point between group and number, and the dots inside names.
_SIGNS: Final = ".·•'"
_CARET: Final = "▏"


class SearchEntry(TakesKeys, Static, can_focus=True, inherit_bindings=False):
    """Typed text on one line: + hands it over, - takes the last sign away and on an empty entry goes back."""

    @dataclass
    class Entered(Message):
        """Somebody typed ``text`` and pressed +."""

        text: str

    BINDINGS: ClassVar = [Binding("full_stop", "point", show=False), *keys.bindings("shell.erase", "shell.accept")]
    longest: ClassVar[int] = LONGEST

    def __init__(self, label: str) -> None:
        """Ask for what ``label`` says."""
        super().__init__(classes="takes-keys search-entry", markup=False)
        self._label = label
        self._typed = ""

    @property
    def typed(self) -> str:
        """What was typed so far."""
        return self._typed

    def clear(self) -> None:
        """Begin anew."""
        self._typed = ""
        self._draw()

    def on_mount(self) -> None:
        """Draw for the first time."""
        self._draw()

    def on_key(self, event: "Key") -> None:
        """Take letters, digits, characters and the signs of names; every other key is the screen's."""
        sign = event.character
        if sign is None or not self.display or not self.accepts(sign):
            return
        event.stop()
        event.prevent_default()
        self._take(sign)

    def accepts(self, sign: str) -> bool:
        """Say whether a sign belongs to what is typed here."""
        return sign.isalnum() or sign in _SIGNS

    def offers(self, action: str) -> bool:
        """Leave - to the screen while there is nothing to take away, and every key while the entry is hidden."""
        return self.display and (action not in {"erase", "accept"} or bool(self._typed))

    def action_point(self) -> None:
        """Take the point of the number pad."""
        self._take(".")

    def action_erase(self) -> None:
        """Take the last sign away."""
        self._typed = self._typed[:-1]
        self._draw()

    def action_accept(self) -> None:
        """Hand over what was typed."""
        self.post_message(self.Entered(self._typed))

    def _take(self, sign: str) -> None:
        if len(self._typed) < self.longest:
            self._typed += sign
            self._draw()

    def _draw(self) -> None:
        self.update(f"{self._label}  {self._typed}{_CARET}")
        self.screen.refresh_bindings()
