"""Kinds of the family returning: goods of a redemption that come back, line by line."""

from typing import ClassVar, Literal, TypeAlias

from db.facts.body import Body, Code, Count, EntityId, Leg, Part, Points, Quantity, SeatNumber, Several

Whither: TypeAlias = Literal["stock", "waste"]
WasteReason: TypeAlias = Literal["expired", "damaged", "other"]


class GoodsReturned(Body):
    """Goods of one line of a redemption came back, and their points at the line's own price went to the household.

    `line` is the place among the lines of the redemption, from 0, and `before` how much of it had come back earlier.
    What goes to waste never reaches the shelf again, and has a `reason`. `request` is the one this return fulfils.
    """

    KIND: ClassVar[str] = "goods_returned"
    seat: SeatNumber
    redemption: EntityId
    line: Count
    item: EntityId
    quantity: Quantity
    before: Count
    to: Whither
    reason: WasteReason | None = None
    household: EntityId
    request: EntityId | None = None
    points: Count
    legs: Several[Leg]


class AskedLine(Part):
    """Goods of one line that somebody brings back: quantity in pieces, or in grams of goods sold by weight."""

    line: Count
    item: EntityId
    quantity: Quantity
    to: Whither
    reason: WasteReason | None = None


class ReturnRequested(Body):
    """Goods should come back, and a second signature is to say so; `slip` is the number people read on the slip."""

    KIND: ClassVar[str] = "return_requested"
    redemption: EntityId
    household: EntityId
    slip: Code
    lines: Several[AskedLine]
    points: Points
