"""Points redeemed in a period: by goods, with how much went out, and by month.

What was made void is left out, and what was returned is taken off the day on which it was redeemed.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, case, func, select

from db.line import ENTITIES_PER_LOG
from db.progress import Advance, unseen
from db.store import Store
from db.tables.returning import GoodsReturn
from db.tables.shop import Item, Redemption, RedemptionLine
from db.tables.statement import table_of
from kiosk.domain.goods import PIECE, is_weight
from kiosk.domain.report import MonthFigure, Period, marks, month_of, months_through, pieces, within
from kiosk.domain.shop import is_void


@dataclass(frozen=True)
class GoodsRedeemed:
    """How much of some goods went out: pieces of `unit`, or grams where `is_weighed`; points in hundredths.

    The name is empty where no line held here registers the goods.
    """

    item_id: int
    name: str
    unit: str
    is_weighed: bool
    quantity: int
    points: int


@dataclass(frozen=True)
class Redeemed:
    """Points redeemed: by goods, those that took most first, and by month; the entries of a month are redemptions."""

    period: Period
    goods: tuple[GoodsRedeemed, ...]
    months: tuple[MonthFigure, ...]

    @property
    def points(self) -> int:
        """All points redeemed, in hundredths."""
        return sum(month.points for month in self.months)

    @property
    def redemptions(self) -> int:
        """How many redemptions there were."""
        return sum(month.entries for month in self.months)


def redeemed_points(store: Store, period: Period, advance: Advance = unseen) -> Redeemed:
    """Return what was redeemed on the business days of a period; `advance` is told the days as they are read."""
    months: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    goods: dict[tuple[int, bool], list[int]] = defaultdict(lambda: [0, 0])
    with store.read_in_pieces() as connection:
        for piece in pieces(connection, store.village, period, _marks(), advance):
            for row in connection.execute(_by_month(), piece):
                _add(months[row.month], row.points, row.redemptions)
            for row in connection.execute(_by_goods(), piece):
                _add(goods[row.item_id, bool(row.is_by_weight)], row.quantity, row.points)
        for row in connection.execute(_returned(), {"of_village": store.village, **_days(period)}):
            _add(months[row.month], -row.points, 0)
            _add(goods[row.item_id, bool(row.is_by_weight)], -row.quantity, -row.points)
        items = _items(connection, store.village, sorted({item_id for item_id, _ in goods}))
    found = [_goods(key, sums, items.get(key[0])) for key, sums in goods.items() if any(sums)]
    by_month = months_through({month: (points, count) for month, (points, count) in months.items()})
    return Redeemed(period, tuple(sorted(found, key=lambda each: (-each.points, each.name, each.item_id))), by_month)


def _days(period: Period) -> dict[str, str]:
    return {"first": period.first, "last": period.last}


def _add(sums: list[int], *values: int) -> None:
    for place, value in enumerate(values):
        sums[place] += value


def _goods(key: tuple[int, bool], sums: list[int], item: Any) -> GoodsRedeemed:  # noqa: ANN401  because a row has the type of its columns
    item_id, is_by_weight = key
    name, unit = ("", PIECE) if item is None else (item.name or "", item.unit or PIECE)
    quantity, points = sums
    return GoodsRedeemed(item_id, name, unit, is_by_weight or is_weight(unit), quantity, points)


def _items(connection: Connection, village: int, item_ids: list[int]) -> dict[int, Any]:
    parameters = {"of_village": village, "of_items": item_ids}
    return {row.item_id: row for row in connection.execute(_items_statement(), parameters)} if item_ids else {}


@lru_cache(maxsize=1)
def _marks() -> Select[Any]:
    return marks(table_of(Redemption))


@lru_cache(maxsize=1)
def _by_month() -> Select[Any]:
    redemption = table_of(Redemption).c
    month = month_of(redemption.day).label("month")
    return (
        select(month, func.sum(redemption.points).label("points"), func.count().label("redemptions"))
        .where(within(table_of(Redemption)), ~is_void(table_of(Redemption)))
        .group_by(month)
    )


@lru_cache(maxsize=1)
def _by_goods() -> Select[Any]:
    redemption, line = table_of(Redemption), table_of(RedemptionLine)
    is_same = (
        (line.c.village == redemption.c.village)
        & (line.c.log == redemption.c.log)
        & (line.c.seq == redemption.c.seq)
    )  # fmt: skip
    is_by_weight = case((line.c.per > 1, 1), else_=0).label("is_by_weight")
    quantity, points = func.sum(line.c.quantity).label("quantity"), func.sum(line.c.points).label("points")
    return (
        select(line.c.item_id, is_by_weight, quantity, points)
        .select_from(redemption.join(line, is_same))
        .where(within(redemption), ~is_void(redemption))
        .group_by(line.c.item_id, is_by_weight)
    )


@lru_cache(maxsize=1)
def _returned() -> Select[Any]:
    """What came back of what was redeemed on days: returns are few, so each finds its redemption, not the other way."""
    back, redemption, line = table_of(GoodsReturn), table_of(Redemption), table_of(RedemptionLine)
    log, seq = back.c.redemption_id // ENTITIES_PER_LOG, back.c.redemption_id % ENTITIES_PER_LOG
    of_redemption = (redemption.c.village == back.c.village) & (redemption.c.log == log) & (redemption.c.seq == seq)
    of_line = (line.c.village == back.c.village) & (line.c.log == log) & (line.c.seq == seq) & (line.c.n == back.c.line)
    month, is_by_weight = (
        month_of(redemption.c.day).label("month"),
        case((line.c.per > 1, 1), else_=0).label("is_by_weight"),
    )
    return (
        select(month, back.c.item_id, is_by_weight)
        .add_columns(func.sum(back.c.quantity).label("quantity"), func.sum(back.c.points).label("points"))
        .select_from(back.join(redemption, of_redemption).join(line, of_line))
        .where(back.c.village == bindparam("of_village"), back.c.is_counted == 1)
        .where(redemption.c.day >= bindparam("first"), redemption.c.day <= bindparam("last"))
        .group_by(month, back.c.item_id, is_by_weight)
    )


@lru_cache(maxsize=1)
def _items_statement() -> Select[Any]:
    """Names as they are now; what a village says about goods of the county is a row without a name."""
    item = table_of(Item).c
    return (
        select(item.item_id, item.name, item.unit)
        .where(item.village.in_([bindparam("of_village"), 0]), item.name.is_not(None))
        .where(item.item_id.in_(bindparam("of_items", expanding=True)))
        .order_by(item.village)
    )
