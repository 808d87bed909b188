"""What follows for meetings, from lines written by hand."""

from typing import TYPE_CHECKING

import pytest

from tests.oracle.desk import Body, Ledger, leg, moved
from tests.oracle.evening import (
    DAY,
    EVENING,
    FANG,
    FIRST,
    GUO,
    LI,
    MING,
    MINUTE,
    WANG,
    XIU,
    A,
    B,
    C,
    Evening,
    begun,
    opened,
)
from tests.oracle.verdict import recompute, render

if TYPE_CHECKING:
    from tests.oracle.strict import Json


def ended() -> Evening:
    """A whole meeting: one of Wang on time and one late, Li on leave, Zhao an observer."""
    evening = begun()
    on_time = evening.come(MING, 0)
    evening.minutes += 6
    evening.come(FANG, 6)
    evening.come(GUO, 6, is_observer=True)
    evening.leave(XIU)
    evening.say("heads_counted", meeting=evening.meeting, heads=4)
    evening.pay(on_time, MING)
    evening.end(3, 2, 1, 1, 0, 1, 1, 200, heads=4)
    return evening


def test_a_meeting_is_recomputed_when_it_went_from_call_to_end() -> None:
    """State, figures, points and how each subject came; and nothing is wrong with it."""
    evening = ended()
    row = evening.row()
    assert evening.faults() == []
    figures = {"expected": 3, "present": 2, "late": 1, "leave": 1, "absent": 0, "observers": 1, "heads": 4}
    assert row | figures | {"state": "ended", "day": DAY, "awards": 1, "points": 200, "unseen": []} == row
    assert evening.came() == {MING: "present", FANG: "late", XIU: "leave", GUO: "observer"}
    paid = {each["subject"]: each["points"] for each in row["attendance"]}
    assert paid == {MING: 200, FANG: 0, XIU: 0, GUO: 0}
    assert (row["attendance"][2]["leave"], row["attendance"][1]["late_minutes"]) == ("farm", 6)


def test_people_read_who_came_when_no_json_is_asked_for() -> None:
    """One line a subject under its meeting."""
    text = render(recompute(ended().file()))
    assert "meetings: 1" in text
    assert f"subject {MING}, household {WANG}, person {MING}, came present" in text


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        ((), "called"),
        (("sign_in_opened",), "open"),
        (("sign_in_opened", "meeting_begun"), "begun"),
        (("sign_in_opened", "meeting_cancelled"), "cancelled"),
        (("meeting_cancelled", "sign_in_opened", "meeting_begun", "meeting_ended"), "ended"),
    ],
)
def test_state_follows_from_the_act_that_weighs_most(acts: tuple[str, ...], state: str) -> None:
    """An end outweighs a cancelling that another desk wrote meanwhile."""
    evening = Evening()
    meeting: Body = {"meeting": evening.meeting}
    more: dict[str, Body] = {
        "sign_in_opened": {"expected": 0},
        "meeting_cancelled": {"reason": "other"},
        "meeting_ended": dict.fromkeys(
            ("expected", "present", "late", "leave", "absent", "observers", "awards", "points"), 0
        )
        | {"closing": []},
    }
    for act in acts:
        evening.say(act, **meeting | more.get(act, {}))
    assert evening.row()["state"] == state


def test_the_first_act_counts_when_two_desks_wrote_it() -> None:
    """Of two ends the one of lowest rank says which sign-ins were seen."""
    evening = begun()
    evening.say("log_begun", log=C, till=2, program="1", continues={"log": A, "seq": evening.head(A)})
    evening.end(3, 0, 0, 0, 3, 0, 0, 0)
    late = evening.come(XIU, log=C)
    evening.pay(late, XIU, log=C)
    second = evening.end(3, 1, 0, 0, 2, 0, 1, 200, log=C, closing={A: evening.head(A) - 1})
    row = evening.row()
    assert row["ended"] != second
    assert (row["present"], row["absent"], row["unseen"], row["points"]) == (0, 3, [late], 200)
    assert evening.faults() == []


def test_a_subject_is_absent_when_two_desks_undid_its_only_sign_in() -> None:
    """Both are kept and say the same; a sign-in after that counts again."""
    evening = opened()
    made = evening.come(MING)
    evening.undo(made)
    evening.undo(made, log=B)
    assert evening.came()[MING] == "absent"
    evening.come(MING)
    assert evening.came()[MING] == "present"
    assert evening.faults() == []


def test_the_first_sign_in_counts_when_two_desks_entered_somebody() -> None:
    """The lower rank counts, whether it was late or not."""
    evening = begun()
    evening.minutes += 9
    evening.come(MING, 9, log=C)
    evening.come(MING, 9, log=B, late_minutes=None, is_late=False)
    assert evening.came()[MING] == "late"


