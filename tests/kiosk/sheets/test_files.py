"""Whole files: Excel of both ages, text in three encodings, damage of every sort, progress, five thousand rows."""

import hashlib
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.sheets.grid import ErrorCell
from kiosk.sheets.load import load_grids
from kiosk.sheets.problem import Fate, Fault
from kiosk.sheets.reading import read_sheet
from kiosk.sheets.rows import SheetKind
from kiosk.sheets.workbook_xml import column_number, scan_tab
from tests.kiosk.sheets.books import (
    GOODS_HEADINGS,
    PERSON_HEADINGS,
    Rows,
    Tab,
    faults,
    read_rows,
    write_xls,
    write_xlsx,
)

PEOPLE: Rows = [
    PERSON_HEADINGS,
    ("三组", "12", "石𫖯", "男", "1958.3", "户主", ""),
    ("三组", "12", "木朵·阿禾", "女", "１９６１", "配偶", ""),
]
NAMES = ["石𫖯", "木朵·阿禾"]


def as_text(rows: Rows, mark: str = ",") -> str:
    """Join rows as a text file has them."""
    return "".join(mark.join(str(value) for value in row) + "\r\n" for row in rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_a_text_file_is_read_when_saved_in_any_usual_way(tmp_path: Path, encoding: str, mark: str) -> None:
    """Four-byte names survive every encoding and delimiter."""
    file = tmp_path / "persons.csv"
    file.write_bytes(as_text(PEOPLE, mark).encode(encoding))
    reading = read_sheet(file, SheetKind.PERSONS)
    assert [person.name for person in reading.persons] == NAMES
    assert reading.is_clean


def test_quoted_cells_are_whole_when_they_hold_commas_and_breaks(tmp_path: Path) -> None:
    """A comma inside quotes parts nothing."""
    file = tmp_path / "goods.csv"
    file.write_text('条码,品名,分值\r\n"6990103300302\n6990101100102","盐,细","1,000"\r\n', "utf-8", newline="")
    (row,) = read_sheet(file, SheetKind.GOODS).goods
    assert (row.codes, row.name, row.price_points) == (("06990103300302", "06990101100102"), "盐,细", 100_000)


def test_an_old_sheet_is_read_when_it_is_xls(tmp_path: Path) -> None:
    """Dates, merged groups and four-byte names of the old format."""
    rows: Rows = [
        ("党员名册", "", "", "", ""),
        ("组", "户号", "姓名", "出生年份", "入党时间"),
        ("三组", 12, "石𫖯", date(1958, 3, 1), 1985),
        ("", 13, "潘禾", 1966, "1990年7月"),
    ]
    file = write_xls(tmp_path / "members.xls", Tab(rows, name="党员", merges=[(0, 0, 0, 4), (2, 0, 3, 0)]))
    reading = read_sheet(file, SheetKind.MEMBERS)
    assert [(m.group, m.house, m.name, m.birth_year, m.joined_year) for m in reading.members] == [
        (3, 12, "石𫖯", 1958, 1985),
        (3, 13, "潘禾", 1966, 1990),
    ]
    assert reading.problems == ()


def test_an_old_sheet_is_read_when_its_last_sector_is_short(tmp_path: Path) -> None:
    """Some programs do not fill up the end of the file."""
    file = write_xls(tmp_path / "persons.xls", Tab(PEOPLE))
    content = file.read_bytes()
    assert len(content) % 512 == 0
    file.write_bytes(content.rstrip(b"\x00"))
    assert [person.name for person in read_sheet(file, SheetKind.PERSONS).persons] == NAMES


@pytest.mark.parametrize("ending", [".xls", ".dat", ""])
def test_the_content_decides_when_a_name_has_the_wrong_ending(tmp_path: Path, ending: str) -> None:
    """A new sheet under an old name is still a new sheet."""
    file = write_xlsx(tmp_path / "persons.xlsx", Tab(PEOPLE)).rename(tmp_path / f"persons{ending}")
    assert len(read_sheet(file, SheetKind.PERSONS).rows) == 2


def test_an_error_cell_is_told_from_a_blank_when_the_library_shows_none(tmp_path: Path) -> None:
    """A blank limit is no limit; a limit that shows #N/A is a mistake."""
    rows: Rows = [GOODS_HEADINGS, ("6990103300302", "食盐", "", "袋", 3, 50, "", "", 2)]
    tab = Tab(rows, errors=[(1, 7, "#N/A"), (2, 4, "#DIV/0!")])
    file = write_xlsx(tmp_path / "goods.xlsx", tab)
    reading = read_sheet(file, SheetKind.GOODS)
    assert [(p.cell, p.code, p.raw) for p in reading.problems if p.code is Fault.CELL_ERROR] == [
        ("H2", Fault.CELL_ERROR, "#N/A"),
        ("E3", Fault.CELL_ERROR, "#DIV/0!"),
    ]
    assert load_grids(file)[0].at(1, 7) == ErrorCell("#N/A")


def test_an_error_is_found_when_a_text_file_carries_its_word(tmp_path: Path) -> None:
    """Saving as text writes the error as a word."""
    file = tmp_path / "goods.csv"
    file.write_text("条码,品名,分值\n6990103300302,#REF!,3\n", "utf-8")
    assert faults(read_sheet(file, SheetKind.GOODS)) == [("B2", Fault.CELL_ERROR)]


def test_a_formula_counts_by_its_result_when_excel_computed_it(tmp_path: Path) -> None:
    """What the cell shows is what is read."""
    file = tmp_path / "goods.xlsx"
    tab = Tab([("条码", "品名", "分值"), ("6990103300302", "食盐", "")], errors=[(1, 2, "3")])
    assert read_sheet(write_xlsx(file, tab), SheetKind.GOODS).goods[0].price_points == 300


def test_the_reach_of_a_tab_is_known_before_it_is_loaded_when_xml_is_scanned() -> None:
    """A value in the last cell of the last column would fill memory."""
    extent = scan_tab(
        b'<row><c r="A1" t="s"><v>0</v></c><x:c r="XFD1048576"/><c r="C2" s="1" t="e"><f>NA()</f><v>#N/A</v></c>'
    )
    assert extent.cells == 16384 * 1048576
    assert extent.errors == {(1, 2): "#N/A"}
    assert [column_number(letters) for letters in ("A", "Z", "AA", "XFD")] == [1, 26, 27, 16384]


def test_a_sheet_is_refused_when_one_cell_stands_at_the_end_of_the_world(tmp_path: Path) -> None:
    """A stray value far away does not stop the machine."""
    file = tmp_path / "far.xlsx"
    write_xlsx(file, Tab([GOODS_HEADINGS, *[()] * 1_048_574, ("",) * 16_383 + ("x",)]))
    assert faults(read_sheet(file, SheetKind.GOODS)) == [("", Fault.FILE_TOO_LARGE)]


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("empty.xlsx", b"", Fault.FILE_KIND),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n", Fault.FILE_KIND),
        ("page.xls", b"<html><table></table></html>", Fault.FILE_KIND),
        ("broken.xlsx", b"PK\x03\x04 and then nothing", Fault.FILE_UNREADABLE),
        ("broken.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Fault.FILE_UNREADABLE),
        (
            "locked.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            Fault.FILE_LOCKED,
        ),
        ("rubbish.csv", b"\xff\xfe\x00", Fault.FILE_ENCODING),
        ("binary.csv", b"a\x00b,c\x00", Fault.FILE_ENCODING),
        ("invalid.csv", b"\x81\x20\xff\xff", Fault.FILE_ENCODING),
        ("empty.csv", b"", Fault.NO_TABLE),
    ],
)
def test_a_file_is_refused_with_its_reason_when_it_cannot_be_read(
    tmp_path: Path, name: str, content: bytes, fault: Fault
) -> None:
    """Damage is a reading with one refused problem that names the file, never an exception."""
    file = tmp_path / name
    file.write_bytes(content)
    reading = read_sheet(file, SheetKind.GOODS)
    assert faults(reading, Fate.REFUSED) == [("", fault)]
    assert reading.problems[-1].raw == name


