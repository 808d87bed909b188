"""Kinds of the family shop: goods, codes, prices, limits, stock, redemption and its void."""

from typing import ClassVar, Literal, TypeAlias

from db.facts.body import Body, Code, Count, Day, EntityId, Label, Leg, Part, Points, Quantity, SeatNumber, Several

Entry: TypeAlias = Literal["card", "book", "found", "typed", "form"]
Source: TypeAlias = Literal["purchase", "donation", "village", "grant"]
LoweringReason: TypeAlias = Literal["counted", "expired", "damaged", "other"]
WishSort: TypeAlias = Literal["staple", "seasoning", "cleaning", "hygiene", "school", "tools", "seeds", "other"]
NoCardReason: TypeAlias = Literal["forgotten", "lost", "proxy"]
PriceReason: TypeAlias = Literal["cost", "ordered", "demand", "near_expiry", "mistake", "other"]


class ItemRegistered(Body):
    """A kind of goods; provisional ones have a number now, and a name and price later."""

    KIND: ClassVar[str] = "item_registered"
    name: Label
    unit: Label
    codes: Several[Code]
    is_provisional: bool = False


class ItemRenamed(Body):
    """An item's name or unit changed, or a provisional item got its name."""

    KIND: ClassVar[str] = "item_renamed"
    item: EntityId
    name: Label
    unit: Label
    is_provisional: bool = False


class CodeAdded(Body):
    """A further barcode names an item."""

    KIND: ClassVar[str] = "code_added"
    item: EntityId
    code: Code


class BoxCodeAdded(CodeAdded):
    """A further barcode names an item; `quantity` pieces (or grams) lie behind it: a box, or 1."""

    VERSION: ClassVar[int] = 2
    quantity: Quantity


class GoodsWished(Body):
    """Somebody wishes goods: an item of the list, or a barcode nobody knows, or goods of a sort."""

    KIND: ClassVar[str] = "goods_wished"
    item: EntityId | None = None
    code: Code | None = None
    sort: WishSort | None = None


class PriceSet(Body):
    """The price of an item in hundredths of a point, from a day on."""

    KIND: ClassVar[str] = "price_set"
    item: EntityId
    from_day: Day
    points: Count


class PriceStated(PriceSet):
    """The price of an item from a day on, and why it is another."""

    VERSION: ClassVar[int] = 2
    reason: PriceReason


class MonthlyLimitSet(Body):
    """How many of an item a household may redeem in a calendar month; null is no limit."""

    KIND: ClassVar[str] = "monthly_limit_set"
    item: EntityId
    quantity: Count | None


class BestBeforeSet(Body):
    """The earliest best-before day on the shelf; null is none."""

    KIND: ClassVar[str] = "best_before_set"
    item: EntityId
    day: Day | None


class StockCounted(Body):
    """The shelf was counted: the book stock of an item starts from here."""

    KIND: ClassVar[str] = "stock_counted"
    seat: SeatNumber
    item: EntityId
    quantity: Count


class GoodsReceived(Body):
    """Goods came in, in pieces or grams; `delivery_received` right after the last of them ends the delivery."""

    KIND: ClassVar[str] = "goods_received"
    seat: SeatNumber
    item: EntityId
    quantity: Quantity
    best_before: Day | None = None


class DeliveryReceived(Body):
    """A delivery is whole: the `kinds` facts right before it. `cost` in fen for all of it; null: it follows."""

    KIND: ClassVar[str] = "delivery_received"
    source: Source
    kinds: Quantity
    cost: Count | None = None


class DeliveryShared(DeliveryReceived):
    """A delivery that says how its cost falls on its goods: `costs` in fen, in their order; none while it follows."""

    VERSION: ClassVar[int] = 2
    costs: Several[Count] = ()


class DeliveryCostSet(Body):
    """What a delivery cost, in fen."""

    KIND: ClassVar[str] = "delivery_cost_set"
    delivery: EntityId
    cost: Count


class DeliveryCostShared(DeliveryCostSet):
    """What a delivery cost, and how that falls on its goods: `costs` in fen, in their order."""

    VERSION: ClassVar[int] = 2
    costs: Several[Count]


class StockLoweringRequested(Body):
    """The book has `quantity` too many, and a second signature is to say so; `counted` is what lay on the shelf."""

    KIND: ClassVar[str] = "stock_lowering_requested"
    item: EntityId
    quantity: Quantity
    reason: LoweringReason
    counted: Count | None = None


class StockLowered(Body):
    """Goods are gone from the book: spoiled, broken, or not there when somebody counted; once for a request."""

    KIND: ClassVar[str] = "stock_lowered"
    seat: SeatNumber
    item: EntityId
    quantity: Quantity
    reason: LoweringReason
    request: EntityId


class Line(Part):
    """One line of a redemption: quantity in pieces, or in grams of goods sold by weight; points in hundredths.

    `each` is the price as it was, of `per` pieces or grams: 1 for pieces, 1000 for what is priced by the kilogram.
    """

    item: EntityId
    quantity: Quantity
    each: Count
    per: Quantity = 1
    points: Count
    is_over_book: bool = False


class RedemptionMade(Body):
    """Goods handed out for points, confirmed at the seat, with everything the slip prints."""

    KIND: ClassVar[str] = "redemption_made"
    seat: SeatNumber
    till: Count
    number: Count
    slip: Code
    household: EntityId
    person: EntityId | None = None
    card: EntityId | None = None
    entry: Entry
    no_card_reason: NoCardReason | None = None
    lines: Several[Line]
    points: Points
    before: Points
    after: Points
    legs: Several[Leg]


class RedemptionCollected(RedemptionMade):
    """Goods handed out to somebody else than the household: `proxy` collects them, or they are to be brought home."""

    VERSION: ClassVar[int] = 2
    proxy: EntityId | None = None
    is_to_deliver: bool = False


class BackOnShelf(Part):
    """Goods that came back: quantity in pieces, or in grams of goods sold by weight."""

    item: EntityId
    quantity: Quantity


class RedemptionVoided(Body):
    """A redemption is void: all its goods are back on the shelf, its points with the household; once a redemption."""

    KIND: ClassVar[str] = "redemption_voided"
    seat: SeatNumber
    redemption: EntityId
    household: EntityId
    request: EntityId | None = None
    lines: Several[BackOnShelf]
    points: Points
    legs: Several[Leg]


class VoidRequested(Body):
    """A redemption should be void, and a second signature is to say so; `slip` is the number people read on it."""

    KIND: ClassVar[str] = "void_requested"
    redemption: EntityId
    household: EntityId
    slip: Code
    points: Points


class SlipRecovered(Body):
    """A redemption of a terminal that is gone, entered again from the slip on paper: its till and number, its points.

    `slip` are the sixteen digits of its barcode, null where they could not be read.
    """

    KIND: ClassVar[str] = "slip_recovered"
    seat: SeatNumber
    till: Count
    number: Count
    slip: Code | None = None
    household: EntityId
    points: Points
    legs: Several[Leg]


class GoodsImported(Body):
    """An import of goods ended; `digest` is SHA-256 of the file."""

    KIND: ClassVar[str] = "goods_imported"
    digest: Code
    rows: Count
    added: Count
    changed: Count
    skipped: Count
