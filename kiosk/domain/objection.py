"""Objections: a household does not agree with an entry of its account, or misses one.

Each has a number that is read aloud, waits on the waiting list, and is answered once by somebody who may sign and did
not write the entry. Who upholds it takes the entry back at once, where that can be, or sees to it by hand.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, literal, select

from db.facts.points import ObjectionAnswered, ObjectionRaised, ObjectionReason, ObjectionReply
from db.line import ENTITIES_PER_LOG, Stamp, entity_id, origin_of
from db.names import names_of
from db.store import Act, Store
from db.tables.people import Household
from db.tables.points import Objection, ObjectionAnswer, Posting
from db.tables.statement import table_of
from db.tables.terminal import LogBegun, Operator
from kiosk.domain.access import Right, Standing, require_right
from kiosk.domain.joined import joined_household
from kiosk.domain.people import HouseholdPlace, require_household
from kiosk.domain.period import require_day
from kiosk.domain.reversal import reverse_for_objection
from kiosk.domain.shop import number_of
from kiosk.domain.statement import Entry, entry_of
from kiosk.domain.terminal import operator_by_badge
from kiosk.errors import NotAllowed, Refused

if TYPE_CHECKING:
    from kiosk.domain.waiting import Signature

REASONS: Final[tuple[ObjectionReason, ...]] = ("not_ours", "points_wrong", "goods_wrong", "twice", "other")
"""Why somebody does not agree with an entry, in the order of the screen; `missing` is for one that is not there."""
UPHOLDING: Final[tuple[ObjectionReply, ...]] = ("reversed", "by_hand")
DECLINING: Final[tuple[ObjectionReply, ...]] = ("entry_right", "rule_applied", "no_evidence", "too_late", "other")
"""The replies that go with yes, and those that go with no, in the order of the screen."""


@dataclass(frozen=True)
class ObjectionReplied:
    """The answer to an objection: yes or no, the reply of the list, who gave it, and the entry that took it back."""

    is_upheld: bool
    reply: ObjectionReply
    signer_name: str
    day: str | None
    reversal_id: int | None


@dataclass(frozen=True)
class ObjectionShown:
    """An objection: its number as people say it, whose, to which entry, why, and the answer.

    There is no entry where one is missing, or was written at a desk that has not been heard of yet.
    """

    objection_id: int
    number: str
    household_id: int
    household_name: str
    place: HouseholdPlace
    entry: Entry | None
    reason: ObjectionReason
    day: str | None
    at: int
    operator_name: str
    answer: ObjectionReplied | None


def raise_objection(
    store: Store, household_id: int, entry_id: int | None, reason: ObjectionReason, *, now: Stamp, by: int
) -> ObjectionShown:
    """Write down that a household does not agree with an entry, or misses one where `entry_id` is None.

    Raises:
        Refused: no day is open (`day_not_open`), the household is unknown (`household_unknown`), it has no such entry
            (`entry_unknown`), or an objection to it waits already (`objection_waits_before`).
        NotAllowed: as `require_right`.
    """
    with store.write(now=now, by=by) as act:
        require_day(act)
        require_right(act.connection, act.village, by, Right.RAISE_OBJECTION)
        require_household(act.connection, act.village, household_id)
        entry = None if entry_id is None else _require_own_entry(act, household_id, entry_id)
        _require_no_other(act, household_id, entry_id)
        till, number = _next_number(act)
        points = None if entry is None else entry.points
        body = ObjectionRaised(
            household=household_id, entry=entry_id, till=till, number=number, points=points, reason=reason
        )  # fmt: skip
        return find_objection(act.connection, act.village, act.append(body).id)


def answer_objection(
    store: Store, objection_id: int, reply: ObjectionReply, signature: "Signature | None" = None, *, now: Stamp, by: int
) -> ObjectionShown:
    """Uphold or decline an objection by a reply of the list; `reversed` takes the entry back in the same action.

    Without a signature the operator at the desk answers.

    Raises:
        Refused: no day is open (`day_not_open`), there is no such objection (`objection_unknown`), it was answered
            (`objection_answered_before`), or there is no entry to take back (`objection_without_entry`); as
            `reverse_for_objection`.
        NotAllowed: nobody has the badge (`badge_unknown`), or the signer may not answer (`right_missing`), wrote the
            entry (`objection_to_own_entry`), or belongs to the household (`signer_is_beneficiary`).
    """
    with store.write(now=now, by=by) as act:
        require_day(act)
        signer = by if signature is None else operator_by_badge(act.connection, act.village, signature.badge)
        judge = require_right(act.connection, act.village, signer, Right.SIGN)
        objection = find_objection(act.connection, act.village, objection_id)
        if objection.answer is not None:
            raise Refused("objection_answered_before", number=objection.number)
        _require_impartial(act, judge, objection)
        body = ObjectionAnswered(
            objection=objection_id, is_upheld=reply in UPHOLDING, reply=reply,
            reversal=_take_back(act, objection, judge) if reply == "reversed" else None, signer=signer,
            is_verified=signature is not None and signature.is_verified,
        )  # fmt: skip
        act.append(body)
        return find_objection(act.connection, act.village, objection_id)


def show_objection(store: Store, objection_id: int) -> ObjectionShown:
    """Return an objection with its answer. Raises Refused (`objection_unknown`)."""
    with store.read() as connection:
        return find_objection(connection, store.village, objection_id)


def objections_of(store: Store, household_id: int) -> tuple[ObjectionShown, ...]:
    """Return the objections of a household, the newest first."""
    objection = table_of(Objection).c
    with store.read() as connection:
        return _shown(connection, store.village, objection.household_id == household_id)


def waiting_objections(store: Store) -> tuple[ObjectionShown, ...]:
    """Return the objections that have no answer yet."""
    objection, answer = table_of(Objection), table_of(ObjectionAnswer).c
    own_id = objection.c.log * ENTITIES_PER_LOG + objection.c.seq
    answered = select(literal(1)).where(answer.village == objection.c.village, answer.objection_id == own_id)
    with store.read() as connection:
        return _shown(connection, store.village, ~answered.correlate(objection).exists())


def find_objection(connection: Connection, village: int, objection_id: int) -> ObjectionShown:
    """Return an objection with its answer, inside a transaction. Raises Refused (`objection_unknown`)."""
    objection = table_of(Objection).c
    log, seq = origin_of(objection_id)
    found = _shown(connection, village, (objection.log == log) & (objection.seq == seq))
    if not found:
        raise Refused("objection_unknown")
    return found[0]


def _require_own_entry(act: Act, household_id: int, entry_id: int) -> Entry:
    """Return an entry of a household, or of one that joined it."""
    entry, of_household = entry_of(act.connection, act.village, entry_id)
    if household_id not in (of_household, joined_household(act.connection, act.village, of_household)):
        raise Refused("entry_unknown")
    return entry


def _require_no_other(act: Act, household_id: int, entry_id: int | None) -> None:
    objection = table_of(Objection).c
    of_entry = objection.entry_id.is_(None) if entry_id is None else objection.entry_id == entry_id
    for other in _shown(act.connection, act.village, (objection.household_id == household_id) & of_entry):
        if other.answer is None:
            raise Refused("objection_waits_before", number=other.number)


def _next_number(act: Act) -> tuple[int, int]:
    """Return the till of the own log and the next number of its objections."""
    objection, log = table_of(Objection).c, table_of(LogBegun).c
    last = select(func.max(objection.number)).where(objection.village == act.village, objection.log == act.log)
    till = select(log.till).where(log.village == act.village, log.log == act.log)
    return act.connection.execute(till).scalar_one() or 0, (act.connection.execute(last).scalar_one() or 0) + 1


def _require_impartial(act: Act, judge: Standing, objection: ObjectionShown) -> None:
    if judge.household_id == joined_household(act.connection, act.village, objection.household_id):
        raise NotAllowed("signer_is_beneficiary")
    if objection.entry is not None:
        posting = table_of(Posting).c
        log, seq = origin_of(objection.entry.entry_id)
        made = select(posting.operator_id).where(
            posting.village == act.village, posting.log == log, posting.seq == seq
        )  # fmt: skip
        if act.connection.execute(made.limit(1)).scalar_one() == judge.operator_id:
            raise NotAllowed("objection_to_own_entry")


def _take_back(act: Act, objection: ObjectionShown, judge: Standing) -> int:
    if objection.entry is None:
        raise Refused("objection_without_entry")
    return reverse_for_objection(act, objection.entry.entry_id, judge).entry_id


def _shown(connection: Connection, village: int, wanted: ColumnElement[bool]) -> tuple[ObjectionShown, ...]:
    statement = _objection_statement().where(wanted)
    rows = connection.execute(statement, {"of_village": village}).all()
    name_ids = (each for row in rows for each in (row.household_name_id, row.operator_name_id))
    answers = {entity_id(row.log, row.seq): _answer(connection, village, entity_id(row.log, row.seq)) for row in rows}
    signers = (answer.name_id for answer in answers.values() if answer is not None)
    names = names_of(connection, village, [*name_ids, *signers])
    return tuple(_one(connection, village, row, answers[entity_id(row.log, row.seq)], names) for row in rows)


def _one(
    connection: Connection, village: int, row: Row[Any], answer: Row[Any] | None, names: dict[int | None, str]
) -> ObjectionShown:
    replied = None
    if answer is not None:
        replied = ObjectionReplied(
            bool(answer.is_upheld), answer.reply_code, names[answer.name_id], answer.day, answer.reversal_id
        )
    return ObjectionShown(
        entity_id(row.log, row.seq), number_of(village, row.till or 0, row.number or 0), row.household_id,
        names[row.household_name_id], HouseholdPlace(row.group_number or 0, row.house_number or 0),
        _held_entry(connection, village, row.entry_id), row.reason_code, row.day, row.at or 0,
        names[row.operator_name_id], replied,
    )  # fmt: skip


def _held_entry(connection: Connection, village: int, entry_id: int | None) -> Entry | None:
    """Return the entry it is about; None if it names none, or one that another desk has not sent yet."""
    if entry_id is None:
        return None
    try:
        return entry_of(connection, village, entry_id)[0]
    except Refused:
        return None


def _answer(connection: Connection, village: int, objection_id: int) -> Row[Any] | None:
    parameters = {"of_village": village, "of_objection": objection_id}
    return connection.execute(_answer_statement(), parameters).first()


@lru_cache(maxsize=1)
def _objection_statement() -> Select[Any]:
    objection, household, operator = table_of(Objection), table_of(Household), table_of(Operator)
    in_village = objection.c.village == bindparam("of_village")
    is_household = (household.c.village == objection.c.village) & (household.c.household_id == objection.c.household_id)
    is_operator = (operator.c.village == objection.c.village) & (operator.c.operator_id == objection.c.operator_id)
    return (
        select(objection, household.c.name_id.label("household_name_id"), household.c.group_number)
        .add_columns(household.c.house_number, operator.c.name_id.label("operator_name_id"))
        .select_from(objection.outerjoin(household, is_household).outerjoin(operator, is_operator))
        .where(in_village)
        .order_by(objection.c.rank.desc())
    )


@lru_cache(maxsize=1)
def _answer_statement() -> Select[Any]:
    answer, operator = table_of(ObjectionAnswer), table_of(Operator)
    is_signer = (operator.c.village == answer.c.village) & (operator.c.operator_id == answer.c.signer_id)
    return (
        select(answer, operator.c.name_id)
        .select_from(answer.outerjoin(operator, is_signer))
        .where(answer.c.village == bindparam("of_village"), answer.c.objection_id == bindparam("of_objection"))
        .order_by(answer.c.rank)
        .limit(1)
    )
