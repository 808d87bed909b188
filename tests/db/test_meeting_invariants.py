"""Each pass over meetings finds what it is there for, and nothing in a sound evening."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import text

from db.engine import transaction
from db.facts.body import transfer
from db.facts.meeting import AttendanceAwarded, MeetingEnded, SignInOpened, SignInUndone
from db.facts.points import AwardReversed
from db.facts.terminal import Place
from db.fault import EXCEPTIONS, Fault
from db.invariants import find_faults
from db.store import own_log, rebuild
from kiosk.domain.meeting_roster import Comer
from kiosk.domain.sign_in import set_leave
from tests.kiosk.domain.hall import Hall
from tests.kiosk.domain.office import office_in
from tests.siblings import second_desk
from tests.village import VILLAGE

SPOILED = [
    "UPDATE meeting_act SET present = present + 1, absent = absent - 1 WHERE act = 'ended'",
    "UPDATE meeting_act SET late = 0 WHERE act = 'ended'",
    "UPDATE meeting_act SET expected = 9 WHERE act = 'ended'",
    "UPDATE meeting_act SET observers = observers + 1 WHERE act = 'ended'",
    "UPDATE meeting_act SET awards = awards + 1 WHERE act = 'ended'",
    "UPDATE meeting_act SET points = points + 1 WHERE act = 'ended'",
    "UPDATE sign_in SET is_late = 0",
    "DELETE FROM meeting_closing",
    "DELETE FROM expected WHERE n = 1",
]
"""Statements that no program of ours makes."""


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """A hall with three members."""
    return office_in(tmp_path / "hall", Hall)


def evening(hall: Hall) -> int:
    """One on time, one late, an observer, one absent; the meeting has ended."""
    meeting = hall.opened()
    hall.begin(meeting)
    hall.scan(meeting, hall.wang_ming)
    hall.clock.advance(9 * 60_000)
    hall.scan(meeting, hall.li_xiuying)
    hall.scan(meeting, hall.zhao_guo)
    hall.end(meeting)
    return meeting


def found(hall: Hall) -> Sequence[Fault]:
    """What the passes find."""
    with hall.store.read() as connection:
        return find_faults(connection, VILLAGE)


def test_nothing_is_found_when_the_evening_was_sound(hall: Hall) -> None:
    """Live and rebuilt, and also while the next meeting is open."""
    evening(hall)
    hall.opened("villagers_meeting")
    assert found(hall) == []
    rebuild(hall.store)
    assert found(hall) == []


@pytest.mark.parametrize("statement", SPOILED)
def test_an_end_is_found_when_its_figures_are_not_those_of_the_rows(hall: Hall, statement: str) -> None:
    """Each figure of an end, and each table it follows from."""
    meeting = evening(hall)
    with transaction(hall.store.engine, is_write=True) as connection:
        connection.execute(text(statement))
    assert Fault("meeting_figures_differ", str(meeting)) in found(hall)


def test_an_end_is_found_when_a_desk_wrote_other_figures(hall: Hall) -> None:
    """A fact of a desk that erred, and not a spoiled table."""
    meeting = hall.opened()
    hall.begin(meeting)
    with hall.store.write(now=hall.now, by=hall.operator) as act:
        place = Place(log=act.log, seq=act.next_id() % 2**33 - 1)
        act.append(
            MeetingEnded(
                meeting=meeting, expected=3, present=1, late=0, leave=0, absent=2, observers=0, awards=0, points=0,
                closing=(place,),
            )
        )  # fmt: skip
    assert found(hall) == [Fault("meeting_figures_differ", str(meeting))]


def test_leave_may_be_set_elsewhere_after_the_end(hall: Hall) -> None:
    """Whether somebody was on leave or absent is told by the end as it knew; what came later changes none."""
    meeting = hall.opened()
    second = second_desk(hall)
    hall.begin(meeting)
    hall.end(meeting)
    set_leave(second.store, meeting, Comer(hall.li, hall.li_xiuying), "ill", now=second.now, by=second.operator)
    second.tell()
    assert found(hall) == []


def test_an_award_is_found_when_its_sign_in_was_undone_elsewhere(hall: Hall) -> None:
    """The second desk had not heard of the end; whoever takes the points back settles it."""
    meeting = hall.opened()
    hall.begin(meeting)
    sign_in = hall.scan(meeting, hall.wang_ming).sign_in_id
    second = second_desk(hall)
    with second.store.write(now=second.now, by=second.operator) as act:
        act.append(SignInUndone(sign_in=sign_in, meeting=meeting, reason="not_here"))
    hall.end(meeting)
    second.tell()
    fault = Fault("attendance_without_sign_in", f"meeting:{meeting}:{hall.wang}")
    assert found(hall) == [fault]
    assert fault.is_exception
    award = hall.account(hall.wang).entries[0].entry_id
    with hall.store.write(now=hall.now, by=hall.operator) as act:
        act.append(
            AwardReversed(award=award, household=hall.wang, points=200, legs=transfer("issued", hall.wang, -200))
        )
    assert found(hall) == []


def test_an_award_is_found_when_nobody_of_its_household_came(hall: Hall) -> None:
    """Nor does an observer earn."""
    meeting = hall.opened()
    sign_in = hall.scan(meeting, hall.zhao_guo).sign_in_id
    with hall.store.write(now=hall.now, by=hall.operator) as act:
        for household in (hall.wang, hall.zhao):
            act.append(
                AttendanceAwarded(
                    meeting=meeting, sign_in=sign_in, household=household, scheme="zhijin_household",
                    item="meeting_on_time", points=200, legs=transfer("issued", household, 200),
                )
            )  # fmt: skip
    assert found(hall) == [
        Fault("attendance_without_sign_in", f"meeting:{meeting}:{household}") for household in (hall.wang, hall.zhao)
    ]


def test_a_log_is_found_when_two_of_its_meetings_are_open(hall: Hall) -> None:
    """One that was ended or cancelled is not."""
    evening(hall)
    hall.opened()
    second_log = second_desk(hall)
    with second_log.store.write(now=second_log.now, by=second_log.operator) as act:
        act.append(SignInOpened(meeting=77, expected=0))
    second_log.tell()
    assert found(hall) == []
    with transaction(hall.store.engine, is_write=True) as connection:
        log = own_log(connection, VILLAGE)
        connection.execute(text("UPDATE meeting_act SET log = :log, seq = 9999 WHERE meeting_id = 77"), {"log": log})
    assert found(hall) == [Fault("two_meetings_open", str(log))]


def test_faults_of_meetings_are_left_to_a_person() -> None:
    """A desk of the village that erred closes no other."""
    assert {"meeting_figures_differ", "attendance_without_sign_in", "two_meetings_open"} < EXCEPTIONS
