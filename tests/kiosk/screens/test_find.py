"""Finding a household: how it stands, and from there on to its entries and its cards."""

from pathlib import Path

import pytest

from kiosk.screens.widgets.figure import Figure
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


async def test_card_desk_opens_with_the_household_when_the_book_has_no_line_for_it(drawer: Drawer) -> None:
    """A household that is newer than the book is the same household."""
    drawer.household(4, 1, "赵新")
    async with drawer.at_desk("find") as at:
        await at.keys("4", "1", "plus", "slash")
        assert missing(at, "赵新家  4组1号", "按数字选人") == []


async def test_till_asks_why_there_is_no_card_when_one_is_pressed(drawer: Drawer) -> None:
    """One key, one digit for the reason, and goods may be scanned; it is written down as without a card."""
    drawer.goods("食盐", "06990103300302", 300)
    async with drawer.at_desk("find") as at:
        await at.keys("3", "1", "2", "plus", "1")
        assert missing(at, "王明家", "忘带", "丢了", "代领") == []
        await at.keys("1")
        assert missing(at, "王明家  3组12号", "可兑换") == []
        await at.scan("6990103300302")
        await at.keys("plus", "minus")
        assert "作废第1号" in at.text()
        await at.keys("minus", "minus")
        await at.until(lambda: not missing(at, "看明细", "王明家  3组12号"))
    (line,) = drawer.account(drawer.wang).entries[0].goods
    assert (line.name, line.quantity) == ("食盐", 1)
    with drawer.store.read() as connection:
        made = connection.exec_driver_sql("SELECT entry, no_card_reason FROM redemption").one()
    assert tuple(made) == ("found", "forgotten")


async def test_points_are_those_of_the_moment_when_somebody_comes_back(drawer: Drawer) -> None:
    """The page is read again after the till, an award or the card desk."""
    async with drawer.at_desk("find") as at:
        await at.keys("3", "1", "2", "plus", "2")
        assert missing(at, "王明家：按数字选项目") == []
        await at.keys("5")
        assert missing(at, "王明  3组12号  +5", "刷完按 +") == []
        await at.keys("plus", "minus")
        assert missing(at, "看明细") == []
        assert at.app.screen.query_one(Figure).value == "47"
    assert drawer.balance(drawer.wang) == 4_700


async def test_household_that_came_along_is_refused_in_words_when_it_cannot_get_the_item(drawer: Drawer) -> None:
    """The month is full: the item stays chosen and others may be scanned."""
    drawer.give(drawer.wang, item="public_cleaning")
    drawer.give(drawer.wang, item="public_cleaning")
    async with drawer.at_desk("find") as at:
        await at.keys("3", "1", "2", "plus", "2", "5")
        assert at.refusal() == "cap_reached"
        await at.keys("3", "1", "3", "plus")
        assert missing(at, "李秀  3组13号  +5") == []
        assert "王明" not in at.text().split("\n", 1)[1]


@pytest.mark.parametrize(("typed", "code"), [("99", "place_empty"), ("zzz", "name_not_found")])
async def test_refusal_stands_there_when_nobody_is_found(drawer: Drawer, typed: str, code: str) -> None:
    """What was typed stays to be corrected."""
    async with drawer.at_desk("find") as at:
        await at.keys(*typed, "plus")
        assert at.refusal() == code
        assert missing(at, typed) == []
        await at.keys("minus")
        assert at.refusal() is None
