"""The weekly spot count: a few goods that the machine chooses are counted when a day is closed, whoever serves.

First come goods of which more went over the counter than the book had; then worth on the shelf decides how likely a
choice is. The draw rests on village and day alone, so nobody can ask again for other goods.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, func, select

from db.facts.period import SkipReason, SpotCounted, SpotGoods, SpotSkipped
from db.line import Stamp
from db.rules import rule
from db.store import Store, own_log
from db.tables.period import DayAct, SpotCount
from db.tables.shop import Stock
from db.tables.statement import table_of
from kiosk.calendar import days_between
from kiosk.domain.access import Right, require_right, standing_of
from kiosk.domain.goods import Goods, find_goods, points_for
from kiosk.domain.period import day_state, require_day
from kiosk.domain.stock import Counted, count_in
from kiosk.domain.terminal import require_seat, seat_log
from kiosk.errors import Refused


@dataclass(frozen=True)
class Skipped:
    """A spot count that nobody held: on which business day, and why."""

    day: str
    reason: SkipReason


@dataclass(frozen=True)
class SpotAsked:
    """Goods to be counted now; `skipped` is what became of the spot count asked for last, None if it was held."""

    goods: tuple[Goods, ...]
    skipped: Skipped | None


@dataclass(frozen=True)
class SpotEntry:
    """How much lay on the shelf, in pieces or grams, where the book had `seen_stock` when the goods were shown."""

    item_id: int
    counted: int
    seen_stock: int


def spot_to_count(store: Store, by: int) -> SpotAsked | None:
    """Return what is to be counted before this day is closed, None if nothing is.

    Nothing is where the last spot count, or the first business day, is less than a week ago, away from the seat, for
    somebody who may not count, and on an empty shelf.
    """
    with store.read() as connection:
        village, day = store.village, day_state(connection, store.village).open_day
        if day is None or not _is_due(connection, village, day):
            return None
        is_seat = seat_log(connection, village) == own_log(connection, village)
        if not is_seat or not standing_of(connection, village, by).may(Right.COUNT_STOCK):
            return None
        wanted = _choose(connection, village, day)
        return SpotAsked(wanted, _skipped(connection, village)) if wanted else None


def count_spot(store: Store, entries: Sequence[SpotEntry], *, now: Stamp, by: int) -> tuple[Counted, ...]:
    """Write a whole spot count down, all of it or nothing; what is short waits for a signature.

    Raises:
        Refused: nothing was counted (`spot_not_counted`); as `count_shelf`.
    """
    if not entries:
        raise Refused("spot_not_counted")
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.COUNT_STOCK)
        counted = tuple(count_in(act, each.item_id, each.counted, each.seen_stock) for each in entries)
        goods = tuple(SpotGoods(item=each.item_id, booked=each.seen_stock, counted=each.counted) for each in entries)
        act.append(SpotCounted(goods=goods))
    return counted


def skip_spot(store: Store, item_ids: Sequence[int], reason: SkipReason, *, now: Stamp, by: int) -> None:
    """Note that nobody counted, and why; the next close asks again and says so.

    Raises:
        Refused: no day is open (`day_not_open`); NotAllowed: the seat is elsewhere (`seat_elsewhere`).
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.COUNT_STOCK)
        require_day(act)
        require_seat(act)
        act.append(SpotSkipped(items=tuple(item_ids), reason=reason))


def draw(weights: Mapping[int, int], seed: str, count: int) -> list[int]:
    """Draw up to `count` different keys, each as likely as its weight; the same `seed` gives the same ones."""
    pool, drawn = {key: weight for key, weight in sorted(weights.items()) if weight > 0}, list[int]()
    while pool and len(drawn) < count:
        ticket = int.from_bytes(sha256(f"{seed}:{len(drawn)}".encode()).digest()) % sum(pool.values())
        for key, weight in pool.items():
            ticket -= weight
            if ticket < 0:
                drawn.append(key)
                break
        del pool[drawn[-1]]
    return drawn


def _choose(connection: Connection, village: int, day: str) -> tuple[Goods, ...]:
    stock = table_of(Stock).c
    rows = connection.execute(
        select(stock.item_id, (stock.over_book_place > stock.anchor_place).label("is_over")).where(
            stock.village == village
        )
    ).all()
    goods = find_goods(connection, village, sorted(row.item_id for row in rows), day)
    count, seed = rule("shop", "spot_count_goods", day), f"{village}:{day}"
    over = {row.item_id: 1 for row in rows if row.is_over and row.item_id in goods}
    chosen = draw(over, seed, count)
    chosen += draw({key: _worth(each) for key, each in goods.items() if key not in over}, seed, count - len(chosen))
    return tuple(goods[item_id] for item_id in chosen)


def _worth(goods: Goods) -> int:
    """Return what lies on the shelf by the book, in hundredths of a point."""
    return points_for(goods.points or 0, max(goods.stock, 0), goods.per)


def _is_due(connection: Connection, village: int, day: str) -> bool:
    spot, act = table_of(SpotCount).c, table_of(DayAct).c
    held = select(func.max(spot.day)).where(spot.village == village, spot.reason.is_(None))
    last = connection.execute(held).scalar_one()
    if last is None:
        first = select(func.min(act.day)).where(act.village == village, act.act == "opened")
        last = connection.execute(first).scalar_one()
    return last is None or days_between(last, day) >= rule("shop", "spot_count_days", day)


def _skipped(connection: Connection, village: int) -> Skipped | None:
    spot = table_of(SpotCount).c
    statement = select(spot.day, spot.reason).where(spot.village == village).order_by(spot.rank.desc()).limit(1)
    row = connection.execute(statement).one_or_none()
    return None if row is None or row.reason is None else Skipped(row.day or "", row.reason)
