"""How much of some goods, as people say it: pieces in the unit of the goods, weights in kilograms as on the scales."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.locale import Texts


def amount(texts: "Texts", quantity: int, unit: str, *, is_weighed: bool) -> str:
    """Write ``quantity`` pieces, or grams if ``is_weighed``: ``2袋``, ``0.75公斤``."""
    if is_weighed:
        return texts("common.amount.weighed", quantity_grams=quantity)
    return texts("common.amount.pieces", quantity=quantity, unit=unit)
