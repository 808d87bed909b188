"""Importing a sheet: what it would change is planned and shown, then written as differences, all in one action.

Nothing is ever removed. A sheet that says what the tables say already writes nothing, not even that it was read. The
plan is made again inside the action that writes it, so that what happened meanwhile at the desk is not lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from db.facts.people import PeopleImported
from db.facts.shop import GoodsImported
from db.line import Stamp, entity_id, origin_of
from db.progress import Advance, unseen
from db.store import Act, Store
from kiosk.domain.access import Right, require_right, require_signer
from kiosk.domain.import_goods import plan_goods
from kiosk.domain.import_households import plan_households
from kiosk.domain.import_members import plan_members
from kiosk.domain.import_persons import plan_persons
from kiosk.domain.import_plan import Hand, ImportPlan, Planned, PlannedRow
from kiosk.domain.period import day_state
from kiosk.domain.terminal import operator_by_badge, require_seat
from kiosk.domain.waiting import Signature
from kiosk.errors import BadInput
from kiosk.sheets.rows import SheetKind, SheetReading
from kiosk.zone import local_time

FACTS_AT_ONCE: Final = 500
FROM_THE_BEGINNING: Final = "2000-01-01"
"""The day from which first prices hold in a village that has not opened a day yet."""

EARLIEST_YEAR: Final = 2026
"""No sheet is read before this year, whatever a clock without a battery says."""


@dataclass(frozen=True)
class Imported:
    """An import that is done: how many rows were new, changed, unchanged and left out, and how many facts it wrote.

    ``openings`` opening balances of ``opening_points`` (hundredths) came in; ``waits_for_signature`` says that they
    stand on the waiting list. With no facts nothing was changed, and nothing was written.
    """

    kind: SheetKind
    new: int
    changed: int
    unchanged: int
    left_out: int
    facts: int
    openings: int = 0
    opening_points: int = 0
    waits_for_signature: bool = False


def plan_import(store: Store, reading: SheetReading, now: Stamp, from_day: str | None = None) -> ImportPlan:
    """Return what importing a sheet would change; nothing is written.

    Prices hold from `from_day` on: by default the open business day, else the latest one, else always. `now` tells the
    year in which the sheet is read, which matters for children only.
    """
    with store.read() as connection:
        state = day_state(connection, store.village)
        day = state.open_day or state.latest_day
        year = max(int(day[:4]) if day else 0, local_time(now.at).year, EARLIEST_YEAR)
        plan = ImportPlan(reading, from_day or day or FROM_THE_BEGINNING, year, (), ())
        return _planned(connection, store.village, plan)


def apply_import(
    store: Store,
    plan: ImportPlan,
    signature: Signature | None = None,
    advance: Advance = unseen,
    *,
    now: Stamp,
    by: int | None,
) -> Imported:
    """Write the differences of a plan, all of them or, if anything goes wrong or is cut, none.

    Without an operator it is the installer who imports. Opening balances without a second signature count, and stand
    on the waiting list. `advance` is told how many facts were written.

    Raises:
        BadInput: something is wrong with the sheet (`sheet_has_problems` with `count`), and bad rows are not left out.
        NotAllowed: the operator may not import (`right_missing`, `operator_not_active`), the signature is no good
            (`badge_unknown`, `right_missing`, `signer_is_maker`), or stock is counted and the seat is elsewhere
            (`seat_elsewhere`).
    """
    with store.write(now=now, by=by) as act:
        if by is not None:
            require_right(act.connection, act.village, by, Right.IMPORT)
        fresh = _planned(act.connection, act.village, plan)
        if not fresh.may_be_written:
            raise BadInput("sheet_has_problems", count=fresh.wrong)
        imported = _outcome(fresh, signature)
        if imported.facts:
            act.leave_day()
            hand = _hand(act, fresh, signature, by)
            _write(act, fresh.rows, hand, advance)
            act.append(_closing(fresh, imported, hand))
    return imported


def _planned(connection: Connection, village: int, plan: ImportPlan) -> ImportPlan:
    planned = _plan_rows(connection, village, plan)
    judged = plan.reading.judged((), planned.problems)
    return replace(plan, rows=planned.rows, problems=judged.problems)


def _plan_rows(connection: Connection, village: int, plan: ImportPlan) -> Planned:
    reading = plan.reading
    match reading.kind:
        case SheetKind.HOUSEHOLDS:
            return plan_households(connection, village, reading.households)
        case SheetKind.PERSONS:
            return plan_persons(connection, village, reading.persons, plan.this_year)
        case SheetKind.MEMBERS:
            return plan_members(connection, village, reading.members, plan.this_year)
        case SheetKind.GOODS:
            return plan_goods(connection, village, reading.goods, plan.from_day)


def _hand(act: Act, plan: ImportPlan, signature: Signature | None, by: int | None) -> Hand:
    seat = require_seat(act).seat if plan.counts_stock else None
    if signature is None or not plan.openings:
        return Hand(seat=seat)
    signer = operator_by_badge(act.connection, act.village, signature.badge)
    require_signer(act.connection, act.village, signer, by, None)
    return Hand(signer, signature.is_verified, seat)


def _write(act: Act, rows: Sequence[PlannedRow], hand: Hand, advance: Advance) -> None:
    """Write the facts of all rows piece by piece; what a new thing's first fact will be called is known beforehand."""
    log, seq = origin_of(act.next_id())
    sayings = []
    for planned in rows:
        thing_id = planned.thing_id if planned.thing_id is not None else entity_id(log, seq)
        sayings += [draft(thing_id, hand) for draft in planned.drafts]
        seq += len(planned.drafts)
    for start in range(0, len(sayings), FACTS_AT_ONCE):
        advance(len(act.append_many(sayings[start : start + FACTS_AT_ONCE])))


def _outcome(plan: ImportPlan, signature: Signature | None) -> Imported:
    openings = plan.openings
    return Imported(
        plan.reading.kind, plan.new, plan.changed, plan.unchanged, plan.reading.seen - len(plan.rows),
        sum(len(planned.drafts) for planned in plan.rows), len(openings), sum(openings),
        waits_for_signature=bool(openings) and signature is None,
    )  # fmt: skip


def _closing(plan: ImportPlan, imported: Imported, hand: Hand) -> PeopleImported | GoodsImported:
    counts = {
        "digest": plan.reading.digest,
        "rows": plan.reading.seen,
        "added": imported.new,
        "changed": imported.changed,
        "skipped": imported.left_out,
    }
    if plan.reading.kind is SheetKind.GOODS:
        return GoodsImported.model_validate(counts)
    return PeopleImported.model_validate(
        counts
        | {"sheet": plan.reading.kind.value, "facts": imported.facts, "openings": imported.openings}
        | {"opening_points": imported.opening_points, "signer": hand.signer}
    )
