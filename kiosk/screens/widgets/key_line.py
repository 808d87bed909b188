"""The bottom line: which key does what here, from the registry of keys."""

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from kiosk import keys

if TYPE_CHECKING:
    from textual.screen import Screen

    from kiosk.station import Station


class KeyLine(Static):
    """Signs and labels of the actions that the screen offers at this moment."""

    def __init__(self, station: "Station") -> None:
        """Build an empty line; it fills when the screen knows its bindings."""
        super().__init__()
        self._station = station

    def on_mount(self) -> None:
        """Follow the bindings of the screen."""
        self.screen.bindings_updated_signal.subscribe(self, self._draw)
        self._draw(self.screen)

    def _draw(self, screen: "Screen[object]") -> None:
        parts: list[Content] = []
        seen: set[str] = set()
        for active in screen.active_bindings.values():
            binding_id = active.binding.id or ""
            if active.enabled and binding_id not in seen and keys.is_registered(binding_id):
                seen.add(binding_id)
                action = keys.action(binding_id)
                parts.append(
                    Content.assemble((f" {action.sign} ", "reverse"), f" {self._station.texts(action.label)}  ")
                )
        self.update(Content("").join(parts))
