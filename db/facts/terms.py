"""Kinds of the family terms: how much a household may have of what the shop hands out, and on which days it is open."""

from typing import ClassVar, Literal, TypeAlias

from db.facts.body import Body, Count, Day, EntityId

Span: TypeAlias = Literal["visit", "day", "month", "quarter", "year", "festival"]
Festival: TypeAlias = Literal["spring", "dragon_boat", "mid_autumn", "other"]


class RedemptionLimitSet(Body):
    """How much a household may have in a visit, or in a period of the calendar, from a day on.

    `quantity` is in pieces or grams of the `item`; of all goods together (`item` null) it is in hundredths of a point.
    Null is no limit any more. That of a festival holds from `from_day` to `until_day` and ends by itself.
    """

    KIND: ClassVar[str] = "redemption_limit_set"
    item: EntityId | None
    span: Span
    quantity: Count | None
    from_day: Day
    until_day: Day | None = None
    festival: Festival | None = None
