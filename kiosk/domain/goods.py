"""Goods: what they are called, what they cost on a day, how many the book has, and which shelves must be counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, func, literal, select

from db.facts.shop import (
    BestBeforeSet,
    ItemRegistered,
    ItemRenamed,
    MonthlyLimitSet,
    PriceSet,
    StockCounted,
)
from db.line import ENTITIES_PER_LOG, Stamp
from db.rules import rule
from db.store import Act, Store
from db.tables.shop import Item, ItemCode, Price, Stock, StockMovement
from db.tables.statement import table_of
from kiosk.calendar import days_after
from kiosk.domain.access import Right, require_right
from kiosk.domain.period import require_day
from kiosk.domain.terminal import require_seat
from kiosk.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

GRAMS: Final[Mapping[str, int]] = MappingProxyType(
    {"公斤": 1_000, "千克": 1_000, "kg": 1_000, "斤": 500, "两": 50, "克": 1, "g": 1}
)
"""Units by weight with their grams: goods priced by one of them are booked in grams."""

PIECE: Final = "件"
LONGEST_PROVISIONAL: Final = 13
LAST_DAY: Final = "9999-12-31"
"""A day on which every price that was set is in force."""


@dataclass(frozen=True)
class NewItem:
    """Goods to register: name, unit, codes (GTIN-14 or in-store), price in hundredths of a point for one unit."""

    name: str
    unit: str
    codes: tuple[str, ...]
    points: int


@dataclass(frozen=True)
class Goods:
    """An item as the till shows it.

    `points` is the price in hundredths for one unit (None: none yet); `stock` and `monthly_limit` are in pieces, or
    in grams of goods sold by weight; `best_before` is the earliest day on the shelf. `pieces` (or grams) lie behind the
    code by which it was found.
    """

    item_id: int
    name: str
    unit: str
    is_provisional: bool
    points: int | None
    stock: int
    best_before: str | None
    monthly_limit: int | None
    pieces: int = 1

    @property
    def per(self) -> int:
        """How much the price is for: 1 piece, or the grams of one unit."""
        return per_of(self.unit)

    @property
    def is_weighed(self) -> bool:
        """Whether it is booked in grams."""
        return is_weight(self.unit)

    @property
    def is_box(self) -> bool:
        """Whether more than one unit lies behind the code by which it was found."""
        return self.pieces > self.per


@dataclass(frozen=True)
class ItemToCount:
    """An item whose book stock is not to be believed: pieces or grams as in the book, negative if too many went out."""

    item_id: int
    name: str
    unit: str
    stock: int

    @property
    def is_weighed(self) -> bool:
        """Whether its stock is in grams."""
        return is_weight(self.unit)


def register_item(store: Store, item: NewItem, *, now: Stamp, by: int) -> int:
    """Register goods with a price from the open day on and return the item's id.

    Raises:
        Refused: no day is open (`day_not_open`), or a code names other goods (`code_taken`).
        NotAllowed: as `require_right`.
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.MANAGE_GOODS)
        day = require_day(act)
        _require_free_codes(act, item.codes)
        fact = act.append(ItemRegistered(name=item.name, unit=item.unit, codes=item.codes))
        act.append(PriceSet(item=fact.id, from_day=day, points=item.points))
        return fact.id


def register_provisional(store: Store, code: str, name: str, *, now: Stamp, by: int) -> Goods:
    """Make provisional goods of a code nobody knows: they have a number now, and name and price when somebody knows.

    Until they have a price they are not handed out. `name` is what they are called meanwhile, followed by the last
    digits of the code.

    Raises:
        Refused: the code names goods already (`code_taken`).
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.RECEIVE)
        _require_free_codes(act, (code,))
        called = f"{name}{code.lstrip('0')[-LONGEST_PROVISIONAL:]}"
        fact = act.append(ItemRegistered(name=called, unit=PIECE, codes=(code,), is_provisional=True))
        return show_goods(act.connection, act.village, fact.id, act.day or "")


def name_item(store: Store, item_id: int, name: str, unit: str, *, now: Stamp, by: int) -> None:
    """Give goods their name and unit; provisional goods are goods like others from then on.

    Raises:
        Refused: the item is unknown (`item_unknown`), the name is empty (`name_missing`), or what is booked in pieces
            would be read as a weight, or the other way round (`unit_counts_otherwise`).
        NotAllowed: as `require_right`.
    """
    if not name.strip() or not unit.strip():
        raise Refused("name_missing")
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.MANAGE_GOODS)
        goods = show_goods(act.connection, act.village, item_id, act.day or "")
        if goods.is_weighed != is_weight(unit) and _has_amounts(act, goods):
            raise Refused("unit_counts_otherwise", item=goods.name, unit=goods.unit)
        act.append(ItemRenamed(item=item_id, name=name.strip(), unit=unit.strip()))


def set_monthly_limit(store: Store, item_id: int, quantity: int | None, *, now: Stamp, by: int) -> None:
    """Set how many pieces (or grams) of goods a household may have in a calendar month.

    Raises:
        Refused: the item is unknown (`item_unknown`); NotAllowed: as `require_right`.
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.MANAGE_GOODS)
        show_goods(act.connection, act.village, item_id, act.day or "")
        act.append(MonthlyLimitSet(item=item_id, quantity=quantity))


