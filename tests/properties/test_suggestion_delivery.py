"""Suggestions in lines that come in any order: two desks that answer differently, and one that submits last of all.

Three desks that have not heard of each other: A writes suggestions down and adopts, B answers what it knows by paper
alone, C adopts and pays a second time. Whatever arrives first, the tables are equal, and the list says what a person
would say.
"""

from functools import cache
from random import Random
from typing import Final

import pytest

from db.engine import transaction
from db.facts.body import transfer
from db.facts.people import HouseholdRegistered
from db.facts.points import RequestAnswered
from db.facts.suggestion import (
    SuggestionAnswered,
    SuggestionAwarded,
    SuggestionAwardRequested,
    SuggestionDiscussed,
    SuggestionSubmitted,
)
from db.facts.terminal import LogBegun
from db.line import entity_id
from db.store import Store
from kiosk.domain.suggestion_list import SuggestionShown, list_suggestions
from tests.bodies import reversal
from tests.ledger import VILLAGE, lines_of, new_store, write
from tests.properties.delivery import Digests, Target, deliver_at_random, deliver_in_order, sqlite_target
from tests.properties.scene import Lines

A, B, C = 300, 200, 100
ORDERS: Final = 30
HOUSEHOLD: Final = entity_id(A, 2)
ROAD, WATER, LAMP, SHOP = (entity_id(A, seq) for seq in (3, 4, 5, 6))


def award(suggestion: int, points: int = 500, request: int | None = None) -> SuggestionAwarded:
    """Points for a suggestion of the household."""
    return SuggestionAwarded(
        suggestion=suggestion, household=HOUSEHOLD, scheme="zhijin_household", item="suggestion_adopted",
        points=points, request=request, legs=transfer("issued", HOUSEHOLD, points),
    )  # fmt: skip


def adopt(suggestion: int) -> SuggestionAnswered:
    """Yes."""
    return SuggestionAnswered(suggestion=suggestion, is_adopted=True, reply="will_do")


def decline(suggestion: int) -> SuggestionAnswered:
    """No."""
    return SuggestionAnswered(suggestion=suggestion, is_adopted=False, reply="no_money")


def _first_desk(store: Store) -> None:
    """Four suggestions; the road is adopted and paid, the lamp discussed and its points asked for, then signed."""
    write(store, LogBegun(till=1, program="kiosk"), HouseholdRegistered(group=3, house=12), private={"name": "王明"})
    write(
        store,
        SuggestionSubmitted(household=HOUSEHOLD, topic="road", paper="1"),
        SuggestionSubmitted(household=HOUSEHOLD, topic="water", paper="2"),
        SuggestionSubmitted(household=HOUSEHOLD, topic="safety", paper="3"),
        SuggestionSubmitted(household=HOUSEHOLD, topic="shop"),
        private={"words": "写在纸上"},
    )
    write(store, SuggestionDiscussed(suggestion=LAMP), adopt(LAMP))
    asking = SuggestionAwardRequested(
        suggestion=LAMP, household=HOUSEHOLD, scheme="zhijin_household", item="suggestion_adopted", points=500,
        reason="own_household",
    )  # fmt: skip
    (request,) = write(store, asking)
    write(
        store,
        RequestAnswered(request=request.id, is_approved=True, signer=1, is_verified=True),
        award(LAMP, request=request.id),
    )
    write(store, adopt(ROAD))
    (paid,) = write(store, award(ROAD))
    write(store, adopt(WATER), award(WATER, 300))
    write(store, reversal(paid.id, HOUSEHOLD, 500))


def _second_desk(store: Store) -> None:
    """It answers, by the numbers on the paper, what it has not heard of: first of all, so its word counts."""
    write(store, LogBegun(till=2, program="kiosk"), decline(WATER), SuggestionDiscussed(suggestion=SHOP))


def _third_desk(store: Store) -> None:
    """It adopts the road as well, late, and pays it again."""
    for number in range(12):
        write(store, HouseholdRegistered(group=9, house=number + 1))
    write(store, adopt(ROAD), award(ROAD, 400))


@cache
def lines() -> Lines:
    """Every line of the three desks."""
    held: Lines = {}
    for log, tell in ((A, _first_desk), (B, _second_desk), (C, _third_desk)):
        store = new_store(log)
        tell(store)
        with store.read() as connection:
            held[VILLAGE, log] = lines_of(connection, VILLAGE, log)
        store.close()
    return held


@cache
def expected() -> Digests:
    """The tables when every log is delivered whole, one after the other."""
    target = sqlite_target()
    deliver_in_order(target, lines())
    return target.digests()


@pytest.fixture(scope="module")
def target() -> Target:
    """A hub store."""
    return sqlite_target()


@pytest.mark.parametrize("first", range(0, ORDERS, 15))
def test_tables_are_equal_when_suggestions_and_answers_come_in_any_order(target: Target, first: int) -> None:
    """Answers before what they answer, points before the answers, repeated and cut anywhere."""
    for seed in range(first, first + 15):
        deliver_at_random(target, lines(), Random(seed))
        assert target.digests() == expected(), f"seed {seed}"


def told(*logs: int) -> dict[int, SuggestionShown]:
    """What a desk lists that received these logs, in this order."""
    store = new_store(77)
    for log in logs:
        store.receive(VILLAGE, log, lines()[VILLAGE, log])
    shown = list_suggestions(store).suggestions
    store.close()
    return {each.suggestion_id: each for each in shown}


def test_list_says_what_follows_when_all_has_arrived() -> None:
    """The earlier word counts, points count once, what was taken back is gone; in either order of arrival."""
    for logs in ((A, B, C), (C, B, A)):
        found = told(*logs)
        assert {key: each.state for key, each in found.items()} == {
            ROAD: "adopted", WATER: "declined", LAMP: "adopted", SHOP: "discussed",
        }  # fmt: skip
        assert {key: each.points for key, each in found.items()} == {ROAD: 0, WATER: 300, LAMP: 500, SHOP: 0}
        assert [key for key, each in found.items() if each.is_reversed] == [ROAD]
        assert [key for key, each in found.items() if each.waits] == []


def test_nothing_is_listed_when_only_answers_have_arrived() -> None:
    """A suggestion shows when it arrives itself, with the answer that was there before it."""
    assert told(B, C) == {}
    assert told(B, A)[WATER].state == "declined"


def test_balance_counts_what_the_first_desk_paid_when_two_paid() -> None:
    """Hundredths by household, the same in every order: the lamp's 500, the water's 300, the road's taken back."""
    target = sqlite_target()
    for seed in range(3):
        deliver_at_random(target, lines(), Random(seed))
        with transaction(target.engine, is_write=False) as connection:
            points = connection.exec_driver_sql(
                "SELECT redeemable_points FROM balance WHERE household_id = ?", (HOUSEHOLD,)
            ).scalar_one()
        assert points == 800
