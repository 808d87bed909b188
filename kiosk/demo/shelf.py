"""The shelf and the fund through the year: money, deliveries, what is spoiled, prices that change, the last count."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kiosk.demo.agenda import Agenda
from kiosk.demo.calendar import CLOSING, LAST_DAY, OPENING, exchange_day, shop_day_from, shop_days
from kiosk.demo.goods import MISCOUNTED, NewPrice, catalogue, new_prices
from kiosk.demo.redeeming import balances
from kiosk.demo.setting_up import DemoVillage
from kiosk.domain.basket import BasketLine
from kiosk.domain.counter import recognise_household
from kiosk.domain.delivery import Arrived, open_deliveries, receive_delivery, set_delivery_cost
from kiosk.domain.delivery_cost import goods_of_delivery
from kiosk.domain.fund import START_FEN, receive_funds
from kiosk.domain.goods import count_stock, find_goods, set_best_before
from kiosk.domain.price import DatedPrice, set_price
from kiosk.domain.shop import redeem_basket
from kiosk.domain.slip import settle_slip
from kiosk.domain.stock import write_off

if TYPE_CHECKING:
    from db.facts.fund import FundSource
    from db.facts.shop import LoweringReason, Source

LAST_DELIVERY_OF_WHAT_SELLS_OUT: Final = 3
"""The month after which goods that are sold out at the end of the year came no more."""
BEST_BEFORE_SET_IN: Final = 11
COST_FOLLOWS_IN: Final = 5
"""The month whose delivery is paid a few days later."""
COST_OPEN_IN: Final = 12
"""The month whose delivery nobody has the bill of yet."""
SPOILED_IN: Final = 9
MONEY: "Final[tuple[tuple[int, FundSource, int], ...]]" = (
    *((1, "grant", START_FEN), (1, "village", 400_000)),
    *((7, "village", 400_000), (10, "donation", 50_000)),
)
"""Money of the year: the month, where it comes from, fen."""
GIVEN: Final = ("06990102203000", "06990103303105", "06990104403200", "06990105503305")
"""What a company gave when the shop began; everything else the village collective paid for."""
SPOILED: "Final[tuple[tuple[str, int, LoweringReason], ...]]" = (
    *(("06990102201600", 5, "expired"), ("06990101100805", 3, "damaged")),
)


def plan_shelf(village: DemoVillage, agenda: Agenda) -> None:
    """Put prices, deliveries and counts into the year."""
    for price in new_prices():
        day = max(day for day in shop_days() if day.isoformat() < price.from_day)
        agenda.put(day, CLOSING - 3, _change_price, village, price)
    first = shop_days()[0]
    agenda.put(first, OPENING + 1, _fill_first, village)
    for month, source, amount in MONEY:
        day = first if month == 1 else exchange_day(month)
        agenda.put(day, OPENING + 2, _receive_money, village, source, amount)
    for month in range(2, 13):
        agenda.put(exchange_day(month), OPENING + 3, _refill, village, month)
    agenda.put(shop_day_from(exchange_day(COST_FOLLOWS_IN) + timedelta(days=1)), OPENING + 3, _pay, village)
    agenda.put(exchange_day(SPOILED_IN), OPENING + 5, _write_off, village)
    agenda.put(exchange_day(BEST_BEFORE_SET_IN), OPENING + 2, _look_at_packs, village)
    last = max(day for day in shop_days() if day <= LAST_DAY)
    agenda.put(last, CLOSING - 10, _fill_last, village)
    agenda.put(last, CLOSING - 8, _count_all, village)
    agenda.put(last, CLOSING - 2, _sell_more_than_the_book_has, village)


def _change_price(village: DemoVillage, price: NewPrice) -> None:
    dated = DatedPrice(price.from_day, price.points, "cost")
    village.desk.secretary_does(set_price, village.items[price.code], dated)


def _fill_first(village: DemoVillage) -> None:
    """Fill the shelves when the shop begins: staples are given by a company, the rest comes from the village."""
    given = {item.code: item.usual for item in catalogue() if item.code in GIVEN}
    others = {item.code: item.usual for item in catalogue() if item.code not in GIVEN}
    _receive(village, given, "donation")
    _receive(village, others, "village")


def _receive_money(village: DemoVillage, source: "FundSource", amount: int) -> None:
    village.desk.secretary_does(receive_funds, source, amount)


def _refill(village: DemoVillage, month: int) -> None:
    """Buy what is half gone."""
    stock = _stock(village)
    wanted = {
        item.code: item.usual - stock[item.code]
        for item in catalogue()
        if (item.shelf > 0 or month <= LAST_DELIVERY_OF_WHAT_SELLS_OUT) and stock[item.code] * 2 < item.usual
    }
    _receive(village, wanted, "purchase", has_bill=month not in {COST_FOLLOWS_IN, COST_OPEN_IN})


def _pay(village: DemoVillage) -> None:
    """Note what the delivery cost whose bill has come by now."""
    costs = {village.items[item.code]: item for item in catalogue()}
    store = village.desk.store
    for delivery in open_deliveries(store):
        with store.read() as connection:
            goods = goods_of_delivery(connection, store.village, delivery.delivery_id, delivery.kinds)
        cost = sum(costs[item_id].cost_of(quantity) for item_id, quantity in goods)
        village.desk.secretary_does(set_delivery_cost, delivery.delivery_id, cost)


def _write_off(village: DemoVillage) -> None:
    """Some packs are out of date or broken; the supervisor signs in the evening."""
    for code, quantity, reason in SPOILED:
        village.desk.attendant_does(write_off, village.items[code], quantity, reason)


def _fill_last(village: DemoVillage) -> None:
    """Fill up for the new year, so that the last count finds what the book has."""
    stock = _stock(village)
    wanted = {item.code: item.shelf - stock[item.code] for item in catalogue() if item.shelf > stock[item.code]}
    _receive(village, wanted, "purchase")


def _receive(village: DemoVillage, wanted: dict[str, int], source: "Source", *, has_bill: bool = True) -> None:
    if not wanted:
        return
    items = {item.code: item for item in catalogue()}
    arrived = [Arrived(village.items[code], quantity) for code, quantity in wanted.items()]
    cost = sum(items[code].cost_of(quantity) for code, quantity in wanted.items()) if has_bill else None
    village.desk.attendant_does(receive_delivery, arrived, source, cost)


def _look_at_packs(village: DemoVillage) -> None:
    for item in catalogue():
        if item.best_before is not None:
            village.desk.attendant_does(set_best_before, village.items[item.code], item.best_before)


def _count_all(village: DemoVillage) -> None:
    """Count every shelf at the end of the year; of one kind of goods a carton behind the door is not seen."""
    for item in catalogue():
        village.desk.attendant_does(count_stock, village.items[item.code], 1 if item.code == MISCOUNTED else item.shelf)


def _sell_more_than_the_book_has(village: DemoVillage) -> None:
    """The bag is in the hand: it is handed out, and waits to be counted."""
    points = balances(village)
    richest = max(village.open_homes, key=lambda home: (points.get(home.household_id, 0), home.household_id))
    found = recognise_household(village.desk.store, richest.household_id)
    basket = [BasketLine(village.items[MISCOUNTED], 2)]
    redeemed = village.desk.attendant_does(redeem_basket, found.holder, basket)
    village.desk.attendant_does(settle_slip, redeemed.redemption_id)


def _stock(village: DemoVillage) -> dict[str, int]:
    store = village.desk.store
    with store.read() as connection:
        day = village.desk.day.isoformat()
        goods = find_goods(connection, store.village, sorted(village.items.values()), day)
    return {code: goods[item_id].stock for code, item_id in village.items.items()}
