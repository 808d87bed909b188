"""The parts of a slip. A slip is a list of these first; a printer's bytes or a text for the screen come last."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from kiosk.paper.width import columns_of, on_paper

NARROW: Final = 32
"""Columns of a 58 mm roll: 384 dots, 12 a column."""
WIDE: Final = 48
"""Columns of an 80 mm roll: 576 dots, 12 a column."""


class Align(Enum):
    """To which side a text goes in its columns."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True)
class Text:
    """A paragraph, wrapped at the paper's width."""

    text: str
    align: Align = Align.LEFT


@dataclass(frozen=True)
class Big:
    """A paragraph in double width and double height."""

    text: str
    align: Align = Align.CENTRE


@dataclass(frozen=True)
class Cell:
    """One cell of a row; ``width`` in columns, or None to take what the others leave (one cell a row at most)."""

    text: str
    align: Align = Align.LEFT
    width: int | None = None


@dataclass(frozen=True)
class Row:
    """Cells side by side with one column of space between them; a long text goes on below inside its own cell."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True)
class Feed:
    """Empty lines."""

    lines: int = 1


@dataclass(frozen=True)
class Code128:
    """A barcode of an even count of digits with its figures in groups of four below."""

    digits: str

    def __post_init__(self) -> None:
        """Raise ValueError unless ``digits`` is a positive even count of ASCII digits."""
        if not (self.digits.isascii() and self.digits.isdigit()) or len(self.digits) % 2:
            msg = f"not an even count of digits: {self.digits!r}"
            raise ValueError(msg)

    @property
    def caption(self) -> str:
        """Give the digits in groups of four, as people read them aloud."""
        return " ".join(self.digits[start : start + 4] for start in range(0, len(self.digits), 4))


@dataclass(frozen=True)
class Cut:
    """The end of the slip: feed to the knife and cut."""


Element = Text | Big | Row | Rule | Feed | Code128 | Cut


def pair(label: str, value: str) -> Row:
    """Give the row of a form: the label at the left, its value at the right edge in what the label leaves."""
    return Row((Cell(label, width=columns_of(label, on_paper)), Cell(value, Align.RIGHT)))


def priced(label: str, figure: str) -> Row:
    """Give the row of goods: a long label goes on below in what the figure leaves, and the figure is never broken."""
    return Row((Cell(label), Cell(figure, Align.RIGHT, columns_of(figure, on_paper))))
