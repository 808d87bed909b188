"""The states of a card and every way from one to another: the only place that says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from db.facts.people import HolderKind

CardState: TypeAlias = Literal["live", "lost", "replaced", "returned", "stopped"]


class CardTask(StrEnum):
    """What can be done with a card that is there or that somebody names."""

    LOST = "lost"
    FOUND = "found"
    REPLACE = "replace"
    RETURN = "return"
    STOP = "stop"


@dataclass(frozen=True)
class Transition:
    """In which states a task may be done, and the state of the card after it."""

    before: frozenset[CardState]
    after: CardState


TRANSITIONS: Final[Mapping[CardTask, Transition]] = {
    CardTask.LOST: Transition(frozenset({"live"}), "lost"),
    CardTask.FOUND: Transition(frozenset({"lost"}), "live"),
    CardTask.REPLACE: Transition(frozenset({"live", "lost"}), "replaced"),
    CardTask.RETURN: Transition(frozenset({"live", "lost", "replaced", "stopped"}), "returned"),
    CardTask.STOP: Transition(frozenset({"live"}), "stopped"),
}
"""Every way from one state of a card to another; what is not here is refused. A returned card is destroyed."""

TASKS: Final[Mapping[HolderKind, tuple[CardTask, ...]]] = {
    "person": (CardTask.LOST, CardTask.REPLACE, CardTask.FOUND, CardTask.RETURN),
    "household": (CardTask.LOST, CardTask.REPLACE, CardTask.FOUND, CardTask.RETURN),
    "book": (CardTask.STOP,),
    "blank": (CardTask.STOP,),
}
"""What can be done with each kind of card, in the order in which a desk offers it."""

IN_STATE: Final[Mapping[str, str]] = {
    "live": "card_is_live",
    "lost": "card_not_live.lost",
    "replaced": "card_not_live.replaced",
    "returned": "card_not_live.returned",
    "stopped": "card_not_live.stopped",
    "barred": "card_barred",
}
"""The refusal of a card that is in the wrong state for what somebody wants; barred it is by the county's list."""


def tasks_of(kind: HolderKind, state: str) -> tuple[CardTask, ...]:
    """Return what may be done with a card of a kind in a state, in the order of the desk."""
    return tuple(task for task in TASKS[kind] if state in TRANSITIONS[task].before)
