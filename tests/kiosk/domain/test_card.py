"""Cards: issued, bound, lost, found, replaced, handed in; every refusal, and what the oracle makes of it."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from db.facts.people import CardIssued
from db.guard import GuardError
from db.invariants import find_faults
from kiosk.codes import CodeType, mint, read_code
from kiosk.domain.card import (
    CardHolder,
    bind_card,
    change_card,
    find_card,
    issue_household_card,
    issue_person_card,
    replace_card,
    report_card_found,
    report_card_lost,
    return_card,
    stop_card,
)
from kiosk.domain.card_desk import show_card, show_household_cards
from kiosk.domain.card_state import IN_STATE, TASKS, TRANSITIONS, CardTask, tasks_of
from kiosk.domain.card_stock import book_entries, issue_blank_cards, issue_book_codes
from kiosk.domain.people import merge_household
from kiosk.domain.waiting import list_requests
from kiosk.errors import Refused
from kiosk.locale import LANGUAGES, Texts
from tests.kiosk.domain.office import Office, office_in
from tests.recomputed import recompute
from tests.village import VILLAGE, seeded

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from db.line import Stamp


class CardOffice(Office):
    """An office whose Wangs have a card each and whose drawer holds three blank ones."""

    def __init__(self, folder: Path) -> None:
        """Issue them."""
        super().__init__(folder)
        self.ming = self.person(self.wang, "王明")
        self.fang = self.person(self.wang, "陈芳", 1990)
        self.card_of_ming = self.card(self.ming)
        self.blanks = issue_blank_cards(self.store, 3, **self.hand)

    @property
    def hand(self) -> "dict[str, Any]":
        """Who acts, and when."""
        return {"now": self.now, "by": self.operator}

    def held(self, number: str) -> tuple[int, int | None]:
        """Whom a number opens."""
        with self.store.read() as connection:
            found = find_card(connection, VILLAGE, number)
        return found.household_id, found.person_id

    def refused(self, function: "Callable[..., object]", *arguments: object) -> str:
        """The code with which something is refused, having written nothing."""
        before = self.count()
        with pytest.raises(Refused) as refused:
            function(self.store, *arguments, **self.hand)
        assert self.count() == before
        return refused.value.code

    def count(self) -> int:
        """Lines in the journal."""
        with self.store.read() as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM line").scalar_one())

    def state(self, number: str) -> str:
        """The state of a card."""
        return show_card(self.store, number).state


@pytest.fixture
def office(tmp_path: Path) -> CardOffice:
    """One card in hands, three in the drawer."""
    return office_in(tmp_path / "desk", CardOffice)


def test_card_opens_its_household_when_issued_to_a_person(office: CardOffice) -> None:
    """The number says person; the fact says whose."""
    assert office.held(office.card_of_ming.number) == (office.wang, office.ming)
    assert read_code(office.card_of_ming.number).__class__.__name__ == "PersonCard"


def test_household_has_several_cards_when_issued_twice(office: CardOffice) -> None:
    """One account, many cards."""
    first, second = (issue_household_card(office.store, office.li, **office.hand) for _ in range(2))
    assert first.number != second.number
    assert {office.held(card.number) for card in (first, second)} == {(office.li, None)}


def test_blank_card_opens_a_household_when_it_was_bound(office: CardOffice) -> None:
    """Before that it opens nothing."""
    blank = office.blanks[0].number
    with pytest.raises(Refused, match="card_blank"):
        office.held(blank)
    bind_card(office.store, blank, CardHolder(office.wang, office.fang), **office.hand)
    assert office.held(blank) == (office.wang, office.fang)
    bind_card(office.store, office.blanks[1].number, CardHolder(office.li), **office.hand)
    assert office.held(office.blanks[1].number) == (office.li, None)


def test_card_is_dead_when_lost_and_lives_when_found(office: CardOffice) -> None:
    """At once, both ways."""
    card = office.card_of_ming
    assert report_card_lost(office.store, card.card_id, **office.hand).state == "lost"
    with pytest.raises(Refused, match=r"card_not_live\.lost"):
        office.held(card.number)
    assert report_card_found(office.store, card.card_id, **office.hand).person_id == office.ming
    assert office.held(card.number) == (office.wang, office.ming)


@pytest.mark.parametrize("is_lost", [False, True])
@pytest.mark.parametrize("from_drawer", [False, True])
def test_new_card_works_and_the_old_is_dead_when_replaced(
    office: CardOffice, tmp_path: Path, *, is_lost: bool, from_drawer: bool
) -> None:
    """Points stay as they were, and a second signature is asked for; the oracle agrees on every card."""
    office.award(office.wang, 4_200)
    old = office.card_of_ming
    if is_lost:
        report_card_lost(office.store, old.card_id, **office.hand)
    blank = office.blanks[0].number if from_drawer else None
    done = replace_card(office.store, old.card_id, blank, **office.hand)
    assert (done.redeemable_points, done.holder) == (4_200, CardHolder(office.wang, office.ming))
    assert office.held(done.card.number) == (office.wang, office.ming)
    with pytest.raises(Refused, match=r"card_not_live\.replaced"):
        office.held(old.number)
    assert [(each.kind, each.card_number) for each in list_requests(office.store)] == [
        ("card_reissued", done.card.number)
    ]
    states = sorted((row["number"], row["state"]) for row in recompute(office.store, tmp_path).village["cards"])
    with office.store.read() as connection:
        assert find_faults(connection, VILLAGE) == []
        rows = connection.exec_driver_sql("SELECT number, state FROM card ORDER BY number, state")
        assert states == [tuple(row) for row in rows]
    assert done.card.number == (blank or done.card.number)


def test_old_card_is_taken_back_when_it_turns_up(office: CardOffice) -> None:
    """It was replaced: it never opens anything again, and is written down as handed in."""
    old = office.card_of_ming
    new = replace_card(office.store, old.card_id, **office.hand).card
    assert office.refused(report_card_found, old.card_id) == "card_not_live.replaced"
    assert return_card(office.store, old.card_id, **office.hand).state == "returned"
    assert office.refused(return_card, old.card_id) == "card_not_live.returned"
    assert office.held(new.number) == (office.wang, office.ming)


def test_person_gets_a_card_again_when_the_last_was_handed_in(office: CardOffice) -> None:
    """Whoever moves away and comes back begins anew."""
    return_card(office.store, office.card_of_ming.card_id, **office.hand)
    again = issue_person_card(office.store, office.ming, **office.hand)
    assert office.held(again.number) == (office.wang, office.ming)


def test_card_is_refused_when_nobody_is_there_to_hold_it(office: CardOffice) -> None:
    """Unknown people and households, a person of another household, a household that joined another."""
    blank = office.blanks[0].number
    assert office.refused(issue_person_card, 5) == "person_unknown"
    assert office.refused(issue_household_card, 5) == "household_unknown"
    assert office.refused(bind_card, blank, CardHolder(office.li, office.ming)) == "person_unknown"
    merge_household(office.store, office.wang, office.li, **office.hand)
    assert office.refused(issue_household_card, office.wang) == "household_merged"
    assert office.refused(bind_card, blank, CardHolder(office.wang, office.fang)) == "household_merged"
    assert office.refused(replace_card, office.card_of_ming.card_id) == "household_merged"


def test_second_card_is_refused_when_the_person_has_one(office: CardOffice) -> None:
    """One card a person; a lost one is replaced, which somebody signs, and not just issued anew."""
    blank, holder = office.blanks[0].number, CardHolder(office.wang, office.ming)
    assert office.refused(issue_person_card, office.ming) == "card_holds_already"
    assert office.refused(bind_card, blank, holder) == "card_holds_already"
    report_card_lost(office.store, office.card_of_ming.card_id, **office.hand)
    assert office.refused(issue_person_card, office.ming) == "card_to_replace"
    assert office.refused(bind_card, blank, holder) == "card_to_replace"


def test_lost_card_of_a_household_is_replaced_before_another_is_issued(office: CardOffice) -> None:
    """What holds for persons holds for the household's own card."""
    card = issue_household_card(office.store, office.li, **office.hand)
    report_card_lost(office.store, card.card_id, **office.hand)
    assert office.refused(issue_household_card, office.li) == "card_to_replace"
    new = replace_card(office.store, card.card_id, **office.hand).card
    assert read_code(new.number).__class__.__name__ == "HouseholdCard"
    assert office.held(new.number) == (office.li, None)


