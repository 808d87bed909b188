"""The waiting list: what waits for a second signature, and what an answer of each kind writes.

A kind joins by three lines: in `access.SIGNATURES`, in `KINDS`, and the functions that write what follows from yes
and from no. The row of the request is written by the fact that asked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, literal, select

from db.facts.people import CardStateChanged
from db.facts.points import RequestAnswered
from db.line import ENTITIES_PER_LOG, Stamp, entity_id, origin_of
from db.names import name_of, names_of
from db.store import Act, Store
from db.tables.meeting import Meeting, MeetingAct
from db.tables.people import Card, Household, Person
from db.tables.statement import table_of
from db.tables.terminal import Operator
from db.tables.waiting import Answer, Request
from kiosk.domain.access import Right, require_right, require_signer
from kiosk.domain.goods import Goods, find_goods
from kiosk.domain.joined import joined_household
from kiosk.domain.meeting_end import enter_after_end
from kiosk.domain.meeting_template import label_of
from kiosk.domain.passbook import take_back_openings
from kiosk.domain.people import HouseholdPlace
from kiosk.domain.period import require_day
from kiosk.domain.points import Award, Earning, post_award
from kiosk.domain.scheme import current_day, items_on
from kiosk.domain.stock import lower_after_signature
from kiosk.domain.suggestion_answer import award_after_signature
from kiosk.domain.terminal import operator_by_badge
from kiosk.domain.void import void_after_signature
from kiosk.errors import Refused


@dataclass(frozen=True)
class Signature:
    """A second signature: the number of a badge, and whether that person also proved to be its owner."""

    badge: str
    is_verified: bool = False


@dataclass(frozen=True)
class Signer:
    """Somebody whose badge may sign."""

    operator_id: int
    name: str


@dataclass(frozen=True)
class Waiting:
    """A request as the list shows it: what for, for whom, who asked, when; points in hundredths, `at` milliseconds.

    `label_zh` and `label_en` name the scheme's item of an award or the kind of meeting of a sign-in, `meeting_day` the
    day on which its sign-in was opened, else for which it was planned or on which it was called, or the business day
    that somebody moved; `card_number` is the new card of a re-issue. `reason_code` and `is_late` are those of a late
    correction (补签);
    `goods`, `quantity` and `reason_code` those of a book that is to be lowered.
    """

    request_id: int
    kind: str
    household_id: int | None
    household_name: str
    place: HouseholdPlace
    person_name: str | None
    item_code: str | None
    label_zh: str | None
    label_en: str | None
    quantity: int | None
    points: int | None
    paper_number: str | None
    evidence_code: str | None
    card_number: str | None
    meeting_day: str | None
    operator_id: int | None
    operator_name: str
    day: str | None
    at: int
    reason_code: str | None
    is_late: bool
    goods: Goods | None = None

    def label(self, language: str) -> str | None:
        """Return the item's label in a language, Chinese unless it begins with en."""
        return self.label_en if language.startswith("en") else self.label_zh


@dataclass(frozen=True)
class Answered:
    """A request that was answered; `points` were awarded by it (hundredths), 0 where no points were."""

    request_id: int
    kind: str
    is_approved: bool
    points: int


@dataclass(frozen=True)
class Consequence:
    """What the two answers to a kind of request write; each returns the points it awarded, in hundredths."""

    approve: Callable[[Act, Row[Any]], int]
    decline: Callable[[Act, Row[Any]], int]


def count_waiting(store: Store) -> int:
    """Return how many requests wait for an answer."""
    with store.read() as connection:
        count: int = connection.execute(_count_statement(), {"of_village": store.village}).scalar_one()
    return count


def list_requests(store: Store) -> tuple[Waiting, ...]:
    """Return every request that waits, the oldest first."""
    with store.read() as connection:
        rows = connection.execute(_waiting_statement(), {"of_village": store.village}).all()
        wanted = (name for row in rows for name in (row.household_name_id, row.person_name_id, row.operator_name_id))
        names = names_of(connection, store.village, wanted)
        labels = _labels(connection, store.village, rows)
        items = sorted({row.item_id for row in rows if row.item_id is not None})
        goods = find_goods(connection, store.village, items, "") if items else {}
    return tuple(replace(_waiting(row, names, labels), goods=goods.get(row.item_id)) for row in rows)


