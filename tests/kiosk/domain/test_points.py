"""Awards, deductions and taking them back: caps, second signatures, evidence, the seat."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.facts.terminal import SeatTaken
from db.invariants import find_faults
from db.journal import Sealed, private_texts
from db.line import Fact, Private, origin_of, render
from db.rules import rule
from kiosk.domain.people import merge_household
from kiosk.domain.period import close_day, open_day
from kiosk.domain.points import Earning, Recipient, award_points, deduct_points, offer_points, recipient_of_card
from kiosk.domain.reversal import reverse_entry
from kiosk.domain.waiting import approve_request, decline_request, list_requests
from kiosk.errors import NotAllowed, Refused
from tests.kiosk.domain.office import ADVICE, LANE, LITTER, UNIVERSITY, Office, office_in
from tests.recomputed import recompute
from tests.village import DAY, VILLAGE


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office with secretary, volunteer and supervisor."""
    return office_in(tmp_path / "desk", Office)


def test_households_get_the_items_points_when_a_pile_is_confirmed(office: Office) -> None:
    """One fact a household with the person who is known, one transaction."""
    person = office.person(office.wang, "王明")
    pile = (Recipient(office.wang, person), Recipient(office.li))
    booked = award_points(office.store, pile, Earning("volunteering", paper="17"), now=office.now, by=office.secretary)
    assert (booked.points, booked.waiting, booked.item.label_zh) == (600, 0, "志愿服务一次")
    assert [each.after_points for each in booked.given] == [300, 300]
    (entry,) = office.account(office.wang).entries
    assert (entry.entry_id, entry.person_name, entry.paper_number) == (booked.given[0].entry_id, "王明", "17")


def test_household_counts_once_when_two_of_its_cards_are_in_the_pile(office: Office) -> None:
    """Husband and wife swept the same lane: one award."""
    cards = [office.card(office.person(office.wang, name)).number for name in ("王明", "陈芳")]
    pile = tuple(recipient_of_card(office.store, number, VILLAGE) for number in cards)
    booked = award_points(office.store, pile, Earning(LANE), now=office.now, by=office.secretary)
    assert (len(booked.given), office.balance(office.wang)) == (1, 500)


def test_card_is_refused_when_it_is_another_villages(office: Office) -> None:
    """A neighbour helps with sweeping and holds out the card of the next village."""
    number = office.card(office.person(office.wang, "王明")).number
    with pytest.raises(Refused) as refused:
        recipient_of_card(office.store, number, 124)
    assert (refused.value.code, refused.value.parameters) == ("card_of_other_village", {"village": "0124"})


def test_units_multiply_when_an_item_is_counted(office: Office) -> None:
    """Seven kilograms of recyclables are 3.5 points."""
    office.give(office.wang, item="recycling", quantity=7)
    assert office.balance(office.wang) == 350


@pytest.mark.parametrize("quantity", [0, -1, 1_000])
def test_award_is_refused_when_the_units_cannot_be(office: Office, quantity: int) -> None:
    """Nobody carries a thousand bags at once."""
    with pytest.raises(Refused) as refused:
        office.give(office.wang, item="recycling", quantity=quantity)
    assert (refused.value.code, refused.value.parameters) == ("units_wrong", {"most": 999})


def test_award_fits_under_the_items_cap_when_the_month_is_nearly_full(office: Office) -> None:
    """Cleaning brings 10 a month; with 5 to go, two more shifts bring 5."""
    office.give(office.wang, item=LANE)
    offer = offer_points(office.store, Recipient(office.wang), Earning(LANE, 2), office.secretary)
    assert (offer.asked_points, offer.points, offer.is_reduced) == (1_000, 500, True)
    assert (offer.room.left_points, offer.room.cap_points, offer.room.had_today_points) == (500, 1_000, 500)
    assert office.give(office.wang, item=LANE, quantity=2).points == 500
    with pytest.raises(Refused) as refused:
        office.give(office.wang, item=LANE)
    assert (refused.value.code, refused.value.parameters) == ("cap_reached", {"name": "王明", "cap_points": 1_000})
    with pytest.raises(Refused):
        offer_points(office.store, Recipient(office.wang), Earning(LANE), office.secretary)
    assert office.balance(office.wang) == 1_000


