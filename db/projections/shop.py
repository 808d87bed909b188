"""Consequences of the family shop: goods, codes, prices, stock, redemptions."""

from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Exists, Select, bindparam, case, exists, func, literal, or_, select, update

from db.facts import shop as facts
from db.line import ENTITIES_PER_LOG, Fact
from db.projections.batch import Batch
from db.projections.points import post, recompute_balances
from db.projections.waiting import ask
from db.tables.columns import WHOLE
from db.tables.points import Posting
from db.tables.shop import (
    Delivery,
    DeliveryCost,
    DeliveryShare,
    Item,
    ItemCode,
    Price,
    Received,
    Redemption,
    RedemptionLine,
    RedemptionVoid,
    SlipRecovered,
    Stock,
    StockMovement,
    Wish,
)
from db.tables.statement import table_of, upsert

NEVER_COUNTED: Final = -1


def item_registered(fact: Fact, body: facts.ItemRegistered, batch: Batch) -> None:
    """A new kind of goods with its codes."""
    values = {"name": body.name, "unit": body.unit, "is_provisional": int(body.is_provisional)}
    batch.hold(Item, "name", fact, {"item_id": fact.id}, **values)
    for n, code in enumerate(body.codes):
        batch.insert(ItemCode, fact, n=n, code=code, item_id=fact.id, quantity=None)


def item_renamed(fact: Fact, body: facts.ItemRenamed, batch: Batch) -> None:
    """Name and unit."""
    values = {"name": body.name, "unit": body.unit, "is_provisional": int(body.is_provisional)}
    batch.hold(Item, "name", fact, {"item_id": body.item}, **values)


def code_added(fact: Fact, body: facts.CodeAdded, batch: Batch) -> None:
    """A further code."""
    quantity = body.quantity if isinstance(body, facts.BoxCodeAdded) else None
    batch.insert(ItemCode, fact, n=0, code=body.code, item_id=body.item, quantity=quantity)


def goods_wished(fact: Fact, body: facts.GoodsWished, batch: Batch) -> None:
    """A wish."""
    batch.insert(Wish, fact, item_id=body.item, code=body.code, sort_code=body.sort, day=fact.day, at=fact.at)


def price_set(fact: Fact, body: facts.PriceSet, batch: Batch) -> None:
    """A dated price."""
    reason = body.reason if isinstance(body, facts.PriceStated) else None
    batch.insert(
        Price, fact, item_id=body.item, from_day=body.from_day, points=body.points, rank=fact.rank, reason_code=reason,
        operator_id=fact.op,
    )  # fmt: skip


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


def goods_received(fact: Fact, body: facts.GoodsReceived, batch: Batch) -> None:
    """More on the shelf."""
    batch.insert(Received, fact, item_id=body.item, quantity=body.quantity, best_before=body.best_before, day=fact.day)
    _move(fact, body.seat, 0, (body.item, body.quantity), batch)


def delivery_received(fact: Fact, body: facts.DeliveryReceived, batch: Batch) -> None:
    """A delivery with its source and cost."""
    batch.insert(
        Delivery, fact, source=body.source, kinds=body.kinds, cost=body.cost, operator_id=fact.op, day=fact.day,
        at=fact.at,
    )  # fmt: skip
    if isinstance(body, facts.DeliveryShared):
        _share(fact, fact.id, body.costs, batch)


def delivery_cost_set(fact: Fact, body: facts.DeliveryCostSet, batch: Batch) -> None:
    """A cost that followed."""
    batch.hold(DeliveryCost, "cost", fact, {"delivery_id": body.delivery}, cost=body.cost)
    if isinstance(body, facts.DeliveryCostShared):
        _share(fact, body.delivery, body.costs, batch)


def _share(fact: Fact, delivery: int, costs: tuple[int, ...], batch: Batch) -> None:
    """What falls on each kind of goods of a delivery."""
    for n, cost in enumerate(costs):
        batch.hold(DeliveryShare, "cost", fact, {"delivery_id": delivery, "n": n}, cost=cost)


def stock_lowering_requested(fact: Fact, body: facts.StockLoweringRequested, batch: Batch) -> None:
    """An entry of the waiting list."""
    what = {"item_id": body.item, "quantity": body.quantity, "reason_code": body.reason}
    ask(fact, batch, "stock_lowering", **what)


def stock_lowered(fact: Fact, body: facts.StockLowered, batch: Batch) -> None:
    """Less in the book, once for the request it fulfils."""
    _move_once(fact, body.seat, 0, (body.item, -body.quantity), f"lower:{body.request}", batch)


def redemption_made(fact: Fact, body: facts.RedemptionMade, batch: Batch) -> None:
    """The redemption, its lines, what left the shelf, and the postings."""
    proxy = body.proxy if isinstance(body, facts.RedemptionCollected) else None
    batch.insert(
        Redemption, fact, till=body.till, number=body.number, slip_code=body.slip, household_id=body.household,
        person_id=body.person, card_id=body.card, entry=body.entry, no_card_reason=body.no_card_reason, proxy_id=proxy,
        points=body.points, before_points=body.before, after_points=body.after, operator_id=fact.op, day=fact.day,
        at=fact.at,
    )  # fmt: skip
    for n, line in enumerate(body.lines):
        batch.insert(
            RedemptionLine, fact, n=n, item_id=line.item, quantity=line.quantity, each_points=line.each, per=line.per,
            points=line.points, is_over_book=int(line.is_over_book), household_id=body.household, day=fact.day,
        )  # fmt: skip
        _move(fact, body.seat, n, (line.item, -line.quantity), batch, is_over_book=line.is_over_book)
    post(fact, body.legs, batch, person_id=body.person or proxy, paper_number=_slip_number(fact, body))
    batch.touch(recount_slips, (body.till, body.number))
    if isinstance(body, facts.RedemptionCollected) and body.is_to_deliver:
        from db.projections.home_delivery import await_delivery

        await_delivery(fact, batch)


