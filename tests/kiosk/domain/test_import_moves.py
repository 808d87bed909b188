"""Persons who join another household by a sheet, and the cards in their hands."""

from pathlib import Path

import pytest

from db.facts.people import CardIssued
from kiosk.codes import CodeType, mint
from kiosk.domain.basket import BasketLine
from kiosk.domain.card import CardHeld, find_card, report_card_found, report_card_lost, return_card
from kiosk.domain.card_desk import show_household_cards
from kiosk.domain.card_stock import issue_first_person_cards
from kiosk.domain.counter import recognise_card
from kiosk.domain.find import people_of
from kiosk.domain.points import recipient_of_card
from kiosk.domain.shop import redeem_basket
from kiosk.sheets.problem import Fault
from tests.kiosk.domain.hall import Hall
from tests.kiosk.domain.office import Office, office_in
from tests.kiosk.domain.rows import bring, changes, person, plan, told, written_by
from tests.recomputed import recompute
from tests.village import VILLAGE, seeded

DAUGHTER = person(3, 12, "李小花", 1959, moved_from=(3, 13))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Households 王明 at 3-12 and 李秀 at 3-13; 李小花, born 1959, lives at 3-13."""
    return office_in(tmp_path / "desk", Office)


def held(office: Office, number: str) -> CardHeld:
    """The live card with a number, as the till, the award screen and a sign-in read it."""
    with office.store.read() as connection:
        return find_card(connection, VILLAGE, number)


def names_at(office: Office, household: int) -> list[str]:
    """The people of a household."""
    return [found.name for found in people_of(office.store, household)]


def test_person_joins_the_household_of_the_row_when_the_sheet_names_the_old_one(office: Office) -> None:
    """The plan says from where to where; the same person, nobody new, and the second time nothing."""
    assert changes(plan(office, DAUGHTER)) == [("person_moved", "李小花", {"before": "3-13", "after": "3-12"})]
    assert bring(office, DAUGHTER).changed == 1
    (found,) = people_of(office.store, office.wang)
    assert (found.person_id, found.name) == (office.helper_person, "李小花")
    assert names_at(office, office.li) == []
    assert bring(office, DAUGHTER).facts == 0


def test_card_spends_from_the_new_household_when_its_person_moved(office: Office, tmp_path: Path) -> None:
    """One card, one person: points earned before stay with the old household, the till asks the new one."""
    card, salt = office.card(office.helper_person), office.goods("食盐", "06990103300302", 300)
    office.award(office.wang, 1_000)
    office.award(office.li, 500)
    assert recognise_card(office.store, card.number, "card").household.household_id == office.li
    written = written_by(office.store, lambda: bring(office, DAUGHTER))
    assert [fact.kind for fact in written] == ["person_moved", "card_bound", "people_imported"]
    assert held(office, card.number) == CardHeld(card.card_id, office.wang, office.helper_person)
    found = recognise_card(office.store, card.number, "card")
    assert (found.household.name, found.person_name, found.household.redeemable_points) == ("王明", "李小花", 1_000)
    redeem_basket(office.store, found.holder, (BasketLine(salt, 1),), now=office.now, by=office.secretary)
    assert (office.balance(office.wang), office.balance(office.li)) == (700, 500)
    assert recompute(office.store, tmp_path).faults == []


def test_award_goes_to_the_new_household_when_the_card_is_scanned(office: Office) -> None:
    """Whoever signs in or is awarded by card counts where they live now."""
    card = office.card(office.helper_person)
    bring(office, DAUGHTER)
    recipient = recipient_of_card(office.store, card.number, VILLAGE)
    assert (recipient.household_id, recipient.person_id) == (office.wang, office.helper_person)
    assert show_household_cards(office.store, office.wang).holders[1].cards[0].number == card.number
    assert len(show_household_cards(office.store, office.li).holders) == 1


def test_sign_in_counts_for_the_new_household_when_the_card_is_scanned(tmp_path: Path) -> None:
    """A meeting by households: the one she joined is there and gets the points, the one she left is not."""
    hall = office_in(tmp_path / "hall", Hall)
    bring(hall, person(4, 1, "王芳", 1966, moved_from=(3, 12)))
    meeting = hall.opened("villagers_meeting")
    made = hall.scan(meeting, hall.wang_fang)
    assert (made.name, made.household_name) == ("王芳", "赵国")
    hall.begin(meeting)
    hall.end(meeting)
    assert (hall.line(meeting, hall.zhao).came, hall.line(meeting, hall.wang).came) == ("present", "absent")
    assert hall.balance(hall.zhao) > 0
    assert hall.balance(hall.wang) == 0


def test_lost_card_comes_back_with_its_person_when_it_turns_up_after_the_move(office: Office) -> None:
    """A card that may live again moves too; one that was destroyed stays where it was."""
    first = office.card(office.helper_person)
    return_card(office.store, first.card_id, now=office.now, by=office.operator)
    lost = office.card(office.helper_person)
    report_card_lost(office.store, lost.card_id, now=office.now, by=office.operator)
    written = written_by(office.store, lambda: bring(office, DAUGHTER))
    assert [fact.body.get("card") for fact in written if fact.kind == "card_bound"] == [lost.card_id]
    report_card_found(office.store, lost.card_id, now=office.now, by=office.operator)
    assert held(office, lost.number).household_id == office.wang


def test_household_card_stays_when_a_person_leaves(office: Office) -> None:
    """A card of the household is the household's, whoever carries it."""
    number = mint(CodeType.HOUSEHOLD, VILLAGE, seeded("household"))
    with office.store.write(now=office.now, by=office.operator) as act:
        act.append(CardIssued(number=number, holder="household", household=office.li))
    bring(office, DAUGHTER)
    assert held(office, number).household_id == office.li


