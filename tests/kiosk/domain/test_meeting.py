"""A meeting from its call to its end, as a village holds it."""

from pathlib import Path

import pytest

from db.store import rebuild
from kiosk.domain.attendance import Tally
from kiosk.domain.meeting import (
    MeetingPlan,
    begin_meeting,
    call_meeting,
    cancel_meeting,
    count_heads,
    list_meetings,
    meeting_here,
    open_sign_in,
    open_unplanned,
)
from kiosk.domain.meeting_end import HeadsDiffer, MeetingOver, end_counted, end_left_open
from kiosk.domain.period import open_day
from kiosk.errors import NotAllowed, Refused
from tests.kiosk.domain.hall import MINUTE, Hall
from tests.kiosk.domain.office import office_in


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """A hall with three members."""
    return office_in(tmp_path / "hall", Hall)


def test_members_are_expected_when_sign_in_of_a_members_meeting_opens(hall: Hall) -> None:
    """Full and probationary ones count, whoever else lives there does not."""
    meeting = hall.opened()
    assert hall.sheet(meeting).tally == Tally(expected=3, present=0, late=0, leave=0, observers=0)
    assert [line.name for line in hall.sheet(meeting).lines] == ["王明", "王芳", "李秀英"]


@pytest.mark.parametrize(
    ("template", "groups", "names"),
    [
        ("committee_meeting", (), ["王明"]),
        ("villagers_meeting", (), ["王明", "李秀", "赵国"]),
        ("villagers_meeting", (4,), ["赵国"]),
        ("group_meeting", (3,), ["王明", "王芳", "李秀英"]),
        ("villagers_by_person", (4,), ["赵国"]),
    ],
)
def test_audience_of_the_template_is_expected_when_sign_in_opens(
    hall: Hall, template: str, groups: tuple[int, ...], names: list[str]
) -> None:
    """Each kind of meeting expects its own people."""
    assert [line.name for line in hall.sheet(hall.opened(template, groups)).lines] == names


def test_nobody_is_late_when_the_meeting_itself_begins_late(hall: Hall) -> None:
    """Only the time after the beginning counts, by the clock nobody can set."""
    meeting = hall.opened()
    hall.clock.advance(20 * MINUTE)
    assert not hall.scan(meeting, hall.wang_ming).is_late
    hall.begin(meeting)
    hall.clock.set_wall(0)
    hall.clock.advance(5 * MINUTE)
    made = hall.scan(meeting, hall.wang_fang)
    assert (made.is_late, made.late_minutes) == (False, 5)
    hall.clock.advance(MINUTE)
    made = hall.scan(meeting, hall.li_xiuying)
    assert (made.is_late, made.late_minutes, made.tally) == (True, 6, Tally(3, 3, 1, 0, 0))


def test_nobody_is_late_when_power_failed_until_somebody_says_so_again(hall: Hall) -> None:
    """Time since the start of the machine begins anew, and no wall clock decides about points."""
    meeting = hall.opened()
    hall.begin(meeting)
    with pytest.raises(Refused, match="meeting_has_begun"):
        hall.begin(meeting)
    hall.clock.reboot()
    hall.clock.advance(10 * MINUTE)
    made = hall.scan(meeting, hall.wang_ming)
    assert (made.is_late, made.late_minutes) == (False, None)
    hall.begin(meeting)
    hall.clock.advance(6 * MINUTE)
    made = hall.scan(meeting, hall.wang_fang)
    assert (made.is_late, made.late_minutes) == (True, 6)
    shown = hall.sheet(meeting).meeting
    assert (shown.state, len(shown.begins)) == ("begun", 2)
    assert shown.acts["begun"].stamp.boot < shown.begins[1].stamp.boot


def test_points_go_to_a_household_once_when_the_meeting_ends(hall: Hall) -> None:
    """Two members of one household bring it the points of the one on time; who stays away brings none."""
    meeting = hall.opened()
    hall.begin(meeting)
    hall.clock.advance(2 * MINUTE)
    hall.scan(meeting, hall.wang_fang)
    hall.clock.advance(10 * MINUTE)
    hall.scan(meeting, hall.wang_ming)
    over = hall.end(meeting)
    assert (over.awards, over.points, over.tally) == (1, 200, Tally(3, 2, 1, 0, 0))
    assert over.tally.absent == 1
    assert (hall.balance(hall.wang), hall.balance(hall.li)) == (200, 0)
    entry = hall.account(hall.wang).entries[0]
    assert (entry.kind, entry.item_code, entry.can_be_reversed) == ("attendance_awarded", "meeting_on_time", True)


