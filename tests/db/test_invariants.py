"""Each pass finds what it is there for, and nothing in a sound store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from db.engine import transaction
from db.facts.shop import DeliveryShared
from db.fault import EXCEPTIONS, Fault
from db.invariants import find_faults
from db.store import Store, rebuild
from tests.bodies import WeatherNoted
from tests.ledger import VILLAGE, write
from tests.ready import Known, Ready, ready_desk


@pytest.fixture
def desk(tmp_path: Path) -> Ready:
    """A desk that is ready to sell."""
    return ready_desk(tmp_path / "desk")


@pytest.fixture
def known(desk: Ready) -> Known:
    """What its village holds."""
    return desk.known


@pytest.fixture
def store(desk: Ready) -> Iterator[Store]:
    """Its store, after something was redeemed."""
    opened = desk.open()
    desk.redeem(opened)
    yield opened
    opened.close()


def faults_after(store: Store, statement: str, **values: object) -> set[str]:
    """What is found once a statement was carried out."""
    with transaction(store.engine, is_write=True) as connection:
        connection.execute(text(statement), values)
    with store.read() as connection:
        return {fault.code for fault in find_faults(connection, VILLAGE)}


SPOILED = [
    ("UPDATE posting SET points = points + 1 WHERE household_id = :wang AND seq > 30", {"legs_do_not_sum_to_zero"}),
    ("UPDATE posting SET is_counted = 0 WHERE household_id = :li", {"written_twice"}),
    ("UPDATE balance SET redeemable_points = redeemable_points + 1 WHERE household_id = :wang", set()),
    ("UPDATE balance SET redeemable_points = -1 WHERE household_id = :wang", {"balance_overdrawn"}),
    ("UPDATE balance SET household_id = 77 WHERE household_id = :li", set()),
    ("UPDATE household SET state = 'merged' WHERE household_id = :li", {"merged_account_has_credit"}),
    ("UPDATE stock SET quantity = quantity + 1", {"stock_differs"}),
    ("DELETE FROM stock", {"stock_differs"}),
    ("UPDATE guard_redeemable SET points = 5 WHERE household_id = :wang", {"guard_differs"}),
    ("UPDATE cursor SET seq = seq - 1", {"line_not_folded"}),
    ("DELETE FROM cursor", {"line_not_folded"}),
]
"""A statement no program of ours makes, and what it brings beside a balance or a guard that differs."""


@pytest.mark.parametrize(("statement", "codes"), SPOILED)
def test_fault_is_found_when_a_table_was_spoiled(store: Store, known: Known, statement: str, codes: set[str]) -> None:
    """What one table says is held against another."""
    found = faults_after(
        store, statement, **{name: getattr(known, name) for name in ("wang", "li") if name in statement}
    )
    if "balance" in statement or "posting" in statement:
        assert "balance_differs" in found
    assert codes <= found
    assert found
    assert found - codes <= {"balance_differs", "guard_differs"}


def test_nothing_is_found_when_the_store_is_sound(store: Store) -> None:
    """Live and rebuilt alike."""
    with store.read() as connection:
        assert find_faults(connection, VILLAGE) == []
    rebuild(store)
    with store.read() as connection:
        assert find_faults(connection, VILLAGE) == []


def test_number_is_found_when_two_live_cards_have_it(store: Store, known: Known) -> None:
    """Only the last digits are said: a card number is money."""
    insert = "INSERT INTO card (village, card_id, number, state) VALUES (:village, :card, '2601231234567890', 'live')"
    with transaction(store.engine, is_write=True) as connection:
        for card in (1, 2):
            connection.execute(text(insert), {"village": VILLAGE, "card": card})
        assert find_faults(connection, VILLAGE) == [Fault("card_number_twice", "…7890")]


def test_a_form_is_found_when_two_desks_entered_it(store: Store, known: Known) -> None:
    """By its till and number, as they stand on the paper."""
    insert = "INSERT INTO form_entry (village, log, seq, till, number) VALUES (:village, :log, 1, 1, :number)"
    with transaction(store.engine, is_write=True) as connection:
        for log, number in ((1, 12), (2, 12), (2**20 - 1, 13)):
            connection.execute(text(insert), {"village": VILLAGE, "log": log, "number": number})
        assert find_faults(connection, VILLAGE) == [Fault("form_entered_twice", "1-00012")]


def test_fact_is_named_when_no_program_here_understands_it(store: Store) -> None:
    """It waits for an upgrade and damages nothing."""
    [fact] = write(store, WeatherNoted())
    with store.read() as connection:
        [fault] = find_faults(connection, VILLAGE)
    assert fault == Fault("fact_not_understood", f"{fact.log}-{fact.seq} weather_noted")
    assert fault.is_exception


@pytest.mark.parametrize("code", ["balance_differs", "legs_do_not_sum_to_zero", "stock_differs", "line_not_folded"])
def test_fault_is_damage_when_sound_journals_cannot_bring_it_about(code: str) -> None:
    """Only what a copied device or a late sibling can do is left to a person."""
    assert not Fault(code, "").is_exception
    assert code not in EXCEPTIONS


def test_delivery_is_found_when_its_cost_does_not_fall_on_its_goods(store: Store) -> None:
    """A table that was written to from outside."""
    [fact] = write(store, DeliveryShared(source="purchase", kinds=1, cost=500, costs=(500,)))
    with transaction(store.engine, is_write=True) as connection:
        assert find_faults(connection, VILLAGE) == []
        connection.execute(text("UPDATE delivery_share SET cost = 499"))
        assert find_faults(connection, VILLAGE) == [Fault("delivery_cost_differs", str(fact.id))]
