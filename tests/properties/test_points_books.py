"""Awards, deductions, reversals and answers in any order: the books agree with a plain count."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.invariants import find_faults
from kiosk.domain.reversal import reverse_entry
from kiosk.domain.waiting import approve_request, decline_request
from kiosk.errors import Refused
from tests.kiosk.domain.office import UNIVERSITY, Office, office_in_memory
from tests.recomputed import recompute
from tests.village import VILLAGE

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["award", "large", "deduct", "reverse", "approve", "decline"]),
        st.integers(0, 1),
        st.integers(0, 30),
    ),
    max_size=25,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_books_agree_with_a_plain_count_when_anything_is_done_in_any_order(
    steps: list[tuple[str, int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Legs sum to zero, no balance falls below zero, and a dictionary of integers says the same."""
    office = office_in_memory()
    model = Model(office)
    for step, household, pick in steps:
        getattr(model, step)(household, pick)
        assert [office.balance(each) for each in model.households] == model.points
    with office.store.read() as connection:
        assert find_faults(connection, VILLAGE) == []
    assert min(model.points) >= 0
    found = recompute(office.store, tmp_path_factory.mktemp("books"))
    assert found.faults == []
    assert found.balances == {
        household: points
        for household, points in zip(model.households, model.points, strict=True)
        if household in found.balances
    }


class Model:
    """What should be in the books, kept without any of the code under test."""

    def __init__(self, office: Office) -> None:
        """Begin with two empty accounts."""
        self.office = office
        self.households = (office.wang, office.li)
        self.points = [0, 0]
        self.entries: list[tuple[int, int, int, bool]] = []
        self.requests: list[tuple[int, int]] = []

    def award(self, household: int, _pick: int) -> None:
        """Five points for a suggestion."""
        self._note(self.office.give(self.households[household]).given[0].entry_id, household, 500)

    def large(self, household: int, _pick: int) -> None:
        """Fifty points wait."""
        booked = self.office.give(self.households[household], item=UNIVERSITY, evidence="document")
        entry = booked.given[0].entry_id
        assert entry is not None
        self.requests.append((entry, household))

    def deduct(self, household: int, _pick: int) -> None:
        """Two points for litter, or what is left."""
        taken = min(200, self.points[household])
        self._note(self.office.take(self.households[household]).given[0].entry_id, household, -taken)

    def reverse(self, _household: int, pick: int) -> None:
        """Some entry is taken back if it can be."""
        if not self.entries:
            return
        at = pick % len(self.entries)
        entry, household, points, is_open = self.entries[at]
        stamp = {"now": self.office.now, "by": self.office.secretary}
        if not is_open or (points > 0 and self.points[household] < points):
            with pytest.raises(Refused):
                reverse_entry(self.office.store, entry, **stamp)  # type: ignore[arg-type]  # because the two differ
            return
        reverse_entry(self.office.store, entry, **stamp)  # type: ignore[arg-type]  # because the two differ
        self.points[household] -= points
        self.entries[at] = (entry, household, points, False)

    def approve(self, _household: int, pick: int) -> None:
        """The supervisor signs something, or it was answered."""
        self._answer(pick, is_approved=True)

    def decline(self, _household: int, pick: int) -> None:
        """The supervisor declines something, or it was answered."""
        self._answer(pick, is_approved=False)

    def _answer(self, pick: int, *, is_approved: bool) -> None:
        if not self.requests:
            return
        request, household = self.requests.pop(pick % len(self.requests))
        answer = approve_request if is_approved else decline_request
        by = self.office.supervisor.operator_id
        assert answer(self.office.store, request, now=self.office.now, by=by).points == 5_000 * is_approved
        self.points[household] += 5_000 * is_approved
        with pytest.raises(Refused):
            answer(self.office.store, request, now=self.office.now, by=by)

    def _note(self, entry: int | None, household: int, points: int) -> None:
        assert entry is not None
        self.points[household] += points
        self.entries.append((entry, household, points, True))
