"""Objections: numbered, answered once by somebody else than who wrote the entry, and taken back where that is right."""

from pathlib import Path

import pytest

from db.facts.points import ObjectionRaised
from db.invariants import find_faults
from db.line import entity_id
from kiosk.domain.explanation import explain_entry
from kiosk.domain.objection import (
    ObjectionShown,
    answer_objection,
    objections_of,
    raise_objection,
    show_objection,
    waiting_objections,
)
from kiosk.domain.people import merge_household
from kiosk.domain.period import close_day
from kiosk.domain.waiting import Signature, approve_request, count_waiting, decline_request, list_requests
from kiosk.errors import NotAllowed, Refused
from tests.kiosk.domain.office import Office, office_in_memory
from tests.recomputed import recompute
from tests.village import VILLAGE


@pytest.fixture
def office() -> Office:
    """An office with secretary, volunteer and supervisor."""
    return office_in_memory()


def entry_of(office: Office, by: int | None = None) -> int:
    """An entry of Wang's, by the secretary unless somebody else is named."""
    entry = office.give(office.wang, by=by).given[0].entry_id
    assert entry is not None
    return entry


def object_to(
    office: Office, entry: int | None, reason: str = "not_ours", household: int | None = None
) -> ObjectionShown:
    """Wang does not agree, and the volunteer writes it down."""
    helper = office.helper.operator_id
    return raise_objection(
        office.store, household or office.wang, entry, reason, now=office.now, by=helper  # type: ignore[arg-type]  # because tests name reasons as texts
    )  # fmt: skip


def agrees(office: Office, tmp_path: Path) -> bool:
    """Whether the separate program finds the same objections and nothing broken."""
    found = recompute(office.store, tmp_path)
    ours = {each.objection_id: each for each in (*objections_of(office.store, office.wang),)}
    theirs = {row["id"]: (row["is_upheld"], row["reply"], row["reversal"]) for row in found.village["objections"]}
    answers = {
        key: (each.answer.is_upheld, each.answer.reply, each.answer.reversal_id) if each.answer else (None, None, None)
        for key, each in ours.items()
    }
    with office.store.read() as connection:
        return (answers, found.faults, find_faults(connection, VILLAGE)) == (theirs, [], [])


def test_an_objection_is_numbered_and_waits_when_it_is_raised(office: Office, tmp_path: Path) -> None:
    """The number is village, till and a count of this desk; the secretary has it on the list."""
    entry = entry_of(office)
    first, second = object_to(office, entry), object_to(office, None, "missing")
    assert (first.number, second.number) == ("0123-1-000001", "0123-1-000002")
    assert (first.household_name, first.reason, first.operator_name) == ("王明", "not_ours", "李小花")
    assert first.entry is not None
    assert (first.entry.entry_id, first.entry.points, second.entry) == (entry, 500, None)
    waiting = [(each.kind, each.paper_number, each.reason_code, each.points) for each in list_requests(office.store)]
    assert waiting == [("objection", "0123-1-000001", "not_ours", 500), ("objection", "0123-1-000002", "missing", None)]
    assert {each.number for each in waiting_objections(office.store)} == {first.number, second.number}
    assert agrees(office, tmp_path)


def test_the_entry_is_taken_back_when_an_objection_to_it_is_upheld(office: Office, tmp_path: Path) -> None:
    """Answer and reversal are one action; the entry's explanation knows both."""
    entry = entry_of(office, office.helper.operator_id)
    raised = object_to(office, entry)
    answered = answer_objection(office.store, raised.objection_id, "reversed", now=office.now, by=office.secretary)
    assert answered.answer is not None
    assert (answered.answer.is_upheld, answered.answer.signer_name) == (True, "周会计")
    assert (office.balance(office.wang), count_waiting(office.store)) == (0, 0)
    (later,) = explain_entry(office.store, entry).later
    assert (later.entry_id, later.kind, later.reason) == (answered.answer.reversal_id, "award_reversed", "objection")
    assert agrees(office, tmp_path)


