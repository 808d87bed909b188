"""What no desk may have written of a meeting is found, and nothing else is: each case breaks one thing of it."""

from collections.abc import Callable

import pytest

from tests.oracle.desk import moved
from tests.oracle.evening import FANG, GUO, LI, MING, XIU, A, B, Evening, begun, opened


def marked_late(evening: Evening) -> None:
    """Somebody who came two minutes after the beginning is called late."""
    evening.come(MING, 2, is_late=True)


def not_marked_late(evening: Evening) -> None:
    """Somebody who came eight minutes after the beginning is not called late."""
    evening.minutes += 8
    evening.come(MING, 8, is_late=False)


def late_before_the_beginning(evening: Evening) -> None:
    """Minutes are counted before anybody began."""
    evening.come(MING, 8)


def a_stack_not_marked(evening: Evening) -> None:
    """Two cards within a second, and nobody can see that."""
    evening.come(MING, 0, head={"mono": 30_000})
    evening.come(FANG, 0, head={"mono": 31_000}, entry="book")


def chosen_and_marked(evening: Evening) -> None:
    """Somebody chosen from a list is called a card of a stack."""
    evening.come(MING, 0, head={"mono": 30_000})
    evening.come(FANG, 0, head={"mono": 31_000}, entry="found", is_fast=True)


def called_an_observer(evening: Evening) -> None:
    """Somebody expected is called an observer."""
    evening.come(MING, 0, is_observer=True)


def called_expected(evening: Evening) -> None:
    """Somebody whom nobody expected is not called an observer."""
    evening.come(GUO, 0)


def entered_twice(evening: Evening) -> None:
    """One desk enters the same person twice."""
    evening.come(MING, 0)
    evening.come(MING, 0)


def figures(evening: Evening) -> None:
    """One is said to be present, and nobody came."""
    evening.end(3, 1, 0, 0, 2, 0, 0, 0)


def heads(evening: Evening) -> None:
    """Heads are said that nobody counted."""
    evening.end(3, 0, 0, 0, 3, 0, 0, 0, heads=3)


def an_undone_one_counted(evening: Evening) -> None:
    """A sign-in that was taken back is counted."""
    evening.undo(evening.come(XIU, 0))
    evening.end(3, 1, 0, 0, 2, 0, 0, 0)


def awards(evening: Evening) -> None:
    """One award was made, two are said."""
    evening.pay(evening.come(MING, 0), MING)
    evening.end(3, 1, 0, 0, 2, 0, 2, 400)


def closing_behind_itself(evening: Evening) -> None:
    """The end says it had not read what its own log holds."""
    evening.end(3, 0, 0, 0, 3, 0, 0, 0, closing={A: 3})


def closing_beyond_its_turn(evening: Evening) -> None:
    """The end says it had read what ranks after it."""
    evening.say("log_begun", log=B, till=2, program="1")
    evening.come(MING, None, log=B)
    evening.turn -= 1
    evening.end(3, 1, 0, 0, 2, 0, 0, 0, closing={B: 2})


def nobody_paid(evening: Evening) -> None:
    """Somebody came, and the household has no points."""
    evening.come(XIU, 0)
    evening.end(3, 1, 0, 0, 2, 0, 0, 0)


def paid_without_a_sign_in(evening: Evening) -> None:
    """Another household has the points."""
    evening.pay(evening.come(MING, 0), XIU)
    evening.end(3, 1, 0, 0, 2, 0, 1, 200)


def paid_by_an_undone_one(evening: Evening) -> None:
    """The sign-in that brought the points was taken back before."""
    sign_in = evening.come(XIU, 0)
    evening.undo(sign_in)
    evening.pay(sign_in, XIU)
    evening.end(3, 0, 0, 0, 3, 0, 1, 200)


def an_observer_paid(evening: Evening) -> None:
    """An observer brings points."""
    evening.pay(evening.come(GUO, 0, is_observer=True), GUO)
    evening.end(3, 0, 0, 0, 3, 1, 1, 200)


def paid_by_the_late_one(evening: Evening) -> None:
    """The late one of a household brings its points, though another was on time."""
    evening.come(MING, 0)
    evening.minutes += 6
    evening.pay(evening.come(FANG, 6), FANG, 100)
    evening.end(3, 2, 1, 0, 1, 0, 1, 100)


def paid_before_the_end(evening: Evening) -> None:
    """Points are written, and the meeting goes on."""
    evening.pay(evening.come(MING, 0), MING)
    evening.come(XIU, 0)


def paid_too_much(evening: Evening) -> None:
    """Three points instead of two."""
    evening.pay(evening.come(MING, 0), MING, 300)
    evening.end(3, 1, 0, 0, 2, 0, 1, 300)


def paid_too_little(evening: Evening) -> None:
    """One point instead of two, and no cap leaves less."""
    evening.pay(evening.come(MING, 0), MING, 100, item="meeting_on_time")
    evening.end(3, 1, 0, 0, 2, 0, 1, 100)


def paid_as_if_on_time(evening: Evening) -> None:
    """The late one brings the points of those on time."""
    evening.minutes += 6
    evening.pay(evening.come(MING, 6), MING, 200)
    evening.end(3, 1, 1, 0, 2, 0, 1, 200)


def paid_to_another(evening: Evening) -> None:
    """The legs lie on a household that nobody joined."""
    evening.pay(evening.come(MING, 0), MING, legs=moved("issued", LI, 200))
    evening.end(3, 1, 0, 0, 2, 0, 1, 200)


