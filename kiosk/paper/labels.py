"""Labels for shelf and goods: name, price and code; on A4 stickers of 70 x 37 mm, or one on slip paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.locale import Texts
from kiosk.locale.figures import points
from kiosk.paper.bars import bars
from kiosk.paper.elements import Big, Code128, Cut, Element, Feed
from kiosk.paper.typeset import Press, Resolution, Value, typeset

_SHORT = 13
"""Digits of a code that stands as it does on goods: without the zero before it."""


@dataclass(frozen=True)
class LabelFace:
    """What stands on one label: name, unit, price in hundredths of a point (None: none yet), GTIN-14 or nothing."""

    name: str
    unit: str
    points: int | None
    code: str


def label_sheet(
    labels: Sequence[LabelFace],
    texts: Texts,
    resolution: Resolution = Resolution.OFFICE,
    press: Press = typeset,
) -> bytes:
    """Give labels as PDF, 24 to an A4 page of stickers of 70 x 37 mm; ``press`` sets it.

    Raises Refused ``glyph_missing`` with the code and the name.
    """
    return press("labels", {"labels": [_face(label, texts) for label in labels]}, resolution)


def label_slip(label: LabelFace, texts: Texts) -> list[Element]:
    """Give the elements of one label on slip paper, to cut out and stick on."""
    code: list[Element] = [Code128(label.code), Feed()] if label.code else []
    return [Big(label.name), Big(price_of(label, texts)), Feed(), *code, Cut()]


def price_of(label: LabelFace, texts: Texts) -> str:
    """Say what one unit costs, or that nobody knows yet."""
    if label.points is None:
        return texts("paper.label.no_price")
    return texts("paper.label.price", price=points(label.points), unit=label.unit)


def shown_code(code: str) -> str:
    """Give a code as it stands on goods."""
    return code[-_SHORT:].lstrip("0").zfill(8) if code.startswith("0") else code


def _face(label: LabelFace, texts: Texts) -> dict[str, Value]:
    code = label.code
    drawn: list[Value] = [[start, width] for start, width in bars(code)] if code else []
    return {
        "number": shown_code(code) if code else "", "name": label.name, "price": price_of(label, texts), "bars": drawn,
        "caption": shown_code(code) if code else "",
    }  # fmt: skip
