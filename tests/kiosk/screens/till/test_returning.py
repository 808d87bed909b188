"""A slip that comes back to the counter: goods returned by digits, printed, and what the till says of it."""

from pathlib import Path

import pytest

from kiosk.domain.redemption import redemptions_of_day, show_redemption
from kiosk.domain.statement import show_account
from kiosk.locale.entry import what_of
from kiosk.screens.till.state import Phase
from tests.kiosk.screens.till.counter import SALT, SOAP, Counter, Shop, points_of, shop_in
from tests.recomputed import recompute
from tests.slips import slips_of


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop of its own."""
    return shop_in(tmp_path / "shop")


def slip_of(counter: Counter) -> str:
    """The sixteen digits of the last slip."""
    return show_redemption(counter.store, redemptions_of_day(counter.store)[0].redemption_id).redeemed.slip_code


async def test_goods_come_back_when_a_slip_is_scanned_and_digits_say_what(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of three bags to the shelf, the soap to waste because it is broken; it comes on paper too."""
    async with shop.till() as counter:
        slips = slips_of(counter.at, monkeypatch)
        await counter.scan(shop.wang_card, SALT, SOAP)
        await counter.press("2", "asterisk")
        await counter.scan(SALT)
        await counter.press("plus", "minus", "minus")
        assert counter.screen.till_state.phase is Phase.IDLE
        await counter.scan(slip_of(counter))
        assert counter.shows("王明：要做什么？按数字", "退货（几样）", "整单作废", "重打小票")
        await counter.press("1")
        assert counter.shows("退货  0123-1-000001", "食盐  可退3袋", "香皂  可退1块")
        await counter.press("plus")
        assert counter.at.refusal() == "return_empty"
        await counter.press("1")
        assert counter.shows("食盐 退多少？最多3袋")
        await counter.press("1", "plus", "1")
        assert counter.shows("食盐  退1袋 放回货架  3分")
        await counter.press("2", "2", "2")
        assert counter.shows("香皂  退1块 报损  2.5分")
        await counter.press("plus")
        await counter.at.until(lambda: counter.shows("已退货，退5.5分"))
        await counter.settle()
        assert [word for word in ("退货单", "0123-1-000001", "报损：损坏", "5.5") if word not in slips[-1]] == []
        texts = counter.at.app.station.texts
        entries = show_account(counter.store, shop.wang).entries[:2]
        assert {(what_of(entry, texts), entry.points) for entry in entries} == {("退货 食盐", 300), ("退货 香皂", 250)}
        found = recompute(counter.store, tmp_path)
    assert points_of(shop, shop.wang) == found.balances[shop.wang] == 4_200 - 1_150 + 550
    assert found.faults == []


async def test_nothing_comes_back_when_its_question_is_gone_back_from(shop: Shop) -> None:
    """A line that was chosen is left again by its digit; minus leaves everything as it was."""
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, SALT)
        await counter.press("plus", "minus", "minus", "slash", "3", "1", "1")
        await counter.press("1", "1")
        assert counter.shows("退1袋 放回货架")
        await counter.press("1")
        assert counter.shows("食盐  可退1袋")
        await counter.press("minus")
        assert counter.screen.till_state.phase is Phase.IDLE
    assert points_of(shop, shop.wang) == 3_900
