"""The copy with a reason column: same cells, wrong rows coloured, what to do beside them, and fit to be read again."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
from python_calamine import load_workbook

from kiosk.errors import NotWritable
from kiosk.locale import Texts
from kiosk.sheets.problem import Fate, Fault
from kiosk.sheets.reading import read_sheet
from kiosk.sheets.reasons import explain, write_reasons
from kiosk.sheets.rows import SheetKind, SheetReading
from tests.kiosk.sheets.books import (
    GOODS_HEADINGS,
    HOUSEHOLD_HEADINGS,
    PERSON_HEADINGS,
    Rows,
    Tab,
    write_xls,
    write_xlsx,
)

GOODS: Rows = [
    ("商品目录", *("",) * 8),
    GOODS_HEADINGS,
    (6990103300302, "食盐", "400克", "袋", 3, 50, date(2028, 6, 30), 4, 2),
    ("6990101100102", "=1+1", "", "支", "两分", "", "", "", ""),
    ("合计", "", "", "", 3),
]


def copy_of(file: Path, kind: SheetKind, language: str = "zh_CN") -> tuple[SheetReading, dict[str, list[list[object]]]]:
    """Read a file, write its copy beside it, and give the copy's cells by tab."""
    reading = read_sheet(file, kind)
    out = file.with_name("copy.xlsx")
    write_reasons(file, reading, out, Texts(language))
    with load_workbook(str(out)) as book:
        tabs = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    return reading, {name: [list(row) for row in rows] for name, rows in tabs.items()}


def test_the_copy_has_the_cells_and_a_reason_when_rows_are_wrong(tmp_path: Path) -> None:
    """Dates stay dates, barcodes become text, a text that looks like a formula stays one, every problem is said."""
    _, tabs = copy_of(write_xlsx(tmp_path / "goods.xlsx", Tab(GOODS, merges=[(0, 0, 0, 8)])), SheetKind.GOODS)
    rows = tabs["表一"]
    assert rows[1] == [*GOODS_HEADINGS, "问题和办法"]
    assert rows[2] == ["6990103300302", "食盐", "400克", "袋", 3.0, 50.0, date(2028, 6, 30), 4.0, 2.0, ""]
    assert rows[3][1] == "=1+1"
    assert rows[3][9] == "没有读入：“分值”里的“两分”不是数。只填数，例如10或0.5。"
    assert rows[4][9] == "跳过：合计行。不用处理。"


def test_the_copy_tells_counts_and_what_belongs_to_no_row_when_opened(tmp_path: Path) -> None:
    """The last tab says how many rows were read and what is wrong with tabs and columns."""
    tabs = [Tab(GOODS), Tab([("会议记录",)], name="别的")]
    _, copy = copy_of(write_xlsx(tmp_path / "goods.xlsx", *tabs), SheetKind.GOODS)
    about = [text for _, text in copy["说明"]]
    assert about[0] == "文件 goods.xlsx"
    assert about[1] == "看到3行，读入1行，没有读入的问题1处"
    assert about[3] == "跳过：工作表“别的”里没有认得的表头，没有读。如果它该读，请照模板改列名。"
    assert "别的" not in copy


def test_rows_are_coloured_by_their_worst_problem_when_written(tmp_path: Path) -> None:
    """Red for refused, yellow for noted, grey for skipped."""
    copy_of(write_xlsx(tmp_path / "goods.xlsx", Tab(GOODS)), SheetKind.GOODS)
    with zipfile.ZipFile(tmp_path / "copy.xlsx") as package:
        styles = package.read("xl/styles.xml").decode()
    assert "FFFFC7CE" in styles
    assert "FFE0E0E0" in styles
    assert "FFFFEB9C" not in styles


def test_the_copy_is_read_like_the_sheet_when_nothing_was_corrected(tmp_path: Path) -> None:
    """The same rows and the same refusals: correcting the copy and importing it is enough."""
    rows: Rows = [
        ("花名册", *("",) * 5),
        HOUSEHOLD_HEADINGS,
        ("三组", 12, "石𫖯", 4, "４２．５分", "0007"),
        ("", 13, "潘\u3000禾", 2, "两分", "YL-0313"),
        ("", 14, "木朵·阿禾", 1, 0.5, "YL-0314"),
    ]
    file = write_xlsx(tmp_path / "h.xlsx", Tab(rows, merges=[(0, 0, 0, 5), (2, 0, 4, 0)]))
    reading, _ = copy_of(file, SheetKind.HOUSEHOLDS)
    again = read_sheet(tmp_path / "copy.xlsx", SheetKind.HOUSEHOLDS)
    assert again.rows == reading.rows
    assert [(p.cell, p.code, p.raw) for p in again.refused] == [(p.cell, p.code, p.raw) for p in reading.refused]
    assert again.tabs[0] == reading.tabs[0]