def set_best_before(store: Store, item_id: int, day: str | None, *, now: Stamp, by: int) -> None:
    """Set the earliest best-before day on the shelf, or that there is none. Raises Refused (`item_unknown`)."""
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.RECEIVE)
        show_goods(act.connection, act.village, item_id, act.day or "")
        act.append(BestBeforeSet(item=item_id, day=day))


def count_stock(store: Store, item_id: int, quantity: int, *, now: Stamp, by: int) -> None:
    """Write down how many pieces (or grams) of goods the shelf really has, at the seat.

    Raises:
        Refused: the item is unknown (`item_unknown`); NotAllowed (`seat_elsewhere`).
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.COUNT_STOCK)
        require_day(act)
        seat = require_seat(act)
        show_goods(act.connection, act.village, item_id, act.day or "")
        act.append(StockCounted(seat=seat.seat, item=item_id, quantity=quantity))


def items_to_count(store: Store) -> tuple[ItemToCount, ...]:
    """Return the items of which more went over the counter than the book had since they were last counted, by name."""
    item, stock = table_of(Item), table_of(Stock)
    statement = (
        select(item.c.item_id, item.c.name, item.c.unit, stock.c.quantity)
        .select_from(stock.join(item, (item.c.item_id == stock.c.item_id) & (item.c.village.in_([store.village, 0]))))
        .where(stock.c.village == store.village, item.c.name.is_not(None))
        .where(stock.c.over_book_place > stock.c.anchor_place)
        .order_by(item.c.name, item.c.item_id)
    )
    with store.read() as connection:
        rows = connection.execute(statement).all()
    return tuple(ItemToCount(row.item_id, row.name, row.unit or PIECE, row.quantity) for row in rows)


def provisional_items(store: Store) -> tuple[Goods, ...]:
    """Return the provisional goods that wait for their name, oldest first, with the last price anybody set."""
    item = table_of(Item).c
    statement = select(item.item_id).where(item.village == store.village, item.is_provisional == 1)
    with store.read() as connection:
        ids = sorted(connection.execute(statement).scalars())
        found = find_goods(connection, store.village, ids, LAST_DAY)
    return tuple(found[item_id] for item_id in ids)


def find_items(connection: Connection, village: int, code: str) -> list[int]:
    """Return the items a code names, the village's own and the county's; several mean: ask."""
    found = connection.execute(_code_statement(), {"of_village": village, "of_code": code}).scalars()
    return sorted(set(found))


def show_goods(connection: Connection, village: int, item_id: int, day: str) -> Goods:
    """Return an item as the till shows it on a business day. Raises Refused (`item_unknown`)."""
    return require_goods(connection, village, (item_id,), day)[item_id]


def require_goods(connection: Connection, village: int, item_ids: Iterable[int], day: str) -> dict[int, Goods]:
    """Return items as the till shows them on a business day, by id. Raises Refused (`item_unknown`)."""
    wanted = set(item_ids)
    found = find_goods(connection, village, sorted(wanted), day)
    if found.keys() != wanted:
        raise Refused("item_unknown")
    return found


def find_goods(connection: Connection, village: int, item_ids: Sequence[int], day: str) -> dict[int, Goods]:
    """Return those of the items that are known, by id, read in one statement.

    What the village says of the county's goods (best-before, limit) goes before what the county says.
    """
    parameters = {"of_village": village, "of_items": item_ids, "of_day": day}
    return _by_id(village, connection.execute(_goods_statement(), parameters))


def find_goods_of_code(connection: Connection, village: int, code: str, day: str) -> dict[int, Goods]:
    """Return the items a code names, by id, read in one statement; several mean: ask."""
    parameters = {"of_village": village, "of_code": code, "of_day": day}
    return _by_id(village, connection.execute(_goods_of_code_statement(), parameters))


def price_of(connection: Connection, village: int, item_id: int, day: str) -> int | None:
    """Return the price in force on a day in hundredths of a point, or None: latest day first, then the highest rank."""
    goods = find_goods(connection, village, (item_id,), day).get(item_id)
    return None if goods is None else goods.points


def require_price(goods: Goods) -> int:
    """Return the price of goods in hundredths of a point for one unit.

    Raises:
        Refused: they have none yet: `item_provisional` while name and price wait, else `item_not_priced`.
    """
    if goods.points is None:
        raise Refused("item_provisional" if goods.is_provisional else "item_not_priced", item=goods.name)
    return goods.points


def is_near_expiry(goods: Goods, day: str) -> bool:
    """Say whether goods are there whose earliest day is near on a business day, or has passed."""
    until = goods.best_before
    return goods.stock > 0 and until is not None and until <= days_after(day, rule("shop", "near_expiry_days", day))


def per_of(unit: str) -> int:
    """Return how much a price of goods with this unit is for: 1 piece, or the grams of one unit."""
    return GRAMS.get(_plain(unit), 1)


def is_weight(unit: str) -> bool:
    """Say whether goods with this unit are sold by weight."""
    return _plain(unit) in GRAMS


def quantity_of(goods: Goods, hundredths: int) -> int:
    """Return pieces, or grams of goods sold by weight, for hundredths of their unit, or of the box that was scanned.

    Raises Refused (`number_not_whole`): a piece or a gram is not divided.
    """
    quantity, rest = divmod(hundredths * (goods.pieces if goods.is_box else goods.per), 100)
    if rest:
        raise Refused("number_not_whole", item=goods.name, unit=goods.unit)
    return quantity


def points_for(each_points: int, quantity: int, per: int) -> int:
    """Return hundredths of a point for pieces or grams at a price of `each_points` for `per`, half away from zero.

    Its result is stored with the line.
    """
    return share_of(each_points, quantity, per)


def share_of(amount: int, part: int, whole: int) -> int:
    """Return what `part` of `whole` makes of an amount, none of them below zero: half away from zero.

    The only division of the shop and its fund.
    """
    return (2 * amount * part + whole) // (2 * whole)


def _plain(unit: str) -> str:
    return unit.strip().lower()


def _has_amounts(act: Act, goods: Goods) -> bool:
    """Whether anything is booked in pieces or grams of these goods: a count, a sale, a limit."""
    movement = table_of(StockMovement).c
    moved = select(movement.item_id).where(movement.village == act.village, movement.item_id == goods.item_id)
    return goods.monthly_limit is not None or act.connection.execute(moved.limit(1)).first() is not None


def _require_free_codes(act: Act, codes: Iterable[str]) -> None:
    for code in codes:
        if find_items(act.connection, act.village, code):
            raise Refused("code_taken", barcode=code)


def _by_id(village: int, found: Iterable[Row[Any]]) -> dict[int, Goods]:
    rows: dict[int, list[Row[Any]]] = {}
    for row in found:
        rows.setdefault(row.item_id, []).append(row)
    return {item_id: goods for item_id, same in rows.items() if (goods := _goods(village, same)) is not None}


def _goods(village: int, rows: list[Row[Any]]) -> Goods | None:
    """Put the rows of one item together: the home row names it, the village's row overrules what it sets itself."""
    item_id = rows[0].item_id
    home = village if item_id >= ENTITIES_PER_LOG else 0
    named = next((row for row in rows if row.village == home and row.name is not None), None)
    if named is None:
        return None
    said = sorted(rows, key=lambda row: row.village == village)
    return Goods(
        item_id, named.name, named.unit or PIECE, bool(named.is_provisional), named.points, named.quantity or 0,
        next((row.best_before for row in reversed(said) if row.best_before_rank is not None), None),
        next((row.monthly_limit for row in reversed(said) if row.limit_rank is not None), None),
        named.pieces or 1,
    )  # fmt: skip


