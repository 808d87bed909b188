"""Cards by the sheet: blanks, book codes, first cards. Repeating any of them gives nobody a second one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from db.facts.people import HolderKind
from db.store import Store
from kiosk.codes import BookCode, CodeType, PersonCard, read_code
from kiosk.domain.card import CardMade, fresh_number, issue_household_card, report_card_lost, stop_card
from kiosk.domain.card_desk import show_card
from kiosk.domain.card_stock import (
    MOST_BLANKS,
    Printable,
    book_entries,
    issue_blank_cards,
    issue_book_codes,
    issue_first_household_cards,
    issue_first_person_cards,
    printed_cards,
    renew_book_codes,
    stop_blank_cards,
)
from kiosk.domain.counter import recognise_card
from kiosk.domain.people import HouseholdPlace, merge_household
from kiosk.errors import Refused
from tests.kiosk.domain.office import Office, office_in
from tests.recomputed import recompute
from tests.village import VILLAGE


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Households of Wang (nobody registered) and Li (one person)."""
    return office_in(tmp_path / "desk", Office)


def hand(office: Office) -> dict[str, Any]:
    """Who acts, and when."""
    return {"now": office.now, "by": office.operator}


def test_every_household_has_one_code_when_the_book_is_made_twice(office: Office, tmp_path: Path) -> None:
    """The second time nothing is written; a code that was stopped is made anew."""
    assert issue_book_codes(office.store, **hand(office)) == 2
    assert issue_book_codes(office.store, **hand(office)) == 0
    entries = book_entries(office.store)
    assert [(entry.name, entry.place) for entry in entries] == [
        ("王明", HouseholdPlace(3, 12)),
        ("李秀", HouseholdPlace(3, 13)),
    ]
    assert all(isinstance(read_code(entry.number), BookCode) for entry in entries)
    stop_card(office.store, show_card(office.store, entries[0].number).card_id, **hand(office))
    assert issue_book_codes(office.store, **hand(office)) == 1
    assert book_entries(office.store)[0].number != entries[0].number
    assert recompute(office.store, tmp_path).faults == []


def test_book_code_opens_its_household_when_scanned(office: Office) -> None:
    """Marked as no card: what it is, is seen by its number."""
    issue_book_codes(office.store, **hand(office))
    (entry, _) = book_entries(office.store)
    found = recognise_card(office.store, entry.number, "book")
    assert (found.holder.household_id, found.holder.entry) == (office.wang, "book")


def test_merged_household_is_not_in_the_book_when_it_is_printed(office: Office) -> None:
    """Its line would lead to an account that is closed."""
    issue_book_codes(office.store, **hand(office))
    merge_household(office.store, office.wang, office.li, **hand(office))
    assert [entry.name for entry in book_entries(office.store)] == ["李秀"]


@pytest.mark.parametrize(
    ("issue", "kind", "names"),
    [(issue_first_household_cards, "household", ["王明", "李秀"]), (issue_first_person_cards, "person", ["李小花"])],
)
def test_everybody_gets_a_first_card_once_when_asked_twice(
    office: Office, issue: Callable[..., tuple[CardMade, ...]], kind: HolderKind, names: list[str]
) -> None:
    """Whoever had a card, lost or not, is left to the card desk."""
    assert len(issue(office.store, **hand(office))) == len(names)
    assert [card.name for card in printed_cards(office.store, kind)] == names
    number = printed_cards(office.store, kind)[0].number
    report_card_lost(office.store, show_card(office.store, number).card_id, **hand(office))
    assert issue(office.store, **hand(office)) == ()
    assert [card.name for card in printed_cards(office.store, kind)] == names[1:]


def test_person_gets_a_first_card_when_only_the_household_has_one(office: Office) -> None:
    """A household's card is not a person's."""
    issue_household_card(office.store, office.li, **hand(office))
    assert len(issue_first_person_cards(office.store, **hand(office))) == 1


def test_blank_cards_are_nobodys_when_issued(office: Office) -> None:
    """They are printed without a name, and bound at the desk."""
    made = issue_blank_cards(office.store, 12, **hand(office))
    assert len({card.number for card in made}) == 12
    assert all(isinstance(read_code(card.number), PersonCard) for card in made)
    assert set(printed_cards(office.store, "blank")) == {Printable("", None, card.number) for card in made}


@pytest.mark.parametrize("count", [0, -1, MOST_BLANKS + 1])
def test_blank_cards_are_refused_when_nobody_needs_so_many(office: Office, count: int) -> None:
    """A slip of the finger does not fill the store."""
    with pytest.raises(Refused, match="number_out_of_range"):
        issue_blank_cards(office.store, count, **hand(office))


def test_whole_book_gets_new_codes_when_the_old_one_was_lost(office: Office) -> None:
    """Every line of the old book is dead, every household has a new one; cards in hands are not touched."""
    issue_book_codes(office.store, **hand(office))
    card = issue_household_card(office.store, office.wang, **hand(office))
    old = [entry.number for entry in book_entries(office.store)]
    assert renew_book_codes(office.store, **hand(office)) == 2
    assert {show_card(office.store, number).state for number in old} == {"stopped"}
    assert set(old) & {entry.number for entry in book_entries(office.store)} == set()
    assert show_card(office.store, card.number).state == "live"


def test_blank_cards_are_dead_when_the_drawer_was_emptied_by_somebody(office: Office) -> None:
    """All that are nobody's, and no other; there may be none."""
    card = issue_household_card(office.store, office.wang, **hand(office))
    made = issue_blank_cards(office.store, 3, **hand(office))
    assert stop_blank_cards(office.store, **hand(office)) == 3
    assert stop_blank_cards(office.store, **hand(office)) == 0
    assert {show_card(office.store, each.number).state for each in made} == {"stopped"}
    assert show_card(office.store, card.number).state == "live"


def test_number_is_drawn_again_when_a_card_has_or_had_it(office: Office) -> None:
    """Eight random digits meet sooner than one thinks; a dead card's number never comes back either."""
    used = issue_household_card(office.store, office.li, **hand(office))
    report_card_lost(office.store, used.card_id, **hand(office))
    draws = iter([bytes(4), bytes(4), b"\0\0\0\1", b"\0\0\0\2"])
    store = Store(office.store.engine, VILLAGE, lambda _count: next(draws))
    zero = issue_blank_cards(store, 1, **hand(office))[0].number
    assert zero[6:14] == "00000000"
    with store.write(**hand(office)) as act:
        first = fresh_number(act, CodeType.PERSON, ())
        assert first[6:14] == "00000001"
        assert fresh_number(act, CodeType.PERSON, (first,))[6:14] == "00000002"
