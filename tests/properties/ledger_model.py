"""What a ledger must say, in plain Python: every figure is worked out anew from all that was written and is held."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Entry:
    """What one fact was meant to do: points by household, what may count once, what left or lies on the shelf."""

    log: int
    turn: int
    seq: int
    points: Mapping[int, int] = field(default_factory=dict)
    once: tuple[object, ...] | None = None
    seat: int = 0
    moved: Mapping[int, int] = field(default_factory=dict)
    counted: Mapping[int, int] = field(default_factory=dict)

    @property
    def rank(self) -> tuple[int, int, int]:
        """No county writes here, so authority is the same for all."""
        return self.turn, self.log, self.seq


Heads = Mapping[int, int]
"""The last seq held of each log."""


def held(entries: Iterable[Entry], heads: Heads) -> list[Entry]:
    """What a store that holds the logs up to `heads` knows."""
    return [entry for entry in entries if entry.seq <= heads.get(entry.log, 0)]


def balances(entries: Iterable[Entry]) -> dict[int, int]:
    """Points by household: everything counts, but of entries with one key only the first."""
    known = list(entries)
    first: dict[tuple[object, ...], Entry] = {}
    for entry in known:
        if entry.once is not None and entry.rank < first.setdefault(entry.once, entry).rank:
            first[entry.once] = entry
    sums: dict[int, int] = {}
    for entry in known:
        counts = entry.once is None or first[entry.once] is entry
        for household, points in entry.points.items():
            sums[household] = sums.get(household, 0) + (points if counts else 0)
    return sums


def stock(entries: Iterable[Entry]) -> dict[int, int]:
    """Pieces by item: walk the seats in order and each seat's facts in order; a count starts afresh."""
    sums: dict[int, int] = {}
    for entry in sorted(entries, key=lambda each: (each.seat, each.seq, each.rank)):
        sums.update(entry.counted)
        for item, quantity in entry.moved.items():
            sums[item] = sums.get(item, 0) + quantity
    return sums
