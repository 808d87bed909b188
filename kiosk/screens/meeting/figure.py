"""Three rows at the top of the desk: a name on its colour, beside it the count in digits three rows high."""

from typing import TYPE_CHECKING, Final

from textual.content import Content

from kiosk.paper.width import columns_of, on_screen
from kiosk.screens.widgets.tall import digit_rows

if TYPE_CHECKING:
    from kiosk.screens.meeting.face import Face

NAME_COLUMNS: Final = 38
SHORT_NAME: Final = 3
LABEL_COLUMNS: Final = 6


def figure_of(face: "Face") -> Content:
    """Draw the large part of a face: it moves no widget when it changes."""
    first, middle, last = digit_rows(face.figure)
    ground = f"bold $on-signal on ${face.tone.value}" if face.tone.value != "panel" else "bold $foreground on $panel"
    label = _fitted(f"  {face.label}", LABEL_COLUMNS + 2)
    blank = " " * (LABEL_COLUMNS + 2)
    return Content.assemble(
        (_fitted("", NAME_COLUMNS), ground), blank, (first, "bold $primary"), "\n",
        (_fitted(f"  {spread(face.name)}", NAME_COLUMNS), ground), (label, "bold"), (middle, "bold $primary"), "\n",
        (_fitted(f"  {face.under}", NAME_COLUMNS), ground), blank, (last, "bold $primary"), f" {face.unit}",
    )  # fmt: skip


def spread(name: str) -> str:
    """Give a short Chinese name room between its characters, so that it is read from further away."""
    is_short = 1 < len(name) <= SHORT_NAME and all(columns_of(sign, on_screen) > 1 for sign in name)
    return "　".join(name) if is_short else name


def _fitted(text: str, columns: int) -> str:
    """Cut or fill a text to so many columns."""
    while columns_of(text, on_screen) > columns:
        text = text[:-2] + "…"
    return text + " " * (columns - columns_of(text, on_screen))


def figure_parts(face: "Face") -> tuple[str, ...]:
    """Give what the large part is drawn of."""
    return face.name, face.under, face.figure, face.label, face.unit, face.tone.value
