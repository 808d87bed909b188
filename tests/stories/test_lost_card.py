"""A card is lost: the volunteer gives a new one by scanner and number pad, the secretary signs, the old one turns up.

Actions are counted from the menu back to the menu; the target is four to nine.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from kiosk.domain.waiting import count_waiting
from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.test_card_desk import Drawer, missing
from tests.recomputed import Recomputed, recompute
from tests.screens import Desk

NUMBER_PAD: Final = frozenset("0123456789") | {"plus", "minus", "asterisk", "slash", "full_stop"}
FEWEST: Final = 4
MOST: Final = 9


@dataclass
class Hands:
    """A scanner and a number pad, nothing else; each scan and each key is one action."""

    at: Desk
    actions: int = 0

    async def scan(self, text: str) -> None:
        """Scan a code."""
        self.actions += 1
        await self.at.scan(text)

    async def press(self, *names: str) -> None:
        """Press keys of the number pad."""
        assert set(names) <= NUMBER_PAD
        self.actions += len(names)
        await self.at.keys(*names)


@pytest.fixture
def drawer(tmp_path: Path) -> Drawer:
    """Wang Ming's card is lost; 42 points are on the account and three blank cards in the drawer."""
    return office_in(tmp_path / "desk", Drawer)


def state_of(found: Recomputed, number: str) -> list[str]:
    """The states of every card that ever had a number, as the separate program finds them."""
    return sorted(row["state"] for row in found.village["cards"] if row["number"] == number)


@pytest.mark.parametrize("way", ["number pad", "household book", "reported first", "blank card first"])
async def test_new_card_is_given_in_four_to_nine_actions_when_the_old_one_is_lost(
    drawer: Drawer, tmp_path: Path, way: str
) -> None:
    """In any order: the old card is dead at once, the new one works at once, the points are what they were."""
    async with drawer.at_desk("home", by=drawer.helper.operator_id) as at:
        hands = Hands(at)
        await hands.press("3")
        if way == "number pad":
            await hands.press("3", "1", "2", "plus", "2", "2")
            await hands.scan(drawer.blank)
        elif way == "household book":
            await hands.scan(drawer.book[0])
            await hands.press("2", "2")
            await hands.scan(drawer.blank)
        elif way == "reported first":
            await hands.scan(drawer.book[0])
            await hands.press("2", "1", "1")
            await hands.scan(drawer.blank)
        else:
            await hands.scan(drawer.blank)
            await hands.scan(drawer.book[0])
            await hands.press("2", "plus")
        assert missing(at, "旧卡已停用·新卡可用·42分没变") == []
        await hands.press("minus")
        assert missing(at, "要做什么") == []
        assert FEWEST <= hands.actions <= MOST
    found = recompute(drawer.store, tmp_path)
    assert found.faults == []
    assert found.balances[drawer.wang] == 4_200
    assert state_of(found, drawer.card_number) == ["replaced"]
    assert state_of(found, drawer.blank) == ["live", "stopped"]
    assert drawer.held(drawer.blank) == (drawer.wang, drawer.ming)


async def test_person_is_told_where_to_go_when_the_old_card_turns_up(drawer: Drawer, tmp_path: Path) -> None:
    """At the till it opens nothing; at the card desk it is taken back; the new one goes on working."""
    async with drawer.at_desk("home", by=drawer.helper.operator_id) as at:
        hands = Hands(at)
        await hands.press("3", "3", "1", "2", "plus", "2", "2")
        await hands.scan(drawer.blank)
        await hands.press("minus")
        await hands.scan(drawer.card_number)
        assert at.refusal() == "card_not_live.replaced"
        assert missing(at, "收回") == []
        await hands.scan(drawer.blank)
        assert missing(at, "王明家", "3组12号") == []
        await hands.press("minus", "minus")
        await hands.press("3")
        await hands.scan(drawer.card_number)
        await hands.press("1", "plus")
        assert missing(at, "卡已收回：王明") == []
    found = recompute(drawer.store, tmp_path)
    assert (state_of(found, drawer.card_number), found.faults) == (["returned"], [])
    assert drawer.held(drawer.blank) == (drawer.wang, drawer.ming)


@pytest.mark.parametrize(
    ("key", "new", "old"), [("plus", ["live", "stopped"], "replaced"), ("slash", ["stopped"], "lost")]
)
async def test_secretary_signs_with_one_key_when_the_new_card_is_in_use(
    drawer: Drawer, tmp_path: Path, key: str, new: list[str], old: str
) -> None:
    """Yes leaves everything as it is; no stops the new card, and the old one can be found again."""
    async with drawer.at_desk("card_desk", by=drawer.helper.operator_id) as at:
        await at.scan(drawer.book[0])
        await at.keys("2", "2")
        await at.scan(drawer.blank)
    assert count_waiting(drawer.store) == 1
    async with drawer.at_desk("waiting_list", by=drawer.secretary) as at:
        hands = Hands(at)
        await hands.press(key)
        assert hands.actions == 1
    assert count_waiting(drawer.store) == 0
    found = recompute(drawer.store, tmp_path)
    assert set(state_of(found, drawer.blank)) == set(new)
    assert state_of(found, drawer.card_number) == [old]
    assert found.faults == []
