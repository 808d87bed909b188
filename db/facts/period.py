"""Kinds of the family period: the business day a person states."""

from typing import ClassVar

from db.facts.body import Body, Day, EntityId


class DayOpened(Body):
    """A person confirmed the business day; it never goes back."""

    KIND: ClassVar[str] = "day_opened"
    day: Day


class DayClosed(Body):
    """The open business day was closed."""

    KIND: ClassVar[str] = "day_closed"
    day: Day
    opened: EntityId
