"""The bottom line: which key does what here, from the registry of keys."""

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from kiosk import keys
from kiosk.rights import who_may

if TYPE_CHECKING:
    from textual.screen import Screen

    from kiosk.station import Station


class KeyLine(Static):
    """Signs and labels of the actions that the screen offers at this moment, each under the key that is shown for it.

    An action whose key something else has taken (- takes a digit away before it goes back) is not there.
    """

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
        for key, active in screen.active_bindings.items():
            binding_id = active.binding.id or ""
            if active.enabled and keys.is_registered(binding_id) and key == keys.action(binding_id).keys[0]:
                action = keys.action(binding_id)
                label = self._station.texts(action.label)
                who_may = self._who_may(screen, action.verb)
                if who_may:
                    parts.append(Content.assemble((f" {action.sign}  {label} [{who_may}]  ", "$quiet")))
                else:
                    parts.append(Content.assemble((f" {action.sign} ", "reverse"), f" {label}  "))
        self.update(Content("").join(parts))

    def _who_may(self, screen: "Screen[object]", verb: str) -> str:
        """Give the word for who may do an action that whoever stands here may not; empty if they may."""
        right = getattr(screen, "needs", {}).get(verb)
        if right is None or self._station.may(right):
            return ""
        return self._station.texts(f"common.who_may.{who_may(right)}")
