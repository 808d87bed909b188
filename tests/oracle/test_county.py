"""What follows from the county's word alone: bars, messages, numbers, settled exceptions; and who may not say it."""

import pytest

from tests.oracle.county import rule_on
from tests.oracle.desk import Ledger, entity, moved
from tests.oracle.evening import MING, begun
from tests.oracle.fold import read_entries
from tests.oracle.lines import parse_line
from tests.oracle.strict import Json
from tests.oracle.verdict import recompute, render

NUMBER = "2601231234567890"
COUNTY = 0


def village(ledger: Ledger) -> Json:
    """What the oracle makes of the ledger's village."""
    found: Json = recompute(ledger.file(), ledger.private())["villages"][-1]
    return found


def test_number_is_barred_when_the_county_said_so_last() -> None:
    """Barred, cleared, and barred again."""
    ledger = Ledger()
    for kind, expected in (("card_barred", [NUMBER]), ("card_cleared", []), ("card_barred", [NUMBER])):
        ledger.add(kind, log=COUNTY, number=NUMBER)
        assert village(ledger)["barred"] == expected
    assert "barred numbers: 1" in render(recompute(ledger.file()))


def test_message_is_read_when_the_desk_names_it() -> None:
    """One of the village's own, one to all with the same number: they are not confused."""
    ledger = Ledger(village=0)
    ledger.add("message_sent", log=COUNTY, day="2026-11-22")
    ledger.village = 123
    ledger.add("message_sent", log=COUNTY, day="2026-11-22")
    ledger.add("exception_settled", log=COUNTY, cause="written_twice", subjects=[{"subject": "a", "detail": "-"}])
    ledger.add("message_read", is_common=True, seq=1)
    rows = [(row["is_common"], row["seq"], row["kind"], row["is_read"]) for row in village(ledger)["messages"]]
    assert rows == [(True, 1, "sent", True), (False, 1, "sent", False), (False, 2, "settled", False)]
    assert village(ledger)["settled"] == [{"cause": "written_twice", "subject": "a", "detail": "-"}]


@pytest.mark.parametrize(
    ("day", "own", "expected"),
    [("2026-01-01", (), 10), ("2025-12-31", (), None), ("2026-06-01", (("2026-02-01", 7),), 7),
     ("2026-01-15", (("2026-02-01", 7),), 10), ("2026-06-01", (("2026-02-01", 7), ("2026-02-01", 8)), 8)],
)  # fmt: skip
def test_number_of_the_village_goes_first_when_both_are_set(
    day: str, own: tuple[tuple[str, int], ...], expected: int | None
) -> None:
    """The latest day that has come; what was said to all stands behind."""
    common, ledger = Ledger(village=0), Ledger()
    name = "award_limit_points"
    common.add("rule_set", log=COUNTY, rules="points", name=name, value=10, from_day="2026-01-01")
    for from_day, value in own:
        ledger.add("rule_set", log=COUNTY, rules="points", name=name, value=value, from_day=from_day)
    said, _ = read_entries([parse_line(line) for line in common.lines.values()], {})
    entries, _ = read_entries([parse_line(line) for line in ledger.lines.values()], {})
    assert rule_on(entries, said, "points", "award_limit_points", day) == expected


@pytest.mark.parametrize("seen", [0, 1])
def test_redemption_is_a_fault_when_the_desk_knew_that_the_card_was_barred(seen: int) -> None:
    """Not before it could have known."""
    ledger = Ledger()
    house = ledger.add("household_registered", group=1, house=1)
    card = ledger.add("card_issued", number=NUMBER, holder="household", household=house)
    ledger.add("seat_taken", seat=1)
    ledger.add("opening_balance_posted", household=house, points=100, paper="P", legs=moved("opening", house, 100))
    ledger.add("card_barred", log=COUNTY, number=NUMBER)
    line = {"item": entity(7, 99), "quantity": 1, "each": 100, "points": 100}
    ledger.add(
        "redemption_made", head={"ref": [0, seen]}, seat=1, till=1, number=1, slip="2801231234567890", household=house,
        card=card, entry="card", lines=[line], points=100, before=100, after=0, legs=moved("redeemed", house, -100),
    )  # fmt: skip
    assert [each["code"] for each in recompute(ledger.file())["faults"]] == ["card_was_barred"] * seen


def test_bar_is_a_fault_when_a_terminal_says_it() -> None:
    """Only the county's log may."""
    ledger = Ledger()
    ledger.add("card_barred", number=NUMBER)
    assert [each["code"] for each in recompute(ledger.file())["faults"]] == ["not_the_county"]


@pytest.mark.parametrize(("seen", "faults"), [(0, ["lateness_differs"]), (1, [])])
def test_lateness_is_judged_by_what_the_desk_had_read_of_the_county(seen: int, faults: list[str]) -> None:
    """Ten minutes are allowed here; a desk that had not read so goes by the program's five."""
    evening = begun(MING)
    evening.say("rule_set", log=COUNTY, rules="meeting", name="late_after_minutes", value=10, from_day="2026-01-01")
    evening.minutes += 8
    evening.come(MING, 8, is_late=False, head={"ref": [0, seen]})
    assert [code for code in evening.faults() if code.startswith("late")] == faults
