"""Personal numbers: hidden in problems, in JSON and in the copy, in whatever column they were typed."""

import json
from datetime import date
from pathlib import Path

import pytest

from kiosk.locale import Texts
from kiosk.sheets.grid import Cell
from kiosk.sheets.masking import copied, masked, shown
from kiosk.sheets.problem import Fault
from kiosk.sheets.reading import read_sheet
from kiosk.sheets.reasons import write_reasons
from kiosk.sheets.rows import SheetKind
from tests.kiosk.sheets.books import PERSON_HEADINGS, Tab, write_xlsx

IDENTITY = "52010119540312001X"
TELEPHONE = "13900000000"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (IDENTITY, "****************1X"),
        (f"身份证{IDENTITY}", "身份证****************1X"),
        ("139 0000 0000", "***********00"),
        ("139-0000-0000", "***********00"),
        ("１３９００００００００", "*********００"),
        (520101195403120012.0, "****************00"),
        ("2601230001020349", "**************49"),
        ("YL-0312", "YL-0312"),
        (10.0, "10"),
        (True, "TRUE"),
    ],
)
def test_a_long_number_is_hidden_when_a_report_shows_people(cell: Cell, text: str) -> None:
    """Eleven digits and more are nobody's business, gaps or not."""
    assert masked(cell, "name", SheetKind.PERSONS) == text


@pytest.mark.parametrize(
    ("cell", "text"), [("1954.13.12", "1954.**.**"), ("54年3月12日", "54年3月**日"), (date(1854, 3, 12), "1854-**-**")]
)
def test_a_birth_shows_its_year_only_when_it_is_reported(cell: Cell, text: str) -> None:
    """What could not be read is shown far enough to be found."""
    assert masked(cell, "birth", SheetKind.PERSONS) == text


def test_a_barcode_is_shown_when_goods_are_reported() -> None:
    """Thirteen digits of goods are no person's; an identity number is one anywhere."""
    assert masked("6990103300303", "code", SheetKind.GOODS) == "6990103300303"
    assert masked(IDENTITY, "code", SheetKind.GOODS) == "****************1X"


def test_a_long_number_shows_what_excel_kept_when_reported() -> None:
    """Fifteen digits and zeros, as the cell itself shows them."""
    assert shown(12345678901234567890.0) == "12345678901234600000"


def test_a_report_is_cut_when_a_cell_holds_a_novel() -> None:
    """Ten thousand characters do not fill the screen."""
    assert len(masked("字" * 10_000, "name", SheetKind.PERSONS)) == 80


def test_a_number_is_copied_when_its_column_needs_it() -> None:
    """The copy must be good enough to correct: cards and paper numbers stay, identity and telephone numbers do not."""
    assert copied("2601230001020349", "card", SheetKind.MEMBERS) == "2601230001020349"
    assert copied("2601230001020349", "", SheetKind.MEMBERS) == "**************49"
    assert copied(IDENTITY, "card", SheetKind.MEMBERS) == "****************1X"
    assert copied(float(TELEPHONE), "passbook", SheetKind.HOUSEHOLDS) == "*********00"
    assert copied("1954.3.12", "birth", SheetKind.PERSONS) == 1954
    assert copied(42.5, "opening", SheetKind.HOUSEHOLDS) == 42.5


def test_no_output_holds_a_private_number_when_a_sheet_is_full_of_them(tmp_path: Path) -> None:
    """Reading, JSON report and copy together know neither identity nor telephone number, nor the day of a birth."""
    headings = (*PERSON_HEADINGS, "身份证号", "联系电话", "备注", f"其他{TELEPHONE}")
    row = ("3", "12", "罗秋生", "男", "1954-03-12", "户主", "", IDENTITY, float(TELEPHONE), TELEPHONE, IDENTITY)
    wrong = (IDENTITY, TELEPHONE, IDENTITY, TELEPHONE, IDENTITY, IDENTITY, TELEPHONE, IDENTITY, TELEPHONE)
    file = write_xlsx(tmp_path / "persons.xlsx", Tab([(f"电话{TELEPHONE}",), headings, row, wrong]))
    reading = read_sheet(file, SheetKind.PERSONS)
    write_reasons(file, reading, tmp_path / "copy.xlsx", Texts("zh_CN"))
    copy = repr(read_cells(tmp_path / "copy.xlsx"))
    outputs = repr(reading.problems) + json.dumps(reading.as_record(), ensure_ascii=False) + copy
    assert len(reading.rows) == 1
    assert Fault.NAME_HAS_DIGITS in {problem.code for problem in reading.problems}
    for private in (IDENTITY, TELEPHONE, "1954-03", "03-12"):
        assert private not in outputs
    assert "罗秋生" in copy


def read_cells(file: Path) -> list[list[object]]:
    """Read every cell of every tab."""
    from python_calamine import load_workbook

    with load_workbook(str(file)) as book:
        return [list(row) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
