"""What no desk may have written of a suggestion is found, and nothing else is: each case breaks one thing of it."""

from collections.abc import Callable

import pytest

from tests.oracle.desk import Body, Ledger, moved
from tests.oracle.strict import Json
from tests.oracle.verdict import recompute

A, B = 7, 8
WANG, LI = 1001, 1002
DAY = "2026-11-22"
SCHEME: Json = {"scheme": "z", "label_zh": "办法", "label_en": "scheme", "from_day": "2020-01-01"}


class Office(Ledger):
    """A village whose scheme gives five points for an adopted suggestion, eight a month at most, and a secretary."""

    def __init__(self, points: int = 500, cap: int | None = 800) -> None:
        """Load the scheme, register the secretary of Li's household."""
        super().__init__()
        self.turn = 0
        self.item(points, cap)
        self.say("scheme_loaded", **SCHEME, audience="household", digest="d", items=1, rules=[])
        self.person = self.say("person_registered", household=LI)
        self.secretary = self.say("operator_added", badge="1", role="secretary", person=self.person)
        self.other = self.say("operator_added", badge="2", role="secretary", person=None)

    def say(self, kind: str, *, log: int = A, op: int | None = None, turn: int | None = None, **body: object) -> int:
        """Write a fact that had seen every fact before it, or at least had heard of their turns."""
        self.turn += 1
        head: Body = {"day": DAY, "op": op}
        said: Body = body
        return self.add(kind, log=log, turn=turn or self.turn, head=head, **said)

    def item(self, points: int, cap: int | None, *, is_active: bool = True, log: int = A) -> int:
        """Set what the scheme gives."""
        said: Json = SCHEME | {"code": "suggestion_adopted", "group": "g", "position": 1, "points": points}
        return self.say("scheme_item_set", **said, monthly_cap=cap, is_active=is_active, log=log)

    def submit(self, household: int = WANG) -> int:
        """A suggestion about the road."""
        return self.say("suggestion_submitted", household=household, topic="road")

    def answer(self, suggestion: int, reply: str = "will_do", **more: object) -> int:
        """Yes, unless the reply says no."""
        said: Body = {"suggestion": suggestion, "is_adopted": reply in ("will_do", "done"), "reply": reply}
        return self.say("suggestion_answered", **said | more)

    def pay(self, suggestion: int, points: int = 500, household: int = WANG, **more: object) -> int:
        """Points for it."""
        said = self._what(suggestion, points, household) | {"legs": moved("issued", household, points)}
        return self.say("suggestion_awarded", **said | more)

    def ask(self, suggestion: int, points: int = 500, household: int = WANG, **more: object) -> int:
        """Points that wait for a signature."""
        return self.say("suggestion_award_requested", **self._what(suggestion, points, household) | more)

    def sign(self, request: int, *, is_approved: bool = True) -> None:
        """A second signature."""
        self.say("request_answered", request=request, is_approved=is_approved, signer=9, is_verified=False)

    def adopted(self, household: int = WANG, points: int = 500, op: int | None = None) -> int:
        """A suggestion that was adopted and paid."""
        made = self.submit(household)
        self.answer(made, op=op)
        self.pay(made, points, household, op=op)
        return made

    def faults(self) -> list[str]:
        """The code of every fault."""
        return [each["code"] for each in recompute(self.file())["faults"]]

    def _what(self, suggestion: int, points: int, household: int) -> Body:
        said: Body = {"suggestion": suggestion, "household": household, "scheme": "z", "item": "suggestion_adopted"}
        return said | {"points": points}


def rightly_adopted(office: Office) -> None:
    """Adopted by somebody of another household, and paid."""
    office.adopted(op=office.secretary)


def rightly_capped(office: Office) -> None:
    """Five, then the three that the month leaves, then none."""
    office.adopted()
    office.adopted(points=300)
    office.answer(office.submit())


def rightly_beyond_the_scheme(office: Office) -> None:
    """The scheme gives nothing any more."""
    office.item(500, None, is_active=False)
    office.answer(office.submit())


def rightly_declined(office: Office) -> None:
    """Discussed and declined."""
    made = office.submit()
    office.say("suggestion_discussed", suggestion=made)
    office.answer(made, "no_money")


def rightly_signed(office: Office) -> None:
    """Points of the own household, asked for and signed."""
    made = office.submit(LI)
    office.answer(made, op=office.secretary)
    request = office.ask(made, household=LI, reason="own_household")
    office.sign(request)
    office.pay(made, household=LI, request=request)


def rightly_merged(office: Office) -> None:
    """To whom the household joined."""
    made = office.submit()
    office.say("household_merged", household=WANG, into=1003, legs=[])
    office.answer(made)
    office.pay(made, household=1003)


def rightly_taken_back(office: Office) -> None:
    """What was reversed leaves room again."""
    office.adopted()
    made = office.submit()
    office.answer(made)
    award = office.pay(made, 300)
    office.say("award_reversed", award=award, household=WANG, points=300, legs=moved("issued", WANG, -300))
    office.adopted(points=300)


def rightly_apart(office: Office) -> None:
    """Two desks answered and paid at the same time, neither having heard of the other."""
    made = office.submit()
    office.answer(made)
    office.pay(made)
    office.say("suggestion_answered", log=B, turn=office.turn - 1, suggestion=made, is_adopted=True, reply="done")
    office.pay(made, log=B)


