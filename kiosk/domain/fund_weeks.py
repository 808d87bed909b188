"""The fund week by week: points given and redeemed, and how long money and shelf would have lasted then."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from db.tables.points import Posting
from db.tables.shop import Redemption
from db.tables.statement import table_of
from kiosk.calendar import days_after
from kiosk.domain.delivery_cost import DeliveryCosted
from kiosk.domain.fund_books import PURCHASE, Money
from kiosk.domain.goods import Goods, points_for, share_of
from kiosk.domain.pace import PACE_WEEKS
from kiosk.domain.returned import points_returned
from kiosk.domain.shelf_book import ShelfMove
from kiosk.domain.shop import is_void


@dataclass(frozen=True)
class FundWeek:
    """Seven days up to `last` (ISO text): points given and redeemed in hundredths, and the whole weeks of `cover`.

    `cover` is how long money and shelf of that day last at the pace of that day; None while nothing went out.
    """

    last: str
    issued_points: int
    redeemed_points: int
    cover: int | None


@dataclass(frozen=True)
class Means:
    """What the weeks are computed from: money, deliveries, movements, goods at today's prices, a scheme's numbers."""

    money: Sequence[Money]
    deliveries: Sequence[DeliveryCosted]
    moves: Sequence[ShelfMove]
    goods: Mapping[int, Goods]
    rules: Mapping[str, int]

    def on(self, day: str) -> int:
        """Return the fen that money and shelf were worth at the end of a day, the shelf at today's prices."""
        received = sum(each.amount for each in self.money if each.day <= day)
        spent = sum(each.cost or 0 for each in self.deliveries if each.source == PURCHASE and each.day <= day)
        stock: dict[int, int] = defaultdict(int)
        for move in self.moves:
            if move.day <= day:
                stock[move.item_id] += move.quantity
        return received - spent + value_of(shelf_points(self.goods, stock), self.rules)


def weeks_until(connection: Connection, village: int, day: str, means: Means) -> tuple[FundWeek, ...]:
    """Return the weeks of the pace up to a day, the oldest first; those before anything happened are left out."""
    since = _before(day, 2 * PACE_WEEKS)
    parameters = {"of_village": village, "since": since, "until": day}
    issued = {row.day: row.points for row in connection.execute(_issued_statement(), parameters)}
    redeemed = {row.day: row.points for row in connection.execute(_redeemed_statement(), parameters)}
    weeks = [_week(_before(day, back), issued, redeemed, means) for back in reversed(range(PACE_WEEKS))]
    began = next((n for n, week in enumerate(weeks) if week.issued_points or week.redeemed_points), len(weeks))
    return tuple(weeks[began:])


def weeks_of(fen: int, weekly_fen: int) -> int | None:
    """Return how many whole weeks so much money lasts if so much goes out in each; None while nothing does."""
    return None if weekly_fen <= 0 else max(fen, 0) // weekly_fen


def value_of(points: int, rules: Mapping[str, int]) -> int:
    """Return what hundredths of a point are worth by a scheme's numbers, in fen, half away from zero."""
    return share_of(points, rules["value_fen"], rules["value_points"])


def shelf_points(goods: Mapping[int, Goods], stock: Mapping[int, int]) -> int:
    """Return what pieces or grams of goods cost in hundredths of a point; what has no price is left out."""
    return sum(
        points_for(found.points, quantity, found.per)
        for item_id, quantity in stock.items()
        if quantity > 0 and (found := goods.get(item_id)) is not None and found.points is not None
    )


def _week(last: str, issued: Mapping[str, int], redeemed: Mapping[str, int], means: Means) -> FundWeek:
    pace = value_of(_between(redeemed, _before(last, PACE_WEEKS), last) // PACE_WEEKS, means.rules)
    first = _before(last, 1)
    return FundWeek(
        last, _between(issued, first, last), _between(redeemed, first, last), weeks_of(means.on(last), pace)
    )


def _between(points: Mapping[str, int], after: str, upto: str) -> int:
    return sum(value for day, value in points.items() if after < day <= upto)


def _before(day: str, weeks: int) -> str:
    return days_after(day, -7 * weeks)


@lru_cache(maxsize=1)
def _issued_statement() -> Select[Any]:
    """What was given by an item of a scheme, a day each; what was taken back later is not looked for."""
    posting = table_of(Posting).c
    return (
        select(posting.day, (-func.sum(posting.points * posting.is_counted)).label("points"))
        .where(posting.village == bindparam("of_village"), posting.account == "issued")
        .where(posting.household_id.is_(None), posting.item_code.is_not(None))
        .where(posting.day > bindparam("since"), posting.day <= bindparam("until"))
        .group_by(posting.day)
    )


@lru_cache(maxsize=1)
def _redeemed_statement() -> Select[Any]:
    made = table_of(Redemption)
    return (
        select(made.c.day, func.sum(made.c.points - points_returned(made)).label("points"))
        .where(made.c.village == bindparam("of_village"), ~is_void(made))
        .where(made.c.day > bindparam("since"), made.c.day <= bindparam("until"))
        .group_by(made.c.day)
    )
