"""Taking an award or a deduction back: once, at the seat, by whoever may, and never below zero."""

from pathlib import Path

import pytest

from db.facts.terminal import SeatTaken
from db.journal import Sealed
from db.line import Fact, render
from kiosk.domain.people import merge_household
from kiosk.domain.period import open_day
from kiosk.domain.reversal import reverse_entry
from kiosk.errors import NotAllowed, Refused
from tests.kiosk.domain.office import Office, office_in_memory
from tests.recomputed import recompute
from tests.village import VILLAGE


@pytest.fixture
def office() -> Office:
    """An office with secretary, volunteer and supervisor."""
    return office_in_memory()


def seat_moves(office: Office) -> None:
    """Another terminal of the village takes the seat."""
    body = SeatTaken(seat=2).model_dump()
    header = (VILLAGE, 5, 1, 999, "seat_taken", 1, None, None, 1, "f", 1, 1, (0, 0), body, None)
    office.store.receive(VILLAGE, 5, [Sealed(render(Fact(*header)))])


def test_debits_are_refused_when_the_seat_is_elsewhere(office: Office) -> None:
    """Deductions and reversals are written at one desk; awards anywhere."""
    entry = office.give(office.wang).given[0].entry_id
    assert entry is not None
    seat_moves(office)
    with pytest.raises(NotAllowed, match="seat_elsewhere"):
        office.take(office.wang)
    with pytest.raises(NotAllowed, match="seat_elsewhere"):
        reverse_entry(office.store, entry, now=office.now, by=office.secretary)
    assert office.give(office.wang).points == 500


def test_award_is_taken_back_by_a_linked_entry_when_reversed(office: Office) -> None:
    """The statement shows both, and which one takes back which."""
    entry = office.give(office.wang).given[0].entry_id
    assert entry is not None
    posted = reverse_entry(office.store, entry, now=office.now, by=office.secretary)
    assert (posted.points, posted.after_points) == (-500, 0)
    back, award = office.account(office.wang).entries
    assert (back.kind, back.target_id, award.is_reversed) == ("award_reversed", award.entry_id, True)
    assert (back.can_be_reversed, award.can_be_reversed) == (False, False)


def test_deduction_is_given_back_when_reversed(office: Office) -> None:
    """Exactly what was taken comes back, not what was asked."""
    office.give(office.wang, item="meeting_on_time")
    entry = office.take(office.wang, "straw_burning", evidence="site").given[0].entry_id
    assert entry is not None
    assert reverse_entry(office.store, entry, now=office.now, by=office.secretary).points == 200
    assert office.balance(office.wang) == 200
    with pytest.raises(Refused, match="entry_reversed_before"):
        reverse_entry(office.store, entry, now=office.now, by=office.secretary)


def test_reversal_is_refused_when_it_cannot_be(office: Office, tmp_path: Path) -> None:
    """Not twice, not of what is no award, not of what is not there, not of what was redeemed."""
    first = office.give(office.wang).given[0].entry_id
    assert first is not None
    back = reverse_entry(office.store, first, now=office.now, by=office.secretary)
    spent = office.give(office.wang).given[0].entry_id
    assert spent is not None
    office.take(office.wang)
    for entry, code, parameters in (
        (first, "entry_reversed_before", {}),
        (back.entry_id, "entry_not_reversible", {}),
        (77, "entry_unknown", {}),
        (spent, "points_missing", {"missing_points": 200}),
    ):
        with pytest.raises(Refused) as refused:
            reverse_entry(office.store, entry, now=office.now, by=office.secretary)
        assert (refused.value.code, refused.value.parameters) == (code, parameters)
    assert recompute(office.store, tmp_path).balances[office.wang] == office.balance(office.wang) == 300


def test_volunteer_may_reverse_when_it_was_entered_today_by_the_same_hand(office: Office) -> None:
    """A slip of the hand is put right at once; everything else is the secretary's."""
    by = office.helper.operator_id
    other = office.give(office.wang).given[0].entry_id
    old = office.give(office.wang, by=by).given[0].entry_id
    assert other is not None
    assert old is not None
    open_day(office.store, "2026-11-23", now=office.now, by=by)
    own = office.give(office.wang, by=by).given[0].entry_id
    assert own is not None
    for entry in (other, old):
        with pytest.raises(NotAllowed) as refused:
            reverse_entry(office.store, entry, now=office.now, by=by)
        assert refused.value.code == "reversal_not_yours"
    assert reverse_entry(office.store, own, now=office.now, by=by).points == -500
    assert reverse_entry(office.store, old, now=office.now, by=office.secretary).points == -500


def test_giving_back_is_refused_when_the_deduction_was_from_the_own_household(office: Office) -> None:
    """It would be an award in another word."""
    office.give(office.li)
    judge = office.add("李会计", "secretary", office.helper_person).operator_id
    entry = office.take(office.li).given[0].entry_id
    assert entry is not None
    with pytest.raises(NotAllowed, match="award_to_own_household"):
        reverse_entry(office.store, entry, now=office.now, by=judge)
    assert reverse_entry(office.store, entry, now=office.now, by=office.secretary).points == 200


def test_reversal_goes_to_the_household_joined_when_the_first_was_merged(office: Office, tmp_path: Path) -> None:
    """The points went along with the merger, so they come back from there."""
    entry = office.give(office.wang).given[0].entry_id
    assert entry is not None
    merge_household(office.store, office.wang, office.li, now=office.now, by=office.secretary)
    assert office.balance(office.li) == 500
    posted = reverse_entry(office.store, entry, now=office.now, by=office.secretary)
    assert (posted.household_id, office.balance(office.li), office.balance(office.wang)) == (office.li, 0, 0)
    assert recompute(office.store, tmp_path).faults == []
