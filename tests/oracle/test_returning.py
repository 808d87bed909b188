"""Goods that come back and objections: what follows from them, and what no desk may have written about them."""

import pytest

from tests.oracle.desk import Ledger, entity, moved
from tests.oracle.strict import Json
from tests.oracle.verdict import recompute

HOUSE, ITEM, JUDGE, HELPER = entity(7, 900), entity(7, 901), entity(7, 950), entity(7, 951)
LINE = {"item": ITEM, "quantity": 1_100, "each": 125, "per": 1_000, "points": 138, "is_over_book": False}


def sold() -> tuple[Ledger, int]:
    """A household with ten points got 1.1 kg at 1.25 a kilogram."""
    ledger = Ledger()
    ledger.add("seat_taken", seat=1)
    opening = moved("opening", HOUSE, 1_000)
    ledger.add("opening_balance_posted", household=HOUSE, points=1_000, paper="1", legs=opening)
    body: Json = {"seat": 1, "till": 1, "number": 1, "slip": "0123-1-000001", "household": HOUSE, "entry": "card"}
    body |= {"lines": [LINE], "points": 138, "before": 1_000, "after": 862, "legs": moved("redeemed", HOUSE, -138)}
    return ledger, ledger.add("redemption_made", **body)


def back(ledger: Ledger, of: int, quantity: int, before: int, points: int, changes: Json | None = None) -> int:
    """Some grams of it come back."""
    body: Json = {"seat": 1, "redemption": of, "line": 0, "item": ITEM, "quantity": quantity, "before": before}
    body |= {"to": "stock", "household": HOUSE, "points": points, "legs": moved("redeemed", HOUSE, points)}
    return ledger.add("goods_returned", **(body | (changes or {})))


def found(ledger: Ledger) -> tuple[list[str], int, int]:
    """The codes of the faults, the balance, and the grams on the shelf."""
    verdict = recompute(ledger.file())
    (village,) = verdict["villages"]
    return (
        [each["code"] for each in verdict["faults"]],
        village["balances"][0]["points"],
        village["stock"][0]["quantity"],
    )


def test_parts_add_up_to_the_whole_when_they_come_back_one_by_one() -> None:
    """Points of the first so many less those of the first before: nothing is lost by rounding; waste moves no shelf."""
    ledger, made = sold()
    back(ledger, made, 367, 0, 46)
    back(ledger, made, 733, 367, 92, {"to": "waste", "reason": "expired"})
    assert found(ledger) == ([], 1_000, -733)


def test_grams_come_back_once_when_it_is_said_twice() -> None:
    """The first of lowest rank counts, what goes on from there counts, and the other does not."""
    ledger, made = sold()
    back(ledger, made, 400, 0, 50)
    back(ledger, made, 600, 0, 75)
    back(ledger, made, 200, 400, 25)
    assert found(ledger) == ([], 937, -500)


def test_nothing_comes_back_when_all_of_it_is_void() -> None:
    """A void outweighs every return, whichever was written first."""
    ledger, made = sold()
    back(ledger, made, 400, 0, 50)
    void = [{"item": ITEM, "quantity": 1_100}]
    ledger.add(
        "redemption_voided", seat=1, redemption=made, household=HOUSE, lines=void, points=138,
        legs=moved("redeemed", HOUSE, 138),
    )  # fmt: skip
    assert found(ledger) == ([], 1_000, 0)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"quantity": 1_101}, ["returned_too_much"]),
        ({"line": 1}, ["returned_too_much"]),
        ({"item": ITEM + 1}, ["returned_too_much"]),
        ({"points": 51, "legs": moved("redeemed", HOUSE, 51)}, ["return_points_differ"]),
        ({"legs": moved("redeemed", HOUSE, 49)}, ["points_differ"]),
        ({"seat": 2}, ["off_the_seat"]),
    ],
)
def test_a_return_is_told_when_one_figure_is_wrong(changes: Json, codes: list[str]) -> None:
    """What comes back was handed out on that line, at its price, at the seat."""
    ledger, made = sold()
    back(ledger, made, 400, 0, 50, changes)
    assert found(ledger)[0] == codes


def contested() -> tuple[Ledger, int, int]:
    """An award by the volunteer, and the household's objection to it."""
    ledger = Ledger()
    legs = moved("issued", HOUSE, 500)
    award = ledger.add(
        "points_awarded", head={"op": HELPER}, household=HOUSE, scheme="s", item="i", points=500, legs=legs
    )
    raised = ledger.add("objection_raised", household=HOUSE, entry=award, till=1, number=1, points=500, reason="twice")
    return ledger, award, raised


def test_an_objection_has_the_first_answer_when_two_were_given() -> None:
    """And what it took back."""
    ledger, award, raised = contested()
    legs = moved("issued", HOUSE, -500)
    taken = ledger.add("award_reversed", kv=2, award=award, household=HOUSE, points=500, reason="objection", legs=legs)
    said: Json = {"is_upheld": True, "reply": "reversed", "reversal": taken, "signer": JUDGE}
    ledger.add("objection_answered", objection=raised, **said)
    ledger.add("objection_answered", objection=raised, is_upheld=False, reply="too_late", signer=JUDGE)
    verdict = recompute(ledger.file())
    (row,) = verdict["villages"][0]["objections"]
    assert {name: row[name] for name in said} == said
    (request,) = verdict["villages"][0]["requests"]
    assert (request["kind"], request["state"], request["signer"]) == ("objection_raised", "approved", JUDGE)
    assert verdict["faults"] == []


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"is_upheld": True, "reply": "too_late"}, "objection_reply"),
        ({"is_upheld": False, "reply": "by_hand"}, "objection_reply"),
        ({"is_upheld": True, "reply": "reversed"}, "objection_reversal"),
        ({"is_upheld": True, "reply": "by_hand", "signer": HELPER}, "objection_to_own_entry"),
    ],
)
def test_an_answer_is_told_when_it_cannot_be(answer: Json, code: str) -> None:
    """A reply of the other list, a reversal that is not there, somebody who wrote the entry."""
    ledger, _award, raised = contested()
    body: Json = {"objection": raised, "signer": JUDGE} | answer
    ledger.add("objection_answered", **body)
    assert [each["code"] for each in recompute(ledger.file())["faults"]] == [code]


def test_a_number_is_told_when_one_was_left_out() -> None:
    """The objections of a log are counted."""
    ledger, award, _raised = contested()
    ledger.add("objection_raised", household=HOUSE, entry=award, till=1, number=3, points=500, reason="twice")
    assert [each["code"] for each in recompute(ledger.file())["faults"]] == ["objection_number"]
