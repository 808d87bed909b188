"""The points of an adopted suggestion: once, within the month's cap, to whoever has the account, never to oneself."""

from pathlib import Path

import pytest

from db.facts.body import transfer
from db.facts.points import SchemeItemSet
from db.facts.suggestion import SuggestionAnswered, SuggestionAwarded, SuggestionAwardRequested
from kiosk.domain.people import merge_household
from kiosk.domain.points import Earning, Recipient, offer_points
from kiosk.domain.reversal import reverse_entry
from kiosk.domain.suggestion_list import show_suggestion
from kiosk.domain.waiting import Signature, approve_request, decline_request, list_requests
from kiosk.errors import NotAllowed, Refused
from tests.kiosk.domain.box import NO_MONEY, Box
from tests.kiosk.domain.office import ADVICE, office_in


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """A village in which nobody has proposed anything yet."""
    return office_in(tmp_path / "box", Box)


def set_item(box: Box, *, points: int, cap: int | None = None, is_active: bool = True) -> None:
    """Let the scheme give another number of points for an adopted suggestion."""
    item = SchemeItemSet(
        scheme="zhijin_household", code=ADVICE, group="meeting", position=9, label_zh="建议被采纳",
        label_en="Suggestion adopted", points=points, monthly_cap=cap, is_active=is_active, from_day="2026-01-01",
    )  # fmt: skip
    with box.store.write(now=box.now, by=box.operator) as act:
        act.append(item)


def test_household_has_five_points_more_when_its_suggestion_is_adopted(box: Box) -> None:
    """In the same action, by the item of the scheme; the entry names the person and can be taken back."""
    replied = box.answer(box.submit(box.wang, person_id=box.wang_ming))
    assert (replied.points, replied.after_points, replied.waits_for, replied.is_capped) == (500, 500, None, False)
    entry = box.account(box.wang).entries[0]
    assert (entry.kind, entry.item_code, entry.person_name) == ("suggestion_awarded", ADVICE, "王明")
    assert entry.can_be_reversed
    assert box.balance(box.wang) == 500


def test_points_count_once_when_two_desks_adopted(box: Box) -> None:
    """The other desk's award is kept and not counted."""
    made = box.submit(box.wang)
    box.answer(made)
    with box.store.write(now=box.now, by=box.operator) as act:
        act.append(SuggestionAnswered(suggestion=made, is_adopted=True, reply="done"))
        act.append(
            SuggestionAwarded(
                suggestion=made, household=box.wang, scheme="zhijin_household", item=ADVICE, points=500,
                legs=transfer("issued", box.wang, 500),
            )
        )  # fmt: skip
    assert box.balance(box.wang) == 500
    assert [entry.is_counted for entry in box.account(box.wang).entries] == [False, True]


def test_points_go_to_the_household_that_was_joined_when_it_merged_meanwhile(box: Box) -> None:
    """Whoever has the account now."""
    made = box.submit(box.zhao, person_id=box.zhao_guo)
    merge_household(box.store, box.zhao, box.li, now=box.now, by=box.operator)
    assert box.answer(made).after_points == 500
    assert (box.balance(box.zhao), box.balance(box.li)) == (0, 500)
    assert show_suggestion(box.store, made).points == 500


@pytest.mark.parametrize(("adopted", "posted"), [(1, [500]), (2, [500, 200]), (3, [500, 200, 0])])
def test_cap_of_the_month_leaves_less_when_it_is_near(box: Box, adopted: int, posted: list[int]) -> None:
    """Seven points a month: the second suggestion brings two, the third is adopted and brings none."""
    set_item(box, points=500, cap=700)
    replied = [box.answer(box.submit(box.wang)) for _ in range(adopted)]
    assert [each.points for each in replied] == posted
    assert [each.is_capped for each in replied] == [False, True, True][:adopted]
    assert box.balance(box.wang) == sum(posted)


def test_desk_and_suggestions_share_a_cap_when_the_item_has_one(box: Box) -> None:
    """What suggestions brought leaves less to award at the desk, and the other way round."""
    set_item(box, points=500, cap=700)
    box.answer(box.submit(box.wang))
    assert offer_points(box.store, Recipient(box.wang), Earning(ADVICE), box.operator).points == 200
    box.give(box.wang)
    assert box.answer(box.submit(box.wang)).points == 0


def test_suggestion_is_adopted_without_points_when_the_scheme_gives_none(box: Box) -> None:
    """An item that is not active any more brings nothing and hinders nobody."""
    set_item(box, points=500, is_active=False)
    made = box.submit(box.wang)
    assert box.answer(made).points == 0
    assert (show_suggestion(box.store, made).state, box.balance(box.wang)) == ("adopted", 0)


