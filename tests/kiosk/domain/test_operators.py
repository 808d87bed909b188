"""Who stands at the desk: appointed by the secretary, let go by the secretary, once each."""

from pathlib import Path

import pytest

from kiosk.domain.card import issue_household_card
from kiosk.domain.opening import operator_of_badge
from kiosk.domain.operators import appoint_operator, end_operator, list_operators
from kiosk.domain.person import person_of_card
from kiosk.errors import NotAllowed, Refused
from tests.recomputed import recompute
from tests.village import Village


@pytest.fixture
def village(tmp_path: Path) -> Village:
    """A village with a secretary."""
    return Village(tmp_path / "desk")


def test_a_volunteer_acts_when_the_secretary_appoints_the_holder_of_a_card(village: Village, tmp_path: Path) -> None:
    """Name and household come from the village's own list; the badge opens the desk."""
    person = village.person(village.household(3, 12, "王明"), "陈芳")
    found = person_of_card(village.store, village.card(person).number)
    assert (found.person_id, found.name) == (person, "陈芳")
    made = appoint_operator(village.store, person, "attendant", now=village.now, by=village.operator)
    assert operator_of_badge(village.store, made.badge).name == "陈芳"
    assert [(each.name, each.role) for each in list_operators(village.store)] == [
        ("周会计", "secretary"), ("陈芳", "attendant"),
    ]  # fmt: skip
    assert recompute(village.store, tmp_path).faults == []


def test_nobody_is_appointed_twice_or_by_a_household_card(village: Village) -> None:
    """One badge a person; a household is nobody."""
    household = village.household(3, 12, "王明")
    person = village.person(household, "陈芳")
    appoint_operator(village.store, person, "attendant", now=village.now, by=village.operator)
    with pytest.raises(Refused, match="operator_exists"):
        appoint_operator(village.store, person, "supervisor", now=village.now, by=village.operator)
    with pytest.raises(Refused, match="person_unknown"):
        appoint_operator(village.store, 7, "attendant", now=village.now, by=village.operator)
    other = village.person(household, "王小明")
    with pytest.raises(Refused, match="role_unknown"):
        appoint_operator(village.store, other, "king", now=village.now, by=village.operator)
    card = issue_household_card(village.store, household, now=village.now, by=village.operator)
    with pytest.raises(Refused, match="card_of_no_person"):
        person_of_card(village.store, card.number)


def test_a_badge_opens_nothing_when_its_owner_serves_no_longer(village: Village) -> None:
    """What was booked stays; who comes back is appointed anew."""
    person = village.person(village.household(3, 12, "王明"), "陈芳")
    made = appoint_operator(village.store, person, "attendant", now=village.now, by=village.operator)
    end_operator(village.store, made.operator_id, now=village.now, by=village.operator)
    with pytest.raises(NotAllowed, match="badge_unknown"):
        operator_of_badge(village.store, made.badge)
    with pytest.raises(Refused, match="operator_unknown"):
        end_operator(village.store, made.operator_id, now=village.now, by=village.operator)
    again = appoint_operator(village.store, person, "supervisor", now=village.now, by=village.operator)
    assert again.badge != made.badge


def test_only_the_secretary_appoints_and_nobody_lets_themselves_go(village: Village) -> None:
    """A desk is never without somebody who may appoint."""
    person = village.person(village.household(3, 12, "王明"), "陈芳")
    made = appoint_operator(village.store, person, "attendant", now=village.now, by=village.operator)
    for attempt in (
        lambda: appoint_operator(village.store, person, "secretary", now=village.now, by=made.operator_id),
        lambda: end_operator(village.store, village.operator, now=village.now, by=made.operator_id),
    ):
        with pytest.raises(NotAllowed, match="right_missing"):
            attempt()
    with pytest.raises(NotAllowed, match="operator_is_self"):
        end_operator(village.store, village.operator, now=village.now, by=village.operator)
