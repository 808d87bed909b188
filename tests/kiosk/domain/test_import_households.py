"""Households of a sheet held against the tables: by place, by passbook, and what passbooks held."""

from pathlib import Path

import pytest

from kiosk.domain.people import HouseholdPlace, household_at, merge_household, show_household
from kiosk.domain.reversal import reverse_entry
from kiosk.domain.statement import show_account
from kiosk.errors import Refused
from kiosk.sheets.problem import Fault
from tests.kiosk.domain.office import Office, office_in
from tests.kiosk.domain.rows import bring, changes, house, plan, told, written_by
from tests.recomputed import recompute
from tests.village import VILLAGE


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Households 王明 at 3-12 and 李秀 at 3-13."""
    return office_in(tmp_path / "desk", Office)


def at(office: Office, group: int, number: int) -> int | None:
    """The household at a place."""
    with office.store.read() as connection:
        return household_at(connection, VILLAGE, HouseholdPlace(group, number))


def test_the_head_changes_and_the_points_stay_when_another_name_stands_at_a_place(office: Office) -> None:
    """The key is the place: a son takes over the household with its account."""
    office.award(office.wang, 4_200)
    assert bring(office, house(3, 12, "王强")).changed == 1
    with office.store.read() as connection:
        shown = show_household(connection, VILLAGE, office.wang)
    assert (shown.name, shown.redeemable_points) == ("王强", 4_200)


def test_an_empty_cell_says_nothing_when_a_household_is_known(office: Office) -> None:
    """A sheet without residents and passbooks takes neither away."""
    bring(office, house(3, 12, "王明", residents=4, opening_points=500, passbook="P-1"))
    assert plan(office, house(3, 12, "王明")).unchanged == 1
    assert plan(office, house(3, 12, "王明", opening_points=0, passbook="P-1")).unchanged == 1


def test_residents_follow_the_sheet_when_a_child_is_born(office: Office, tmp_path: Path) -> None:
    """Children are only in this number, so it is kept."""
    bring(office, house(3, 12, "王明", residents=3))
    bring(office, house(3, 12, "王明", residents=4))
    assert recompute(office.store, tmp_path).rows("households")[office.wang]["residents"] == 4


def test_households_stay_when_the_sheet_leaves_them_out(office: Office) -> None:
    """An import never removes: a sheet of one group is no order to close the others."""
    bring(office, house(1, 1, "张三"))
    assert at(office, 3, 12) == office.wang
    assert at(office, 3, 13) == office.li


def test_a_household_moves_with_its_account_when_passbook_and_head_stand_at_a_new_place(office: Office) -> None:
    """The passbook came along; its points are not posted a second time."""
    bring(office, house(3, 12, "王明", opening_points=500, passbook="P-1"))
    row = house(5, 1, "王明", opening_points=500, passbook="P-1")
    assert changes(plan(office, row)) == [("place", "5-1", {"before": "3-12", "after": "5-1"})]
    assert bring(office, row).changed == 1
    assert (at(office, 5, 1), at(office, 3, 12), office.balance(office.wang)) == (office.wang, None, 500)
    assert bring(office, row).facts == 0


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([house(5, 1, "王亮", opening_points=500, passbook="P-1")], Fault.PASSBOOK_ELSEWHERE),
        (
            [house(5, 1, "王明", opening_points=500, passbook="P-1"), house(3, 12, "赵新")],
            Fault.PASSBOOK_ELSEWHERE,
        ),
        ([house(3, 13, "李秀", opening_points=500, passbook="P-1")], Fault.PASSBOOK_ELSEWHERE),
        ([house(3, 12, "王明", opening_points=500, passbook="P-2")], Fault.PASSBOOK_OTHER),
        ([house(3, 12, "王明", opening_points=600, passbook="P-1")], Fault.OPENING_DIFFERS),
    ],
)
def test_a_doubt_about_points_is_refused_when_a_passbook_does_not_fit(
    office: Office, rows: list[object], fault: Fault
) -> None:
    """Another head, an old place that is still listed, another household, another number, another amount."""
    bring(office, house(3, 12, "王明", opening_points=500, passbook="P-1"))
    found = plan(office, *rows)  # type: ignore[arg-type]  # because a parameter has no type of its own
    assert [(problem.code, problem.cell) for problem in found.refused] == [
        (fault, found.reading.rows[0].where.cell("opening" if fault is Fault.OPENING_DIFFERS else "passbook"))
    ]
    assert found.openings == ()


def test_the_amounts_are_named_in_points_when_a_passbook_was_entered_with_another(office: Office) -> None:
    """What the sheet says and what was entered, as people read points."""
    bring(office, house(3, 12, "王明", opening_points=4_250, passbook="P-1"))
    (problem,) = plan(office, house(3, 12, "王明", opening_points=450, passbook="P-1")).refused
    assert (problem.raw, problem.other) == ("4.5", "42.5")


def test_a_note_says_where_a_namesake_lives_when_a_household_is_new(office: Office) -> None:
    """It may have moved; without a passbook nobody knows, so a person is told."""
    assert told(plan(office, house(5, 1, "王明"))) == [(Fault.HOUSEHOLD_MAYBE_MOVED, "C2", "3-12")]
    assert told(plan(office, house(5, 1, "王明"), house(3, 12, "王明"))) == []
    assert bring(office, house(5, 1, "王明")).new == 1


def test_a_mistyped_balance_is_put_right_when_it_was_taken_back_first(office: Office, tmp_path: Path) -> None:
    """Once it is taken back, the wrong sheet changes nothing, and the corrected one is posted as second try."""
    wrong = house(3, 12, "王明", opening_points=42_000, passbook="P-1")
    right = house(3, 12, "王明", opening_points=4_200, passbook="P-1")
    bring(office, wrong)
    entry = show_account(office.store, office.wang).entries[0]
    assert entry.can_be_reversed
    reverse_entry(office.store, entry.entry_id, now=office.now, by=office.operator)
    assert bring(office, wrong).facts == 0
    written = written_by(office.store, lambda: bring(office, right))
    assert written[0].body["paper"] == "P-1#2"
    assert office.balance(office.wang) == 4_200
    assert bring(office, right).facts == 0
    found = recompute(office.store, tmp_path)
    assert (found.faults, found.balances) == ([], {office.wang: 4_200})


def test_an_opening_balance_is_not_taken_back_when_it_was_redeemed(office: Office) -> None:
    """As with every entry, the points must still be there; a second time nothing is taken back."""
    bring(office, house(3, 12, "王明", opening_points=500, passbook="P-1"))
    entry = show_account(office.store, office.wang).entries[0].entry_id
    office.take(office.wang)
    with pytest.raises(Refused) as refused:
        reverse_entry(office.store, entry, now=office.now, by=office.operator)
    assert refused.value.code == "points_missing"
    office.award(office.wang, 5_000)
    assert reverse_entry(office.store, entry, now=office.now, by=office.operator).points == -500
    with pytest.raises(Refused) as refused:
        reverse_entry(office.store, entry, now=office.now, by=office.operator)
    assert refused.value.code == "entry_reversed_before"


def test_a_household_is_new_when_the_one_at_its_place_joined_another(office: Office) -> None:
    """A merged household is closed: its place is free, and its account stays where it went."""
    merge_household(office.store, office.wang, office.li, now=office.now, by=office.operator)
    assert bring(office, house(3, 12, "王明")).new == 1
    assert at(office, 3, 12) not in (None, office.wang)
