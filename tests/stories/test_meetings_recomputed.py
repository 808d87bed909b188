"""Meetings of a village, held through the domain functions, are what the separate program makes of its export."""

from pathlib import Path

import pytest

from db.facts.people import MemberCorrected, MemberRegistered
from kiosk.domain.attendance import show_attendance
from kiosk.domain.meeting import MeetingPlan, begin_meeting, call_meeting, cancel_meeting, count_heads, open_sign_in
from kiosk.domain.meeting_end import end_meeting
from kiosk.domain.meeting_roster import Comer
from kiosk.domain.people import merge_household
from kiosk.domain.sign_in import Correction, request_sign_in, set_leave, sign_in_found, undo_sign_in
from kiosk.domain.waiting import Signature, approve_request, list_requests
from tests.kiosk.domain.hall import MINUTE, Hall
from tests.kiosk.domain.office import office_in
from tests.recomputed import Recomputed, recompute
from tests.siblings import Sibling, restored_desk, second_desk

FIGURES = ("expected", "present", "late", "leave", "absent", "observers", "heads", "awards", "points")


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """A hall with three members."""
    return office_in(tmp_path / "hall", Hall)


def check(hall: Hall, tmp_path: Path, store_of: Sibling | None = None) -> Recomputed:
    """Hold every attendance sheet of a store against the separate program, which finds no fault; return its verdict."""
    store = hall.store if store_of is None else store_of.store
    found = recompute(store, tmp_path)
    assert found.faults == []
    for row in found.village["meetings"]:
        sheet = show_attendance(store, row["id"])
        assert row["state"] == sheet.meeting.state
        assert {each["subject"]: (each["came"], each["sign_in"]) for each in row["attendance"]} == {
            line.subject_id: (line.came, line.sign_in_id) for line in sheet.lines
        }
        tally = sheet.tally
        told = (tally.expected, tally.present, tally.late, tally.leave, tally.absent, tally.observers)
        assert tuple(row[name] for name in FIGURES[:6]) == told
    return found


def figures(found: Recomputed, meeting: int) -> tuple[int | None, ...]:
    """Expected, present, late, leave, absent, observers, heads, awards and points of one meeting."""
    row = found.rows("meetings")[meeting]
    return tuple(row[name] for name in FIGURES)


def test_an_evening_is_recomputed_when_everything_happened_in_it(hall: Hall, tmp_path: Path) -> None:
    """Begun 20 minutes late: one on time, one late, one on leave, an observer, one undone; heads counted."""
    meeting = hall.opened()
    wrong = hall.scan(meeting, hall.wang_fang)
    undo_sign_in(hall.store, wrong.sign_in_id, "wrong_card", now=hall.now, by=hall.operator)
    hall.clock.advance(20 * MINUTE)
    hall.scan(meeting, hall.wang_ming)
    hall.begin(meeting)
    hall.clock.advance(7 * MINUTE)
    hall.scan(meeting, hall.wang_fang)
    hall.scan(meeting, hall.zhao_guo)
    set_leave(hall.store, meeting, Comer(hall.li, hall.li_xiuying), "ill", now=hall.now, by=hall.operator)
    count_heads(hall.store, meeting, 4, now=hall.now, by=hall.operator)
    hall.end(meeting)
    found = check(hall, tmp_path)
    assert figures(found, meeting) == (3, 2, 1, 1, 0, 1, 4, 1, 200)
    assert found.balances == {hall.wang: 200}


def test_four_meetings_of_a_month_are_recomputed_when_a_cap_ends_their_points(hall: Hall, tmp_path: Path) -> None:
    """By households and by persons, one cancelled, one that is work; thirty points of routine a month, and no more."""
    hall.give(hall.wang, item="public_cleaning", quantity=2)
    hall.give(hall.wang, item="volunteering", quantity=6)
    held = []
    for template in ("villagers_meeting", "members_meeting", "committee_meeting", "theme_day"):
        meeting = hall.opened(template)
        hall.begin(meeting)
        hall.scan(meeting, hall.wang_ming)
        if template == "theme_day":
            cancel_meeting(hall.store, meeting, "weather", now=hall.now, by=hall.operator)
        else:
            hall.end(meeting)
        held.append(meeting)
    found = check(hall, tmp_path)
    assert [figures(found, meeting)[-2:] for meeting in held] == [(1, 200), (0, 0), (0, 0), (0, 0)]
    assert found.balances == {hall.wang: 3_000}


