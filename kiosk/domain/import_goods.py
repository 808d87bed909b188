"""Goods of a sheet held against those known: by their codes. Prices hold from a day on; stock is a count at the seat.

An empty cell says nothing: a limit or a best-before day that is there stays.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from db.facts.body import Body
from db.facts.shop import (
    BestBeforeSet,
    CodeAdded,
    ItemRegistered,
    ItemRenamed,
    MonthlyLimitSet,
    PriceSet,
    StockCounted,
)
from db.journal import Saying
from db.line import ENTITIES_PER_LOG
from db.tables.shop import ItemCode, StockMovement
from db.tables.statement import table_of
from kiosk.domain.goods import PIECE, Goods, find_goods
from kiosk.domain.import_plan import Change, Draft, Hand, Planned, Sketch, What, plan_each
from kiosk.locale import figures
from kiosk.sheets.problem import Fault, Problem, fate_of
from kiosk.sheets.rows import GoodsRow, remark_on

ITEMS_AT_ONCE: Final = 1_000
_BY_WEIGHT: Final[Mapping[What, What]] = {What.STOCK: What.WEIGHT, What.LIMIT: What.LIMIT_WEIGHT}


@dataclass(frozen=True)
class _Known:
    """The goods that are known: the items a code names, and by id what they are, their codes and their last count."""

    items: Mapping[str, frozenset[int]]
    goods: Mapping[int, Goods]
    codes: Mapping[int, frozenset[str]]
    counted: Mapping[int, int]


def plan_goods(connection: Connection, village: int, rows: Iterable[GoodsRow], from_day: str) -> Planned:
    """Hold the rows against the goods that are known; prices hold from `from_day` on."""
    listed = tuple(rows)
    known = _read(connection, village, from_day)
    first: dict[int, GoodsRow] = {}

    def look(row: GoodsRow, sketch: Sketch) -> int | None:
        item_id = _item(row, known, sketch)
        if item_id is None:
            _register(row, from_day, sketch)
        elif first.setdefault(item_id, row) is not row:
            sketch.remark(remark_on(row, "code", Fault.ITEM_TWICE, other=first[item_id].where.cell("code")))
        else:
            _compare(row, known, item_id, from_day, sketch)
        if row.best_before_on is not None and row.best_before_on < from_day:
            sketch.remark(remark_on(row, "best_before", Fault.BEST_BEFORE_PAST, raw=row.best_before_on))
        return item_id

    planned = plan_each(listed, look)
    return Planned(planned.rows, (*planned.problems, *_costs(listed)))


def shown_name(row: GoodsRow) -> str:
    """Return what an item is called: name and size, so that two sizes of one thing are told apart."""
    return f"{row.name} {row.spec}".strip()


def _costs(rows: Iterable[GoodsRow]) -> Iterable[Problem]:
    sheets = dict.fromkeys(row.where.sheet for row in rows if row.unit_cost_fen is not None)
    return [Problem(sheet, "", "", Fault.COST_NOT_KEPT, fate_of(Fault.COST_NOT_KEPT)) for sheet in sheets]


def _item(row: GoodsRow, known: _Known, sketch: Sketch) -> int | None:
    """Return the item a row is about; None if it is new, or after saying that its codes do not agree on one."""
    named = {code: known.items[code] for code in row.codes if code in known.items}
    shared = [code for code, items in named.items() if len(items) > 1]
    if shared:
        sketch.remark(remark_on(row, "code", Fault.CODE_NAMES_SEVERAL, raw=shared[0]))
        return None
    items = {item for found in named.values() for item in found}
    if len(items) > 1:
        sketch.remark(remark_on(row, "code", Fault.CODES_OF_SEVERAL, raw=", ".join(named)))
        return None
    return next(iter(items), None)


def _register(row: GoodsRow, from_day: str, sketch: Sketch) -> None:
    body = ItemRegistered(name=shown_name(row), unit=_unit(row, None), codes=row.codes)
    sketch.say(_change(What.ITEM_NEW, row, after_points=row.price_points), body)
    sketch.drafts.append(_of_item(lambda item: PriceSet(item=item, from_day=from_day, points=row.price_points)))
    if row.monthly_limit is not None:
        sketch.drafts.append(_of_item(lambda item: MonthlyLimitSet(item=item, quantity=row.monthly_limit)))
    if row.best_before_on is not None:
        sketch.drafts.append(_of_item(lambda item: BestBeforeSet(item=item, day=row.best_before_on)))
    if row.stock is not None:
        _count(row, None, sketch)


def _compare(row: GoodsRow, known: _Known, item_id: int, from_day: str, sketch: Sketch) -> None:
    goods = known.goods[item_id]
    says_amount = bool(row.unit) or row.stock is not None or row.monthly_limit is not None
    if says_amount and (row.unit_grams is not None) != goods.is_weighed:
        sketch.remark(remark_on(row, "unit", Fault.WEIGHT_OR_PIECES, raw=goods.name, other=goods.unit))
        return
    if item_id >= ENTITIES_PER_LOG:
        _rename(row, goods, _unit(row, goods), sketch)
    for code in row.codes:
        if code not in known.codes.get(item_id, ()):
            sketch.say(_change(What.CODE, row, code=code), CodeAdded(item=item_id, code=code))
    if goods.points != row.price_points:
        change = _change(What.PRICE, row, before_points=goods.points, after_points=row.price_points)
        sketch.say(change, PriceSet(item=item_id, from_day=from_day, points=row.price_points))
    _compare_limits(row, goods, sketch)
    if row.stock is not None:
        _recount(row, goods, known.counted.get(item_id), sketch)


def _compare_limits(row: GoodsRow, goods: Goods, sketch: Sketch) -> None:
    if row.monthly_limit is not None and goods.monthly_limit != row.monthly_limit:
        change = _of_amount(What.LIMIT, row, goods, goods.monthly_limit, row.monthly_limit)
        sketch.say(change, MonthlyLimitSet(item=goods.item_id, quantity=row.monthly_limit))
    if row.best_before_on is not None and goods.best_before != row.best_before_on:
        change = _change(What.BEST_BEFORE, row, before=goods.best_before, after=row.best_before_on)
        sketch.say(change, BestBeforeSet(item=goods.item_id, day=row.best_before_on))


def _rename(row: GoodsRow, goods: Goods, unit: str, sketch: Sketch) -> None:
    """Goods of the county keep the county's name."""
    name = shown_name(row)
    if (goods.name, goods.unit) == (name, unit) and not goods.is_provisional:
        return
    change = _change(What.ITEM_NAME, row, before=f"{goods.name}/{goods.unit}", after=f"{name}/{unit}")
    sketch.say(change, ItemRenamed(item=goods.item_id, name=name, unit=unit))


