"""The plans of the statements a desk waits for: each takes its index, on a store with nothing in it yet."""

import pytest

from db.store import rebuild
from tests.ledger import new_store

AWARDS_BY_DAY = """
SELECT * FROM posting
WHERE village = ? AND account = 'issued' AND household_id IS NULL AND item_code IS NOT NULL AND day > ?
"""
EARNED_IN_MONTH = """
SELECT * FROM posting
WHERE village = ? AND household_id IN (?) AND scheme = 'z' AND item_code IS NOT NULL AND day BETWEEN 'a' AND 'b'
"""
LOOK_UPS = [
    ("SELECT household_id FROM card WHERE village = ? AND number = ?", "card_number"),
    ("SELECT * FROM card WHERE village = ? AND household_id = ?", "card_household"),
    ("SELECT * FROM person WHERE village = ? AND household_id = ?", "person_household"),
    ("SELECT * FROM person WHERE village = ? AND name_id = ?", "person_name"),
    ("SELECT * FROM household WHERE village = ? AND name_id = ?", "household_name"),
    ("SELECT * FROM household WHERE village = ? AND group_number = ?", "household_place"),
    ("SELECT * FROM posting WHERE village = ? AND household_id = ?", "posting_household"),
    (AWARDS_BY_DAY, "posting_source"),
    (EARNED_IN_MONTH, "posting_earned"),
    ("SELECT * FROM item_code WHERE village = ? AND code = ?", "item_code_code"),
    ("SELECT * FROM household WHERE village = ? AND household_id = ?", "PRIMARY KEY"),
    ("SELECT * FROM name_key WHERE village = ? AND key > ?", "name_key_key"),
]


@pytest.mark.parametrize("is_rebuilt", [False, True])
@pytest.mark.parametrize(("statement", "index"), LOOK_UPS)
def test_index_is_taken_when_something_is_looked_up(statement: str, index: str, *, is_rebuilt: bool) -> None:
    """A village is one of one: to read all its rows for a card number would be slower with every household."""
    store = new_store(7)
    if is_rebuilt:
        rebuild(store)
    with store.read() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (123, 5)).all()
    assert [row[3] for row in plan if index in row[3]], plan
