"""The shelf and the money in lines that come in any order: what copied desks say twice, voids and returns among it.

Desk A holds the seat, then a copy of it goes on as B and as C, each with a seat of its own, and none has heard of the
others. Whatever arrives first, the shelf is what a person would count.
"""

from functools import cache
from random import Random
from typing import Final

import pytest

from db.engine import transaction
from db.facts.body import transfer
from db.facts.fund import FundReceived, FundReversed
from db.facts.home_delivery import RedemptionDelivered
from db.facts.people import HouseholdRegistered
from db.facts.returning import GoodsReturned, Whither
from db.facts.shop import (
    BackOnShelf,
    BoxCodeAdded,
    DeliveryCostShared,
    DeliveryShared,
    GoodsReceived,
    GoodsWished,
    ItemRegistered,
    PriceStated,
    RedemptionCollected,
    RedemptionMade,
    RedemptionVoided,
    StockCounted,
    StockLowered,
    StockLoweringRequested,
)
from db.facts.terminal import LogBegun, SeatTaken
from db.facts.terms import ExchangeDaySet, OpeningDaysSet, RedemptionLimitSet
from db.line import entity_id
from db.store import Store
from db.tables.points import Balance
from db.tables.returning import GoodsReturn
from db.tables.shop import DeliveryCost, Stock
from kiosk.domain.shelf_book import Cause, read_shelf_book
from tests.bodies import award, redemption
from tests.ledger import VILLAGE, lines_of, new_store, write
from tests.postgres import ONE_WORKER
from tests.properties.delivery import Digests, Target, deliver_at_random, deliver_in_order, sqlite_target, values
from tests.properties.scene import Lines

A, B, C = 300, 200, 100
ORDERS: Final = 30
HOUSEHOLD, SALT, RICE = (entity_id(A, seq) for seq in (3, 4, 5))
DELIVERY, FIRST, SECOND, ASKED, MONEY = (entity_id(A, seq) for seq in (8, 10, 11, 12, 13))
THIRD, FOURTH, COLLECTED = (entity_id(A, seq) for seq in (14, 15, 16))


def void(of: int, seat: int, quantity: int) -> RedemptionVoided:
    """Salt at three points comes back."""
    points = 300 * quantity
    return RedemptionVoided(
        seat=seat, redemption=of, household=HOUSEHOLD, points=points,
        lines=(BackOnShelf(item=SALT, quantity=quantity),), legs=transfer("redeemed", HOUSEHOLD, points),
    )  # fmt: skip


def returned(of: int, seat: int, quantity: int, before: int, to: Whither = "stock") -> GoodsReturned:
    """Some of the salt at three points comes back, after `before` bags of it."""
    points = 300 * quantity
    return GoodsReturned(
        seat=seat, redemption=of, line=0, item=SALT, quantity=quantity, before=before, to=to,
        reason="damaged" if to == "waste" else None, household=HOUSEHOLD, points=points,
        legs=transfer("redeemed", HOUSEHOLD, points),
    )  # fmt: skip


def collected(made: RedemptionMade) -> RedemptionCollected:
    """A redemption that somebody else collects, to be brought home."""
    said = {name: getattr(made, name) for name in RedemptionMade.model_fields}
    return RedemptionCollected(**said, proxy=HOUSEHOLD, is_to_deliver=True)


def lowered(seat: int) -> StockLowered:
    """Three bags of rice leave the book, as was asked for."""
    return StockLowered(seat=seat, item=RICE, quantity=3, reason="damaged", request=ASKED)


def _first_desk(store: Store) -> None:
    """Goods come in, two redemptions are made, rice is to be written off, money comes."""
    write(store, LogBegun(till=1, program="kiosk"), SeatTaken(seat=1))
    write(store, HouseholdRegistered(group=3, house=12), private={"name": "王明"})
    write(
        store,
        ItemRegistered(name="食盐", unit="袋", codes=("06990103300302",)),
        ItemRegistered(name="大米", unit="袋", codes=("06990102203000",)),
        GoodsReceived(seat=1, item=SALT, quantity=40, best_before="2027-06-30"),
        GoodsReceived(seat=1, item=RICE, quantity=20),
        DeliveryShared(source="purchase", kinds=2),
        award(HOUSEHOLD, 10_000),
        redemption(HOUSEHOLD, SALT, 4, 300, number=1),
        redemption(HOUSEHOLD, SALT, 6, 300, number=2),
        StockLoweringRequested(item=RICE, quantity=3, reason="damaged"),
        FundReceived(source="grant", amount=100_000),
        redemption(HOUSEHOLD, SALT, 5, 300, number=3),
        redemption(HOUSEHOLD, SALT, 1, 300, number=4),
        collected(redemption(HOUSEHOLD, RICE, 1, 0, number=5)),
    )


