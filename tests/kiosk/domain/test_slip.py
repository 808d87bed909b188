"""Slips as a debt: owed, settled, gone on without, and when one is a copy."""

from pathlib import Path

import pytest

from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.redemption import show_redemption
from kiosk.domain.shop import redeem_basket
from kiosk.domain.slip import settle_slip, slips_owed, waive_slips
from tests.village import Village


@pytest.fixture
def village(tmp_path: Path) -> Village:
    """A village."""
    return Village(tmp_path / "desk")


@pytest.fixture
def redeemed(village: Village) -> list[int]:
    """Three redemptions."""
    wang = village.household(3, 12, "王明")
    village.award(wang, 4_200)
    basket = (BasketLine(village.goods("食盐", "06990103300302", 300), 1),)
    holder = Holder(wang, "card")
    return [
        redeem_basket(village.store, holder, basket, now=village.now, by=village.operator).redemption_id
        for _ in range(3)
    ]


def test_slips_are_owed_in_their_order_when_none_was_printed(village: Village, redeemed: list[int]) -> None:
    """The oldest is printed first; one that came out is owed no more."""
    assert list(slips_owed(village.store)) == redeemed
    settle_slip(village.store, redeemed[1], now=village.now, by=village.operator)
    assert list(slips_owed(village.store)) == [redeemed[0], redeemed[2]]


def test_a_slip_is_a_copy_only_when_it_was_on_paper_before(village: Village, redeemed: list[int]) -> None:
    """A first print after a failure is no copy, however many attempts there were; nor is one gone on without."""
    settle_slip(village.store, redeemed[0], now=village.now, by=village.operator)
    waive_slips(village.store, redeemed[1], now=village.now, by=village.operator)
    assert [show_redemption(village.store, each).is_copy for each in redeemed] == [True, False, False]
    settle_slip(village.store, redeemed[1], now=village.now, by=village.operator)
    assert show_redemption(village.store, redeemed[1]).is_copy


def test_nobody_waits_for_slips_that_were_gone_on_without_when_listed(village: Village, redeemed: list[int]) -> None:
    """The queue moves on; the redemptions stay."""
    waive_slips(village.store, *redeemed[:2], now=village.now, by=village.operator)
    assert slips_owed(village.store) == (redeemed[2],)
    assert show_redemption(village.store, redeemed[0]).redeemed.points == 300
