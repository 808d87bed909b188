"""The shelf against the book: counting, writing off, and which goods run out or go out of date.

A count may raise the book by itself; whatever lowers it needs a second signature, which may come later. Meanwhile the
shop stays open: what went out or came in since the shelf was looked at is reckoned in.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, bindparam, func, select

from db.facts.shop import LoweringReason, StockCounted, StockLowered, StockLoweringRequested
from db.line import Stamp
from db.rules import rule
from db.store import Act, Store
from db.tables.shop import Item, RedemptionLine, Stock
from db.tables.statement import table_of
from kiosk.calendar import days_after
from kiosk.domain.access import Right, require_right
from kiosk.domain.goods import Goods, find_goods, is_near_expiry, show_goods
from kiosk.domain.period import require_day
from kiosk.domain.returned import line_returned
from kiosk.domain.scheme import current_day
from kiosk.domain.shop import MOST_OF_ONE, is_void
from kiosk.domain.terminal import require_seat
from kiosk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

USE_DAYS = 30


@dataclass(frozen=True)
class Counted:
    """A shelf that was counted: what the book had and what lay there, in pieces or grams.

    `waits` says that the book is lowered only when somebody has signed.
    """

    goods: Goods
    booked: int
    counted: int
    waits: bool


@dataclass(frozen=True)
class Watched:
    """Goods somebody should look at: out of date soon, or soon gone; `used` went out in the last thirty days."""

    goods: Goods
    is_expired: bool
    is_near_expiry: bool
    is_low: bool
    used: int


def count_shelf(store: Store, item_id: int, counted: int, seen_stock: int, *, now: Stamp, by: int) -> Counted:
    """Write down how many pieces (or grams) lay on the shelf when the book had `seen_stock`.

    Raises:
        Refused: `day_not_open`, `item_unknown`, `number_out_of_range`; NotAllowed: `seat_elsewhere`, `right_missing`.
    """
    with store.write(now=now, by=by) as act:
        return count_in(act, item_id, counted, seen_stock)


def count_in(act: Act, item_id: int, counted: int, seen_stock: int) -> Counted:
    """Write the same down inside an action. Raises as `count_shelf`."""
    _require_range(counted, least=0)
    day = require_day(act)
    require_right(act.connection, act.village, act.writer.operator or 0, Right.COUNT_STOCK)
    seat = require_seat(act).seat
    goods = show_goods(act.connection, act.village, item_id, day)
    missing = seen_stock - counted
    if missing > 0:
        act.append(StockLoweringRequested(item=item_id, quantity=missing, reason="counted", counted=counted))
    else:
        act.append(StockCounted(seat=seat, item=item_id, quantity=max(goods.stock - missing, 0)))
    return Counted(goods, seen_stock, counted, missing > 0)


def write_off(
    store: Store, item_id: int, quantity: int, reason: LoweringReason, *, now: Stamp, by: int
) -> StockLoweringRequested:
    """Ask that spoiled or broken goods leave the book; somebody else signs, now or later.

    Raises:
        Refused: `day_not_open`, `item_unknown`, `number_out_of_range`; NotAllowed: `seat_elsewhere`, `right_missing`.
    """
    _require_range(quantity, least=1)
    with store.write(now=now, by=by) as act:
        day = require_day(act)
        require_right(act.connection, act.village, by, Right.COUNT_STOCK)
        require_seat(act)
        show_goods(act.connection, act.village, item_id, day)
        body = StockLoweringRequested(item=item_id, quantity=quantity, reason=reason)
        act.append(body)
    return body


def lower_after_signature(act: Act, item_id: int, quantity: int, reason: LoweringReason, request_id: int) -> None:
    """Take goods out of the book that somebody has signed for."""
    seat = require_seat(act).seat
    act.append(StockLowered(seat=seat, item=item_id, quantity=quantity, reason=reason, request=request_id))


def watch_stock(store: Store) -> tuple[Watched, ...]:
    """Return the goods that are out of date or will be soon, and those that run out, the most urgent first."""
    with store.read() as connection:
        day = current_day(connection, store.village)
        used = _used(connection.execute(_used_statement(), _used_since(store.village, day)).all())
        ids = connection.execute(_known_statement(), {"of_village": store.village}).scalars().all()
        goods = find_goods(connection, store.village, sorted(set(ids)), day)
    low_days = rule("shop", "low_stock_days", day)
    found = [_watched(each, used.get(item_id, 0), day, low_days) for item_id, each in goods.items()]
    wanted = [each for each in found if each.is_near_expiry or each.is_low]
    return tuple(sorted(wanted, key=lambda each: (not each.is_expired, not each.is_near_expiry, each.goods.name)))


def _watched(goods: Goods, used: int, day: str, low_days: int) -> Watched:
    is_near = is_near_expiry(goods, day)
    return Watched(
        goods,
        is_expired=is_near and (goods.best_before or "") < day,
        is_near_expiry=is_near,
        is_low=used > 0 and goods.stock * USE_DAYS < used * low_days,
        used=used,
    )


def _require_range(quantity: int, least: int) -> None:
    if not least <= quantity <= MOST_OF_ONE:
        raise Refused("number_out_of_range", least=least, most=MOST_OF_ONE)


def _used_since(village: int, day: str) -> dict[str, object]:
    return {"of_village": village, "since": days_after(day, -USE_DAYS), "until": day}


def _used(rows: "Sequence[Any]") -> dict[int, int]:
    return {row.item_id: row.used for row in rows}


@lru_cache(maxsize=1)
def _used_statement() -> Select[Any]:
    line = table_of(RedemptionLine).c
    kept = line.quantity - line_returned(table_of(RedemptionLine), "quantity")
    return (
        select(line.item_id, func.sum(kept).label("used"))
        .where(line.village == bindparam("of_village"), line.day > bindparam("since"), line.day <= bindparam("until"))
        .where(~is_void(table_of(RedemptionLine)))
        .group_by(line.item_id)
    )


@lru_cache(maxsize=1)
def _known_statement() -> Select[Any]:
    """Goods the shelf ever had, or that have a day."""
    stock, item = table_of(Stock).c, table_of(Item).c
    had = select(stock.item_id).where(stock.village == bindparam("of_village"))
    dated = select(item.item_id).where(item.village == bindparam("of_village"), item.best_before.is_not(None))
    return had.union(dated)  # type: ignore[return-value]  # because a union is read like a select
