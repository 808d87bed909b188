"""Where an A4 page goes: asked only where there are several ways out."""

from typing import TYPE_CHECKING, Any

from kiosk.errors import NotWritable
from kiosk.outlet import Queue, find_outlets
from kiosk.screens.modals.choice import ChoiceModal

if TYPE_CHECKING:
    from kiosk.outlet import Stick
    from kiosk.shell import Listener


async def ask_outlet(screen: "Listener[Any]") -> "Queue | Stick | None":
    """Give the printer queue or the stick that takes the pages; None if the person went back.

    Raises NotWritable ``outlet_absent``.
    """
    found = await screen.station.aside(find_outlets)
    if not found:
        raise NotWritable("outlet_absent")
    if len(found) == 1:
        return found[0]
    names = [
        screen.say("common.outlet.queue" if isinstance(each, Queue) else "common.outlet.stick", name=each.name)
        for each in found
    ]
    chosen = await screen.ask(ChoiceModal(screen.station, screen.say("common.outlet.which"), names))
    return None if chosen is None else found[chosen]