def _recount(row: GoodsRow, goods: Goods, counted: int | None, sketch: Sketch) -> None:
    """Take a stock for a new count only if it differs from the last one: goods were handed out since."""
    if counted is None or row.stock != counted:
        _count(row, goods, sketch)
    elif goods.stock != counted:
        raw, other = (_amount(row, goods, quantity) for quantity in (counted, goods.stock))
        sketch.remark(remark_on(row, "stock", Fault.STOCK_AS_COUNTED, raw=raw, other=other))


def _count(row: GoodsRow, goods: Goods | None, sketch: Sketch) -> None:
    quantity = row.stock or 0

    def draft(item_id: int, hand: Hand) -> Saying:
        return StockCounted(seat=hand.seat or 0, item=item_id, quantity=quantity), None

    sketch.add(_of_amount(What.STOCK, row, goods, None if goods is None else goods.stock, quantity), draft)
    sketch.counts_stock = True


def _of_amount(what: What, row: GoodsRow, goods: Goods | None, before: int | None, after: int) -> Change:
    """Say how a stock or a limit changes: in the unit of the goods, or by weight."""
    if row.unit_grams is not None:
        return _change(_BY_WEIGHT[what], row, before_grams=before, after_grams=after)
    return _change(what, row, before=before, after=after, unit=_unit(row, goods))


def _amount(row: GoodsRow, goods: Goods, quantity: int) -> str:
    """Write pieces or grams as the cell of the sheet does: in the unit of the row."""
    thousandths = quantity * 1_000 // (row.unit_grams or 1)
    return f"{figures.kilograms(thousandths)}{_unit(row, goods)}"


def _unit(row: GoodsRow, goods: Goods | None) -> str:
    return row.unit or (PIECE if goods is None else goods.unit)


def _of_item(body: Callable[[int], Body]) -> Draft:
    return lambda item_id, _hand: (body(item_id), None)


def _change(what: What, row: GoodsRow, **values: object) -> Change:
    return Change(what, shown_name(row), values)


def _read(connection: Connection, village: int, from_day: str) -> _Known:
    code = table_of(ItemCode).c
    items: dict[str, set[int]] = {}
    codes: dict[int, set[str]] = {}
    rows = connection.execute(select(code.code, code.item_id).where(code.village.in_([village, 0])))
    for text, item_id in rows:
        items.setdefault(text, set()).add(item_id)
        codes.setdefault(item_id, set()).add(text)
    ids = sorted(codes)
    goods: dict[int, Goods] = {}
    for start in range(0, len(ids), ITEMS_AT_ONCE):
        goods |= find_goods(connection, village, ids[start : start + ITEMS_AT_ONCE], from_day)
    return _Known(
        {text: frozenset(found & goods.keys()) for text, found in items.items()},
        goods,
        {item_id: frozenset(found) for item_id, found in codes.items()},
        _last_counts(connection, village),
    )


def _last_counts(connection: Connection, village: int) -> dict[int, int]:
    movement = table_of(StockMovement).c
    rows = connection.execute(
        select(movement.item_id, movement.quantity)
        .where(movement.village == village, movement.is_anchor == 1)
        .order_by(movement.place, movement.rank)
    )
    return {item_id: quantity for item_id, quantity in rows}  # noqa: C416  because a row is no pair for the type checker
