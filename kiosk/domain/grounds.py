"""What a redemption rests on: seat and till, household and card, and whether the shop has terms; one statement."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, Subquery, bindparam, case, literal, select

from db.journal import COMMON_VILLAGE
from db.store import Act
from db.tables.columns import WHOLE, Declared
from db.tables.people import Card, Household
from db.tables.points import Balance
from db.tables.shop import Redemption
from db.tables.statement import table_of
from db.tables.terminal import LogBegun, Seat
from db.tables.terms import OpeningDays, RedemptionLimit
from kiosk.domain.basket import Holder
from kiosk.domain.card_bar import is_barred
from kiosk.domain.card_state import IN_STATE
from kiosk.domain.people import require_open_household
from kiosk.domain.terminal import refusal_of_seat
from kiosk.errors import Refused


@dataclass(frozen=True)
class Grounds:
    """What a redemption rests on: the seat, the till and the number on its slip, what the household has.

    `has_limits` says that there are limits by day, whatever of; `has_opening_days` that the shop has days of its own.
    """

    seat: int
    till: int
    number: int
    points: int
    has_limits: bool
    has_opening_days: bool


def require_grounds(act: Act, holder: Holder) -> Grounds:
    """Read at once what a redemption rests on.

    Raises:
        Refused: the household or its card is not as it must be, in the words of its own family.
        NotAllowed: the seat is elsewhere (`seat_elsewhere`, `terminal_replaced`).
    """
    parameters = {"of_village": act.village, "of_household": holder.household_id, "of_card": holder.card_id}
    row = act.connection.execute(_counter_statement(), parameters).one_or_none()
    if row is None or row.log != act.log:
        raise refusal_of_seat(act.connection, act.village, act.log)
    if row.household_state != "open":
        require_open_household(act.connection, act.village, holder.household_id)
    if holder.card_id is not None and row.card_state != "live":
        raise Refused(IN_STATE.get(row.card_state, "card_unknown"))
    number, points = (row.number or 0) + 1, row.points or 0
    return Grounds(row.seat, row.till, number, points, bool(row.has_limits), bool(row.has_opening_days))


def has_limits(village: BindParameter[int]) -> ColumnElement[bool]:
    """Return the condition that anybody set a limit by day for a village, whatever of and from when."""
    return _is_said(RedemptionLimit, village)


@lru_cache(maxsize=1)
def _counter_statement() -> Select[Any]:
    """Seat and till, the till's last number, the household's state and points, the card's state: one statement.

    Numbers of one till rise with the lines of its log, so the last redemption of the log has the highest.
    """
    seat = _highest_seat()
    log, household, balance, card = (table_of(table).c for table in (LogBegun, Household, Balance, Card))
    redemption = table_of(Redemption).c
    village, of_household = bindparam("of_village", type_=WHOLE), bindparam("of_household", type_=WHOLE)
    last = (
        select(redemption.number)
        .where(redemption.village == village, redemption.log == seat.c.log)
        .order_by(redemption.seq.desc())
        .limit(1)
    )
    household_state = select(household.state).where(
        household.village == village, household.household_id == of_household
    )
    points = select(balance.redeemable_points).where(balance.village == village, balance.household_id == of_household)
    shown = case((is_barred(table_of(Card)), "barred"), else_=card.state)
    card_state = select(shown).where(
        card.village == village, card.card_id == bindparam("of_card", type_=WHOLE), card.household_id == of_household
    )
    till = select(log.till).where(log.village == village, log.log == seat.c.log)
    return select(
        seat.c.seat, seat.c.log, till.scalar_subquery().label("till"), last.scalar_subquery().label("number"),
        household_state.scalar_subquery().label("household_state"), points.scalar_subquery().label("points"),
        card_state.scalar_subquery().label("card_state"), has_limits(village).label("has_limits"),
        _is_said(OpeningDays, village).label("has_opening_days"),
    )  # fmt: skip


def _is_said(table: type[Declared], village: BindParameter[int]) -> ColumnElement[bool]:
    """Return the condition that a table says something about a village; where nobody did it is empty."""
    return select(literal(1)).where(table_of(table).c.village.in_([village, COMMON_VILLAGE])).exists()


def _highest_seat() -> Subquery:
    seat = table_of(Seat).c
    statement = select(seat.seat, seat.holder.label("log")).where(seat.village == bindparam("of_village", type_=WHOLE))
    return statement.order_by(seat.seat.desc(), seat.rank.desc()).limit(1).subquery("held")
