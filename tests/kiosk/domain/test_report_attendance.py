"""Attendance in a period: by meeting, by person and by household, in the order of places and never by score."""

from pathlib import Path

import pytest

from kiosk.domain.attendance import Tally
from kiosk.domain.meeting import cancel_meeting
from kiosk.domain.meeting_roster import Comer
from kiosk.domain.people import merge_household
from kiosk.domain.period import open_day
from kiosk.domain.report import Period
from kiosk.domain.report_attendance import AttendanceOf, Attended, attended_meetings
from kiosk.domain.sign_in import Correction, request_sign_in, set_leave, undo_sign_in
from kiosk.domain.waiting import Signature, approve_request, list_requests
from tests.kiosk.domain.hall import MINUTE, Hall
from tests.kiosk.domain.office import office_in
from tests.ledger import bring, new_store

YEAR = Period("2026-01-01", "2026-12-31")
NOVEMBER = Period("2026-11-01", "2026-11-30")


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """A hall with three members: Wang Ming, Wang Fang, Li Xiuying; it is 22 November."""
    return office_in(tmp_path / "hall", Hall)


def held(hall: Hall, *comers: int, template: str = "members_meeting") -> int:
    """Hold a meeting to which some come on time."""
    meeting = hall.opened(template)
    for person in comers:
        hall.scan(meeting, person)
    hall.begin(meeting)
    hall.end(meeting)
    return meeting


def of(found: Attended, person: int) -> AttendanceOf:
    """The line of a person."""
    return next(each for each in found.persons if each.person_id == person)


def test_each_person_has_a_line_when_meetings_were_held(hall: Hall) -> None:
    """How often expected, there, late, on leave, absent: over all meetings of the period."""
    held(hall, hall.wang_ming, hall.li_xiuying)
    meeting = hall.opened()
    hall.scan(meeting, hall.wang_ming)
    leave = Comer(hall.wang, hall.wang_fang)
    set_leave(hall.store, meeting, leave, "farm", now=hall.now, by=hall.operator)
    hall.begin(meeting)
    hall.clock.advance(10 * MINUTE)
    hall.scan(meeting, hall.li_xiuying)
    hall.end(meeting)
    found = attended_meetings(hall.store, NOVEMBER)
    assert [each.tally for each in found.meetings] == [Tally(3, 2, 0, 0, 0), Tally(3, 2, 1, 1, 0)]
    assert of(found, hall.wang_ming).tally == Tally(2, 2, 0, 0, 0)
    assert of(found, hall.wang_fang).tally == Tally(2, 0, 0, 1, 0)
    assert of(found, hall.wang_fang).tally.absent == 1
    assert of(found, hall.li_xiuying).tally == Tally(2, 2, 1, 0, 0)
    assert (found.households, found.unfinished) == ((), 0)


def test_people_stand_by_place_and_name_when_one_came_more_often(hall: Hall) -> None:
    """Nobody is ranked: group 3 house 12 before house 13, whoever came."""
    held(hall, hall.li_xiuying)
    found = attended_meetings(hall.store, NOVEMBER)
    assert [each.name for each in found.persons] == ["王明", "王芳", "李秀英"]
    assert [(each.place.group, each.place.house) for each in found.persons] == [(3, 12), (3, 12), (3, 13)]


def test_households_stand_apart_when_a_meeting_counts_them(hall: Hall) -> None:
    """A meeting of households says nothing about persons."""
    held(hall, hall.wang_fang, template="villagers_meeting")
    found = attended_meetings(hall.store, NOVEMBER)
    assert found.persons == ()
    assert [(each.name, each.tally.present, each.tally.absent) for each in found.households] == [
        ("王明", 1, 0), ("李秀", 0, 1), ("赵国", 0, 1),
    ]  # fmt: skip


def test_observer_is_not_expected_when_somebody_sits_in(hall: Hall) -> None:
    """Zhao Guo is no member."""
    held(hall, hall.zhao_guo)
    found = attended_meetings(hall.store, NOVEMBER)
    assert of(found, hall.zhao_guo).tally == Tally(0, 0, 0, 0, 1)
    assert found.meetings[0].tally == Tally(3, 0, 0, 0, 1)


