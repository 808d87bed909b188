"""Bars beside their figures, a row each: labels, bars and figures of all rows stand under each other.

Columns are counted as the terminal shows them, a Chinese character as two. A bar is drawn in eighths of a column, and
every bar has its figure beside it: nobody has to measure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len, set_cell_size
from textual.content import Content

GAP: Final = "  "
WIDEST_LABEL: Final = 0.4
"""How much of a row a label may take; a longer one is cut and ends in an ellipsis."""
_FULL: Final = "█"
_PARTS: Final = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")
_LEAST: Final = 4


@dataclass(frozen=True)
class Bar:
    """A value, how it is written, and the role of colour of its bar; a bar of 0 or less is not drawn."""

    value: int
    text: str
    role: str = "primary"


@dataclass(frozen=True)
class Row:
    """A row: a label, its bars, and what else is said; a heading stands over the rows that follow."""

    label: str
    bars: tuple[Bar, ...] = ()
    detail: str = ""
    is_heading: bool = False


@dataclass(frozen=True)
class Picture:
    """Rows to draw; `full` is the value of the longest bar there could be, None: the largest there is.

    What is not to be compared is not drawn: then the figures stand alone.
    """

    rows: tuple[Row, ...] = ()
    full: int | None = None
    is_drawn: bool = True


def draw(picture: Picture, width: int) -> list[Content]:
    """Draw a picture into so many columns, a line for each of its rows."""
    rows = picture.rows
    label = min(max((cell_len(row.label) for row in rows), default=0), int(width * WIDEST_LABEL))
    texts = [max(cell_len(bar.text) for bar in bars) for bars in _columns(rows)]
    detail = max((cell_len(row.detail) for row in rows), default=0)
    taken = label + sum(len(GAP) + text for text in texts) + (len(GAP) + detail if detail else 0)
    room = (width - taken) // len(texts) - len(GAP) if texts and picture.is_drawn else 0
    full = picture.full or max((bar.value for row in rows for bar in row.bars), default=0)
    scale = _Scale(room if room >= _LEAST else 0, max(full, 1))
    return [_draw_row(row, label, texts, scale) for row in rows]


@dataclass(frozen=True)
class _Scale:
    """How many columns the longest bar has, and its value."""

    columns: int
    full: int

    def bar(self, value: int) -> str:
        eighths = max(min(value, self.full), 0) * self.columns * 8 // self.full
        if value > 0:
            eighths = max(eighths, 1)
        return (_FULL * (eighths // 8) + _PARTS[eighths % 8]) if self.columns else ""


def _columns(rows: Sequence[Row]) -> list[list[Bar]]:
    """Return the bars that stand under each other."""
    most = max((len(row.bars) for row in rows), default=0)
    return [[row.bars[place] for row in rows if place < len(row.bars)] for place in range(most)]


def _draw_row(row: Row, label: int, texts: list[int], scale: _Scale) -> Content:
    parts: list[str | tuple[str, str]] = [(_fitted(row.label, label), "bold $primary" if row.is_heading else "")]
    for bar, width in zip(row.bars, texts, strict=False):
        if scale.columns:
            parts += [GAP, (set_cell_size(scale.bar(bar.value), scale.columns), f"${bar.role}")]
        style = "bold $primary" if row.is_heading else "bold" if scale.columns else ""
        parts.append((f"{GAP}{' ' * (width - cell_len(bar.text))}{bar.text}", style))
    if row.detail:
        parts.append(f"{GAP}{row.detail}")
    return Content.assemble(*parts)


def _fitted(text: str, columns: int) -> str:
    """Fill a text to so many columns; one that is longer ends in an ellipsis."""
    return set_cell_size(text, columns) if cell_len(text) <= columns else f"{set_cell_size(text, columns - 1)}…"
