"""Goods that came back: each return of a line of a redemption, and what waits for a signature."""

from typing import Any, ClassVar

from sqlalchemy import Index

from db.tables.columns import OPTIONS, ProjectionTable, key, ordered, whole, words


class GoodsReturn(ProjectionTable):
    """A return of one line of a redemption; pieces or grams, points in hundredths.

    It counts (`is_counted`) if it goes on where the returns of its line that count ended (`before_quantity`), taken
    by rank, and the redemption is not void.
    """

    __tablename__: ClassVar[Any] = "goods_return"
    __table_args__: ClassVar[Any] = (Index("goods_return_redemption", "village", "redemption_id", "line"), OPTIONS)
    village: int = key()
    log: int = key()
    seq: int = key()
    redemption_id: int | None = whole()
    line: int | None = whole()
    item_id: int | None = whole()
    quantity: int | None = whole()
    before_quantity: int | None = whole()
    is_waste: int | None = whole()
    reason_code: str | None = words()
    points: int | None = whole()
    household_id: int | None = whole()
    rank: str | None = ordered()
    is_counted: int | None = whole()
    operator_id: int | None = whole()
    day: str | None = words()
    at: int | None = whole()


class ReturnAsked(ProjectionTable):
    """One line of a return that waits, or waited, for a second signature: the request is its fact."""

    __tablename__: ClassVar[Any] = "return_asked"
    village: int = key()
    log: int = key()
    seq: int = key()
    n: int = key()
    line: int | None = whole()
    item_id: int | None = whole()
    quantity: int | None = whole()
    is_waste: int | None = whole()
    reason_code: str | None = words()
