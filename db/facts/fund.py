"""Kinds of the family fund: the money that stands behind the points. Purchases are deliveries of the family shop."""

from typing import ClassVar, Literal, TypeAlias

from db.facts.body import Body, Code, EntityId, Quantity

FundSource: TypeAlias = Literal["grant", "donation", "village", "other"]


class FundReceived(Body):
    """Money for the shop came in, in fen; `paper` is the number of its voucher."""

    KIND: ClassVar[str] = "fund_received"
    source: FundSource
    amount: Quantity
    paper: Code | None = None


class FundReversed(Body):
    """Money that was noted wrongly; once for what it names."""

    KIND: ClassVar[str] = "fund_reversed"
    received: EntityId
    amount: Quantity
