"""Households and persons: registered, renamed, moved, merged; and everything that is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from db.facts.terminal import LogBegun, SeatTaken
from db.store import begin_own_log
from kiosk.domain.people import (
    HouseholdPlace,
    merge_household,
    move_household,
    register_household,
    register_person,
    rename_household,
    show_household,
)
from kiosk.domain.period import open_day
from kiosk.errors import NotAllowed, Refused
from tests.bodies import award
from tests.kiosk.domain.office import Office, office_in
from tests.recomputed import recompute
from tests.village import VILLAGE


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Households of Wang (3-12) and Li (3-13)."""
    return office_in(tmp_path / "desk", Office)


def hand(office: Office) -> dict[str, Any]:
    """Who acts, and when."""
    return {"now": office.now, "by": office.operator}


def shown(office: Office, household_id: int) -> tuple[str, int, int, str, int]:
    """A household as screens show it."""
    with office.store.read() as connection:
        found = show_household(connection, VILLAGE, household_id)
    return found.name, found.place.group, found.place.house, found.state, found.redeemable_points


def refused(office: Office, function: Callable[..., object], *arguments: object) -> str:
    """The code with which something is refused."""
    with pytest.raises(Refused) as caught:
        function(office.store, *arguments, **hand(office))
    return caught.value.code


def test_household_has_name_and_place_when_registered(office: Office) -> None:
    """Spaces around a name are no part of it."""
    household = register_household(office.store, HouseholdPlace(5, 1), " 赵强 ", **hand(office))
    assert shown(office, household) == ("赵强", 5, 1, "open", 0)


def test_household_is_refused_when_name_or_place_is_wrong(office: Office) -> None:
    """A name is needed, and one place holds one household."""
    assert refused(office, register_household, HouseholdPlace(5, 1), "  ") == "name_missing"
    assert refused(office, register_household, HouseholdPlace(3, 12), "赵强") == "household_exists"


def test_person_is_refused_when_name_or_household_is_wrong(office: Office) -> None:
    """A name is needed, and a household to belong to."""
    assert refused(office, register_person, office.wang, "") == "name_missing"
    assert refused(office, register_person, 5, "王小") == "household_unknown"


def test_household_is_called_otherwise_when_renamed(office: Office) -> None:
    """The place stays; nobody is renamed to nothing."""
    rename_household(office.store, office.wang, "王小𠮷", **hand(office))
    assert shown(office, office.wang)[:3] == ("王小𠮷", 3, 12)
    assert refused(office, rename_household, office.wang, " ") == "name_missing"
    assert refused(office, rename_household, 5, "王") == "household_unknown"


def test_household_stands_elsewhere_when_moved(office: Office) -> None:
    """Its old place is free again; to its own place it may always move."""
    move_household(office.store, office.wang, HouseholdPlace(4, 1), **hand(office))
    assert shown(office, office.wang)[:3] == ("王明", 4, 1)
    move_household(office.store, office.wang, HouseholdPlace(4, 1), **hand(office))
    register_household(office.store, HouseholdPlace(3, 12), "赵强", **hand(office))
    assert refused(office, move_household, office.wang, HouseholdPlace(3, 12)) == "household_exists"
    assert refused(office, move_household, 5, HouseholdPlace(9, 9)) == "household_unknown"


def test_points_go_along_when_a_household_joins_another(office: Office, tmp_path: Path) -> None:
    """Nothing is lost, the old place is free, and the separate program agrees."""
    office.award(office.wang, 4_200)
    office.award(office.li, 100)
    assert merge_household(office.store, office.wang, office.li, **hand(office)) == 4_200
    assert (shown(office, office.wang)[3:], shown(office, office.li)[3:]) == (("merged", 0), ("open", 4_300))
    register_household(office.store, HouseholdPlace(3, 12), "赵强", **hand(office))
    assert recompute(office.store, tmp_path).faults == []


def test_merger_is_refused_when_it_makes_no_sense(office: Office) -> None:
    """With itself, with nobody, twice, or into a household that is gone."""
    other = register_household(office.store, HouseholdPlace(5, 1), "赵强", **hand(office))
    assert refused(office, merge_household, office.wang, office.wang) == "household_same"
    assert refused(office, merge_household, office.wang, 5) == "household_unknown"
    assert refused(office, merge_household, 5, office.wang) == "household_unknown"
    merge_household(office.store, office.wang, office.li, **hand(office))
    assert refused(office, merge_household, office.wang, other) == "household_merged"
    assert refused(office, merge_household, other, office.wang) == "household_merged"


def test_merger_is_not_allowed_when_another_till_has_the_seat(office: Office) -> None:
    """Points move at the seat only: a balance cannot be spent in two places."""
    with office.store.write(now=office.now, by=office.operator) as act:
        mine = act.log
        begin_own_log(act.connection, VILLAGE, mine + 1)
        act.change_log(mine + 1)
        act.append(LogBegun(till=2, program="kiosk"))
        act.append(SeatTaken(seat=2))
        begin_own_log(act.connection, VILLAGE, mine)
    with pytest.raises(NotAllowed, match="seat_elsewhere"):
        merge_household(office.store, office.wang, office.li, **hand(office))


def test_late_points_follow_when_their_household_joined_another(office: Office, tmp_path: Path) -> None:
    """What arrives for a closed account goes on to whom it joined in the end, once, when the next day opens."""
    chen = register_household(office.store, HouseholdPlace(3, 99), "陈芳", **hand(office))
    for household, into in ((office.wang, office.li), (office.li, chen)):
        merge_household(office.store, household, into, **hand(office))
    with office.store.write(**hand(office)) as act:
        act.append(award(office.wang, 500))
    for day in ("2026-12-01", "2026-12-02"):
        open_day(office.store, day, **hand(office))
        assert [shown(office, each)[4] for each in (office.wang, office.li, chen)] == [0, 0, 500]
    assert recompute(office.store, tmp_path).faults == []


def test_unknown_household_is_refused_when_shown(office: Office) -> None:
    """An id that nobody registered."""
    with pytest.raises(Refused, match="household_unknown"):
        shown(office, 5)
