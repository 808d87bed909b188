"""Reads the fields of one row and collects what is wrong with them, so that one pass reports every faulty cell."""

from collections.abc import Callable
from typing import Final, TypeVar

from kiosk.sheets.grid import Cell, ErrorCell
from kiosk.sheets.header import Header
from kiosk.sheets.masking import masked
from kiosk.sheets.place_cell import read_group, read_house
from kiosk.sheets.problem import Fate, Fault, Found, Problem, address, fate_of
from kiosk.sheets.rows import SheetKind, Where
from kiosk.sheets.table import RawRow, is_blank

T = TypeVar("T")


class RowReader:
    """One row on its way to a typed row; ``is_refused`` says whether any cell of it was."""

    def __init__(self, kind: SheetKind, sheet: str, header: Header, row: RawRow) -> None:
        """Begin with a raw row; ``header`` names the cells."""
        self.kind = kind
        self.row = row
        self.problems: list[Problem] = []
        self._header = header
        self.where = Where(
            sheet, row.index + 1, {name: address(row.index, column) for name, column in header.columns.items()}
        )
        for name in sorted(row.filled):
            self.remark(Fault.FILLED_DOWN, name)

    @property
    def is_refused(self) -> bool:
        """Say whether something in the row was refused."""
        return any(problem.fate is Fate.REFUSED for problem in self.problems)

    def cell(self, name: str) -> Cell:
        """Give the raw cell of a field; blank if the sheet has no such column."""
        return self.row.cells.get(name, "")

    def need(self, name: str, read: Callable[[Cell], Found[T] | Fault]) -> T | None:
        """Read a field that must be there; None after reporting why there is no value."""
        if is_blank(self.cell(name)) and name not in self.row.merged:
            self.remark(Fault.CELL_MISSING, name)
            return None
        return self.take(name, read)

    def take(self, name: str, read: Callable[[Cell], Found[T] | Fault]) -> T | None:
        """Read a field that may be blank; None if it is, or after reporting why there is no value."""
        cell = self.cell(name)
        if name in self.row.merged:
            self.remark(Fault.CELL_MERGED, name)
            return None
        if is_blank(cell):
            return None
        found = Fault.CELL_ERROR if _is_error(cell) else read(cell)
        if isinstance(found, Fault):
            self.remark(found, name)
            return None
        if found.note is not None:
            self.remark(found.note, name)
        return found.value

    def place(self) -> tuple[int, int] | None:
        """Read group and household number; the number's cell may name both."""
        group = self.take("group", read_group)
        house = self.need("house", lambda cell: read_house(cell, group))
        if house is None or (group is None and not is_blank(self.cell("group"))):
            return None
        if group is None and house.group is None:
            self.remark(Fault.CELL_MISSING, "group")
            return None
        return group or house.group or 0, house.number

    def remark(self, fault: Fault, name: str, *, other: str = "") -> None:
        """Report something about a field of this row."""
        raw = masked(self.cell(name), name, self.kind)
        heading = self._header.words_of(name)
        self.problems.append(
            Problem(self.where.sheet, self.where.cell(name), raw, fault, fate_of(fault), heading=heading, other=other)
        )


_ERROR_WORDS: Final = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
)
"""How text files write the error cells of the sheet they were saved from."""


def _is_error(cell: Cell) -> bool:
    return isinstance(cell, ErrorCell) or (isinstance(cell, str) and cell.strip().upper() in _ERROR_WORDS)
