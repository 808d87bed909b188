"""Yes or back: asked before something that cannot be taken back."""

from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Static

from kiosk import keys
from kiosk.shell import Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.station import Station


class ConfirmModal(Question[bool], inherit_bindings=False):
    """A sentence that names what will happen; + does it, - goes back."""

    BINDINGS: ClassVar = keys.bindings("shell.accept", "shell.back")

    def __init__(self, station: "Station", sentence: str, detail: str = "") -> None:
        """Ask ``sentence``; ``detail`` stands below it."""
        super().__init__(station)
        self._sentence = sentence
        self._detail = detail

    def compose_body(self) -> "Iterable[Widget]":
        """Give sentence and detail."""
        yield Static(self._sentence, classes="title", markup=False)
        if self._detail:
            yield Static(self._detail, classes="line", markup=False)

    def action_accept(self) -> None:
        """Answer yes."""
        self.dismiss(result=True)
