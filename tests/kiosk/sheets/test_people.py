"""Households, persons and members: what a row becomes, and what stops it."""

from datetime import date
from pathlib import Path

import pytest

from kiosk.codes import CodeType, mint
from kiosk.sheets.problem import Fate, Fault
from kiosk.sheets.reading import read_sheet
from kiosk.sheets.rows import HouseholdRow, MemberRow, PersonRow, SheetKind
from tests.kiosk.sheets.books import HEADINGS, Tab, Value, faults, read_rows, write_xlsx

HOUSEHOLD: tuple[Value, ...] = ("三组", 12, "罗秋生", 4, "42.5分", "YL-0312")
PERSON: tuple[Value, ...] = ("三组", 12, "罗秋生", "男", "1954年3月12日", "户主", "")
MEMBER: tuple[Value, ...] = ("三组", 12, "罗秋生", "男", 1954, "中共党员", "无职党员", "1985.7", "")


def changed(row: tuple[Value, ...], **places: Value) -> tuple[Value, ...]:
    """Change cells of a row by their column letter."""
    return tuple(places.get(chr(ord("A") + column), value) for column, value in enumerate(row))


def test_a_household_has_points_in_hundredths_when_read(tmp_path: Path) -> None:
    """Everything a household row holds."""
    (row,) = read_rows(tmp_path, SheetKind.HOUSEHOLDS, HOUSEHOLD).households
    assert row == HouseholdRow(row.where, 3, 12, "罗秋生", 4, 4250, "YL-0312")


def test_a_household_has_no_balance_when_the_cell_is_blank(tmp_path: Path) -> None:
    """Blank is no opening balance, nought is one of nought."""
    reading = read_rows(
        tmp_path, SheetKind.HOUSEHOLDS, changed(HOUSEHOLD, E="", F=""), changed(HOUSEHOLD, B=13, E=0, F="")
    )
    assert [row.opening_points for row in reading.households] == [None, 0]
    assert reading.is_clean


def test_a_balance_is_refused_when_it_names_no_passbook(tmp_path: Path) -> None:
    """An opening balance is worth the paper it refers to."""
    reading = read_rows(tmp_path, SheetKind.HOUSEHOLDS, changed(HOUSEHOLD, F=""))
    assert faults(reading) == [("F2", Fault.PASSBOOK_MISSING)]
    assert reading.rows == ()


def test_a_person_keeps_only_the_year_when_a_birth_is_a_date(tmp_path: Path) -> None:
    """Month and day of a birth are nowhere in what was read."""
    reading = read_rows(tmp_path, SheetKind.PERSONS, PERSON)
    (row,) = reading.persons
    assert row == PersonRow(row.where, 3, 12, "罗秋生", 1954, 0, "m", "户主", is_head=True)
    assert "3月" not in repr(reading)


@pytest.mark.parametrize(
    ("cells", "homonym"), [({"G": 2}, 2), ({"C": "罗秋生（2）"}, 2), ({"C": "罗秋生（2）", "G": 1}, 1), ({}, 0)]
)
def test_a_namesake_has_a_number_when_one_is_written(tmp_path: Path, cells: dict[str, Value], homonym: int) -> None:
    """In a column of its own or in brackets behind the name; the column counts."""
    (row,) = read_rows(tmp_path, SheetKind.PERSONS, changed(PERSON, **cells)).persons
    assert (row.name, row.homonym) == ("罗秋生", homonym)


@pytest.mark.parametrize(
    ("cell", "origin"),
    [("3-9", (3, 9)), ("5组9号", (5, 9)), ("0509", (5, 9)), (9, (3, 9)), ("9号", (3, 9)), ("", None)],
)
def test_a_person_says_where_they_came_from_when_they_moved(
    tmp_path: Path, cell: Value, origin: tuple[int, int] | None
) -> None:
    """Group and number in one cell, or the number alone for the same group; no remark on how it was written."""
    headings = (*HEADINGS[SheetKind.PERSONS], "原户号")
    file = write_xlsx(tmp_path / "persons.xlsx", Tab([headings, (*PERSON, cell)]))
    reading = read_sheet(file, SheetKind.PERSONS)
    assert [row.moved_from for row in reading.persons] == [origin]
    assert reading.problems == ()


