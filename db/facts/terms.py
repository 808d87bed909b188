"""Kinds of the family terms: how much a household may have of what the shop hands out, and on which days it is open."""

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from db.facts.body import Body, Count, Day, EntityId, Several

Span: TypeAlias = Literal["visit", "day", "month", "quarter", "year", "festival"]
Weekday: TypeAlias = Annotated[int, Field(ge=1, le=7)]
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


class OpeningDaysSet(Body):
    """On which days of the week (1 is Monday) the shop is open, from a day on; none: on any day."""

    KIND: ClassVar[str] = "opening_days_set"
    weekdays: Several[Weekday]
    from_day: Day


class ExchangeDaySet(Body):
    """A day on which households are called to redeem, whatever day of the week it is; or that it is none any more."""

    KIND: ClassVar[str] = "exchange_day_set"
    day: Day
    is_held: bool
