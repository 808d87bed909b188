"""Sign-in: whoever comes is entered by one scan, and what is unusual is marked, never refused."""

from pathlib import Path

import pytest

from kiosk.codes import CodeType, mint
from kiosk.domain.attendance import Tally
from kiosk.domain.attendee import name_at_once
from kiosk.domain.card import issue_household_card, report_card_lost
from kiosk.domain.meeting import MeetingPlan, call_meeting, open_sign_in
from kiosk.domain.meeting_roster import Comer
from kiosk.domain.sign_in import (
    Correction,
    SignInMade,
    WhoCame,
    request_sign_in,
    set_leave,
    sign_in_card,
    undo_sign_in,
    who_scans,
)
from kiosk.domain.waiting import Signature, approve_request, decline_request, list_requests
from kiosk.errors import NotAllowed, Refused
from tests.kiosk.domain.hall import Hall
from tests.kiosk.domain.office import office_in
from tests.village import DAY, VILLAGE, seeded


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """A hall with three members."""
    return office_in(tmp_path / "hall", Hall)


def test_name_and_figures_are_told_when_a_card_is_scanned(hall: Hall) -> None:
    """One scan: who, when, how many of how many."""
    meeting = hall.opened()
    made = hall.scan(meeting, hall.wang_ming)
    assert (made.name, made.household_name, made.is_again) == ("王明", "王明", False)
    assert made.tally == Tally(expected=3, present=1, late=0, leave=0, observers=0)


def test_nothing_is_written_when_a_card_is_scanned_again(hall: Hall) -> None:
    """The answer tells since when they are here."""
    meeting = hall.opened()
    first = hall.scan(meeting, hall.wang_ming)
    again = hall.scan(meeting, hall.wang_ming)
    assert (again.is_again, again.sign_in_id, again.at) == (True, first.sign_in_id, first.at)
    assert again.tally.present == 1


def test_household_counts_once_when_two_of_it_come_to_a_household_meeting(hall: Hall) -> None:
    """The one who came is named, the household is counted."""
    meeting = hall.opened("villagers_meeting")
    assert hall.scan(meeting, hall.wang_ming).tally.present == 1
    made = hall.scan(meeting, hall.wang_fang)
    assert (made.is_again, made.name, made.tally.present) == (True, "王芳", 1)


def test_household_card_asks_who_came_when_several_are_expected(hall: Hall) -> None:
    """With one expected person of the household nobody needs to ask."""
    meeting = hall.opened()
    number = issue_household_card(hall.store, hall.wang, now=hall.now, by=hall.operator).number
    asked = hall.scan_number(meeting, number)
    assert isinstance(asked, WhoCame)
    assert {person.name for person in asked.persons} == {"王明", "王芳"}
    alone = issue_household_card(hall.store, hall.li, now=hall.now, by=hall.operator).number
    made = hall.scan_number(meeting, alone)
    assert isinstance(made, SignInMade)
    assert made.name == "李秀英"


def test_observer_is_counted_beside_the_others_when_nobody_expected_them(hall: Hall) -> None:
    """Whoever comes is welcome; the quota does not move, and no points follow."""
    meeting = hall.opened()
    made = hall.scan(meeting, hall.zhao_guo)
    assert (made.is_observer, made.tally) == (True, Tally(3, 0, 0, 0, 1))
    hall.begin(meeting)
    assert hall.end(meeting).points == 0
    assert hall.line(meeting, hall.zhao_guo).came == "observer"


def test_pace_is_marked_when_cards_follow_like_a_stack(hall: Hall) -> None:
    """A stack of cards is entered, and everybody can see that it was one."""
    meeting = hall.opened()
    assert not hall.scan(meeting, hall.wang_ming).is_fast
    number = hall.cards[hall.wang_fang]
    made = sign_in_card(hall.store, meeting, number, VILLAGE, now=hall.now, by=hall.operator)
    assert isinstance(made, SignInMade)
    assert made.is_fast
    assert not hall.scan(meeting, hall.li_xiuying).is_fast


def test_sign_in_is_taken_back_when_it_was_the_wrong_card(hall: Hall) -> None:
    """Both facts stay, the figures go back, and the same card may be scanned again."""
    meeting = hall.opened()
    made = hall.scan(meeting, hall.wang_ming)
    assert undo_sign_in(hall.store, made.sign_in_id, "wrong_card", now=hall.now, by=hall.operator).present == 0
    assert hall.line(meeting, hall.wang_ming).came == "absent"
    with pytest.raises(Refused, match="sign_in_undone_before"):
        undo_sign_in(hall.store, made.sign_in_id, "wrong_card", now=hall.now, by=hall.operator)
    assert not hall.scan(meeting, hall.wang_ming).is_again


