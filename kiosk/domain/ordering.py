"""What to order: from what went out, what is there and what people wish; in boxes where a box has a code."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, select

from db.facts.shop import BoxCodeAdded, GoodsWished, WishSort
from db.line import Stamp
from db.rules import rule
from db.store import Store
from db.tables.shop import ItemCode, Received, RedemptionLine, Stock, Wish
from db.tables.statement import table_of
from kiosk.calendar import days_after
from kiosk.domain.access import Right, require_right
from kiosk.domain.goods import Goods, find_goods, find_items, show_goods
from kiosk.domain.pace import PACE_DAYS, PACE_WEEKS
from kiosk.domain.period import require_day
from kiosk.domain.returned import line_returned
from kiosk.domain.scheme import current_day
from kiosk.domain.shop import MOST_OF_ONE, is_void
from kiosk.errors import Refused

WISHED_DAYS: Final = 180
"""A wish older than this, or older than the last delivery of its goods, is no wish any more."""
WEIGHED_STEP: Final = 1_000


@dataclass(frozen=True)
class Proposed:
    """Goods to order: `quantity` in pieces or grams, of which `boxes` boxes of `per_box`, 0 where no box has a code.

    `used` went out in the last eight weeks, `wishes` people asked for it.
    """

    goods: Goods
    quantity: int
    boxes: int
    per_box: int
    used: int
    wishes: int


@dataclass(frozen=True)
class Wished:
    """What people wish that is not on the list of goods: a barcode, or a sort; how many asked."""

    code: str | None
    sort: str | None
    wishes: int


@dataclass(frozen=True)
class Order:
    """What to order, the goods that last shortest first, and what people wish beside it, the most wished first."""

    proposed: tuple[Proposed, ...]
    wished: tuple[Wished, ...]


def add_code(store: Store, item_id: int, code: str, quantity: int = 1, *, now: Stamp, by: int) -> Goods:
    """Let a further barcode name goods; `quantity` pieces (or grams) lie behind it: more than one is a box.

    Raises:
        Refused: the item is unknown (`item_unknown`), the code names goods already (`code_taken`), or no box holds so
            much (`number_out_of_range`).
        NotAllowed: as `require_right`.
    """
    if not 1 <= quantity <= MOST_OF_ONE:
        raise Refused("number_out_of_range", least=1, most=MOST_OF_ONE)
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.MANAGE_GOODS)
        goods = show_goods(act.connection, act.village, item_id, act.day or "")
        if find_items(act.connection, act.village, code):
            raise Refused("code_taken", barcode=code)
        act.append(BoxCodeAdded(item=item_id, code=code, quantity=quantity))
        return goods


def note_wish(store: Store, wish: GoodsWished, *, now: Stamp, by: int) -> None:
    """Note what somebody wishes: an item, or a barcode nobody knows, or goods of a sort.

    Raises:
        Refused: no day is open (`day_not_open`), the item is unknown (`item_unknown`), or nothing is wished
            (`wish_empty`).
    """
    if (wish.item, wish.code, wish.sort).count(None) != 2:  # noqa: PLR2004  because two of three are left out
        raise Refused("wish_empty")
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.TAKE_DESK)
        day = require_day(act)
        if wish.item is not None:
            show_goods(act.connection, act.village, wish.item, day)
        act.append(wish)


def propose_order(store: Store) -> Order:
    """Return what to order so that the shelf lasts the weeks of the rule, and what people wish."""
    with store.read() as connection:
        village, day = store.village, current_day(connection, store.village)
        used, stock = _used(connection, village, day), _stock(connection, village)
        wishes = _wishes(connection, village, day)
        by_item = {item: count for (item, _code, _sort), count in wishes.items() if item is not None}
        goods = find_goods(connection, village, sorted({*used, *by_item}), day)
        boxes = _boxes(connection, village, goods)
    weeks = rule("shop", "order_weeks", day)
    proposed = [
        _proposed(goods[item_id], (stock.get(item_id, 0), used.get(item_id, 0), weeks), boxes, by_item)
        for item_id in goods
    ]
    wanted = [each for each in proposed if each.quantity > 0]
    others = [Wished(code, sort, count) for (item, code, sort), count in wishes.items() if item is None]
    return Order(
        tuple(sorted(wanted, key=_lasts)),
        tuple(sorted(others, key=lambda each: (-each.wishes, each.sort or "", each.code or ""))),
    )


def sorts() -> tuple[WishSort, ...]:
    """Return the sorts of goods people may wish, in the order of their digits."""
    return ("staple", "seasoning", "cleaning", "hygiene", "school", "tools", "seeds", "other")


def _proposed(
    goods: Goods, figures: tuple[int, int, int], boxes: Mapping[int, int], wishes: Mapping[int, int]
) -> Proposed:
    """Bring the shelf to what goes out in the weeks of the rule; what is wished and not there comes once."""
    stock, used, weeks = figures
    wished = wishes.get(goods.item_id, 0)
    wanted = -(-used * weeks // PACE_WEEKS) - max(stock, 0)
    if wished and stock <= 0:
        wanted = max(wanted, wished * (WEIGHED_STEP if goods.is_weighed else 1))
    per_box = boxes.get(goods.item_id, 0)
    step = per_box or (WEIGHED_STEP if goods.is_weighed else 1)
    count = -(-max(wanted, 0) // step)
    return Proposed(goods, count * step, count if per_box else 0, per_box, used, wished)


def _lasts(each: Proposed) -> tuple[int, int, str]:
    """Order by the days the shelf lasts; what nobody took comes last."""
    days = max(each.goods.stock, 0) * PACE_DAYS // each.used if each.used else 1_000_000
    return days, -each.wishes, each.goods.name


def _used(connection: Connection, village: int, day: str) -> dict[int, int]:
    line = table_of(RedemptionLine)
    rows = connection.execute(
        select(line.c.item_id, func.sum(line.c.quantity - line_returned(line, "quantity")).label("used"))
        .where(line.c.village == village, line.c.day > days_after(day, -PACE_DAYS), line.c.day <= day)
        .where(~is_void(line))
        .group_by(line.c.item_id)
    )
    return {row.item_id: int(row.used) for row in rows}


def _stock(connection: Connection, village: int) -> dict[int, int]:
    stock = table_of(Stock).c
    rows = connection.execute(select(stock.item_id, stock.quantity).where(stock.village == village))
    return {row.item_id: row.quantity or 0 for row in rows}


def _boxes(connection: Connection, village: int, goods: Mapping[int, Goods]) -> dict[int, int]:
    """Return the pieces, or grams, of the smallest box of each item that has one: of more than one unit."""
    code = table_of(ItemCode).c
    rows = connection.execute(
        select(code.item_id, code.quantity)
        .where(code.village.in_([village, 0]), code.quantity > 1)
        .order_by(code.quantity.desc())
    )
    return {row.item_id: row.quantity for row in rows if row.item_id in goods and row.quantity > goods[row.item_id].per}


def _wishes(connection: Connection, village: int, day: str) -> dict[tuple[int | None, str | None, str | None], int]:
    """Count the wishes that stand: a code that names goods by now is a wish for them."""
    wish, came, code = table_of(Wish).c, table_of(Received).c, table_of(ItemCode).c
    named: dict[Any, int] = {
        row.code: row.item_id
        for row in connection.execute(select(code.code, code.item_id).where(code.village.in_([village, 0])))
    }
    arrived = connection.execute(
        select(came.item_id, func.max(came.day).label("day")).where(came.village == village).group_by(came.item_id)
    )
    last = {row.item_id: row.day or "" for row in arrived}
    found: dict[tuple[int | None, str | None, str | None], int] = defaultdict(int)
    since = (wish.village == village, wish.day > days_after(day, -WISHED_DAYS))
    rows = connection.execute(select(wish.item_id, wish.code, wish.sort_code, wish.day).where(*since))
    for row in rows:
        item = row.item_id if row.item_id is not None else named.get(row.code)
        if item is None:
            found[None, row.code, row.sort_code] += 1
        elif row.day > last.get(item, ""):
            found[item, None, None] += 1
    return dict(found)