def show_signer(store: Store, badge: str) -> Signer:
    """Return whose badge this is, if they may sign at all.

    Raises:
        NotAllowed: nobody active has the badge (`badge_unknown`), or its owner may not sign (`right_missing`).
    """
    operator = table_of(Operator).c
    with store.read() as connection:
        signer = operator_by_badge(connection, store.village, badge)
        require_right(connection, store.village, signer, Right.SIGN)
        name_id = connection.execute(
            select(operator.name_id).where(operator.village == store.village, operator.operator_id == signer)
        ).scalar_one()
        return Signer(signer, name_of(connection, store.village, name_id))


def approve_request(
    store: Store, request_id: int, signature: Signature | None = None, *, now: Stamp, by: int
) -> Answered:
    """Sign a request, and write what follows from it; without a signature the operator at the desk signs.

    Raises:
        Refused: no day is open (`day_not_open`), there is no such request (`request_unknown`), or it was answered
            before (`request_answered_before`).
        NotAllowed: nobody has the badge (`badge_unknown`), or the signer may not sign this (`right_missing`,
            `signer_is_maker`, `signer_is_beneficiary`).
    """
    return _answer(store, request_id, signature, is_approved=True, now=now, by=by)


def decline_request(
    store: Store, request_id: int, signature: Signature | None = None, *, now: Stamp, by: int
) -> Answered:
    """Refuse a request, and write what follows from that. Raises as `approve_request`."""
    return _answer(store, request_id, signature, is_approved=False, now=now, by=by)


def _answer(
    store: Store, request_id: int, signature: Signature | None, *, is_approved: bool, now: Stamp, by: int
) -> Answered:
    with store.write(now=now, by=by) as act:
        require_day(act)
        request = _require_waiting(act.connection, act.village, request_id)
        signer = by if signature is None else operator_by_badge(act.connection, act.village, signature.badge)
        require_signer(act.connection, act.village, signer, request.operator_id, _beneficiary(act, request))
        is_verified = signature is not None and signature.is_verified
        act.append(RequestAnswered(request=request_id, is_approved=is_approved, signer=signer, is_verified=is_verified))
        consequence = KINDS[request.kind]
        points = (consequence.approve if is_approved else consequence.decline)(act, request)
    return Answered(request_id, request.kind, is_approved, points)


def _require_waiting(connection: Connection, village: int, request_id: int) -> Row[Any]:
    request, answer = table_of(Request), table_of(Answer).c
    log, seq = origin_of(request_id)
    row = connection.execute(
        select(request).where(request.c.village == village, request.c.log == log, request.c.seq == seq)
    ).one_or_none()
    if row is None or row.kind not in KINDS:
        raise Refused("request_unknown")
    first = connection.execute(
        select(answer.is_approved, answer.signer_id)
        .where(answer.village == village, answer.request_id == request_id)
        .order_by(answer.rank)
        .limit(1)
    ).one_or_none()
    if first is not None:
        raise Refused("request_answered_before" if first.is_approved else "request_declined_before")
    return row


def _beneficiary(act: Act, request: Row[Any]) -> int | None:
    if request.household_id is None:
        return None
    return joined_household(act.connection, act.village, request.household_id)


def _award(act: Act, request: Row[Any]) -> int:
    """An approved award goes to the household, or to the one it joined meanwhile."""
    earning = Earning(
        request.item_code, request.quantity or 1, paper=request.paper_number, evidence=request.evidence_code
    )
    request_id = entity_id(request.log, request.seq)
    award = Award(request.scheme, earning, request.points, request.person_id, request_id)
    return post_award(act, joined_household(act.connection, act.village, request.household_id), award).points


def _stop_card(act: Act, request: Row[Any]) -> int:
    """A re-issue that was refused: the new card stops; the old one is lost until somebody brings it to the desk."""
    act.append(CardStateChanged(card=request.card_id, state="stopped"))
    if request.replaced_card_id is not None:
        act.append(CardStateChanged(card=request.replaced_card_id, state="lost"))
    return 0


def _void(act: Act, request: Row[Any]) -> int:
    """The redemption is void now."""
    return void_after_signature(act, request.redemption_id, entity_id(request.log, request.seq))


def _return(act: Act, request: Row[Any]) -> int:
    """The goods that were brought are back now."""
    from kiosk.domain.returning import return_after_signature

    return return_after_signature(act, request.redemption_id, entity_id(request.log, request.seq))


def _lower_stock(act: Act, request: Row[Any]) -> int:
    """The book has less now."""
    request_id = entity_id(request.log, request.seq)
    lower_after_signature(act, request.item_id, request.quantity, request.reason_code, request_id)
    return 0


def _reply_missing(_act: Act, _request: Row[Any]) -> int:
    """An objection is answered by `answer_objection`, which says how."""
    raise Refused("objection_wants_reply")