def test_late_comer_brings_less_when_nobody_of_the_household_was_on_time(hall: Hall) -> None:
    """One point instead of two."""
    meeting = hall.opened()
    hall.begin(meeting)
    hall.clock.advance(10 * MINUTE)
    hall.scan(meeting, hall.li_xiuying)
    assert hall.end(meeting).points == 100


def test_nothing_is_posted_twice_when_the_end_is_run_again(hall: Hall) -> None:
    """A meeting ends once, with all its points or with none."""
    meeting = hall.opened()
    hall.begin(meeting)
    hall.scan(meeting, hall.wang_ming)
    hall.end(meeting)
    with pytest.raises(Refused, match="meeting_has_ended"):
        hall.end(meeting)
    assert hall.balance(hall.wang) == 200


def test_cap_of_the_month_leaves_less_when_it_is_near(hall: Hall) -> None:
    """Routine points end at thirty a month; a household over it is counted, not refused."""
    hall.give(hall.wang, item="public_cleaning", quantity=2)
    hall.give(hall.wang, item="volunteering", quantity=6)
    for expected in (200, 0):
        meeting = hall.opened("villagers_meeting")
        hall.begin(meeting)
        hall.enter(meeting, hall.wang)
        over = hall.end(meeting)
        assert (over.points, over.capped) == (expected, 0 if expected else 1)


def test_committee_meeting_brings_no_points_when_it_ends(hall: Hall) -> None:
    """It is work, not attendance."""
    meeting = hall.opened("committee_meeting")
    hall.begin(meeting)
    hall.scan(meeting, hall.wang_ming)
    over = hall.end(meeting)
    assert (over.awards, over.points) == (0, 0)


def test_difference_is_told_when_the_heads_counted_are_not_those_who_signed_in(hall: Hall) -> None:
    """The count by hand is kept beside the scans, whoever is right."""
    meeting = hall.opened()
    hall.begin(meeting)
    hall.scan(meeting, hall.wang_ming)
    count_heads(hall.store, meeting, 2, now=hall.now, by=hall.operator)
    over = hall.end(meeting)
    assert (over.heads, over.differs) == (2, True)


def test_second_meeting_is_refused_when_one_is_open(hall: Hall) -> None:
    """A scan must belong to one meeting."""
    meeting = hall.opened()
    with pytest.raises(Refused, match="meeting_is_open"):
        hall.opened("villagers_meeting")
    cancel_meeting(hall.store, meeting, "mistake", now=hall.now, by=hall.operator)
    assert hall.opened("villagers_meeting") != meeting


def test_meeting_stays_open_when_the_day_changes_in_the_middle(hall: Hall) -> None:
    """Midnight, a new business day, a rebuilt store: the meeting waits for its end."""
    meeting = hall.opened()
    hall.begin(meeting)
    hall.scan(meeting, hall.wang_ming)
    open_day(hall.store, "2026-11-25", now=hall.now, by=hall.operator)
    rebuild(hall.store)
    here = meeting_here(hall.store)
    assert here is not None
    assert (here.meeting_id, here.state, here.day) == (meeting, "begun", "2026-11-22")
    assert hall.end(meeting).points == 200


def test_planned_meeting_goes_from_call_to_end_when_its_day_comes(hall: Hall) -> None:
    """Called with a day, an hour and a topic, it is on the list until it has ended."""
    plan = MeetingPlan("theme_day", day="2026-11-25", hour="09:00", topic="学习")
    meeting = call_meeting(hall.store, plan, now=hall.now, by=hall.operator)
    [listed] = list_meetings(hall.store)
    assert (listed.state, listed.planned_hour, listed.topic) == ("called", "09:00", "学习")
    assert meeting_here(hall.store) is None
    assert open_sign_in(hall.store, meeting, now=hall.now, by=hall.operator) == 3
    hall.begin(meeting)
    hall.end(meeting)
    assert [each.state for each in list_meetings(hall.store)] == ["ended"]
    assert meeting_here(hall.store) is None


