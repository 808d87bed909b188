"""What the screen knows while a day is being closed, as one value."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.domain.day_close import CashedUp, DayToClose
    from kiosk.domain.day_figures import DayFigures
    from kiosk.domain.day_waits import DayWaits
    from kiosk.domain.goods import Goods
    from kiosk.domain.spot_count import SpotAsked
    from kiosk.domain.stock import Counted
    from kiosk.locale.sentence import Sentence


class Step(StrEnum):
    """What the screen asks."""

    LOOKING = "looking"
    CLOSED = "closed"
    SPOT = "spot"
    COUNT = "count"
    AGAIN = "again"
    DIFFERENCE = "difference"
    UNCOUNTED = "uncounted"
    DONE = "done"


@dataclass(frozen=True)
class CloseState:
    """Everything known so far; `told` is what became of the last paper.

    `numbers` is what was counted of the goods of the spot count so far, in pieces or grams, `spotted` all of it once it
    was written down.
    """

    step: Step = Step.LOOKING
    day: "DayToClose | None" = None
    spot: "SpotAsked | None" = None
    numbers: tuple[int, ...] = ()
    spotted: "tuple[Counted, ...]" = ()
    counted: int | None = None
    figures: "DayFigures | None" = None
    cashed_up: "CashedUp | None" = None
    waits: "DayWaits | None" = None
    meeting_is_open: bool = False
    told: "Sentence | None" = None

    @property
    def asked_goods(self) -> "Goods | None":
        """The goods of the spot count whose number is being typed."""
        return self.spot.goods[len(self.numbers)] if self.spot is not None and self.step is Step.SPOT else None

    @property
    def asks_slips(self) -> bool:
        """Whether the number of slips is being typed."""
        return self.step in {Step.COUNT, Step.AGAIN}
