"""Suspension for a term: who may not act, from when, until when, and that it ends by itself."""

from pathlib import Path

import pytest

from kiosk.domain.opening import operator_of_badge
from kiosk.domain.operators import appoint_operator, list_operators
from kiosk.domain.period import open_day
from kiosk.domain.suspension import (
    Term,
    lift_suspension,
    months_later,
    require_serving,
    suspend_operator,
)
from kiosk.domain.terminal import OperatorMade, operator_by_badge
from kiosk.errors import NotAllowed, Refused
from tests.recomputed import recompute
from tests.village import DAY, VILLAGE, Village

MONTH = Term("2026-11-22", "2026-12-21", "absent")
DAY_MILLISECONDS = 86_400_000


@pytest.fixture
def village(tmp_path: Path) -> Village:
    """A village with a secretary."""
    return Village(tmp_path / "desk")


@pytest.fixture
def helper(village: Village) -> OperatorMade:
    """A volunteer."""
    person = village.person(village.household(3, 12, "王明"), "陈芳")
    return appoint_operator(village.store, person, "attendant", now=village.now, by=village.operator)


def code_of_desk(village: Village, helper: OperatorMade) -> str:
    """Say how the desk answers the badge at this moment."""
    try:
        shown = operator_of_badge(village.store, helper.badge)
        require_serving(village.store, shown.operator_id, village.now)
    except NotAllowed as refused:
        return f"{refused.code} {refused.parameters['until']}"
    return "welcome"


def test_a_badge_is_refused_when_its_owner_is_suspended_and_again_works_after_the_term(
    village: Village, helper: OperatorMade, tmp_path: Path
) -> None:
    """At the desk, as a signer, and for everything that is written; the day after the term all is as before."""
    suspend_operator(village.store, helper.operator_id, MONTH, now=village.now, by=village.operator)
    assert code_of_desk(village, helper) == "operator_suspended 2026-12-21"
    with village.store.read() as connection, pytest.raises(NotAllowed, match="operator_suspended"):
        operator_by_badge(connection, VILLAGE, helper.badge)
    with pytest.raises(NotAllowed, match="operator_suspended"):
        open_day(village.store, "2026-12-21", now=village.now, by=helper.operator_id)
    village.clock.advance(30 * DAY_MILLISECONDS)
    assert code_of_desk(village, helper) == "welcome"
    open_day(village.store, "2026-12-22", now=village.now, by=helper.operator_id)
    recomputed = recompute(village.store, tmp_path)
    assert recomputed.faults == []
    row = recomputed.rows("operators")[helper.operator_id]
    assert (row["from_day"], row["until_day"], row["reason"]) == ("2026-11-22", "2026-12-21", "absent")


def test_somebody_serves_again_when_the_suspension_is_lifted(village: Village, helper: OperatorMade) -> None:
    """The last word holds; who is not suspended has nothing to be lifted."""
    suspend_operator(village.store, helper.operator_id, MONTH, now=village.now, by=village.operator)
    assert [each.suspended_until for each in list_operators(village.store)] == [None, "2026-12-21"]
    lift_suspension(village.store, helper.operator_id, now=village.now, by=village.operator)
    assert code_of_desk(village, helper) == "welcome"
    with pytest.raises(Refused, match="operator_not_suspended"):
        lift_suspension(village.store, helper.operator_id, now=village.now, by=village.operator)


@pytest.mark.parametrize(
    "term",
    [
        Term(DAY, "2026-11-21", "rude"),
        Term("2026-10-01", "2026-11-21", "rude"),
        Term(DAY, "2027-11-22", "rude"),
        Term(DAY, "2026-13-22", "rude"),
    ],
)
def test_a_term_is_refused_when_it_cannot_be(village: Village, helper: OperatorMade, term: Term) -> None:
    """Backwards, over already, longer than any county knows, or no day of the calendar."""
    with pytest.raises(Refused, match="suspension_term_wrong"):
        suspend_operator(village.store, helper.operator_id, term, now=village.now, by=village.operator)


def test_only_others_are_suspended_when_the_secretary_says_so(village: Village, helper: OperatorMade) -> None:
    """Nobody locks themselves out, and nobody unknown is suspended."""
    with pytest.raises(NotAllowed, match="operator_is_self"):
        suspend_operator(village.store, village.operator, MONTH, now=village.now, by=village.operator)
    with pytest.raises(Refused, match="operator_unknown"):
        suspend_operator(village.store, 7, MONTH, now=village.now, by=village.operator)
    with pytest.raises(NotAllowed, match="right_missing"):
        suspend_operator(village.store, village.operator, MONTH, now=village.now, by=helper.operator_id)


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [("2026-11-22", 1, "2026-12-21"), ("2026-11-30", 3, "2027-02-28"), ("2026-12-01", 1, "2026-12-31")],
)
def test_a_term_of_months_ends_the_day_before_when_counted(first: str, months: int, last: str) -> None:
    """From the 22nd to the 21st; a month without such a day ends with its own last."""
    assert months_later(first, months) == last
