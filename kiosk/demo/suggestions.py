"""Suggestions of the year: a household brings one to the desk, the committee discusses it, the secretary answers."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from db.facts.suggestion import Topic
from kiosk.demo.agenda import Agenda
from kiosk.demo.calendar import CLOSING, OPENING, exchange_day, shop_days
from kiosk.demo.chance import happens, one_of
from kiosk.demo.setting_up import DemoVillage, Home
from kiosk.demo.words import words
from kiosk.domain.suggestion import SuggestionGiven, discuss_suggestion, submit_suggestion
from kiosk.domain.suggestion_answer import ADOPTING, DECLINING, Reply, answer_suggestion

SUBMITTED: Final = 0.28
"""A household at home all year makes so many; less than half of them are adopted and bring points."""
ADOPTED: Final = 0.6

_MONTHS: Final = range(1, 13)
_BROUGHT_TO: Final = "committee_meeting"
_TOPICS: Final[tuple[tuple[Topic, float], ...]] = (
    ("road", 0.25),
    ("water", 0.2),
    ("environment", 0.2),
    ("shop", 0.15),
    ("elders", 0.1),
    ("safety", 0.1),
)


@dataclass
class Pending:
    """A suggestion that waits for its answer."""

    suggestion_id: int
    submitted_on: date
    is_discussed: bool = False


def plan_suggestions(village: DemoVillage, agenda: Agenda) -> None:
    """Put suggestions and their answers into the year."""
    chance, box = village.chance.of("suggestions"), SuggestionBox(village)
    days = shop_days()
    for home in village.homes:
        if happens(chance, SUBMITTED * home.activity):
            topic = one_of(chance, _TOPICS)
            agenda.put(chance.choice(days), chance.randrange(OPENING + 10, CLOSING), box.submit, home, topic)
    for month in _MONTHS:
        agenda.put(exchange_day(month), CLOSING - 11, box.answer)


class SuggestionBox:
    """What was proposed and not answered yet."""

    def __init__(self, village: DemoVillage) -> None:
        """Begin with an empty box."""
        self._village = village
        self._chance = village.chance.of("answers")
        self._pending: list[Pending] = []

    def submit(self, home: Home, topic: Topic) -> None:
        """Write down what a household proposes; of most the words too."""
        if not home.is_open:
            return
        said = self._chance.choice(words()["suggestions"][topic])
        given = SuggestionGiven(home.household_id, topic, home.person_ids[0], words=said)
        suggestion_id = self._village.desk.attendant_does(submit_suggestion, given)
        self._pending.append(Pending(suggestion_id, self._village.desk.day))

    def answer(self) -> None:
        """Answer what was discussed before, then note what the committee discussed this month."""
        for pending in [each for each in self._pending if each.is_discussed]:
            is_adopted = happens(self._chance, ADOPTED)
            reply = Reply(is_adopted, self._chance.choice(ADOPTING[:2] if is_adopted else DECLINING))
            self._village.desk.secretary_does(answer_suggestion, pending.suggestion_id, reply)
            self._pending.remove(pending)
        held = self._village.held.get(_BROUGHT_TO)
        for pending in self._pending:
            if held is not None and pending.submitted_on <= held.day:
                self._village.desk.secretary_does(discuss_suggestion, pending.suggestion_id, held.meeting_id)
                pending.is_discussed = True