def test_a_file_is_refused_when_it_is_not_there_or_a_folder(tmp_path: Path) -> None:
    """A stick that was pulled, and a folder that was chosen."""
    assert faults(read_sheet(tmp_path / "none.xlsx", SheetKind.GOODS)) == [("", Fault.FILE_MISSING)]
    assert faults(read_sheet(tmp_path, SheetKind.GOODS)) == [("", Fault.FILE_UNREADABLE)]


def test_a_file_is_refused_when_it_is_larger_than_any_roster(tmp_path: Path) -> None:
    """The size is looked at before the content."""
    file = tmp_path / "large.csv"
    with file.open("wb") as out:
        out.truncate(33 * 1024 * 1024)
    assert faults(read_sheet(file, SheetKind.GOODS)) == [("", Fault.FILE_TOO_LARGE)]


def test_a_package_is_refused_when_it_is_no_workbook(tmp_path: Path) -> None:
    """A text document is a package too."""
    file = tmp_path / "letter.xlsx"
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    assert faults(read_sheet(file, SheetKind.GOODS)) == [("", Fault.FILE_KIND)]


@pytest.mark.parametrize("new", [True, False], ids=["xlsx", "xls"])
def test_reading_never_raises_when_bytes_are_damaged(tmp_path: Path, new: bool) -> None:  # noqa: FBT001 because the two formats are the parameter
    """A stick pulled too early or a bad sector gives a refusal or rows, never an exception."""
    good = (
        write_xlsx(tmp_path / "good.xlsx", Tab(PEOPLE)) if new else write_xls(tmp_path / "good.xls", Tab(PEOPLE))
    ).read_bytes()
    file = tmp_path / "damaged.bin"

    @settings(max_examples=60 if new else 15, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.integers(0, len(good)), st.lists(st.tuples(st.integers(0, len(good) - 1), st.integers(0, 255)), max_size=20)
    )
    def damage(kept: int, changes: list[tuple[int, int]]) -> None:
        content = bytearray(good)
        for place, value in changes:
            content[place] = value
        file.write_bytes(content[:kept])
        reading = read_sheet(file, SheetKind.PERSONS)
        assert reading.rows or reading.problems

    damage()


