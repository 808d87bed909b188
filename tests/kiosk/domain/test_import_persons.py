"""Persons and members of a sheet held against the roster."""

from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import select

from db.facts.people import CardIssued, CardStateChanged
from db.tables.people import Card, Member, Person
from db.tables.statement import table_of
from kiosk.codes import CodeType, mint
from kiosk.domain.card import find_card, report_card_found, report_card_lost
from kiosk.domain.find import people_of
from kiosk.sheets.problem import Fate, Fault
from tests.kiosk.domain.office import Office, office_in
from tests.kiosk.domain.rows import bring, changes, member, person, plan, told
from tests.village import VILLAGE, seeded


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Households 王明 at 3-12 and 李秀 at 3-13; 李小花, born 1959, lives at 3-13."""
    return office_in(tmp_path / "desk", Office)


def details(office: Office) -> list[tuple[object, ...]]:
    """Birth year, sex and homonym of the persons of 3-12."""
    columns = table_of(Person).c
    statement = select(columns.birth_year, columns.sex, columns.homonym).where(columns.household_id == office.wang)
    with office.store.read() as connection:
        return [tuple(row) for row in connection.execute(statement.order_by(columns.person_id))]


def members(office: Office) -> list[tuple[object, ...]]:
    """Class, year and standing of every member."""
    columns = table_of(Member).c
    with office.store.read() as connection:
        rows = connection.execute(select(columns.class_code, columns.joined_year, columns.standing))
        return [tuple(row) for row in rows]


def card_number(seed: str = "card", village: int = VILLAGE) -> str:
    """A number of a person's card."""
    return mint(CodeType.PERSON, village, seeded(seed))


def test_persons_join_their_households_when_they_are_new(office: Office) -> None:
    """Name, birth year, sex, and the number that tells namesakes apart."""
    rows = (person(3, 12, "王小𠮷", sex="f"), person(3, 12, "王大", 1950), person(3, 12, "王大", 1950, homonym=2))
    assert bring(office, *rows).new == 3
    assert [found.name for found in people_of(office.store, office.wang)] == ["王小𠮷", "王大", "王大"]
    assert details(office) == [(1960, "f", 0), (1950, None, 0), (1950, None, 2)]


@pytest.mark.parametrize("row", [person(9, 9, "王小"), member(9, 9, "王小")])
def test_a_row_is_refused_when_its_household_is_missing(office: Office, row: object) -> None:
    """Households come first; the place is named."""
    found = plan(office, row)  # type: ignore[arg-type]  # because a parameter has no type of its own
    assert told(found) == [(Fault.HOUSEHOLD_MISSING, found.reading.rows[0].where.cell("house"), "9-9")]
    assert (found.wrong, found.new) == (1, 0)


@pytest.mark.parametrize(
    ("year", "fault", "fate"),
    [
        (2011, None, None),
        (2012, Fault.PERSON_IS_CHILD, Fate.SKIPPED),
        (2026, Fault.PERSON_IS_CHILD, Fate.SKIPPED),
        (2027, Fault.YEAR_TO_COME, Fate.REFUSED),
    ],
)
def test_children_are_no_names_when_a_sheet_lists_them(
    office: Office, year: int, fault: Fault | None, fate: Fate | None
) -> None:
    """Whoever may be under 14 this year is passed over; a year to come is a mistake."""
    found = plan(office, person(3, 12, "王小", year))
    assert [(problem.code, problem.fate) for problem in found.problems] == ([] if fault is None else [(fault, fate)])
    assert found.new == (1 if fault is None else 0)


def test_a_birth_year_is_filled_in_when_nobody_knew_it(office: Office) -> None:
    """A person registered at the desk without one is the person of that name, not a second."""
    known = office.person(office.wang, "王小", None)  # type: ignore[arg-type]  # because the desk may not know it
    assert changes(plan(office, person(3, 12, "王小", sex="m"))) == [
        ("birth", "王小", {"before": None, "after": 1960}),
        ("sex", "王小", {"before_sex": None, "after_sex": "m"}),
    ]
    assert bring(office, person(3, 12, "王小", sex="m")).changed == 1
    assert [found.person_id for found in people_of(office.store, office.wang)] == [known]
    assert details(office) == [(1960, "m", 0)]


def test_two_rows_are_two_persons_when_one_birth_year_was_unknown(office: Office) -> None:
    """The person without a year is found once; the other row is a new person."""
    office.person(office.wang, "王小", None)  # type: ignore[arg-type]  # because the desk may not know it
    done = bring(office, person(3, 12, "王小", 1960), person(3, 12, "王小", 1990))
    assert (done.new, done.changed) == (1, 1)
    assert bring(office, person(3, 12, "王小", 1960), person(3, 12, "王小", 1990)).facts == 0


def test_the_sex_stays_when_a_cell_is_empty(office: Office) -> None:
    """An empty cell says nothing."""
    bring(office, person(3, 12, "王小", sex="f"))
    assert bring(office, person(3, 12, "王小")).facts == 0
    assert details(office) == [(1960, "f", 0)]


def test_a_note_says_who_is_head_when_two_sheets_disagree(office: Office) -> None:
    """The household list says 王明."""
    assert told(plan(office, person(3, 12, "王大", is_head=True))) == [(Fault.HEAD_DIFFERS, "C2", "王明")]
    assert told(plan(office, person(3, 12, "王明", is_head=True))) == []


def test_a_note_says_where_a_namesake_lives_when_a_person_is_new(office: Office) -> None:
    """The same name and birth year in a household the sheet does not list them in: perhaps a daughter who married."""
    assert told(plan(office, person(3, 12, "李小花", 1959))) == [(Fault.PERSON_MAYBE_MOVED, "C2", "3-13")]
    assert told(plan(office, person(3, 12, "李小花", 1959), person(3, 13, "李小花", 1959))) == []
    assert told(plan(office, person(3, 12, "李小花", 1961))) == []