def paid_twice(evening: Evening) -> None:
    """One desk pays a household twice for one meeting."""
    sign_in = evening.come(MING, 0)
    evening.pay(sign_in, MING)
    evening.pay(sign_in, MING)
    evening.end(3, 1, 0, 0, 2, 0, 2, 400)


def a_committee_paid(evening: Evening) -> None:
    """A meeting that is work brings points."""
    evening.end(3, 0, 0, 0, 3, 0, 0, 0)
    evening.meeting = evening.call("committee_meeting")
    evening.open(MING)
    evening.begin()
    evening.pay(evening.come(MING, 0), MING)
    evening.end(1, 1, 0, 0, 0, 0, 1, 200)


def unsigned(evening: Evening) -> None:
    """Somebody is entered after the end, and nobody approved it."""
    evening.end(3, 0, 0, 0, 3, 0, 0, 0)
    request = evening.say("sign_in_requested", meeting=evening.meeting, household=LI, person=XIU, reason="power")
    evening.come(XIU, request=request)


def not_as_asked(evening: Evening) -> None:
    """Somebody else is entered than was asked for."""
    evening.end(3, 0, 0, 0, 3, 0, 0, 0)
    request = evening.say("sign_in_requested", meeting=evening.meeting, household=LI, person=XIU, reason="power")
    evening.say("request_answered", request=request, is_approved=True, signer=4, is_verified=False)
    evening.come(MING, request=request)


def after_the_end(evening: Evening) -> None:
    """A desk that ended the meeting enters somebody more."""
    evening.end(3, 0, 0, 0, 3, 0, 0, 0)
    evening.come(MING, 0)


def ended_twice(evening: Evening) -> None:
    """A desk ends the meeting again."""
    evening.end(3, 0, 0, 0, 3, 0, 0, 0)
    evening.end(3, 0, 0, 0, 3, 0, 0, 0)


def ended_elsewhere(evening: Evening) -> None:
    """Another desk ends it than the one that opened sign-in."""
    evening.end(3, 0, 0, 0, 3, 0, 0, 0, log=B, closing={A: evening.head(A)})


def not_open(evening: Evening) -> None:
    """Somebody is entered, and sign-in was never opened."""
    evening.come(MING, is_observer=True)


def not_begun(evening: Evening) -> None:
    """A meeting ends that never began."""
    evening.end(3, 0, 0, 0, 3, 0, 0, 0)


def two_open(evening: Evening) -> None:
    """A desk opens a second meeting while the first goes on."""
    evening.meeting = evening.call()
    evening.open(MING)


def list_and_opening(evening: Evening) -> None:
    """One is listed, two are said to be expected."""
    evening.open(MING, expected=2)


@pytest.mark.parametrize(
    ("start", "spoil", "codes"),
    [
        (begun, marked_late, ["lateness_differs"]),
        (begun, not_marked_late, ["lateness_differs"]),
        (opened, late_before_the_beginning, ["lateness_differs"]),
        (begun, a_stack_not_marked, ["pace_differs"]),
        (begun, chosen_and_marked, ["pace_differs"]),
        (begun, called_an_observer, ["observer_differs"]),
        (begun, called_expected, ["observer_differs"]),
        (begun, entered_twice, ["signed_in_twice"]),
        (begun, figures, ["meeting_figures_differ"]),
        (begun, heads, ["meeting_figures_differ"]),
        (begun, an_undone_one_counted, ["meeting_figures_differ"]),
        (begun, awards, ["meeting_awards_differ"]),
        (begun, closing_behind_itself, ["meeting_figures_differ", "closing_differs"]),
        (begun, closing_beyond_its_turn, ["closing_differs", "attendance_missing"]),
        (begun, nobody_paid, ["attendance_missing"]),
        (begun, paid_without_a_sign_in, ["attendance_without_sign_in", "attendance_missing"]),
        (begun, paid_by_an_undone_one, ["attendance_without_sign_in"]),
        (begun, an_observer_paid, ["attendance_without_sign_in"]),
        (begun, paid_by_the_late_one, ["attendance_without_sign_in"]),
        (begun, paid_before_the_end, ["attendance_without_end"]),
        (begun, paid_too_much, ["attendance_points_differ"]),
        (begun, paid_too_little, ["attendance_points_differ"]),
        (begun, paid_as_if_on_time, ["attendance_points_differ"]),
        (begun, paid_to_another, ["attendance_misplaced"]),
        (begun, paid_twice, ["attendance_twice"]),
        (begun, a_committee_paid, ["attendance_not_earned"]),
        (begun, unsigned, ["sign_in_unsigned"]),
        (begun, not_as_asked, ["sign_in_not_as_asked"]),
        (begun, after_the_end, ["meeting_was_over"]),
        (begun, ended_twice, ["meeting_was_over"]),
        (begun, ended_elsewhere, ["meeting_elsewhere"]),
        (Evening, not_open, ["meeting_not_open"]),
        (opened, not_begun, ["meeting_not_begun"]),
        (begun, two_open, ["meeting_left_open"]),
        (Evening, list_and_opening, ["expected_differs"]),
    ],
)
def test_a_fault_is_told_when_one_thing_is_wrong(
    start: Callable[[], Evening], spoil: Callable[[Evening], None], codes: list[str]
) -> None:
    """And nothing else is told."""
    evening = start()
    spoil(evening)
    assert evening.faults() == codes
