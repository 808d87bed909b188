"""The workbook of reports: read back with the reader of imports, cell by cell."""

import zipfile
from pathlib import Path

import pytest

from kiosk.domain.report import MonthFigure, Period
from kiosk.domain.report_issued import Issued, Source
from kiosk.domain.report_redeemed import GoodsRedeemed, Redeemed
from kiosk.domain.reports import ReportKind, Reports, read_reports
from kiosk.errors import NotWritable
from kiosk.locale import Texts
from kiosk.sheets.grid import Cell
from kiosk.sheets.load import load_grids
from kiosk.sheets.number_cell import read_grams, read_points
from kiosk.sheets.problem import Found
from kiosk.sheets.report import write_reports
from tests.kiosk.domain.office import office_in
from tests.kiosk.reported import Reported

YEAR = Period("2026-01-01", "2026-12-31")


@pytest.fixture
def village(tmp_path: Path) -> Reported:
    """Two months of a village."""
    return office_in(tmp_path / "desk", Reported)


def written(reports: Reports, out: Path, language: str = "zh_CN") -> dict[str, list[list[Cell]]]:
    """Write reports and read every tab back, below its title."""
    write_reports(out, reports, "云岭村", Texts(language))
    return {grid.name: grid.rows for grid in load_grids(out)}


def column(rows: list[list[Cell]], number: int) -> list[Cell]:
    """The cells of a column below its heading."""
    return [row[number] for row in rows[2:]]


def test_every_list_has_its_tab_when_all_reports_are_written(village: Reported, tmp_path: Path) -> None:
    """Title, headings, rows, sums; figures are those of the reports."""
    tabs = written(read_reports(village.store, YEAR), tmp_path / "r.xlsx")
    assert list(tabs) == ["积分发放", "积分扣除", "积分兑换", "按月", "会议", "出勤（人）", "出勤（户）"]
    sources = tabs["积分发放"]
    assert sources[0][0] == "云岭村  积分发放  2026-01-01 至 2026-12-31"
    assert sources[1] == ["类别", "项目", "笔数", "记入", "冲正", "净分"]
    assert ["会议", "建议被采纳", 2.0, 15.0, 5.0, 10.0] in sources
    assert sources[-1] == ["合计", "", 9.0, 43.0, 5.0, 38.0]
    assert tabs["积分扣除"][2:] == [
        ["环境卫生", "乱扔垃圾", 1.0, -2.0, 0.0, -2.0], ["合计", "", 1.0, -2.0, 0.0, -2.0],
    ]  # fmt: skip
    assert tabs["积分兑换"][2:] == [
        ["=食盐+1", 3.0, "袋", 10.5], ["@土豆", 0.75, "公斤", 2.63], ["合计", "", "", 13.13],
    ]  # fmt: skip
    assert [row[0] for row in tabs["按月"][2:]] == ["2026-11", "2026-12"]
    assert [row[:2] for row in tabs["会议"][2:]] == [
        ["2026-11-22", "支部党员大会"], ["2026-11-22", "群众会"], ["2026-12-10", "支部党员大会"],
    ]  # fmt: skip
    assert tabs["出勤（人）"][2] == [3.0, 12.0, "王明", 2.0, 2.0, 0.0, 0.0, 0.0, 0.0]
    assert column(tabs["出勤（户）"], 2) == ["王明", "李秀", "赵国"]


def test_figures_are_exact_when_they_are_read_back(village: Reported, tmp_path: Path) -> None:
    """The reader of imports finds the same hundredths and grams that the reports hold."""
    reports = read_reports(village.store, YEAR)
    tabs = written(reports, tmp_path / "r.xlsx")
    assert reports.issued is not None
    assert reports.redeemed is not None
    net = [read_points(cell) for cell in column(tabs["积分发放"], 5)]
    expected = [Found(source.points) for source in reports.issued.sources]
    assert net[: len(expected)] == expected
    assert net[-1] == Found(reports.issued.points)
    points = [read_points(cell) for cell in column(tabs["积分兑换"], 3)]
    assert points == [*(Found(goods.points) for goods in reports.redeemed.goods), Found(reports.redeemed.points)]
    weighed = [goods.quantity for goods in reports.redeemed.goods if goods.is_weighed]
    assert [read_grams(row[1], 1000) for row in tabs["积分兑换"] if row[2] == "公斤"] == list(map(Found, weighed))


