"""Set and check the guards: constraints at the moment of decision, for facts written here.

A refusal of the engine (IntegrityError) means that a domain function let something through; nothing is written.
What a guard needs of a family is imported when a fact of that family is checked.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, bindparam, case, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from db.facts import family_of
from db.facts.body import Body, legs_of
from db.line import Fact
from db.tables.columns import WHOLE, GuardTable
from db.tables.guard import (
    BALANCE_NOT_NEGATIVE,
    ONE_LIVE_CARD,
    ONE_OPEN_DAY,
    ONE_OPEN_MEETING,
    LiveCard,
    OpenDay,
    OpenMeeting,
    Redeemable,
)
from db.tables.statement import table_of, tables_of, upsert

Check: TypeAlias = Callable[[Connection, Fact, Body], None]


class GuardError(RuntimeError):
    """A fact written here would break a rule the desk relies on; `name` is the constraint."""

    def __init__(self, name: str) -> None:
        """Name the constraint."""
        super().__init__(name)
        self.name = name


def create_guards(connection: Connection) -> None:
    """Create the guard tables that are missing."""
    GuardTable.home.create_all(connection, tables_of(GuardTable))


def drop_guards(connection: Connection) -> None:
    """Drop the guard tables: what they hold stands in the projections too."""
    GuardTable.home.drop_all(connection, tables_of(GuardTable))


def enforce(connection: Connection, fact: Fact, body: Body) -> None:
    """Check one fact just written and projected here.

    Raises:
        GuardError: a second open day or open meeting, a second live card of a number, a balance below zero.
    """
    for name, check in (*_OF_FAMILY.get(family_of(type(body)), ()), (BALANCE_NOT_NEGATIVE, _enforce_balances)):
        try:
            check(connection, fact, body)
        except IntegrityError as error:
            raise GuardError(name) from error


def reset_guards(connection: Connection, village: int, own_log: int | None) -> None:
    """Set the guards of a village from its projections; what would be refused is left to the invariants."""
    for table in tables_of(GuardTable):
        connection.execute(delete(table).where(table.c.village == village))
    _reset_day(connection, village, own_log)
    _reset_meeting(connection, village, own_log)
    _reset_cards(connection, village)
    _reset_balances(connection, village)


def _enforce_day(connection: Connection, fact: Fact, body: Body) -> None:
    from db.facts.period import DayClosed, DayOpened

    table = table_of(OpenDay)
    if isinstance(body, DayOpened):
        connection.execute(insert(table).values(village=fact.village, opened_id=fact.id, day=body.day))
    elif isinstance(body, DayClosed):
        connection.execute(delete(table).where(table.c.village == fact.village, table.c.opened_id == body.opened))


def _enforce_meeting(connection: Connection, fact: Fact, body: Body) -> None:
    from db.facts.meeting import MeetingCancelled, MeetingEnded, SignInOpened

    table = table_of(OpenMeeting)
    if isinstance(body, SignInOpened):
        connection.execute(insert(table).values(village=fact.village, meeting_id=body.meeting))
    elif isinstance(body, MeetingEnded | MeetingCancelled):
        connection.execute(delete(table).where(table.c.village == fact.village, table.c.meeting_id == body.meeting))


def _enforce_cards(connection: Connection, fact: Fact, body: Body) -> None:
    from db.facts.people import CardBound, CardIssued, CardReplaced, CardStateChanged

    if isinstance(body, CardStateChanged | CardReplaced | CardBound):
        _refresh_card(connection, fact.village, body.card)
    if isinstance(body, CardIssued | CardReplaced):
        _refresh_card(connection, fact.village, fact.id)


def _refresh_card(connection: Connection, village: int, card_id: int) -> None:
    from db.tables.people import Card

    card, guard = table_of(Card), table_of(LiveCard)
    connection.execute(delete(guard).where(guard.c.village == village, guard.c.card_id == card_id))
    live = select(card.c.village, card.c.card_id, card.c.number).where(
        card.c.village == village, card.c.card_id == card_id, card.c.state == "live"
    )
    connection.execute(insert(guard).from_select(["village", "card_id", "number"], live))


def _enforce_balances(connection: Connection, fact: Fact, body: Body) -> None:
    moved: dict[int, int] = {}
    for leg in legs_of(body):
        if leg.household is not None:
            moved[leg.household] = moved.get(leg.household, 0) + leg.points
    statement = _redeemable_statement(connection.dialect.name)
    for household, points in moved.items():
        # Credit to an account that foreign debits overdrew is right; only a debit written here may not go below zero.
        keys = {"of_village": fact.village, "of_household": household, "lowest": None if points < 0 else 0}
        connection.execute(statement, keys)


@cache
def _redeemable_statement(dialect: str) -> Any:  # noqa: ANN401  because upsert() is untyped
    from db.tables.points import Balance

    balance, lowest = table_of(Balance).c, bindparam("lowest", type_=WHOLE)
    points = case((balance.redeemable_points < lowest, lowest), else_=balance.redeemable_points)
    held = select(balance.village, balance.household_id, points).where(
        balance.village == bindparam("of_village"), balance.household_id == bindparam("of_household")
    )
    statement = upsert(dialect, table_of(Redeemable)).from_select(["village", "household_id", "points"], held)
    return statement.on_conflict_do_update(
        index_elements=["village", "household_id"], set_={"points": statement.excluded.points}
    )


_OF_FAMILY: Final[Mapping[str, tuple[tuple[str, Check], ...]]] = {
    "meeting": ((ONE_OPEN_MEETING, _enforce_meeting),),
    "people": ((ONE_LIVE_CARD, _enforce_cards),),
    "period": ((ONE_OPEN_DAY, _enforce_day),),
}


def _reset_day(connection: Connection, village: int, own_log: int | None) -> None:
    from db.tables.period import DayAct

    act = table_of(DayAct)
    closed = select(act.c.opened_id).where(act.c.village == village, act.c.act == "closed")
    statement = (
        select(act.c.village, act.c.opened_id, act.c.day)
        .where(act.c.village == village, act.c.log == own_log, act.c.act == "opened", act.c.opened_id.not_in(closed))
        .order_by(act.c.seq.desc())
        .limit(1)
    )
    connection.execute(insert(table_of(OpenDay)).from_select(["village", "opened_id", "day"], statement))


def _reset_meeting(connection: Connection, village: int, own_log: int | None) -> None:
    from db.tables.meeting import MeetingAct

    act = table_of(MeetingAct)
    over = select(act.c.meeting_id).where(act.c.village == village, act.c.act.in_(["ended", "cancelled"]))
    statement = (
        select(act.c.village, act.c.meeting_id)
        .where(act.c.village == village, act.c.log == own_log, act.c.act == "opened", act.c.meeting_id.not_in(over))
        .order_by(act.c.seq.desc())
        .limit(1)
    )
    connection.execute(insert(table_of(OpenMeeting)).from_select(["village", "meeting_id"], statement))


def _reset_cards(connection: Connection, village: int) -> None:
    from db.tables.people import Card

    card = table_of(Card).c
    first = (
        select(card.village, func.min(card.card_id), card.number)
        .where(card.village == village, card.state == "live", card.number.is_not(None))
        .group_by(card.village, card.number)
    )
    connection.execute(insert(table_of(LiveCard)).from_select(["village", "card_id", "number"], first))


def _reset_balances(connection: Connection, village: int) -> None:
    from db.tables.points import Balance

    balance = table_of(Balance).c
    held = select(balance.village, balance.household_id, balance.redeemable_points).where(
        balance.village == village, balance.redeemable_points >= 0
    )
    connection.execute(insert(table_of(Redeemable)).from_select(["village", "household_id", "points"], held))
