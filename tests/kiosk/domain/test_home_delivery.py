"""Goods brought to the door: on a list until somebody says who went, and on paper with a place to sign."""

from copy import copy
from pathlib import Path

import pytest

from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.day_waits import what_waits
from kiosk.domain.home_delivery import confirm_delivery, count_undelivered, undelivered
from kiosk.domain.operators import end_operator
from kiosk.domain.period import close_day, open_day
from kiosk.domain.redemption import show_redemption
from kiosk.domain.returning import Brought, return_goods
from kiosk.domain.shop import Redeemed, redeem_basket
from kiosk.domain.terminal import add_operator
from kiosk.domain.void import void_redemption
from kiosk.errors import NotAllowed, Refused
from kiosk.locale import Texts
from kiosk.paper.delivery_slip import delivery_slip
from kiosk.paper.elements import Code128
from kiosk.paper.slip_content import redemption_content
from tests.recomputed import recompute
from tests.village import DAY, Village


class Shop:
    """A village that sells rice; Wang is old and has 42 points; Li Hong is a volunteer."""

    def __init__(self, folder: Path) -> None:
        """Lay it out."""
        self.village = village = Village(folder)
        self.wang = village.household(3, 12, "王明")
        village.award(self.wang, 4_200)
        self.rice = village.goods("大米", "06990102203000", 300)
        helper = add_operator(village.store, "李红", "attendant", now=village.now, by=village.operator)
        self.helper = helper.operator_id

    def redeem(self, *, is_to_deliver: bool = True) -> Redeemed:
        """Hand rice out, to be brought to the door."""
        holder = Holder(self.wang, "card", is_to_deliver=is_to_deliver)
        basket = (BasketLine(self.rice, 2),)
        return redeem_basket(self.village.store, holder, basket, now=self.village.now, by=self.helper)

    def confirm(self, redemption_id: int, deliverer: int | None = None) -> None:
        """Li Hong went, unless it was somebody else."""
        village = self.village
        confirm_delivery(village.store, redemption_id, deliverer or self.helper, now=village.now, by=village.operator)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop that is laid out once."""
    return Shop(tmp_path_factory.mktemp("made"))


@pytest.fixture
def shop(made: Shop, tmp_path: Path) -> Shop:
    """A shop of its own for each test."""
    own = copy(made)
    own.village = made.village.copied(tmp_path / "desk")
    return own


def test_goods_wait_on_the_list_until_somebody_brought_them_when_they_are_to_be_delivered(
    shop: Shop, tmp_path: Path
) -> None:
    """Over the close of the day, which counts them; then they are off the list, once."""
    made, store = shop.redeem(), shop.village.store
    shop.redeem(is_to_deliver=False)
    (waiting,) = undelivered(store)
    assert (waiting.redemption_id, waiting.day, waiting.household.name, waiting.points) == (
        made.redemption_id, DAY, "王明", 600,
    )  # fmt: skip
    assert recompute(store, tmp_path).village["undelivered"] == [made.redemption_id]
    close_day(store, now=shop.village.now, by=shop.village.operator)
    assert what_waits(store).deliveries == 1
    with pytest.raises(Refused, match="day_not_open"):
        shop.confirm(made.redemption_id)
    open_day(store, "2026-11-23", now=shop.village.now, by=shop.village.operator)
    shop.confirm(made.redemption_id)
    assert (undelivered(store), count_undelivered(store)) == ((), 0)
    with pytest.raises(Refused, match="delivery_not_awaited"):
        shop.confirm(made.redemption_id)
    assert recompute(store, tmp_path).village["undelivered"] == []


def test_goods_are_off_the_list_when_all_of_them_came_back(shop: Shop, tmp_path: Path) -> None:
    """One of two bags is still to be brought; without any nobody has to go."""
    made, village = shop.redeem(), shop.village
    for waiting in ([made.redemption_id], []):
        return_goods(village.store, made.redemption_id, (Brought(0, 1),), now=village.now, by=shop.helper)
        assert [each.redemption_id for each in undelivered(village.store)] == waiting
        assert recompute(village.store, tmp_path).village["undelivered"] == waiting


def test_nothing_is_to_be_brought_when_the_redemption_is_void_or_was_taken_along(shop: Shop) -> None:
    """And nobody who has left the desk went."""
    made, taken = shop.redeem(), shop.redeem(is_to_deliver=False)
    village = shop.village
    with pytest.raises(Refused, match="delivery_not_awaited"):
        shop.confirm(taken.redemption_id)
    end_operator(village.store, shop.helper, now=village.now, by=village.operator)
    with pytest.raises(NotAllowed, match="operator_not_active"):
        shop.confirm(made.redemption_id, shop.helper)
    void_redemption(village.store, made.redemption_id, now=village.now, by=village.operator)
    assert undelivered(village.store) == ()


def test_a_second_slip_goes_with_the_goods_when_they_are_to_be_brought(shop: Shop) -> None:
    """Place, goods, a place to sign, and the code by which it is taken off the list."""
    shown = show_redemption(shop.village.store, shop.redeem().redemption_id)
    assert (shown.is_on_the_way, shown.redeemed.holder.is_to_deliver) == (True, True)
    printed = delivery_slip(redemption_content(shown, "云岭村", "3组12号"), Texts("zh_CN"))
    assert Code128(shown.redeemed.slip_code) in printed
    assert all(words in repr(printed) for words in ("送货单", "3组12号", "大米", "2袋", "签字"))
