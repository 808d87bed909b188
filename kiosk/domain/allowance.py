"""What a household may still have: a limit, and what it had of it. Pure; the till asks it at every scan of goods."""

from dataclasses import dataclass

from db.facts.terms import Festival, Span
from kiosk.domain.goods import Goods
from kiosk.errors import Refused


@dataclass(frozen=True)
class Limit:
    """A limit as it holds on a day: of an item in pieces or grams, of all goods (`item_id` None) in hundredths.

    `first_day` and `last_day` are those of the period it counts over; of a visit both are the day itself. `from_day` is
    the day from which it was set; `is_county` says that the village cannot take it back.
    """

    item_id: int | None
    span: Span
    quantity: int
    first_day: str
    last_day: str
    from_day: str
    festival: Festival | None
    is_county: bool


@dataclass(frozen=True)
class Allowance:
    """A limit, and what the household had of it before the basket on the counter."""

    limit: Limit
    had: int

    @property
    def left(self) -> int:
        """What may still be had of it."""
        return max(self.limit.quantity - self.had, 0)


def require_allowed(allowance: Allowance, goods: Goods | None, wanted: int) -> None:
    """Let a household have `wanted` pieces or grams of goods, or hundredths of points of all (`goods` None).

    Raises:
        Refused: `visit_limit_reached`, `period_limit_reached` (each also `_by_weight`), `visit_points_limit_reached`,
            `period_points_limit_reached`: what the limit is, what is left of it, and its last day.
    """
    limit = allowance.limit
    if allowance.had + wanted <= limit.quantity:
        return
    kind = "visit" if limit.span == "visit" else "period"
    if goods is None:
        points = {"limit_points": limit.quantity, "left_points": allowance.left}
        raise Refused(f"{kind}_points_limit_reached", until=limit.last_day, **points)
    if goods.is_weighed:
        grams = {"limit_grams": limit.quantity, "left_grams": allowance.left}
        raise Refused(f"{kind}_limit_reached_by_weight", item=goods.name, until=limit.last_day, **grams)
    said = {"limit": limit.quantity, "left": allowance.left}
    raise Refused(f"{kind}_limit_reached", item=goods.name, unit=goods.unit, until=limit.last_day, **said)