def test_no_float_gets_into_the_file_when_points_have_two_places(tmp_path: Path) -> None:
    """0.07 stands there as 0.07; a hundredth of a float would be 0.07000000000000001."""
    sources = tuple(Source("s", f"i{n}", None, None, None, 1, n, 0) for n in (7, 29, 57, 115, 171_262_132_07))
    write_reports(tmp_path / "r.xlsx", Reports(YEAR, Issued(YEAR, sources, (), ())), "村", Texts())
    with zipfile.ZipFile(tmp_path / "r.xlsx") as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    for figure in ("0.07", "0.29", "0.57", "1.15", "171262132.07"):
        assert f"<v>{figure}</v>" in sheet
    assert "0000001<" not in sheet
    assert "99999" not in sheet


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "=HYPERLINK(1)", "'"])
def test_text_stays_text_when_it_looks_like_a_formula(tmp_path: Path, sign: str) -> None:
    """Whatever somebody called their goods, nothing is computed when the file is opened."""
    name = f"{sign}2+3"
    source = Source("s", name, None, name, name, 1, 100, 0)
    tabs = written(Reports(YEAR, Issued(YEAR, (source,), (), ())), tmp_path / "r.xlsx")
    assert tabs["积分发放"][2][1] == name
    with zipfile.ZipFile(tmp_path / "r.xlsx") as package:
        assert all("<f>" not in package.read(part).decode() for part in package.namelist() if "sheet" in part)


def test_headings_stay_in_sight_and_columns_fit_when_the_file_is_opened(village: Reported, tmp_path: Path) -> None:
    """Two rows are frozen, and a wide character counts as two."""
    written(read_reports(village.store, YEAR), tmp_path / "r.xlsx")
    with zipfile.ZipFile(tmp_path / "r.xlsx") as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert 'ySplit="2"' in sheet
    assert 'state="frozen"' in sheet
    assert '<col min="2" max="2" width="16.' in sheet  # seven characters, two columns each, and two more


def test_only_what_was_asked_is_written_when_it_is_one_report(village: Reported, tmp_path: Path) -> None:
    """In the language of the desk."""
    reports = read_reports(village.store, YEAR, (ReportKind.REDEEMED,))
    tabs = written(reports, tmp_path / "r.xlsx", "en")
    assert list(tabs) == ["Points redeemed", "By month"]
    assert tabs["By month"][2:] == [["2026-11", 0.0, 0.0, 6.13, 1.0], ["2026-12", 0.0, 0.0, 7.0, 1.0]]


def test_tabs_have_headings_when_nothing_happened(village: Reported, tmp_path: Path) -> None:
    """An empty report is a file that says so, and no error."""
    tabs = written(read_reports(village.store, Period("2020-01-01", "2020-01-31")), tmp_path / "r.xlsx")
    assert [len(rows) for rows in tabs.values()] == [3, 3, 3, 2, 2, 2, 2]
    assert tabs["积分发放"][2] == ["合计", "", 0.0, 0.0, 0.0, 0.0]


def test_goods_without_a_name_are_marked_when_their_log_is_missing(tmp_path: Path) -> None:
    """A line without a name is still a line."""
    goods = (GoodsRedeemed(1, "", "件", is_weighed=False, quantity=2, points=50),)
    tabs = written(Reports(YEAR, redeemed=Redeemed(YEAR, goods, (MonthFigure("2026-11", 50, 1),))), tmp_path / "r.xlsx")
    assert tabs["积分兑换"][2] == ["（没有名字）", 2.0, "件", 0.5]


def test_writing_is_refused_when_the_folder_is_not_there(village: Reported, tmp_path: Path) -> None:
    """The stick was pulled out."""
    with pytest.raises(NotWritable, match="sheet_not_written"):
        write_reports(tmp_path / "gone" / "r.xlsx", read_reports(village.store, YEAR), "村", Texts())
