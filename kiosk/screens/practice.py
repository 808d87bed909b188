"""The door to the practice desk: for a new volunteer. The real desk is closed meanwhile, nothing of it is touched."""

from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Static

from kiosk import keys
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget


class PracticeScreen(DeskScreen, inherit_bindings=False):
    """Says what practising is; one key leads there."""

    CSS = """
    #practice-next { height: 1; width: 100%; margin: 1 0; padding: 0 1; }
    #practice-next { background: $primary; color: $background; text-style: bold; }
    """
    BINDINGS: ClassVar = keys.bindings("practice.begin", "shell.back")

    def compose_body(self) -> "Iterable[Widget]":
        """Give title, what happens, and the next step."""
        yield Static(self.say("practice.title"), classes="title", markup=False)
        yield Static(self.say("practice.what"), classes="line", markup=False)
        yield Static(self.say("practice.next"), id="practice-next", markup=False)

    def action_begin(self) -> None:
        """Go to the practice desk."""
        self.station.shell.practise()
