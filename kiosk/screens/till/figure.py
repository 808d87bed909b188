"""The main figure as one text three rows high: label, digits, unit. A change of it moves no widget."""

from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.renderables.digits import DIGITS, DIGITS3X3_BOLD

from kiosk.paper.width import columns_of, on_screen

if TYPE_CHECKING:
    from kiosk.screens.till.face import Face

LABEL_COLUMNS: Final = 14
_ROWS: Final = 3


def figure_of(face: "Face") -> Content:
    """Draw the figure of a face: the label beside its middle, the unit at its foot, the digits in the face's tone."""
    digits = digit_rows(face.figure)
    label = face.label + " " * max(LABEL_COLUMNS - columns_of(face.label, on_screen), 1)
    blank = " " * columns_of(label, on_screen)
    style = f"bold ${face.tone}"
    return Content.assemble(
        blank, (digits[0], style), "\n",
        (label, "bold"), (digits[1], style), "\n",
        blank, (digits[2], style), "  ", face.unit,
    )  # fmt: skip


def digit_rows(figure: str) -> tuple[str, str, str]:
    """Give the three rows of a figure; a point, or what has no tall form, stands at the foot."""
    rows: list[list[str]] = [[], [], []]
    for sign in figure:
        place = DIGITS.find(sign) * _ROWS
        tall = DIGITS3X3_BOLD[place : place + _ROWS] if place >= 0 else (" ", " ", sign)
        for row, piece in zip(rows, tall, strict=True):
            row.append(piece.ljust(_ROWS) if place >= 0 else piece)
    top, middle, foot = ("".join(row) for row in rows)
    return top, middle, foot
