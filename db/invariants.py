"""Passes over a store that return what is wrong; each reports all it finds and stops at nothing."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, and_, func, or_, select

from db import journal
from db.fault import Fault
from db.line import entity_id
from db.meeting_invariants import awards_follow_sign_ins, ends_tell_what_they_saw, one_meeting_open
from db.tables.form import FormEntry
from db.tables.guard import Redeemable
from db.tables.people import Card, Household
from db.tables.points import Balance, Posting
from db.tables.shop import Delivery, DeliveryCost, DeliveryShare, Stock, StockMovement
from db.tables.statement import table_of
from db.tables.terminal import Cursor, Unprojected


def find_faults(connection: Connection, village: int) -> list[Fault]:
    """Return every fault of a village's tables, in the order of the passes."""
    return [fault for check in CHECKS for fault in check(connection, village)]


def legs_sum_to_zero(connection: Connection, village: int) -> list[Fault]:
    """The legs of every fact sum to zero."""
    posting = table_of(Posting).c
    statement = (
        select(posting.log, posting.seq)
        .where(posting.village == village)
        .group_by(posting.log, posting.seq)
        .having(func.sum(posting.points) != 0)
    )
    return [Fault("legs_do_not_sum_to_zero", f"{log}-{seq}") for log, seq in connection.execute(statement)]


def balances_equal_postings(connection: Connection, village: int) -> list[Fault]:
    """Every stored balance is the sum of its counted postings."""
    posting, balance = table_of(Posting).c, table_of(Balance)
    sums = (
        select(posting.household_id, func.sum(posting.points * posting.is_counted).label("points"))
        .where(posting.village == village, posting.household_id.is_not(None))
        .group_by(posting.household_id)
        .subquery()
    )
    statement = (
        select(sums.c.household_id)
        .select_from(sums)
        .outerjoin(balance, and_(balance.c.village == village, balance.c.household_id == sums.c.household_id))
        .where(or_(balance.c.redeemable_points.is_(None), balance.c.redeemable_points != sums.c.points))
    )
    without = select(balance.c.household_id).where(
        balance.c.village == village,
        balance.c.redeemable_points != 0,
        balance.c.household_id.not_in(select(sums.c.household_id)),
    )
    differing = [*connection.execute(statement).scalars(), *connection.execute(without).scalars()]
    return [Fault("balance_differs", str(household)) for household in differing]


def guards_equal_balances(connection: Connection, village: int) -> list[Fault]:
    """What the desk checks a debit against is the stored balance; nothing, where that lies below zero."""
    guard, balance = table_of(Redeemable).c, table_of(Balance).c
    statement = (
        select(guard.household_id, guard.points, balance.redeemable_points)
        .select_from(table_of(Redeemable))
        .outerjoin(
            table_of(Balance), and_(balance.village == guard.village, balance.household_id == guard.household_id)
        )
        .where(guard.village == village)
    )
    rows = connection.execute(statement)
    return [Fault("guard_differs", str(household)) for household, points, held in rows if points != max(held or 0, 0)]


def balances_not_negative(connection: Connection, village: int) -> list[Fault]:
    """No household has redeemed more than it had; a copied device can bring that about."""
    balance = table_of(Balance).c
    statement = select(balance.household_id).where(balance.village == village, balance.redeemable_points < 0)
    return [Fault("balance_overdrawn", str(household)) for household in connection.execute(statement).scalars()]


def merged_accounts_empty(connection: Connection, village: int) -> list[Fault]:
    """No merged household holds credit; it is swept when the day opens."""
    household, balance = table_of(Household).c, table_of(Balance).c
    statement = select(household.household_id).where(
        household.village == village,
        household.state == "merged",
        balance.village == village,
        balance.household_id == household.household_id,
        balance.redeemable_points > 0,
    )
    return [Fault("merged_account_has_credit", str(found)) for found in connection.execute(statement).scalars()]


def left_accounts_empty(connection: Connection, village: int) -> list[Fault]:
    """No household that left for another village holds credit: what reached it afterwards a person settles."""
    household, balance = table_of(Household).c, table_of(Balance).c
    statement = select(household.household_id).where(
        household.village == village,
        household.state == "left",
        balance.village == village,
        balance.household_id == household.household_id,
        balance.redeemable_points > 0,
    )
    return [Fault("left_account_has_credit", str(found)) for found in connection.execute(statement).scalars()]


def counted_once(connection: Connection, village: int) -> list[Fault]:
    """What counts once was written once; a slip entered from paper whose redemption is held after all is in order."""
    posting = table_of(Posting).c
    statement = select(posting.once_key).where(
        posting.village == village, posting.is_counted == 0, posting.kind != "slip_recovered"
    )
    return [Fault("written_twice", str(key)) for key in connection.execute(statement.distinct()).scalars()]


