"""What follows for limits from facts alone: which hold, and who went beyond one."""

import pytest

from tests.oracle.desk import Ledger, entity, moved
from tests.oracle.strict import Json
from tests.oracle.verdict import recompute

HOUSE, ITEM = entity(7, 900), entity(7, 901)


def sold(ledger: Ledger, day: str, quantity: int, household: int = HOUSE) -> int:
    """Goods at three points handed out on a day."""
    points = 300 * quantity
    line = {"item": ITEM, "quantity": quantity, "each": 300, "points": points}
    return ledger.add(
        "redemption_made", head={"day": day}, seat=1, till=1, number=1, slip="28", household=household, entry="card",
        lines=[line], points=points, before=points, after=0, legs=moved("redeemed", household, -points),
    )  # fmt: skip


def limited(ledger: Ledger, span: str, quantity: int | None, **more: object) -> int:
    """A limit of the goods from the start of the year."""
    said: Json = {"item": ITEM, "span": span, "quantity": quantity, "from_day": "2026-01-01", **more}
    return ledger.add("redemption_limit_set", **said)


def verdict(ledger: Ledger) -> Json:
    """What the oracle makes of it."""
    return recompute(ledger.file(), ledger.private())


def beyond(ledger: Ledger) -> list[str]:
    """What it says of redemptions beyond a limit."""
    return [each["detail"] for each in verdict(ledger)["faults"] if each["code"] == "redemption_over_limit"]


@pytest.mark.parametrize(
    ("span", "second_day", "is_beyond"),
    [
        ("visit", "2026-11-22", False), ("day", "2026-11-22", True), ("day", "2026-11-23", False),
        ("month", "2026-11-30", True), ("month", "2026-12-01", False), ("quarter", "2026-12-31", True),
        ("quarter", "2027-01-01", False), ("year", "2026-12-31", True), ("year", "2027-01-01", False),
    ],
)  # fmt: skip
def test_two_redemptions_are_beyond_a_limit_when_they_fall_into_one_period(
    span: str, second_day: str, *, is_beyond: bool
) -> None:
    """Three bags a period, two and two."""
    ledger = Ledger()
    limited(ledger, span, 3)
    sold(ledger, "2026-11-22", 2)
    sold(ledger, second_day, 2)
    assert beyond(ledger) == ([f"4 of 3 a {span}"] if is_beyond else [])


def test_a_limit_counts_what_was_had_before_when_two_households_became_one() -> None:
    """Each had two of three; together they have no more, while apart each had one left."""
    ledger, other, last = Ledger(), entity(7, 902), entity(7, 903)
    limited(ledger, "month", 3)
    for household in (HOUSE, other):
        sold(ledger, "2026-11-22", 2, household)
    sold(ledger, "2026-11-22", 1, other)
    for household, into in ((HOUSE, other), (other, last)):
        ledger.add("household_merged", household=household, into=into, legs=[])
    sold(ledger, "2026-11-23", 1, last)
    assert beyond(ledger) == ["6 of 3 a month"]


def test_a_limit_counts_no_more_when_it_was_ended_or_the_festival_is_over() -> None:
    """A festival ends by itself; null ends the others; what is void is not counted."""
    ledger = Ledger()
    limited(ledger, "festival", 1, until_day="2026-01-07", festival="spring")
    first = limited(ledger, "month", 2)
    sold(ledger, "2026-01-08", 2)
    assert [row["fact"] for row in verdict(ledger)["villages"][0]["limits"]] == [first - 1, first]
    made = sold(ledger, "2026-02-01", 2)
    ledger.add(
        "redemption_voided", seat=1, redemption=made, household=HOUSE, lines=[{"item": ITEM, "quantity": 2}],
        points=600, legs=moved("redeemed", HOUSE, 600),
    )  # fmt: skip
    sold(ledger, "2026-02-02", 2)
    assert beyond(ledger) == []
    limited(ledger, "month", None)
    sold(ledger, "2026-02-02", 9)
    assert beyond(ledger) == []
