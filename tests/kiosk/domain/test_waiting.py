"""The waiting list: who may sign, what an answer writes, and that the first answer counts."""

from pathlib import Path

import pytest

from db.facts.people import CardReplaced
from db.invariants import find_faults
from kiosk.codes import CodeType, mint
from kiosk.domain.card import find_card
from kiosk.domain.people import merge_household
from kiosk.domain.period import close_day
from kiosk.domain.points import Earning, Recipient, award_points
from kiosk.domain.waiting import Signature, approve_request, count_waiting, decline_request, list_requests, show_signer
from kiosk.errors import NotAllowed, Refused
from tests.kiosk.domain.office import ADVICE, UNIVERSITY, Office, office_in_memory
from tests.recomputed import recompute
from tests.village import VILLAGE


@pytest.fixture
def office() -> Office:
    """An office with secretary, volunteer and supervisor."""
    return office_in_memory()


def ask(office: Office, household: int | None = None) -> int:
    """Let the volunteer enter a place at a university; it waits."""
    by, to = office.helper.operator_id, household or office.wang
    booked = office.give(to, item=UNIVERSITY, by=by, evidence="document", paper="5")
    request = booked.given[0].entry_id
    assert request is not None
    return request


def replaced_card(office: Office) -> tuple[str, str]:
    """Let the volunteer put a new card in place of a lost one; return the numbers of the old and the new."""
    old = office.card(office.person(office.wang, "王明"))
    number = mint(CodeType.PERSON, VILLAGE, office.store.entropy)
    with office.store.write(now=office.now, by=office.helper.operator_id) as act:
        act.append(CardReplaced(card=old.card_id, number=number, holder="person", household=office.wang))
    return old.number, number


def test_list_says_what_for_whom_and_by_whom_when_something_waits(office: Office) -> None:
    """Enough to decide without asking around; the oldest stands first."""
    request = ask(office)
    replaced_card(office)
    first, second = list_requests(office.store)
    assert (first.request_id, first.kind, first.label("zh_CN"), first.points) == (
        request,
        "award_over_limit",
        "子女考上大学",
        5_000,
    )
    assert (first.household_name, first.place.group, first.place.house) == ("王明", 3, 12)
    assert (first.operator_name, first.paper_number, first.evidence_code) == ("李小花", "5", "document")
    assert (second.kind, second.points) == ("card_reissued", None)
    assert second.card_number is not None
    assert count_waiting(office.store) == 2


def test_points_are_posted_when_the_secretary_approves(office: Office, tmp_path: Path) -> None:
    """The award names the request, and the separate program finds it fulfilled."""
    request = ask(office)
    answered = approve_request(office.store, request, now=office.now, by=office.secretary)
    assert (answered.points, answered.is_approved, count_waiting(office.store)) == (5_000, True, 0)
    (entry,) = office.account(office.wang).entries
    assert (entry.points, entry.paper_number, entry.evidence_code, entry.target_id) == (5_000, "5", "document", request)
    found = recompute(office.store, tmp_path)
    assert found.faults == []
    assert found.balances == {office.wang: 5_000}
    row = found.rows("requests")[request]
    assert (row["state"], row["signer"], row["is_verified"], row["award"]) == (
        "approved",
        office.secretary,
        False,
        entry.entry_id,
    )


def test_nothing_is_posted_when_the_secretary_declines(office: Office, tmp_path: Path) -> None:
    """The answer stays in the books, the points do not come."""
    request = ask(office)
    assert decline_request(office.store, request, now=office.now, by=office.secretary).points == 0
    assert (office.balance(office.wang), count_waiting(office.store)) == (0, 0)
    assert recompute(office.store, tmp_path).rows("requests")[request]["state"] == "declined"


def test_signature_comes_by_badge_when_the_volunteer_stands_at_the_desk(office: Office) -> None:
    """The supervisor's badge signs; nobody has to change places."""
    request = ask(office)
    signature = Signature(office.supervisor.badge)
    answered = approve_request(office.store, request, signature, now=office.now, by=office.helper.operator_id)
    assert answered.points == 5_000


def test_signer_is_named_when_the_badge_may_sign(office: Office) -> None:
    """The screen says who is signing; a volunteer's badge signs nothing."""
    assert show_signer(office.store, office.supervisor.badge).name == "赵监督"
    for badge, code in ((office.helper.badge, "right_missing"), ("3001230000000000", "badge_unknown")):
        with pytest.raises(NotAllowed) as refused:
            show_signer(office.store, badge)
        assert refused.value.code == code


