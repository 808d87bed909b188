"""Which stick: asked only where several are plugged in."""

import os
from typing import TYPE_CHECKING, Any

from kiosk import sticks
from kiosk.errors import NotWritable
from kiosk.screens.modals.choice import ChoiceModal

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.shell import Listener


async def ask_stick(screen: "Listener[Any]") -> "Path | None":
    """Give the folder of the stick to write to, one that can be written; None if the person went back.

    Raises NotWritable ``stick_absent``.
    """
    found = [stick for stick in sticks.find_sticks() if os.access(stick, os.W_OK)]
    if not found:
        raise NotWritable("stick_absent")
    if len(found) == 1:
        return found[0]
    title = screen.say("common.which_stick")
    chosen = await screen.ask(ChoiceModal(screen.station, title, [stick.name for stick in found]))
    return None if chosen is None else found[chosen]