def test_an_old_sheet_is_refused_when_its_sectors_run_in_a_circle(tmp_path: Path) -> None:
    """One bad sector number would have the library collect the same sector until no memory is left."""
    file = write_xls(tmp_path / "persons.xls", Tab(PEOPLE))
    content = bytearray(file.read_bytes())
    table = 512 * (int.from_bytes(content[76:80], "little") + 1)
    directory = content[48:52]
    entry = table + 4 * int.from_bytes(directory, "little")
    content[entry : entry + 4] = directory
    file.write_bytes(content)
    assert faults(read_sheet(file, SheetKind.PERSONS)) == [("", Fault.FILE_UNREADABLE)]


def test_progress_is_told_when_a_long_file_is_read(tmp_path: Path) -> None:
    """Five thousand rows are all read, and the caller hears how far it is, in order and to the end."""
    rows = [("三组", "12", "罗秋生", "男", "1954", "其他", str(number % 100)) for number in range(100)]
    more = [
        ("四组", str(number % 999 + 1), "潘禾", "女", f"19{number // 999 + 30}", "其他", "") for number in range(4900)
    ]
    heard: list[tuple[int, int]] = []
    file = write_xlsx(tmp_path / "persons.xlsx", Tab([PERSON_HEADINGS, *rows, *more]))
    reading = read_sheet(file, SheetKind.PERSONS, progress=lambda done, total: heard.append((done, total)))
    assert len(reading.rows) == 5000
    assert reading.seen == 5000
    assert heard == sorted(heard)
    assert heard[-1] == (5001, 5001)
    assert len(heard) > 20


def test_the_report_counts_rows_and_names_cells_when_written_as_json(tmp_path: Path) -> None:
    """What a command prints: file, sheets, rows seen and accepted, and each problem with its fate."""
    reading = read_rows(
        tmp_path, SheetKind.GOODS, ("6990103300302", "食盐", "", "袋", 3), ("6990101100102", "", "", "", 2)
    )
    assert reading.as_record() == {
        "file": "sheet.xlsx",
        "kind": "goods",
        "sheets": ["表一"],
        "digest": hashlib.sha256((tmp_path / "sheet.xlsx").read_bytes()).hexdigest(),
        "seen": 2,
        "accepted": 1,
        "problems": [{"sheet": "表一", "cell": "B3", "raw": "", "code": "cell_missing", "fate": "refused"}],
    }
