"""One of several: asked with the digits of the number pad."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.shell import Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.station import Station


class ChoiceModal(Question[int], inherit_bindings=False):
    """A title and numbered choices; the answer is the position of the chosen one, from 0."""

    # A full page of long choices leaves room for a refusal on the smallest screen.
    CSS = """
    ChoiceModal #question { width: 76; padding: 0 3; }
    ChoiceModal RefusalPanel { padding: 0 1; margin: 0; }
    """
    BINDINGS: ClassVar = keys.bindings("shell.back")

    def __init__(self, station: "Station", title: str, choices: Sequence[str]) -> None:
        """Ask for one of ``choices``, which are ready texts."""
        super().__init__(station)
        self._title = title
        self._choices = choices

    def compose_body(self) -> "Iterable[Widget]":
        """Give title and list."""
        yield Static(self._title, classes="title", markup=False)
        yield ChoiceList(self._choices, turn_page=self.say("common.turn_page"), turn_back=self.say("common.turn_back"))

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Answer with the position."""
        self.dismiss(message.index)
