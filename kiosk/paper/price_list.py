"""The price list for the wall: what one can have for how many points, large enough to read from the counter."""

from collections.abc import Sequence

from kiosk.locale import Texts
from kiosk.locale.figures import points
from kiosk.paper.labels import LabelFace, shown_code
from kiosk.paper.typeset import Press, Resolution, typeset


def price_list(
    village: str,
    day: str,
    goods: Sequence[LabelFace],
    texts: Texts,
    resolution: Resolution = Resolution.OFFICE,
    press: Press = typeset,
) -> bytes:
    """Give the price list of ``village`` as PDF on A4, the cheapest first; what has no price is left out.

    Raises Refused ``glyph_missing`` with the code and the name.
    """
    area = "paper.price_list"
    priced = sorted((one for one in goods if one.points is not None), key=lambda one: (one.points, one.name))
    return press(
        "price_list",
        {
            "title": texts(f"{area}.title", village=village),
            "from_day": texts(f"{area}.from_day", day=day),
            "page": texts(f"{area}.page", page="{page}", pages="{pages}"),
            "heads": [texts(f"{area}.{name}") for name in ("points", "goods", "unit")],
            "goods": [
                {"number": shown_code(one.code), "name": one.name, "unit": one.unit, "points": points(one.points or 0)}
                for one in priced
            ],
        },
        resolution,
    )
