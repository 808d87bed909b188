"""Points: awards and their reversal. One account a household; every debit is written at the seat."""

from dataclasses import dataclass

from sqlalchemy import select

from db.facts.body import transfer
from db.facts.points import AwardReversed, PointsAwarded
from db.line import Stamp, origin_of
from db.store import Store
from db.tables.points import Posting
from db.tables.statement import table_of
from kiosk.domain.people import balance_of, require_open_household
from kiosk.domain.period import require_day
from kiosk.domain.terminal import require_seat
from kiosk.errors import Refused


@dataclass(frozen=True)
class Earning:
    """What is awarded: the scheme's item and its points in hundredths, on what paper it stands."""

    scheme: str
    item: str
    points: int
    paper: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Posted:
    """An entry that was written: its id, points in hundredths, and the balance after it."""

    entry_id: int
    household_id: int
    points: int
    after_points: int


def award_points(store: Store, household_id: int, earning: Earning, *, now: Stamp, by: int) -> Posted:
    """Award points to a household.

    Raises:
        Refused: no day is open (`day_not_open`), the household is unknown or merged, or there is nothing to award
            (`points_not_positive`).
    """
    with store.write(now=now, by=by) as act:
        require_day(act)
        require_open_household(act.connection, act.village, household_id)
        if earning.points <= 0:
            raise Refused("points_not_positive")
        body = PointsAwarded(
            household=household_id,
            scheme=earning.scheme,
            item=earning.item,
            points=earning.points,
            paper=earning.paper,
            legs=transfer("issued", household_id, earning.points),
        )
        fact = act.append(body, None if earning.note is None else {"note": earning.note})
        return Posted(fact.id, household_id, earning.points, balance_of(act.connection, act.village, household_id))


def reverse_award(store: Store, award_id: int, *, now: Stamp, by: int) -> Posted:
    """Take an award back by a linked fact, at the seat.

    Raises:
        Refused: there is no such award (`award_unknown`), it was reversed before (`award_reversed_before`), or its
            points were redeemed meanwhile (`points_missing` with `missing_points`); NotAllowed (`seat_elsewhere`).
    """
    with store.write(now=now, by=by) as act:
        require_day(act)
        require_seat(act)
        posting = table_of(Posting).c
        log, seq = origin_of(award_id)
        row = act.connection.execute(
            select(posting.household_id, posting.points)
            .where(posting.village == act.village, posting.log == log, posting.seq == seq)
            .where(posting.kind == "points_awarded", posting.account == "household", posting.is_counted == 1)
        ).one_or_none()
        if row is None:
            raise Refused("award_unknown")
        before = select(posting.seq).where(posting.village == act.village, posting.once_key == f"reverse:{award_id}")
        if act.connection.execute(before.limit(1)).first() is not None:
            raise Refused("award_reversed_before")
        balance = balance_of(act.connection, act.village, row.household_id)
        if balance < row.points:
            raise Refused("points_missing", missing_points=row.points - balance)
        legs = transfer("issued", row.household_id, -row.points)
        body = AwardReversed(award=award_id, household=row.household_id, points=row.points, legs=legs)
        fact = act.append(body)
        return Posted(fact.id, row.household_id, -row.points, balance - row.points)
