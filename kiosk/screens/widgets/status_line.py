"""The top line: which village, is the shop open, who stands here, what is unsent, are scanner and printer there.

How many lines the county has not heard of, and since when, is always there. Where the row is too narrow for all of it
the weekday goes first, then the village's name.
"""

import asyncio
from datetime import date
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from kiosk.screens.widgets.unsent import short_words
from kiosk.station import Signal

if TYPE_CHECKING:
    from kiosk.station import Station

FLASH_SECONDS: Final = 0.6
LOOK_SECONDS: Final = 1.0
# Named, with weekday, short age: from the fullest form to the narrowest.
_FORMS: Final = ((True, True, False), (True, True, True), (True, False, True), (False, False, True))
_MARK_COLUMNS: Final = 3
# A sign beside the colour, for eyes that do not tell red from green.
_MARKS: Final = {Signal.GOODS: "■", Signal.CARD: "●", Signal.DOUBLE: "▲", Signal.REFUSAL: "✕"}


class StatusLine(Static):
    """One row; it flashes in the colour of the tone when something was scanned.

    A flash changes the drawn row alone and no style class: it comes with every scan and must cost no time.
    """

    def __init__(self, station: "Station") -> None:
        """Show the state of ``station``."""
        super().__init__(markup=False)
        self._station = station
        self._shown: tuple[object, ...] = ()
        self._flash_count = 0
        self.flashing: Signal | None = None

    def draw(self) -> None:
        """Show the state of the moment; what has not changed is not drawn again."""
        desk, devices = self._sides()
        shown = (self.flashing, self._station.is_demo, self.size.width, desk, devices)
        if shown != self._shown:
            self._shown = shown
            self.update(self._row(desk, devices), layout=False)
        self.set_class(self._station.is_demo, "-demo")

    def flash(self, signal: Signal) -> None:
        """Show colour and sign of a tone for a moment."""
        self.flashing = signal
        self._flash_count += 1
        self.draw()
        asyncio.get_running_loop().call_later(FLASH_SECONDS, self._fade, self._flash_count)

    def on_mount(self) -> None:
        """Follow the desk: somebody takes it, a day opens, a printer runs out of paper."""
        self.draw()
        self.set_interval(LOOK_SECONDS, self.draw)

    def on_resize(self) -> None:
        """Keep the devices at the right edge."""
        self.draw()

    def _fade(self, flash: int) -> None:
        """End a flash, unless a later one shows."""
        if flash == self._flash_count and self.is_attached:
            self.flashing = None
            self.draw()

    def _row(self, desk: str, devices: str) -> Content:
        """Lay the desk on the left and the devices on the right."""
        mark = _MARKS[self.flashing] if self.flashing is not None else " "
        left = f" {mark} {desk}"
        gap = max(1, self.size.width - cell_len(left) - cell_len(devices))
        row = f"{left}{' ' * gap}{devices}"
        if self.flashing is None:
            return Content(row)
        roles = self.app.theme_variables
        return Content.styled(row, f"bold {roles['on-signal']} on {roles[self.flashing]}")

    def _sides(self) -> tuple[str, str]:
        """Give both sides in the fullest form that fits."""
        desk, devices, now_at = "", "", self._station.clock.now().at
        for is_named, has_weekday, is_short in _FORMS:
            desk = self._desk(is_named=is_named, has_weekday=has_weekday)
            devices = self._devices(now_at, is_short=is_short)
            if _MARK_COLUMNS + cell_len(desk) + 1 + cell_len(devices) <= self.size.width:
                break
        return desk, devices

    def _desk(self, *, is_named: bool, has_weekday: bool) -> str:
        say = self._station.texts
        station, operator = self._station, self._station.operator
        name = self._station.settings.village_name if is_named else ""
        parts = [
            say(f"common.status.{'practice' if station.coach else 'demo'}") if station.is_demo else name,
            self._day(has_weekday=has_weekday),
            operator.name if operator is not None else say(f"common.status.{'locked' if station.locked else 'nobody'}"),
        ]
        return "  ".join(part for part in parts if part)

    def _day(self, *, has_weekday: bool) -> str:
        say = self._station.texts
        if self._station.day is None:
            return say("common.status.closed")
        day = date.fromisoformat(self._station.day)
        weekday = say(f"common.weekday.{day.isoweekday()}") if has_weekday else ""
        return " ".join(say("common.status.open", month=day.month, day=day.day, weekday=weekday).split())

    def _devices(self, now_at: int, *, is_short: bool) -> str:
        say, devices = self._station.texts, self._station.devices
        parts = [
            self._unsent(now_at, is_short=is_short),
            say(f"common.scanner.{devices.scanner_state}"),
            say(f"common.printer.{devices.printer_state}"),
        ]
        return "  ".join(part for part in parts if part) + " "

    def _unsent(self, now_at: int, *, is_short: bool) -> str:
        """Say what is unsent; the demo village never sends anything."""
        unsent = self._station.unsent
        if unsent is None or self._station.is_demo:
            return ""
        return short_words(unsent, now_at, self._station.texts, is_short=is_short)
