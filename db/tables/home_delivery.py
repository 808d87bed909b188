"""Goods that are brought home: redemptions that are to be delivered, and those that were."""

from typing import Any, ClassVar

from sqlalchemy import Index

from db.tables.columns import OPTIONS, ProjectionTable, key, ordered, whole, words


class ToDeliver(ProjectionTable):
    """A redemption whose goods are to be brought to the household: the row of its own fact."""

    __tablename__: ClassVar[Any] = "to_deliver"
    village: int = key()
    log: int = key()
    seq: int = key()
    day: str | None = words()


class Delivered(ProjectionTable):
    """The goods of a redemption were brought home; of several the lowest rank says by whom."""

    __tablename__: ClassVar[Any] = "delivered"
    __table_args__: ClassVar[Any] = (Index("delivered_redemption", "village", "redemption_id"), OPTIONS)
    village: int = key()
    log: int = key()
    seq: int = key()
    rank: str | None = ordered()
    redemption_id: int | None = whole()
    deliverer_id: int | None = whole()
    operator_id: int | None = whole()
    day: str | None = words()
    at: int | None = whole()
