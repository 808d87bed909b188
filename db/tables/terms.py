"""On what terms the shop hands out: limits by day, the days of the week it is open, exchange days."""

from typing import Any, ClassVar

from sqlalchemy import Index

from db.tables.columns import OPTIONS, ORDERED, ProjectionTable, key, ordered, whole, words


class RedemptionLimit(ProjectionTable):
    """A limit from a day on; `item_id` null: of all goods together, in hundredths of a point.

    Of one item and span the reader picks the latest day that has come, then the highest rank; of festivals every one.
    """

    __tablename__: ClassVar[Any] = "redemption_limit"
    __table_args__: ClassVar[Any] = (Index("redemption_limit_item", "village", "item_id"), OPTIONS)
    village: int = key()
    log: int = key()
    seq: int = key()
    rank: str | None = ordered()
    item_id: int | None = whole()
    span: str | None = words()
    quantity: int | None = whole()
    from_day: str | None = words()
    until_day: str | None = words()
    festival: str | None = words()
    operator_id: int | None = whole()


class OpeningDays(ProjectionTable):
    """Days of the week (1 is Monday, `,` between) from a day on; the latest that has come, then the highest rank."""

    __tablename__: ClassVar[Any] = "opening_days"
    village: int = key()
    log: int = key()
    seq: int = key()
    rank: str | None = ordered()
    weekdays: str | None = words()
    from_day: str | None = words()


class ExchangeDay(ProjectionTable):
    """Whether a day is an exchange day, by the word of the highest rank."""

    __tablename__: ClassVar[Any] = "exchange_day"
    village: int = key()
    day: str = key(ORDERED)
    is_held: int | None = whole()
    held_rank: str | None = ordered()
