"""Consequences of the family shop: goods, codes, prices, stock, redemptions."""

from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, bindparam, case, func, literal, or_, select

from db.facts import shop as facts
from db.line import ENTITIES_PER_LOG, Fact
from db.projections.batch import Batch
from db.projections.points import post
from db.projections.waiting import ask
from db.tables.columns import WHOLE
from db.tables.shop import Item, ItemCode, Price, Redemption, RedemptionLine, RedemptionVoid, Stock, StockMovement
from db.tables.statement import table_of, upsert

NEVER_COUNTED: Final = -1


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
    batch.insert(
        StockMovement, fact, n=0, item_id=body.item, quantity=body.quantity, place=_place(fact, body.seat), is_anchor=1,
        rank=fact.rank, once_key=None, day=fact.day,
    )  # fmt: skip
    batch.touch(add_to_stock)  # before the count, also when a later fact of the batch is the first to add something
    batch.touch(recompute_stock, body.item)


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
            RedemptionLine, fact, n=n, item_id=line.item, quantity=line.quantity, each_points=line.each, per=line.per,
            points=line.points, is_over_book=int(line.is_over_book), household_id=body.household, day=fact.day,
        )  # fmt: skip
        _leave_shelf(fact, body.seat, n, line, batch)
    paper_number = f"{fact.village:04}-{body.till}-{body.number:06}"
    post(fact, body.legs, batch, person_id=body.person, paper_number=paper_number)


def redemption_voided(fact: Fact, body: facts.RedemptionVoided, batch: Batch) -> None:
    """Goods back on the shelf and points back with the household, once for the redemption it names."""
    once_key = f"void:{body.redemption}"
    batch.insert(
        RedemptionVoid, fact, redemption_id=body.redemption, points=body.points, operator_id=fact.op, day=fact.day
    )
    batch.touch(add_to_stock)
    for n, line in enumerate(body.lines):
        batch.insert(
            StockMovement, fact, n=n, item_id=line.item, quantity=line.quantity, place=_place(fact, body.seat),
            is_anchor=0, rank=fact.rank, once_key=once_key, day=fact.day,
        )  # fmt: skip
        batch.touch(recompute_stock, line.item)
    post(fact, body.legs, batch, once_key=once_key, target_id=body.redemption)


def void_requested(fact: Fact, body: facts.VoidRequested, batch: Batch) -> None:
    """An entry of the waiting list."""
    ask(
        fact, batch, "late_void", household_id=body.household, redemption_id=body.redemption, points=body.points,
        paper_number=body.slip,
    )  # fmt: skip


def _leave_shelf(fact: Fact, seat: int, n: int, line: facts.Line, batch: Batch) -> None:
    place = _place(fact, seat)
    batch.insert(
        StockMovement, fact, n=n, item_id=line.item, quantity=-line.quantity, place=place, is_anchor=0, rank=None,
        once_key=None, day=fact.day,
    )  # fmt: skip
    batch.touch(add_to_stock, (fact.log, fact.seq, n, line.item, -line.quantity, place, line.is_over_book))


def _place(fact: Fact, seat: int) -> int:
    return seat * ENTITIES_PER_LOG + fact.seq


def add_to_stock(
    connection: Connection, village: int, movements: list[tuple[int, int, int, int, int, int, bool]]
) -> None:
    """Add movements to the book stock, each once: those behind the latest count change it, the others are history.

    A movement counts for ever and once, so adding it is the same as computing the stock again, without reading years.
    """
    rows = [
        {
            "village": village,
            "item_id": item,
            "quantity": quantity,
            "anchor_place": NEVER_COUNTED,
            "over_book_place": place if is_over_book else None,
            "place": place,
        }
        for _log, _seq, _n, item, quantity, place, is_over_book in movements
    ]
    connection.execute(_add_statement(connection.dialect.name), rows)


def recompute_stock(connection: Connection, village: int, items: list[int]) -> None:
    """Set each item's book stock to its latest count plus all later movements."""
    connection.execute(_stock_statement(connection.dialect.name), {"of_village": village, "of_items": items})


@cache
def _add_statement(dialect: str) -> Any:  # noqa: ANN401  because upsert() is untyped
    stock = table_of(Stock)
    columns = ("village", "item_id", "quantity", "anchor_place", "over_book_place")
    statement = upsert(dialect, stock).values({name: bindparam(name) for name in columns})
    added, over = statement.excluded.quantity, statement.excluded.over_book_place
    is_behind = bindparam("place", type_=WHOLE) > stock.c.anchor_place
    is_later = over > func.coalesce(stock.c.over_book_place, NEVER_COUNTED)
    return statement.on_conflict_do_update(
        index_elements=["village", "item_id"],
        set_={
            "quantity": stock.c.quantity + case((is_behind, added), else_=0),
            "over_book_place": case((is_later, over), else_=stock.c.over_book_place),
        },
    )


@cache
def _stock_statement(dialect: str) -> Any:  # noqa: ANN401  because upsert() is untyped
    movement = table_of(StockMovement).c
    latest = func.coalesce(_of_latest_count("place"), NEVER_COUNTED)
    sums = (
        select(movement.village, movement.item_id, func.sum(movement.quantity), latest)
        .where(
            movement.village == bindparam("of_village"),
            movement.item_id.in_(bindparam("of_items", expanding=True)),
            or_(movement.place > latest, movement.rank == _of_latest_count("rank")),
            ~_came_back_before(),
        )
        .group_by(movement.village, movement.item_id)
    )
    columns = ["village", "item_id", "quantity", "anchor_place"]
    statement = upsert(dialect, table_of(Stock)).from_select(columns, sums)
    return statement.on_conflict_do_update(
        index_elements=["village", "item_id"],
        set_={name: statement.excluded[name] for name in ("quantity", "anchor_place")},
    )


def _came_back_before() -> Any:  # noqa: ANN401  because EXISTS has the type of its query
    """Whether something of a lower rank says the same, and counts in its place."""
    movement, first = table_of(StockMovement).c, table_of(StockMovement).alias().c
    same = (
        first.village == movement.village, first.once_key == movement.once_key, first.item_id == movement.item_id,
        first.rank < movement.rank,
    )  # fmt: skip
    return select(literal(1)).where(*same).correlate(table_of(StockMovement)).exists()


def _of_latest_count(column: str) -> Any:  # noqa: ANN401  because a scalar subquery has the type of its column
    movement = table_of(StockMovement).c
    anchor = table_of(StockMovement).alias().c
    statement = select(anchor[column]).where(
        anchor.village == movement.village, anchor.item_id == movement.item_id, anchor.is_anchor == 1
    )
    return statement.order_by(anchor.place.desc(), anchor.rank.desc()).limit(1).scalar_subquery()
