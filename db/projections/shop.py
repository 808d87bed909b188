"""Consequences of the family shop: goods, codes, prices, stock, redemptions."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from db.facts import shop as facts
from db.line import ENTITIES_PER_LOG, Fact
from db.projections.batch import Batch
from db.projections.points import post
from db.tables.shop import Item, ItemCode, Price, Redemption, RedemptionLine, Stock, StockMovement
from db.tables.statement import table_of, upsert


def item_registered(fact: Fact, body: facts.ItemRegistered, batch: Batch) -> None:
    """A new kind of goods with its codes."""
    values = {"name": body.name, "unit": body.unit, "is_provisional": int(body.is_provisional)}
    batch.hold(Item, "name", fact, {"item_id": fact.id}, **values)
    for n, code in enumerate(body.codes):
        batch.insert(ItemCode, fact, n=n, code=code, item_id=fact.id)


def item_renamed(fact: Fact, body: facts.ItemRenamed, batch: Batch) -> None:
    """Name and unit."""
    values = {"name": body.name, "unit": body.unit, "is_provisional": int(body.is_provisional)}
    batch.hold(Item, "name", fact, {"item_id": body.item}, **values)


def code_added(fact: Fact, body: facts.CodeAdded, batch: Batch) -> None:
    """A further code."""
    batch.insert(ItemCode, fact, n=0, code=body.code, item_id=body.item)


def price_set(fact: Fact, body: facts.PriceSet, batch: Batch) -> None:
    """A dated price."""
    batch.insert(Price, fact, item_id=body.item, from_day=body.from_day, points=body.points, rank=fact.rank)


def monthly_limit_set(fact: Fact, body: facts.MonthlyLimitSet, batch: Batch) -> None:
    """How many a household may have in a month."""
    batch.hold(Item, "limit", fact, {"item_id": body.item}, monthly_limit=body.quantity)


def best_before_set(fact: Fact, body: facts.BestBeforeSet, batch: Batch) -> None:
    """The earliest day on the shelf."""
    batch.hold(Item, "best_before", fact, {"item_id": body.item}, best_before=body.day)


def stock_counted(fact: Fact, body: facts.StockCounted, batch: Batch) -> None:
    """An anchor: what was before it in the order of seats no longer matters."""
    _move(fact, batch, 0, item_id=body.item, quantity=body.quantity, seat=body.seat, is_anchor=1)


def redemption_made(fact: Fact, body: facts.RedemptionMade, batch: Batch) -> None:
    """The redemption, its lines, what left the shelf, and the postings."""
    batch.insert(
        Redemption, fact, till=body.till, number=body.number, slip_code=body.slip, household_id=body.household,
        person_id=body.person, card_id=body.card, entry=body.entry, no_card_reason=body.no_card_reason,
        points=body.points, before_points=body.before, after_points=body.after, operator_id=fact.op, day=fact.day,
        at=fact.at,
    )  # fmt: skip
    for n, line in enumerate(body.lines):
        batch.insert(
            RedemptionLine, fact, n=n, item_id=line.item, quantity=line.quantity, each_points=line.each,
            points=line.points, household_id=body.household, day=fact.day,
        )  # fmt: skip
        _move(fact, batch, n, item_id=line.item, quantity=-line.quantity, seat=body.seat, is_anchor=0)
    post(fact, body.legs, batch, person_id=body.person)


def _move(fact: Fact, batch: Batch, n: int, **movement: int) -> None:
    place = movement.pop("seat") * ENTITIES_PER_LOG + fact.seq
    batch.insert(StockMovement, fact, n=n, place=place, day=fact.day, **movement)
    batch.touch(recompute_stock, movement["item_id"])


def recompute_stock(connection: Connection, village: int, items: list[int]) -> None:
    """Set each item's book stock to its latest count plus all later movements."""
    connection.execute(_stock_statement(connection.dialect.name), {"of_village": village, "of_items": items})


@cache
def _stock_statement(dialect: str) -> Any:  # noqa: ANN401  because upsert() is untyped
    movement = table_of(StockMovement).c
    anchor = table_of(StockMovement).alias("anchor")
    latest = (
        select(func.coalesce(func.max(anchor.c.place), -1))
        .where(anchor.c.village == movement.village, anchor.c.item_id == movement.item_id, anchor.c.is_anchor == 1)
        .scalar_subquery()
    )
    sums = (
        select(movement.village, movement.item_id, func.sum(movement.quantity))
        .where(
            movement.village == bindparam("of_village"),
            movement.item_id.in_(bindparam("of_items", expanding=True)),
            or_(movement.place > latest, and_(movement.place == latest, movement.is_anchor == 1)),
        )
        .group_by(movement.village, movement.item_id)
    )
    statement = upsert(dialect, table_of(Stock)).from_select(["village", "item_id", "quantity"], sums)
    return statement.on_conflict_do_update(
        index_elements=["village", "item_id"], set_={"quantity": statement.excluded.quantity}
    )
