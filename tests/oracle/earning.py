"""What coming to a meeting brings a household on a day: the scheme's items in force, and what its caps leave.

Every figure is worked out from a world: facts sorted by rank that a desk had seen, or may have seen.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .fold import Entry, once_key, one_by_then
from .shop import dated, in_force
from .sight import Sight
from .strict import Json

if TYPE_CHECKING:
    from .fold import OnceKey

EARNING: Final = ("points_awarded", "attendance_awarded", "suggestion_awarded")
"""Kinds by which a household earns, all under the same caps."""


@dataclass(frozen=True)
class Book:
    """The households' scheme in force on a day with its numbers, and its items by code; null where there is none."""

    scheme: str | None
    rules: dict[str, int]
    items: dict[str, Json]

    def item(self, code: str) -> Json | None:
        """Return an item that may be earned."""
        found = self.items.get(code)
        return found if found and found["is_active"] else None

    def caps(self, item: Json) -> list[tuple[int, set[str]]]:
        """Return what may be earned in a month, and by which items together."""
        found = []
        if item["monthly_cap"] is not None:
            found.append((item["monthly_cap"], {item["code"]}))
        if item["is_routine"] and "routine_cap_points" in self.rules:
            routine = {code for code, each in self.items.items() if each["is_routine"]}
            found.append((self.rules["routine_cap_points"], routine))
        return found


def book_on(world: Iterable[Entry], day: str) -> Book:
    """Return what is in force on a day: the latest day not after it, then the highest rank."""
    world = list(world)
    households = [each for each in world if each.kind == "scheme_loaded" and each.body["audience"] == "household"]
    loaded = [each for each in households if each.body["from_day"] <= day]
    if not loaded:
        return Book(None, {}, {})
    latest = max(loaded, key=lambda each: (each.body["from_day"], each.rank))
    scheme = latest.body["scheme"]
    found = dated(world, "scheme_item_set")
    items = {name: in_force(found, name, day) for name in {name for name, _ in found} if name[0] == scheme}
    rules = {rule["name"]: rule["value"] for rule in latest.body["rules"]}
    return Book(scheme, rules, {str(name[1]): entry.body for name, entry in items.items() if entry})


class Earned:
    """What each household earned in each month."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Sort awards by household and month, reversals by what they take back, and what may count once by its key."""
        self._earned: dict[tuple[int, str], list[Entry]] = defaultdict(list)
        self._reversals: dict[int, list[Entry]] = defaultdict(list)
        self._once: dict[OnceKey, list[Entry]] = defaultdict(list)
        self._merges: list[Entry] = []
        for entry in entries:
            if (key := once_key(entry)) is not None:
                self._once[key].append(entry)
            if entry.kind == "household_merged":
                self._merges.append(entry)
            if entry.kind == "award_reversed":
                self._reversals[entry.body["award"]].append(entry)
            elif entry.kind in EARNING and entry.line.day is not None:
                for household in {leg["household"] for leg in entry.body["legs"]} - {None}:
                    self._earned[household, entry.line.day[:7]].append(entry)

    def brings(self, book: Book, item: Json, account: int, day: str, sight: Sight) -> range:
        """Return what an item may bring an account on a day: all of it, or what the caps of the month leave.

        It is one figure, or several where nobody can tell whether the desk had seen an award of another.
        """
        least = most = int(item["points"])
        sure, perhaps = (one_by_then(account, filter(see, self._merges)) for see in (sight.surely, sight.perhaps))
        for cap, codes in book.caps(item):
            earned = [each for one in sorted(perhaps) for each in self._earned[one, day[:7]]]
            same = [each for each in earned if each.body["scheme"] == book.scheme and each.body["item"] in codes]
            used = self._used(same, (sure, perhaps), sight)
            least, most = min(least, cap - used[-1]), min(most, cap - used[0])
        return range(max(least, 0), max(most, 0) + 1)

    def _used(self, earned: list[Entry], ones: tuple[set[int], set[int]], sight: Sight) -> range:
        """Return what was earned by those who are one household for sure, and by those who may be."""
        least = most = 0
        for entry in earned:
            legs = entry.body["legs"]
            sure, perhaps = (sum(leg["points"] for leg in legs if leg["household"] in one) for one in ones)
            against = self._reversals[entry.id] + self._before(entry)
            if sight.perhaps(entry) and not any(map(sight.surely, against)):
                most += perhaps
            if sight.surely(entry) and not any(map(sight.perhaps, against)):
                least += sure
        return range(least, most + 1)

    def _before(self, entry: Entry) -> list[Entry]:
        """Return the facts that count in place of one which may count only once: those of lower rank."""
        same = self._once[key] if (key := once_key(entry)) is not None else []
        return [each for each in same if each.rank < entry.rank]
