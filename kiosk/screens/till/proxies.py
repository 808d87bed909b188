"""Who collects in the place of a household: by card, from its own list, or from another household's."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widgets import Static

from kiosk import codes, keys
from kiosk.errors import Refused
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.find_household import FindHouseholdModal
from kiosk.screens.widgets.account import who_of
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.shell import Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from kiosk.domain.counter import Recognised
    from kiosk.domain.find import Found
    from kiosk.domain.person import PersonNamed
    from kiosk.screens.till.screen import TillScreen
    from kiosk.station import Heard, Station


class ProxyModal(Question["PersonNamed"], inherit_bindings=False):
    """Takes the card of whoever collects, or the digit of somebody of the household, or looks in another one."""

    CSS = """
    ProxyModal #question { width: 76; padding: 0 3; }
    ProxyModal RefusalPanel { padding: 0 1; margin: 0; }
    """
    BINDINGS: ClassVar = keys.bindings("shell.back")
    takes = (codes.PersonCard, codes.HouseholdCard)

    def __init__(self, station: "Station", found: "Recognised", people: "Sequence[Found]") -> None:
        """Ask who collects for a household, which `people` belong to."""
        super().__init__(station)
        self._found = found
        self._people = people

    def compose_body(self) -> "Iterable[Widget]":
        """Give title, what to do, and the list."""
        who = who_of(self._found.household, self.station.texts)
        yield Static(self.say("till.ask.proxy", who=who), classes="title", markup=False)
        yield Static(self.say("till.ask.proxy_card"), classes="line", markup=False)
        names = [each.name for each in self._people]
        yield ChoiceList([*names, self.say("till.ask.proxy_other")], turn_page=self.say("common.turn_page"))

    async def take_scan(self, heard: "Heard") -> None:
        """Answer with the owner of a card."""
        from kiosk.domain.person import person_of_card

        code: codes.PersonCard | codes.HouseholdCard = heard.code  # type: ignore[assignment]  # because `takes` names these two
        proxy = await self.station.read(person_of_card, code.number)
        self.acknowledge()
        self.dismiss(proxy)

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Answer with somebody of the household, or ask for another household."""
        if message.index < len(self._people):
            self.dismiss(_proxy(self._people[message.index]))
        else:
            self.work(self._look_elsewhere())

    async def _look_elsewhere(self) -> None:
        """Ask for a household and then who of it collects. Raises Refused (`household_without_persons`)."""
        from kiosk.domain.find import people_of

        household_id = await self.ask(FindHouseholdModal(self.station, self.say("till.ask.proxy_household")))
        if household_id is None:
            return
        people = await self.station.read(people_of, household_id)
        if not people:
            raise Refused("household_without_persons")
        title = self.say("till.ask.proxy_which")
        chosen = await self.ask(ChoiceModal(self.station, title, [each.name for each in people]))
        if chosen is not None:
            self.dismiss(_proxy(people[chosen]))


async def ask_proxy(till: "TillScreen", found: "Recognised") -> "PersonNamed | None":
    """Ask who collects for a household; None if somebody went back."""
    from kiosk.domain.find import people_of

    people = await till.station.read(people_of, found.household.household_id)
    return await till.ask(ProxyModal(till.station, found, people))


def _proxy(found: "Found") -> "PersonNamed":
    from kiosk.domain.person import PersonNamed

    return PersonNamed(found.person_id or 0, found.name)
