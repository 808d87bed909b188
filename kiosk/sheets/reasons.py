"""Writes a copy of a sheet with a column that says what is wrong, so that it can be corrected in place and read again.

Columns that are never read come out hidden, dates of birth as years; tabs that were not read are left out.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kiosk.sheets.excel import WIDEST, new_workbook, tab_name, width_of
from kiosk.sheets.grid import Cell, ErrorCell, Grid
from kiosk.sheets.load import load_grids
from kiosk.sheets.masking import HIDDEN, copied, shown
from kiosk.sheets.number_cell import number_text
from kiosk.sheets.problem import Fate, Fault, Problem, address, rows_of
from kiosk.sheets.rows import SheetReading, TabReading
from kiosk.sheets.table import is_blank
from kiosk.sheets.workbook import UnreadableFile

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from kiosk.locale import Texts

CODE_FIELDS: Final = ("code", "card", "passbook", "house", "moved_from")
"""Fields whose cells are written as text, so that no spreadsheet program takes zeros from them."""

_COLOURS: Final = {Fate.REFUSED: "#FFC7CE", Fate.NOTED: "#FFEB9C", Fate.SKIPPED: "#E0E0E0"}
_WORST_FIRST: Final = (Fate.REFUSED, Fate.NOTED, Fate.SKIPPED)
_LONGEST_CELL: Final = 32_767
_FIRST_YEAR: Final = 1900
_REASON_WIDTH: Final = 70


def write_reasons(path: Path, reading: SheetReading, out_path: Path, texts: "Texts") -> None:
    """Write the copy of ``path`` that ``reading`` came from to ``out_path`` (.xlsx).

    Raises NotWritable ``sheet_not_written``; a source that cannot be read gives a file with the explanation alone.
    """
    try:
        grids = load_grids(path)
    except UnreadableFile:
        grids = []
    tabs = {tab.name: tab for tab in reading.tabs if tab.is_read}
    with new_workbook(out_path) as workbook:
        written: list[str] = []
        elsewhere = list(reading.problems)
        for number, grid in enumerate(grids, start=1):
            if grid.name in tabs:
                copy = _Copy(workbook, grid, tabs[grid.name], reading, texts)
                copy.write(tab_name(grid.name, written, number))
                written.append(copy.name)
                elsewhere = [problem for problem in elsewhere if problem not in copy.told]
        _write_about(workbook, tab_name(texts("sheet.copy.tab"), written, 0), reading, elsewhere, texts)


def explain(problem: Problem, texts: "Texts") -> str:
    """Say in a sentence what a problem means and what to do about it."""
    about = {
        "sheet": problem.sheet,
        "cell": problem.cell,
        "raw": problem.raw,
        "heading": problem.heading,
        "other": problem.other,
    }
    return texts(
        "sheet.copy.line",
        fate=texts(f"sheet.fate.{problem.fate}"),
        reason=texts(f"sheet.{problem.code}.reason", **about),
        next=texts(f"sheet.{problem.code}.next", **about),
    )


class _Copy:
    """One tab on its way into the copy; ``told`` are the problems that stand in its reason column."""

    def __init__(
        self, workbook: "Workbook", grid: Grid, tab: TabReading, reading: SheetReading, texts: "Texts"
    ) -> None:
        self.name = ""
        self._workbook = workbook
        self._grid = grid
        self._tab = tab
        self._kind = reading.kind
        self._texts = texts
        self._header_end = tab.header_rows[1] if tab.header_rows else 0
        self._fields = {column: name for name, column in tab.columns.items()}
        self._by_row = _by_row([problem for problem in reading.problems if problem.sheet == grid.name])
        self._by_row = {row: found for row, found in self._by_row.items() if row > self._header_end}
        self.told = {problem for found in self._by_row.values() for problem in found}
        # Written as text, a number that lost digits would pass for a code at the next import.
        self._refused = {problem.cell for problem in self.told if problem.fate is Fate.REFUSED}
        self._formats: dict[tuple[Fate | None, str], Format] = {}

    def write(self, name: str) -> None:
        """Write cells, merged ranges and reasons to a new tab."""
        sheet = self._workbook.add_worksheet(name)
        self.name = name
        for row, cells in enumerate(self._grid.rows):
            for column, cell in enumerate(cells):
                self._put(sheet, row, column, cell)
            self._put_reasons(sheet, row)
        self._merge(sheet)
        self._finish(sheet)

    def _put(self, sheet: "Worksheet", row: int, column: int, cell: Cell) -> None:
        fate = _worst(self._by_row.get(row, ()))
        value = self._value(row, column, cell)
        if is_blank(value):
            if fate is not None:
                sheet.write_blank(row, column, None, self._format(fate))
        elif isinstance(value, str):
            sheet.write_string(row, column, value[:_LONGEST_CELL], self._format(fate, "@"))
        elif isinstance(value, date):
            midnight = datetime(value.year, value.month, value.day)  # noqa: DTZ001 because Excel knows no time zones
            sheet.write_datetime(row, column, midnight, self._format(fate, "yyyy-mm-dd"))
        else:
            sheet.write(row, column, value, self._format(fate))

    def _value(self, row: int, column: int, cell: Cell) -> Cell:
        """Give what the copy shows: nothing private, codes as text, and text for whatever Excel cannot hold."""
        if row > self._header_end and column in self._tab.forbidden:
            return "" if is_blank(cell) else HIDDEN
        field = self._fields.get(column, "") if row > self._header_end else ""
        value = copied(cell, field, self._kind)
        if isinstance(value, ErrorCell) or (isinstance(value, date) and value.year < _FIRST_YEAR):
            return shown(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            if not -math.inf < value < math.inf:
                return shown(value)
            if field in CODE_FIELDS and address(row, column) not in self._refused:
                return number_text(value)
        return value

    def _put_reasons(self, sheet: "Worksheet", row: int) -> None:
        """Write the heading or what is said of a row; an empty row stays empty, or it would be one to read."""
        column = self._grid.width
        if row == self._header_end:
            sheet.write_string(row, column, self._texts("sheet.copy.heading"), self._format(None, "heading"))
            return
        problems = [problem for problem in self._by_row.get(row, ()) if problem.code is not Fault.ROW_EMPTY]
        if problems:
            lines = "\n".join(explain(problem, self._texts) for problem in problems)
            sheet.write_string(row, column, lines[:_LONGEST_CELL], self._format(_worst(problems), "reason"))

    def _merge(self, sheet: "Worksheet") -> None:
        covered: set[tuple[int, int]] = set()
        for merge in self._grid.merges:
            right = min(merge.right, self._grid.width - 1)
            places = {(r, c) for r in range(merge.top, merge.bottom + 1) for c in range(merge.left, right + 1)}
            if len(places) > 1 and not places & covered:
                covered |= places
                sheet.merge_range(merge.top, merge.left, merge.bottom, right, "", self._format(None))
                self._put(sheet, merge.top, merge.left, self._grid.at(merge.top, merge.left))

    def _finish(self, sheet: "Worksheet") -> None:
        sheet.freeze_panes(self._header_end + 1, 0)
        for column in range(self._grid.width):
            below = self._grid.rows[self._header_end :]
            values = [
                self._value(self._header_end + step, column, _at(cells, column)) for step, cells in enumerate(below)
            ]
            sheet.set_column(column, column, width_of([shown(value) for value in values]))
        sheet.set_column(self._grid.width, self._grid.width, _REASON_WIDTH)

    def _format(self, fate: Fate | None, look: str = "") -> "Format":
        if (fate, look) not in self._formats:
            properties: dict[str, Any] = {} if fate is None else {"bg_color": _COLOURS[fate]}
            properties |= {"heading": {"bold": True}, "reason": {"text_wrap": True}}.get(look, {"num_format": look})
            self._formats[fate, look] = self._workbook.add_format(properties)
        return self._formats[fate, look]


def _write_about(
    workbook: "Workbook", name: str, reading: SheetReading, problems: Sequence[Problem], texts: "Texts"
) -> None:
    """Write the last tab: the file, the counts, the colours, and what belongs to no row."""
    sheet = workbook.add_worksheet(name)
    counts = {"seen": reading.seen, "accepted": len(reading.rows), "refused": len(reading.refused)}
    lines = [
        ("", f"{texts('sheet.copy.tab_file')} {reading.file}"),
        ("", texts("sheet.copy.tab_rows", **counts)),
        ("", texts("sheet.copy.tab_colours")),
        *((f"{problem.sheet} {problem.cell}".strip(), explain(problem, texts)) for problem in problems),
    ]
    for row, (place, text) in enumerate(lines):
        sheet.write_string(row, 0, place)
        sheet.write_string(row, 1, text)
    sheet.set_column(0, 0, WIDEST // 2)
    sheet.set_column(1, 1, _REASON_WIDTH)


def _by_row(problems: Sequence[Problem]) -> Mapping[int, list[Problem]]:
    """Sort problems under the zero-based rows they belong to; a run of rows is told at its first."""
    found: dict[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        rows = rows_of(problem.cell)
        if rows is not None:
            found[rows[0]].append(problem)
    return found


def _worst(problems: Sequence[Problem]) -> Fate | None:
    fates = {problem.fate for problem in problems}
    return next((fate for fate in _WORST_FIRST if fate in fates), None)


def _at(cells: Sequence[Cell], column: int) -> Cell:
    return cells[column] if column < len(cells) else ""
