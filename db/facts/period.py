"""Kinds of the family period: the business day a person states."""

from typing import ClassVar, Literal, TypeAlias

from db.facts.body import Amount, Body, Count, Day, EntityId, Part, Several

Doubt: TypeAlias = Literal["unset", "behind", "ahead"]
"""Why the clock on the wall was not believed: never set, before what is written already, or long after it."""

SkipReason: TypeAlias = Literal["no_time", "shelf_in_use", "locked_away", "other"]


class DayOpened(Body):
    """A person confirmed the business day."""

    KIND: ClassVar[str] = "day_opened"
    day: Day


class DayStated(DayOpened):
    """A person confirmed the business day, whatever the clock said: `clock_day` is its day, `doubt` why it is doubted.

    Who goes back before the last business day has a second person's signature: `signer`.
    """

    VERSION: ClassVar[int] = 2
    clock_day: Day
    doubt: Doubt | None = None
    signer: EntityId | None = None
    is_verified: bool = False


class DayClosed(Body):
    """The open business day was closed."""

    KIND: ClassVar[str] = "day_closed"
    day: Day
    opened: EntityId


class DayCashedUp(DayClosed):
    """The open business day was closed, with what this log wrote since it closed one last.

    `slips_counted` is what somebody counted in the box of slips before seeing `slips_booked`, null where nobody
    counted; `slips_booked` are the slips that came out of the printer since the box was counted last.
    """

    VERSION: ClassVar[int] = 2
    redemptions: Count
    slips_booked: Count
    slips_counted: Count | None = None


class SpotGoods(Part):
    """Goods of a spot count, in pieces or grams: what the book had when they were shown, and what lay on the shelf."""

    item: EntityId
    booked: Amount
    counted: Count


class SpotCounted(Body):
    """Goods that the machine chose were counted: one fact for each of `goods`, in their order, stands right before."""

    KIND: ClassVar[str] = "spot_counted"
    goods: Several[SpotGoods]


class SpotSkipped(Body):
    """Goods that the machine chose were not counted, and why."""

    KIND: ClassVar[str] = "spot_skipped"
    items: Several[EntityId]
    reason: SkipReason


class SlipCopied(Body):
    """The slip of a redemption was printed once more: the box may hold two of it."""

    KIND: ClassVar[str] = "slip_copied"
    redemption: EntityId
