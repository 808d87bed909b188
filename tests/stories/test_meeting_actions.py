"""How little a meeting takes, by scanner and number pad alone: each key counted from the menu back to the menu."""

from pathlib import Path

import pytest

from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.meeting.assembly import Assembly, Door
from tests.menu import digits_to
from tests.recomputed import Recomputed, recompute

HERE = digits_to("meeting")
MOST = 9


@pytest.fixture
def hall(tmp_path: Path) -> Assembly:
    """A hall of its own."""
    return office_in(tmp_path / "hall", Assembly)


def judged(hall: Assembly, folder: Path) -> Recomputed:
    """What the separate program finds: nothing wrong, and the balances of the store."""
    found = recompute(hall.store, folder)
    assert found.faults == []
    assert {household: hall.balance(household) for household in found.balances} == found.balances
    return found


def is_idle(door: Door) -> bool:
    """Whether the menu is shown."""
    return door.shows("要做什么")


async def test_a_meeting_that_was_called_takes_eight_actions_when_it_is_held(hall: Assembly, tmp_path: Path) -> None:
    """Task 12: the job, the meeting, open, begin, two digits of a count, end, done."""
    for house in range(20, 29):
        person = hall.person(hall.household(5, house, f"村民{house}"), f"村民{house}")
        hall.cards[person] = hall.card(person).number
    hall.called("villagers_by_person")
    async with hall.at_door(screen=None) as door:
        await door.press(*HERE, "1", "plus")
        await door.scan(*hall.cards.values())
        assert door.shows("实到13")
        await door.press("plus", "1", "3", "plus")
        assert door.shows("加分12条", "和签到一样")
        await door.press("plus")
        assert is_idle(door)
        assert door.actions == len(HERE) + 7
        assert door.actions <= MOST
    assert judged(hall, tmp_path).balances[hall.wang] == 200


@pytest.mark.parametrize(("kind", "whom", "more"), [("2", (), 1), ("1", ("plus",), 2)])
async def test_an_unplanned_meeting_takes_at_most_two_actions_more(
    hall: Assembly, tmp_path: Path, kind: str, whom: tuple[str, ...], more: int
) -> None:
    """New, the kind, the whole village where that is asked, now."""
    async with hall.at_door(screen=None) as door:
        await door.press(*HERE, "plus", kind, *whom, "1")
        await door.scan(hall.cards[hall.wang_ming], hall.cards[hall.li_xiuying])
        await door.press("plus", "2", "plus", "plus")
        assert is_idle(door)
        planned = len(HERE) + 6
        assert door.actions == planned + more
    judged(hall, tmp_path)


async def test_one_action_signs_somebody_in_whatever_stands_on_the_screen(hall: Assembly) -> None:
    """Task 2: at the meeting desk, at its roll, while heads are counted, at the menu."""
    hall.opened("villagers_by_person")
    people = iter(((hall.wang_ming, "王　明"), (hall.wang_fang, "王　芳"), (hall.li_xiuying, "李　秀　英")))
    async with hall.at_door(screen=None) as door:
        for number, keys in enumerate(((), ("asterisk",), ("plus", "4")), start=1):
            person, name = next(people)
            await door.press(*keys)
            tones = len(door.at.devices.tones)
            await door.scan(hall.cards[person])
            await door.rest()
            assert door.shows(name, "已签到", f"实到{number}")
            assert len(door.at.devices.tones) == tones + 1


async def test_every_state_names_its_next_step_when_an_evening_is_played(hall: Assembly, tmp_path: Path) -> None:
    """No scan without an answer, no state that needs a letter keyboard, nobody counted twice."""
    hall.called()
    evening = (
        ("scan", hall.cards[hall.wang_ming]), ("press", "plus"), ("press", "minus"), ("press", "3"),
        ("scan", hall.cards[hall.wang_ming]), ("scan", hall.cards[hall.wang_ming]), ("scan", "6990103300302"),
        ("scan", "nothing of ours"), ("press", "slash"), ("press", "minus"), ("press", "plus"),
        ("scan", hall.cards[hall.zhao_guo]), ("press", "asterisk"), ("press", "3"), ("press", "1"),
        ("press", "plus"), ("press", "9"), ("press", "plus"), ("press", "minus"), ("press", "3"), ("press", "plus"),
    )  # fmt: skip
    async with hall.at_door() as door:
        for what, text in evening:
            tones, before = len(door.at.devices.tones), door.at.text()
            await (door.scan(text) if what == "scan" else door.press(text))
            await door.rest()
            if what == "scan":
                assert (text, len(door.at.devices.tones)) == (text, tones + 1)
                assert door.at.text() != before
            assert any(step in door.at.text() for step in ("按", "请", "输")), door.at.text()
        assert door.shows("加分2条")
    found = judged(hall, tmp_path)
    assert (found.balances[hall.wang], found.balances[hall.li]) == (200, 200)
