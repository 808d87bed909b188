"""Why the last action was refused and what to do now; it stays until the next action."""

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.widgets import Static

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from kiosk.locale import RefusalText
    from kiosk.station import Station


class RefusalPanel(Vertical):
    """Reason and next step for the person, code and telephone number for whoever is called."""

    def __init__(self, station: "Station") -> None:
        """Build a hidden panel."""
        super().__init__()
        self._station = station
        self._shown: RefusalText | None = None
        self.display = False

    @property
    def shown(self) -> "RefusalText | None":
        """The refusal on show, or None."""
        return self._shown

    def compose(self) -> "ComposeResult":
        """Lay reason, next step and help one under the other."""
        yield Static(id="refusal-reason", markup=False)
        yield Static(id="refusal-next", markup=False)
        yield Static(id="refusal-help", markup=False)

    def show(self, text: "RefusalText") -> None:
        """Show a refusal in place of the last one."""
        self._shown = text
        say = self._station.texts
        phone = self._station.settings.help_phone
        help_key = "common.refusal.help_with_phone" if phone else "common.refusal.help"
        self.query_one("#refusal-reason", Static).update(f"✕ {text.reason}")
        self.query_one("#refusal-next", Static).update(say("common.refusal.next", step=text.next))
        self.query_one("#refusal-help", Static).update(say(help_key, code=text.code, phone=phone))
        self.display = True

    def clear(self) -> None:
        """Show nothing."""
        if self._shown is not None:
            self._shown = None
            self.display = False
