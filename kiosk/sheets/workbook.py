"""An Excel file as grids, through calamine.

Calamine gives an error cell as a blank, so for .xlsx the XML says which blanks are errors; an old .xls cannot be
asked, and an error cell there counts as blank.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Final

from kiosk.sheets.grid import Cell, ErrorCell, Grid, Merge
from kiosk.sheets.problem import Fault
from kiosk.sheets.workbook_xml import Extent

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

LARGEST_CELLS: Final = 4_000_000

_RUST_PANIC: Final = "PanicException"


class UnreadableFile(Exception):
    """The file as a whole cannot be read; ``fault`` says why."""

    def __init__(self, fault: Fault) -> None:
        """Say why, as the problem that a reading reports."""
        super().__init__(fault.value)
        self.fault = fault


def read_workbook(content: bytes, extents: Mapping[str, Extent]) -> list[Grid]:
    """Read every tab; ``extents`` are the error cells of an .xlsx. Raises UnreadableFile."""
    from python_calamine import CalamineError, PasswordError, load_workbook

    try:
        with load_workbook(BytesIO(content)) as workbook:
            return [_grid(workbook, name, extents.get(name)) for name in workbook.sheet_names]
    except PasswordError as locked:
        raise UnreadableFile(Fault.FILE_LOCKED) from locked
    except (CalamineError, OSError, ValueError) as broken:
        raise UnreadableFile(Fault.FILE_UNREADABLE) from broken
    except BaseException as panic:
        # A panic of the Rust side is no Exception, so that nobody swallows it; here it only means a damaged file.
        if type(panic).__name__ != _RUST_PANIC:
            raise
        raise UnreadableFile(Fault.FILE_UNREADABLE) from panic


def _grid(workbook: "CalamineWorkbook", name: str, extent: Extent | None) -> Grid:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    about = next(metadata for metadata in workbook.sheets_metadata if metadata.name == name)
    hidden = about.visible is not SheetVisibleEnum.Visible
    if about.typ is not SheetTypeEnum.WorkSheet:
        return Grid(name, [], is_hidden=hidden)
    sheet = workbook.get_sheet_by_name(name)
    if sheet.total_height * sheet.total_width > LARGEST_CELLS:
        raise UnreadableFile(Fault.FILE_TOO_LARGE)
    grid = Grid(name, _cells(sheet), _merges(sheet), is_hidden=hidden)
    if extent is not None:
        _mark_errors(grid, extent)
    return grid


def _cells(sheet: "CalamineSheet") -> list[list[Cell]]:
    return [list(row) for row in sheet.to_python(skip_empty_area=False)]


def _merges(sheet: "CalamineSheet") -> tuple[Merge, ...]:
    return tuple(Merge(*top_left, *bottom_right) for top_left, bottom_right in sheet.merged_cell_ranges or ())


def _mark_errors(grid: Grid, extent: Extent) -> None:
    """Put an ErrorCell wherever the XML has one; a row of errors only lies beyond what calamine gave."""
    for (row, column), text in extent.errors.items():
        while len(grid.rows) <= row:
            grid.rows.append([])
        grid.rows[row].extend([""] * (column + 1 - len(grid.rows[row])))
        grid.rows[row][column] = ErrorCell(text)
