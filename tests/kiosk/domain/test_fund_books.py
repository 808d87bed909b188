"""Stock at cost and the equation of the fund: exact to the fen, by the tables and by the separate program."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.facts.shop import DeliveryCostSet, DeliveryReceived, GoodsReceived, Source
from db.invariants import find_faults
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.delivery import Arrived, receive_delivery, set_delivery_cost
from kiosk.domain.delivery_cost import costed_deliveries, split_cost
from kiosk.domain.fund import receive_funds, show_fund
from kiosk.domain.fund_books import FundBooks
from kiosk.domain.goods import count_stock, register_provisional
from kiosk.domain.period import close_day
from kiosk.domain.returning import Brought, return_goods
from kiosk.domain.shelf_book import Cause, ShelfMove, read_shelf_book
from kiosk.domain.shop import redeem_basket
from kiosk.domain.stock import write_off
from kiosk.domain.terminal import add_operator
from kiosk.domain.void import void_redemption
from kiosk.domain.waiting import Signature, approve_request, list_requests
from kiosk.errors import Refused
from tests.recomputed import recompute
from tests.village import VILLAGE, Village


class Costs:
    """A village with 1,000 yuan, salt at three points and rice at thirty-two, and Wang with plenty of points."""

    def __init__(self, folder: Path) -> None:
        """Lay it out."""
        self.village = village = Village(folder)
        self.folder = folder
        self.wang = village.household(3, 12, "王明")
        village.award(self.wang, 100_000)
        self.salt = village.goods("食盐", "06990103300302", 300)
        self.rice = village.goods("大米", "06990102203000", 3_200)
        by = village.operator
        self.supervisor = add_operator(village.store, "赵监督", "supervisor", now=village.now, by=by)
        receive_funds(village.store, "grant", 100_000, now=village.now, by=by)

    def receive(self, *arrived: tuple[int, int], source: Source = "purchase", cost: int | None = None) -> int:
        """Take in items and quantities."""
        village = self.village
        goods = [Arrived(item, quantity) for item, quantity in arrived]
        done = receive_delivery(village.store, goods, source, cost, now=village.now, by=village.operator)
        return done.delivery_id

    def redeem(self, item: int, quantity: int) -> int:
        """Hand goods out to Wang."""
        village, basket = self.village, (BasketLine(item, quantity),)
        holder = Holder(self.wang, "card")
        return redeem_basket(village.store, holder, basket, now=village.now, by=village.operator).redemption_id

    def lose(self, quantity: int) -> None:
        """Salt is spoiled, and two have signed."""
        village = self.village
        write_off(village.store, self.salt, quantity, "damaged", now=village.now, by=village.operator)
        (request,) = list_requests(village.store)
        signature = Signature(self.supervisor.badge, is_verified=False)
        approve_request(village.store, request.request_id, signature, now=village.now, by=village.operator)

    def moves(self, item: int) -> list[ShelfMove]:
        """The book of an item."""
        with self.village.store.read() as connection:
            return [move for move in read_shelf_book(connection, VILLAGE) if move.item_id == item]

    def books(self) -> FundBooks:
        """The books, after the separate program found the same and nothing broken."""
        books = show_fund(self.village.store).books
        found = recompute(self.village.store, self.folder)
        assert found.faults == []
        assert found.village["books"] == {
            "received": books.received_fen, "given": books.given_fen, "spent": books.spent_fen,
            "shelf": books.shelf_fen, "redeemed": books.redeemed_fen, "lost": books.lost_fen, "missing": 0,
        }  # fmt: skip
        with self.village.store.read() as connection:
            assert find_faults(connection, VILLAGE) == []
        assert books.is_balanced
        return books


@pytest.fixture
def costs(tmp_path: Path) -> Costs:
    """The shop of this village."""
    return Costs(tmp_path / "desk")


def test_goods_cost_what_was_paid_for_them_when_they_go_out(costs: Costs) -> None:
    """Forty bags for 80 yuan, then ten for 25: the first forty-one cost 82.50."""
    costs.receive((costs.salt, 40), cost=8_000)
    costs.receive((costs.salt, 10), cost=2_500)
    costs.redeem(costs.salt, 41)
    books = costs.books()
    assert (books.shelf_fen, books.redeemed_fen, books.cash_fen) == (2_250, 8_250, 89_500)


def test_the_cost_falls_by_the_prices_when_a_delivery_has_several_kinds(costs: Costs) -> None:
    """Thirty points of salt and sixty-four of rice share 100.01 yuan; nothing is lost in between."""
    costs.receive((costs.salt, 10), (costs.rice, 2), cost=10_001)
    (salt,), (rice,) = costs.moves(costs.salt), costs.moves(costs.rice)
    assert (salt.cost, rice.cost) == (3_192, 6_809)
    assert costs.books().shelf_fen == 10_001


def test_what_went_out_is_priced_when_its_cost_follows(costs: Costs) -> None:
    """Sold meanwhile, and even before it came: the bag was in the hand."""
    costs.redeem(costs.salt, 2)
    delivery = costs.receive((costs.salt, 10))
    costs.redeem(costs.salt, 3)
    assert show_fund(costs.village.store).books.redeemed_fen == 0
    village = costs.village
    set_delivery_cost(village.store, delivery, 2_000, now=village.now, by=village.operator)
    books = costs.books()
    assert (books.redeemed_fen, books.shelf_fen, books.spent_fen) == (1_000, 1_000, 2_000)


def test_a_cost_falls_by_the_prices_when_it_is_said_after_the_day_is_closed(costs: Costs) -> None:
    """The bill is often written down in the evening: the prices of the last day hold then."""
    delivery, village = costs.receive((costs.salt, 10), (costs.rice, 2)), costs.village
    close_day(village.store, now=village.now, by=village.operator)
    set_delivery_cost(village.store, delivery, 10_001, now=village.now, by=village.operator)
    (salt,), (rice,) = costs.moves(costs.salt), costs.moves(costs.rice)
    assert (salt.cost, rice.cost) == (3_192, 6_809)


def test_the_shelf_has_its_cost_again_when_a_redemption_is_void(costs: Costs) -> None:
    """To the fen, thirds included."""
    costs.receive((costs.salt, 3), cost=1_000)
    void = costs.redeem(costs.salt, 1)
    village = costs.village
    void_redemption(village.store, void, now=village.now, by=village.operator)
    costs.redeem(costs.salt, 2)
    assert [(move.cause, move.quantity, move.cost) for move in costs.moves(costs.salt)] == [
        (Cause.RECEIVED, 3, 1_000), (Cause.REDEEMED, -1, -333), (Cause.BACK, 1, 333), (Cause.REDEEMED, -2, -667),
    ]  # fmt: skip
    books = costs.books()
    assert (books.redeemed_fen, books.shelf_fen) == (667, 333)


def test_returned_goods_are_on_the_shelf_or_lost_when_they_came_back(costs: Costs) -> None:
    """What is good goes to the shelf at its cost, what is broken is lost at its cost."""
    costs.receive((costs.salt, 10), cost=2_000)
    redemption, village = costs.redeem(costs.salt, 4), costs.village
    brought = (Brought(0, 1), Brought(0, 2, "waste", "damaged"))
    for each in brought:
        return_goods(village.store, redemption, (each,), now=village.now, by=village.operator)
    books = costs.books()
    assert (books.redeemed_fen, books.lost_fen, books.shelf_fen) == (200, 400, 1_400)


def test_lost_goods_are_a_term_of_their_own_when_they_leave_the_book(costs: Costs) -> None:
    """Spoiled with two signatures; found again by a count they come back at cost."""
    costs.receive((costs.salt, 10), cost=2_000)
    costs.lose(4)
    books = show_fund(costs.village.store).books
    assert (books.lost_fen, books.shelf_fen) == (800, 1_200)
    village = costs.village
    count_stock(village.store, costs.salt, 7, now=village.now, by=village.operator)
    books = costs.books()
    assert (books.lost_fen, books.shelf_fen) == (600, 1_400)


def test_goods_cost_nothing_when_they_were_there_before_the_first_delivery(costs: Costs) -> None:
    """What nobody knows the cost of goes out first."""
    village = costs.village
    count_stock(village.store, costs.salt, 5, now=village.now, by=village.operator)
    costs.receive((costs.salt, 5), cost=1_000)
    costs.redeem(costs.salt, 6)
    books = costs.books()
    assert (books.redeemed_fen, books.shelf_fen) == (200, 800)


def test_given_goods_stand_on_both_sides_when_somebody_says_what_they_are_worth(costs: Costs) -> None:
    """A donation costs the shop nothing and is worth something."""
    costs.receive((costs.rice, 2), source="donation", cost=5_400)
    costs.redeem(costs.rice, 1)
    books = costs.books()
    assert (books.given_fen, books.spent_fen, books.cash_fen) == (5_400, 0, 100_000)
    assert (books.shelf_fen, books.redeemed_fen) == (2_700, 2_700)


def test_goods_without_a_price_get_their_share_when_the_delivery_is_priced(costs: Costs) -> None:
    """Provisional goods weigh as much as the others on average."""
    village = costs.village
    name = "临时物品"
    item = register_provisional(village.store, "06990109900110", name, now=village.now, by=village.operator).item_id
    costs.receive((costs.salt, 10), (item, 10), cost=1_000)
    assert [move.cost for move in (*costs.moves(costs.salt), *costs.moves(item))] == [500, 500]


def test_a_cost_falls_on_all_alike_when_nobody_said_how(costs: Costs) -> None:
    """Deliveries of the first form of the fact, whose cost was one figure."""
    village = costs.village
    with village.store.write(now=village.now, by=village.operator) as act:
        act.append(GoodsReceived(seat=1, item=costs.salt, quantity=3))
        act.append(GoodsReceived(seat=1, item=costs.rice, quantity=1))
        first = act.append(DeliveryReceived(source="purchase", kinds=2, cost=501)).id
    assert [move.cost for move in (*costs.moves(costs.salt), *costs.moves(costs.rice))] == [251, 250]
    with village.store.write(now=village.now, by=village.operator) as act:
        act.append(DeliveryCostSet(delivery=first, cost=100))
    with village.store.read() as connection:
        (delivery,) = costed_deliveries(connection, VILLAGE)
    assert [goods.cost for goods in delivery.goods] == [50, 50]
    assert costs.books().spent_fen == 100


def test_a_delivery_is_refused_when_its_cost_cannot_be(costs: Costs) -> None:
    """A slip of the finger, before anything is written."""
    for cost in (-1, 100_000_001):
        with pytest.raises(Refused, match="number_out_of_range"):
            costs.receive((costs.salt, 1), cost=cost)
    assert costs.moves(costs.salt) == []


@given(cost=st.integers(0, 10**8), weights=st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_no_fen_is_lost_when_a_cost_is_split(cost: int, weights: list[int]) -> None:
    """The parts are the whole, none is below zero, and each is its share to a fen."""
    parts = split_cost(cost, weights)
    assert sum(parts) == cost
    assert min(parts) >= 0
    total = sum(weights)
    if total:
        assert all(abs(part * total - cost * weight) <= total for part, weight in zip(parts, weights, strict=True))


def test_the_split_said_last_holds_when_an_older_program_repeats_the_cost(costs: Costs) -> None:
    """A figure without a split that is the same figure: the goods keep theirs, here and in the separate program."""
    delivery = costs.receive((costs.salt, 10), (costs.rice, 2), cost=500)
    village = costs.village
    set_delivery_cost(village.store, delivery, 10_001, now=village.now, by=village.operator)
    with village.store.write(now=village.now, by=village.operator) as act:
        act.append(DeliveryCostSet(delivery=delivery, cost=10_001))
    assert [move.cost for move in costs.moves(costs.salt)] == [3_192]
    costs.redeem(costs.salt, 5)
    assert costs.books().redeemed_fen == 1_596
