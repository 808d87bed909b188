"""Goods, codes, prices, stock and redemptions."""

from typing import Any, ClassVar, Final

from sqlalchemy import Index, text

from db.tables.columns import OPTIONS, ProjectionTable, key, ordered, whole, words

_IS_ONCE: Final = text("once_key IS NOT NULL")


class Item(ProjectionTable):
    """A kind of goods; each aspect keeps the value of the highest rank."""

    __tablename__: ClassVar[Any] = "item"
    village: int = key()
    item_id: int = key()
    name: str | None = words()
    unit: str | None = words()
    is_provisional: int | None = whole()
    name_rank: str | None = ordered()
    best_before: str | None = words()
    best_before_rank: str | None = ordered()
    monthly_limit: int | None = whole()
    limit_rank: str | None = ordered()


class ItemCode(ProjectionTable):
    """A barcode that names an item; one code may name several, then the desk asks.

    `quantity` pieces (or grams) lie behind the code of a box; null is one.
    """

    __tablename__: ClassVar[Any] = "item_code"
    __table_args__: ClassVar[Any] = (Index("item_code_code", "village", "code"), OPTIONS)
    village: int = key()
    log: int = key()
    seq: int = key()
    n: int = key()
    code: str | None = words()
    item_id: int | None = whole()
    quantity: int | None = whole()


class Wish(ProjectionTable):
    """Goods that somebody wished: an item, or a barcode nobody knew, or a sort."""

    __tablename__: ClassVar[Any] = "wish"
    village: int = key()
    log: int = key()
    seq: int = key()
    item_id: int | None = whole()
    code: str | None = words()
    sort_code: str | None = words()
    day: str | None = words()
    at: int | None = whole()


class Price(ProjectionTable):
    """A price in hundredths of a point from a day on; the reader picks the latest day, then the highest rank.

    Who said it, and why if they said so, is for people.
    """

    __tablename__: ClassVar[Any] = "price"
    __table_args__: ClassVar[Any] = (Index("price_item", "village", "item_id", "from_day", "rank", "points"), OPTIONS)
    village: int = key()
    log: int = key()
    seq: int = key()
    item_id: int | None = whole()
    from_day: str | None = words()
    points: int | None = whole()
    rank: str | None = ordered()
    reason_code: str | None = words()
    operator_id: int | None = whole()


class StockMovement(ProjectionTable):
    """A signed movement, or (`is_anchor`) a count. `place` orders them: seat number * 2^33 + seq.

    A count has a `rank`: of two at one place, which copied devices can bring about, the higher one holds. What may come
    back only once has a `rank` and a `once_key`: of several with one key the lowest rank counts.
    """

    __tablename__: ClassVar[Any] = "stock_movement"
    __table_args__: ClassVar[Any] = (
        Index("stock_movement_item", "village", "item_id", "place"),
        Index("stock_movement_once", "village", "once_key", sqlite_where=_IS_ONCE, postgresql_where=_IS_ONCE),
        OPTIONS,
    )
    village: int = key()
    log: int = key()
    seq: int = key()
    n: int = key()
    item_id: int | None = whole()
    quantity: int | None = whole()
    place: int | None = whole()
    is_anchor: int | None = whole()
    rank: str | None = ordered()
    once_key: str | None = words()
    day: str | None = words()


class Stock(ProjectionTable):
    """Book stock of an item: its latest count plus all later movements; may be negative until counted.

    `anchor_place` is the place of that count (-1: never counted), `over_book_place` that of the last redemption for
    which the book had too little: an item whose second lies behind its first is to be counted.
    """

    __tablename__: ClassVar[Any] = "stock"
    village: int = key()
    item_id: int = key()
    quantity: int | None = whole()
    anchor_place: int | None = whole()
    over_book_place: int | None = whole()


class Received(ProjectionTable):
    """Goods that came in with a delivery: `quantity` in pieces or grams."""

    __tablename__: ClassVar[Any] = "received"
    village: int = key()
    log: int = key()
    seq: int = key()
    item_id: int | None = whole()
    quantity: int | None = whole()
    best_before: str | None = words()
    day: str | None = words()


class Delivery(ProjectionTable):
    """A delivery that is whole: the `kinds` rows received right before it; `cost` in fen, null while it follows."""

    __tablename__: ClassVar[Any] = "delivery"
    village: int = key()
    log: int = key()
    seq: int = key()
    source: str | None = words()
    kinds: int | None = whole()
    cost: int | None = whole()
    operator_id: int | None = whole()
    day: str | None = words()
    at: int | None = whole()


class DeliveryCost(ProjectionTable):
    """What a delivery cost, said afterwards; of several the highest rank holds."""

    __tablename__: ClassVar[Any] = "delivery_cost"
    village: int = key()
    delivery_id: int = key()
    cost: int | None = whole()
    cost_rank: str | None = ordered()


class DeliveryShare(ProjectionTable):
    """What fell on the goods number `n` of a delivery, in fen; of several the highest rank holds."""

    __tablename__: ClassVar[Any] = "delivery_share"
    village: int = key()
    delivery_id: int = key()
    n: int = key()
    cost: int | None = whole()
    cost_rank: str | None = ordered()


class Redemption(ProjectionTable):
    """A confirmed redemption with what the slip printed."""

    __tablename__: ClassVar[Any] = "redemption"
    __table_args__: ClassVar[Any] = (
        Index("redemption_household", "village", "household_id"),
        Index("redemption_day", "village", "day"),
        OPTIONS,
    )
    village: int = key()
    log: int = key()
    seq: int = key()
    till: int | None = whole()
    number: int | None = whole()
    slip_code: str | None = words()
    household_id: int | None = whole()
    person_id: int | None = whole()
    card_id: int | None = whole()
    entry: str | None = words()
    no_card_reason: str | None = words()
    proxy_id: int | None = whole()
    points: int | None = whole()
    before_points: int | None = whole()
    after_points: int | None = whole()
    operator_id: int | None = whole()
    day: str | None = words()
    at: int | None = whole()


class RedemptionVoid(ProjectionTable):
    """A redemption that was made void: one row is enough, several say it again."""

    __tablename__: ClassVar[Any] = "redemption_void"
    __table_args__: ClassVar[Any] = (Index("redemption_void_redemption", "village", "redemption_id"), OPTIONS)
    village: int = key()
    log: int = key()
    seq: int = key()
    redemption_id: int | None = whole()
    points: int | None = whole()
    operator_id: int | None = whole()
    day: str | None = words()


class SlipRecovered(ProjectionTable):
    """A slip entered again from paper; it counts while no redemption with its till and number is held."""

    __tablename__: ClassVar[Any] = "slip_recovered"
    village: int = key()
    log: int = key()
    seq: int = key()
    till: int | None = whole()
    number: int | None = whole()
    slip_code: str | None = words()
    household_id: int | None = whole()
    rank: str | None = ordered()


class RedemptionLine(ProjectionTable):
    """One line of a redemption; household and day stand here too, because limits count by them."""

    __tablename__: ClassVar[Any] = "redemption_line"
    __table_args__: ClassVar[Any] = (
        Index("redemption_line_limit", "village", "household_id", "item_id", "day"),
        OPTIONS,
    )
    village: int = key()
    log: int = key()
    seq: int = key()
    n: int = key()
    item_id: int | None = whole()
    quantity: int | None = whole()
    each_points: int | None = whole()
    per: int | None = whole()
    points: int | None = whole()
    is_over_book: int | None = whole()
    household_id: int | None = whole()
    day: str | None = words()