def test_no_first_card_is_printed_when_a_moved_person_had_one(office: Office) -> None:
    """Whoever ever had a card has had the first one, in whatever household."""
    office.card(office.helper_person)
    office.person(office.wang, "王明")
    bring(office, DAUGHTER)
    assert len(issue_first_person_cards(office.store, now=office.now, by=office.operator)) == 1


def test_birth_year_and_number_are_put_right_when_the_person_moves(office: Office) -> None:
    """Unknown before, and a namesake lives in the new household: one row says it all."""
    office.person(office.wang, "李小花", 1960)
    moving = office.person(office.li, "李小花", None)  # type: ignore[arg-type]  # because the desk may not know it
    row = person(3, 12, "李小花", 1960, homonym=2, moved_from=(3, 13))
    assert [what for what, _, _ in changes(plan(office, row))] == ["person_moved", "birth"]
    bring(office, row)
    assert moving in [found.person_id for found in people_of(office.store, office.wang)]
    assert bring(office, row).facts == 0


def test_number_of_a_namesake_follows_when_nothing_else_changes(office: Office) -> None:
    """The key in the new household is what the sheet says, so that the next import finds the person."""
    office.person(office.wang, "李小花", 1959)
    row = person(3, 12, "李小花", 1959, homonym=2, moved_from=(3, 13))
    assert [fact.kind for fact in written_by(office.store, lambda: bring(office, row))] == [
        *("person_moved", "person_corrected", "people_imported")
    ]
    assert bring(office, row).facts == 0


@pytest.mark.parametrize(
    "rows",
    [
        (person(3, 12, "李小花", 1959, moved_from=(9, 9)),),
        (person(3, 12, "李小花", 1961, moved_from=(3, 13)),),
        (person(3, 12, "王大", 1959, moved_from=(3, 13)),),
        (DAUGHTER, person(3, 13, "李小花", 1959)),
        (person(3, 13, "李小花", 1959), DAUGHTER),
    ],
)
def test_row_is_refused_when_nobody_can_have_moved(office: Office, rows: tuple[object, ...]) -> None:
    """No such household, no such person in it, or the sheet lists them there still: nobody is made up."""
    found = plan(office, *rows)  # type: ignore[arg-type]  # because a parameter has no type of its own
    moved = next(row for row in rows if row.moved_from)  # type: ignore[attr-defined]  # because the same
    origin = "-".join(map(str, moved.moved_from))  # type: ignore[attr-defined]  # because the same
    assert [(code, other) for code, _, other in told(found)] == [(Fault.PERSON_NOT_THERE, origin)]
    assert (found.new, found.changed) == (0, 0)


def test_nothing_moves_when_the_sheet_names_the_household_itself(office: Office) -> None:
    """Whoever fills the column for everybody says nothing new."""
    assert plan(office, person(3, 13, "李小花", 1959, moved_from=(3, 13))).unchanged == 1
    assert plan(office, person(3, 13, "李大", 1959, moved_from=(3, 13))).new == 1