def _second_desk(store: Store) -> None:
    """A copy of the desk makes the first redemption void, lowers the rice, says what the delivery cost."""
    write(store, LogBegun(till=2, program="kiosk"), SeatTaken(seat=2))
    write(
        store,
        void(FIRST, 2, 4),
        lowered(2),
        DeliveryCostShared(delivery=DELIVERY, cost=8_000, costs=(5_000, 3_000)),
        FundReversed(received=MONEY, amount=100_000),
        GoodsReceived(seat=2, item=SALT, quantity=5),
        RedemptionLimitSet(item=SALT, span="month", quantity=2, from_day="2026-11-01"),
        OpeningDaysSet(weekdays=(1, 4), from_day="2026-11-01"),
        ExchangeDaySet(day="2026-11-28", is_held=True),
        PriceStated(item=SALT, from_day="2026-12-01", points=350, reason="cost"),
        returned(THIRD, 2, 1, 0),
        returned(THIRD, 2, 2, 1, "waste"),
        returned(FOURTH, 2, 1, 0),
        RedemptionDelivered(redemption=COLLECTED, deliverer=2),
        BoxCodeAdded(item=SALT, code="16990103300309", quantity=20),
        GoodsWished(item=RICE),
    )


def _third_desk(store: Store) -> None:
    """Another copy does the same again, counts the rice in between, and makes the other redemption void."""
    write(store, LogBegun(till=3, program="kiosk"), SeatTaken(seat=3))
    write(
        store,
        void(FIRST, 3, 4),
        StockCounted(seat=3, item=RICE, quantity=15),
        lowered(3),
        void(SECOND, 3, 6),
        DeliveryCostShared(delivery=DELIVERY, cost=9_000, costs=(5_500, 3_500)),
        FundReversed(received=MONEY, amount=100_000),
        RedemptionLimitSet(item=SALT, span="month", quantity=None, from_day="2026-11-01"),
        OpeningDaysSet(weekdays=(2,), from_day="2026-11-01"),
        ExchangeDaySet(day="2026-11-28", is_held=False),
        PriceStated(item=SALT, from_day="2026-12-01", points=250, reason="mistake"),
        returned(THIRD, 3, 3, 0),
        returned(THIRD, 3, 1, 3),
        void(FOURTH, 3, 1),
        RedemptionDelivered(redemption=COLLECTED, deliverer=1),
        BoxCodeAdded(item=SALT, code="16990103300309", quantity=24),
        GoodsWished(sort="seeds"),
    )


@cache
def lines() -> Lines:
    """Every line of the three desks."""
    held: Lines = {}
    for log, tell in ((A, _first_desk), (B, _second_desk), (C, _third_desk)):
        store = new_store(log)
        tell(store)
        with store.read() as connection:
            held[VILLAGE, log] = lines_of(connection, VILLAGE, log)
        store.close()
    return held


@cache
def expected() -> Digests:
    """The tables when every log is delivered whole, one after the other."""
    target = sqlite_target()
    deliver_in_order(target, lines())
    return target.digests()


@pytest.fixture(scope="module")
def target() -> Target:
    """A hub store."""
    return sqlite_target()


@pytest.mark.parametrize("first", range(0, ORDERS, 15))
def test_tables_are_equal_when_shelf_and_money_come_in_any_order(target: Target, first: int) -> None:
    """Voids before what they make void, repeated and cut anywhere."""
    for seed in range(first, first + 15):
        deliver_at_random(target, lines(), Random(seed))
        assert target.digests() == expected(), f"seed {seed}"


@ONE_WORKER
def test_tables_are_equal_when_shelf_and_money_come_in_any_order_on_postgresql(postgresql: Target) -> None:
    """The county's engine ends in the same tables."""
    for seed in range(2):
        deliver_at_random(postgresql, lines(), Random(seed))
        assert postgresql.digests() == expected(), f"seed {seed}"


def test_each_thing_counts_once_when_two_copies_of_a_desk_said_it(target: Target) -> None:
    """Forty bags came and five more, eleven went out and came back; fifteen bags of rice lay there when counted.

    Five bags went out on the third slip: of what came back at both desks the first three are the same bags, two of them
    waste, and a fourth came back at one.
    """
    deliver_in_order(target, lines())
    assert sorted(values(target, Stock, "item_id", "quantity", village=VILLAGE)) == [(SALT, 42), (RICE, 15)]
    assert values(target, Balance, "household_id", "redeemable_points", village=VILLAGE) == [(HOUSEHOLD, 9_700)]
    counted = values(target, GoodsReturn, "log", "quantity", "before_quantity", is_counted=1)
    assert counted == [(C, 1, 3), (B, 1, 0), (B, 2, 1)]
    assert values(target, DeliveryCost, "delivery_id", "cost", village=VILLAGE) == [(DELIVERY, 9_000)]


def test_the_cost_of_the_shelf_follows_the_book_when_copied_desks_wrote_it(target: Target) -> None:
    """Every bag of the book has its place in the row of deliveries, and no fen is lost: what is known cost 90 yuan."""
    deliver_in_order(target, lines())
    with transaction(target.engine, is_write=False) as connection:
        moves = read_shelf_book(connection, VILLAGE)
    booked = {item: sum(move.quantity for move in moves if move.item_id == item) for item in (SALT, RICE)}
    assert booked == {SALT: 42, RICE: 15}
    received = sum(move.cost for move in moves if move.cause is Cause.RECEIVED)
    gone = -sum(move.cost for move in moves if move.cause is not Cause.RECEIVED)
    assert (received, sum(move.cost for move in moves)) == (9_000, 9_000 - gone)
    assert 0 < gone < received
