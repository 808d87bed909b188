"""Consequences of the family terminal."""

from db.facts import terminal as facts
from db.line import COUNTY_LOG, Fact
from db.projections.batch import Batch
from db.tables.terminal import Handover, LogBegun, Operator, Seat


def log_begun(fact: Fact, body: facts.LogBegun, batch: Batch) -> None:
    """A log and what it continues."""
    continued = (None, None) if body.continues is None else (body.continues.log, body.continues.seq)
    batch.insert(LogBegun, fact, till=body.till, continues_log=continued[0], continues_seq=continued[1], at=fact.at)


def seat_taken(fact: Fact, body: facts.SeatTaken, batch: Batch) -> None:
    """A claim on the seat."""
    batch.insert(Seat, fact, seat=body.seat, holder=fact.log, replaces=None, rank=fact.rank)


def seat_granted(fact: Fact, body: facts.SeatGranted, batch: Batch) -> None:
    """The county's order who holds the seat; a village's own log orders nothing."""
    if fact.log == COUNTY_LOG:
        batch.insert(Seat, fact, seat=body.seat, holder=body.log, replaces=body.replaces, rank=fact.rank)


def operator_added(fact: Fact, body: facts.OperatorAdded, batch: Batch) -> None:
    """A new operator."""
    key = {"operator_id": fact.id}
    batch.hold(Operator, "badge", fact, key, badge=body.badge)
    batch.hold(Operator, "role", fact, key, role=body.role)
    batch.hold(Operator, "name", fact, key, name_id=fact.id, person_id=body.person)
    batch.hold(Operator, "state", fact, key, state="active")


def operator_state_changed(fact: Fact, body: facts.OperatorStateChanged, batch: Batch) -> None:
    """May act, or no longer."""
    batch.hold(Operator, "state", fact, {"operator_id": body.operator}, state=body.state)


def operator_suspended(fact: Fact, body: facts.OperatorSuspended, batch: Batch) -> None:
    """May not act for a term; the last word about it holds."""
    batch.hold(
        Operator, "suspension", fact, {"operator_id": body.operator},
        suspended_from=body.from_day, suspended_until=body.until_day, suspension_reason=body.reason,
    )  # fmt: skip


def suspension_lifted(fact: Fact, body: facts.SuspensionLifted, batch: Batch) -> None:
    """May act again."""
    batch.hold(
        Operator, "suspension", fact, {"operator_id": body.operator},
        suspended_from=None, suspended_until=None, suspension_reason=None,
    )  # fmt: skip


def desk_handed_over(fact: Fact, body: facts.DeskHandedOver, batch: Batch) -> None:
    """Who has the desk from whom, and what they found."""
    batch.insert(
        Handover, fact, from_operator_id=body.from_operator, to_operator_id=body.to_operator,
        redemptions=body.redemptions, points=body.points, slips_booked=body.slips_booked, slips_owed=body.slips_owed,
        baskets=body.baskets, waiting=body.waiting, low_stock=body.low_stock, day=fact.day, at=fact.at,
    )  # fmt: skip
