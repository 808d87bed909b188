"""Finding a household: how it stands, and from there on to its entries and its cards."""

from pathlib import Path

import pytest

from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.test_card_desk import Drawer, missing
from tests.screens import LARGE, SMALL


@pytest.fixture
def drawer(tmp_path: Path) -> Drawer:
    """An office with cards."""
    return office_in(tmp_path / "desk", Drawer)


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh_CN", ("王明家  3组12号", "可兑换", "王明  1961年生  有卡", "陈芳  1990年生  没有卡", "看明细", "办卡")),
        ("en", ("Household 王明  3.12", "Redeemable", "born 1961  has a card", "no card", "Entries", "Cards")),
    ],
)
async def test_household_is_shown_with_its_people_when_its_place_is_typed(
    drawer: Drawer, language: str, words: tuple[str, ...], size: tuple[int, int]
) -> None:
    """Points, people, who has a card, and where to go from here."""
    async with drawer.at_desk("find", language=language, size=size) as at:
        await at.keys("3", "full_stop", "1", "2", "plus")
        assert missing(at, *words) == []


async def test_household_is_chosen_by_a_digit_when_several_are_found(drawer: Drawer) -> None:
    """A whole group, then one of it, then back to the list and to the entry."""
    async with drawer.at_desk("find") as at:
        await at.keys("3", "plus")
        assert missing(at, "王明家  3组12号", "李秀家  3组13号") == []
        await at.keys("2")
        assert missing(at, "李秀家  3组13号", "李小花  1959年生  没有卡") == []
        await at.keys("minus")
        assert missing(at, "王明家  3组12号") == []
        await at.keys("minus")
        assert missing(at, "组.户号 或 姓名") == []
        await at.keys("minus")
        assert missing(at, "要做什么") == []


async def test_household_is_shown_when_any_of_its_cards_is_scanned(drawer: Drawer) -> None:
    """A card, or its line in the book; a blank card is nobody's."""
    async with drawer.at_desk("find") as at:
        for number in (drawer.card_number, drawer.book[0]):
            await at.scan(number)
            assert missing(at, "王明家  3组12号") == []
            await at.keys("asterisk")
            assert missing(at, "找户、查分") == []
        await at.scan(drawer.blank)
        assert at.refusal() == "card_blank"


async def test_entries_are_shown_when_plus_is_pressed(drawer: Drawer) -> None:
    """What, when, who; and back to the household."""
    async with drawer.at_desk("find") as at:
        await at.keys("3", "1", "2", "plus", "plus")
        assert missing(at, "142", "+42") == []
        await at.keys("minus")
        assert missing(at, "王明家  3组12号", "看明细") == []


async def test_card_desk_opens_with_the_household_when_slash_is_pressed(drawer: Drawer) -> None:
    """Nobody types the place twice."""
    async with drawer.at_desk("find") as at:
        await at.keys("3", "1", "2", "plus", "slash")
        assert missing(at, "王明家  3组12号", "按数字选人", "陈芳  1990年生  没有卡") == []


@pytest.mark.parametrize(("typed", "code"), [("99", "place_empty"), ("zzz", "name_not_found")])
async def test_refusal_stands_there_when_nobody_is_found(drawer: Drawer, typed: str, code: str) -> None:
    """What was typed stays to be corrected."""
    async with drawer.at_desk("find") as at:
        await at.keys(*typed, "plus")
        assert at.refusal() == code
        assert missing(at, typed) == []
        await at.keys("minus")
        assert at.refusal() is None
