"""Many facts written at once are the facts that one append after the other writes, with the same consequences."""

import pytest
from sqlalchemy import select

from db.facts.body import transfer
from db.facts.people import HouseholdCounted, HouseholdRegistered, MemberRegistered, PeopleImported
from db.facts.period import DayOpened
from db.facts.points import OpeningReversed
from db.guard import GuardError
from db.invariants import find_faults
from db.journal import Saying
from db.line import MalformedLineError
from db.projections import digest
from db.store import Store, rebuild
from db.tables.columns import Declared
from db.tables.people import Household
from db.tables.points import Balance
from db.tables.statement import table_of
from db.tables.waiting import Request
from tests.bodies import opening, person_card, redemption
from tests.ledger import NOW, VILLAGE, lines_of, new_store

LOG = 11


def sayings() -> list[Saying]:
    """A household, who is in it, its card, what it had on paper and what it took home."""
    return [
        (HouseholdRegistered(group=3, house=12, residents=4), {"name": "王𠮷"}),
        (person_card("2701231234567891", 77), None),
        (opening(77, 4_200, "P-1"), None),
        (redemption(77, 5, 2, 300), None),
        (MemberRegistered(person=9, class_code="elder", standing="probationary"), None),
    ]


def held(store: Store) -> tuple[object, ...]:
    """Every line with its text, and the tables."""
    with store.read() as connection:
        return lines_of(connection, VILLAGE, LOG), digest(connection, VILLAGE), find_faults(connection, VILLAGE)


def rows(store: Store, model: type[Declared], *names: str) -> list[tuple[object, ...]]:
    """The named columns of every row of a table."""
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(select(*(table_of(model).c[name] for name in names)))]


def test_lines_and_tables_are_the_same_when_facts_are_appended_at_once() -> None:
    """Bytes, salts, hashes, turns and projections: nothing tells the two ways apart."""
    single, many = new_store(LOG), new_store(LOG)
    for store in (single, many):
        with store.write(now=NOW, by=7) as act:
            act.append(DayOpened(day="2026-11-22"))
    with single.write(now=NOW, by=7) as act:
        one_by_one = [act.append(body, private) for body, private in sayings()]
    with many.write(now=NOW, by=7) as act:
        first = act.next_id()
        at_once = act.append_many(sayings())
        assert act.facts == at_once
    assert at_once == one_by_one
    assert at_once[0].id == first
    assert held(many) == held(single)


def test_nothing_is_appended_when_there_is_nothing_to_say() -> None:
    """An empty row of facts is no fact."""
    store = new_store(LOG)
    with store.write(now=NOW, by=None) as act:
        assert act.append_many([]) == []
    assert held(store)[0] == []


def test_a_day_is_opened_alone_when_facts_are_appended_at_once() -> None:
    """The lines behind it would name the wrong day."""
    store = new_store(LOG)
    with pytest.raises(ValueError, match="day"), store.write(now=NOW, by=None) as act:
        act.append_many([*sayings(), (DayOpened(day="2026-11-22"), None)])
    assert held(store)[0] == []


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ((redemption(78, 5, 1, 300), None), GuardError),
        ((person_card("2701231234567891", 78), None), GuardError),
        ((HouseholdRegistered(group=1, house=1), {"name": "王" * 40_000}), MalformedLineError),
    ],
)
def test_no_fact_is_kept_when_one_of_them_breaks_a_rule(wrong: Saying, error: type[Exception]) -> None:
    """Guards and format hold for every fact of the row."""
    store = new_store(LOG)
    with pytest.raises(error), store.write(now=NOW, by=None) as act:
        act.append_many([*sayings(), wrong, *sayings()[:1]])
    assert held(store)[0] == []


def test_no_day_stands_in_a_line_when_the_action_left_the_day() -> None:
    """An import on an open day is no part of that day's work; the next action is."""
    store = new_store(LOG)
    with store.write(now=NOW, by=None) as act:
        act.append(DayOpened(day="2026-11-22"))
        act.leave_day()
        assert act.append(opening(77, 100, "P-1")).day is None
    with store.write(now=NOW, by=None) as act:
        assert act.append(opening(78, 100, "P-2")).day == "2026-11-22"


def test_a_household_has_the_size_that_was_said_last_when_it_was_counted_again() -> None:
    """The number of residents is an aspect of its own."""
    store = new_store(LOG)
    with store.write(now=NOW, by=None) as act:
        made = act.append(HouseholdRegistered(group=3, house=12, residents=4), {"name": "王明"})
        counted = act.append(HouseholdCounted(household=made.id, residents=6))
    expected = [(6, counted.rank, made.rank)]
    assert rows(store, Household, "residents", "residents_rank", "place_rank") == expected


def test_an_opening_balance_is_taken_back_once_when_it_is_reversed_twice() -> None:
    """The reversal of lowest rank counts, live and after a rebuild."""
    store = new_store(LOG)
    with store.write(now=NOW, by=None) as act:
        posted = act.append(opening(77, 4_200, "P-1"))
        for points in (4_000, 4_200):
            legs = transfer("opening", 77, -points)
            act.append(OpeningReversed(opening=posted.id, household=77, points=points, legs=legs))
    assert rows(store, Balance, "household_id", "redeemable_points") == [(77, 200)]
    before = held(store)
    rebuild(store)
    assert held(store) == before


@pytest.mark.parametrize(
    ("openings", "signer", "waiting"),
    [(2, None, [("opening_balances", 2, 4_300)]), (2, 9, []), (0, None, [])],
)
def test_a_signature_is_asked_for_when_opening_balances_came_in_without_one(
    openings: int, signer: int | None, waiting: list[tuple[object, ...]]
) -> None:
    """One entry for the whole sheet; none if somebody signed, or if there was no balance."""
    store = new_store(LOG)
    body = PeopleImported(
        sheet="households", digest="0" * 64, rows=3, added=3, changed=0, skipped=0, facts=5, openings=openings,
        opening_points=4_300 if openings else 0, signer=signer,
    )  # fmt: skip
    with store.write(now=NOW, by=None) as act:
        act.append(body)
    assert rows(store, Request, "kind", "quantity", "points") == waiting
