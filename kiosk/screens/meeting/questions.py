"""What the meeting desk asks: which village groups, which day or hour, who."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.domain.find import find_typed
from kiosk.errors import Refused
from kiosk.screens.modals.find_household import found_line
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.number_entry import NumberEntry
from kiosk.screens.widgets.search_entry import SearchEntry
from kiosk.shell import Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.domain.find import Found
    from kiosk.station import Station


class GroupsModal(Question[tuple[int, ...]], inherit_bindings=False):
    """Digits take village groups in and out; + goes on with those taken, or with the whole village if none is."""

    BINDINGS: ClassVar = keys.bindings("shell.accept", "shell.back")

    def __init__(self, station: "Station", title: str, groups: Sequence[int]) -> None:
        """Ask for some of ``groups`` under ``title``."""
        super().__init__(station)
        self._title = title
        self._groups = groups
        self._taken: set[int] = set()

    def compose_body(self) -> "Iterable[Widget]":
        """Give title, groups and what + would do."""
        yield Static(self._title, classes="title", markup=False)
        yield ChoiceList(self._lines(), turn_page=self.say("common.turn_page"), turn_back=self.say("common.turn_back"))
        yield Static("", id="groups-next", classes="quiet", markup=False)

    def draw(self) -> None:
        """Show which groups are taken."""
        taken = self.say("meeting.and").join(str(group) for group in sorted(self._taken))
        key = "meeting.ask.groups_taken" if taken else "meeting.ask.groups_none"
        self.query_one("#groups-next", Static).update(self.say(key, groups=taken))

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Take a group in, or out again."""
        self._taken ^= {self._groups[message.index]}
        self.query_one(ChoiceList).reword(self._lines())
        self.draw()

    def action_accept(self) -> None:
        """Answer with the groups taken."""
        self.dismiss(tuple(sorted(self._taken)))

    def _lines(self) -> list[str]:
        return [
            self.say("meeting.ask.group_taken" if group in self._taken else "meeting.ask.group", group=group)
            for group in self._groups
        ]


@dataclass(frozen=True)
class Asked:
    """What a question for digits says: its title, the sentence below it, the label, how many digits at most.

    `read` makes the answer of what was typed, or raises Refused.
    """

    title: str
    how: str
    label: str
    digits: int
    read: Callable[[str], str] = str


class DigitsModal(Question[str], inherit_bindings=False):
    """Asks for digits; + without any gives an empty answer, for which the sentence says what it means."""

    BINDINGS: ClassVar = keys.bindings("shell.accept", "shell.back")

    def __init__(self, station: "Station", asked: Asked) -> None:
        """Ask."""
        super().__init__(station)
        self._asked = asked

    def compose_body(self) -> "Iterable[Widget]":
        """Give title, sentence and entry."""
        yield Static(self._asked.title, classes="title", markup=False)
        yield Static(self._asked.how, classes="line", markup=False)
        yield NumberEntry(self._asked.label, longest=self._asked.digits)

    @on(NumberEntry.Entered)
    def take_number(self, message: NumberEntry.Entered) -> None:
        """Answer with what the digits mean; if they mean nothing, ask again."""
        try:
            self.dismiss(self._asked.read(message.text))
        except Refused as refused:
            self.query_one(NumberEntry).clear()
            self.refuse(refused)

    def action_accept(self) -> None:
        """Answer with nothing."""
        self.dismiss("")


class WhoModal(Question["Found"], inherit_bindings=False):
    """Asks who somebody is: by place, name or initials; answers at once if only one is meant, else after a digit."""

    BINDINGS: ClassVar = keys.bindings("shell.back")

    def __init__(self, station: "Station", title: str) -> None:
        """Ask under ``title``."""
        super().__init__(station)
        self._title = title
        self._found: Sequence[Found] = ()

    def compose_body(self) -> "Iterable[Widget]":
        """Give title, entry and the list of those who were found."""
        yield Static(self._title, classes="title", markup=False)
        yield SearchEntry(self.say("find.typed"))
        yield Static(self.say("find.how"), classes="quiet", markup=False)
        yield ChoiceList(turn_page=self.say("common.turn_page"), turn_back=self.say("common.turn_back"))

    def draw(self) -> None:
        """Show the entry, or who was found."""
        entry, choices = self.query_one(SearchEntry), self.query_one(ChoiceList)
        choices.show([found_line(self.station.texts, each) for each in self._found])
        choices.display = bool(self._found)
        entry.display = not self._found
        self.set_focus(choices if self._found else entry)

    @on(SearchEntry.Entered)
    def take_text(self, message: SearchEntry.Entered) -> None:
        """Look for what was typed."""
        self.work(self._find(message.text))

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Answer with the chosen one."""
        self.dismiss(self._found[message.index])

    def action_back(self) -> None:
        """Go back to the entry, from there without an answer."""
        if self._found:
            self._found = ()
            self.draw()
        else:
            self.dismiss(None)

    async def _find(self, typed: str) -> None:
        found = await self.station.read(find_typed, typed)
        if len(found) == 1:
            self.dismiss(found[0])
        else:
            self._found = found
            self.draw()
