"""Awards and deductions: caps, second signatures, evidence, and who may."""

import pytest

from db.journal import private_texts
from db.line import Private, origin_of
from db.rules import rule
from kiosk.domain.people import merge_household
from kiosk.domain.period import close_day, open_day
from kiosk.domain.points import Earning, Recipient, award_points, deduct_points, offer_points, recipient_of_card
from kiosk.domain.reversal import reverse_entry
from kiosk.domain.waiting import list_requests
from kiosk.errors import NotAllowed, Refused
from tests.kiosk.domain.office import ADVICE, LANE, LITTER, UNIVERSITY, Office, office_in_memory
from tests.village import DAY, VILLAGE


@pytest.fixture
def office() -> Office:
    """An office with secretary, volunteer and supervisor."""
    return office_in_memory()


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


def test_a_household_has_one_cap_when_another_joined_it(office: Office) -> None:
    """What both were given this month counts against the cap of the one they are now."""
    for household in (office.wang, office.li):
        office.give(household, item=LANE)
    merge_household(office.store, office.wang, office.li, now=office.now, by=office.secretary)
    with pytest.raises(Refused, match="cap_reached"):
        office.give(office.li, item=LANE)


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
