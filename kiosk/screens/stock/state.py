"""What the shelf's screen knows between two scans, as one value."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from db.facts.shop import Source
    from kiosk.domain.goods import Goods


class Mode(StrEnum):
    """What a scan of goods is about."""

    RECEIVE = "receive"
    COUNT = "count"
    WRITE_OFF = "write_off"
    WISH = "wish"
    LABEL = "label"


@dataclass(frozen=True)
class Line:
    """Goods of the delivery at the desk: pieces or grams, and the day on the packs."""

    goods: "Goods"
    quantity: int
    best_before: str | None = None


@dataclass(frozen=True)
class StockState:
    """Everything the screen knows between two scans; `asked` are the goods whose number is being typed.

    `joining` is a code nobody knows, whose goods are scanned next.
    """

    mode: Mode = Mode.RECEIVE
    lines: tuple[Line, ...] = ()
    asked: "Goods | None" = None
    source: "Source" = "purchase"
    cost: int | None = None
    unknown: str | None = None
    joining: str | None = None
    told: tuple[tuple[str, dict[str, Any]], ...] = field(default=())
