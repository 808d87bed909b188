"""Whatever is done at the meeting desk in whatever order: figures and balances are what a plain model says."""

from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from db.export import export_journal
from db.invariants import find_faults
from db.projections import digest
from db.store import open_store, rebuild
from kiosk.domain.meeting import MeetingPlan, begin_meeting, call_meeting, cancel_meeting, count_heads, open_sign_in
from kiosk.domain.meeting_end import MeetingOver, end_meeting
from kiosk.domain.meeting_roster import Comer
from kiosk.domain.sign_in import (
    Correction,
    SignInMade,
    request_sign_in,
    set_leave,
    sign_in_card,
    sign_in_found,
    undo_sign_in,
)
from kiosk.domain.waiting import Signature, approve_request
from kiosk.errors import Refused
from tests.kiosk.domain.hall import Hall
from tests.kiosk.domain.office import kept_in_memory
from tests.oracle.verdict import recompute
from tests.properties.meeting_model import MINUTE, ROUTINE_CAP, ModelMeeting, ModelSignIn
from tests.village import VILLAGE, seeded

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.line import Stamp

TEMPLATES: Final = ("members_meeting", "villagers_meeting", "committee_meeting")
WHICH = st.integers(0, 30)
PERSON = st.integers(0, 3)


class MeetingMachine(RuleBasedStateMachine):
    """One desk, four people with cards in three households, and everything a hand may do with meetings."""

    hall: Hall

    @initialize()
    def open_hall(self) -> None:
        """Two members of Wang's, one of Li's, and Zhao who is none."""
        hall = self.hall = kept_in_memory(Hall)
        self.people = [(hall.wang_ming, hall.wang), (hall.wang_fang, hall.wang), (hall.li_xiuying, hall.li)]
        self.people.append((hall.zhao_guo, hall.zhao))
        members = dict(self.people[:3])
        households = {household: household for household in (hall.wang, hall.li, hall.zhao)}
        committee = dict(self.people[:1])
        self.rosters = dict(zip(TEMPLATES, (members, households, committee), strict=True))
        self.meetings: list[ModelMeeting] = []
        self.points = dict.fromkeys(households, 0)
        self.is_folded = False

    @rule(template=st.sampled_from(TEMPLATES))
    def call(self, template: str) -> None:
        """One more meeting."""
        meeting_id = self._do(call_meeting, MeetingPlan(template), refusal=None)
        self.meetings.append(ModelMeeting(meeting_id, template))

    @precondition(lambda self: self.meetings)
    @rule(which=WHICH)
    def open(self, which: int) -> None:
        """Let cards be scanned, unless another meeting is open here."""
        meeting = self._meeting(which)
        refusal = meeting.over() or ("meeting_was_opened" if meeting.is_open else None)
        if refusal is None and any(each.is_open for each in self.meetings):
            refusal = "meeting_is_open"
        if self._do(open_sign_in, meeting.meeting_id, refusal=refusal) is not None:
            meeting.state, meeting.expected = "open", self.rosters[meeting.template]

    @precondition(lambda self: self.meetings)
    @rule(which=WHICH)
    def begin(self, which: int) -> None:
        """Begin, once."""
        meeting = self._meeting(which)
        refusal = meeting.not_open() or ("meeting_has_begun" if meeting.state == "begun" else None)
        now = self.hall.now
        self._do(begin_meeting, meeting.meeting_id, refusal=refusal, now=now)
        if refusal is None:
            meeting.state, meeting.begun = "begun", now.mono

    @precondition(lambda self: self.meetings)
    @rule(which=WHICH, person=PERSON)
    def scan(self, which: int, person: int) -> None:
        """A card; a second one of somebody who is there changes nothing."""
        number = self.hall.cards[self.people[person][0]]
        self._come(self._meeting(which), person, sign_in_card, number, VILLAGE)

    @precondition(lambda self: self.meetings)
    @rule(which=WHICH, person=PERSON)
    def choose(self, which: int, person: int) -> None:
        """Somebody found by name."""
        person_id, household = self.people[person]
        self._come(self._meeting(which), person, sign_in_found, Comer(household, person_id))

    @precondition(lambda self: any(meeting.came for meeting in self.meetings))
    @rule(which=WHICH, one=WHICH)
    def undo(self, which: int, one: int) -> None:
        """Take a sign-in back while the meeting is open."""
        filled = [meeting for meeting in self.meetings if meeting.came]
        meeting = filled[which % len(filled)]
        subject = sorted(meeting.came)[one % len(meeting.came)]
        sign_in_id = meeting.came[subject].sign_in_id
        if self._do(undo_sign_in, sign_in_id, "not_here", refusal=meeting.not_open()) is not None:
            del meeting.came[subject]
            assert self._do(undo_sign_in, sign_in_id, "other", refusal="sign_in_undone_before") is None

    @precondition(lambda self: self.meetings)
    @rule(which=WHICH, person=PERSON, asks=st.booleans())
    def leave(self, which: int, person: int, *, asks: bool) -> None:
        """Somebody asks not to come, or takes that back."""
        meeting, (person_id, household) = self._meeting(which), self.people[person]
        reason = "farm" if asks else None
        self._do(set_leave, meeting.meeting_id, Comer(household, person_id), reason, refusal=meeting.over())
        if meeting.over() is None:
            meeting.leave -= {self._subject(meeting, person)}
            meeting.leave |= {self._subject(meeting, person)} if asks else set()

    @precondition(lambda self: self.meetings)
    @rule(which=WHICH, heads=st.integers(0, 9))
    def count(self, which: int, heads: int) -> None:
        """Heads in the room."""
        meeting = self._meeting(which)
        self._do(count_heads, meeting.meeting_id, heads, refusal=meeting.not_open())
        if meeting.is_open:
            meeting.heads = heads

    @precondition(lambda self: self.meetings)
    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        """Nobody earns by it."""
        meeting = self._meeting(which)
        self._do(cancel_meeting, meeting.meeting_id, "weather", refusal=meeting.over())
        meeting.state = meeting.state if meeting.over() else "cancelled"

    @precondition(lambda self: self.meetings)
    @rule(which=WHICH)
    def end(self, which: int) -> None:
        """Points follow, as far as the cap of the month leaves any."""
        meeting = self._meeting(which)
        refusal = meeting.not_open() or (None if meeting.state == "begun" else "meeting_not_begun")
        over = self._do(end_meeting, meeting.meeting_id, refusal=refusal)
        if over is None:
            return
        assert isinstance(over, MeetingOver)
        meeting.state = "ended"
        assert over.points == self._pay(meeting)
        assert over.heads == meeting.heads

    @precondition(lambda self: any(meeting.state == "ended" for meeting in self.meetings))
    @rule(which=WHICH, person=PERSON, is_late=st.booleans())
    def correct(self, which: int, person: int, *, is_late: bool) -> None:
        """Somebody was forgotten; the supervisor signs, and what was missing is paid."""
        ended = [meeting for meeting in self.meetings if meeting.state == "ended"]
        meeting, (person_id, household) = ended[which % len(ended)], self.people[person]
        subject = self._subject(meeting, person)
        correction = Correction(Comer(household, person_id), "forgotten", is_late)
        refusal = "signed_in_before" if subject in meeting.came else None
        request = self._do(request_sign_in, meeting.meeting_id, correction, refusal=refusal)
        if request is None:
            return
        answered = self._do(approve_request, request, Signature(self.hall.supervisor.badge), refusal=None)
        meeting.came[subject] = ModelSignIn(self._sign_in(meeting, subject), household, is_late)
        assert answered.points == self._pay(meeting)

    @rule(minutes=st.integers(1, 4))
    def wait(self, minutes: int) -> None:
        """Time passes."""
        self.hall.clock.advance(minutes * MINUTE)

    @rule()
    def reopen(self) -> None:
        """The program is started again."""
        self.hall.store = open_store(self.hall.store.engine, seeded(f"again {self.hall.now.mono}"))

    @precondition(lambda self: self.meetings and not self.is_folded)
    @rule()
    def fold_again(self) -> None:
        """The tables are thrown away and folded again, once: that takes as long as many acts."""
        self.is_folded = True
        before = self._digest()
        rebuild(self.hall.store)
        assert self._digest() == before

    @invariant()
    def desk_says_what_the_model_says(self) -> None:
        """Figures of the last meetings, and every balance."""
        self._compare(self.meetings[-3:])

    def teardown(self) -> None:
        """No pass finds a fault, and neither does the separate program."""
        if not hasattr(self, "hall"):
            return
        self._compare(self.meetings)
        with self.hall.store.read() as connection:
            assert find_faults(connection, VILLAGE) == []
            export_journal(connection, self.hall.folder / "machine")
        lines, texts = ((self.hall.folder / f"machine.{name}").read_bytes() for name in ("lines", "private"))
        assert recompute(lines, texts)["faults"] == []

    def _compare(self, meetings: list[ModelMeeting]) -> None:
        for meeting in meetings:
            sheet = self.hall.sheet(meeting.meeting_id)
            tally = sheet.tally
            told = tally.expected, tally.present, tally.late, tally.leave, tally.absent, tally.observers
            assert (sheet.meeting.state, told) == (meeting.state, meeting.figures())
            assert sheet.meeting.heads == meeting.heads
        assert {household: self.hall.balance(household) for household in self.points} == self.points

    def _come(self, meeting: ModelMeeting, person: int, act: "Callable[..., Any]", *how: object) -> None:
        now = self.hall.now
        made = self._do(act, meeting.meeting_id, *how, refusal=meeting.not_open(), now=now)
        if made is None:
            return
        assert isinstance(made, SignInMade)
        subject, household = self._subject(meeting, person), self.people[person][1]
        assert made.is_again == (subject in meeting.came)
        if not made.is_again:
            assert made.is_late == meeting.is_late(now.mono)
            assert made.is_observer == (subject not in meeting.expected)
            meeting.came[subject] = ModelSignIn(made.sign_in_id, household, made.is_late)
        assert (made.tally.present, made.tally.late) == meeting.figures()[1:3]
        assert (made.tally.leave, made.tally.absent, made.tally.observers) == meeting.figures()[3:]

    def _pay(self, meeting: ModelMeeting) -> int:
        """Let each household that has nothing yet earn, under the cap of the month; return the sum."""
        posted = 0
        for household, points in meeting.earned().items():
            given = min(points, ROUTINE_CAP - self.points[household])
            self.points[household] += given
            posted += given
            meeting.paid |= {household} if given else set()
        return posted

    def _do(self, act: "Callable[..., Any]", *what: object, refusal: str | None, now: "Stamp | None" = None) -> Any:  # noqa: ANN401  because outcomes differ
        hand = {"now": now or self.hall.now, "by": self.hall.operator}
        if refusal is None:
            return act(self.hall.store, *what, **hand)
        with pytest.raises(Refused) as refused:
            act(self.hall.store, *what, **hand)
        assert refused.value.code == refusal
        return None

    def _meeting(self, which: int) -> ModelMeeting:
        """Give one of the last three meetings, mostly the open one."""
        going = [meeting for meeting in self.meetings if meeting.is_open]
        return going[0] if going and which % 4 else self.meetings[-3:][which % len(self.meetings[-3:])]

    def _subject(self, meeting: ModelMeeting, person: int) -> int:
        return self.people[person][1 if meeting.template == "villagers_meeting" else 0]

    def _sign_in(self, meeting: ModelMeeting, subject: int) -> int:
        sign_in_id = self.hall.line(meeting.meeting_id, subject).sign_in_id
        assert sign_in_id is not None
        return sign_in_id

    def _digest(self) -> str:
        with self.hall.store.read() as connection:
            return digest(connection, VILLAGE)


TestMeetingMachine = MeetingMachine.TestCase
TestMeetingMachine.settings = settings(max_examples=8, stateful_step_count=40, deadline=None)
