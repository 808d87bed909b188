"""Figures three rows high: as three texts for a screen that lays its rows out itself, and as a widget."""

from typing import Final

from textual.content import Content
from textual.renderables.digits import DIGITS, DIGITS3X3_BOLD
from textual.widgets import Digits

_ROWS: Final = 3


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


class TallDigits(Digits):
    """A figure whose point stands at the foot wherever it is drawn; Textual's own floats at half height."""

    def render(self) -> Content:
        """Draw the three rows."""
        return Content("\n".join(digit_rows(self.value)))
