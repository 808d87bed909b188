"""Which person of a household; the year of birth tells namesakes apart."""

from typing import TYPE_CHECKING, Any

from kiosk.errors import Refused
from kiosk.screens.modals.choice import ChoiceModal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.domain.find import Found
    from kiosk.locale import Texts
    from kiosk.shell import Listener


async def ask_person(screen: "Listener[Any]", people: "Sequence[Found]") -> "Found | None":
    """Ask which of the people of a household is meant, without a question where there is one; None if gone back.

    Raises Refused ``household_without_persons``.
    """
    if not people:
        raise Refused("household_without_persons")
    if len(people) == 1:
        return people[0]
    lines = [person_line(each, screen.station.texts) for each in people]
    chosen = await screen.ask(ChoiceModal(screen.station, screen.say("find.which_person"), lines))
    return None if chosen is None else people[chosen]


def person_line(person: "Found", texts: "Texts") -> str:
    """Give a person of a known household in one line."""
    if person.birth_year is None:
        return person.name
    return texts("find.born", name=person.name, year=person.birth_year)
