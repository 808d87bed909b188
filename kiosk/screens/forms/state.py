"""What the screen knows between two keys, as one value."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.locale.sentence import Sentence

if TYPE_CHECKING:
    from db.facts.form import FormUse
    from kiosk.domain.find import Found
    from kiosk.domain.form import FormNumber, FormShown
    from kiosk.domain.form_entry import MeetingListed
    from kiosk.domain.goods import Goods


class Step(StrEnum):
    """What is asked: which job, whose form it is, another number, or the goods on it."""

    MENU = "menu"
    HOUSEHOLD = "household"
    NUMBER = "number"
    GOODS = "goods"


@dataclass(frozen=True)
class FormsState:
    """Everything known so far: the form in the hand, its day or its meeting, the household and the goods typed.

    Lines are goods with pieces or grams. `told` is what became of the last form or paper.
    """

    step: Step = Step.MENU
    form: "FormShown | None" = None
    day: str = ""
    meeting: "MeetingListed | None" = None
    household: "Found | None" = None
    lines: "tuple[tuple[Goods, int], ...]" = ()
    is_late: bool = False
    told: Sentence | None = None

    @property
    def use(self) -> "FormUse":
        """What the forms in the hand are for."""
        return "sign_in" if self.meeting is not None else "redemption"

    @property
    def number(self) -> "FormNumber | None":
        """The number of the form in the hand."""
        return None if self.form is None else self.form.number
