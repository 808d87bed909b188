"""Writes small sheets the way villages have them, for the tests of this folder."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
import xlwt

from kiosk.sheets.problem import Fate, Fault
from kiosk.sheets.reading import read_sheet
from kiosk.sheets.rows import SheetKind, SheetReading

Value = str | int | float | bool | date | datetime | None
Rows = Sequence[Sequence[Value]]

HOUSEHOLD_HEADINGS = ("组", "户号", "户主姓名", "人口", "存折余额", "存折编号")
PERSON_HEADINGS = ("组", "户号", "姓名", "性别", "出生年份", "与户主关系", "同名序号")
MEMBER_HEADINGS = ("组", "户号", "姓名", "性别", "出生年份", "政治面貌", "党员类别", "入党时间", "卡号")
GOODS_HEADINGS = ("条码", "品名", "规格", "单位", "分值", "库存", "保质期至", "月限量", "进价")

HEADINGS = {
    SheetKind.HOUSEHOLDS: HOUSEHOLD_HEADINGS,
    SheetKind.PERSONS: PERSON_HEADINGS,
    SheetKind.MEMBERS: MEMBER_HEADINGS,
    SheetKind.GOODS: GOODS_HEADINGS,
}


@dataclass
class Tab:
    """One tab to write: rows from A1 on, merged ranges (first row, first column, last row, last column), errors."""

    rows: Rows
    name: str = "表一"
    merges: Sequence[tuple[int, int, int, int]] = ()
    errors: Sequence[tuple[int, int, str]] = ()
    is_hidden: bool = False
    formulas: Sequence[tuple[int, int, str]] = field(default_factory=tuple)


def write_xlsx(path: Path, *tabs: Tab) -> Path:
    """Write an .xlsx with xlsxwriter; a merged range keeps the value of its first cell."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for tab in tabs:
            sheet = book.add_worksheet(tab.name)
            for row, values in enumerate(tab.rows):
                for column, value in enumerate(values):
                    sheet.write(row, column, value, day if isinstance(value, date) else None)
            for top, left, bottom, right in tab.merges:
                sheet.merge_range(top, left, bottom, right, tab.rows[top][left])
            for row, column, text in tab.errors:
                sheet.write_formula(row, column, "=NA()", None, text)
            if tab.is_hidden:
                sheet.hide()
    return path


def write_xls(path: Path, tab: Tab) -> Path:
    """Write an .xls of the old kind with xlwt."""
    book = xlwt.Workbook()
    sheet = book.add_sheet(tab.name)
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    merged = {(top, left): (top, bottom, left, right) for top, left, bottom, right in tab.merges}
    for row, values in enumerate(tab.rows):
        for column, value in enumerate(values):
            if (row, column) in merged:
                sheet.write_merge(*merged[row, column], value)
            elif value is not None and value != "":
                sheet.write(row, column, value, day) if isinstance(value, date) else sheet.write(row, column, value)
    book.save(str(path))
    return path


def read_rows(folder: Path, kind: SheetKind, *rows: Sequence[Value]) -> SheetReading:
    """Read rows below the usual headings of a kind."""
    return read_sheet(write_xlsx(folder / "sheet.xlsx", Tab([HEADINGS[kind], *rows])), kind)


def faults(reading: SheetReading, fate: Fate | None = None) -> list[tuple[str, Fault]]:
    """Give cell and code of every problem, or of those with one fate."""
    return [(problem.cell, problem.code) for problem in reading.problems if fate in (None, problem.fate)]
