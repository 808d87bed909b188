"""Which household: by group and house number on the number pad, by name, by pinyin or initials."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.domain.find import find_typed
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.search_entry import SearchEntry
from kiosk.shell import Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from kiosk.domain.find import Found
    from kiosk.locale import Texts
    from kiosk.station import Station


def found_line(texts: "Texts", found: "Found") -> str:
    """Give somebody who was found in one line: name, place, and for a person the year of birth."""
    if found.person_id is None:
        return texts("find.household", name=found.name, group=found.group, house=found.house)
    if found.birth_year is None:
        return texts("find.person", name=found.name, group=found.group, house=found.house)
    return texts("find.person_born", name=found.name, group=found.group, house=found.house, year=found.birth_year)


class FindHouseholdModal(Question[int], inherit_bindings=False):
    """Answers with a household's id: at once if only one is meant, else after one digit."""

    # A full page of households leaves room for a refusal on the smallest screen.
    CSS = """
    FindHouseholdModal #question { width: 76; }
    FindHouseholdModal RefusalPanel { padding: 0 1; margin: 0; }
    """
    BINDINGS: ClassVar = keys.bindings("shell.back")

    def __init__(self, station: "Station", title: str | None = None) -> None:
        """Ask for a household; ``title`` says what for."""
        super().__init__(station)
        self._title = title
        self._found: Sequence[Found] = ()

    def compose_body(self) -> "Iterable[Widget]":
        """Give title, entry and the list of those who were found."""
        yield Static("", id="find-which", classes="title", markup=False)
        yield SearchEntry(self.say("find.typed"))
        yield Static(self.say("find.how"), id="find-how", classes="quiet", markup=False)
        yield ChoiceList(turn_page=self.say("common.turn_page"), turn_back=self.say("common.turn_back"))

    def draw(self) -> None:
        """Show the entry, or who was found."""
        entry, choices = self.query_one(SearchEntry), self.query_one(ChoiceList)
        choices.show([found_line(self.station.texts, each) for each in self._found])
        choices.display = bool(self._found)
        entry.display = self.query_one("#find-how").display = not self._found
        title = self.say("find.choose") if self._found else self._title or self.say("find.which")
        self.query_one("#find-which", Static).update(title)
        self.set_focus(choices if self._found else entry)

    @on(SearchEntry.Entered)
    def take_text(self, message: SearchEntry.Entered) -> None:
        """Look for what was typed."""
        self.work(self._find(message.text))

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Answer with the household of the chosen one."""
        self.dismiss(self._found[message.index].household_id)

    def action_back(self) -> None:
        """Go back to the entry, from there without an answer."""
        if self._found:
            self._found = ()
            self.draw()
        else:
            self.dismiss(None)

    async def _find(self, typed: str) -> None:
        found = await self.station.read(find_typed, typed)
        if len({each.household_id for each in found}) == 1:
            self.dismiss(found[0].household_id)
        else:
            self._found = found
            self.draw()