def test_points_wait_for_a_signature_when_the_answerer_is_of_the_household(box: Box) -> None:
    """Adopted at once; the points come when somebody else signs, and only then."""
    head = box.add("王明", "secretary", box.wang_ming)
    made = box.submit(box.wang, person_id=box.wang_fang)
    replied = box.answer(made, by=head.operator_id)
    assert (replied.points, replied.waiting_points, replied.waits_for) == (0, 500, "own_household")
    shown = show_suggestion(box.store, made)
    assert (shown.state, shown.points, shown.waits, box.balance(box.wang)) == ("adopted", 0, True, 0)
    (request,) = list_requests(box.store)
    assert (request.kind, request.label("zh_CN"), request.points) == ("suggestion_own_household", "建议被采纳", 500)
    assert (request.household_name, request.person_name, request.operator_name) == ("王明", "王芳", "王明")
    with pytest.raises(NotAllowed, match="signer_is_maker"):
        approve_request(box.store, request.request_id, now=box.now, by=head.operator_id)
    signed = approve_request(
        box.store, request.request_id, Signature(box.supervisor.badge), now=box.now, by=head.operator_id
    )
    assert (signed.points, box.balance(box.wang)) == (500, 500)
    assert (show_suggestion(box.store, made).points, show_suggestion(box.store, made).waits) == (500, False)


def test_answerer_cannot_sign_when_the_volunteer_held_the_desk(box: Box) -> None:
    """The badge answered, the volunteer is the maker; the good of one's own household is still nobody's to sign."""
    head = box.add("王明", "secretary", box.wang_ming)
    replied = box.answer(box.submit(box.wang), by=box.helper.operator_id, badge=head.badge)
    assert replied.waits_for == "own_household"
    (request,) = list_requests(box.store)
    with pytest.raises(NotAllowed, match="signer_is_beneficiary"):
        approve_request(box.store, request.request_id, now=box.now, by=head.operator_id)


def test_points_wait_when_the_answerers_household_joined_the_one_that_gains(box: Box) -> None:
    """The account is one."""
    head = box.add("王明", "secretary", box.wang_ming)
    made = box.submit(box.li)
    merge_household(box.store, box.wang, box.li, now=box.now, by=box.operator)
    assert box.answer(made, by=head.operator_id).waits_for == "own_household"


def test_points_wait_for_a_signature_when_they_are_above_the_limit(box: Box) -> None:
    """A scheme that gives thirty points for a suggestion gives them by two hands."""
    set_item(box, points=3_000)
    made = box.submit(box.wang)
    assert box.answer(made).waits_for == "over_limit"
    (request,) = list_requests(box.store)
    assert request.kind == "suggestion_over_limit"
    decline_request(box.store, request.request_id, now=box.now, by=box.supervisor.operator_id)
    shown = show_suggestion(box.store, made)
    assert (shown.state, shown.points, shown.waits, box.balance(box.wang)) == ("adopted", 0, False, 0)


def test_signature_brings_nothing_more_when_the_points_came_another_way(box: Box) -> None:
    """Two desks adopted, one of them by somebody who may; the request of the other is signed in vain."""
    set_item(box, points=3_000)
    made = box.submit(box.wang)
    box.answer(made)
    with box.store.write(now=box.now, by=box.operator) as act:
        act.append(
            SuggestionAwarded(
                suggestion=made, household=box.wang, scheme="zhijin_household", item=ADVICE, points=500,
                legs=transfer("issued", box.wang, 500),
            )
        )  # fmt: skip
    (request,) = list_requests(box.store)
    assert approve_request(box.store, request.request_id, now=box.now, by=box.supervisor.operator_id).points == 0
    assert box.balance(box.wang) == 500


def test_signature_is_refused_when_the_counted_answer_declines(box: Box) -> None:
    """Another desk had said no first; the request can only be declined."""
    made = box.submit(box.wang)
    with box.store.write(now=box.now, by=box.operator) as act:
        act.append(SuggestionAnswered(suggestion=made, is_adopted=False, reply="no_money"))
        act.append(SuggestionAnswered(suggestion=made, is_adopted=True, reply="done"))
        act.append(
            SuggestionAwardRequested(
                suggestion=made, household=box.wang, scheme="zhijin_household", item=ADVICE, points=3_000,
                reason="over_limit",
            )
        )  # fmt: skip
    (request,) = list_requests(box.store)
    supervisor = box.supervisor.operator_id
    with pytest.raises(Refused, match="suggestion_is_declined"):
        approve_request(box.store, request.request_id, now=box.now, by=supervisor)
    decline_request(box.store, request.request_id, now=box.now, by=supervisor)
    assert (list_requests(box.store), box.balance(box.wang)) == ((), 0)


def test_points_are_taken_back_when_the_entry_is_reversed(box: Box) -> None:
    """By the statement, as any award; the list says so, and nothing counts twice."""
    made = box.submit(box.wang)
    box.answer(made)
    entry = box.account(box.wang).entries[0]
    assert reverse_entry(box.store, entry.entry_id, now=box.now, by=box.operator).after_points == 0
    shown = show_suggestion(box.store, made)
    assert (shown.state, shown.points, shown.is_reversed) == ("adopted", 0, True)
    with pytest.raises(Refused, match="entry_reversed_before"):
        reverse_entry(box.store, entry.entry_id, now=box.now, by=box.operator)


def test_nothing_is_posted_when_a_suggestion_is_declined(box: Box) -> None:
    """No entry, no request."""
    box.answer(box.submit(box.wang), NO_MONEY)
    assert (box.account(box.wang).entries, list_requests(box.store)) == ((), ())
