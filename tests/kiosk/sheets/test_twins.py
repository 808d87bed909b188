"""Rows compared with each other: doubles, namesakes, one passbook or barcode for two."""

from pathlib import Path

import pytest

from kiosk.sheets.problem import Fate, Fault
from kiosk.sheets.reading import read_sheet
from kiosk.sheets.rows import SheetKind
from tests.kiosk.sheets.books import (
    GOODS_HEADINGS,
    HOUSEHOLD_HEADINGS,
    MEMBER_HEADINGS,
    PERSON_HEADINGS,
    Tab,
    Value,
    faults,
    read_rows,
    write_xlsx,
)

HOUSE: tuple[Value, ...] = ("3", "12", "罗秋生", 4, 42.5, "YL-0312")
PERSON: tuple[Value, ...] = ("3", "12", "罗秋生", "男", 1954, "户主", "")
MEMBER: tuple[Value, ...] = ("3", "12", "罗秋生", "男", 1954, "党员", "", 1985, "02010001")
SALT: tuple[Value, ...] = ("6990103300302", "食盐", "400克", "袋", 3, 50, "", "", 2)


NAMESAKES = [("C3", Fault.NAMESAKE_NEEDS_NUMBER), ("C3", Fault.NAMESAKE)]
MEMBER_TWICE = [("C3", Fault.MEMBER_TWICE), ("C3", Fault.NAMESAKE)]
OTHER_MEMBER = ("3", "12", "潘春荷", "女", 1956, "党员", "", "", "02010001")


@pytest.mark.parametrize(
    ("kind", "first", "second", "expected"),
    [
        (SheetKind.HOUSEHOLDS, HOUSE, ("3", "12", "莫田旺"), [("B3", Fault.HOUSEHOLD_TWICE)]),
        (SheetKind.HOUSEHOLDS, HOUSE, ("3", "13", "莫田旺", 2, 1, "YL-0312"), [("F3", Fault.PASSBOOK_TWICE)]),
        (SheetKind.PERSONS, PERSON, ("3", "12", "罗秋生", "男", 1954, "子"), NAMESAKES),
        (SheetKind.MEMBERS, MEMBER, ("3", "12", "罗秋生", "女", 1954), MEMBER_TWICE),
        (SheetKind.MEMBERS, MEMBER, OTHER_MEMBER, [("I3", Fault.CARD_TWICE)]),
        (SheetKind.GOODS, SALT, ("06990103300302", "碘盐", "", "袋", 4), [("A3", Fault.CODE_TWICE)]),
    ],
)
def test_the_second_row_is_refused_when_it_contradicts_the_first(
    tmp_path: Path,
    kind: SheetKind,
    first: tuple[Value, ...],
    second: tuple[Value, ...],
    expected: list[tuple[str, Fault]],
) -> None:
    """The first stays, the second names its cell and points at the first."""
    reading = read_rows(tmp_path, kind, first, second)
    assert faults(reading) == expected
    assert reading.problems[0].fate is Fate.REFUSED
    assert reading.problems[0].other.endswith("2")
    assert len(reading.rows) == 1


@pytest.mark.parametrize(
    ("kind", "row"),
    [(SheetKind.HOUSEHOLDS, HOUSE), (SheetKind.PERSONS, PERSON), (SheetKind.MEMBERS, MEMBER), (SheetKind.GOODS, SALT)],
)
def test_the_second_row_is_skipped_when_it_is_the_same(tmp_path: Path, kind: SheetKind, row: tuple[Value, ...]) -> None:
    """A row copied twice is harmless."""
    reading = read_rows(tmp_path, kind, row, row)
    assert [(problem.code, problem.fate) for problem in reading.problems] == [(Fault.ROW_SAME, Fate.SKIPPED)]
    assert len(reading.rows) == 1


@pytest.mark.parametrize(
    "second",
    [
        ("3", "13", "罗秋生", "男", 1954, "户主"),
        ("3", "12", "罗秋生", "男", 1981),
        ("3", "12", "罗秋生", "男", 1954, "", 2),
    ],
)
def test_namesakes_are_kept_with_a_note_when_something_tells_them_apart(
    tmp_path: Path, second: tuple[Value, ...]
) -> None:
    """Another household, another year or a number: two people of one name."""
    reading = read_rows(tmp_path, SheetKind.PERSONS, PERSON, second)
    assert len(reading.persons) == 2
    assert faults(reading) == [("C3", Fault.NAMESAKE)]
    assert reading.problems[0].other == "C2"


def test_one_barcode_of_two_goods_is_found_when_cells_hold_several(tmp_path: Path) -> None:
    """A code shared by two kinds of goods needs a person's choice."""
    reading = read_rows(tmp_path, SheetKind.GOODS, SALT, ("6990101100102、6990103300302", "牙刷", "", "支", 2))
    assert faults(reading) == [("A3", Fault.CODE_TWICE)]


def test_goods_of_one_name_are_kept_with_a_note_when_their_codes_differ(tmp_path: Path) -> None:
    """Perhaps one kind with two barcodes, perhaps two kinds."""
    reading = read_rows(tmp_path, SheetKind.GOODS, SALT, ("6990101100102", "食盐", "400克", "袋", 3))
    assert len(reading.rows) == 2
    assert faults(reading) == [("B3", Fault.GOODS_NAME_TWICE)]


@pytest.mark.parametrize(
    ("kind", "headings", "row", "other"),
    [
        (SheetKind.HOUSEHOLDS, HOUSEHOLD_HEADINGS, ("3", "12", "莫田旺"), "前!B2"),
        (SheetKind.PERSONS, PERSON_HEADINGS, ("3", "12", "罗秋生", "男", 1954, "子"), "前!C2"),
        (SheetKind.MEMBERS, MEMBER_HEADINGS, ("3", "12", "罗秋生", "女", 1954), "前!C2"),
        (SheetKind.GOODS, GOODS_HEADINGS, ("6990103300302", "碘盐", "", "袋", 4), "前!A2"),
    ],
)
def test_rows_are_compared_when_they_stand_on_different_tabs(
    tmp_path: Path, kind: SheetKind, headings: tuple[str, ...], row: tuple[Value, ...], other: str
) -> None:
    """A double on the next tab names the tab of the first."""
    first = {SheetKind.HOUSEHOLDS: HOUSE, SheetKind.PERSONS: PERSON, SheetKind.MEMBERS: MEMBER, SheetKind.GOODS: SALT}
    file = write_xlsx(tmp_path / "two.xlsx", Tab([headings, first[kind]], name="前"), Tab([headings, row], name="后"))
    reading = read_sheet(file, kind)
    assert reading.refused[0].sheet == "后"
    assert reading.refused[0].other == other


def test_a_card_number_stays_hidden_when_it_is_there_twice(tmp_path: Path) -> None:
    """A card number is money and stands in no report."""
    reading = read_rows(tmp_path, SheetKind.MEMBERS, MEMBER, ("3", "12", "潘春荷", "女", 1956, "", "", "", "02010001"))
    assert "02010001" not in repr(reading.problems)