def test_an_end_tells_what_it_had_read_when_a_second_desk_wrote_leave_and_undid(hall: Hall, tmp_path: Path) -> None:
    """Nobody signed in at the second desk; what it wrote counts all the same, and the end says that it was read."""
    meeting = hall.opened()
    made = hall.scan(meeting, hall.wang_ming)
    second = second_desk(hall)
    set_leave(second.store, meeting, Comer(hall.li, hall.li_xiuying), "away", now=second.now, by=second.operator)
    undo_sign_in(second.store, made.sign_in_id, "not_here", now=second.now, by=second.operator)
    second.tell()
    hall.begin(meeting)
    hall.end(meeting)
    assert figures(check(hall, tmp_path), meeting) == (3, 0, 0, 1, 2, 0, None, 0, 0)


def test_somebody_earns_when_another_desk_expected_them(hall: Hall, tmp_path: Path) -> None:
    """Two desks opened one meeting; whoever stands on either list is expected, though their own desk did not know."""
    meeting = call_meeting(hall.store, MeetingPlan("members_meeting"), now=hall.now, by=hall.operator)
    second = second_desk(hall)
    open_sign_in(hall.store, meeting, now=hall.now, by=hall.operator)
    with second.store.read() as connection:
        members = connection.exec_driver_sql("SELECT person_id, member_id FROM member").all()
    left = dict(map(tuple, members))[hall.wang_fang]
    with second.store.write(now=second.now, by=second.operator) as act:
        act.append(MemberRegistered(person=hall.zhao_guo, class_code="ordinary"))
        act.append(MemberCorrected(member=left, person=hall.wang_fang, class_code="ordinary", standing="target"))
    open_sign_in(second.store, meeting, now=second.now, by=second.operator)
    assert hall.scan(meeting, hall.zhao_guo).is_observer
    second.tell()
    assert hall.scan(meeting, hall.wang_ming).tally.expected == 4
    hall.begin(meeting)
    hall.end(meeting)
    assert figures(check(hall, tmp_path), meeting) == (4, 2, 0, 0, 2, 0, None, 2, 400)
    assert hall.balance(hall.zhao) == 200


def test_a_household_has_its_points_once_when_it_joined_another(hall: Hall, tmp_path: Path) -> None:
    """Members of a household that joined another are expected of that one, and bring it points once together."""
    merge_household(hall.store, hall.li, hall.wang, now=hall.now, by=hall.operator)
    meeting = hall.opened()
    hall.begin(meeting)
    for person in (hall.wang_ming, hall.li_xiuying):
        hall.scan(meeting, person)
    hall.end(meeting)
    assert figures(check(hall, tmp_path), meeting) == (3, 2, 0, 0, 1, 0, None, 1, 200)
    assert (hall.balance(hall.wang), hall.balance(hall.li)) == (200, 0)
    by_household = hall.opened("villagers_meeting")
    hall.scan(by_household, hall.li_xiuying)
    assert hall.sheet(by_household).tally.present == 1


def test_points_go_where_the_account_is_when_a_household_joins_another_in_the_middle(
    hall: Hall, tmp_path: Path
) -> None:
    """It came as a household of its own, and the award names it; the legs lie on the one it joined."""
    meeting = hall.opened()
    hall.begin(meeting)
    hall.scan(meeting, hall.li_xiuying)
    merge_household(hall.store, hall.li, hall.wang, now=hall.now, by=hall.operator)
    hall.end(meeting)
    assert check(hall, tmp_path).balances == {hall.li: 0, hall.wang: 200}


def test_two_households_share_what_a_cap_leaves_when_they_joined_in_the_middle(hall: Hall, tmp_path: Path) -> None:
    """Each came for itself, and one account has room for three points more this month."""
    hall.give(hall.wang, item="public_cleaning", quantity=2)
    hall.give(hall.wang, item="volunteering", quantity=5)
    hall.give(hall.wang, item="recycling", quantity=4)
    meeting = hall.opened()
    hall.begin(meeting)
    for person in (hall.wang_ming, hall.li_xiuying):
        hall.scan(meeting, person)
    merge_household(hall.store, hall.li, hall.wang, now=hall.now, by=hall.operator)
    hall.end(meeting)
    found = check(hall, tmp_path)
    assert figures(found, meeting)[-2:] == (2, 300)
    assert found.balances[hall.wang] == 3_000


