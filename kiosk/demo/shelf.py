"""The shelf through the year: prices that change, deliveries that are counted in, and the count at the end."""

from typing import Final

from kiosk.demo.agenda import Agenda
from kiosk.demo.calendar import CLOSING, LAST_DAY, OPENING, exchange_day, shop_days
from kiosk.demo.goods import MISCOUNTED, DemoItem, NewPrice, catalogue, new_prices
from kiosk.demo.redeeming import balances
from kiosk.demo.setting_up import DemoVillage
from kiosk.domain.basket import BasketLine
from kiosk.domain.counter import recognise_household
from kiosk.domain.goods import count_stock, find_goods, set_best_before
from kiosk.domain.price import DatedPrice, set_price
from kiosk.domain.shop import redeem_basket
from kiosk.domain.slip import settle_slip

LAST_DELIVERY_OF_WHAT_SELLS_OUT: Final = 9
"""The month after which goods that are sold out at the end of the year came no more."""
BEST_BEFORE_SET_IN: Final = 11


def plan_shelf(village: DemoVillage, agenda: Agenda) -> None:
    """Put prices, deliveries and counts into the year."""
    for price in new_prices():
        day = max(day for day in shop_days() if day.isoformat() < price.from_day)
        agenda.put(day, CLOSING - 3, _change_price, village, price)
    for month in range(2, 13):
        agenda.put(exchange_day(month), OPENING + 1, _count_delivery, village, month)
    agenda.put(exchange_day(BEST_BEFORE_SET_IN), OPENING + 2, _look_at_packs, village)
    last = max(day for day in shop_days() if day <= LAST_DAY)
    agenda.put(last, CLOSING - 8, _count_all, village)
    agenda.put(last, CLOSING - 2, _sell_more_than_the_book_has, village)


def _change_price(village: DemoVillage, price: NewPrice) -> None:
    dated = DatedPrice(price.from_day, price.points, "cost")
    village.desk.secretary_does(set_price, village.items[price.code], dated)


def _count_delivery(village: DemoVillage, month: int) -> None:
    """Count what was filled up: goods of which less than half was left."""
    stock = _stock(village)
    for item in catalogue():
        is_delivered = item.shelf > 0 or month <= LAST_DELIVERY_OF_WHAT_SELLS_OUT
        if is_delivered and stock[item.code] * 2 < item.usual:
            _count(village, item, item.usual)


def _look_at_packs(village: DemoVillage) -> None:
    for item in catalogue():
        if item.best_before is not None:
            village.desk.attendant_does(set_best_before, village.items[item.code], item.best_before)


def _count_all(village: DemoVillage) -> None:
    """Count every shelf at the end of the year; of one kind of goods a carton behind the door is not seen."""
    for item in catalogue():
        _count(village, item, 1 if item.code == MISCOUNTED else item.shelf)


def _sell_more_than_the_book_has(village: DemoVillage) -> None:
    """The bag is in the hand: it is handed out, and waits to be counted."""
    points = balances(village)
    richest = max(village.open_homes, key=lambda home: (points.get(home.household_id, 0), home.household_id))
    found = recognise_household(village.desk.store, richest.household_id)
    basket = [BasketLine(village.items[MISCOUNTED], 2)]
    redeemed = village.desk.attendant_does(redeem_basket, found.holder, basket)
    village.desk.attendant_does(settle_slip, redeemed.redemption_id)


def _count(village: DemoVillage, item: DemoItem, quantity: int) -> None:
    village.desk.attendant_does(count_stock, village.items[item.code], quantity)


def _stock(village: DemoVillage) -> dict[str, int]:
    store = village.desk.store
    with store.read() as connection:
        day = village.desk.day.isoformat()
        goods = find_goods(connection, store.village, sorted(village.items.values()), day)
    return {code: goods[item_id].stock for code, item_id in village.items.items()}
