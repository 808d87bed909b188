"""Somebody else collects: at most n + 8 actions, by card, from the household's list, or from another household's."""

from pathlib import Path

import pytest

from tests.kiosk.screens.till.counter import SALT, SOAP, Shop, points_of, shop_in

AT_THE_PLACE = ("3", "plus", "1", "2", "plus", "3")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop of its own."""
    return shop_in(tmp_path / "shop")


async def test_a_neighbour_collects_in_eight_actions_when_her_card_is_scanned(shop: Shop) -> None:
    """Group, house, why, her card, two goods, confirm; the screen names both."""
    async with shop.till() as counter:
        await counter.press(*AT_THE_PLACE)
        assert counter.shows("谁替 王明家  3组12号 领？", "刷代领人的卡", "1  王明", "2  陈芳", "3  别的户的人")
        await counter.scan(shop.li_card)
        assert counter.shows("王明家  3组12号  李秀代领")
        await counter.scan(SALT, SOAP)
        await counter.press("plus")
        await counter.settle()
        assert counter.actions == 2 + 8
        assert counter.shows("已兑换5.5分", "李秀代领")
    assert points_of(shop, shop.wang) == 4_200 - 550


async def test_a_name_is_chosen_when_whoever_collects_has_no_card_either(shop: Shop) -> None:
    """From the list of the household by one digit, or from another household's; going back names nobody."""
    async with shop.till() as counter:
        await counter.press(*AT_THE_PLACE, "2")
        assert counter.shows("陈芳代领")
        await counter.press("minus", *AT_THE_PLACE, "3", "3", "1", "3", "plus", "1")
        assert counter.shows("王明家  3组12号  李秀代领")
        await counter.press("minus", *AT_THE_PLACE, "minus")
        assert counter.screen.till_state.holder is None
