"""The shelf: deliveries come in whole, counts raise the book alone and lower it with a second signature."""

from pathlib import Path

import pytest

from db.facts.shop import LoweringReason
from db.invariants import find_faults
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.delivery import Arrived, open_deliveries, receive_delivery, set_delivery_cost
from kiosk.domain.goods import Goods, items_to_count, set_best_before, show_goods
from kiosk.domain.period import close_day
from kiosk.domain.shop import redeem_basket
from kiosk.domain.stock import Counted, count_shelf, watch_stock, write_off
from kiosk.domain.terminal import add_operator
from kiosk.domain.waiting import Signature, approve_request, decline_request, list_requests
from kiosk.errors import NotAllowed, Refused
from tests.ledger import new_store
from tests.recomputed import recompute
from tests.village import DAY, VILLAGE, Village


class Shelf:
    """A village with salt and rice in its list of goods, Wang with 42 points, a volunteer and a supervisor."""

    def __init__(self, folder: Path) -> None:
        """Lay it out."""
        self.village = village = Village(folder)
        self.wang = village.household(3, 12, "王明")
        village.award(self.wang, 4_200)
        self.salt = village.goods("食盐", "06990103300302", 300)
        self.rice = village.goods("大米", "06990102203000", 3_200)
        by = village.operator
        self.helper = add_operator(village.store, "李红", "attendant", now=village.now, by=by).operator_id
        self.supervisor = add_operator(village.store, "赵监督", "supervisor", now=village.now, by=by)

    def goods(self, item_id: int) -> Goods:
        """Goods as the till shows them."""
        with self.village.store.read() as connection:
            return show_goods(connection, VILLAGE, item_id, DAY)

    def receive(self, *arrived: Arrived, cost: int | None = None) -> bool:
        """Take a delivery in; say whether its cost is to follow."""
        village = self.village
        done = receive_delivery(village.store, arrived, "purchase", cost, now=village.now, by=self.helper)
        return done.is_cost_open

    def redeem(self, quantity: int) -> None:
        """Hand salt out to Wang."""
        village, basket = self.village, (BasketLine(self.salt, quantity),)
        redeem_basket(village.store, Holder(self.wang, "card"), basket, now=village.now, by=self.helper)

    def count(self, counted: int, seen: int) -> Counted:
        """Count salt when the book had `seen`."""
        village = self.village
        return count_shelf(village.store, self.salt, counted, seen, now=village.now, by=self.helper)

    def write_off(self, quantity: int, reason: LoweringReason) -> None:
        """Ask that salt leaves the book."""
        village = self.village
        write_off(village.store, self.salt, quantity, reason, now=village.now, by=self.helper)

    def sign(self) -> None:
        """Let the supervisor approve what waits."""
        village = self.village
        (request,) = list_requests(village.store)
        signature = Signature(self.supervisor.badge, is_verified=False)
        approve_request(village.store, request.request_id, signature, now=village.now, by=self.helper)

    def agrees(self, folder: Path) -> bool:
        """Whether the separate program finds the same shelf and nothing broken."""
        found = recompute(self.village.store, folder)
        with self.village.store.read() as connection:
            faults = list(find_faults(connection, VILLAGE))
        stocks = {item: self.goods(item).stock for item in found.stock}
        return (stocks, found.faults, faults) == (found.stock, [], [])


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """The shelf of this shop."""
    return Shelf(tmp_path / "desk")


def test_the_shelf_has_more_when_a_delivery_came(shelf: Shelf, tmp_path: Path) -> None:
    """Two kinds, one with its day; the cost follows, and is noted later."""
    assert shelf.receive(Arrived(shelf.salt, 40, "2027-06-30"), Arrived(shelf.rice, 6))
    assert (shelf.goods(shelf.salt).stock, shelf.goods(shelf.salt).best_before) == (40, "2027-06-30")
    assert shelf.goods(shelf.rice).stock == 6
    village = shelf.village
    (waiting,) = open_deliveries(village.store)
    assert (waiting.kinds, waiting.day) == (2, DAY)
    set_delivery_cost(village.store, waiting.delivery_id, 25_600, now=village.now, by=shelf.helper)
    assert open_deliveries(village.store) == ()
    assert shelf.agrees(tmp_path)


def test_nothing_waits_when_the_cost_came_with_the_goods(shelf: Shelf) -> None:
    """Nobody is asked twice."""
    assert not shelf.receive(Arrived(shelf.salt, 40), cost=8_000)
    assert open_deliveries(shelf.village.store) == ()


def test_the_earliest_day_stays_when_fresher_goods_come(shelf: Shelf) -> None:
    """What is sold first is what ends first; on an empty shelf the new day holds."""
    shelf.receive(Arrived(shelf.salt, 2, "2027-06-30"))
    shelf.receive(Arrived(shelf.salt, 2, "2027-09-30"))
    assert shelf.goods(shelf.salt).best_before == "2027-06-30"
    shelf.redeem(4)
    shelf.receive(Arrived(shelf.salt, 2, "2027-12-31"))
    assert shelf.goods(shelf.salt).best_before == "2027-12-31"