def _nothing(_act: Act, _request: Row[Any]) -> int:
    """The answer itself is all there is to write."""
    return 0


KINDS: Final[Mapping[str, Consequence]] = {
    "award_over_limit": Consequence(approve=_award, decline=_nothing),
    "award_own_household": Consequence(approve=_award, decline=_nothing),
    "card_reissued": Consequence(approve=_nothing, decline=_stop_card),
    "day_moved": Consequence(approve=_nothing, decline=_nothing),
    "late_sign_in": Consequence(approve=enter_after_end, decline=_nothing),
    "late_return": Consequence(approve=_return, decline=_nothing),
    "late_void": Consequence(approve=_void, decline=_nothing),
    "objection": Consequence(approve=_reply_missing, decline=_reply_missing),
    "sign_in_after_end": Consequence(approve=enter_after_end, decline=_nothing),
    "opening_balances": Consequence(approve=_nothing, decline=take_back_openings),
    "stock_lowering": Consequence(approve=_lower_stock, decline=_nothing),
    "suggestion_over_limit": Consequence(approve=award_after_signature, decline=_nothing),
    "suggestion_own_household": Consequence(approve=award_after_signature, decline=_nothing),
}


def _labels(connection: Connection, village: int, rows: Sequence[Row[Any]]) -> dict[tuple[str, str], tuple[str, str]]:
    day = current_day(connection, village)
    schemes = {row.scheme for row in rows if row.scheme is not None}
    items = [item for scheme in sorted(schemes) for item in items_on(connection, village, scheme, day)]
    return {(item.scheme, item.code): (item.label_zh, item.label_en) for item in items}


def _waiting(row: Row[Any], names: dict[int | None, str], labels: dict[tuple[str, str], tuple[str, str]]) -> Waiting:
    label_zh, label_en = labels.get((row.scheme, row.item_code), (None, None))
    if row.template is not None:
        label_zh, label_en = label_of(row.template, "zh_CN"), label_of(row.template, "en")
    place = HouseholdPlace(row.group_number or 0, row.house_number or 0)
    return Waiting(
        entity_id(row.log, row.seq), row.kind, row.household_id, names[row.household_name_id], place,
        names[row.person_name_id] or None, row.item_code, label_zh, label_en, row.quantity, row.points,
        row.paper_number, row.evidence_code, row.card_number,
        row.about_day or row.opened_day or row.planned_day or row.called_day,
        row.operator_id, names[row.operator_name_id], row.day,
        row.at or 0, row.reason_code, bool(row.is_late),
    )  # fmt: skip


def _is_waiting() -> ColumnElement[bool]:
    request, answer = table_of(Request).c, table_of(Answer).c
    own_id = request.log * ENTITIES_PER_LOG + request.seq
    answers = select(literal(1)).where(answer.village == request.village, answer.request_id == own_id)
    return (request.village == bindparam("of_village")) & ~answers.correlate(table_of(Request)).exists()


@lru_cache(maxsize=1)
def _count_statement() -> Select[Any]:
    return select(func.count()).select_from(table_of(Request)).where(_is_waiting())


@lru_cache(maxsize=1)
def _waiting_statement() -> Select[Any]:
    request, card = table_of(Request), table_of(Card)
    household, person, operator = table_of(Household), table_of(Person), table_of(Operator)
    meeting, act = table_of(Meeting), table_of(MeetingAct).c
    opened = (
        select(act.day)
        .where(act.village == request.c.village, act.meeting_id == request.c.meeting_id, act.act == "opened")
        .order_by(act.rank)
        .limit(1)
    )
    joined = request
    for table, own, other in (
        (household, household.c.household_id, request.c.household_id),
        (person, person.c.person_id, request.c.person_id),
        (operator, operator.c.operator_id, request.c.operator_id),
        (card, card.c.card_id, request.c.card_id),
        (meeting, meeting.c.meeting_id, request.c.meeting_id),
    ):
        joined = joined.outerjoin(table, (table.c.village == request.c.village) & (own == other))  # type: ignore[assignment]  # because a join stands wherever its table stood
    return (
        select(request, household.c.group_number, household.c.house_number, card.c.number.label("card_number"))
        .add_columns(household.c.name_id.label("household_name_id"), person.c.name_id.label("person_name_id"))
        .add_columns(operator.c.name_id.label("operator_name_id"))
        .add_columns(meeting.c.template, meeting.c.planned_day, meeting.c.called_day)
        .add_columns(opened.correlate(request).scalar_subquery().label("opened_day"))
        .select_from(joined)
        .where(_is_waiting())
        .order_by(request.c.rank)
    )
