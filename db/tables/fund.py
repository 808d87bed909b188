"""The money that stands behind the points, in fen."""

from typing import Any, ClassVar

from sqlalchemy import Index

from db.tables.columns import OPTIONS, ProjectionTable, key, whole, words


class FundEntry(ProjectionTable):
    """Money that came in."""

    __tablename__: ClassVar[Any] = "fund_entry"
    village: int = key()
    log: int = key()
    seq: int = key()
    source: str | None = words()
    amount: int | None = whole()
    paper_number: str | None = words()
    operator_id: int | None = whole()
    day: str | None = words()
    at: int | None = whole()


class FundReversal(ProjectionTable):
    """Money that was noted wrongly: one row is enough, several say it again."""

    __tablename__: ClassVar[Any] = "fund_reversal"
    __table_args__: ClassVar[Any] = (Index("fund_reversal_received", "village", "received_id"), OPTIONS)
    village: int = key()
    log: int = key()
    seq: int = key()
    received_id: int | None = whole()
