"""Numbers of the rules: what the county set for a village, for all, or nothing, on a day."""

import pytest

from db.facts.notice import RuleSet
from db.rules import rule, settable
from db.rules.in_force import rule_in_force
from db.store import Store
from tests.ledger import VILLAGE, lines_of, new_store, write

NAME = "no_card_limit_points"


def set_by_county(store: Store, village: int, *said: tuple[str, int]) -> None:
    """Let the county say numbers, each from its day, in its log of a village."""
    county = new_store(0, village=village)
    write(county, *[RuleSet(rules="shop", name=NAME, value=value, from_day=day) for day, value in said])
    with county.read() as connection:
        lines = lines_of(connection, village, 0)
    store.receive(village, 0, lines)


def limit(store: Store, day: str) -> int:
    """The number in force on a day."""
    with store.read() as connection:
        return rule_in_force(connection, VILLAGE, "shop", NAME, day)


def test_program_decides_when_the_county_set_nothing_yet() -> None:
    """And before the day from which the county's holds."""
    store = new_store(1)
    shipped = rule("shop", NAME, "2026-11-22")
    assert limit(store, "2026-11-22") == shipped
    set_by_county(store, 0, ("2026-12-01", 100))
    assert (limit(store, "2026-11-30"), limit(store, "2026-12-01")) == (shipped, 100)


def test_village_goes_before_all_when_the_county_set_both() -> None:
    """Whichever day came first; of one village's the latest that has come."""
    store = new_store(1)
    set_by_county(store, 0, ("2026-12-01", 100))
    set_by_county(store, VILLAGE, ("2026-06-01", 700), ("2027-01-01", 800))
    assert [limit(store, day) for day in ("2026-05-31", "2026-06-01", "2026-12-31", "2027-01-01")] == [
        rule("shop", NAME, "2026-05-31"), 700, 700, 800,
    ]  # fmt: skip


@pytest.mark.parametrize("name", sorted(settable()))
def test_number_is_one_of_the_rules_when_the_county_may_set_it(name: str) -> None:
    """Each has a default of the program's own within what the county may say."""
    known = settable()[name]
    assert known.least <= rule(known.rules, name, "2026-11-22") <= known.most
    assert known.unit
