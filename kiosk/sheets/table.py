"""The rows below a heading: what is skipped, what merged cells fill down, and what is left to read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from kiosk.sheets.grid import Cell, Grid, Merge
from kiosk.sheets.header import Header
from kiosk.sheets.masking import masked
from kiosk.sheets.number_cell import visible
from kiosk.sheets.place_cell import read_group
from kiosk.sheets.problem import Fault, Found, Problem, address, fate_of
from kiosk.sheets.rows import SheetKind
from kiosk.sheets.vocabulary import Vocabulary, meanings, plain

FILLED_FIELDS: Final = ("group", "house", "unit")
"""Fields whose value stands once for several rows; a merged amount or name would count twice, so it is refused."""

_TOTAL_WITHIN: Final = 3
_REMARK_CELLS: Final = 2


@dataclass
class RawRow:
    """One row to read: its zero-based index, the cell of each field, fields in a merged range, fields filled down."""

    index: int
    cells: dict[str, Cell]
    merged: frozenset[str] = frozenset()
    filled: frozenset[str] = frozenset()


@dataclass
class Table:
    """Walks the rows of one tab and collects what it passes over."""

    grid: Grid
    header: Header
    vocabulary: Vocabulary
    problems: list[Problem] = field(default_factory=list)
    seen: int = 0
    _above: dict[str, Cell] = field(default_factory=dict)

    def stand_in(self, group: str) -> None:
        """Take ``group`` for the rows of a table that has no column for it, as where every group has its tab."""
        self._above = {"group": group}

    def rows(self) -> Iterator[RawRow]:
        """Give the rows to read, in order; skipped ones end in ``problems``."""
        empty_from: int | None = None
        for index in range(self.header.last_row + 1, len(self.grid.rows)):
            filled = [cell for cell in self.grid.rows[index] if not is_blank(cell)]
            if not filled:
                empty_from = index if empty_from is None else empty_from
                continue
            if empty_from is not None:
                self._skip(Fault.ROW_EMPTY, empty_from, index - 1)
                empty_from = None
            self.seen += 1
            fault = self._passed_over(index, filled)
            if fault is not None:
                self._skip(fault, index, index, filled[0])
            elif not self._starts_section(filled):
                yield self._row(index)

    def _row(self, index: int) -> RawRow:
        cells: dict[str, Cell] = {}
        merged: set[str] = set()
        for name, column in self.header.columns.items():
            merge = self.grid.merge_at(index, column)
            cells[name] = self._cell(index, column, name, merge)
            if merge is not None and merge.bottom > merge.top and name not in FILLED_FIELDS:
                merged.add(name)
        filled = self._fill_down(cells)
        return RawRow(index, cells, frozenset(merged), frozenset(filled))

    def _fill_down(self, cells: dict[str, Cell]) -> Iterator[str]:
        """Give a row the group above it, and a person who is no head the household above, as text files need it."""
        above, self._above = self._above, dict(self._above)
        for name in ("group", "house"):
            if not is_blank(cells.get(name, "")):
                self._above[name] = cells[name]
                continue
            if is_blank(above.get(name, "")) or (name == "house" and not self._shares_house(cells, above)):
                continue
            cells[name] = above[name]
            if name in self.header.columns:
                yield name

    def _shares_house(self, cells: dict[str, Cell], above: dict[str, Cell]) -> bool:
        relation = cells.get("relation", "")
        is_head = isinstance(relation, str) and plain(relation) in meanings("head")
        same_group = cells.get("group") == above.get("group")
        return self.vocabulary.kind is SheetKind.PERSONS and same_group and not is_blank(relation) and not is_head

    def _cell(self, index: int, column: int, name: str, merge: Merge | None) -> Cell:
        if merge is not None and name in FILLED_FIELDS:
            return self.grid.at(merge.top, merge.left)
        return self.grid.at(index, column)

    def _passed_over(self, index: int, filled: list[Cell]) -> Fault | None:
        words = [plain(cell) for cell in filled if isinstance(cell, str)]
        if any(word in self.vocabulary.totals for word in words[:_TOTAL_WITHIN]):
            return Fault.ROW_TOTAL
        if any(word.startswith(self.vocabulary.examples) for word in words):
            return Fault.ROW_EXAMPLE
        if len(filled) <= _REMARK_CELLS and words and words[0].startswith(self.vocabulary.remarks):
            return Fault.ROW_REMARK
        return Fault.HEADING_REPEATED if self._is_heading(index) else None

    def _is_heading(self, index: int) -> bool:
        """Say whether a row repeats the heading, as sheets do that were set up for printing page by page."""
        cells = {column: self.grid.at(index, column) for column in self.header.columns.values()}
        return all(
            isinstance(cell, str) and self.vocabulary.field_of(cell) == name
            for name, column in self.header.columns.items()
            if not is_blank(cell := cells[column])
        ) and any(not is_blank(cell) for cell in cells.values())

    def _starts_section(self, filled: list[Cell]) -> bool:
        """Take a lone ``三组`` as the group of the rows below it."""
        if len(filled) > 1 or not isinstance(filled[0], str):
            return False
        text = plain(filled[0])
        if text.isdigit() or not isinstance(read_group(text), Found):
            return False
        self.stand_in(text)
        return True

    def _skip(self, fault: Fault, first: int, last: int, cell: Cell = "") -> None:
        where = address(first, 0) if first == last else f"{address(first, 0)}:{address(last, 0)}"
        raw = masked(cell, "", self.vocabulary.kind)
        self.problems.append(Problem(self.grid.name, where, raw, fault, fate_of(fault)))


def is_blank(cell: Cell) -> bool:
    """Say whether a cell shows nothing: empty, or blanks of any kind."""
    return isinstance(cell, str) and visible(cell) == ""