@lru_cache(maxsize=1)
def _code_statement() -> Select[Any]:
    code = table_of(ItemCode).c
    return select(code.item_id).where(code.village.in_([bindparam("of_village"), 0]), code.code == bindparam("of_code"))


@lru_cache(maxsize=1)
def _goods_statement() -> Select[Any]:
    return _goods_where(table_of(Item).c.item_id.in_(bindparam("of_items", expanding=True)), literal(1))


@lru_cache(maxsize=1)
def _goods_of_code_statement() -> Select[Any]:
    item, code = table_of(Item).c, table_of(ItemCode).c
    pieces = select(func.max(code.quantity)).where(
        code.village.in_([bindparam("of_village"), 0]), code.code == bindparam("of_code"), code.item_id == item.item_id
    )
    return _goods_where(item.item_id.in_(_code_statement()), pieces.scalar_subquery())


def _goods_where(is_wanted: "ColumnElement[bool]", pieces: "ColumnElement[Any]") -> Select[Any]:
    item, stock, price = table_of(Item), table_of(Stock), table_of(Price).c
    in_force = (
        select(price.points)
        .where(
            price.village.in_([bindparam("of_village"), 0]),
            price.item_id == item.c.item_id,
            price.from_day <= bindparam("of_day"),
        )
        .order_by(price.from_day.desc(), price.rank.desc())
        .limit(1)
        .scalar_subquery()
    )
    joined = item.outerjoin(stock, (stock.c.village == bindparam("of_village")) & (stock.c.item_id == item.c.item_id))
    return (
        select(item, func.coalesce(stock.c.quantity, 0).label("quantity"), in_force.label("points"))
        .add_columns(pieces.label("pieces"))
        .select_from(joined)
        .where(item.c.village.in_([bindparam("of_village"), 0]), is_wanted)
    )
