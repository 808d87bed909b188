"""A village office in the evening: branch members, their cards, and a meeting, for the tests of meetings."""

from pathlib import Path

from db.facts.people import MemberRegistered
from db.facts.terminal import LogBegun
from db.store import begin_own_log
from kiosk.domain.attendance import AttendanceSheet, SheetLine, show_attendance
from kiosk.domain.meeting import MeetingPlan, begin_meeting, open_unplanned
from kiosk.domain.meeting_end import MeetingOver, end_meeting
from kiosk.domain.meeting_roster import Comer
from kiosk.domain.period import open_day
from kiosk.domain.sign_in import SignInMade, WhoCame, sign_in_card, sign_in_found
from tests.kiosk.domain.office import Office
from tests.village import DAY, VILLAGE

MINUTE = 60_000


class Hall(Office):
    """Wang Ming and his wife are members, Li Xiuying is on probation; Zhao's household has no member."""

    def __init__(self, folder: Path) -> None:
        """Register the members and give everybody a card."""
        super().__init__(folder)
        self.zhao = self.household(4, 1, "赵国")
        self.wang_ming = self.person(self.wang, "王明")
        self.wang_fang = self.person(self.wang, "王芳", 1966)
        self.li_xiuying = self.person(self.li, "李秀英", 1958)
        self.zhao_guo = self.person(self.zhao, "赵国", 1970)
        with self.store.write(now=self.now, by=self.operator) as act:
            act.append(MemberRegistered(person=self.wang_ming, class_code="cadre"))
            act.append(MemberRegistered(person=self.wang_fang, class_code="ordinary"))
            act.append(MemberRegistered(person=self.li_xiuying, class_code="ordinary", standing="probationary"))
        people = (self.wang_ming, self.wang_fang, self.li_xiuying, self.zhao_guo)
        self.cards = {person: self.card(person).number for person in people}

    def opened(self, template: str = "members_meeting", groups: tuple[int, ...] = ()) -> int:
        """Open sign-in of a meeting nobody planned."""
        return open_unplanned(self.store, MeetingPlan(template, groups), now=self.now, by=self.operator)

    def begin(self, meeting: int) -> None:
        """Begin."""
        begin_meeting(self.store, meeting, now=self.now, by=self.operator)

    def scan(self, meeting: int, person: int) -> SignInMade:
        """A person scans a card a while after the one before."""
        made = self.scan_number(meeting, self.cards[person])
        assert isinstance(made, SignInMade)
        return made

    def scan_number(self, meeting: int, number: str) -> SignInMade | WhoCame:
        """A number is scanned a while after the one before."""
        self.clock.advance(5_000)
        return sign_in_card(self.store, meeting, number, VILLAGE, now=self.now, by=self.operator)

    def enter(self, meeting: int, household: int, person: int | None = None) -> SignInMade:
        """Somebody is chosen from the list."""
        return sign_in_found(self.store, meeting, Comer(household, person), now=self.now, by=self.operator)

    def end(self, meeting: int, by: int | None = None, badge: str | None = None) -> MeetingOver:
        """End the meeting."""
        return end_meeting(self.store, meeting, badge, now=self.now, by=by or self.operator)

    def become_second_desk(self) -> None:
        """From now on this store is that of another terminal of the village, which has heard all of the first."""
        with self.store.write(now=self.now, by=self.operator) as act:
            begin_own_log(act.connection, VILLAGE, act.log + 1)
            act.change_log(act.log + 1)
            act.append(LogBegun(till=2, program="kiosk"))
        open_day(self.store, DAY, now=self.now, by=self.operator)

    def sheet(self, meeting: int) -> AttendanceSheet:
        """The attendance sheet."""
        return show_attendance(self.store, meeting)

    def line(self, meeting: int, subject: int) -> SheetLine:
        """The line of one subject on the sheet."""
        return next(line for line in self.sheet(meeting).lines if line.subject_id == subject)