def test_leave_is_what_was_said_last_when_it_was_taken_back() -> None:
    """No reason is no leave, and who comes after all is present."""
    evening = opened()
    evening.leave(MING)
    evening.leave(MING, None, log=B)
    evening.leave(XIU)
    evening.come(XIU)
    assert evening.came() == {MING: "absent", FANG: "absent", XIU: "present"}


def test_a_sign_in_waits_when_the_end_had_not_seen_it() -> None:
    """It counts once somebody let it in, and its household gets its points then."""
    evening = begun()
    evening.end(3, 0, 0, 0, 3, 0, 0, 0)
    unseen = evening.come(XIU, None, log=B)
    assert (evening.row()["unseen"], evening.came()[XIU]) == ([unseen], "absent")
    [waiting] = recompute(evening.file())["villages"][0]["requests"]
    assert (waiting["id"], waiting["kind"], waiting["state"]) == (unseen, "signed_in", "waiting")
    evening.say("request_answered", request=unseen, is_approved=True, signer=4, is_verified=False)
    entered = evening.come(XIU, request=unseen, entry="found")
    evening.pay(entered, XIU)
    assert (evening.came()[XIU], evening.faults()) == ("present", [])
    [answered] = recompute(evening.file())["villages"][0]["requests"]
    assert (answered["state"], answered["sign_in"], evening.row()["points"]) == ("approved", entered, 200)


def test_nobody_waits_when_the_unseen_sign_in_was_undone() -> None:
    """What was taken back asks for nothing."""
    evening = begun()
    evening.end(3, 0, 0, 0, 3, 0, 0, 0)
    evening.undo(evening.come(XIU, None, log=B), log=B)
    assert recompute(evening.file())["villages"][0]["requests"] == []


def test_a_household_is_the_subject_when_no_person_is_named() -> None:
    """In a meeting by households whoever comes first enters the household."""
    evening = Evening()
    attendees: list[Body] = [{"household": WANG}, {"household": LI}]
    evening.say("expected_listed", meeting=evening.meeting, attendees=attendees)
    evening.say("sign_in_opened", meeting=evening.meeting, expected=2)
    who: Body = {"household": WANG, "person": None, "entry": "card"}
    evening.say("signed_in", meeting=evening.meeting, **who)
    assert evening.came() == {WANG: "present", LI: "absent"}


def test_points_count_once_when_a_correction_was_approved_at_two_desks() -> None:
    """The award of lowest rank counts, and neither desk is to blame: they had not heard of each other."""
    evening = begun()
    evening.end(3, 0, 0, 0, 3, 0, 0, 0)
    asked: Body = {"meeting": evening.meeting, "household": LI, "person": XIU, "reason": "forgotten"}
    request = evening.say("sign_in_requested", **asked)
    before = evening.turn
    for log in (A, B):
        evening.turn = before
        evening.say("request_answered", log=log, request=request, is_approved=True, signer=4, is_verified=False)
        evening.pay(evening.come(XIU, log=log, request=request, entry="found"), XIU, log=log)
    assert (evening.row()["awards"], evening.row()["points"], evening.faults()) == (1, 200, [])
    assert recompute(evening.file())["villages"][0]["balances"] == [{"household": LI, "points": 200}]


def test_legs_may_lie_on_the_account_that_was_joined() -> None:
    """The award names the household that came, the points go where its account is."""
    evening = begun()
    sign_in = evening.come(XIU, 0)
    evening.say("household_merged", household=LI, into=WANG, legs=[])
    evening.pay(sign_in, XIU, legs=[leg("household", 200, WANG), leg("issued", -200)])
    evening.end(3, 1, 0, 0, 2, 0, 1, 200)
    assert evening.faults() == []


def test_an_award_may_be_less_when_a_cap_of_the_month_leaves_less() -> None:
    """Four points by another routine item leave one of five; what was reversed leaves more."""
    evening = begun()
    given: Body = {"household": WANG, "scheme": "z", "item": "lane", "points": 400, "legs": moved("issued", WANG, 400)}
    evening.say("points_awarded", **given)
    taken = evening.say("points_awarded", **given)
    evening.say("award_reversed", award=taken, household=WANG, points=400, legs=moved("issued", WANG, -400))
    sign_in = evening.come(MING, 0)
    evening.pay(sign_in, MING, 100, item="meeting_on_time")
    evening.end(3, 1, 0, 0, 2, 0, 1, 100)
    assert evening.faults() == []