def test_routine_items_share_a_cap_when_added_up(office: Office) -> None:
    """Nine times volunteering and cleaning once are 32, of which 30 count; a suggestion is no routine."""
    for _ in range(9):
        office.give(office.wang, item="volunteering")
    assert office.give(office.wang, item=LANE).points == 300
    with pytest.raises(Refused, match="cap_reached"):
        office.give(office.wang, item="meeting_on_time")
    office.give(office.wang, item=ADVICE)
    assert office.balance(office.wang) == 3_500


def test_household_under_a_full_cap_gets_nothing_when_others_of_the_pile_do(office: Office) -> None:
    """One full household does not stop the pile, and the outcome says which."""
    office.give(office.wang, item=LANE, quantity=2)
    booked = office.give(office.wang, office.li, item=LANE)
    assert [(each.entry_id is None, each.offer.points) for each in booked.given] == [(True, 0), (False, 500)]
    assert booked.points == 500


def test_cap_begins_anew_when_a_month_begins(office: Office) -> None:
    """Caps count calendar months of business days."""
    office.give(office.wang, item=LANE, quantity=2)
    open_day(office.store, "2026-12-01", now=office.now, by=office.secretary)
    assert office.give(office.wang, item=LANE, quantity=2).points == 1_000


def test_cap_has_room_again_when_an_award_was_taken_back(office: Office) -> None:
    """What was reversed counts no more."""
    booked = office.give(office.wang, item=LANE, quantity=2)
    entry = booked.given[0].entry_id
    assert entry is not None
    reverse_entry(office.store, entry, now=office.now, by=office.secretary)
    assert office.give(office.wang, item=LANE, quantity=2).points == 1_000


def test_award_waits_when_it_is_above_the_limit(office: Office) -> None:
    """Twenty points are booked at once, fifty wait; nothing is posted before somebody signs."""
    assert rule("points", "award_limit_points", DAY) == 2_000
    assert office.give(office.wang, item="bravery", evidence="witness").waiting == 0
    booked = office.give(office.wang, item=UNIVERSITY, evidence="document", paper="3")
    assert (booked.waiting, booked.points, office.balance(office.wang)) == (1, 0, 2_000)
    (waiting,) = list_requests(office.store)
    assert (waiting.kind, waiting.points, waiting.evidence_code) == ("award_over_limit", 5_000, "document")


def test_award_is_refused_when_evidence_is_missing(office: Office) -> None:
    """A paper's number, something seen or a note: any of them will do."""
    with pytest.raises(Refused) as refused:
        office.give(office.wang, item="mediation")
    assert refused.value.code == "evidence_missing"
    office.give(office.wang, item="mediation", paper="8")
    office.give(office.wang, item="mediation", evidence="photo")
    office.give(office.wang, item="mediation", note="组长在场")
    assert office.balance(office.wang) == 1_500


def test_note_stands_as_private_text_when_one_is_given(office: Office) -> None:
    """A note may name people, so it can be erased without breaking the chain."""
    booked = office.give(office.wang, item=ADVICE, note="提议修水渠")
    entry = booked.given[0].entry_id
    assert entry is not None
    log, seq = origin_of(entry)
    with office.store.read() as connection:
        text = private_texts(connection, VILLAGE, log, seq - 1, seq)[seq]
    assert isinstance(text, Private)
    assert text.text == '{"note":"提议修水渠"}'