def test_meeting_is_refused_when_the_call_makes_no_sense(hall: Hall) -> None:
    """Each refusal has its code."""
    cases = [
        (MeetingPlan("picnic"), "meeting_template_unknown"),
        (MeetingPlan("theme_day", groups=(3,)), "meeting_has_no_groups"),
        (MeetingPlan("theme_day", day="2026-11-21"), "meeting_day_passed"),
        (MeetingPlan("theme_day", day="2026-11-31"), "meeting_day_passed"),
        (MeetingPlan("theme_day", hour="24:00"), "meeting_hour_wrong"),
        (MeetingPlan("theme_day", hour="9:00"), "meeting_hour_wrong"),
        (MeetingPlan("villagers_meeting", groups=(9,)), "nobody_expected"),
    ]
    for plan, code in cases:
        with pytest.raises(Refused, match=code):
            open_unplanned(hall.store, plan, now=hall.now, by=hall.operator)
    assert list_meetings(hall.store) == ()


def test_step_is_refused_when_the_one_before_is_missing(hall: Hall) -> None:
    """Begin before opening, end before beginning, twice, after cancelling."""
    meeting = call_meeting(hall.store, MeetingPlan("theme_day"), now=hall.now, by=hall.operator)
    with pytest.raises(Refused, match="meeting_not_open"):
        hall.begin(meeting)
    open_sign_in(hall.store, meeting, now=hall.now, by=hall.operator)
    with pytest.raises(Refused, match="meeting_was_opened"):
        open_sign_in(hall.store, meeting, now=hall.now, by=hall.operator)
    with pytest.raises(Refused, match="meeting_not_begun"):
        hall.end(meeting)
    hall.begin(meeting)
    with pytest.raises(Refused, match="meeting_has_begun"):
        hall.begin(meeting)
    with pytest.raises(Refused, match="heads_wrong"):
        count_heads(hall.store, meeting, -1, now=hall.now, by=hall.operator)
    with pytest.raises(Refused, match="reason_unknown"):
        cancel_meeting(hall.store, meeting, "bored", now=hall.now, by=hall.operator)  # type: ignore[arg-type]  # because the test sends a wrong word
    cancel_meeting(hall.store, meeting, "too_few", now=hall.now, by=hall.operator)
    with pytest.raises(Refused, match="meeting_is_cancelled"):
        hall.begin(meeting)
    with pytest.raises(Refused, match="meeting_unknown"):
        begin_meeting(hall.store, 77, now=hall.now, by=hall.operator)


def test_end_asks_for_a_badge_when_the_operator_may_not_end_meetings(hall: Hall) -> None:
    """The volunteer opens and begins; points are posted under a secretary's name."""
    meeting = hall.opened()
    hall.begin(meeting)
    helper = hall.helper.operator_id
    with pytest.raises(NotAllowed, match="right_missing"):
        hall.end(meeting, by=helper)
    with pytest.raises(NotAllowed, match="right_missing"):
        hall.end(meeting, by=helper, badge=hall.supervisor.badge)
    second = hall.add("孙书记", "secretary")
    assert hall.end(meeting, by=helper, badge=second.badge).meeting_id == meeting


def test_nothing_happens_when_no_day_is_open(hall: Hall) -> None:
    """Whoever holds a meeting opens the day first."""
    from kiosk.domain.period import close_day

    close_day(hall.store, now=hall.now, by=hall.operator)
    with pytest.raises(Refused, match="day_not_open"):
        hall.opened()


def test_meeting_ends_at_once_when_as_many_were_counted_as_signed_in(hall: Hall) -> None:
    """One key after the count; observers sit in the room too."""
    meeting = hall.opened()
    hall.begin(meeting)
    hall.scan(meeting, hall.wang_ming)
    hall.scan(meeting, hall.zhao_guo)
    over = end_counted(hall.store, meeting, 2, now=hall.now, by=hall.operator)
    assert isinstance(over, MeetingOver)
    assert (over.heads, over.differs, over.points) == (2, False, 200)


