"""The main figure as one text three rows high: label, digits, unit. A change of it moves no widget."""

from typing import TYPE_CHECKING, Final

from textual.content import Content

from kiosk.paper.width import columns_of, on_screen
from kiosk.screens.widgets.tall import digit_rows

if TYPE_CHECKING:
    from kiosk.screens.till.face import Face

LABEL_COLUMNS: Final = 14


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