def test_a_member_is_refused_when_the_person_is_missing(office: Office) -> None:
    """Persons come before members."""
    assert told(plan(office, member(3, 12, "王小"))) == [(Fault.PERSON_MISSING, "C2", "3-12")]


def test_members_have_class_year_and_standing_when_imported_and_corrected(office: Office) -> None:
    """Empty cells of a later sheet leave class and year as they are; the standing is always said."""
    bring(office, person(3, 12, "王小"), person(3, 12, "王大"))
    bring(office, member(3, 12, "王小", standing="probationary"), member(3, 12, "王大", class_code="elder"))
    assert members(office) == [("ordinary", None, "probationary"), ("elder", None, "full")]
    later = (member(3, 12, "王小", joined_year=2020), member(3, 12, "王大"))
    assert changes(plan(office, *later)) == [
        ("joined", "王小", {"before": None, "after": 2020}),
        ("standing", "王小", {"before_standing": "probationary", "after_standing": "full"}),
    ]
    assert bring(office, *later).changed == 1
    assert members(office) == [("ordinary", 2020, "full"), ("elder", None, "full")]
    assert bring(office, *later).facts == 0


def test_a_member_gets_the_card_of_the_sheet_when_it_is_one_of_ours(office: Office) -> None:
    """Issued if nobody knows the number, bound if it is a blank card; a second time nothing happens."""
    bring(office, person(3, 12, "王小"), person(3, 12, "王大"))
    blank = card_number("blank")
    with office.store.write(now=office.now, by=office.operator) as act:
        act.append(CardIssued(number=blank, holder="blank"))
    rows = (member(3, 12, "王小", card=card_number()), member(3, 12, "王大", card=blank))
    bring(office, *rows)
    people = [found.person_id for found in people_of(office.store, office.wang)]
    with office.store.read() as connection:
        held = [find_card(connection, VILLAGE, number).person_id for number in (card_number(), blank)]
    assert held == people
    assert bring(office, *rows).facts == 0


@pytest.mark.parametrize(
    ("state", "fault"),
    [("live", Fault.CARD_HELD), ("lost", Fault.CARD_TO_REPLACE), ("returned", None), ("stopped", None)],
)
@pytest.mark.parametrize("is_blank", [False, True])
def test_no_second_card_is_given_when_the_member_has_one_or_lost_it(
    office: Office, state: Literal["live", "lost", "returned", "stopped"], fault: Fault | None, *, is_blank: bool
) -> None:
    """Two cards of one person would both spend; after one that was handed back the next is the first again."""
    bring(office, person(3, 12, "王小"))
    owner = people_of(office.store, office.wang)[0].person_id
    with office.store.write(now=office.now, by=office.operator) as act:
        old = act.append(CardIssued(number=card_number("old"), holder="person", household=office.wang, person=owner))
        act.append(CardStateChanged(card=old.id, state=state))
        if is_blank:
            act.append(CardIssued(number=card_number(), holder="blank"))
    found = plan(office, member(3, 12, "王小", card=card_number()))
    expected = [] if fault is None else [(fault, Fate.REFUSED, f"…{card_number()[-4:]}")]
    assert [(problem.code, problem.fate, problem.raw) for problem in found.problems] == expected
    assert ("card" in [what for what, _, _ in changes(found)]) == (fault is None)


def test_own_card_is_no_fault_when_the_sheet_names_it_again(office: Office) -> None:
    """A sheet that was filled in from the cards says what is known, also of one that is lost."""
    bring(office, person(3, 12, "王小"))
    bring(office, member(3, 12, "王小", card=card_number()))
    with office.store.read() as connection:
        card = find_card(connection, VILLAGE, card_number()).card_id
    for change in (report_card_lost, report_card_found):
        again = plan(office, member(3, 12, "王小", card=card_number()))
        assert (again.problems, again.unchanged) == ((), 1)
        change(office.store, card, now=office.now, by=office.operator)


@pytest.mark.parametrize(
    ("number", "fault", "fate"),
    [
        ("123456", Fault.CARD_NOT_OURS, Fate.NOTED),
        (card_number(village=124), Fault.CARD_OTHER_VILLAGE, Fate.REFUSED),
        (card_number("of another"), Fault.CARD_TAKEN, Fate.REFUSED),
        (card_number("stopped"), Fault.CARD_TAKEN, Fate.REFUSED),
    ],
)
def test_a_card_is_left_when_it_is_not_the_members(office: Office, number: str, fault: Fault, fate: Fate) -> None:
    """Old cards are only noted; a card of somebody else, or a stopped one, stops the row; four digits are shown."""
    bring(office, person(3, 12, "王小"))
    with office.store.write(now=office.now, by=office.operator) as act:
        holder = {"holder": "person", "household": office.li, "person": office.helper_person}
        act.append(CardIssued.model_validate({"number": card_number("of another")} | holder))
        stopped = act.append(CardIssued(number=card_number("stopped"), holder="blank"))
        act.append(CardStateChanged(card=stopped.id, state="stopped"))
    found = plan(office, member(3, 12, "王小", card=number))
    assert [(problem.code, problem.fate, problem.raw) for problem in found.problems] == [
        (fault, fate, f"…{number[-4:]}")
    ]
    assert found.new == (1 if fate is Fate.NOTED else 0)
    with office.store.read() as connection:
        assert len(connection.execute(select(table_of(Card).c.card_id)).all()) == 2