def test_first_answer_counts_when_two_are_given(office: Office) -> None:
    """The second is told what the first said."""
    approved, declined = ask(office), ask(office)
    approve_request(office.store, approved, now=office.now, by=office.secretary)
    decline_request(office.store, declined, now=office.now, by=office.secretary)
    for request, code in ((approved, "request_answered_before"), (declined, "request_declined_before")):
        for answer in (approve_request, decline_request):
            with pytest.raises(Refused) as refused:
                answer(office.store, request, now=office.now, by=office.supervisor.operator_id)
            assert refused.value.code == code
    assert office.balance(office.wang) == 5_000


def test_answer_is_refused_when_the_signer_may_not_sign(office: Office) -> None:
    """The maker, a volunteer, the beneficiary, and a badge that nobody has."""
    own = office.give(office.wang, item=UNIVERSITY, evidence="document").given[0].entry_id
    assert own is not None
    judge = office.add("李会计", "secretary", office.helper_person)
    pile = (Recipient(office.li, may_wait=True),)
    booked = award_points(office.store, pile, Earning(ADVICE), now=office.now, by=office.helper.operator_id)
    of_li = booked.given[0].entry_id
    assert of_li is not None
    helper, nobody = office.helper.badge, mint(CodeType.OPERATOR, VILLAGE, office.store.entropy)
    for request, signature, code in (
        (own, None, "signer_is_maker"),
        (own, Signature(helper), "right_missing"),
        (of_li, Signature(judge.badge), "signer_is_beneficiary"),
        (own, Signature(nobody), "badge_unknown"),
    ):
        with pytest.raises(NotAllowed) as refused:
            approve_request(office.store, request, signature, now=office.now, by=office.secretary)
        assert refused.value.code == code
    assert count_waiting(office.store) == 2
    assert approve_request(office.store, of_li, now=office.now, by=office.secretary).points == 500


def test_answer_is_refused_when_there_is_no_such_request_or_no_day(office: Office) -> None:
    """An award that was booked at once is no request."""
    request, award = ask(office), office.give(office.wang).given[0].entry_id
    assert award is not None
    with pytest.raises(Refused) as refused:
        approve_request(office.store, award, now=office.now, by=office.secretary)
    assert refused.value.code == "request_unknown"
    close_day(office.store, now=office.now, by=office.secretary)
    with pytest.raises(Refused) as refused:
        approve_request(office.store, request, now=office.now, by=office.secretary)
    assert refused.value.code == "day_not_open"


def test_award_follows_the_household_when_it_joined_another_meanwhile(office: Office, tmp_path: Path) -> None:
    """What was promised to Wang's goes to Li's, with whom they live now."""
    request = ask(office)
    merge_household(office.store, office.wang, office.li, now=office.now, by=office.secretary)
    approve_request(office.store, request, now=office.now, by=office.secretary)
    assert (office.balance(office.wang), office.balance(office.li)) == (0, 5_000)
    assert recompute(office.store, tmp_path).faults == []


def test_new_card_stays_when_its_issue_is_approved(office: Office) -> None:
    """It worked already; the signature only confirms it."""
    old, new = replaced_card(office)
    (waiting,) = list_requests(office.store)
    assert waiting.card_number == new
    approve_request(office.store, waiting.request_id, now=office.now, by=office.secretary)
    with office.store.read() as connection:
        assert find_card(connection, VILLAGE, new).household_id == office.wang
        with pytest.raises(Refused, match="card_not_live"):
            find_card(connection, VILLAGE, old)


def test_new_card_stops_and_the_old_one_is_lost_when_its_issue_is_declined(office: Office, tmp_path: Path) -> None:
    """Whoever asked for it was somebody else; the holder brings the old card to the desk and has it found."""
    _, new = replaced_card(office)
    (waiting,) = list_requests(office.store)
    decline_request(office.store, waiting.request_id, now=office.now, by=office.secretary)
    with office.store.read() as connection:
        with pytest.raises(Refused) as refused:
            find_card(connection, VILLAGE, new)
        assert find_faults(connection, VILLAGE) == []
    assert refused.value.code == "card_not_live.stopped"
    states = {row["number"]: row["state"] for row in recompute(office.store, tmp_path).village["cards"]}
    assert sorted(states.values()) == ["lost", "stopped"]
    assert states[new] == "stopped"