def test_points_stay_when_an_objection_is_declined_or_seen_to_by_hand(office: Office, tmp_path: Path) -> None:
    """The reply says why; another objection may be raised afterwards."""
    entry = entry_of(office, office.helper.operator_id)
    for reply, is_upheld in (("entry_right", False), ("by_hand", True)):
        raised = object_to(office, entry, "points_wrong")
        answer_objection(office.store, raised.objection_id, reply, now=office.now, by=office.secretary)  # type: ignore[arg-type]  # because tests name replies as texts
        shown = show_objection(office.store, raised.objection_id).answer
        assert shown is not None
        assert (shown.is_upheld, shown.reply, shown.reversal_id) == (is_upheld, reply, None)
    assert office.balance(office.wang) == 500
    assert agrees(office, tmp_path)


def test_an_objection_is_refused_when_there_is_nothing_to_object_to(office: Office) -> None:
    """An entry of somebody else or of nobody, a second one while one waits, an unknown household, a closed day."""
    entry = entry_of(office)
    object_to(office, entry)
    for household, of, code in (
        (office.li, entry, "entry_unknown"),
        (office.wang, 77, "entry_unknown"),
        (office.wang, entry, "objection_waits_before"),
        (77, entry, "household_unknown"),
    ):
        with pytest.raises(Refused, match=code):
            object_to(office, of, household=household)
    with pytest.raises(NotAllowed, match="right_missing"):
        raise_objection(office.store, office.wang, entry, "twice", now=office.now, by=office.supervisor.operator_id)
    close_day(office.store, now=office.now, by=office.secretary)
    with pytest.raises(Refused, match="day_not_open"):
        object_to(office, None, "missing")


def test_an_answer_is_refused_when_it_cannot_be_given(office: Office) -> None:
    """Not twice, not by who may not sign, not by who wrote the entry, not without an entry, not without a reply."""
    raised, missing = object_to(office, entry_of(office)), object_to(office, None, "missing")

    def answer(objection: int, by: int, signature: Signature | None = None) -> ObjectionShown:
        return answer_objection(office.store, objection, "reversed", signature, now=office.now, by=by)

    with pytest.raises(Refused, match="objection_wants_reply"):
        approve_request(office.store, raised.objection_id, now=office.now, by=office.secretary)
    with pytest.raises(Refused, match="objection_wants_reply"):
        decline_request(office.store, raised.objection_id, now=office.now, by=office.secretary)
    with pytest.raises(NotAllowed, match="right_missing"):
        answer(raised.objection_id, office.helper.operator_id)
    with pytest.raises(NotAllowed, match="objection_to_own_entry"):
        answer(raised.objection_id, office.secretary)
    with pytest.raises(Refused, match="objection_without_entry"):
        answer(missing.objection_id, office.secretary)
    with pytest.raises(Refused, match="objection_unknown"):
        answer(77, office.secretary)
    answer(raised.objection_id, office.secretary, Signature(office.supervisor.badge, is_verified=True))
    with pytest.raises(Refused, match="objection_answered_before"):
        answer(raised.objection_id, office.supervisor.operator_id)


def test_nobody_answers_for_their_own_household_when_points_would_come_back(office: Office) -> None:
    """The secretary's household is another one after it joined Wang's."""
    person = office.person(office.li, "周会计", 1970)
    judge = office.add("周书记", "secretary", person)
    raised = object_to(office, entry_of(office))
    merge_household(office.store, office.wang, office.li, now=office.now, by=office.secretary)
    with pytest.raises(NotAllowed, match="signer_is_beneficiary"):
        answer_objection(office.store, raised.objection_id, "reversed", now=office.now, by=judge.operator_id)


def test_points_that_were_redeemed_are_not_taken_back_when_an_objection_is_upheld(office: Office) -> None:
    """No balance goes below zero: the answer is refused, and the secretary sees to it by hand."""
    entry = entry_of(office, office.helper.operator_id)
    office.take(office.wang)
    raised = object_to(office, entry)
    with pytest.raises(Refused, match="points_missing"):
        answer_objection(office.store, raised.objection_id, "reversed", now=office.now, by=office.secretary)
    assert show_objection(office.store, raised.objection_id).answer is None


def test_an_objection_is_shown_when_its_entry_has_not_arrived_yet(office: Office) -> None:
    """Another desk of the village wrote the entry, and its lines are on their way."""
    body = ObjectionRaised(household=office.wang, entry=entity_id(5, 77), till=1, number=1, points=300, reason="twice")
    with office.store.write(now=office.now, by=office.secretary) as act:
        act.append(body)
    (shown,) = waiting_objections(office.store)
    assert (shown.number, shown.entry) == ("0123-1-000001", None)
    assert [each.kind for each in list_requests(office.store)] == ["objection"]