def test_one_on_time_brings_the_points_when_a_late_one_ranks_before(hall: Hall, tmp_path: Path) -> None:
    """Nobody is late at a second desk until it is said there; whoever of the household was on time counts."""
    meeting = hall.opened()
    hall.begin(meeting)
    hall.clock.advance(9 * MINUTE)
    assert hall.scan(meeting, hall.wang_ming).is_late
    second = second_desk(hall)
    comer = Comer(hall.wang, hall.wang_fang)
    assert not sign_in_found(second.store, meeting, comer, now=second.now, by=second.operator).is_late
    second.tell()
    hall.end(meeting)
    assert figures(check(hall, tmp_path), meeting) == (3, 2, 1, 0, 1, 0, None, 1, 200)


def test_a_sign_in_waits_when_it_arrives_after_the_end(hall: Hall, tmp_path: Path) -> None:
    """The second desk had no line; one signature later the member is present and the household has its points."""
    meeting = hall.opened()
    hall.begin(meeting)
    second = second_desk(hall)
    sign_in_found(second.store, meeting, Comer(hall.li, hall.li_xiuying), now=second.now, by=second.operator)
    hall.end(meeting)
    second.tell()
    assert figures(check(hall, tmp_path), meeting) == (3, 0, 0, 0, 3, 0, None, 0, 0)
    [waiting] = list_requests(hall.store)
    assert waiting.kind == "sign_in_after_end"
    signature = Signature(hall.supervisor.badge)
    approve_request(hall.store, waiting.request_id, signature, now=hall.now, by=hall.operator)
    found = check(hall, tmp_path)
    assert figures(found, meeting) == (3, 1, 0, 0, 2, 0, None, 1, 200)
    assert found.rows("requests")[waiting.request_id]["state"] == "approved"


def test_a_correction_brings_points_once_when_it_was_approved_at_two_desks(hall: Hall, tmp_path: Path) -> None:
    """Three days later, at two desks that had not heard of each other."""
    meeting = hall.opened()
    hall.begin(meeting)
    hall.end(meeting)
    correction = Correction(Comer(hall.li, hall.li_xiuying), "no_card", is_late=True)
    request = request_sign_in(hall.store, meeting, correction, now=hall.now, by=hall.operator)
    second, signature = second_desk(hall), Signature(hall.supervisor.badge)
    approve_request(hall.store, request, signature, now=hall.now, by=hall.operator)
    approve_request(second.store, request, signature, now=second.now, by=second.operator)
    second.tell()
    found = check(hall, tmp_path)
    assert figures(found, meeting) == (3, 1, 1, 0, 2, 0, None, 1, 100)
    assert found.balances == {hall.li: 100}


def test_a_restored_desk_ends_the_meeting_when_the_old_one_is_lost(hall: Hall, tmp_path: Path) -> None:
    """What the dead desk had entered after its last copy waits, when its disk is read after all."""
    meeting = hall.opened()
    hall.begin(meeting)
    hall.scan(meeting, hall.wang_ming)
    restored = restored_desk(hall)
    hall.scan(meeting, hall.li_xiuying)
    begin_meeting(restored.store, meeting, now=restored.now, by=restored.operator)
    restored.clock.advance(9 * MINUTE)
    comer = Comer(hall.wang, hall.wang_fang)
    assert sign_in_found(restored.store, meeting, comer, now=restored.now, by=restored.operator).is_late
    end_meeting(restored.store, meeting, now=restored.now, by=restored.operator)
    restored.hear()
    found = check(hall, tmp_path, restored)
    assert figures(found, meeting) == (3, 2, 1, 0, 1, 0, None, 1, 200)
    [waiting] = [row for row in found.rows("requests").values() if row["state"] == "waiting"]
    assert waiting["id"] // 2**33 != restored.village.store.village
    assert waiting["kind"] == "signed_in"


def test_an_end_nobody_heard_of_leaves_one_award_a_household(hall: Hall, tmp_path: Path) -> None:
    """The old desk and the restored one both ended it: the end of lower rank counts, and each household earned once."""
    meeting = hall.opened()
    hall.begin(meeting)
    hall.scan(meeting, hall.wang_ming)
    restored = restored_desk(hall)
    hall.end(meeting)
    comer = Comer(hall.wang, hall.wang_fang)
    unseen = sign_in_found(restored.store, meeting, comer, now=restored.now, by=restored.operator)
    end_meeting(restored.store, meeting, now=restored.now, by=hall.operator)
    restored.tell()
    found = check(hall, tmp_path)
    assert figures(found, meeting) == (3, 1, 0, 0, 2, 0, None, 1, 200)
    assert [each.request_id for each in list_requests(hall.store)] == [unseen.sign_in_id]
    assert found.balances == {hall.wang: 200}
