"""What the screen knows while a day is being closed, as one value."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.domain.day_close import CashedUp, DayToClose
    from kiosk.domain.day_figures import DayFigures
    from kiosk.domain.day_waits import DayWaits


class Step(StrEnum):
    """What the screen asks."""

    LOOKING = "looking"
    CLOSED = "closed"
    COUNT = "count"
    AGAIN = "again"
    DIFFERENCE = "difference"
    UNCOUNTED = "uncounted"
    DONE = "done"


@dataclass(frozen=True)
class CloseState:
    """Everything known so far; `told` is what became of the last paper: a text key and its values."""

    step: Step = Step.LOOKING
    day: "DayToClose | None" = None
    counted: int | None = None
    figures: "DayFigures | None" = None
    cashed_up: "CashedUp | None" = None
    waits: "DayWaits | None" = None
    meeting_is_open: bool = False
    told: tuple[str, dict[str, object]] | None = None

    @property
    def asks_number(self) -> bool:
        """Whether a number is being typed."""
        return self.step in {Step.COUNT, Step.AGAIN}
