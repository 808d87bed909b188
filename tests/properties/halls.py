"""Two desks of a village and a restored one hold meetings in any order, and hear of each other now and then."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final, get_args

from db.facts.meeting import LeaveReason, UndoReason
from db.facts.people import PersonMoved
from db.guard import GuardError
from kiosk.domain.attendance import AttendanceSheet, show_attendance
from kiosk.domain.meeting import (
    MeetingPlan,
    begin_meeting,
    call_meeting,
    cancel_meeting,
    count_heads,
    list_meetings,
    open_sign_in,
    open_unplanned,
)
from kiosk.domain.meeting_end import end_counted, end_left_open, end_meeting
from kiosk.domain.meeting_roster import Comer
from kiosk.domain.people import merge_household
from kiosk.domain.period import open_day
from kiosk.domain.points import Earning, Recipient, award_points
from kiosk.domain.reversal import reverse_entry
from kiosk.domain.sign_in import Correction, request_sign_in, set_leave, sign_in_card, sign_in_found, undo_sign_in
from kiosk.domain.statement import show_account
from kiosk.domain.waiting import Signature, approve_request, decline_request, list_requests
from kiosk.errors import NotAllowed, Refused
from tests.kiosk.domain.hall import MINUTE, Hall
from tests.siblings import Sibling, restored_desk, second_desk
from tests.village import DAY, VILLAGE

if TYPE_CHECKING:
    from db.store import Store

TEMPLATES: Final = ("members_meeting", "villagers_meeting", "committee_meeting", "villagers_by_person")
ACTS: Final = {
    "call": 1, "open": 2, "open_again": 3, "begin": 4, "scan": 14, "choose": 5, "undo": 3, "leave": 3, "heads": 1,
    "end": 3, "end_counted": 3, "end_left_open": 2, "cancel": 1, "correct": 3, "answer": 7, "give": 2, "take_back": 3,
    "merge": 1.2, "move": 0.5, "next_day": 0.5, "wait": 4, "restart": 0.5, "lose_clock": 0.5, "hear": 3, "tell": 3,
}  # fmt: skip
"""What may happen next, and how often."""


class Halls:
    """The first desk, a second one, and what a copy of the first became; each acts in turn by chance."""

    def __init__(self, hall: Hall, chance: Random) -> None:
        """Begin with a hall that was laid out."""
        self.hall, self.chance = hall, chance
        self.desks: list[Hall | Sibling] = [hall, second_desk(hall)]
        self.day = date.fromisoformat(DAY)
        self.done = dict.fromkeys(ACTS, 0)
        self.people = {hall.wang_ming: hall.wang, hall.wang_fang: hall.wang, hall.li_xiuying: hall.li}
        self.people |= {hall.zhao_guo: hall.zhao, hall.helper_person: hall.li}

    def run(self, steps: int) -> None:
        """Let so many things happen; what is refused has not happened."""
        for step in range(steps):
            if step == steps // 2:
                self.desks.append(restored_desk(self.hall, self.day.isoformat()))
            name = self.chance.choices(list(ACTS), list(ACTS.values()))[0]
            try:
                getattr(self, f"_{name}")(self.chance.choice(self.desks))
            except (Refused, NotAllowed, GuardError):
                continue
            self.done[name] += 1

    def hear_everything(self) -> None:
        """Everybody reads everything."""
        for _ in range(2):
            for desk in self.desks[1:]:
                assert isinstance(desk, Sibling)
                desk.tell()
                desk.hear()

    def sheets(self, store: "Store") -> dict[int, AttendanceSheet]:
        """Return the attendance sheet of every meeting by its id, as a store holds them."""
        return {each.meeting_id: show_attendance(store, each.meeting_id) for each in list_meetings(store, 10_000)}

    def _call(self, desk: Hall | Sibling) -> None:
        self._do(call_meeting, desk, MeetingPlan(self.chance.choice(TEMPLATES)))

    def _open(self, desk: Hall | Sibling) -> None:
        self._do(open_unplanned, desk, MeetingPlan(self.chance.choice(TEMPLATES)))

    def _open_again(self, desk: Hall | Sibling) -> None:
        called = [each.meeting_id for each in list_meetings(desk.store, 3) if each.state == "called"]
        self._do(open_sign_in, desk, self._pick(called))

    def _begin(self, desk: Hall | Sibling) -> None:
        self._do(begin_meeting, desk, self._meeting(desk))

    def _scan(self, desk: Hall | Sibling) -> None:
        desk.clock.advance(self.chance.choice((0, 1_000, 40_000)))
        number = self.chance.choice(list(self.hall.cards.values()))
        self._do(sign_in_card, desk, self._meeting(desk), number, VILLAGE)

    def _choose(self, desk: Hall | Sibling) -> None:
        self._do(sign_in_found, desk, self._meeting(desk), self._comer())

    def _undo(self, desk: Hall | Sibling) -> None:
        lines = show_attendance(desk.store, self._meeting(desk)).lines
        made = [line.sign_in_id for line in lines if line.sign_in_id is not None]
        self._do(undo_sign_in, desk, self._pick(made), self.chance.choice(get_args(UndoReason)))

    def _leave(self, desk: Hall | Sibling) -> None:
        reason = self.chance.choice((None, *get_args(LeaveReason)))
        self._do(set_leave, desk, self._meeting(desk), self._comer(), reason)

    def _heads(self, desk: Hall | Sibling) -> None:
        self._do(count_heads, desk, self._meeting(desk), self.chance.randint(0, 5))

    def _end(self, desk: Hall | Sibling) -> None:
        self._do(end_meeting, desk, self._meeting(desk))

    def _end_counted(self, desk: Hall | Sibling) -> None:
        meeting = self._meeting(desk)
        tally = show_attendance(desk.store, meeting).tally
        self._do(end_counted, desk, meeting, tally.present + tally.observers + self.chance.choice((0, 0, 0, 1)))

    def _end_left_open(self, desk: Hall | Sibling) -> None:
        self._do(end_left_open, desk, self._meeting(desk), self.chance.choice((None, 3)))

    def _next_day(self, desk: Hall | Sibling) -> None:
        self.day += timedelta(days=self.chance.randint(1, 5))
        self._do(open_day, desk, self.day.isoformat())

    def _move(self, desk: Hall | Sibling) -> None:
        comer = self._comer()
        household = self._comer().household_id
        with desk.store.write(now=desk.now, by=self.hall.operator) as act:
            act.append(PersonMoved(person=comer.person_id or 0, household=household))
        self.people[comer.person_id or 0] = household

    def _cancel(self, desk: Hall | Sibling) -> None:
        self._do(cancel_meeting, desk, self._meeting(desk), "too_few")

    def _correct(self, desk: Hall | Sibling) -> None:
        correction = Correction(self._comer(), "forgotten", is_late=self.chance.random() < 0.3)
        ended = [each.meeting_id for each in list_meetings(desk.store, 3) if each.state == "ended"]
        self._do(request_sign_in, desk, self._pick(ended), correction)

    def _answer(self, desk: Hall | Sibling) -> None:
        waiting = [each.request_id for each in list_requests(desk.store)]
        answer = self.chance.choice((approve_request, approve_request, decline_request))
        self._do(answer, desk, self._pick(waiting), Signature(self.hall.supervisor.badge))

    def _give(self, desk: Hall | Sibling) -> None:
        earning = Earning("volunteering", self.chance.randint(1, 4))
        self._do(award_points, desk, (Recipient(self._comer().household_id),), earning)

    def _take_back(self, desk: Hall | Sibling) -> None:
        entries = show_account(desk.store, self._comer().household_id, 5).entries
        self._do(reverse_entry, desk, self._pick([entry.entry_id for entry in entries]))

    def _merge(self, desk: Hall | Sibling) -> None:
        self._do(merge_household, desk, self._comer().household_id, self._comer().household_id)

    def _wait(self, desk: Hall | Sibling) -> None:
        desk.clock.advance(self.chance.randint(0, 8) * MINUTE)

    def _restart(self, desk: Hall | Sibling) -> None:
        desk.clock.reboot()

    def _lose_clock(self, desk: Hall | Sibling) -> None:
        desk.clock.set_wall(self.chance.randint(0, 9) * MINUTE)

    def _hear(self, desk: Hall | Sibling) -> None:
        if isinstance(desk, Sibling):
            desk.hear()

    def _tell(self, desk: Hall | Sibling) -> None:
        if isinstance(desk, Sibling):
            desk.tell()

    def _do(self, act: Callable[..., Any], desk: Hall | Sibling, *what: object) -> Any:  # noqa: ANN401  because acts return different things
        return act(desk.store, *what, now=desk.now, by=self.hall.operator)

    def _meeting(self, desk: Hall | Sibling) -> int:
        """Give a meeting of the last days: mostly one that is open here, if there is any."""
        shown = list_meetings(desk.store, 4)
        going = [each.meeting_id for each in shown if each.is_open]
        return self._pick(going if going and self.chance.random() < 0.8 else [each.meeting_id for each in shown])

    def _comer(self) -> Comer:
        person = self.chance.choice(list(self.people))
        return Comer(self.people[person], person)

    def _pick(self, among: list[int]) -> int:
        if not among:
            raise Refused("nothing_there")
        return self.chance.choice(among)
