"""Kinds of the family home delivery: goods that were brought to a household's door."""

from typing import ClassVar

from db.facts.body import Body, EntityId


class RedemptionDelivered(Body):
    """The goods of a redemption that was to be delivered reached the household; the operator `deliverer` went."""

    KIND: ClassVar[str] = "redemption_delivered"
    redemption: EntityId
    deliverer: EntityId
