"""What the card desk knows at a moment, and what may be chosen then. Pure: no store, no widget."""

from dataclasses import dataclass, replace
from enum import Enum, StrEnum, auto
from typing import Final

from kiosk.domain.card_desk import CardsOfHolder, HeldCard, HouseholdCards
from kiosk.domain.card_state import CardTask, tasks_of
from kiosk.domain.find import Found
from kiosk.locale.sentence import Sentence


class Phase(Enum):
    """What the desk waits for."""

    IDLE = auto()
    FOUND = auto()
    HOUSEHOLD = auto()
    HOLDER = auto()
    GIVING = auto()
    WORKING = auto()
    DONE = auto()


class Choice(StrEnum):
    """What a digit may stand for beside somebody's card."""

    LOST = "lost"
    REPLACE = "replace"
    FOUND = "found"
    RETURN = "return"
    ANOTHER = "another"
    HOUSEHOLD = "household"


@dataclass(frozen=True)
class PaperCard:
    """A card on slip paper: what stands on it, and whether it left the printer."""

    card_id: int
    number: str
    name: str
    place: str
    is_out: bool = False


@dataclass(frozen=True)
class DeskState:
    """The state of the card desk.

    `blank` is the number of a blank card that was scanned and waits for its holder; `found` whom a search found;
    `holder` and `held` whose card it is about and which; `is_in_hand` whether that card was scanned; `paper_card` the
    card on slip paper that was made; `is_waiting` whether what was done waits for the second signature.
    """

    phase: Phase = Phase.IDLE
    blank: str | None = None
    found: tuple[Found, ...] = ()
    household: HouseholdCards | None = None
    holder: CardsOfHolder | None = None
    held: HeldCard | None = None
    is_in_hand: bool = False
    told: Sentence | None = None
    paper_card: PaperCard | None = None
    is_waiting: bool = False

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What may be chosen about the card on show, in the order of the digits."""
        if self.phase is not Phase.HOLDER or self.holder is None or self.held is None:
            return ()
        is_person = self.holder.holder.person_id is not None
        allowed = tasks_of("person" if is_person else "household", self.held.state)
        offered = [_TASKS[task] for task in allowed if task is not CardTask.RETURN or self.is_in_hand]
        if not is_person and self.held.state == "live":
            offered.append(Choice.ANOTHER)
        return (*offered, Choice.HOUSEHOLD)


def step_back(state: DeskState) -> DeskState | None:
    """Return the state one step before, None where there is nothing to go back to."""
    if state.phase in {Phase.DONE, Phase.WORKING} or (state.phase is Phase.IDLE and state.blank is None):
        return None
    if state.phase is Phase.IDLE:
        return DeskState()
    if state.phase is Phase.GIVING and state.held is not None:
        return replace(state, phase=Phase.HOLDER)
    if state.phase is Phase.GIVING or (state.phase is Phase.HOLDER and not state.is_in_hand):
        return DeskState(Phase.HOUSEHOLD, state.blank, household=state.household)
    return DeskState(blank=state.blank)


_TASKS: Final = {
    CardTask.LOST: Choice.LOST,
    CardTask.REPLACE: Choice.REPLACE,
    CardTask.FOUND: Choice.FOUND,
    CardTask.RETURN: Choice.RETURN,
}