def live_numbers_unique(connection: Connection, village: int) -> list[Fault]:
    """One live card for a number."""
    card = table_of(Card).c
    statement = (
        select(card.number)
        .where(card.village == village, card.state == "live", card.number.is_not(None))
        .group_by(card.number)
        .having(func.count() > 1)
    )
    return [Fault("card_number_twice", f"…{number[-4:]}") for number in connection.execute(statement).scalars()]


def forms_entered_once(connection: Connection, village: int) -> list[Fault]:
    """A paper form is entered once; two copies of a desk may each have one entered."""
    entry = table_of(FormEntry).c
    statement = (
        select(entry.till, entry.number)
        .where(entry.village == village)
        .group_by(entry.till, entry.number)
        .having(func.count() > 1)
        .order_by(entry.till, entry.number)
    )
    return [Fault("form_entered_twice", f"{till}-{number:05}") for till, number in connection.execute(statement)]


def stock_equals_movements(connection: Connection, village: int) -> list[Fault]:
    """Every stored stock is its latest count plus later movements; of what came back once the lowest rank counts."""
    movement = table_of(StockMovement).c
    moves = connection.execute(
        select(movement.item_id, movement.quantity, movement.is_anchor, movement.rank, movement.once_key)
        .where(movement.village == village)
        .order_by(movement.item_id, movement.place, movement.is_anchor, movement.rank)
    ).all()
    first: dict[tuple[int, str], str] = {}
    for move in moves:
        if move.once_key is not None:
            key = move.item_id, move.once_key
            first[key] = min(first.get(key, move.rank), move.rank)
    expected: dict[int, int] = {}
    for item, quantity, is_anchor, rank, once_key in moves:
        is_repeat = once_key is not None and rank > first[item, once_key]
        expected[item] = quantity if is_anchor else expected.get(item, 0) + (0 if is_repeat else quantity)
    stock = table_of(Stock).c
    rows = connection.execute(select(stock.item_id, stock.quantity).where(stock.village == village))
    held = {item: quantity for item, quantity in rows}  # noqa: C416  because a row is no pair for the type checker
    return [Fault("stock_differs", str(item)) for item in sorted(expected) if held.get(item) != expected[item]]


def costs_fall_on_goods(connection: Connection, village: int) -> list[Fault]:
    """What fell on the goods of a delivery is what the delivery cost."""
    share, delivery, said = (table_of(table).c for table in (DeliveryShare, Delivery, DeliveryCost))
    fallen = connection.execute(
        select(share.delivery_id, func.sum(share.cost)).where(share.village == village).group_by(share.delivery_id)
    ).all()
    later = connection.execute(select(said.delivery_id, said.cost).where(said.village == village))
    costs = {row.delivery_id: row.cost for row in later}
    made = connection.execute(select(delivery.log, delivery.seq, delivery.cost).where(delivery.village == village))
    costs = {entity_id(row.log, row.seq): row.cost for row in made} | costs
    return [
        Fault("delivery_cost_differs", str(delivery_id))
        for delivery_id, fen in fallen
        if delivery_id in costs and costs[delivery_id] != fen
    ]


def everything_folded(connection: Connection, village: int) -> list[Fault]:
    """The tables follow from every line that is held."""
    cursor = table_of(Cursor).c
    rows = connection.execute(select(cursor.log, cursor.seq).where(cursor.village == village))
    reached = {log: seq for log, seq in rows}  # noqa: C416  because a row is no pair for the type checker
    ends = journal.heads(connection, village).items()
    return [Fault("line_not_folded", f"{log}-{head.seq}") for log, head in ends if reached.get(log) != head.seq]


def everything_projected(connection: Connection, village: int) -> list[Fault]:
    """Every fact was understood by this program."""
    row = table_of(Unprojected).c
    statement = select(row.log, row.seq, row.kind).where(row.village == village).order_by(row.log, row.seq)
    return [Fault("fact_not_understood", f"{log}-{seq} {kind}") for log, seq, kind in connection.execute(statement)]


CHECKS: Final[tuple[Callable[[Connection, int], list[Fault]], ...]] = (
    legs_sum_to_zero,
    balances_equal_postings,
    guards_equal_balances,
    balances_not_negative,
    merged_accounts_empty,
    left_accounts_empty,
    counted_once,
    live_numbers_unique,
    forms_entered_once,
    stock_equals_movements,
    costs_fall_on_goods,
    ends_tell_what_they_saw,
    awards_follow_sign_ins,
    one_meeting_open,
    everything_folded,
    everything_projected,
)
