"""The list of balances for an hour without power."""

from pathlib import Path

from kiosk.domain.balance_list import BalanceLine, GroupBalances, list_balances
from kiosk.domain.people import merge_household
from tests.village import Village


def test_the_list_has_who_has_points_when_some_have_none(tmp_path: Path) -> None:
    """By group and house, masked; who has nothing is only counted, who joined another household is not there."""
    village = Village(tmp_path / "desk")
    wang, li = village.household(3, 12, "王小明"), village.household(3, 2, "李秀")
    zhao, gone = village.household(1, 7, "赵国"), village.household(1, 8, "钱多")
    village.household(2, 1, "孙无")
    for household, points in ((wang, 4_250), (li, 50), (zhao, 300), (gone, 100)):
        village.award(household, points)
    merge_household(village.store, gone, zhao, now=village.now, by=village.operator)
    found = list_balances(village.store)
    assert found.groups == (
        GroupBalances(1, (BalanceLine(7, "赵*", 400),)),
        GroupBalances(3, (BalanceLine(2, "李*", 50), BalanceLine(12, "王*明", 4_250))),
    )
    assert (found.households, found.points, found.without) == (3, 4_700, 1)
    village.close()