def test_bound_card_is_refused_when_it_should_be_blank(office: CardOffice) -> None:
    """Somebody's card, a dead blank one, another village's, and one nobody ever issued."""
    fang = CardHolder(office.wang, office.fang)
    foreign = mint(CodeType.PERSON, VILLAGE + 1, seeded("foreign"))
    unknown = mint(CodeType.PERSON, VILLAGE, seeded("unknown"))
    stop_card(office.store, office.blanks[2].card_id, **office.hand)
    for number, code in (
        (office.card_of_ming.number, "card_not_blank"),
        (office.blanks[2].number, "card_not_live.stopped"),
        (foreign, "card_of_other_village"),
        (unknown, "card_unknown"),
    ):
        assert office.refused(bind_card, number, fang) == code
        assert office.refused(replace_card, office.card_of_ming.card_id, number) == code
    issue_book_codes(office.store, **office.hand)


def test_found_card_is_refused_when_the_person_got_another(office: CardOffice) -> None:
    """Two desks may disagree; here a second live card never comes back."""
    report_card_lost(office.store, office.card_of_ming.card_id, **office.hand)
    number = mint(CodeType.PERSON, VILLAGE, seeded("elsewhere"))
    with office.store.write(**office.hand) as act:
        act.append(CardIssued(number=number, holder="person", household=office.wang, person=office.ming))
    assert office.refused(report_card_found, office.card_of_ming.card_id) == "card_holds_already"
    assert office.refused(replace_card, office.card_of_ming.card_id) == "card_holds_already"


