"""Points for a morning's work: a pile of cards, a place at a university, and the secretary's signature."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.domain.waiting import count_waiting
from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.office_desk import StaffedOffice
from tests.recomputed import recompute
from tests.screens import Desk

HOUSEHOLDS = 6


@dataclass
class Hands:
    """A scanner and a number pad; each scan and each key is one action."""

    at: Desk
    actions: int = 0

    async def scan(self, *texts: str) -> None:
        """Scan codes."""
        self.actions += len(texts)
        await self.at.scan(*texts)

    async def press(self, *names: str) -> None:
        """Press keys."""
        self.actions += len(names)
        await self.at.keys(*names)


@pytest.fixture
def office(tmp_path: Path) -> StaffedOffice:
    """The office of the screens."""
    return office_in(tmp_path / "desk", StaffedOffice)


async def test_two_and_n_actions_award_an_item_when_n_households_swept_the_lane(
    office: StaffedOffice, tmp_path: Path
) -> None:
    """The item's digit, n cards, +; the separate program finds five points on every account."""
    swept = [office.household(5, house, f"赵{house}") for house in range(1, HOUSEHOLDS + 1)]
    cards = [office.card(office.person(household, "赵家人")).number for household in swept]
    async with office.at_desk("award", by=office.helper.operator_id) as at:
        hands = Hands(at)
        await hands.press("5")
        await hands.scan(*cards)
        await hands.press("plus")
        assert hands.actions == 2 + HOUSEHOLDS
        assert "分  6户" in at.text()
        assert "加什么分" in at.text()
    found = recompute(office.store, tmp_path)
    assert found.faults == []
    assert found.balances == dict.fromkeys(swept, 500)


async def test_one_action_signs_what_waits_when_the_secretary_has_the_list_open(
    office: StaffedOffice, tmp_path: Path
) -> None:
    """The volunteer enters fifty points, the secretary presses one key, the household has them."""
    async with office.at_desk("award", by=office.helper.operator_id) as at:
        hands = Hands(at)
        await hands.press("0", "8", "3")
        await hands.scan(office.wang_card)
        await hands.press("plus")
    assert (office.balance(office.wang), count_waiting(office.store)) == (0, 1)
    async with office.at_desk("waiting_list", by=office.secretary) as at:
        hands = Hands(at)
        await hands.press("plus")
        assert hands.actions == 1
        assert "没有要签字的事" in at.text()
    found = recompute(office.store, tmp_path)
    assert found.faults == []
    assert found.balances == {office.wang: 5_000}
    (request,) = found.village["requests"]
    assert (request["state"], request["signer"], request["is_verified"]) == ("approved", office.secretary, False)


async def test_an_entry_of_the_wrong_card_is_put_right_when_the_household_asks(
    office: StaffedOffice, tmp_path: Path
) -> None:
    """The volunteer scanned the neighbour: statement, digit, reversal, why; both entries stay in the books."""
    async with office.at_desk("award", by=office.helper.operator_id) as at:
        hands = Hands(at)
        await hands.press("5")
        await hands.scan(office.wang_card)
        await hands.press("plus")
        hands.actions = 0
        await hands.scan(office.wang_card)
        await hands.press("1", "3", "3")
        assert hands.actions == 4
        assert "已冲正：-5分" in at.text()
    kinds = [entry.kind for entry in office.account(office.wang).entries]
    assert kinds == ["award_reversed", "points_awarded"]
    found = recompute(office.store, tmp_path)
    assert (found.faults, found.balances) == ([], {office.wang: 0})