def test_a_refused_number_stays_a_number_when_copied(tmp_path: Path) -> None:
    """As text its lost digits would pass for real ones at the next import."""
    rows: Rows = [GOODS_HEADINGS, (12345678901234567890, "洗手液", "", "瓶", 8), (42, "土豆", "", "个", 1)]
    copy_of(write_xlsx(tmp_path / "goods.xlsx", Tab(rows)), SheetKind.GOODS)
    again = read_sheet(tmp_path / "copy.xlsx", SheetKind.GOODS)
    assert [problem.code for problem in again.refused] == [Fault.LONG_NUMBER, Fault.CODE_ZEROS_LOST]


def test_the_copy_hides_private_columns_and_birthdays_when_written(tmp_path: Path) -> None:
    """The column stays where it was, without its content; a birth is its year."""
    rows: Rows = [(*PERSON_HEADINGS[:5], "联系电话"), ("3", 12, "罗秋生", "男", date(1954, 3, 12), "13900000000")]
    _, tabs = copy_of(write_xlsx(tmp_path / "p.xlsx", Tab(rows)), SheetKind.PERSONS)
    assert tabs["表一"][1] == ["3", "12", "罗秋生", "男", 1954.0, "***", ""]


@pytest.mark.parametrize("name", ["persons.xls", "a:very*long?name/of a [text] file that no tab can have.csv"])
def test_the_copy_is_new_excel_when_the_sheet_was_old_or_text(tmp_path: Path, name: str) -> None:
    """Old sheets and text files come back as .xlsx, whatever their tab was called."""
    rows: Rows = [PERSON_HEADINGS, ("三组", "12", "石𫖯", "男", "58.3", "户主", "")]
    file = tmp_path / name.replace("/", "_")
    if file.suffix == ".xls":
        write_xls(file, Tab(rows))
    else:
        file.write_text("".join(",".join(map(str, row)) + "\n" for row in rows), "utf-8")
    _, tabs = copy_of(file, SheetKind.PERSONS)
    first = next(iter(tabs.values()))
    assert first[1][2] == "石𫖯"
    assert str(first[1][-1]).startswith("没有读入：")


def test_the_copy_is_written_when_the_file_could_not_be_read(tmp_path: Path) -> None:
    """The explanation stands alone then."""
    file = tmp_path / "broken.xlsx"
    file.write_bytes(b"PK\x03\x04 and then nothing")
    _, tabs = copy_of(file, SheetKind.GOODS)
    assert list(tabs) == ["说明"]
    assert tabs["说明"][3][1] == "没有读入：文件“broken.xlsx”坏了，打不开。用表格软件打开它，另存为.xlsx再导入。"


def test_odd_cells_are_written_as_text_when_excel_has_no_place_for_them(tmp_path: Path) -> None:
    """Errors, truth values and dates before Excel's first day do not stop the copy."""
    rows: Rows = [GOODS_HEADINGS, ("6990103300302", "食盐", "", "袋", True, 5, "", "", "")]
    _, tabs = copy_of(write_xlsx(tmp_path / "g.xlsx", Tab(rows, errors=[(1, 7, "#N/A")])), SheetKind.GOODS)
    assert tabs["表一"][1][4] is True
    assert tabs["表一"][1][7] == "#N/A"


def test_a_full_stick_is_a_refusal_when_the_copy_is_written(tmp_path: Path) -> None:
    """A folder that is not there stands for every place that cannot be written."""
    file = write_xlsx(tmp_path / "goods.xlsx", Tab(GOODS))
    with pytest.raises(NotWritable) as refused:
        write_reasons(file, read_sheet(file, SheetKind.GOODS), tmp_path / "none" / "copy.xlsx", Texts())
    assert refused.value.code == "sheet_not_written"
    assert Texts("en").refusal(refused.value).code == "sheet_not_written"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_problem_of_a_row_is_explained_when_it_has_several(tmp_path: Path, language: str) -> None:
    """One line a problem, the fate first."""
    rows: Rows = [GOODS_HEADINGS, ("6990103300303", "", "", "袋", -3)]
    reading, tabs = copy_of(write_xlsx(tmp_path / "g.xlsx", Tab(rows)), SheetKind.GOODS, language)
    lines = str(tabs["表一"][1][-1]).split("\n")
    assert lines == [explain(problem, Texts(language)) for problem in reading.refused]
    assert len(lines) == 3
    assert all(line.startswith(Texts(language)(f"sheet.fate.{Fate.REFUSED}")) for line in lines)
