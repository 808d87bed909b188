"""The cells of one tab as they were typed, before anything is understood."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeAlias


@dataclass(frozen=True)
class ErrorCell:
    """A cell that shows an error such as #N/A instead of a value."""

    text: str


Cell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | ErrorCell


@dataclass(frozen=True)
class Merge:
    """A merged range; rows and columns are zero-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Grid:
    """One tab: its cells from A1 on (blank is the empty string) and what is merged."""

    name: str
    rows: list[list[Cell]]
    merges: tuple[Merge, ...] = ()
    is_hidden: bool = False
    is_text: bool = False
    _covered: dict[tuple[int, int], Merge] | None = field(default=None, repr=False)

    def at(self, row: int, column: int) -> Cell:
        """Give the cell at a place; outside the grid all is blank."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return ""

    def merge_at(self, row: int, column: int) -> Merge | None:
        """Give the merged range that covers a place, or None."""
        if self._covered is None:
            self._covered = {
                (r, c): merge
                for merge in self.merges
                for r in range(merge.top, min(merge.bottom, len(self.rows)) + 1)
                for c in range(merge.left, min(merge.right, merge.left + 64) + 1)
            }
        return self._covered.get((row, column))

    @property
    def width(self) -> int:
        """Give the number of columns of the widest row."""
        return max((len(row) for row in self.rows), default=0)
