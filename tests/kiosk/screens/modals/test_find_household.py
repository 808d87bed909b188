"""The question which household: answered on the number pad, or by a name."""

from pathlib import Path
from typing import cast

import pytest

from kiosk import app as shell
from kiosk.screens.modals.find_household import FindHouseholdModal
from tests.kiosk.domain.office import office_in
from tests.kiosk.domain.test_find import Roster
from tests.kiosk.screens.modals.test_questions import NOT_ANSWERED, AskingScreen
from tests.screens import Desk, desk, make_station, real_keeper


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    """A roster with its search keys."""
    roster = office_in(tmp_path / "desk", Roster)
    roster.make_keys()
    roster.close()
    return roster


async def ask(roster: Roster, monkeypatch: pytest.MonkeyPatch, *keys: str) -> tuple[object, str, str | None]:
    """Ask, press keys, and give the answer, the screen and the refusal."""
    monkeypatch.setitem(shell.SCREENS, "asking", f"{AskingScreen.__module__}:AskingScreen")
    monkeypatch.setattr(AskingScreen, "question", staticmethod(FindHouseholdModal), raising=False)
    station = make_station(roster.folder, keeper=real_keeper(roster.folder, roster.clock), clock=roster.clock)
    async with desk(station) as at:
        await at.open("asking")
        screen = cast("AskingScreen", at.app.screen)
        await at.keys("plus")
        for key in keys:
            await press(at, key)
        return screen.answer, at.text(), at.refusal()


async def press(at: Desk, key: str) -> None:
    """Press a key by its name or by its sign."""
    await at.keys({"+": "plus", "-": "minus", ".": "full_stop"}.get(key, key))


@pytest.mark.parametrize(
    ("keys", "who"),
    [
        ("3.12+", "wang"),
        ("57+", "other_wang"),
        ("312+2", "qin"),
        ("3.+2", "wang"),
        ("cf+", "wang"),
        ("wm+2", "other_wang"),
        ("覃+", "qin"),
        ("3.13-2+", "wang"),
        ("312+----57+", "other_wang"),
    ],
)
async def test_household_is_answered_when_it_is_clear_which(
    roster: Roster, monkeypatch: pytest.MonkeyPatch, keys: str, who: str
) -> None:
    """At once where one household is meant, by a digit where several are; - goes back a step."""
    answer, _, _ = await ask(roster, monkeypatch, *keys)
    assert answer == getattr(roster, who)


async def test_nothing_is_answered_when_the_person_goes_back(roster: Roster, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the empty entry - leaves."""
    answer, _, _ = await ask(roster, monkeypatch, "3", "-", "-")
    assert answer is None


async def test_refusal_stands_under_the_entry_when_nobody_lives_there(
    roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was typed stays to be corrected."""
    answer, text, refusal = await ask(roster, monkeypatch, *"3.99+")
    assert (answer, refusal) == (NOT_ANSWERED, "place_empty")
    assert "3.99" in text


async def test_namesakes_are_told_apart_when_they_are_listed(roster: Roster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Place and year of birth stand beside the name."""
    _, text, _ = await ask(roster, monkeypatch, *"wm+")
    assert "王明  3组12号  1961年生" in text
    assert "王明  5组7号  1998年生" in text
