"""The state of the till as one value; ``moves`` says what each scan and key makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.domain.basket import BasketLine, Holder, KeptBasket
from kiosk.domain.goods import Goods, points_for, require_price
from kiosk.domain.people import HouseholdShown
from kiosk.domain.shop import Redeemed
from kiosk.domain.statement import Account


class Phase(StrEnum):
    """Where the till is with one household."""

    IDLE = "idle"
    MEMBER = "member"
    BASKET = "basket"
    CONFIRM = "confirm"
    DONE = "done"


class Said(StrEnum):
    """What happened last, as the message line tells it."""

    NOTHING = "nothing"
    ADDED = "added"
    DOUBLE = "double"
    REMOVED = "removed"
    CHANGED = "changed"
    RESTORED = "restored"
    PARKED = "parked"
    UNPARKED = "unparked"
    CARD = "card"
    PROVISIONAL = "provisional"
    SLIP = "slip"
    TO_DELIVER = "to_deliver"
    TAKEN_ALONG = "taken_along"
    DELIVERED = "delivered"
    VOID = "void"
    VOID_WAITS = "void_waits"
    RETURN = "return"
    RETURN_WAITS = "return_waits"


@dataclass(frozen=True)
class Scanned:
    """The last code that was read, in words that tell it from others, and when (seconds)."""

    text: str
    at: float


@dataclass(frozen=True)
class Told:
    """What happened last, to which goods, how many pieces or grams it was about, or how many points.

    `first_out` is the day of the packs that should have gone before these.
    """

    said: Said = Said.NOTHING
    item_id: int | None = None
    quantity: int = 0
    first_out: str | None = None


@dataclass(frozen=True)
class BasketRow:
    """One kind of goods in the basket: pieces or grams, and hundredths of a point for all of it."""

    goods: Goods
    quantity: int
    points: int


@dataclass(frozen=True)
class TillState:
    """Everything the till knows between two scans."""

    holder: Holder | None = None
    household: HouseholdShown | None = None
    person_name: str = ""
    proxy_name: str = ""
    account: Account | None = None
    goods: Mapping[int, Goods] = field(default_factory=dict)
    steps: tuple[BasketLine, ...] = ()
    typed: str = ""
    group: int | None = None
    multiplier: int | None = None
    unknown_code: str | None = None
    last: Scanned | None = None
    told: Told = field(default_factory=Told)
    is_booking: bool = False
    done: Redeemed | None = None

    @property
    def phase(self) -> Phase:
        """Where the till is."""
        if self.done is not None:
            return Phase.DONE
        if self.is_booking:
            return Phase.CONFIRM
        if self.steps:
            return Phase.BASKET
        return Phase.IDLE if self.holder is None else Phase.MEMBER

    @property
    def is_typing(self) -> bool:
        """Whether a number stands on the screen whose meaning is still open."""
        return bool(self.typed) or self.group is not None or self.multiplier is not None

    @property
    def quantities(self) -> dict[int, int]:
        """Pieces or grams by item, in the order in which the items came; nothing of what was taken back."""
        sums: dict[int, int] = {}
        for step in self.steps:
            sums[step.item_id] = sums.get(step.item_id, 0) + step.quantity
        return {item_id: quantity for item_id, quantity in sums.items() if quantity > 0}

    @property
    def rows(self) -> tuple[BasketRow, ...]:
        """The basket with its points."""
        return tuple(
            BasketRow(goods, quantity, points_for(require_price(goods), quantity, goods.per))
            for item_id, quantity in self.quantities.items()
            for goods in (self.goods[item_id],)
        )

    @property
    def points(self) -> int:
        """Hundredths of a point for the whole basket."""
        return sum(row.points for row in self.rows)

    @property
    def left_points(self) -> int:
        """What the household would have left; below zero it has too little. The basket's points without a household."""
        return (0 if self.household is None else self.household.redeemable_points) - self.points

    @property
    def basket(self) -> tuple[BasketLine, ...]:
        """The basket as it is booked."""
        return tuple(BasketLine(item_id, quantity) for item_id, quantity in self.quantities.items())

    @property
    def kept(self) -> KeptBasket:
        """The basket as it is written down."""
        return KeptBasket(self.holder, self.steps)
