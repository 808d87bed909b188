"""What follows for suggestions from facts alone, by hand-written ledgers in any order of logs."""

import pytest

from tests.oracle.desk import Ledger, entity, moved
from tests.oracle.strict import Json
from tests.oracle.verdict import recompute, render

HOUSE = entity(7, 900)


def submitted(ledger: Ledger, **more: object) -> int:
    """A suggestion about the road."""
    return ledger.add("suggestion_submitted", household=HOUSE, topic="road", **more)  # type: ignore[arg-type]  # because a test names any field


def answered(ledger: Ledger, suggestion: int, *, is_adopted: bool, log: int = 7, turn: int | None = None) -> int:
    """An answer, from some desk at some turn."""
    reply = "will_do" if is_adopted else "no_money"
    return ledger.add(
        "suggestion_answered", log=log, turn=turn, suggestion=suggestion, is_adopted=is_adopted, reply=reply
    )


def awarded(ledger: Ledger, suggestion: int, points: int = 500, *, log: int = 7, turn: int | None = None) -> int:
    """Points for it."""
    return ledger.add(
        "suggestion_awarded", log=log, turn=turn, suggestion=suggestion, household=HOUSE, scheme="zhijin_household",
        item="suggestion_adopted", points=points, legs=moved("issued", HOUSE, points),
    )  # fmt: skip


def village(ledger: Ledger) -> Json:
    """What the oracle makes of the ledger's village."""
    found: Json = recompute(ledger.file(), ledger.private())["villages"][0]
    return found


def row(ledger: Ledger) -> Json:
    """The only suggestion."""
    (found,) = village(ledger)["suggestions"]
    assert isinstance(found, dict)
    return found


def test_a_suggestion_is_open_discussed_adopted_when_facts_say_so() -> None:
    """Each step changes its state; the points are the household's."""
    ledger = Ledger()
    made = submitted(ledger, person=None, meeting=entity(7, 5), paper="12")
    assert (row(ledger)["state"], row(ledger)["paper"]) == ("open", "12")
    ledger.add("suggestion_discussed", suggestion=made, meeting=entity(7, 5))
    assert (row(ledger)["state"], row(ledger)["discussed"]) == ("discussed", [entity(7, 5)])
    answer, award = answered(ledger, made, is_adopted=True), awarded(ledger, made)
    found = row(ledger)
    assert (found["state"], found["answer"], found["reply"]) == ("adopted", answer, "will_do")
    assert (found["award"], found["points"], found["is_reversed"]) == (award, 500, False)
    assert village(ledger)["balances"] == [{"household": HOUSE, "points": 500}]


@pytest.mark.parametrize(("turns", "state"), [((10, 20), "adopted"), ((20, 10), "declined")])
def test_the_answer_of_lowest_rank_counts_when_two_desks_answered(turns: tuple[int, int], state: str) -> None:
    """Points once given stay whatever the answers say; the second answer is told as a duplicate."""
    ledger = Ledger()
    made = submitted(ledger)
    yes = answered(ledger, made, is_adopted=True, turn=turns[0])
    awarded(ledger, made, turn=turns[0] + 1)
    no = answered(ledger, made, is_adopted=False, log=8, turn=turns[1])
    found = row(ledger)
    assert (found["state"], found["points"]) == (state, 500)
    rules = {each["rule"]: each for each in village(ledger)["once"]}
    first, second = (yes, no) if state == "adopted" else (no, yes)
    assert (rules["answer to suggestion"]["counted"], rules["answer to suggestion"]["duplicates"]) == (first, [second])


def test_points_count_once_when_two_desks_gave_them() -> None:
    """By the lowest rank, whichever log it stands in."""
    ledger = Ledger()
    made = submitted(ledger)
    awarded(ledger, made, turn=9)
    first = awarded(ledger, made, 300, log=8, turn=5)
    assert (row(ledger)["award"], row(ledger)["points"]) == (first, 300)
    assert village(ledger)["balances"] == [{"household": HOUSE, "points": 300}]


def test_nothing_is_left_of_the_points_when_they_were_reversed() -> None:
    """The answer stands, the points are gone."""
    ledger = Ledger()
    made = submitted(ledger)
    answered(ledger, made, is_adopted=True)
    award = awarded(ledger, made)
    ledger.add("award_reversed", award=award, household=HOUSE, points=500, legs=moved("issued", HOUSE, -500))
    assert (row(ledger)["state"], row(ledger)["points"], row(ledger)["is_reversed"]) == ("adopted", 0, True)


def test_an_answer_waits_when_its_suggestion_has_not_arrived() -> None:
    """It is known that something was answered, not what."""
    ledger = Ledger()
    answered(ledger, entity(9, 4), is_adopted=False)
    found = row(ledger)
    assert (found["id"], found["household"], found["state"]) == (entity(9, 4), None, "declined")


def test_a_request_waits_when_points_of_a_suggestion_need_a_second_signature() -> None:
    """It stands among the requests until somebody answers it."""
    ledger = Ledger()
    made = submitted(ledger)
    request = ledger.add(
        "suggestion_award_requested", suggestion=made, household=HOUSE, scheme="zhijin_household",
        item="suggestion_adopted", points=500, reason="own_household",
    )  # fmt: skip
    (waiting,) = village(ledger)["requests"]
    assert (waiting["id"], waiting["kind"], waiting["state"]) == (request, "suggestion_award_requested", "waiting")


@pytest.mark.parametrize(
    "body", [{"topic": "weather"}, {"topic": "road", "paper": ""}, {"topic": "road", "words": "灯"}, {}]
)
def test_a_suggestion_is_kept_unread_when_its_body_does_not_fit(body: Json) -> None:
    """A topic nobody listed, an empty number, words where none belong."""
    ledger = Ledger()
    ledger.add("suggestion_submitted", household=HOUSE, **body)
    assert village(ledger)["suggestions"] == []
    assert [each["kind"] for each in village(ledger)["unknown"]] == ["suggestion_submitted"]


def test_people_read_suggestions_when_no_json_is_asked_for() -> None:
    """One line each, points as people write them."""
    ledger = Ledger()
    made = submitted(ledger)
    answered(ledger, made, is_adopted=True)
    awarded(ledger, made)
    assert "topic road, state adopted" in render(recompute(ledger.file()))
