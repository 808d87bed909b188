"""Goods coming in: a delivery is written whole or not at all; what it cost may follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from db.facts.shop import BestBeforeSet, DeliveryCostShared, DeliveryShared, GoodsReceived, Source
from db.line import Stamp, entity_id, origin_of
from db.store import Act, Store
from db.tables.shop import Delivery, DeliveryCost
from db.tables.statement import table_of
from kiosk.domain.access import Right, require_right
from kiosk.domain.delivery_cost import goods_of_delivery, split_cost, weights_of
from kiosk.domain.goods import Goods, provisional_items, require_goods
from kiosk.domain.period import require_day
from kiosk.domain.scheme import current_day
from kiosk.domain.shop import MOST_OF_ONE
from kiosk.domain.terminal import require_seat
from kiosk.errors import Refused

MOST_KINDS: Final = 200
MOST_FEN: Final = 100_000_000


@dataclass(frozen=True)
class Arrived:
    """Goods of a delivery: pieces or grams, and the day on the packs, if somebody read it."""

    item_id: int
    quantity: int
    best_before: str | None = None


@dataclass(frozen=True)
class Stocked:
    """A delivery that was written: its goods as the shelf has them now, and whether its cost is still to follow."""

    delivery_id: int
    goods: tuple[Goods, ...]
    is_cost_open: bool


@dataclass(frozen=True)
class OpenDelivery:
    """A delivery whose cost follows: the day, where it came from, how many kinds of goods it had."""

    delivery_id: int
    day: str
    source: str
    kinds: int


def receive_delivery(
    store: Store, arrived: Sequence[Arrived], source: Source, cost: int | None = None, *, now: Stamp, by: int
) -> Stocked:
    """Put a delivery on the shelf, at the seat; `cost` in fen for all of it, None: it follows.

    The cost falls on the goods by what they cost in points, and stands so in the fact.

    The earliest day on the shelf becomes a delivery's if that is earlier, or if the shelf was empty.

    Raises:
        Refused: nothing came (`delivery_empty`), more kinds or pieces than can be (`number_out_of_range`), a day that
            has passed (`best_before_passed`), no day is open (`day_not_open`), the item is unknown (`item_unknown`).
        NotAllowed: the seat is elsewhere (`seat_elsewhere`); as `require_right`.
    """
    if not arrived:
        raise Refused("delivery_empty")
    _require_range(len(arrived), MOST_KINDS)
    _require_range(cost or 0, MOST_FEN, least=0)
    with store.write(now=now, by=by) as act:
        day = require_day(act)
        require_right(act.connection, act.village, by, Right.RECEIVE)
        ids = [each.item_id for each in arrived]
        goods = require_goods(act.connection, act.village, ids, day)
        for each in arrived:
            _receive(act, each, goods[each.item_id], day)
        listed = [(each.item_id, each.quantity) for each in arrived]
        costs = () if cost is None else split_cost(cost, weights_of(act.connection, act.village, listed, day))
        fact = act.append(DeliveryShared(source=source, kinds=len(arrived), cost=cost, costs=costs))
        now_there = require_goods(act.connection, act.village, ids, day)
    return Stocked(
        fact.id, tuple(now_there[each] for each in dict.fromkeys(ids)), source == "purchase" and cost is None
    )


def open_deliveries(store: Store) -> tuple[OpenDelivery, ...]:
    """Return the purchases whose cost is still to follow, oldest first."""
    delivery, said = table_of(Delivery).c, table_of(DeliveryCost).c
    statement = (
        select(delivery.log, delivery.seq, delivery.day, delivery.source, delivery.kinds)
        .where(delivery.village == store.village, delivery.source == "purchase", delivery.cost.is_(None))
        .order_by(delivery.at, delivery.log, delivery.seq)
    )
    known = select(said.delivery_id).where(said.village == store.village)
    with store.read() as connection:
        has_cost = set(connection.execute(known).scalars())
        rows = connection.execute(statement).all()
    found = ((entity_id(row.log, row.seq), row) for row in rows)
    return tuple(
        OpenDelivery(delivery_id, row.day or "", row.source, row.kinds)
        for delivery_id, row in found
        if delivery_id not in has_cost
    )


def count_figures_missing(store: Store) -> int:
    """Count the purchases without a cost and the provisional goods without a price."""
    return len(open_deliveries(store)) + sum(goods.points is None for goods in provisional_items(store))


def set_delivery_cost(store: Store, delivery_id: int, cost: int, *, now: Stamp, by: int) -> None:
    """Say what a delivery cost, in fen.

    Raises:
        Refused: there is no such delivery (`delivery_unknown`), the cost is out of range (`number_out_of_range`).
        NotAllowed: as `require_right`.
    """
    _require_range(cost, MOST_FEN, least=0)
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.RECEIVE)
        log, seq = origin_of(delivery_id)
        delivery = table_of(Delivery).c
        is_it = (delivery.village == act.village, delivery.log == log, delivery.seq == seq)
        kinds = act.connection.execute(select(delivery.kinds).where(*is_it)).scalar_one_or_none()
        if kinds is None:
            raise Refused("delivery_unknown")
        goods = goods_of_delivery(act.connection, act.village, delivery_id, kinds)
        day = current_day(act.connection, act.village)
        costs = split_cost(cost, weights_of(act.connection, act.village, goods, day))
        act.append(DeliveryCostShared(delivery=delivery_id, cost=cost, costs=costs))


def _receive(act: Act, each: Arrived, goods: Goods, day: str) -> None:
    _require_range(each.quantity, MOST_OF_ONE)
    if each.best_before is not None and each.best_before < day:
        raise Refused("best_before_passed", item=goods.name, day=each.best_before)
    seat = require_seat(act).seat
    act.append(GoodsReceived(seat=seat, item=each.item_id, quantity=each.quantity, best_before=each.best_before))
    is_first = goods.best_before is None or goods.stock <= 0
    if each.best_before is not None and (is_first or each.best_before < (goods.best_before or "")):
        act.append(BestBeforeSet(item=each.item_id, day=each.best_before))


def _require_range(number: int, most: int, least: int = 1) -> None:
    if not least <= number <= most:
        raise Refused("number_out_of_range", least=least, most=most)
