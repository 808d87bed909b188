"""Taking back an award, a deduction or an opening balance: a linked fact at the seat, never an erasure."""

from typing import Any, Final

from sqlalchemy import Connection, Row, select

from db.facts.body import transfer
from db.facts.points import AwardReversedFor, DeductionReversedFor, OpeningReversedFor, ReversalReason
from db.line import Stamp, origin_of
from db.store import Act, Store
from db.tables.points import Posting
from db.tables.statement import table_of
from kiosk.domain.access import Right, Standing, standing_of
from kiosk.domain.joined import joined_household
from kiosk.domain.people import balance_of
from kiosk.domain.period import require_day
from kiosk.domain.points import Posted
from kiosk.domain.slip import owe_slip
from kiosk.domain.statement import REVERSIBLE, is_reversed
from kiosk.domain.terminal import require_seat
from kiosk.errors import NotAllowed, Refused

REVERSAL_REASONS: Final[tuple[ReversalReason, ...]] = ("mistake", "twice", "wrong_household", "untrue", "other")
"""Why somebody at the desk takes an entry back, in the order of the screen."""


def reverse_entry(store: Store, entry_id: int, reason: ReversalReason = "mistake", *, now: Stamp, by: int) -> Posted:
    """Take an award, a deduction or an opening balance back, once, at the seat, and return what that posted.

    It owes a slip. An entry of a household that joined another meanwhile is taken back from, or given back to, the one
    it joined.

    Raises:
        Refused: no day is open (`day_not_open`), there is no such entry that counts (`entry_unknown`), it is neither
            of the three (`entry_not_reversible`), it was taken back before (`entry_reversed_before`), or
            its points were redeemed meanwhile (`points_missing` with `missing_points`).
        NotAllowed: the seat is elsewhere (`seat_elsewhere`), the operator may not take back this entry
            (`reversal_not_yours`), or it was a deduction from the operator's own household (`award_to_own_household`).
    """
    with store.write(now=now, by=by) as act:
        day = require_day(act)
        require_seat(act)
        entry = _require_entry(act.connection, act.village, entry_id)
        maker = standing_of(act.connection, act.village, by)
        if not (maker.may(Right.REVERSE_ANY) or (maker.may(Right.REVERSE_OWN) and _is_own(entry, maker, day))):
            raise NotAllowed("reversal_not_yours")
        posted = _reverse(act, entry_id, entry, reason, maker.household_id)
        owe_slip(act.connection, act.village, posted.entry_id)
        return posted


def reverse_for_objection(act: Act, entry_id: int, judge: Standing) -> Posted:
    """Take an entry back, at the seat, because somebody who may decide upholds an objection to it.

    Raises as `reverse_entry`, but for the right: whoever upholds an objection may take back what it is about.
    """
    require_seat(act)
    entry = _require_entry(act.connection, act.village, entry_id)
    return _reverse(act, entry_id, entry, "objection", judge.household_id)


def take_back_opening(act: Act, opening_id: int, household_id: int, points: int, reason: ReversalReason) -> Posted:
    """Take an opening balance back, as far as it was not redeemed; no balance goes below zero."""
    balance = balance_of(act.connection, act.village, household_id)
    taken = min(points, max(balance, 0))
    legs = transfer("opening", household_id, -taken)
    body = OpeningReversedFor(opening=opening_id, household=household_id, points=taken, legs=legs, reason=reason)
    return Posted(act.append(body).id, household_id, -taken, balance - taken)


def _require_entry(connection: Connection, village: int, entry_id: int) -> Row[Any]:
    posting = table_of(Posting).c
    log, seq = origin_of(entry_id)
    row = connection.execute(
        select(posting.household_id, posting.points, posting.kind, posting.operator_id, posting.day)
        .add_columns(is_reversed().label("is_reversed"))
        .where(posting.village == village, posting.log == log, posting.seq == seq)
        .where(posting.account == "household", posting.is_counted == 1)
        .order_by(posting.n)
        .limit(1)
    ).one_or_none()
    if row is None:
        raise Refused("entry_unknown")
    if row.kind not in REVERSIBLE:
        raise Refused("entry_not_reversible")
    if row.is_reversed:
        raise Refused("entry_reversed_before")
    return row


def _is_own(entry: Row[Any], maker: Standing, day: str) -> bool:
    return bool(entry.operator_id == maker.operator_id and entry.day == day)


def _reverse(act: Act, entry_id: int, entry: Row[Any], reason: ReversalReason, of_household: int | None) -> Posted:
    """Take an entry back; whoever belongs to `of_household` gives it nothing."""
    household_id = joined_household(act.connection, act.village, entry.household_id)
    if entry.points < 0:
        if of_household == household_id:
            raise NotAllowed("award_to_own_household")
        return _give_back(act, entry_id, household_id, -entry.points, reason)
    balance = balance_of(act.connection, act.village, household_id)
    if balance < entry.points:
        raise Refused("points_missing", missing_points=entry.points - balance)
    if entry.kind == "opening_balance_posted":
        return take_back_opening(act, entry_id, household_id, entry.points, reason)
    return _take_back(act, entry_id, household_id, entry.points, reason)


def _take_back(act: Act, award_id: int, household_id: int, points: int, reason: ReversalReason) -> Posted:
    legs = transfer("issued", household_id, -points)
    body = AwardReversedFor(award=award_id, household=household_id, points=points, legs=legs, reason=reason)
    return Posted(act.append(body).id, household_id, -points, balance_of(act.connection, act.village, household_id))


def _give_back(act: Act, deduction_id: int, household_id: int, points: int, reason: ReversalReason) -> Posted:
    legs = transfer("adjusted", household_id, points)
    body = DeductionReversedFor(
        deduction=deduction_id, household=household_id, points=points, legs=legs, reason=reason
    )  # fmt: skip
    return Posted(act.append(body).id, household_id, points, balance_of(act.connection, act.village, household_id))