@pytest.mark.parametrize(
    "case",
    [
        rightly_adopted, rightly_capped, rightly_beyond_the_scheme, rightly_declined, rightly_signed, rightly_merged,
        rightly_taken_back, rightly_apart,
    ],
)  # fmt: skip
def test_nothing_is_found_when_a_desk_kept_to_the_rules(case: Callable[[Office], None]) -> None:
    """What may happen in a village raises no fault."""
    office = Office()
    case(office)
    assert office.faults() == []


def answered_twice(office: Office) -> None:
    """One desk answers again."""
    made = office.submit()
    office.answer(made, "no_money")
    office.answer(made, "already")


def discussed_after_the_answer(office: Office) -> None:
    """One desk goes on talking."""
    made = office.submit()
    office.answer(made, "no_money")
    office.say("suggestion_discussed", suggestion=made)


def answered_unheard(office: Office) -> None:
    """A desk answers what was written after it."""
    made = office.submit()
    office.answer(made, "no_money", log=B, turn=1)


def adopted_for_lack_of_money(office: Office) -> None:
    """The reply says the opposite of the answer."""
    office.answer(office.submit(), "will_do", is_adopted=False)


def not_paid(office: Office) -> None:
    """Adopted, and something else follows."""
    office.answer(office.submit())
    office.submit()


def paid_without_an_answer(office: Office) -> None:
    """Points out of nothing."""
    office.pay(office.submit())


def paid_though_declined(office: Office) -> None:
    """Points after a no."""
    made = office.submit()
    office.answer(made, "no_money")
    office.pay(made)


def paid_twice(office: Office) -> None:
    """One desk pays again, with an approved request."""
    made = office.submit()
    office.answer(made)
    request = office.ask(made, 2_500, reason="over_limit")
    office.sign(request)
    office.pay(made, 2_500, request=request)
    office.pay(made, 2_500, request=request)


def paid_too_much(office: Office) -> None:
    """More than the scheme gives."""
    office.adopted(points=700)


def paid_beyond_the_cap(office: Office) -> None:
    """Five and five are more than eight."""
    office.adopted()
    office.adopted()


def paid_to_another(office: Office) -> None:
    """Points for a suggestion of somebody else."""
    made = office.submit()
    office.answer(made)
    office.pay(made, household=LI)


def paid_to_oneself(office: Office) -> None:
    """The secretary's own household."""
    office.adopted(LI, op=office.secretary)


def paid_to_oneself_by_badge(office: Office) -> None:
    """The badge answered, whoever held the desk."""
    made = office.submit(LI)
    office.answer(made, op=office.other, signer=office.secretary)
    office.pay(made, household=LI, op=office.other)


def paid_unsigned(office: Office) -> None:
    """A request that was declined is fulfilled."""
    made = office.submit(LI)
    office.answer(made, op=office.secretary)
    request = office.ask(made, household=LI, reason="own_household")
    office.sign(request, is_approved=False)
    office.pay(made, household=LI, request=request)


def paid_not_as_asked(office: Office) -> None:
    """Asked for five, signed, paid eight."""
    made = office.submit(LI)
    office.answer(made, op=office.secretary)
    request = office.ask(made, household=LI, reason="own_household")
    office.sign(request)
    office.pay(made, 800, household=LI, request=request)


def asked_needlessly(office: Office) -> None:
    """Five points are not above the limit."""
    made = office.submit()
    office.answer(made)
    office.ask(made, reason="over_limit")


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (answered_twice, "suggestion_was_answered"),
        (discussed_after_the_answer, "suggestion_was_answered"),
        (answered_unheard, "suggestion_unheard"),
        (adopted_for_lack_of_money, "reply_misplaced"),
        (not_paid, "suggestion_award_missing"),
        (paid_without_an_answer, "suggestion_award_unbacked"),
        (paid_though_declined, "suggestion_award_unbacked"),
        (paid_too_much, "suggestion_points_differ"),
        (paid_beyond_the_cap, "suggestion_points_differ"),
        (paid_to_another, "suggestion_misplaced"),
        (paid_to_oneself, "suggestion_own_household"),
        (paid_to_oneself_by_badge, "suggestion_own_household"),
        (paid_unsigned, "suggestion_award_unsigned"),
        (paid_not_as_asked, "suggestion_award_not_as_asked"),
        (asked_needlessly, "suggestion_request_needless"),
    ],
)
def test_one_fault_is_found_when_one_rule_was_broken(case: Callable[[Office], None], code: str) -> None:
    """The case names what was done."""
    office = Office()
    case(office)
    assert office.faults() == [code]


def test_second_payment_is_found_when_one_desk_made_both() -> None:
    """The second counts for nothing, and should not stand there."""
    office = Office(points=2_500, cap=None)
    paid_twice(office)
    assert office.faults() == ["suggestion_paid_twice"]


def test_one_hand_is_found_when_it_gave_more_than_one_may() -> None:
    """Twenty-five points by one answer."""
    office = Office(points=2_500, cap=None)
    office.adopted(points=2_500)
    assert office.faults() == ["suggestion_over_limit"]
