"""Two suggestions of a village: one is discussed, adopted and earns its household points, one is declined with a reply.

Actions are counted from the menu; writing one down takes at most five from the screen of suggestions.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from kiosk.domain.reversal import reverse_entry
from kiosk.domain.suggestion_list import list_suggestions
from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.test_suggestions import Room
from tests.menu import digits_to
from tests.recomputed import Recomputed, recompute
from tests.screens import Desk

NUMBER_PAD: Final = frozenset("0123456789") | {"plus", "minus", "asterisk", "slash", "full_stop"}
MOST: Final = 5
ROAD, SAFETY = "1", "6"


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
def room(tmp_path: Path) -> Room:
    """A village with members, cards in people's hands, and an empty box for suggestions."""
    return office_in(tmp_path / "room", Room)


def agrees(room: Room, folder: Path) -> Recomputed:
    """The separate program finds no fault, and says of every suggestion what the desk says."""
    found = recompute(room.store, folder)
    assert found.faults == []
    told = {
        each.suggestion_id: (each.state, each.points, each.is_reversed, each.answer and each.answer.reply)
        for each in list_suggestions(room.store).suggestions
    }
    rows = found.village["suggestions"]
    assert told == {row["id"]: (row["state"], row["points"], row["is_reversed"], row["reply"]) for row in rows}
    return found


async def test_household_has_five_points_more_when_its_suggestion_is_adopted(room: Room, tmp_path: Path) -> None:
    """The volunteer writes two down, a meeting talks about one, the secretary answers both, the villager asks again."""
    await _write_down(room)
    _hold_meeting(room)
    came = {household: room.balance(household) for household in (room.wang, room.li)}
    await _answer(room)
    assert room.balance(room.wang) == came[room.wang] + 500
    assert agrees(room, tmp_path).balances == came | {room.wang: came[room.wang] + 500}
    async with room.at_desk("suggestions", by=room.helper.operator_id) as at:
        hands = Hands(at)
        await hands.scan(room.li_card)
        assert "治安安全  不采纳：没有经费" in at.text()
        await hands.scan(room.wang_card)
        assert "道路  采纳：村里会办  +5" in at.text()
        assert hands.actions == 2


async def test_points_come_when_another_signs_for_the_secretarys_own_household(room: Room, tmp_path: Path) -> None:
    """Adopted by its own member, it waits on the list; the supervisor's badge lets it through, a reversal takes it."""
    head = room.add("王明", "secretary", room.wang_ming)
    async with room.at_desk("suggestions", by=head.operator_id) as at:
        hands = Hands(at)
        await hands.scan(room.wang_other_card)
        await hands.press(ROAD, "plus", "1", "plus", "2")
        assert "5分在待办里等另一位签字" in at.text()
        await at.open("waiting_list")
        await hands.press("plus")
        await hands.scan(room.supervisor.badge)
        assert "已同意：建议被采纳  陈芳" in at.text()
    assert agrees(room, tmp_path).balances == {room.wang: 500}
    entry = room.account(room.wang).entries[0]
    reverse_entry(room.store, entry.entry_id, now=room.now, by=room.secretary)
    found = agrees(room, tmp_path)
    assert found.balances == {room.wang: 0}
    (row,) = found.village["suggestions"]
    assert (row["state"], row["points"], row["is_reversed"]) == ("adopted", 0, True)


def _hold_meeting(room: Room) -> None:
    """A members' meeting at which two people are; one of Wang's brings its household the points for coming."""
    meeting = room.opened()
    room.begin(meeting)
    room.scan(meeting, room.wang_fang)
    room.scan(meeting, room.li_xiuying)
    room.end(meeting)


async def _write_down(room: Room) -> None:
    """The volunteer: card, topic, the two digits of the paper, +; then one without a paper."""
    async with room.at_desk("home", by=room.helper.operator_id) as at:
        await Hands(at).press(*digits_to("suggestions"))
        hands = Hands(at)
        await hands.scan(room.wang_card)
        await hands.press(ROAD, "1", "2", "plus")
        assert hands.actions == MOST
        await hands.scan(room.li_card)
        await hands.press(SAFETY, "plus")
        assert hands.actions == MOST + 3
        assert "2条等答复" in at.text()


async def _answer(room: Room) -> None:
    """The secretary: where the road was discussed, yes with a reply, and no with another for the other one."""
    async with room.at_desk("suggestions", by=room.secretary) as at:
        hands = Hands(at)
        await hands.press("1", "asterisk", "1")
        assert "讨论过：11-22 支部党员大会" in at.text()
        await hands.press("plus", "1")
        assert "采纳：村里会办  +5" in at.text()
        await hands.press("minus", "1", "slash", "1")
        assert "不采纳：没有经费" in at.text()
        assert hands.actions == 9
