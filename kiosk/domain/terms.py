"""On what terms goods are handed out, read in one go."""

from dataclasses import dataclass
from typing import Final

from db.store import Store
from kiosk.domain.allowance import Limit
from kiosk.domain.goods import Goods, show_goods
from kiosk.domain.limit import NewLimit, coming_limits, limits_on
from kiosk.domain.price import PriceShown, list_prices
from kiosk.domain.scheme import current_day
from kiosk.domain.shop_days import called_days, weekdays_on

SHOWN_DAYS: Final = 3


@dataclass(frozen=True)
class Terms:
    """Goods on the current day, with every price, the latest day first, and the limits that hold or will hold."""

    goods: Goods
    prices: tuple[PriceShown, ...]
    limits: tuple[Limit, ...]
    coming: tuple[NewLimit, ...]


@dataclass(frozen=True)
class GeneralTerms:
    """What holds whatever the goods are: limits in points that hold or will hold, and the days of the shop.

    `weekdays` are those of the current day (1 is Monday), empty where nobody said any; `exchange_days` the next ones.
    """

    limits: tuple[Limit, ...]
    coming: tuple[NewLimit, ...]
    weekdays: tuple[int, ...]
    exchange_days: tuple[str, ...]


def show_general_terms(store: Store) -> GeneralTerms:
    """Return on what terms the shop hands out at all."""
    limits, coming = limits_of(store, None)
    with store.read() as connection:
        today = current_day(connection, store.village)
        weekdays = weekdays_on(connection, store.village, today)
    return GeneralTerms(limits, coming, tuple(sorted(weekdays or ())), called_days(store, today)[:SHOWN_DAYS])


def show_terms(store: Store, item_id: int) -> Terms:
    """Return on what terms goods are handed out. Raises Refused (`item_unknown`)."""
    limits, coming = limits_of(store, item_id)
    with store.read() as connection:
        today = current_day(connection, store.village)
        goods = show_goods(connection, store.village, item_id, today)
        return Terms(goods, list_prices(connection, store.village, item_id, today), limits, coming)


def limits_of(store: Store, item_id: int | None) -> tuple[tuple[Limit, ...], tuple[NewLimit, ...]]:
    """Return the limits of an item, or of all goods (None), that hold today, and those that hold from a later day."""
    with store.read() as connection:
        today = current_day(connection, store.village)
        of_item = [] if item_id is None else [item_id]
        held = limits_on(connection, store.village, of_item, today)
        coming = coming_limits(connection, store.village, item_id, today)
    return tuple(each for each in held if each.item_id == item_id), coming
