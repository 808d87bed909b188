"""Redemptions read again: one as its slip says it, and those of a day."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, FromClause, literal, select

from db.line import entity_id, origin_of
from db.store import Store
from db.tables.home_delivery import ToDeliver
from db.tables.shop import Item, Redemption, RedemptionLine
from db.tables.statement import table_of
from kiosk.domain.basket import Holder
from kiosk.domain.home_delivery import is_on_the_way
from kiosk.domain.people import HouseholdShown, show_household
from kiosk.domain.period import day_state
from kiosk.domain.person import name_of_person
from kiosk.domain.shop import Redeemed, RedeemedLine, is_void, number_of
from kiosk.domain.slip import is_copy
from kiosk.errors import Refused


@dataclass(frozen=True)
class RedemptionShown:
    """A redemption with its household, as a slip needs it; `is_copy` if its slip was on paper before.

    `proxy_name` is who collected the goods in the place of the household, "" if nobody did; `is_on_the_way` says that
    they wait to be brought home.
    """

    redeemed: Redeemed
    household: HouseholdShown
    is_copy: bool
    is_void: bool = False
    proxy_name: str = ""
    is_on_the_way: bool = False


@dataclass(frozen=True)
class RedemptionListed:
    """A redemption of the day's list."""

    redemption_id: int
    shown_number: str
    at: int
    points: int
    household: HouseholdShown
    is_void: bool


def redemptions_of_day(store: Store) -> tuple[RedemptionListed, ...]:
    """Return the redemptions of the open day, or of the last one, the newest first."""
    redemption = table_of(Redemption).c
    with store.read() as connection:
        state = day_state(connection, store.village)
        day = state.open_day or state.latest_day
        statement = (
            select(redemption.log, redemption.seq, redemption.till, redemption.number, redemption.at)
            .add_columns(redemption.points, redemption.household_id, is_void(table_of(Redemption)).label("is_void"))
            .where(redemption.village == store.village, redemption.day == day)
            .order_by(redemption.at.desc(), redemption.seq.desc())
        )
        rows = connection.execute(statement).all()
        households = {row.household_id: None for row in rows}
        shown = {each: show_household(connection, store.village, each) for each in households}
    return tuple(
        RedemptionListed(
            entity_id(row.log, row.seq), number_of(store.village, row.till, row.number), row.at, row.points,
            shown[row.household_id], bool(row.is_void),
        )
        for row in rows
    )  # fmt: skip


def show_redemption(store: Store, redemption_id: int) -> RedemptionShown:
    """Return a redemption as its slip says it. Raises Refused (`redemption_unknown`)."""
    with store.read() as connection:
        return show_redemption_in(connection, store.village, redemption_id)


def show_redemption_in(connection: Connection, village: int, redemption_id: int) -> RedemptionShown:
    """Return a redemption as its slip says it, inside a transaction. Raises Refused (`redemption_unknown`)."""
    log, seq = origin_of(redemption_id)
    redemption = table_of(Redemption)
    is_to_deliver = _is_to_deliver(redemption).label("is_to_deliver")
    statement = select(redemption, is_void(redemption).label("is_void"), is_to_deliver).where(
        redemption.c.village == village, redemption.c.log == log, redemption.c.seq == seq
    )
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise Refused("redemption_unknown")
    holder = Holder(
        row.household_id, row.entry, row.person_id, row.card_id, row.no_card_reason, row.proxy_id,
        bool(row.is_to_deliver),
    )  # fmt: skip
    redeemed = Redeemed(
        redemption_id, village, row.till, row.number, row.slip_code, holder,
        _lines_of(connection, village, log, seq), row.points, row.before_points, row.after_points,
        row.day or "", row.at,
    )  # fmt: skip
    household = show_household(connection, village, row.household_id)
    proxy_name = "" if row.proxy_id is None else name_of_person(connection, village, row.proxy_id)
    is_again = is_copy(connection, village, redemption_id)
    is_out = bool(row.is_to_deliver) and is_on_the_way(connection, village, redemption_id)
    return RedemptionShown(redeemed, household, is_again, bool(row.is_void), proxy_name, is_out)


def _is_to_deliver(redemption: FromClause) -> ColumnElement[bool]:
    """Return the condition that the goods of a redemption are, or were, to be brought home."""
    waits = table_of(ToDeliver).c
    same = (waits.village == redemption.c.village, waits.log == redemption.c.log, waits.seq == redemption.c.seq)
    return select(literal(1)).where(*same).correlate(redemption).exists()


def _lines_of(connection: Connection, village: int, log: int, seq: int) -> tuple[RedeemedLine, ...]:
    line, item = table_of(RedemptionLine), table_of(Item)
    is_same = (item.c.item_id == line.c.item_id) & item.c.village.in_([village, 0]) & item.c.name.is_not(None)
    statement = (
        select(line, item.c.name, item.c.unit)
        .select_from(line.outerjoin(item, is_same))
        .where(line.c.village == village, line.c.log == log, line.c.seq == seq)
        .order_by(line.c.n)
    )
    return tuple(
        RedeemedLine(
            row.item_id, row.name or "", row.unit or "", row.quantity, row.each_points, row.per, row.points,
            bool(row.is_over_book),
        )
        for row in connection.execute(statement)
    )  # fmt: skip