def test_own_household_is_refused_when_the_volunteer_awards_alone(office: Office) -> None:
    """Nobody awards to the own household; with leave to wait it becomes a request for somebody else."""
    by = office.helper.operator_id
    with pytest.raises(NotAllowed) as refused:
        office.give(office.li, by=by)
    assert refused.value.code == "award_to_own_household"
    pile = (Recipient(office.li, may_wait=True), Recipient(office.wang, may_wait=True))
    booked = award_points(office.store, pile, Earning(ADVICE), now=office.now, by=by)
    assert [each.offer.waits_for for each in booked.given] == ["own_household", None]
    assert (office.balance(office.li), office.balance(office.wang)) == (0, 500)
    assert [waiting.kind for waiting in list_requests(office.store)] == ["award_own_household"]


@pytest.mark.parametrize(
    ("code", "spoil"),
    [
        ("day_not_open", lambda office: close_day(office.store, now=office.now, by=office.secretary)),
        (
            "household_merged",
            lambda office: merge_household(office.store, office.wang, office.li, now=office.now, by=office.secretary),
        ),
    ],
)
def test_award_is_refused_when_the_desk_cannot_book_it(office: Office, code: str, spoil: object) -> None:
    """Nothing is written without a day, or to an account that was given up."""
    assert callable(spoil)
    spoil(office)
    with pytest.raises(Refused) as refused:
        office.give(office.wang)
    assert refused.value.code == code
    assert office.balance(office.wang) == 0


def test_award_is_refused_when_it_names_nothing_or_nobody(office: Office) -> None:
    """An empty pile, an unknown household, an item that is not in the scheme, a deduction."""
    for codes, pile, item in (
        ("pile_empty", (), ADVICE),
        ("household_unknown", (Recipient(99),), ADVICE),
        ("scheme_item_unknown", (Recipient(office.wang),), "dancing"),
        ("item_is_deduction", (Recipient(office.wang),), LITTER),
    ):
        with pytest.raises(Refused) as refused:
            award_points(office.store, pile, Earning(item), now=office.now, by=office.secretary)
        assert refused.value.code == codes
    with pytest.raises(Refused) as refused:
        deduct_points(office.store, (Recipient(office.wang),), Earning(ADVICE), now=office.now, by=office.secretary)
    assert refused.value.code == "item_is_award"


def test_deduction_takes_no_more_than_there_is_when_the_account_is_small(office: Office) -> None:
    """Base points and what was never earned stay out of reach; the entry says what was asked."""
    office.give(office.wang, item="meeting_on_time")
    booked = office.take(office.wang, "straw_burning", evidence="site")
    assert (booked.points, booked.given[0].offer.asked_points, office.balance(office.wang)) == (200, 500, 0)
    account = office.account(office.wang)
    assert (account.total_points, account.base_points) == (10_000, 10_000)
    assert office.take(office.wang).points == 0
    assert office.balance(office.wang) == 0


def test_deduction_is_refused_when_a_volunteer_tries(office: Office) -> None:
    """Taking points away is the secretary's."""
    pile = (Recipient(office.wang),)
    with pytest.raises(NotAllowed) as refused:
        deduct_points(office.store, pile, Earning(LITTER), now=office.now, by=office.helper.operator_id)
    assert refused.value.code == "right_missing"


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


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["award", "large", "deduct", "reverse", "approve", "decline"]),
        st.integers(0, 1),
        st.integers(0, 30),
    ),
    max_size=25,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_books_agree_with_a_plain_count_when_anything_is_done_in_any_order(
    steps: list[tuple[str, int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Legs sum to zero, no balance falls below zero, and a dictionary of integers says the same."""
    office = office_in(tmp_path_factory.mktemp("books") / "desk", Office)
    model = Model(office)
    for step, household, pick in steps:
        getattr(model, step)(household, pick)
        assert [office.balance(each) for each in model.households] == model.points
    with office.store.read() as connection:
        assert find_faults(connection, VILLAGE) == []
    assert min(model.points) >= 0
    office.close()


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
