"""Group and household number: as villages write them, and refused where a number pad could not find them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.sheets.grid import Cell
from kiosk.sheets.place_cell import House, chinese_number, read_group, read_house
from kiosk.sheets.problem import Fault, Found
from tests.kiosk.sheets.test_number_cell import ANY_CELL


@pytest.mark.parametrize(
    ("cell", "group"),
    [
        (3.0, 3),
        ("3", 3),
        ("３组", 3),
        ("三组", 3),
        ("第三村民小组", 3),
        ("十组", 10),
        ("十二组", 12),
        ("二十组", 20),
        ("二十一组", 21),
        ("3 组", 3),
        ("03", 3),
        ("3大坝组", 3),
        ("3、大坝组", 3),
        ("5栋", 5),
    ],
)
def test_a_group_is_a_number_when_written_any_way(cell: Cell, group: int) -> None:
    """Digits, Chinese numerals, with or without the word."""
    assert read_group(cell) == Found(group)


@pytest.mark.parametrize("cell", ["大坝组", "三塘组", "0", 0.0, "100组", 3.5, "三四组", "", "③", True])
def test_a_group_is_refused_when_it_has_no_number(cell: Cell) -> None:
    """The name of a place may begin with a numeral and is still no number."""
    assert read_group(cell) is Fault.GROUP_WITHOUT_NUMBER


@pytest.mark.parametrize("cell", [12.0, "12", "012", "12号", "１２户", "第12号"])
def test_a_household_number_is_read_when_it_stands_alone(cell: Cell) -> None:
    """The number inside the group."""
    assert read_house(cell, 3) == Found(House(12))


@pytest.mark.parametrize("cell", ["3-12", "3组12号", "三组12", "0312", "03012", "3－12", "云岭村3组12号", "3/12"])
def test_group_and_number_are_parted_with_a_note_when_one_cell_holds_both(cell: Cell) -> None:
    """Doorplates and old lists name both in one."""
    assert read_house(cell, None) == Found(House(12, 3), Fault.HOUSE_SPLIT)
    assert read_house(cell, 3) == Found(House(12, 3), Fault.HOUSE_SPLIT)
    assert read_house(cell, 4) is Fault.GROUP_DISAGREES


@pytest.mark.parametrize("cell", ["0", "甲", "12-", "123456", 312_012.0, 12.5, "-12", "3-0", "12a", ""])
def test_a_household_number_is_refused_when_it_is_none(cell: Cell) -> None:
    """Letters, zero and more digits than a group has houses."""
    assert read_house(cell, None) is Fault.HOUSE_UNREADABLE


def test_a_household_number_is_refused_when_excel_made_it_a_date() -> None:
    """3-12 typed into a plain cell becomes the twelfth of March."""
    assert read_house(date(2026, 3, 12), 3) is Fault.CELL_IS_DATE


@given(st.integers(1, 99))
def test_a_chinese_numeral_gives_its_number_when_below_a_hundred(number: int) -> None:
    """一 to 九十九."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    text = ("" if tens < 2 else digits[tens]) + ("十" if tens else "") + (digits[ones] if ones else "")
    assert chinese_number(text) == number


@given(ANY_CELL, st.one_of(st.none(), st.integers(1, 99)))
def test_a_place_cell_never_raises_when_anything_is_typed(cell: Cell, group: int | None) -> None:
    """Whatever stands in a cell is a number a pad can type or a fault."""
    found = read_group(cell)
    assert isinstance(found, Fault) or 1 <= found.value <= 99
    house = read_house(cell, group)
    assert isinstance(house, Fault) or 1 <= house.value.number <= 999
