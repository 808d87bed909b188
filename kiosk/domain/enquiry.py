"""What people ask at the desk without taking anything: what goods cost, and how many the book has."""

from db.store import Store
from kiosk.domain.goods import Goods, find_goods_of_code
from kiosk.domain.scheme import current_day


def ask_price(store: Store, code: str) -> tuple[Goods, ...]:
    """Return the goods that a code names, at the prices of the open day, or of the last one; also when none is open."""
    with store.read() as connection:
        found = find_goods_of_code(connection, store.village, code, current_day(connection, store.village))
    return tuple(found.values())