def test_nothing_of_a_delivery_is_written_when_a_part_of_it_cannot_be(shelf: Shelf) -> None:
    """A day that has passed, no pieces, too many, nothing at all, a day that is closed."""
    village = shelf.village
    for code, arrived in (
        ("best_before_passed", (Arrived(shelf.salt, 1), Arrived(shelf.rice, 1, "2026-01-01"))),
        ("number_out_of_range", (Arrived(shelf.salt, 1), Arrived(shelf.rice, 0))),
        ("number_out_of_range", (Arrived(shelf.salt, 1_000_000),)),
        ("item_unknown", (Arrived(shelf.salt, 1), Arrived(7, 1))),
        ("delivery_empty", ()),
    ):
        with pytest.raises(Refused, match=code):
            shelf.receive(*arrived)
        assert shelf.goods(shelf.salt).stock == 0
    with pytest.raises(Refused, match="delivery_unknown"):
        set_delivery_cost(village.store, 7, 100, now=village.now, by=shelf.helper)
    with pytest.raises(NotAllowed, match="right_missing"):
        receive_delivery(
            village.store, [Arrived(shelf.salt, 1)], "donation", now=village.now, by=shelf.supervisor.operator_id
        )
    close_day(village.store, now=village.now, by=village.operator)
    with pytest.raises(Refused, match="day_not_open"):
        shelf.receive(Arrived(shelf.salt, 1))


def test_the_book_is_right_at_once_when_more_lies_on_the_shelf(shelf: Shelf, tmp_path: Path) -> None:
    """Nobody must sign for goods that are there; what was over the book is counted now."""
    shelf.redeem(1)
    assert [each.item_id for each in items_to_count(shelf.village.store)] == [shelf.salt]
    counted = shelf.count(9, seen=-1)
    assert (counted.booked, counted.counted, counted.waits) == (-1, 9, False)
    assert shelf.goods(shelf.salt).stock == 9
    assert items_to_count(shelf.village.store) == ()
    assert shelf.agrees(tmp_path)


def test_a_count_reckons_with_what_was_sold_when_the_shop_stays_open(shelf: Shelf) -> None:
    """Somebody counts ten, two are sold before the number is typed: eight are left."""
    shelf.receive(Arrived(shelf.salt, 10))
    shelf.redeem(2)
    shelf.count(10, seen=10)
    assert shelf.goods(shelf.salt).stock == 8


def test_the_book_waits_for_a_signature_when_less_lies_on_the_shelf(shelf: Shelf, tmp_path: Path) -> None:
    """The volunteer is alone; what is sold meanwhile stays sold."""
    shelf.receive(Arrived(shelf.salt, 10))
    assert shelf.count(7, seen=10).waits
    assert shelf.goods(shelf.salt).stock == 10
    (request,) = list_requests(shelf.village.store)
    assert (request.kind, request.quantity, request.reason_code) == ("stock_lowering", 3, "counted")
    assert request.goods is not None
    assert request.goods.name == "食盐"
    shelf.redeem(2)
    shelf.sign()
    assert shelf.goods(shelf.salt).stock == 5
    assert shelf.agrees(tmp_path)


def test_the_book_stays_when_a_write_off_is_declined(shelf: Shelf) -> None:
    """Spoiled goods leave the book when somebody else has seen them too."""
    shelf.receive(Arrived(shelf.salt, 10))
    shelf.write_off(4, "damaged")
    village = shelf.village
    (request,) = list_requests(village.store)
    decline_request(village.store, request.request_id, now=village.now, by=village.operator)
    assert shelf.goods(shelf.salt).stock == 10
    shelf.write_off(4, "expired")
    shelf.sign()
    assert shelf.goods(shelf.salt).stock == 6


def test_nothing_is_watched_when_no_day_was_ever_opened() -> None:
    """A new village looks at its shelf before it opens the shop for the first time."""
    assert watch_stock(new_store(300)) == ()


def test_goods_are_watched_when_they_end_soon_or_run_out(shelf: Shelf) -> None:
    """Out of date first, then soon, then soon gone; what nobody takes is no worry."""
    village = shelf.village
    shelf.receive(Arrived(shelf.salt, 10), Arrived(shelf.rice, 3, "2026-12-01"))
    assert [(each.goods.name, each.is_expired) for each in watch_stock(village.store)] == [("大米", False)]
    shelf.redeem(8)
    found = {each.goods.name: each for each in watch_stock(village.store)}
    assert (found["食盐"].is_low, found["食盐"].used, found["大米"].is_low) == (True, 8, False)
    set_best_before(village.store, shelf.salt, "2026-01-01", now=village.now, by=village.operator)
    assert [each.goods.name for each in watch_stock(village.store)] == ["食盐", "大米"]
    assert watch_stock(village.store)[0].is_expired
