"""What waits for a figure rather than a signature: deliveries without a cost, provisional goods without a price."""

from typing import TYPE_CHECKING, Final, TypeAlias

from kiosk.domain.delivery import OpenDelivery, open_deliveries, set_delivery_cost
from kiosk.domain.goods import Goods, provisional_items
from kiosk.errors import Refused
from kiosk.screens.modals.amount import POINTS_DIGITS, YUAN_DIGITS, AmountModal

if TYPE_CHECKING:
    from kiosk.screens.waiting_list.screen import WaitingListScreen

Chore: TypeAlias = OpenDelivery | Goods
CHORES: Final = (OpenDelivery, Goods)


async def list_chores(screen: "WaitingListScreen") -> tuple[Chore, ...]:
    """Give the deliveries without a cost and the provisional goods without a price, the oldest first."""
    goods = await screen.station.read(provisional_items)
    return (*await screen.station.read(open_deliveries), *(each for each in goods if each.points is None))


def what_of(screen: "WaitingListScreen", chore: Chore) -> str:
    """Say what it is."""
    if isinstance(chore, OpenDelivery):
        source = screen.say(f"stock.source.{chore.source}")
        return screen.say("waiting_list.chore.delivery", day=chore.day[5:], source=source, kinds=chore.kinds)
    return screen.say("waiting_list.chore.provisional", item=chore.name)


def why_of(screen: "WaitingListScreen", chore: Chore) -> str:
    """Say what is missing."""
    name = "delivery" if isinstance(chore, OpenDelivery) else "provisional"
    return screen.say(f"waiting_list.chore_why.{name}")


async def complete(screen: "WaitingListScreen", chore: Chore) -> bool:
    """Ask for the figure and write it; False if the person went back. Raises Refused (`day_not_open` for a price)."""
    from kiosk.domain.price import DatedPrice, set_price

    station = screen.station
    if isinstance(chore, OpenDelivery):
        title, unit = what_of(screen, chore), screen.say("common.yuan")
        cost = await screen.ask(AmountModal(station, title, unit, YUAN_DIGITS))
        if cost is not None:
            await station.do(set_delivery_cost, chore.delivery_id, cost)
        return cost is not None
    if station.day is None:
        raise Refused("day_not_open")
    title = screen.say("terms.ask.points", item=chore.name, unit=chore.unit)
    points = await screen.ask(AmountModal(station, title, screen.say("till.unit"), POINTS_DIGITS))
    if points is not None:
        await station.do(set_price, chore.item_id, DatedPrice(station.day, points, "other"))
    return points is not None
