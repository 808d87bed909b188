"""On what terms goods are handed out, read in one go."""

from dataclasses import dataclass

from db.store import Store
from kiosk.domain.goods import Goods, show_goods
from kiosk.domain.price import PriceShown, list_prices
from kiosk.domain.scheme import current_day


@dataclass(frozen=True)
class Terms:
    """Goods on the current day, with every price they have, had or will have, the latest day first."""

    goods: Goods
    prices: tuple[PriceShown, ...]


def show_terms(store: Store, item_id: int) -> Terms:
    """Return on what terms goods are handed out. Raises Refused (`item_unknown`)."""
    with store.read() as connection:
        today = current_day(connection, store.village)
        goods = show_goods(connection, store.village, item_id, today)
        return Terms(goods, list_prices(connection, store.village, item_id, today))