def test_meeting_goes_on_when_more_were_counted_than_signed_in(hall: Hall) -> None:
    """The count is kept, nobody needs the right to end it for that, and the forgotten one may still sign in."""
    meeting = hall.opened()
    hall.begin(meeting)
    hall.scan(meeting, hall.wang_ming)
    helper = hall.helper.operator_id
    found = end_counted(hall.store, meeting, 2, now=hall.now, by=helper)
    assert isinstance(found, HeadsDiffer)
    assert (found.heads, found.tally.present) == (2, 1)
    here = meeting_here(hall.store)
    assert here is not None
    assert (here.state, here.heads) == ("begun", 2)
    hall.scan(meeting, hall.li_xiuying)
    with pytest.raises(NotAllowed, match="right_missing"):
        end_counted(hall.store, meeting, 2, now=hall.now, by=helper)
    second = hall.add("孙书记", "secretary")
    over = end_counted(hall.store, meeting, 2, second.badge, now=hall.now, by=helper)
    assert isinstance(over, MeetingOver)
    assert over.points == 400


def test_count_that_cannot_be_is_refused_when_the_meeting_ends_with_it(hall: Hall) -> None:
    """Nothing is written."""
    meeting = hall.opened()
    with pytest.raises(Refused, match="meeting_not_begun"):
        end_counted(hall.store, meeting, 1, now=hall.now, by=hall.operator)
    hall.begin(meeting)
    with pytest.raises(Refused, match="heads_wrong"):
        end_counted(hall.store, meeting, 10_000, now=hall.now, by=hall.operator)
    assert hall.sheet(meeting).meeting.heads is None


@pytest.mark.parametrize("is_begun", [True, False])
def test_meeting_nobody_ended_is_ended_when_its_day_has_passed(hall: Hall, *, is_begun: bool) -> None:
    """Days later, by one action: who signed in gets the points, also where nobody pressed begin."""
    meeting = hall.opened()
    hall.scan(meeting, hall.wang_ming)
    if is_begun:
        hall.begin(meeting)
    else:
        with pytest.raises(Refused, match="meeting_not_begun"):
            end_left_open(hall.store, meeting, now=hall.now, by=hall.operator)
    open_day(hall.store, "2026-11-25", now=hall.now, by=hall.operator)
    with pytest.raises(NotAllowed, match="right_missing"):
        end_left_open(hall.store, meeting, now=hall.now, by=hall.helper.operator_id)
    assert hall.sheet(meeting).meeting.state == ("begun" if is_begun else "open")
    over = end_left_open(hall.store, meeting, 1, now=hall.now, by=hall.operator)
    assert (over.points, over.heads, over.tally.late) == (200, 1, 0)
    assert hall.sheet(meeting).meeting.state == "ended"


def test_meeting_that_is_not_over_is_listed_however_many_were_called_since(hall: Hall) -> None:
    """A year that was planned in January is there in December; of those that are over only the last."""
    first = call_meeting(hall.store, MeetingPlan("theme_day", day="2026-11-30"), now=hall.now, by=hall.operator)
    over = []
    for _ in range(3):
        over.append(call_meeting(hall.store, MeetingPlan("theme_day"), now=hall.now, by=hall.operator))
        cancel_meeting(hall.store, over[-1], "mistake", now=hall.now, by=hall.operator)
    last = hall.opened()
    assert [each.meeting_id for each in list_meetings(hall.store, 2)] == [last, first, over[2], over[1]]
    assert [each.state for each in list_meetings(hall.store, 1)] == ["open", "called", "cancelled"]


def test_only_the_desk_that_opened_sign_in_ends_or_cancels_when_there_are_two(hall: Hall) -> None:
    """The other one signs in, and says for itself from when people are late."""
    meeting = hall.opened()
    hall.begin(meeting)
    hall.clock.advance(9 * MINUTE)
    hall.become_second_desk()
    here = meeting_here(hall.store)
    assert here is not None
    assert here.meeting_id == meeting
    made = hall.scan(meeting, hall.wang_ming)
    assert (made.late_minutes, made.tally.present) == (None, 1)
    hall.begin(meeting)
    hall.clock.advance(6 * MINUTE)
    assert hall.scan(meeting, hall.li_xiuying).late_minutes == 6
    for act in (
        lambda: hall.end(meeting),
        lambda: end_counted(hall.store, meeting, 2, now=hall.now, by=hall.operator),
        lambda: end_left_open(hall.store, meeting, now=hall.now, by=hall.operator),
        lambda: cancel_meeting(hall.store, meeting, "mistake", now=hall.now, by=hall.operator),
    ):
        with pytest.raises(NotAllowed, match="meeting_elsewhere"):
            act()
    assert hall.opened("theme_day") != meeting