def test_undo_is_refused_when_it_makes_no_sense(hall: Hall) -> None:
    """An unknown sign-in, an unknown reason, a meeting that has ended."""
    meeting = hall.opened()
    made = hall.scan(meeting, hall.wang_ming)
    with pytest.raises(Refused, match="sign_in_unknown"):
        undo_sign_in(hall.store, 77, "other", now=hall.now, by=hall.operator)
    with pytest.raises(Refused, match="reason_unknown"):
        undo_sign_in(hall.store, made.sign_in_id, "bored", now=hall.now, by=hall.operator)  # type: ignore[arg-type]  # because the test sends a wrong word
    with pytest.raises(NotAllowed, match="right_missing"):
        undo_sign_in(hall.store, made.sign_in_id, "other", now=hall.now, by=hall.supervisor.operator_id)
    hall.begin(meeting)
    hall.end(meeting)
    with pytest.raises(Refused, match="meeting_has_ended"):
        undo_sign_in(hall.store, made.sign_in_id, "other", now=hall.now, by=hall.operator)


def test_leave_is_counted_until_somebody_comes_after_all(hall: Hall) -> None:
    """A reason, another reason, none any more; and whoever comes is present."""
    meeting = hall.opened()
    comer = Comer(hall.wang, hall.wang_fang)
    set_leave(hall.store, meeting, comer, "farm", now=hall.now, by=hall.operator)
    assert (hall.sheet(meeting).tally.leave, hall.line(meeting, hall.wang_fang).leave_reason) == (1, "farm")
    assert hall.scan(meeting, hall.wang_ming).tally.leave == 1
    set_leave(hall.store, meeting, comer, None, now=hall.now, by=hall.operator)
    assert hall.sheet(meeting).tally.leave == 0
    set_leave(hall.store, meeting, comer, "ill", now=hall.now, by=hall.operator)
    made = hall.scan(meeting, hall.wang_fang)
    assert (made.tally.leave, hall.line(meeting, hall.wang_fang).came) == (0, "present")
    with pytest.raises(Refused, match="reason_unknown"):
        set_leave(hall.store, meeting, comer, "bored", now=hall.now, by=hall.operator)  # type: ignore[arg-type]  # because the test sends a wrong word
    with pytest.raises(Refused, match="person_unknown"):
        set_leave(hall.store, meeting, Comer(hall.wang, 77), "ill", now=hall.now, by=hall.operator)


def test_card_is_refused_when_it_cannot_be_used(hall: Hall) -> None:
    """Lost, of another village, unknown; and a scan before sign-in is open or after the end."""
    meeting = hall.opened()
    held = hall.card(hall.helper_person)
    report_card_lost(hall.store, held.card_id, now=hall.now, by=hall.operator)
    with pytest.raises(Refused, match=r"card_not_live\.lost"):
        hall.scan_number(meeting, held.number)
    with pytest.raises(Refused, match="card_of_other_village"):
        sign_in_card(hall.store, meeting, held.number, 77, now=hall.now, by=hall.operator)
    with pytest.raises(Refused, match="card_unknown"):
        hall.scan_number(meeting, mint(CodeType.PERSON, VILLAGE, seeded("nobody's")))
    hall.begin(meeting)
    hall.end(meeting)
    with pytest.raises(Refused, match="meeting_has_ended"):
        hall.scan(meeting, hall.wang_ming)


def test_name_is_the_one_of_the_sign_in_when_a_card_is_only_read(hall: Hall) -> None:
    """Whoever comes with whatever card, before it and again after it; nobody is named where it asks who came."""
    household_card = issue_household_card(hall.store, hall.li, now=hall.now, by=hall.operator).number
    several = issue_household_card(hall.store, hall.wang, now=hall.now, by=hall.operator).number
    for template in ("members_meeting", "villagers_meeting"):
        meeting = hall.opened(template)
        for number in (hall.cards[hall.wang_fang], household_card, several):
            read = who_scans(hall.store, meeting, number, VILLAGE)
            made = hall.scan_number(meeting, number)
            assert read == (made.name if isinstance(made, SignInMade) else "")
            assert who_scans(hall.store, meeting, number, VILLAGE) == read
        hall.begin(meeting)
        hall.end(meeting)


def test_one_statement_names_only_whom_nothing_hinders_when_a_card_is_read(hall: Hall) -> None:
    """A person's card at once; silence where it asks who came, where the card is lost, and where no sign-in is open."""
    shared = issue_household_card(hall.store, hall.li, now=hall.now, by=hall.operator).number
    members, held = hall.opened(), hall.card(hall.helper_person)
    ming = hall.cards[hall.wang_ming]
    assert [name_at_once(hall.store, members, each) for each in (ming, held.number, shared)] == ["王明", "李小花", ""]
    report_card_lost(hall.store, held.card_id, now=hall.now, by=hall.operator)
    assert name_at_once(hall.store, members, held.number) == ""
    hall.begin(members)
    assert name_at_once(hall.store, members, ming) == "王明"
    hall.end(members)
    called = call_meeting(hall.store, MeetingPlan("villagers_meeting"), now=hall.now, by=hall.operator)
    assert [name_at_once(hall.store, each, ming) for each in (members, called)] == ["", ""]
    open_sign_in(hall.store, called, now=hall.now, by=hall.operator)
    assert [name_at_once(hall.store, called, each) for each in (ming, shared)] == ["王明", "李秀"]


