"""What to order: from use, shelf and wishes, in boxes where a box has a code."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from db.facts.shop import GoodsWished
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.delivery import Arrived, receive_delivery
from kiosk.domain.enquiry import ask_price
from kiosk.domain.goods import NewItem, find_items, register_item
from kiosk.domain.ordering import Order, add_code, note_wish, propose_order
from kiosk.domain.period import close_day, open_day
from kiosk.domain.shop import redeem_basket
from kiosk.domain.terminal import add_operator
from kiosk.errors import NotAllowed, Refused
from kiosk.locale import Texts
from kiosk.sheets.load import load_grids
from kiosk.sheets.order_tab import write_order
from tests.recomputed import recompute
from tests.village import DAY, VILLAGE, Village

SALT = "06990103300302"
SALT_BOX = "16990103300309"
UNKNOWN = "06990109900110"


class Shop:
    """A village with forty bags of salt, some soap, potatoes by weight, and Wang with plenty of points."""

    def __init__(self, folder: Path) -> None:
        """Lay it out."""
        self.village = village = Village(folder)
        self.wang = village.household(3, 12, "王明")
        village.award(self.wang, 100_000)
        self.salt = village.goods("食盐", SALT, 300)
        self.soap = village.goods("肥皂", "06990102200207", 300)
        item = NewItem("土豆", "公斤", ("02100042000000",), 200)
        self.potatoes = register_item(village.store, item, now=village.now, by=village.operator)
        self.receive(self.salt, 40)
        self.receive(self.potatoes, 5_000)

    def receive(self, item: int, quantity: int) -> None:
        """Take goods in."""
        village, goods = self.village, [Arrived(item, quantity)]
        receive_delivery(village.store, goods, "donation", now=village.now, by=village.operator)

    def redeem(self, item: int, quantity: int) -> None:
        """Hand goods out."""
        village, basket = self.village, (BasketLine(item, quantity),)
        redeem_basket(village.store, Holder(self.wang, "card"), basket, now=village.now, by=village.operator)

    def add(self, item: int, code: str, quantity: int = 1) -> None:
        """Add a code."""
        add_code(self.village.store, item, code, quantity, now=self.village.now, by=self.village.operator)

    def wish(self, **wish: object) -> None:
        """Somebody wishes something."""
        body = GoodsWished.model_validate(wish)
        note_wish(self.village.store, body, now=self.village.now, by=self.village.operator)

    def later(self, days: int) -> None:
        """Open a later day."""
        village, day = self.village, (date.fromisoformat(DAY) + timedelta(days)).isoformat()
        close_day(village.store, now=village.now, by=village.operator)
        open_day(village.store, day, now=village.now, by=village.operator)

    @property
    def order(self) -> Order:
        """What to order now."""
        return propose_order(self.village.store)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """The shop of this village."""
    return Shop(tmp_path / "desk")


def test_an_order_fills_the_shelf_for_four_weeks_when_goods_went_out(shop: Shop) -> None:
    """Thirty-two in eight weeks are sixteen in four, eight are there; potatoes are rounded to whole kilograms."""
    shop.redeem(shop.salt, 32)
    shop.redeem(shop.potatoes, 4_600)
    salt, potatoes = sorted(shop.order.proposed, key=lambda each: each.goods.item_id)
    assert (salt.quantity, salt.boxes, salt.used) == (8, 0, 32)
    assert potatoes.quantity == 2_000
    assert [each.goods.name for each in shop.order.proposed] == ["土豆", "食盐"]
    shop.receive(shop.salt, 8)
    assert [each.goods.name for each in shop.order.proposed] == ["土豆"]


def test_an_order_is_in_boxes_when_a_box_has_a_code(shop: Shop, tmp_path: Path) -> None:
    """Eight bags are one box of twenty; a scan of the box is twenty bags."""
    shop.redeem(shop.salt, 32)
    shop.add(shop.salt, SALT_BOX, 20)
    (salt,) = shop.order.proposed
    assert (salt.quantity, salt.boxes, salt.per_box) == (20, 1, 20)
    store = shop.village.store
    assert [goods.pieces for code in (SALT_BOX, SALT) for goods in ask_price(store, code)] == [20, 1]
    with store.read() as connection:
        assert find_items(connection, VILLAGE, SALT_BOX) == [shop.salt]
    boxes = recompute(store, tmp_path).village["boxes"]
    assert boxes == [{"item": shop.salt, "code": SALT_BOX, "quantity": 20}]


def test_a_further_code_is_no_box_when_one_unit_lies_behind_it(shop: Shop) -> None:
    """A kilogram is a thousand grams in the book and one to whoever carries it: it is ordered and handed out so."""
    shop.redeem(shop.potatoes, 4_600)
    shop.add(shop.potatoes, SALT_BOX, 1_000)
    (potatoes,) = shop.order.proposed
    assert (potatoes.quantity, potatoes.boxes) == (2_000, 0)
    (goods,) = ask_price(shop.village.store, SALT_BOX)
    assert not goods.is_box


def test_nothing_is_proposed_when_nobody_took_anything_for_eight_weeks(shop: Shop) -> None:
    """What was used in summer is no pace of winter."""
    shop.redeem(shop.salt, 40)
    shop.later(57)
    assert shop.order.proposed == ()


def test_wishes_are_counted_when_people_ask(shop: Shop, tmp_path: Path) -> None:
    """Goods of the list come into the order, others stand beside it; what came since is no wish any more."""
    shop.wish(item=shop.soap)
    shop.wish(item=shop.soap)
    shop.wish(code=UNKNOWN)
    shop.wish(sort="seeds")
    order = shop.order
    assert [(each.goods.name, each.quantity, each.wishes) for each in order.proposed] == [("肥皂", 2, 2)]
    assert [(each.code, each.sort, each.wishes) for each in order.wished] == [(UNKNOWN, None, 1), (None, "seeds", 1)]
    found = recompute(shop.village.store, tmp_path)
    assert [row["count"] for row in found.village["wishes"]] == [2, 1, 1]
    assert found.faults == []
    shop.add(shop.salt, UNKNOWN)
    shop.receive(shop.soap, 5)
    assert [(each.sort, each.wishes) for each in shop.order.wished] == [("seeds", 1)]
    assert shop.order.proposed == ()
    shop.later(181)
    assert shop.order.wished == ()


def test_an_order_can_be_taken_along_when_it_is_written(shop: Shop, tmp_path: Path) -> None:
    """Read back with the reader of imports."""
    shop.redeem(shop.salt, 32)
    shop.add(shop.salt, SALT_BOX, 20)
    shop.wish(sort="tools")
    write_order(tmp_path / "o.xlsx", shop.order, DAY, Texts())
    (grid,) = load_grids(tmp_path / "o.xlsx")
    assert grid.rows[1:] == [
        ["物品", "单位", "要进", "箱", "一箱几件", "现有", "八周用量", "想要的人"],
        ["食盐", "袋", 20.0, 1.0, 20.0, 8.0, 32.0, 0.0],
        ["农具工具", "", "", "", "", "", "", 1.0],
    ]


def test_codes_and_wishes_are_refused_when_they_cannot_be(shop: Shop) -> None:
    """A code of other goods, nothing in a box, nothing wished, two things at once, somebody who may not."""
    village = shop.village
    for code, quantity, refusal in ((SALT, 1, "code_taken"), (UNKNOWN, 0, "number_out_of_range")):
        with pytest.raises(Refused, match=refusal):
            shop.add(shop.soap, code, quantity)
    with pytest.raises(Refused, match="item_unknown"):
        shop.add(7, UNKNOWN)
    for wish, refusal in (
        ({}, "wish_empty"),
        ({"item": 7, "sort": "seeds"}, "wish_empty"),
        ({"item": 7}, "item_unknown"),
    ):
        with pytest.raises(Refused, match=refusal):
            shop.wish(**wish)
    helper = add_operator(village.store, "李红", "attendant", now=village.now, by=village.operator).operator_id
    with pytest.raises(NotAllowed, match="right_missing"):
        add_code(village.store, shop.soap, UNKNOWN, now=village.now, by=helper)
    close_day(village.store, now=village.now, by=village.operator)
    with pytest.raises(Refused, match="day_not_open"):
        shop.wish(sort="seeds")
