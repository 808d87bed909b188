"""What deliveries cost, and how the cost of one falls on its goods: by what they cost in points, exact to the fen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from db.line import entity_id, origin_of
from db.tables.shop import Delivery, DeliveryCost, DeliveryShare, Received
from db.tables.statement import table_of
from kiosk.domain.goods import find_goods, share_of


@dataclass(frozen=True)
class GoodsCosted:
    """Goods of a delivery: pieces or grams, and the fen that fell on them; None while the cost follows."""

    log: int
    seq: int
    item_id: int
    quantity: int
    cost: int | None


@dataclass(frozen=True)
class DeliveryCosted:
    """A delivery with its goods; `cost` in fen for all of it, None while it follows."""

    delivery_id: int
    day: str
    at: int
    source: str
    cost: int | None
    goods: tuple[GoodsCosted, ...]


def split_cost(cost: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split fen by weights, exactly: what falls on the first so many is their share, half away from zero.

    Where nothing weighs anything all are alike.
    """
    weights = weights if any(weights) else [1] * len(weights)
    total, reached, behind, parts = sum(weights), 0, 0, []
    for weight in weights:
        reached += weight
        upto = share_of(cost, reached, total)
        parts.append(upto - behind)
        behind = upto
    return tuple(parts)


def weights_of(connection: Connection, village: int, goods: Sequence[tuple[int, int]], day: str) -> list[int]:
    """Return what goods (item, pieces or grams) weigh in a delivery: hundredths of a point at the prices of a day.

    What has no price yet weighs as much as the others do on average, so that provisional goods get their share.
    """
    known = find_goods(connection, village, sorted({item for item, _quantity in goods}), day)
    priced: list[int | None] = []
    for item, quantity in goods:
        found = known.get(item)
        has_price = found is not None and found.points is not None
        priced.append(share_of(found.points or 0, quantity, found.per) if found is not None and has_price else None)
    weighed = [weight for weight in priced if weight is not None]
    usual = sum(weighed) // len(weighed) if weighed else 0
    return [usual if weight is None else weight for weight in priced]


def goods_of_delivery(connection: Connection, village: int, delivery_id: int, kinds: int) -> list[tuple[int, int]]:
    """Return item and quantity of the goods of a delivery, in the order in which they were written."""
    log, seq = origin_of(delivery_id)
    received = table_of(Received).c
    rows = connection.execute(
        select(received.item_id, received.quantity)
        .where(received.village == village, received.log == log, received.seq < seq)
        .order_by(received.seq.desc())
        .limit(kinds)
    ).all()
    return [(row.item_id, row.quantity) for row in reversed(rows)]


def costed_deliveries(connection: Connection, village: int) -> tuple[DeliveryCosted, ...]:
    """Return every delivery with what it cost and how that falls on its goods, the oldest first."""
    delivery, said, share = table_of(Delivery).c, table_of(DeliveryCost).c, table_of(DeliveryShare).c
    rows = connection.execute(
        select(delivery.log, delivery.seq, delivery.source, delivery.kinds, delivery.cost, delivery.day, delivery.at)
        .where(delivery.village == village)
        .order_by(delivery.log, delivery.seq)
    ).all()
    later = connection.execute(select(said.delivery_id, said.cost).where(said.village == village))
    costs = {row.delivery_id: row.cost for row in later}
    shares: dict[int, list[int]] = {}
    listed = select(share.delivery_id, share.cost).where(share.village == village)
    for row in connection.execute(listed.order_by(share.delivery_id, share.n)):
        shares.setdefault(row.delivery_id, []).append(row.cost)
    received = _received(connection, village)
    found = [_costed(row, costs, shares, received) for row in rows]
    return tuple(sorted(found, key=lambda each: (each.at, each.delivery_id)))


def _costed(
    row: Any,  # noqa: ANN401  because a row has the type of its columns
    costs: dict[int, int],
    shares: dict[int, list[int]],
    received: dict[int, list[Any]],
) -> DeliveryCosted:
    delivery_id = entity_id(row.log, row.seq)
    before = [each for each in received.get(row.log, ()) if each.seq < row.seq]
    goods = before[len(before) - min(row.kinds, len(before)) :]
    cost = costs.get(delivery_id, row.cost)
    parts = list(_parts(cost, shares.get(delivery_id, []), len(goods)))
    costed = (
        GoodsCosted(each.log, each.seq, each.item_id, each.quantity, part)
        for each, part in zip(goods, parts, strict=True)
    )
    return DeliveryCosted(delivery_id, row.day or "", row.at or 0, row.source, cost, tuple(costed))


def _parts(cost: int | None, shares: Sequence[int], kinds: int) -> Iterable[int | None]:
    """Give what fell on each kind: as it was said, and alike where it was not said for this cost."""
    if cost is None:
        return [None] * kinds
    return shares if len(shares) == kinds and sum(shares) == cost else split_cost(cost, [0] * kinds)


def _received(connection: Connection, village: int) -> dict[int, list[Any]]:
    received = table_of(Received).c
    rows = connection.execute(
        select(received.log, received.seq, received.item_id, received.quantity)
        .where(received.village == village)
        .order_by(received.log, received.seq)
    )
    by_log: dict[int, list[Any]] = {}
    for row in rows:
        by_log.setdefault(row.log, []).append(row)
    return by_log
