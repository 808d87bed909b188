"""A meeting as it is held, from its call to its end, with what goes otherwise than planned."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto
from typing import Final

from db.facts.meeting import LeaveReason
from kiosk.demo.agenda import Agenda
from kiosk.demo.calendar import OPENING, shop_day_from
from kiosk.demo.chance import happens, one_of
from kiosk.demo.guests import Guest, Guests, arrivals, comer_of, divide, expected
from kiosk.demo.setting_up import DemoVillage, Held, Home
from kiosk.demo.words import words
from kiosk.domain.meeting import (
    MeetingPlan,
    begin_meeting,
    call_meeting,
    cancel_meeting,
    count_heads,
    open_sign_in,
    open_unplanned,
)
from kiosk.domain.meeting_end import end_meeting
from kiosk.domain.meeting_roster import Comer
from kiosk.domain.meeting_template import require_template
from kiosk.domain.sign_in import (
    Correction,
    Scanned,
    SignInMade,
    request_sign_in,
    set_leave,
    sign_in_card,
    sign_in_found,
    undo_sign_in,
)

OPENED_BEFORE: Final = 30
"""Minutes before the hour at which cards can be scanned."""
LASTS: Final = 60
LATE_BEGINNING: Final = 20
COME_IN_RAIN: Final = 0.4

_LEAVE_REASONS: Final[tuple[tuple[LeaveReason, float], ...]] = (
    ("farm", 0.4),
    ("away", 0.25),
    ("work", 0.2),
    ("ill", 0.15),
)
_WITHOUT_CARD: Final = 0.04
_BY_BOOK: Final = 0.04
_OBSERVED: Final = 0.15
_HEADS_COUNTED: Final = 0.6
_MISCOUNTED: Final = 0.1
_STACK: Final = 5
_STACK_PACE: Final = 600
_UNTIL_ENDED: Final = timedelta(days=4)
_UNTIL_CORRECTED: Final = timedelta(days=3)


class Twist(Enum):
    """What goes otherwise than planned."""

    NONE = auto()
    BEGINS_LATE = auto()
    TOO_FEW = auto()
    NOT_ENDED = auto()
    WRONG_CARD = auto()
    FORGOTTEN = auto()
    STACK_OF_CARDS = auto()


@dataclass(frozen=True)
class Planned:
    """A meeting of the calendar: the minute (from midnight) for which it is called, village groups (none: all)."""

    template: str
    day: date
    minute: int
    groups: tuple[int, ...] = ()
    twist: Twist = Twist.NONE

    @property
    def plan(self) -> MeetingPlan:
        """The meeting as it is called."""
        topics = words()["topics"][self.template]
        hour = f"{self.minute // 60:02}:{self.minute % 60:02}"
        return MeetingPlan(
            self.template, self.groups, self.day.isoformat(), hour, topics[self.day.month % len(topics)]
        )  # fmt: skip


class Holding:
    """One meeting."""

    def __init__(self, village: DemoVillage, agenda: Agenda, planned: Planned, chance: random.Random) -> None:
        """Begin before the call."""
        self._village = village
        self._desk = village.desk
        self._agenda = agenda
        self._planned = planned
        self._chance = chance
        self._meeting_id = 0
        self._heads = 0

    def call(self) -> None:
        """Call the meeting on a day before it."""
        self._meeting_id = self._desk.secretary_does(call_meeting, self._planned.plan)

    def hold(self) -> None:
        """Open sign-in, let people come, begin, and end the meeting."""
        twist = self._planned.twist
        if self._meeting_id:
            self._desk.secretary_does(open_sign_in, self._meeting_id)
        else:
            self._meeting_id = self._desk.secretary_does(open_unplanned, self._planned.plan)
        guests = self._guests()
        for guest in guests.on_leave:
            reason = one_of(self._chance, _LEAVE_REASONS)
            self._desk.secretary_does(set_leave, self._meeting_id, comer_of(guest), reason)
        forgotten = guests.coming.pop() if twist is Twist.FORGOTTEN else None
        self._let_come(guests)
        if twist is Twist.TOO_FEW:
            self._desk.secretary_does(cancel_meeting, self._meeting_id, "too_few")
            return
        self._village.held[self._planned.template] = Held(self._meeting_id, self._planned.day)
        self._heads += forgotten is not None
        self._count_heads()
        self._desk.wait_until(self._planned.minute + LASTS)
        if forgotten is not None:
            self._later(_UNTIL_CORRECTED, self._correct, forgotten)
        if twist is Twist.NOT_ENDED:
            self._later(_UNTIL_ENDED, self._end)
        else:
            self._end()

    def _guests(self) -> Guests:
        planned = self._planned
        share = COME_IN_RAIN if planned.twist is Twist.TOO_FEW else 1.0
        return divide(expected(self._village, planned.template, planned.groups), self._chance, share)

    def _let_come(self, guests: Guests) -> None:
        """Sign everybody in as they arrive, and begin between them when the hour has come."""
        twist = self._planned.twist
        missing = self._missing(guests) if twist is Twist.WRONG_CARD else None
        begins = LATE_BEGINNING * 60 if twist is Twist.BEGINS_LATE else 0
        coming = arrivals(guests.coming, self._chance)
        early = [each for each in coming if each[0] < begins]
        if twist is Twist.STACK_OF_CARDS:
            self._scan_stack(early[:_STACK])
            early = early[_STACK:]
        self._let_in(early)
        if missing is not None:
            self._scan_wrong_card(missing)
        if twist is Twist.TOO_FEW:
            self._desk.wait_until(self._planned.minute + LATE_BEGINNING)
            return
        self._desk.wait_until(self._planned.minute, begins)
        self._desk.secretary_does(begin_meeting, self._meeting_id)
        self._let_in([each for each in coming if each[0] >= begins])
        self._observe()

    def _let_in(self, coming: list[tuple[int, Guest]]) -> None:
        for second, guest in coming:
            self._desk.wait_until(self._planned.minute, second)
            self._sign_in(guest)

    def _scan_stack(self, coming: list[tuple[int, Guest]]) -> None:
        """Somebody brings the cards of the neighbours along: they are scanned within a breath, and marked."""
        with self._desk.hurrying(_STACK_PACE):
            for _second, guest in coming:
                self._sign_in(guest)

    def _sign_in(self, guest: Guest) -> None:
        """Sign somebody in: by card, by the household book, or from the list."""
        if guest.is_lost or happens(self._chance, _WITHOUT_CARD):
            self._desk.attendant_does(sign_in_found, self._meeting_id, comer_of(guest))
        else:
            is_by_book = isinstance(guest, Home) and happens(self._chance, _BY_BOOK)
            self._scan(guest.book if isinstance(guest, Home) and is_by_book else guest.card.number)
        self._heads += 1

    def _scan(self, number: str) -> Scanned:
        return self._desk.attendant_does(sign_in_card, self._meeting_id, number, self._desk.store.village)

    def _missing(self, guests: Guests) -> Guest:
        """Return somebody who is not there and whose card is; if everybody came, one of them stays away."""
        missing = [guest for guest in guests.absent + guests.on_leave if not guest.is_lost]
        return missing[0] if missing else guests.coming.pop()

    def _scan_wrong_card(self, missing: Guest) -> None:
        """The card of somebody who is not there is scanned, and the sign-in taken back."""
        made = self._scan(missing.card.number)
        if isinstance(made, SignInMade):
            self._desk.secretary_does(undo_sign_in, made.sign_in_id, "wrong_card")

    def _observe(self) -> None:
        """Now and then somebody sits in on a meeting of members."""
        if require_template(self._planned.template).counts == "household" or not happens(self._chance, _OBSERVED):
            return
        of_members = {member.home.household_id for member in self._village.members}
        others = [home for home in self._village.open_homes if home.household_id not in of_members]
        home = self._chance.choice(others)
        comer = Comer(home.household_id, home.person_ids[0])
        self._desk.attendant_does(sign_in_found, self._meeting_id, comer)
        self._heads += 1

    def _count_heads(self) -> None:
        if happens(self._chance, _HEADS_COUNTED):
            wrong = self._chance.choice((-1, 1)) if happens(self._chance, _MISCOUNTED) else 0
            self._desk.secretary_does(count_heads, self._meeting_id, self._heads + wrong)

    def _end(self) -> None:
        self._desk.secretary_does(end_meeting, self._meeting_id)

    def _correct(self, forgotten: Guest) -> None:
        """Enter who was forgotten, days later; it waits for the second signature."""
        correction = Correction(comer_of(forgotten), "forgotten")
        self._desk.secretary_does(request_sign_in, self._meeting_id, correction)

    def _later(self, after: timedelta, deed: Callable[..., object], *arguments: object) -> None:
        day = shop_day_from(self._planned.day + after)
        self._agenda.put(day, OPENING + 1, deed, *arguments)