def slip_recovered(fact: Fact, body: facts.SlipRecovered, batch: Batch) -> None:
    """A redemption by its slip on paper: its postings, as long as the redemption itself is not held."""
    batch.insert(
        SlipRecovered, fact, till=body.till, number=body.number, slip_code=body.slip, household_id=body.household,
        rank=fact.rank,
    )  # fmt: skip
    post(fact, body.legs, batch, paper_number=_slip_number(fact, body))
    batch.touch(recount_slips, (body.till, body.number))


def redemption_voided(fact: Fact, body: facts.RedemptionVoided, batch: Batch) -> None:
    """Goods back on the shelf and points back with the household, once for the redemption it names."""
    from db.projections.returning import recount_returns, return_key  # that family reads this one

    once_key = f"void:{body.redemption}"
    batch.insert(
        RedemptionVoid, fact, redemption_id=body.redemption, points=body.points, operator_id=fact.op, day=fact.day
    )
    for n, line in enumerate(body.lines):
        _move_once(fact, body.seat, n, (line.item, line.quantity), once_key, batch)
    post(fact, body.legs, batch, once_key=once_key, target_id=body.redemption)
    batch.touch(recount_returns, return_key(body.redemption))


def void_requested(fact: Fact, body: facts.VoidRequested, batch: Batch) -> None:
    """An entry of the waiting list."""
    ask(
        fact, batch, "late_void", household_id=body.household, redemption_id=body.redemption, points=body.points,
        paper_number=body.slip,
    )  # fmt: skip


def _move(fact: Fact, seat: int, n: int, move: tuple[int, int], batch: Batch, *, is_over_book: bool = False) -> None:
    """A movement (item, quantity) that counts for ever and once."""
    (item, quantity), place = move, _place(fact, seat)
    batch.insert(
        StockMovement, fact, n=n, item_id=item, quantity=quantity, place=place, is_anchor=0, rank=None, once_key=None,
        day=fact.day,
    )  # fmt: skip
    batch.touch(add_to_stock, (fact.log, fact.seq, n, item, quantity, place, is_over_book))


def _move_once(fact: Fact, seat: int, n: int, move: tuple[int, int], once_key: str, batch: Batch) -> None:
    """A movement (item, quantity) of which several may be said, and the one of lowest rank counts."""
    item, quantity = move
    batch.insert(
        StockMovement, fact, n=n, item_id=item, quantity=quantity, place=_place(fact, seat), is_anchor=0,
        rank=fact.rank, once_key=once_key, day=fact.day,
    )  # fmt: skip
    batch.touch(add_to_stock)  # before the sum, as with a count
    batch.touch(recompute_stock, item)


def _slip_number(fact: Fact, body: facts.RedemptionMade | facts.SlipRecovered) -> str:
    return f"{fact.village:04}-{body.till}-{body.number:06}"


def recount_slips(connection: Connection, village: int, slips: list[tuple[int, int]]) -> None:
    """Let each slip that was entered again count if no redemption of its till and number is held, and it is the first.

    Hardly any village ever has one, so a redemption costs one look into an empty table.
    """
    posting, counted = table_of(Posting), set[tuple[int, int]]()
    parameters = {"of_village": village, "of_numbers": sorted({number for _till, number in slips})}
    found = connection.execute(_slips_statement(), parameters).all()
    for row in found:
        counts = (row.till, row.number) not in counted and not row.is_made
        counted.add((row.till, row.number))
        place = (posting.c.village == village, posting.c.log == row.log, posting.c.seq == row.seq)
        connection.execute(update(posting).where(*place).values(is_counted=int(counts)))
    if found:
        recompute_balances(connection, village, sorted({row.household_id for row in found}))


@cache
def _slips_statement() -> Select[Any]:
    recovered, made = table_of(SlipRecovered), table_of(Redemption).c
    is_made = exists().where(
        made.village == recovered.c.village, made.till == recovered.c.till, made.number == recovered.c.number
    )
    return (
        select(recovered, is_made.label("is_made"))
        .where(
            recovered.c.village == bindparam("of_village"),
            recovered.c.number.in_(bindparam("of_numbers", expanding=True)),
        )
        .order_by(recovered.c.rank)
    )


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
            ~is_repeat(),
        )
        .group_by(movement.village, movement.item_id)
    )
    columns = ["village", "item_id", "quantity", "anchor_place"]
    statement = upsert(dialect, table_of(Stock)).from_select(columns, sums)
    return statement.on_conflict_do_update(
        index_elements=["village", "item_id"],
        set_={name: statement.excluded[name] for name in ("quantity", "anchor_place")},
    )


def is_repeat() -> Exists:
    """Return the condition that something of a lower rank says what a stock movement says, and counts in its place."""
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