def test_a_cap_is_one_when_two_households_became_one() -> None:
    """Four points of the household that joined leave the other one of five."""
    evening = begun()
    given: Body = {"household": LI, "scheme": "z", "item": "lane", "points": 400, "legs": moved("issued", LI, 400)}
    evening.say("points_awarded", **given)
    evening.say("household_merged", household=LI, into=WANG, legs=[])
    evening.pay(evening.come(MING, 0), MING, 100, item="meeting_on_time")
    evening.end(3, 1, 0, 0, 2, 0, 1, 100)
    assert evening.faults() == []


def test_a_cap_has_room_again_when_what_filled_it_counts_elsewhere() -> None:
    """Another desk had paid the same request first, and next month: its award counts, not the one of this month."""
    evening = begun()
    asked: Body = {"household": WANG, "scheme": "z", "item": "lane", "points": 400, "request": 9}
    legs = moved("issued", WANG, 400)
    evening.say("points_awarded", log=B, head={"day": "2026-12-01"}, **asked, legs=legs)
    evening.say("points_awarded", **asked, legs=legs)
    sign_in = evening.come(MING, 0)
    evening.pay(sign_in, MING)
    evening.end(3, 1, 0, 0, 2, 0, 1, 200, closing={B: 1})
    assert evening.faults() == []


def test_nothing_is_missing_when_a_cap_leaves_nothing() -> None:
    """The household is counted and gets no points."""
    evening = begun()
    legs = moved("issued", WANG, 500)
    evening.say("points_awarded", household=WANG, scheme="z", item="lane", points=500, legs=legs)
    evening.come(MING, 0)
    evening.end(3, 1, 0, 0, 2, 0, 0, 0)
    assert evening.faults() == []


def test_an_item_of_its_own_cap_and_day_is_what_may_be_given() -> None:
    """A later item of the scheme holds from its day on, with a cap of its own."""
    evening = begun(cap=None)
    evening.item("meeting_on_time", 350, from_day=DAY, monthly_cap=300)
    evening.item("meeting_on_time", 900, from_day="2026-11-23")
    evening.pay(evening.come(MING, 0), MING, 300)
    evening.end(3, 1, 0, 0, 2, 0, 1, 300)
    assert evening.faults() == []


def test_a_county_scheme_counts_when_the_award_had_seen_it() -> None:
    """`ref` says how far the county had been heard."""
    common = Ledger(village=0)
    for code, points in (("meeting_on_time", 250), ("meeting_late", 150)):
        said: Json = FIRST | {"from_day": "2026-01-01", "code": code, "group": "g", "position": 1, "points": points}
        common.add("scheme_item_set", log=0, **said)
    loaded: Json = FIRST | {"from_day": "2026-01-01", "audience": "household", "digest": "d", "items": 2, "rules": []}
    common.add("scheme_loaded", log=0, **loaded)
    for ref, points, expected in ((3, 250, []), (0, 200, []), (3, 200, ["attendance_points_differ"])):
        evening = begun()
        sign_in = evening.come(MING, 0)
        evening.pay(sign_in, MING, points, head={"ref": [ref, 0]})
        evening.end(3, 1, 0, 0, 2, 0, 1, points, head={"ref": [ref, 0]})
        found = recompute(common.file() + evening.file())["faults"]
        assert [each["code"] for each in found] == expected


@pytest.mark.parametrize(
    ("minutes", "head", "late"),
    [
        (5, {}, 5),
        (6, {}, 6),
        (9, {"boot": 2}, None),
        (9, {"at": EVENING - 99 * MINUTE}, 9),
    ],
)
def test_minutes_are_told_by_the_clock_nobody_can_set(minutes: int, head: Body, late: int | None) -> None:
    """After a restart, and at another desk, nobody is late until somebody says so there."""
    evening = begun()
    evening.minutes += minutes
    evening.come(MING, late, head=head)
    assert evening.faults() == []
    wrong = begun()
    wrong.minutes += minutes
    wrong.come(MING, 3 if late is None else late + 1, head=head)
    assert wrong.faults() == ["lateness_differs"]


def test_nobody_is_late_at_a_second_desk_until_it_is_said_there() -> None:
    """Nor after a restart; then the time counts from what was said there, however long the meeting has lasted."""
    evening = begun()
    evening.minutes += 9
    evening.come(MING, None, log=B)
    evening.begin(log=B)
    evening.begin(head={"boot": 2})
    evening.minutes += 6
    evening.come(XIU, 6, log=B)
    evening.come(FANG, 6, head={"boot": 2})
    assert evening.faults() == []
    wrong = begun()
    wrong.minutes += 9
    wrong.come(MING, 9, log=B)
    assert wrong.faults() == ["lateness_differs"]
