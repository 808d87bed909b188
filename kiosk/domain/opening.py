"""What a desk must know before the first customer: who may stand at it, and which business day it can open."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.line import Stamp
from db.names import names_of
from db.store import Store, last_operator
from db.tables.statement import table_of
from db.tables.terminal import Operator
from kiosk.domain.period import ClockDay, DayState, clock_day, day_state
from kiosk.domain.pin import pin_is_set
from kiosk.domain.terminal import owner_of_badge


@dataclass(frozen=True)
class OperatorShown:
    """An operator as a list shows them; the name is empty if it was erased."""

    operator_id: int
    name: str
    role: str


@dataclass(frozen=True)
class DeskFound:
    """The desk as it was left: who may act here, longest known first, and what is known of business days.

    `last_operator` is who wrote here last, None where nobody did.
    """

    operators: tuple[OperatorShown, ...]
    days: DayState
    last_operator: int | None = None


def find_desk(store: Store) -> DeskFound:
    """Return who may act at this desk and what is known of business days."""
    with store.read() as connection:
        days = day_state(connection, store.village)
        return DeskFound(_operators(connection, store.village), days, last_operator(connection, store.village))


def look_at_clock(store: Store, now: Stamp) -> ClockDay:
    """Return the day by the clock, and why it is not to be believed, if so."""
    with store.read() as connection:
        return clock_day(connection, store.village, now)


def operators_with_pin(store: Store) -> tuple[OperatorShown, ...]:
    """Return who may act at this desk and has a PIN here."""
    with store.read() as connection:
        shown = _operators(connection, store.village)
        return tuple(each for each in shown if pin_is_set(connection, store.village, each.operator_id))


def operator_of_badge(store: Store, badge: str) -> OperatorShown:
    """Return the active operator whose badge has this number.

    Raises:
        NotAllowed: nobody active has it (`badge_unknown`).
    """
    with store.read() as connection:
        wanted = owner_of_badge(connection, store.village, badge)
        return next(shown for shown in _operators(connection, store.village) if shown.operator_id == wanted)


def _operators(connection: Connection, village: int) -> tuple[OperatorShown, ...]:
    operator = table_of(Operator).c
    rows = connection.execute(
        select(operator.operator_id, operator.name_id, operator.role)
        .where(operator.village == village, operator.state == "active")
        .order_by(operator.operator_id)
    ).all()
    names = names_of(connection, village, [row.name_id for row in rows])
    return tuple(OperatorShown(row.operator_id, names[row.name_id], row.role or "") for row in rows)