@pytest.mark.parametrize(("cell", "fault"), [("外村", Fault.HOUSE_UNREADABLE), (date(2026, 3, 9), Fault.CELL_IS_DATE)])
def test_a_row_is_refused_when_its_old_household_cannot_be_read(tmp_path: Path, cell: Value, fault: Fault) -> None:
    """Nobody is registered a second time because of a slip in the column that would have moved them."""
    headings = (*HEADINGS[SheetKind.PERSONS], "原户号")
    file = write_xlsx(tmp_path / "persons.xlsx", Tab([headings, (*PERSON, cell)]))
    reading = read_sheet(file, SheetKind.PERSONS)
    assert (faults(reading), reading.rows) == ([("H2", fault)], ())


def test_every_fault_of_a_row_is_told_when_it_has_several(tmp_path: Path) -> None:
    """One look at the report is enough to correct the row."""
    bad: tuple[Value, ...] = ("大坝组", "甲", "罗?生", "不详", "54.3", "户主", "一")
    reading = read_rows(tmp_path, SheetKind.PERSONS, bad)
    assert faults(reading) == [
        ("A2", Fault.GROUP_WITHOUT_NUMBER),
        ("B2", Fault.HOUSE_UNREADABLE),
        ("C2", Fault.NAME_BROKEN),
        ("G2", Fault.NUMBER_UNREADABLE),
        ("E2", Fault.DAY_TWO_DIGIT_YEAR),
        ("D2", Fault.WORD_UNKNOWN),
    ]


@pytest.mark.parametrize(("column", "cell"), [("A", "A2"), ("B", "B2"), ("C", "C2"), ("E", "E2")])
def test_a_person_is_refused_when_part_of_the_key_is_missing(tmp_path: Path, column: str, cell: str) -> None:
    """Household, name and year of birth find a person again at the next import."""
    reading = read_rows(tmp_path, SheetKind.PERSONS, changed(PERSON, **{column: "\u3000"}))
    assert faults(reading) == [(cell, Fault.CELL_MISSING)]


def test_a_member_has_standing_class_and_year_when_read(tmp_path: Path) -> None:
    """Everything a member row holds; of joining only the year."""
    (row,) = read_rows(tmp_path, SheetKind.MEMBERS, MEMBER).members
    assert row == MemberRow(row.where, 3, 12, "罗秋生", 1954, 0, "m", "full", "ordinary", 1985, "")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"F": "流动党员", "G": ""}, ("full", "mobile")),
        ({"F": "", "G": "预备党员"}, ("probationary", None)),
        ({"F": "入党积极分子", "G": ""}, ("activist", None)),
        ({"F": "发展对象", "G": ""}, ("target", None)),
        ({"F": "", "G": ""}, ("full", None)),
    ],
)
def test_standing_and_class_are_told_apart_when_either_column_holds_them(
    tmp_path: Path, cells: dict[str, Value], expected: tuple[str, str | None]
) -> None:
    """Villages write one into the column of the other."""
    (row,) = read_rows(tmp_path, SheetKind.MEMBERS, changed(MEMBER, **cells)).members
    assert (row.standing, row.class_code) == expected


def test_a_row_is_passed_over_when_its_person_is_no_member(tmp_path: Path) -> None:
    """A roster of everybody may serve as a list of members."""
    reading = read_rows(tmp_path, SheetKind.MEMBERS, changed(MEMBER, F="群众", G=""))
    assert [(problem.code, problem.fate) for problem in reading.problems] == [(Fault.NOT_A_MEMBER, Fate.SKIPPED)]
    assert reading.rows == ()


def test_a_card_is_kept_when_its_check_holds(tmp_path: Path) -> None:
    """A card printed before may be in the sheet; a mistyped one stops its row."""
    card = mint(CodeType.PERSON, 123, lambda count: bytes(range(count)))
    reading = read_rows(tmp_path, SheetKind.MEMBERS, changed(MEMBER, I=card), changed(MEMBER, B=13, I=card[:-1] + "x"))
    assert [row.card for row in reading.members] == [card]
    assert faults(reading, Fate.REFUSED) == [("I3", Fault.CODE_UNREADABLE)]
