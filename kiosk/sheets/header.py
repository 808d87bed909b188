"""Finds the heading of a table below its title, joins headings of two rows, and says what each column is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kiosk.sheets.grid import Cell, Grid
from kiosk.sheets.masking import masked
from kiosk.sheets.problem import Fault, Problem, address, fate_of
from kiosk.sheets.rows import SheetKind
from kiosk.sheets.vocabulary import Vocabulary, plain, without_brackets

SEARCHED_ROWS: Final = 40
ENOUGH_WORDS: Final = 3


@dataclass(frozen=True)
class Heading:
    """One column's heading: the words from top to bottom and the cell that holds the last of them."""

    column: int
    words: tuple[str, ...]
    cell: str

    @property
    def text(self) -> str:
        """Give the heading as people would read it, without a number somebody put into it."""
        return masked("".join(self.words), "", SheetKind.PERSONS)


@dataclass(frozen=True)
class Header:
    """A found heading: its first and last zero-based row, the column of each field, what is never read."""

    first_row: int
    last_row: int
    columns: dict[str, int]
    headings: tuple[Heading, ...]
    forbidden: frozenset[int]
    twice: tuple[Heading, ...]

    def words_of(self, field: str) -> str:
        """Give the words above a field's column."""
        column = self.columns.get(field)
        return next((heading.text for heading in self.headings if heading.column == column), "")


def find_header(grid: Grid, vocabulary: Vocabulary) -> Header | None:
    """Find the first row, alone or with the one below it, that holds three known words or all that are required."""
    for row in range(min(SEARCHED_ROWS, len(grid.rows))):
        single = _header(grid, vocabulary, row, row)
        double = _header(grid, vocabulary, row, row + 1) if row + 1 < len(grid.rows) else single
        lower = _header(grid, vocabulary, double.last_row, double.last_row)
        if set(double.columns) == set(lower.columns) and double.last_row > row:
            continue
        if _is_stacked(grid, row, vocabulary) and _is_enough(double, vocabulary):
            return double
        if _is_enough(single, vocabulary):
            is_more = len(double.columns) > len(single.columns) and _is_heading_row(grid, row + 1, vocabulary)
            return double if is_more else single
        if _is_whole(double, vocabulary) and single.columns and _is_heading_row(grid, row + 1, vocabulary):
            return double
    return None


def column_problems(grid: Grid, header: Header, vocabulary: Vocabulary) -> Iterable[Problem]:
    """Report columns that are missing, named twice, never read or not known."""
    row = f"A{header.last_row + 1}"
    for field in vocabulary.required:
        if field not in header.columns and not (field == "group" and "house" in header.columns):
            yield _problem(grid, row, Fault.COLUMN_MISSING, vocabulary.first_words[field])
    known = set(header.columns.values())
    for heading in header.headings:
        if heading in header.twice:
            yield _problem(grid, heading.cell, Fault.COLUMN_TWICE, heading.text)
        elif heading.column in header.forbidden:
            yield _problem(grid, heading.cell, Fault.COLUMN_NOT_READ, heading.text)
        elif heading.column not in known and not vocabulary.is_needless(heading.words[-1]):
            yield _problem(grid, heading.cell, Fault.COLUMN_UNKNOWN, heading.text)


def _header(grid: Grid, vocabulary: Vocabulary, first: int, last: int) -> Header:
    headings = tuple(_headings(grid, first, last))
    forbidden = frozenset(h.column for h in headings if any(vocabulary.is_forbidden(part) for part in _parts(h)))
    columns: dict[str, int] = {}
    twice: list[Heading] = []
    for heading in headings:
        field = None if heading.column in forbidden else _field(heading, vocabulary)
        if field is None:
            continue
        if field in columns:
            twice.append(heading)
        else:
            columns[field] = heading.column
    return Header(first, last, columns, headings, forbidden, tuple(twice))


def _headings(grid: Grid, first: int, last: int) -> Iterable[Heading]:
    """Give the words above every column; a text file lost its merged ranges, so there an upper word reaches right."""
    above = ""
    for column in range(grid.width):
        above = _text(grid.at(first, column)) or (above if grid.is_text and last > first else "")
        words = [above] if above and not _text(_filled(grid, first, column)) and _text(grid.at(last, column)) else []
        below = first
        for row in range(first, last + 1):
            text = _text(_filled(grid, row, column))
            if text and text not in words:
                words.append(text)
                below = row
        if words:
            yield Heading(column, tuple(words), address(below, column))


def _parts(heading: Heading) -> tuple[str, ...]:
    return (heading.text, *heading.words)


def _field(heading: Heading, vocabulary: Vocabulary) -> str | None:
    """Try the joined words first (户主 over 姓名), then the lower, then the upper ones."""
    for text in ("".join(heading.words), *reversed(heading.words)):
        field = vocabulary.field_of(text)
        if field is not None:
            return field
    return None


def _filled(grid: Grid, row: int, column: int) -> Cell:
    merge = grid.merge_at(row, column)
    return grid.at(row, column) if merge is None else grid.at(merge.top, merge.left)


def _is_stacked(grid: Grid, row: int, vocabulary: Vocabulary) -> bool:
    """Say whether merged ranges tie a row to the one below: a heading over both rows, or one over several columns."""
    here = [merge for merge in grid.merges if merge.top == row]
    if any(merge.bottom == row + 1 for merge in here):
        return True
    spans = any(merge.bottom == row and merge.right > merge.left for merge in here)
    return spans and _is_heading_row(grid, row + 1, vocabulary)


def _is_heading_row(grid: Grid, row: int, vocabulary: Vocabulary) -> bool:
    """Say whether every filled cell of a row is a word known as a heading, so that it cannot be a row of data."""
    cells = [cell for cell in grid.rows[row] if cell != ""] if row < len(grid.rows) else []
    return bool(cells) and all(isinstance(cell, str) and _is_word(cell, vocabulary) for cell in cells)


def _is_word(text: str, vocabulary: Vocabulary) -> bool:
    """Say whether a text is a heading or the lower part of one, as 余额 is of 存折余额."""
    lower = without_brackets(text)
    if vocabulary.field_of(text) or vocabulary.is_needless(text) or vocabulary.is_forbidden(text):
        return True
    return bool(lower) and any(word.endswith(lower) for word in vocabulary.fields)


def _is_enough(header: Header, vocabulary: Vocabulary) -> bool:
    return len(header.columns) >= ENOUGH_WORDS or _is_whole(header, vocabulary)


def _is_whole(header: Header, vocabulary: Vocabulary) -> bool:
    return set(vocabulary.required) <= set(header.columns)


def _text(cell: Cell) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) and plain(cell) else ""


def _problem(grid: Grid, cell: str, fault: Fault, heading: str) -> Problem:
    return Problem(grid.name, cell, "", fault, fate_of(fault), heading=heading)