def test_meeting_counts_on_the_day_of_its_sign_in_when_the_period_is_chosen(hall: Hall) -> None:
    """November's meeting is not December's, and the period tells how many days were read."""
    held(hall, hall.wang_ming)
    open_day(hall.store, "2026-12-01", now=hall.now, by=hall.operator)
    held(hall, hall.wang_fang)
    told: list[int] = []
    assert [each.day for each in attended_meetings(hall.store, YEAR, told.append).meetings] == [
        "2026-11-22", "2026-12-01",
    ]  # fmt: skip
    assert sum(told) == YEAR.days
    assert [each.day for each in attended_meetings(hall.store, NOVEMBER).meetings] == ["2026-11-22"]
    assert attended_meetings(hall.store, Period("2026-11-23", "2026-11-30")).persons == ()


def test_meeting_counts_nowhere_when_it_has_not_ended_or_was_cancelled(hall: Hall) -> None:
    """Until the end nobody is absent; what did not take place nobody missed."""
    cancelled = hall.opened()
    hall.scan(cancelled, hall.wang_ming)
    cancel_meeting(hall.store, cancelled, "too_few", now=hall.now, by=hall.operator)
    meeting = hall.opened()
    hall.scan(meeting, hall.wang_ming)
    hall.begin(meeting)
    assert attended_meetings(hall.store, NOVEMBER) == Attended(NOVEMBER, (), (), (), 1)


def test_sign_in_counts_nowhere_when_it_was_taken_back(hall: Hall) -> None:
    """The wrong card was scanned."""
    meeting = hall.opened()
    made = hall.scan(meeting, hall.wang_ming)
    undo_sign_in(hall.store, made.sign_in_id, "wrong_card", now=hall.now, by=hall.operator)
    hall.begin(meeting)
    hall.end(meeting)
    assert of(attended_meetings(hall.store, NOVEMBER), hall.wang_ming).tally.absent == 1


def test_correction_counts_when_a_second_signature_let_it_in(hall: Hall) -> None:
    """Forgotten at the desk, entered three days later: the report changes, the facts of the end do not."""
    meeting = held(hall, hall.wang_ming)
    hall.clock.advance(3 * 24 * 3_600_000)
    open_day(hall.store, "2026-11-25", now=hall.now, by=hall.operator)
    forgotten = Correction(Comer(hall.li, hall.li_xiuying), "forgotten")
    request_sign_in(hall.store, meeting, forgotten, now=hall.now, by=hall.operator)
    assert of(attended_meetings(hall.store, NOVEMBER), hall.li_xiuying).tally.present == 0
    (request,) = list_requests(hall.store)
    signature = Signature(hall.supervisor.badge)
    approve_request(hall.store, request.request_id, signature, now=hall.now, by=hall.operator)
    found = attended_meetings(hall.store, NOVEMBER)
    assert of(found, hall.li_xiuying).tally == Tally(1, 1, 0, 0, 0)
    assert [(each.day, each.tally.present) for each in found.meetings] == [("2026-11-22", 2)]


def test_a_merged_household_keeps_its_line_when_it_joined_another(hall: Hall) -> None:
    """It was expected then; from then on the other one is."""
    held(hall, hall.wang_ming, template="villagers_meeting")
    merge_household(hall.store, hall.wang, hall.li, now=hall.now, by=hall.operator)
    held(hall, hall.li_xiuying, template="villagers_meeting")
    found = attended_meetings(hall.store, NOVEMBER)
    assert [(each.household_id, each.tally.expected) for each in found.households] == [
        (hall.wang, 1), (hall.li, 2), (hall.zhao, 2),
    ]  # fmt: skip


def test_meetings_of_another_log_count_when_they_have_come_down(hall: Hall) -> None:
    """Whoever reads the log sees the same attendance."""
    held(hall, hall.wang_ming)
    elsewhere = new_store(9)
    bring(hall.store, elsewhere)
    assert attended_meetings(elsewhere, YEAR) == attended_meetings(hall.store, YEAR)
