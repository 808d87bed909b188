"""What the screen of suggestions shows, as one value."""

from dataclasses import dataclass
from typing import TypeAlias, get_args

from db.facts.suggestion import Topic
from kiosk.domain.meeting import MeetingShown
from kiosk.domain.suggestion_answer import SuggestionReplied
from kiosk.domain.suggestion_list import Speaker, SuggestionPage, SuggestionShown

TOPICS: tuple[Topic, ...] = get_args(Topic)
"""Topics in the order of their digits."""
PAPER_DIGITS = 12


@dataclass(frozen=True)
class Listing:
    """Every suggestion, those without an answer first; no page before it was read."""

    page: SuggestionPage | None = None


@dataclass(frozen=True)
class Speaking:
    """Somebody came to the desk: what they said before, and the topics."""

    speaker: Speaker


@dataclass(frozen=True)
class Drafting:
    """What somebody says is about this; `meeting` is the one they say it at."""

    speaker: Speaker
    topic: Topic
    meeting: MeetingShown | None


@dataclass(frozen=True)
class Reading:
    """One suggestion; `replied` is what its answer brought, if it was given just now."""

    suggestion: SuggestionShown
    replied: SuggestionReplied | None = None


View: TypeAlias = Listing | Speaking | Drafting | Reading


def paper_or_words(typed: str) -> tuple[str | None, str | None]:
    """Part what was typed: a number alone is that of a paper, anything else is words; nothing is neither."""
    said = typed.strip()
    if said.isascii() and said.isdigit() and len(said) <= PAPER_DIGITS:
        return said, None
    return None, said or None
