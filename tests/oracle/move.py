"""Households that move between villages: closed out once, announced once, opened once, with the same points."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from .fold import Entry, counted_once, once_key
from .lines import Fault

Mover: TypeAlias = tuple[int, int]
"""The village a household leaves, and its id there."""


def find_move_faults(villages: Mapping[int, list[Entry]]) -> list[Fault]:
    """Return every move that does not add up, over all villages of an export.

    What a village says that is not in the export cannot be held against it.
    """
    left = {
        (village, entry.body["household"]): entry
        for village, entries in villages.items()
        for entry in _first(entries, "household_left")
    }
    found = [fault for entries in villages.values() for entry in entries for fault in _posting(entry)]
    told: dict[Mover, int] = {}
    for village, entries in villages.items():
        said = _first(entries, "household_arriving")
        for entry in said:
            mover = _mover(entry)
            if told.setdefault(mover, village) != village:
                found.append(entry.line.fault("announced_twice", f"household {mover} was told to {told[mover]}"))
            if mover[0] in villages and _points(left.get(mover)) != entry.body["points"]:
                found.append(entry.line.fault("announced_otherwise", f"household {mover} did not leave like that"))
        found += _arrivals(entries, {_mover(entry): entry for entry in said})
    return found


def _posting(entry: Entry) -> Iterator[Fault]:
    """A leaving takes its household the points it names, an arrival gives them; both against `moved`."""
    sign = {"household_left": -1, "household_arrived": 1}.get(entry.kind)
    if sign is None:
        return
    household = entry.body["household"] if sign < 0 else entry.id
    legs = entry.body["legs"]
    posted = {leg["account"] if leg["household"] is None else leg["household"]: leg["points"] for leg in legs}
    if posted != {household: sign * entry.body["points"], "moved": -sign * entry.body["points"]}:
        yield entry.line.fault("move_differs", f"points {entry.body['points']}, legs {posted}")


def _arrivals(entries: Iterable[Entry], said: Mapping[Mover, Entry]) -> Iterator[Fault]:
    """A desk opens what the county told it, as far as it had read, and with those points."""
    for entry in entries:
        if entry.kind == "household_arrived":
            told = said.get(_mover(entry))
            if told is None or told.line.seq > entry.line.ref[1] or _points(told) != entry.body["points"]:
                yield entry.line.fault("arrived_otherwise", f"household {_mover(entry)} was not told like that")


def _first(entries: Iterable[Entry], kind: str) -> list[Entry]:
    same = counted_once(entry for entry in entries if entry.kind == kind and once_key(entry) is not None)
    return [each[0] for each in same.values()]


def _mover(entry: Entry) -> Mover:
    return entry.body["from_village"], entry.body["from_household"]


def _points(entry: Entry | None) -> int | None:
    return None if entry is None else entry.body["points"]
