"""Reads a sheet file into typed rows and problems. Nothing is written anywhere, and a faulty file never raises."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TypeAlias

from kiosk.sheets.goods import goods_row
from kiosk.sheets.grid import Grid
from kiosk.sheets.header import Header, column_problems, find_header
from kiosk.sheets.load import grids_in, load_grids, read_content
from kiosk.sheets.people import household_row, member_row, person_row
from kiosk.sheets.place_cell import read_group
from kiosk.sheets.problem import Fate, Fault, Found, Problem, fate_of
from kiosk.sheets.row_reader import RowReader
from kiosk.sheets.rows import GoodsRow, HouseholdRow, MemberRow, PersonRow, Row, SheetKind, SheetReading, TabReading
from kiosk.sheets.table import Table
from kiosk.sheets.twins import GOODS, HOUSEHOLDS, MEMBERS, PERSONS, Settled, settle
from kiosk.sheets.vocabulary import vocabulary
from kiosk.sheets.workbook import UnreadableFile

Progress: TypeAlias = Callable[[int, int], None]
"""Called with rows done and rows in all, every PROGRESS_EVERY rows and once at the end."""

PROGRESS_EVERY: Final = 200

_BUILDERS: Final[dict[SheetKind, Callable[[RowReader], Row | None]]] = {
    SheetKind.HOUSEHOLDS: household_row,
    SheetKind.PERSONS: person_row,
    SheetKind.MEMBERS: member_row,
    SheetKind.GOODS: goods_row,
}


def read_sheet(path: Path, kind: SheetKind, progress: Progress | None = None) -> SheetReading:
    """Read every tab of a .xlsx, .xls or text file as rows of ``kind``.

    Never raises for what a file holds: a file that cannot be read is a reading with one refused problem.
    """
    try:
        content = read_content(path)
        grids = grids_in(content, path)
    except UnreadableFile as unreadable:
        return SheetReading(kind, path.name, problems=(_file_problem(path, unreadable.fault),))
    reading = _Reading(kind, sum(len(grid.rows) for grid in grids), progress)
    for grid in grids:
        reading.read_tab(grid)
    return reading.result(path, hashlib.sha256(content).hexdigest())


def guess_kind(path: Path) -> SheetKind | None:
    """Say what a file holds by its headings: the kind that knows most of them; None where no table is found."""
    try:
        grids = [grid for grid in load_grids(path) if not grid.is_hidden]
    except UnreadableFile:
        return None
    found = {kind: max((_known(grid, kind) for grid in grids), default=0) for kind in SheetKind}
    best = max(SheetKind, key=lambda kind: found[kind])
    return best if found[best] else None


class _Reading:
    """A reading under way, tab after tab."""

    def __init__(self, kind: SheetKind, total: int, progress: Progress | None) -> None:
        self._kind = kind
        self._total = total
        self._progress = progress
        self._done = 0
        self._seen = 0
        self._tabs: list[TabReading] = []
        self._rows: list[Row] = []
        self._problems: list[Problem] = []

    def read_tab(self, grid: Grid) -> None:
        """Read one tab: its heading, then its rows unless a column is missing or stands twice."""
        before = self._done
        header = None if grid.is_hidden else find_header(grid, vocabulary(self._kind))
        if header is None:
            self._pass_over(grid)
        else:
            self._read_table(grid, header)
        self._done = before + len(grid.rows)

    def result(self, path: Path, digest: str) -> SheetReading:
        """Compare the rows of all tabs with each other and close the reading."""
        if not any(tab.is_read for tab in self._tabs):
            self._problems.append(_file_problem(path, Fault.NO_TABLE))
        settled = _settled(self._kind, self._rows)
        if self._progress is not None:
            self._progress(self._total, self._total)
        reading = SheetReading(self._kind, path.name, tuple(self._tabs), self._seen, digest=digest)
        return reading.judged(settled.rows, (*self._problems, *settled.problems))

    def _pass_over(self, grid: Grid) -> None:
        self._tabs.append(TabReading(grid.name))
        if any(cell != "" for row in grid.rows for cell in row):
            fault = Fault.TAB_HIDDEN if grid.is_hidden else Fault.TAB_WITHOUT_HEADER
            self._problems.append(Problem(grid.name, "", "", fault, fate_of(fault)))

    def _read_table(self, grid: Grid, header: Header) -> None:
        problems = list(column_problems(grid, header, vocabulary(self._kind)))
        rows = (header.first_row, header.last_row)
        self._tabs.append(TabReading(grid.name, rows, header.columns, header.forbidden))
        self._problems.extend(problems)
        table = Table(grid, header, vocabulary(self._kind))
        if "group" not in header.columns and isinstance(read_group(grid.name), Found):
            table.stand_in(grid.name)
            self._problems.append(
                Problem(grid.name, "", grid.name, Fault.GROUP_FROM_TAB, fate_of(Fault.GROUP_FROM_TAB))
            )
        if not any(problem.fate is Fate.REFUSED for problem in problems):
            self._read_rows(table)

    def _read_rows(self, table: Table) -> None:
        build = _BUILDERS[self._kind]
        for raw in table.rows():
            reader = RowReader(self._kind, table.grid.name, table.header, raw)
            row = build(reader)
            if row is not None:
                self._rows.append(row)
            self._problems.extend(reader.problems)
            if self._progress is not None and raw.index % PROGRESS_EVERY == 0:
                self._progress(self._done + raw.index, self._total)
        self._seen += table.seen
        self._problems.extend(table.problems)


def _settled(kind: SheetKind, rows: Iterable[Row]) -> Settled:
    match kind:
        case SheetKind.HOUSEHOLDS:
            return settle((row for row in rows if isinstance(row, HouseholdRow)), HOUSEHOLDS)
        case SheetKind.PERSONS:
            return settle((row for row in rows if isinstance(row, PersonRow)), PERSONS)
        case SheetKind.MEMBERS:
            return settle((row for row in rows if isinstance(row, MemberRow)), MEMBERS)
        case SheetKind.GOODS:
            return settle((row for row in rows if isinstance(row, GoodsRow)), GOODS)


def _known(grid: Grid, kind: SheetKind) -> int:
    """Count the fields of a kind that a tab has columns for; 0 if one is missing that must be there."""
    words = vocabulary(kind)
    header = find_header(grid, words)
    if header is None or any(problem.fate is Fate.REFUSED for problem in column_problems(grid, header, words)):
        return 0
    return len(header.columns)


def _file_problem(path: Path, fault: Fault) -> Problem:
    return Problem("", "", path.name, fault, fate_of(fault))
