"""Goods brought to an elder's door: said with two keys, off the list by the slip that comes back signed."""

from pathlib import Path

import pytest

from tests.kiosk.screens.till.counter import RICE, SALT, Shop, shop_in


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop of its own."""
    return shop_in(tmp_path / "shop")


async def test_goods_are_on_their_way_until_the_slip_comes_back_when_they_are_brought_home(shop: Shop) -> None:
    """Card, goods, / and its digit, confirm; later the slip, and who went."""
    async with shop.till() as counter:
        await counter.scan(shop.wang_card, RICE)
        await counter.press("slash", "2")
        assert counter.shows("王明家  3组12号  送货上门", "确认后出送货单")
        await counter.press("slash", "2")
        assert counter.shows("自己带走")
        await counter.press("slash", "2", "plus")
        await counter.settle()
        done = counter.screen.till_state.done
        assert done is not None
        assert done.holder.is_to_deliver
        await counter.at.until(lambda: counter.screen.beside.on_the_way == 1)
        await counter.scan(done.slip_code)
        await counter.press("1", "1")
        await counter.at.until(lambda: counter.screen.beside.on_the_way == 0)
        assert counter.shows("已送到")
        await counter.scan(shop.wang_card, SALT)
        await counter.press("plus")
        await counter.settle()
        assert counter.screen.beside.on_the_way == 0
