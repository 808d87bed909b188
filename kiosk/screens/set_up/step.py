"""The steps of a set-up in their order, and what of the sheet is known so far; pure values."""

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final, Self

from kiosk.set_up import Invitation


class Step(Enum):
    """What the screen asks or does."""

    SOURCE = auto()
    CODE = auto()
    CHECK = auto()
    ADDRESS = auto()
    CONFIRM = auto()
    MAKING = auto()
    CALLING = auto()
    KNOWN = auto()
    CAME = auto()
    SCANNER = auto()
    PRINTER = auto()
    SOUND = auto()
    CLOCK = auto()
    STICK = auto()


class Mark(Enum):
    """How a test ended, so far."""

    TO_COME = "to_come"
    GOOD = "good"
    LATER = "later"


# What is typed at each step, and how many digits it has.
DIGITS: Final = {Step.SOURCE: 4, Step.CODE: 10, Step.CHECK: 12, Step.ADDRESS: 18}
TESTS: Final = (Step.SCANNER, Step.PRINTER, Step.SOUND, Step.CLOCK, Step.STICK)


@dataclass(frozen=True)
class Sheet:
    """What was typed or scanned from the village's sheet; ``check`` are twelve digits as they were typed."""

    village: int = 0
    code: str = ""
    check: str = ""
    address: str = ""

    def with_typed(self, step: Step, typed: str, address: str) -> Self:
        """Take what was typed at a step; ``address`` is what its digits mean."""
        if step is Step.SOURCE:
            return replace(self, village=int(typed))
        if step is Step.CODE:
            return replace(self, code=typed)
        return replace(self, check=typed) if step is Step.CHECK else replace(self, address=address)

    @property
    def lacks(self) -> Step | None:
        """The step at which the next thing is asked that is not known yet; None where all of it is."""
        held = ((Step.SOURCE, self.village), (Step.CODE, self.code), (Step.CHECK, self.check))
        return next((step for step, value in (*held, (Step.ADDRESS, self.address)) if not value), None)

    def invitation(self) -> Invitation:
        """What the terminal is set up from by this sheet."""
        check = " ".join(self.check[at : at + 4] for at in range(0, len(self.check), 4))
        return Invitation(self.village, address=self.address, code=self.code, check=check)
