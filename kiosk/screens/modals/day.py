"""Which day: one of a few that are often meant, or asked in eight digits with the number pad."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.calendar import DAY_DIGITS, read_day
from kiosk.errors import Refused
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.widgets.number_entry import NumberEntry
from kiosk.shell import Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from textual.widget import Widget

    from kiosk.shell import Listener
    from kiosk.station import Station


class DayModal(Question[str], inherit_bindings=False):
    """A day of the calendar, typed as year, month and day; the answer is ISO text."""

    BINDINGS: ClassVar = keys.bindings("shell.back")

    def __init__(self, station: "Station", title: str) -> None:
        """Ask for a day under ``title``."""
        super().__init__(station)
        self._title = title

    def compose_body(self) -> "Iterable[Widget]":
        """Give title and entry."""
        yield Static(self._title, classes="title", markup=False)
        yield NumberEntry(unit=self.say("stock.ask.until_unit"), longest=DAY_DIGITS)

    @on(NumberEntry.Entered)
    def take_date(self, message: NumberEntry.Entered) -> None:
        """Answer with the day, if there is such a day."""
        try:
            self.dismiss(read_day(message.text))
        except Refused as refused:
            self.query_one(NumberEntry).clear()
            self.refuse(refused)


async def ask_day(screen: "Listener[Any]", title: str, days: "Mapping[str, str]", typed: str) -> str | None:
    """Ask for one of some days (ISO texts, by the last part of the keys of their words), or for another.

    That is asked for under ``typed``, at once where there are no days. Gives None if the person went back.
    """
    names = [screen.say(f"common.day.{name}", day=day) for name, day in days.items()]
    chosen: int | None = 0
    if days:
        chosen = await screen.ask(ChoiceModal(screen.station, title, [*names, screen.say("common.day.other")]))
    if chosen is None or chosen < len(days):
        return None if chosen is None else list(days.values())[chosen]
    return await screen.ask(DayModal(screen.station, typed))
