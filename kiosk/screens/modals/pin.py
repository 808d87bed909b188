"""A PIN, typed on the number pad; nothing of it stands on the screen but how long it is."""

from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.screens.widgets.number_entry import NumberEntry
from kiosk.shell import Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.shell import Listener
    from kiosk.station import Station

PIN_DIGITS: Final = 8


class PinModal(Question[str], inherit_bindings=False):
    """Asks for a PIN under a sentence that names whose; whether it is right is judged by the domain."""

    BINDINGS: ClassVar = keys.bindings("shell.back")

    def __init__(self, station: "Station", sentence: str) -> None:
        """Ask under ``sentence``."""
        super().__init__(station)
        self._sentence = sentence

    def compose_body(self) -> "Iterable[Widget]":
        """Give sentence and entry."""
        yield Static(self._sentence, classes="title", markup=False)
        yield NumberEntry(longest=PIN_DIGITS, is_secret=True)

    @on(NumberEntry.Entered)
    def take_pin(self, message: NumberEntry.Entered) -> None:
        """Answer with what was typed."""
        self.dismiss(message.text)


async def prove(screen: "Listener[Any]", operator_id: int, sentence: str) -> bool:
    """Ask an operator for the PIN under a sentence, if there is one; False if they went back.

    Raises:
        NotAllowed, TryAgain: as `kiosk.domain.pin.check_pin`.
    """
    from kiosk.domain.pin import check_pin, has_pin

    station = screen.station
    if not await station.read(has_pin, operator_id):
        return True
    pin = await screen.ask(PinModal(station, sentence))
    if pin is None:
        return False
    await station.read(check_pin, operator_id, pin, station.clock.now())
    return True
