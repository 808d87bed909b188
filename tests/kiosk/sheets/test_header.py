"""Headings: found below titles, joined from two rows, known by many words, and never one that is private."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kiosk.sheets.problem import Fate, Fault
from kiosk.sheets.reading import read_sheet
from kiosk.sheets.rows import SheetKind
from kiosk.sheets.vocabulary import vocabulary
from tests.kiosk.sheets.books import GOODS_HEADINGS, PERSON_HEADINGS, Tab, faults, read_rows, write_xlsx

if TYPE_CHECKING:
    from tests.kiosk.sheets.books import Rows

PERSON = ("3", "12", "罗秋生", "男", "1954")
SALT = ("6990103300302", "食盐", "400克", "袋", 3, 50, "2028-06-30", 4, 2)


def test_a_heading_is_found_when_titles_stand_above_it(tmp_path: Path) -> None:
    """A merged title, a line with the date and a blank row do not hide the table."""
    rows: Rows = [
        ("云岭村积分超市商品目录", *("",) * 8),
        ("填表日期：2026年11月",),
        (),
        GOODS_HEADINGS,
        SALT,
    ]
    file = write_xlsx(tmp_path / "goods.xlsx", Tab(rows, merges=[(0, 0, 0, 8)]))
    reading = read_sheet(file, SheetKind.GOODS)
    assert [row.name for row in reading.goods] == ["食盐"]
    assert reading.goods[0].where.cells["price"] == "E5"


def test_two_heading_rows_are_joined_when_merged(tmp_path: Path) -> None:
    """户主 over 姓名 is 户主姓名, 存折 over 余额 is 存折余额."""
    rows: Rows = [
        ("户主花名册",),
        ("序号", "组", "户号", "户主", "", "存折", ""),
        ("", "", "", "姓名", "人口", "余额", "编号"),
        (1, "三组", 12, "罗秋生", 4, "42.5分", "YL-0312"),
    ]
    merges = [(0, 0, 0, 6), (1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 4), (1, 5, 1, 6)]
    file = write_xlsx(tmp_path / "households.xlsx", Tab(rows, merges=merges))
    (row,) = read_sheet(file, SheetKind.HOUSEHOLDS).households
    assert (row.group, row.house, row.head) == (3, 12, "罗秋生")
    assert (row.residents, row.opening_points, row.passbook) == (4, 4250, "YL-0312")


def test_two_heading_rows_are_joined_when_a_text_file_lost_the_merging(tmp_path: Path) -> None:
    """A file saved as text keeps the words and not the ranges."""
    file = tmp_path / "households.csv"
    file.write_text("组,户号,户主,存折,\n,,姓名,余额,编号\n三组,12,罗秋生,42.5,YL-0312\n", "utf-8")
    (row,) = read_sheet(file, SheetKind.HOUSEHOLDS).households
    assert (row.head, row.opening_points, row.passbook) == ("罗秋生", 4250, "YL-0312")


def test_the_first_row_of_data_is_kept_when_only_the_title_is_merged(tmp_path: Path) -> None:
    """A title over all columns does not turn the row under the heading into a heading."""
    file = write_xlsx(
        tmp_path / "persons.xlsx",
        Tab([("人员登记表", *("",) * 4), PERSON_HEADINGS[:5], PERSON], merges=[(0, 0, 0, 4)]),
    )
    reading = read_sheet(file, SheetKind.PERSONS)
    assert [row.name for row in reading.persons] == ["罗秋生"]
    assert reading.tabs[0].header_rows == (1, 1)


def test_the_first_row_of_data_is_kept_when_a_heading_spans_two_columns(tmp_path: Path) -> None:
    """A wide 备注 above rows of text is one heading row, not two."""
    rows: Rows = [(*PERSON_HEADINGS[:5], "备注", ""), (*PERSON, "在家", "身体好")]
    reading = read_sheet(write_xlsx(tmp_path / "p.xlsx", Tab(rows, merges=[(0, 5, 0, 6)])), SheetKind.PERSONS)
    assert [row.name for row in reading.persons] == ["罗秋生"]


@pytest.mark.parametrize("kind", list(SheetKind))
def test_every_word_stands_for_one_field_when_headings_are_looked_up(kind: SheetKind) -> None:
    """No word is forbidden and known at once, and the first word of each field finds it."""
    words = vocabulary(kind)
    assert set(words.required) <= set(words.first_words)
    for field, word in words.first_words.items():
        assert words.field_of(word) == field
    assert [word for word in words.fields if words.is_forbidden(word)] == []


@pytest.mark.parametrize(
    "heading", ["姓 名", "姓\n名", "姓名（必填）", "*姓名", "姓名\u200b", "ＮＡＭＥ", "Name", "家庭成员"]
)
def test_a_heading_is_known_when_it_is_decorated(heading: str) -> None:
    """Spaces, line breaks, stars, brackets, width and case do not matter."""
    assert vocabulary(SheetKind.PERSONS).field_of(heading) == "name"


@pytest.mark.parametrize(
    "heading",
    [
        "身份证号",
        "身份证号码",
        "公民身份号码",
        "联系电话",
        "手机号",
        "月工资",
        "家庭收入",
        "患病情况",
        "银行卡号",
        "Phone",
    ],
)
def test_a_column_is_never_read_when_it_is_private(tmp_path: Path, heading: str) -> None:
    """Identity, telephone, wage, health and bank columns are dropped with a note, wherever they stand."""
    identity = "52010119540312001X"
    rows: Rows = [(heading, *PERSON_HEADINGS[:5]), (identity, *PERSON)]
    reading = read_sheet(write_xlsx(tmp_path / "persons.xlsx", Tab(rows)), SheetKind.PERSONS)
    assert faults(reading) == [("A1", Fault.COLUMN_NOT_READ)]
    assert [row.name for row in reading.persons] == ["罗秋生"]
    assert identity not in repr(reading)


def test_a_tab_is_not_read_when_a_column_is_missing(tmp_path: Path) -> None:
    """Three known words are a table, and a table of persons without births cannot be imported."""
    file = write_xlsx(tmp_path / "persons.xlsx", Tab([("组", "户号", "姓名"), ("3", "12", "罗秋生")]))
    reading = read_sheet(file, SheetKind.PERSONS)
    assert faults(reading) == [("A1", Fault.COLUMN_MISSING)]
    assert reading.problems[0].heading == "出生年份"
    assert reading.rows == ()


def test_a_tab_is_not_read_when_two_columns_mean_the_same(tmp_path: Path) -> None:
    """Whether 积分 or 积分余额 is the balance, only the village knows."""
    rows: Rows = [("组", "户号", "户主姓名", "积分", "积分余额", "存折编号"), ("3", "12", "罗秋生", 5, 6, "YL-1")]
    reading = read_sheet(write_xlsx(tmp_path / "households.xlsx", Tab(rows)), SheetKind.HOUSEHOLDS)
    assert faults(reading) == [("E1", Fault.COLUMN_TWICE)]
    assert reading.rows == ()


def test_an_unknown_column_is_named_when_it_is_passed_over(tmp_path: Path) -> None:
    """A column nobody needs is said once; well-known ones such as 序号 are not mentioned."""
    rows: Rows = [("序号", *PERSON_HEADINGS[:5], "鞋码"), (1, *PERSON, 42)]
    reading = read_sheet(write_xlsx(tmp_path / "persons.xlsx", Tab(rows)), SheetKind.PERSONS)
    assert [(problem.code, problem.heading, problem.fate) for problem in reading.problems] == [
        (Fault.COLUMN_UNKNOWN, "鞋码", Fate.NOTED)
    ]


def test_every_tab_is_read_when_groups_have_tabs_of_their_own(tmp_path: Path) -> None:
    """Tabs named for groups stand in for the column; other tabs and hidden ones are listed."""
    headings = ("户号", "姓名", "出生年份", "性别")
    file = write_xlsx(
        tmp_path / "persons.xlsx",
        Tab([headings, (1, "罗秋生", 1954, "男")], name="一组"),
        Tab([headings, (1, "潘春荷", 1956, "女")], name="二组"),
        Tab([("填表说明",), ("出生只取年份",)], name="说明"),
        Tab([headings, (9, "莫田旺", 1947, "男")], name="三组", is_hidden=True),
    )
    reading = read_sheet(file, SheetKind.PERSONS)
    assert [(row.where.sheet, row.group, row.name) for row in reading.persons] == [
        ("一组", 1, "罗秋生"),
        ("二组", 2, "潘春荷"),
    ]
    assert [(problem.sheet, problem.code) for problem in reading.problems] == [
        ("一组", Fault.GROUP_FROM_TAB),
        ("二组", Fault.GROUP_FROM_TAB),
        ("说明", Fault.TAB_WITHOUT_HEADER),
        ("三组", Fault.TAB_HIDDEN),
    ]


def test_a_small_sheet_is_read_when_it_has_all_that_is_required(tmp_path: Path) -> None:
    """Three columns are enough where three are needed."""
    rows: Rows = [("条码", "品名", "分值"), ("6990103300302", "食盐", 3)]
    reading = read_sheet(write_xlsx(tmp_path / "goods.xlsx", Tab(rows)), SheetKind.GOODS)
    assert reading.is_clean
    assert len(reading.rows) == 1


def test_a_file_without_a_table_is_refused_when_read(tmp_path: Path) -> None:
    """A sheet of another kind says so instead of importing nothing silently."""
    reading = read_sheet(write_xlsx(tmp_path / "x.xlsx", Tab([("会议记录",), ("议题",)])), SheetKind.GOODS)
    assert faults(reading, Fate.REFUSED) == [("", Fault.NO_TABLE)]


def test_a_combined_number_is_enough_when_there_is_no_group_column(tmp_path: Path) -> None:
    """门牌 3-12 names both."""
    rows: Rows = [("门牌", "户主姓名", "人口"), ("3-12", "罗秋生", 4)]
    reading = read_sheet(write_xlsx(tmp_path / "h.xlsx", Tab(rows)), SheetKind.HOUSEHOLDS)
    assert [(row.group, row.house) for row in reading.households] == [(3, 12)]
    assert faults(reading) == [("A2", Fault.HOUSE_SPLIT)]


def test_a_row_is_refused_when_its_group_is_nowhere(tmp_path: Path) -> None:
    """A number alone finds no household in a village of eight groups."""
    rows: Rows = [("门牌", "户主姓名", "人口"), ("12", "罗秋生", 4)]
    reading = read_sheet(write_xlsx(tmp_path / "h.xlsx", Tab(rows)), SheetKind.HOUSEHOLDS)
    assert faults(reading, Fate.REFUSED) == [("A2", Fault.CELL_MISSING)]


def test_rows_name_their_cells_when_read(tmp_path: Path) -> None:
    """Every row knows where it came from."""
    reading = read_rows(tmp_path, SheetKind.PERSONS, PERSON)
    where = reading.persons[0].where
    assert (where.sheet, where.row, where.cell("birth"), where.cell("nothing")) == ("表一", 2, "E2", "A2")
