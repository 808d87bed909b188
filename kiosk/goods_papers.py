"""Labels and price list as PDF: what the domain knows, set by paper."""

from typing import TYPE_CHECKING

from kiosk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.domain.label import Label
    from kiosk.locale import Texts
    from kiosk.paper.labels import LabelFace


def set_labels(labels: "Sequence[Label]", texts: "Texts") -> bytes:
    """Give labels as PDF, 24 stickers to a page.

    Raises Refused ``labels_none`` without goods, ``glyph_missing`` with the goods and the character; TryAgain.
    """
    from kiosk.paper.apart import typeset_apart
    from kiosk.paper.labels import label_sheet

    if not labels:
        raise Refused("labels_none")
    return label_sheet([face_of(label) for label in labels], texts, press=typeset_apart)


def set_price_list(labels: "Sequence[Label]", village: str, day: str, texts: "Texts") -> bytes:
    """Give the price list of ``village`` as PDF.

    Raises Refused ``labels_none`` without a price, ``glyph_missing`` with the goods and the character; TryAgain.
    """
    from kiosk.paper.apart import typeset_apart
    from kiosk.paper.price_list import price_list

    faces = [face_of(label) for label in labels if label.points is not None]
    if not faces:
        raise Refused("labels_none")
    return price_list(village, day, faces, texts, press=typeset_apart)


def face_of(label: "Label") -> "LabelFace":
    """Give what stands on a label."""
    from kiosk.paper.labels import LabelFace

    return LabelFace(label.name, label.unit, label.points, label.code)