def test_task_is_refused_when_the_kind_of_card_has_none_such(office: CardOffice) -> None:
    """A blank card cannot be lost by anybody, and a card in somebody's hands is not stopped but taken back."""
    assert office.refused(report_card_lost, office.blanks[0].card_id) == "card_task_unknown"
    assert office.refused(replace_card, office.blanks[0].card_id) == "card_task_unknown"
    assert office.refused(stop_card, office.card_of_ming.card_id) == "card_task_unknown"
    assert office.refused(report_card_lost, 5) == "card_unknown"


@pytest.mark.parametrize("task", [CardTask.LOST, CardTask.FOUND, CardTask.RETURN, CardTask.REPLACE])
@pytest.mark.parametrize("state", ["live", "lost", "replaced", "returned"])
def test_task_is_done_or_refused_as_the_table_says_when_tried_in_a_state(
    office: CardOffice, task: CardTask, state: str
) -> None:
    """The table of ways from state to state is what happens, and what the desk offers."""
    card = office.card_of_ming
    bring_to(office, card.card_id, state)

    def do(*arguments: object, now: "Stamp", by: int) -> None:
        if task is CardTask.REPLACE:
            replace_card(office.store, card.card_id, now=now, by=by)
        else:
            change_card(office.store, card.card_id, task, now=now, by=by)

    if state in TRANSITIONS[task].before:
        assert task in show_card(office.store, card.number).tasks
        do(**office.hand)
        assert office.state(card.number) == TRANSITIONS[task].after
    else:
        assert task not in show_card(office.store, card.number).tasks
        assert office.refused(do) == IN_STATE[state]


def bring_to(office: CardOffice, card_id: int, state: str) -> None:
    """Bring a live card into a state."""
    if state == "replaced":
        replace_card(office.store, card_id, **office.hand)
    elif state != "live":
        task = {"lost": CardTask.LOST, "returned": CardTask.RETURN}[state]
        change_card(office.store, card_id, task, **office.hand)


def test_every_refused_state_has_words_when_a_card_is_in_it() -> None:
    """Reason and next step, in both languages."""
    for language in LANGUAGES:
        texts = Texts(language)
        for code in IN_STATE.values():
            assert texts.has(f"refusal.{code}.reason"), code
            assert texts.has(f"refusal.{code}.next"), code


def test_every_kind_of_card_ends_when_the_desk_wants_it() -> None:
    """No card stays live for ever: each kind can be taken back or stopped."""
    for kind in TASKS:
        ends = [TRANSITIONS[task].after for task in tasks_of(kind, "live")]
        assert set(ends) & {"returned", "stopped"}, kind


def test_second_live_card_of_a_number_is_stopped_by_the_guard_when_written_anyway(office: CardOffice) -> None:
    """Behind the domain functions the store itself refuses."""
    with pytest.raises(GuardError, match="one_live_card"), office.store.write(**office.hand) as act:
        act.append(CardIssued(number=office.card_of_ming.number, holder="blank"))


def test_card_is_shown_with_its_holder_when_scanned(office: CardOffice) -> None:
    """Whose, where, in what state, and what can be done."""
    shown = show_card(office.store, office.card_of_ming.number)
    assert shown.household is not None
    assert (shown.person_name, shown.household.name, shown.state, shown.is_blank) == ("王明", "王明", "live", False)
    assert shown.tasks == (CardTask.LOST, CardTask.REPLACE, CardTask.RETURN)
    blank = show_card(office.store, office.blanks[0].number)
    assert (blank.household, blank.person_id, blank.is_blank) == (None, None, True)


def test_household_is_shown_with_everybodys_cards_when_opened(office: CardOffice) -> None:
    """The household first, then its people; of several cards the one that counts."""
    issue_book_codes(office.store, **office.hand)
    done = replace_card(office.store, office.card_of_ming.card_id, **office.hand)
    found = show_household_cards(office.store, office.wang)
    assert [(each.name, each.holder.person_id) for each in found.holders] == [
        ("王明", None),
        ("王明", office.ming),
        ("陈芳", office.fang),
    ]
    household, ming, fang = found.holders
    assert (household.current, fang.current) == (None, None)
    assert found.book_code in {entry.number for entry in book_entries(office.store)}
    assert ming.current is not None
    assert (ming.current.number, [card.state for card in ming.cards]) == (done.card.number, ["live", "replaced"])
