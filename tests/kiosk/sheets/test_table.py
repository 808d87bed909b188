"""The rows below a heading: totals, remarks, blanks and repeats are passed over, merged places filled down."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kiosk.sheets.problem import Fate, Fault
from kiosk.sheets.reading import read_sheet
from kiosk.sheets.rows import SheetKind
from tests.kiosk.sheets.books import (
    HOUSEHOLD_HEADINGS,
    PERSON_HEADINGS,
    Tab,
    faults,
    read_rows,
    write_xlsx,
)

if TYPE_CHECKING:
    from tests.kiosk.sheets.books import Rows, Value

PERSON = ("3", "12", "罗秋生", "男", "1954")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (("合计", "", "", "", 412), Fault.ROW_TOTAL),
        (("", "小 计", "", "", 7), Fault.ROW_TOTAL),
        (("三组", "合计", "", "", 7), Fault.ROW_TOTAL),
        (("填表人：罗秋生",), Fault.ROW_REMARK),
        (("注：出生只取年份",), Fault.ROW_REMARK),
        (PERSON_HEADINGS, Fault.HEADING_REPEATED),
        (("3", "12", "王示例", "男", "1965", "户主", "", "示例，请删除"), Fault.ROW_EXAMPLE),
    ],
)
def test_a_row_is_passed_over_with_a_note_when_it_is_no_data(
    tmp_path: Path, row: "tuple[Value, ...]", fault: Fault
) -> None:
    """Totals, remarks, repeated headings and the example of the template are no people."""
    reading = read_rows(tmp_path, SheetKind.PERSONS, PERSON, row)
    assert [person.name for person in reading.persons] == ["罗秋生"]
    assert faults(reading) == [("A3", fault)]
    assert reading.problems[0].fate is Fate.SKIPPED
    assert reading.seen == 2


def test_blank_rows_are_noted_once_when_they_part_the_table(tmp_path: Path) -> None:
    """A run of blank rows, whatever blanks it is made of, is one remark; blanks at the end are none."""
    second = ("3", "12", "潘春荷", "女", "1956")
    blank = ("", " ", "\u3000", "\u200b", "")
    reading = read_rows(tmp_path, SheetKind.PERSONS, PERSON, blank, blank, second, blank)
    assert [person.name for person in reading.persons] == ["罗秋生", "潘春荷"]
    assert faults(reading) == [("A3:A4", Fault.ROW_EMPTY)]


def test_merged_groups_and_houses_fill_down_when_rows_share_them(tmp_path: Path) -> None:
    """One merged cell holds the group of many rows, and a merged number the household of a family."""
    rows: Rows = [
        PERSON_HEADINGS,
        ("三组", 12, "罗秋生", "男", 1954),
        ("", "", "潘春荷", "女", 1956),
        ("", 13, "莫田旺", "男", 1947),
    ]
    file = write_xlsx(tmp_path / "p.xlsx", Tab(rows, merges=[(1, 0, 3, 0), (1, 1, 2, 1)]))
    reading = read_sheet(file, SheetKind.PERSONS)
    assert [(p.group, p.house, p.name) for p in reading.persons] == [
        (3, 12, "罗秋生"),
        (3, 12, "潘春荷"),
        (3, 13, "莫田旺"),
    ]
    assert reading.problems == ()


def test_a_merged_amount_is_refused_when_it_stands_for_several_rows(tmp_path: Path) -> None:
    """One balance over two households would count twice, so neither row is read."""
    rows: Rows = [
        HOUSEHOLD_HEADINGS,
        ("三组", 12, "罗秋生", 4, 42.5, "YL-0312"),
        ("三组", 13, "莫田旺", 2, "", "YL-0313"),
    ]
    reading = read_sheet(write_xlsx(tmp_path / "h.xlsx", Tab(rows, merges=[(1, 4, 2, 4)])), SheetKind.HOUSEHOLDS)
    assert reading.rows == ()
    assert faults(reading) == [("E2", Fault.CELL_MERGED), ("E3", Fault.CELL_MERGED)]


def test_a_blank_group_is_taken_from_above_with_a_note_when_nothing_is_merged(tmp_path: Path) -> None:
    """Text files lose merged ranges; the row says what was assumed."""
    reading = read_rows(
        tmp_path, SheetKind.HOUSEHOLDS, ("三组", 12, "罗秋生"), ("", 13, "莫田旺"), ("四组", 1, "潘禾"), ("", 2, "覃穗")
    )
    assert [(row.group, row.house) for row in reading.households] == [(3, 12), (3, 13), (4, 1), (4, 2)]
    assert faults(reading) == [("A3", Fault.FILLED_DOWN), ("A5", Fault.FILLED_DOWN)]


def test_a_blank_house_is_taken_from_above_when_a_person_is_no_head(tmp_path: Path) -> None:
    """A wife under her husband shares his number; a head without a number is a mistake."""
    reading = read_rows(
        tmp_path,
        SheetKind.PERSONS,
        ("三组", 12, "罗秋生", "男", 1954, "户主"),
        ("", "", "潘春荷", "女", 1956, "配偶"),
        ("", "", "莫田旺", "男", 1947, "户主"),
    )
    assert [(p.house, p.name) for p in reading.persons] == [(12, "罗秋生"), (12, "潘春荷")]
    assert faults(reading, Fate.REFUSED) == [("B4", Fault.CELL_MISSING)]


def test_a_blank_house_is_missing_when_the_group_changed(tmp_path: Path) -> None:
    """The first person of another group never falls into the last household of the one before."""
    reading = read_rows(
        tmp_path,
        SheetKind.PERSONS,
        ("三组", 12, "罗秋生", "男", 1954, "户主"),
        ("四组", "", "潘春荷", "女", 1956, "配偶"),
    )
    assert [p.name for p in reading.persons] == ["罗秋生"]
    assert faults(reading, Fate.REFUSED) == [("B3", Fault.CELL_MISSING)]


def test_a_line_of_its_own_names_the_group_when_it_parts_the_table(tmp_path: Path) -> None:
    """三组 across all columns stands for the rows below it."""
    rows: Rows = [
        ("户号", "户主姓名", "人口", "存折余额"),
        ("三组", "", "", ""),
        (12, "罗秋生", 4),
        ("四组", "", "", ""),
        (1, "潘禾", 2),
    ]
    file = write_xlsx(tmp_path / "h.xlsx", Tab(rows, merges=[(1, 0, 1, 3), (3, 0, 3, 3)]))
    reading = read_sheet(file, SheetKind.HOUSEHOLDS)
    assert [(row.group, row.house) for row in reading.households] == [(3, 12), (4, 1)]


def test_a_person_named_like_a_total_is_kept_when_further_right(tmp_path: Path) -> None:
    """Only the first words of a row make it a total."""
    reading = read_rows(tmp_path, SheetKind.PERSONS, (*PERSON, "合计"))
    assert len(reading.persons) == 1
