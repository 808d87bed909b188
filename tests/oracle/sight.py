"""What the writer of a fact had seen when it wrote: surely, and perhaps.

Surely: what its own log said before, what the log had that it continues, what an end of a meeting says had been read,
and of the county what `ref` counts. Perhaps: whatever else has a lower turn, for a turn is higher than any seen.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from .fold import Entry

Heads: TypeAlias = Mapping[int, int]
"""The last seq seen of each log."""


@dataclass(frozen=True, slots=True)
class Sight:
    """How far the writer of one fact had surely read each log."""

    of: Entry
    heads: Heads

    def surely(self, other: Entry) -> bool:
        """Tell whether another fact was seen, beyond doubt."""
        if not other.line.log:
            return other.line.seq <= self.of.line.ref[1 if other.line.village else 0]
        return other.line.seq <= self.heads.get(other.line.log, 0)

    def perhaps(self, other: Entry) -> bool:
        """Tell whether another fact was seen, or may have been."""
        is_foreign = other.line.log not in (0, self.of.line.log)
        return self.surely(other) or (is_foreign and other.line.turn < self.of.line.turn)


@dataclass
class Eyes:
    """The sight of every fact of a village.

    `steps` are the facts of each log that say how far others had been read, `ends` the ends of meetings by the id of
    what they posted, `lasts` the last seq held of each log.
    """

    steps: Mapping[int, list[tuple[int, Entry]]]
    ends: Mapping[int, Entry]
    lasts: Heads
    _known: dict[int, Sight] = field(default_factory=dict)

    def sight_of(self, entry: Entry) -> Sight:
        """Return what the writer of a fact had seen; what an end posts had seen all that the end had."""
        if entry.id not in self._known:
            heads = dict(self._read(entry.line.log, entry.line.seq - 1))
            if (end := entry if entry.kind == "meeting_ended" else self.ends.get(entry.id)) is not None:
                _join(heads, {place["log"]: place["seq"] for place in end.body["closing"]}, but=entry.line.log)
            self._known[entry.id] = Sight(entry, heads)
        return self._known[entry.id]

    def is_last(self, entry: Entry) -> bool:
        """Tell whether nothing after a fact is held of its log."""
        return self.lasts[entry.line.log] == entry.line.seq

    def lineage(self, log: int) -> list[int]:
        """Return a log and those it continues, the latest first."""
        found = [log]
        for _ in self.steps:
            begun = [entry for _, entry in self.steps.get(found[-1], ()) if entry.kind == "log_begun"]
            if not begun or begun[0].body["continues"] is None:
                break
            found.append(begun[0].body["continues"]["log"])
        return found

    def _read(self, log: int, seq: int, depth: int = 0) -> Heads:
        heads = {log: seq}
        for at, entry in self.steps.get(log, ()):
            if at > seq:
                break
            if entry.kind == "meeting_ended":
                _join(heads, {place["log"]: place["seq"] for place in entry.body["closing"]}, but=log)
            elif entry.body["continues"] is not None and depth < len(self.steps):
                before = entry.body["continues"]
                _join(heads, self._read(before["log"], before["seq"], depth + 1), but=log)
        return heads


def eyes_of(entries: Iterable[Entry]) -> Eyes:
    """Return the sight of every fact of one village."""
    steps: dict[int, list[tuple[int, Entry]]] = defaultdict(list)
    posted: dict[int, list[Entry]] = defaultdict(list)
    ends: dict[int, Entry] = {}
    lasts: dict[int, int] = {}
    for entry in sorted(entries, key=lambda each: each.id):
        log, seq = entry.line.log, entry.line.seq
        lasts[log] = seq
        if entry.kind in ("log_begun", "meeting_ended"):
            steps[log].append((seq, entry))
        run = posted[log]
        if run and not (run[-1].line.seq == seq - 1 and run[-1].body["meeting"] == entry.body.get("meeting")):
            run.clear()
        if entry.kind == "attendance_awarded":
            run.append(entry)
        elif entry.kind == "meeting_ended":
            ends |= dict.fromkeys((each.id for each in run), entry)
    return Eyes(steps, ends, lasts)


def _join(heads: dict[int, int], more: Heads, but: int) -> None:
    for log, seq in more.items():
        if log != but:
            heads[log] = max(heads.get(log, 0), seq)
