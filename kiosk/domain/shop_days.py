"""On which days the shop is open: days of the week from a day on, and exchange days that were called.

A village that never said which days it is open on is open on every day.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from db.facts.terms import ExchangeDaySet, OpeningDaysSet
from db.journal import COMMON_VILLAGE
from db.line import Stamp
from db.rules.in_force import rule_in_force
from db.store import Act, Store
from db.tables.shop import Redemption
from db.tables.statement import table_of
from db.tables.terms import ExchangeDay, OpeningDays
from kiosk.calendar import YEAR, months_after
from kiosk.domain.access import require_right
from kiosk.domain.dated import require_not_closed
from kiosk.domain.period import day_state
from kiosk.domain.shop import is_void
from kiosk.errors import Refused
from kiosk.rights import Right

WEEK: Final = frozenset(range(1, 8))
LONGEST_WAIT: Final = 7


@dataclass(frozen=True)
class ShopDay:
    """A day of the shop: whether it is one of its days, and an exchange day; the next exchange day after it, if called.

    `next_open_day` is given where the shop is not open, and `is_refused` if nothing is handed out then; `served` counts
    the households of an exchange day so far.
    """

    day: str
    is_open: bool
    is_exchange_day: bool
    next_open_day: str | None
    next_exchange_day: str | None
    served: int
    is_refused: bool = False


def set_opening_days(store: Store, weekdays: Collection[int], from_day: str, *, now: Stamp, by: int) -> None:
    """Say on which days of the week (1 is Monday) the shop is open, from the open day on or from a later one.

    Raises:
        Refused: there is none, or one that is no day of the week (`weekdays_unreadable`); the day is closed
            (`shop_days_closed`).
        NotAllowed: as `require_right`.
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.MANAGE_GOODS)
        days = sorted(set(weekdays))
        if not days or not WEEK.issuperset(days):
            raise Refused("weekdays_unreadable")
        require_not_closed(act, from_day, "shop_days_closed")
        act.append(OpeningDaysSet(weekdays=tuple(days), from_day=from_day))


def call_days(store: Store, days: Sequence[str], *, now: Stamp, by: int) -> None:
    """Call exchange days.

    Raises:
        Refused: a day is closed (`shop_days_closed`); NotAllowed: as `require_right`.
    """
    with store.write(now=now, by=by) as act:
        _say_days(act, by, days, is_held=True)


def call_days_off(store: Store, days: Sequence[str], *, now: Stamp, by: int) -> None:
    """Call exchange days off. Raises as `call_days`."""
    with store.write(now=now, by=by) as act:
        _say_days(act, by, days, is_held=False)


def monthly_from(first: str) -> tuple[str, ...]:
    """Return the same day of twelve months, in a short month the last one."""
    return tuple(months_after(first, later) for later in range(YEAR))


def called_days(store: Store, day: str) -> tuple[str, ...]:
    """Return the exchange days that were called, from a day on."""
    held = table_of(ExchangeDay).c
    statement = (
        select(held.day)
        .where(held.village.in_([store.village, COMMON_VILLAGE]), held.is_held == 1, held.day >= day)
        .order_by(held.day)
    )
    with store.read() as connection:
        return tuple(connection.execute(statement).scalars())


def shop_today(store: Store) -> ShopDay | None:
    """Return how the open day is one of the shop's, None if no day is open."""
    with store.read() as connection:
        today = day_state(connection, store.village).open_day
        return None if today is None else shop_day(connection, store.village, today)


def shop_day(connection: Connection, village: int, day: str) -> ShopDay:
    """Return how a day is one of the shop's."""
    held = table_of(ExchangeDay).c
    called = select(held.day).where(held.village.in_([village, COMMON_VILLAGE]), held.is_held == 1, held.day >= day)
    exchange = list(connection.execute(called.order_by(held.day).limit(2)).scalars())
    is_exchange = exchange[:1] == [day]
    weekdays = weekdays_on(connection, village, day)
    is_open = is_exchange or weekdays is None or date.fromisoformat(day).isoweekday() in weekdays
    upcoming = next((each for each in exchange if each != day), None)
    next_open = None if is_open else _next_open(weekdays or WEEK, day, upcoming)
    served = _served(connection, village, day) if is_exchange else 0
    is_refused = not is_open and bool(rule_in_force(connection, village, "shop", "closed_day_refuses", day))
    return ShopDay(day, is_open, is_exchange, next_open, upcoming, served, is_refused)


def weekdays_on(connection: Connection, village: int, day: str) -> frozenset[int] | None:
    """Return the days of the week (1 is Monday) that hold on a day, None where nobody said any."""
    opening = table_of(OpeningDays).c
    statement = (
        select(opening.weekdays)
        .where(opening.village.in_([village, COMMON_VILLAGE]), opening.from_day <= day)
        .order_by(opening.from_day.desc(), opening.rank.desc())
        .limit(1)
    )
    text: str | None = connection.execute(statement).scalar_one_or_none()
    return frozenset(map(int, text.split(","))) if text else None


def require_shop_day(act: Act, day: str) -> None:
    """Hand out on the days of the shop only, where the rules say so; else the till says that it is none.

    Raises:
        Refused: `shop_not_open`, with the day on which it is.
    """
    shown = shop_day(act.connection, act.village, day)
    if shown.is_refused:
        raise Refused("shop_not_open", day=shown.next_open_day)


def _say_days(act: Act, by: int, days: Sequence[str], *, is_held: bool) -> None:
    require_right(act.connection, act.village, by, Right.MANAGE_GOODS)
    for day in days:
        require_not_closed(act, day, "shop_days_closed")
        act.append(ExchangeDaySet(day=day, is_held=is_held))


def _next_open(weekdays: frozenset[int], day: str, exchange: str | None) -> str:
    """Return the next day after one that is open by the week, or an exchange day before it."""
    after = (date.fromisoformat(day) + timedelta(ahead) for ahead in range(1, LONGEST_WAIT + 1))
    by_week = next(each for each in after if each.isoweekday() in weekdays).isoformat()
    return by_week if exchange is None else min(by_week, exchange)


def _served(connection: Connection, village: int, day: str) -> int:
    """Count the households that redeemed on a day."""
    made = table_of(Redemption)
    statement = select(func.count(made.c.household_id.distinct())).where(
        made.c.village == village, made.c.day == day, ~is_void(made)
    )
    count: int = connection.execute(statement).scalar_one()
    return count
