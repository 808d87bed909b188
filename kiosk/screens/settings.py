"""The settings of this terminal that people change at the desk: language, theme, size, sound."""

from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.locale import CHINESE, ENGLISH
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.settings import DARK, LIGHT, SOUNDS
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

# What each digit switches, and through which values.
SWITCHES: Final[tuple[tuple[str, tuple[Any, ...]], ...]] = (
    ("language", (CHINESE, ENGLISH)),
    ("theme", (LIGHT, DARK)),
    ("is_large", (False, True)),
    ("sound", SOUNDS),
    ("lock_minutes", (3, 10, 0)),
)


class SettingsScreen(DeskScreen, inherit_bindings=False):
    """Each digit switches one setting; it holds at once and after a restart."""

    # Switches far apart leave room for a refusal on the smallest screen.
    CSS = """
    SettingsScreen RefusalPanel { padding: 0 1; margin: 0; }
    #settings-installer { margin-top: 1; }
    """
    BINDINGS: ClassVar = keys.bindings("shell.back")

    def compose_body(self) -> "Iterable[Widget]":
        """Give the switches, and what only an installer changes."""
        settings = self.station.settings
        yield Static(self.say("settings.title"), classes="title", markup=False)
        yield ChoiceList(list(map(self._line, range(len(SWITCHES)))))
        yield Static(self.say("settings.by_installer"), id="settings-installer", classes="line", markup=False)
        for name in ("village_name", "help_phone", "scanner_port", "slip_printer"):
            value = getattr(settings, name) or self.say("settings.empty")
            yield Static(self.say(f"settings.{name}", value=value), classes="quiet", markup=False)

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Switch one setting to its next value."""
        name, values = SWITCHES[message.index]
        self.work(self._switch(name, values))

    async def _switch(self, name: str, values: tuple[Any, ...]) -> None:
        now = getattr(self.station.settings, name)
        self.station.set(**{name: values[(values.index(now) + 1) % len(values) if now in values else 0]})
        self.station.shell.redraw()

    def _line(self, index: int) -> str:
        name, _values = SWITCHES[index]
        value = str(getattr(self.station.settings, name)).lower()
        return self.say(f"settings.switch.{name}", value=self.say(f"settings.value.{name}.{value}"))
