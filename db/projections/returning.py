"""Consequences of the family returning: points back, goods back on the shelf, each unit of a line once."""

from collections import defaultdict
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, select, update

from db.facts import returning as facts
from db.line import ENTITIES_PER_LOG, Fact
from db.projections.batch import Batch
from db.projections.points import post, recompute_balances
from db.projections.shop import add_to_stock, recompute_stock
from db.projections.waiting import ask
from db.tables.points import Posting
from db.tables.returning import GoodsReturn, ReturnAsked
from db.tables.shop import RedemptionVoid, StockMovement
from db.tables.statement import table_of

_WASTE: Final = "waste"
_KEY: Final = "return:"


def goods_returned(fact: Fact, body: facts.GoodsReturned, batch: Batch) -> None:
    """Points back, and goods on the shelf unless they are waste, as far as the return counts."""
    batch.insert(
        GoodsReturn, fact, redemption_id=body.redemption, line=body.line, item_id=body.item, quantity=body.quantity,
        before_quantity=body.before, is_waste=int(body.to == _WASTE), reason_code=body.reason, points=body.points,
        household_id=body.household, rank=fact.rank, is_counted=1, operator_id=fact.op, day=fact.day, at=fact.at,
    )  # fmt: skip
    batch.insert(
        StockMovement, fact, n=0, item_id=body.item, quantity=_on_shelf(body.to == _WASTE, body.quantity),
        place=body.seat * ENTITIES_PER_LOG + fact.seq, is_anchor=0, rank=None, once_key=None, day=fact.day,
    )  # fmt: skip
    batch.touch(add_to_stock)  # before the sum, as with a count
    key = return_key(body.redemption)
    post(fact, body.legs, batch, once_key=key, recount=recount_returns, target_id=body.redemption)


def return_requested(fact: Fact, body: facts.ReturnRequested, batch: Batch) -> None:
    """An entry of the waiting list, and what is brought back by it."""
    ask(
        fact, batch, "late_return", household_id=body.household, redemption_id=body.redemption, points=body.points,
        paper_number=body.slip,
    )  # fmt: skip
    for n, line in enumerate(body.lines):
        batch.insert(
            ReturnAsked, fact, n=n, line=line.line, item_id=line.item, quantity=line.quantity,
            is_waste=int(line.to == _WASTE), reason_code=line.reason,
        )  # fmt: skip


def return_key(redemption_id: int) -> str:
    """Return the key under which the returns of a redemption are counted again."""
    return f"{_KEY}{redemption_id}"


def recount_returns(connection: Connection, village: int, keys: list[str]) -> None:
    """Let those returns of each line count, by rank, that go on where the last one ended; none where all is void."""
    parameters = {"of_village": village, "of_redemptions": [int(key.removeprefix(_KEY)) for key in keys]}
    void = set(connection.execute(_void_statement(), parameters).scalars())
    through: dict[tuple[int, int], int] = defaultdict(int)
    rows = connection.execute(_returns_statement(), parameters).all()
    for row in rows:
        of_line = row.redemption_id, row.line
        counts = row.redemption_id not in void and row.before_quantity == through[of_line]
        if counts:
            through[of_line] += row.quantity
        if counts != bool(row.is_counted):
            _set_counted(connection, village, row, counts=counts)
    if rows:
        recompute_balances(connection, village, sorted({row.household_id for row in rows}))
        recompute_stock(connection, village, sorted({row.item_id for row in rows}))


def _set_counted(connection: Connection, village: int, row: Row[Any], *, counts: bool) -> None:
    quantity = _on_shelf(bool(row.is_waste), row.quantity) if counts else 0
    for model, values in (
        (GoodsReturn, {"is_counted": int(counts)}),
        (Posting, {"is_counted": int(counts)}),
        (StockMovement, {"quantity": quantity}),
    ):
        table = table_of(model)
        place = (table.c.village == village, table.c.log == row.log, table.c.seq == row.seq)
        connection.execute(update(table).where(*place).values(values))


def _on_shelf(is_waste: bool, quantity: int) -> int:  # noqa: FBT001  because it is a column of the row, not a switch
    return 0 if is_waste else quantity


@cache
def _void_statement() -> Select[Any]:
    void = table_of(RedemptionVoid).c
    return select(void.redemption_id).where(
        void.village == bindparam("of_village"), void.redemption_id.in_(bindparam("of_redemptions", expanding=True))
    )


@cache
def _returns_statement() -> Select[Any]:
    returned = table_of(GoodsReturn)
    return (
        select(returned)
        .where(
            returned.c.village == bindparam("of_village"),
            returned.c.redemption_id.in_(bindparam("of_redemptions", expanding=True)),
        )
        .order_by(returned.c.rank)
    )
