"""What follows for the suggestions of one village: how far each is, the answer that counts, and what it brought.

As docs/ledger.md says: the answer of lowest rank counts, points count once for a suggestion, and what was said of a
suggestion that has not arrived waits for it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from .fold import Entry, counting
from .strict import Json

ACTS: Final = ("suggestion_discussed", "suggestion_answered", "suggestion_awarded", "suggestion_award_requested")
"""Kinds that say something of a suggestion."""
SAID: Final = ("household", "person", "topic", "meeting", "paper")


@dataclass
class Matter:
    """A suggestion as its facts tell it, each list sorted by rank; `counted` has those that count once."""

    id: int
    submitted: Entry | None = None
    acts: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    counted: dict[str, Entry] = field(default_factory=dict)

    @property
    def answer(self) -> Entry | None:
        """The answer that counts."""
        return self.counted.get("suggestion_answered")

    @property
    def award(self) -> Entry | None:
        """The points that count."""
        return self.counted.get("suggestion_awarded")

    @property
    def state(self) -> str:
        """How far it is."""
        if self.answer is not None:
            return "adopted" if self.answer.body["is_adopted"] else "declined"
        return "discussed" if self.acts["suggestion_discussed"] else "open"


def gather(entries: Iterable[Entry]) -> dict[int, Matter]:
    """Return every suggestion that any fact speaks of, from facts sorted by rank."""
    entries = list(entries)
    counted = {entry.id for entry in counting(entries)}
    found: dict[int, Matter] = {}
    for entry in entries:
        if entry.kind == "suggestion_submitted":
            found.setdefault(entry.id, Matter(entry.id)).submitted = entry
        elif entry.kind in ACTS:
            matter = found.setdefault(entry.body["suggestion"], Matter(entry.body["suggestion"]))
            matter.acts[entry.kind].append(entry)
            if entry.id in counted:
                matter.counted.setdefault(entry.kind, entry)
    return found


def suggestions(entries: Iterable[Entry]) -> list[Json]:
    """Return every suggestion with its state, the answer that counts and the points left of what it brought."""
    entries = list(entries)
    reversed_ids = {entry.body["award"] for entry in entries if entry.kind == "award_reversed"}
    return [_row(matter, reversed_ids) for _, matter in sorted(gather(entries).items())]


def _row(matter: Matter, reversed_ids: set[int]) -> Json:
    said = matter.submitted.body if matter.submitted else dict.fromkeys(SAID)
    answer, award = matter.answer, matter.award
    is_reversed = award is not None and award.id in reversed_ids
    return {
        "id": matter.id,
        **{name: said[name] for name in SAID},
        "state": matter.state,
        "discussed": [entry.body["meeting"] for entry in matter.acts["suggestion_discussed"]],
        "answer": answer.id if answer else None,
        "reply": answer.body["reply"] if answer else None,
        "award": award.id if award else None,
        "points": award.body["points"] if award and not is_reversed else 0,
        "is_reversed": is_reversed,
    }