def test_reading_is_refused_like_the_sign_in_when_a_card_cannot_be_used(hall: Hall) -> None:
    """Nobody's card, another village's, a meeting that is over."""
    meeting, nobodys = hall.opened(), mint(CodeType.PERSON, VILLAGE, seeded("nobody's"))
    number = hall.cards[hall.wang_ming]
    with pytest.raises(Refused, match="card_unknown"):
        who_scans(hall.store, meeting, nobodys, VILLAGE)
    with pytest.raises(Refused, match="card_of_other_village"):
        who_scans(hall.store, meeting, number, 77)
    assert who_scans(hall.store, meeting, number, VILLAGE) == "王明"
    assert hall.sheet(meeting).tally.present == 0
    hall.begin(meeting)
    hall.end(meeting)
    with pytest.raises(Refused, match="meeting_has_ended"):
        who_scans(hall.store, meeting, number, VILLAGE)


def test_forgotten_one_is_entered_when_a_second_signature_says_so(hall: Hall) -> None:
    """Three days later: the sheet shows them marked, and the household gets its points once."""
    meeting = hall.opened()
    hall.begin(meeting)
    hall.scan(meeting, hall.wang_ming)
    with pytest.raises(Refused, match="meeting_not_ended"):
        ask(hall, meeting, Comer(hall.li, hall.li_xiuying))
    hall.end(meeting)
    hall.clock.advance(3 * 24 * 3_600_000)
    request = ask(hall, meeting, Comer(hall.li, hall.li_xiuying))
    with pytest.raises(Refused, match="sign_in_asked_before"):
        ask(hall, meeting, Comer(hall.li, hall.li_xiuying))
    [waiting] = list_requests(hall.store)
    assert (waiting.kind, waiting.label("zh_CN"), waiting.person_name) == ("late_sign_in", "支部党员大会", "李秀英")
    assert hall.line(meeting, hall.li_xiuying).came == "absent"
    second = Signature(hall.add("孙书记", "secretary").badge)
    answered = approve_request(hall.store, request, second, now=hall.now, by=hall.operator)
    assert answered.points == 200
    line = hall.line(meeting, hall.li_xiuying)
    assert (line.came, line.is_corrected, hall.balance(hall.li)) == ("present", True, 200)
    with pytest.raises(Refused, match="signed_in_before"):
        ask(hall, meeting, Comer(hall.li, hall.li_xiuying))


def test_day_of_a_waiting_sign_in_is_the_one_it_was_held_on_when_another_was_planned(hall: Hall) -> None:
    """Planned for the 25th, held on the 22nd: who signs reads the day on the sheet."""
    plan = MeetingPlan("members_meeting", day="2026-11-25")
    meeting = call_meeting(hall.store, plan, now=hall.now, by=hall.operator)
    open_sign_in(hall.store, meeting, now=hall.now, by=hall.operator)
    hall.begin(meeting)
    hall.end(meeting)
    ask(hall, meeting, Comer(hall.li, hall.li_xiuying))
    [waiting] = list_requests(hall.store)
    assert waiting.meeting_day == hall.sheet(meeting).meeting.day == DAY


def test_points_are_not_posted_again_when_another_of_the_household_is_entered_later(hall: Hall) -> None:
    """Once a household, whoever of it is entered."""
    meeting = hall.opened()
    hall.begin(meeting)
    hall.scan(meeting, hall.wang_ming)
    hall.end(meeting)
    request = ask(hall, meeting, Comer(hall.wang, hall.wang_fang))
    second = Signature(hall.supervisor.badge)
    assert approve_request(hall.store, request, second, now=hall.now, by=hall.operator).points == 0
    assert (hall.line(meeting, hall.wang_fang).came, hall.balance(hall.wang)) == ("present", 200)


def test_nobody_is_entered_when_the_second_signature_is_refused(hall: Hall) -> None:
    """The request is gone, the sheet is as it was."""
    meeting = hall.opened()
    hall.begin(meeting)
    hall.end(meeting)
    request = ask(hall, meeting, Comer(hall.li, hall.li_xiuying))
    decline_request(hall.store, request, Signature(hall.supervisor.badge), now=hall.now, by=hall.operator)
    assert (hall.line(meeting, hall.li_xiuying).came, list_requests(hall.store)) == ("absent", ())


def ask(hall: Hall, meeting: int, comer: Comer) -> int:
    """Ask for a late entry."""
    correction = Correction(comer, "forgotten", paper="QD-3")
    return request_sign_in(hall.store, meeting, correction, now=hall.now, by=hall.operator)
