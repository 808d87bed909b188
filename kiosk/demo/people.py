"""The invented people of the demo village: households by group, their persons, and who is at home.

Households have a little more than three people; a quarter of them is away all year. Children are a number in their
household and nothing else.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from kiosk.demo.calendar import YEAR
from kiosk.demo.chance import Chance, happens, one_of
from kiosk.demo.words import words

MOST_GROUPS: Final = 8
HOUSES_A_GROUP: Final = 10
YOUNGEST: Final = 15
OLDEST: Final = 93
ELDER: Final = 75
PAIRS_OF_NAMESAKES: Final = 3
HALF_POINT: Final = 50

_SIZES: Final = ((1, 0.12), (2, 0.26), (3, 0.18), (4, 0.22), (5, 0.13), (6, 0.09))
_OTHERS: Final = {1: (), 2: (0,), 3: (0, -1), 4: (0, -1, -1), 5: (0, -1, -1, 1), 6: (0, -1, -1, 1, 1)}
"""Who lives with the head, by generation: 0 is the spouse, -1 a child, 1 a parent."""
_GENERATION: Final = 26
_COUPLE: Final = 2
_ONE_CHARACTER: Final = 0.15
_WITH_PROXY: Final = 0.08
_WITH_PASSBOOK: Final = 0.35
_MOST_HALVES: Final = 60
_SINGLE_ELDERS: Final = 0.25


class Presence(Enum):
    """How much of the year a household is at home: the share of what can be earned that it goes for."""

    AWAY = 0.0
    LOW = 0.36
    MIDDLE = 0.68
    HIGH = 1.0


_PRESENCES: Final = ((Presence.AWAY, 0.27), (Presence.LOW, 0.28), (Presence.MIDDLE, 0.30), (Presence.HIGH, 0.15))


@dataclass(frozen=True)
class DrawnPerson:
    """An invented person; `sex` is f or m."""

    name: str
    sex: str
    birth_year: int

    @property
    def age(self) -> int:
        """Years in the year that is lived."""
        return YEAR - self.birth_year


@dataclass(frozen=True)
class DrawnHousehold:
    """An invented household: place, persons with the head first, and how many live there, children included.

    `opening_points` (hundredths) is what its paper passbook held when it moved to the terminal, 0 without one.
    """

    group: int
    house: int
    persons: tuple[DrawnPerson, ...]
    residents: int
    presence: Presence
    has_proxy: bool
    opening_points: int

    @property
    def place(self) -> tuple[int, int]:
        """Group and house number."""
        return self.group, self.house

    @property
    def head(self) -> DrawnPerson:
        """Who stands for the household."""
        return self.persons[0]

    @property
    def is_single_elder(self) -> bool:
        """Whether one old person lives alone."""
        return self.residents == 1 and self.head.age >= ELDER


def draw_people(chance: Chance, count: int) -> tuple[DrawnHousehold, ...]:
    """Draw `count` households by group and house number; among them rare names and namesakes."""
    names, drawing = _Names(chance.of("names")), chance.of("people")
    drawn = [_household(place, names, drawing) for place in _places(count)]
    _give_rare_names(drawn)
    _give_namesakes(drawn, drawing)
    return tuple(drawn)


class _Names:
    """Gives names that nobody else in the village has; each group has a clan or two."""

    def __init__(self, chance: random.Random) -> None:
        """Begin with no name given."""
        self._chance = chance
        self._given: set[str] = set()

    def of_clan(self, group: int) -> str:
        """Return a surname of the group's clans."""
        clans = words()["clans"]
        return clans[(group + self._chance.choice((-1, -1, 1))) % len(clans)]

    def married_in(self) -> str:
        """Return a surname from anywhere."""
        return self._chance.choice(words()["married_in"])

    def name(self, surname: str) -> str:
        """Return a surname with a given name, most of two characters."""
        while True:
            given = self._chance.choice(words()["second_characters"])
            if not happens(self._chance, _ONE_CHARACTER):
                given = self._chance.choice(words()["first_characters"]) + given
            if surname + given not in self._given:
                self._given.add(surname + given)
                return surname + given


def _places(count: int) -> Iterator[tuple[int, int]]:
    groups = max(2, min(MOST_GROUPS, count // HOUSES_A_GROUP))
    for group in range(1, groups + 1):
        houses = count * group // groups - count * (group - 1) // groups
        yield from ((group, house) for house in range(1, houses + 1))


def _household(place: tuple[int, int], names: _Names, chance: random.Random) -> DrawnHousehold:
    size, presence = one_of(chance, _SIZES), one_of(chance, _PRESENCES)
    surname, head_age = names.of_clan(place[0]), _age_of_head(size, presence, chance)
    head_sex = one_of(chance, (("m", 0.75), ("f", 0.25)))
    persons = [DrawnPerson(names.name(surname), head_sex, YEAR - head_age)]
    fathers = 0
    for generation in _OTHERS[size]:
        age = min(head_age + generation * _GENERATION + chance.randint(-4, 4), OLDEST)
        is_father = generation == 1 and not fathers
        fathers += is_father
        sex = {0: "f" if head_sex == "m" else "m", 1: "m" if is_father else "f"}.get(generation, chance.choice("fm"))
        if age >= YOUNGEST:
            own = surname if generation == -1 or is_father else names.married_in()
            persons.append(DrawnPerson(names.name(own), sex, YEAR - age))
    halves = chance.randint(4, _MOST_HALVES) if happens(chance, _WITH_PASSBOOK) else 0
    has_proxy = happens(chance, _WITH_PROXY)
    return DrawnHousehold(*place, tuple(persons), size, presence, has_proxy, halves * HALF_POINT)


def _age_of_head(size: int, presence: Presence, chance: random.Random) -> int:
    """Return an age: those who are away are young, who lives alone is old, parents stand in between."""
    if presence is Presence.AWAY:
        return chance.randint(27, 50)
    if size == 1:
        return chance.randint(ELDER, 88) if happens(chance, _SINGLE_ELDERS) else chance.randint(48, ELDER - 1)
    return chance.randint(48, 82) if size == _COUPLE else chance.randint(32, 56)


def _give_rare_names(drawn: list[DrawnHousehold]) -> None:
    """Let heads without children have names that few programs write right; they live in different parts."""
    names = words()["rare_heads"]
    for number, name in enumerate(names):
        small = [at for at, household in enumerate(drawn) if household.residents <= _COUPLE]
        at = next(at for at in small if at >= number * len(drawn) // len(names))
        drawn[at] = _with_head(drawn[at], replace(drawn[at].head, name=name))


def _give_namesakes(drawn: list[DrawnHousehold], chance: random.Random) -> None:
    """Let pairs of heads have one name; the last pair was born in one year too."""
    rare = words()["rare_heads"]
    small = [at for at, each in enumerate(drawn) if each.residents <= _COUPLE and each.head.name not in rare]
    chosen = chance.sample(small, 2 * min(PAIRS_OF_NAMESAKES, len(small) // 2))
    pairs = list(zip(chosen[::2], chosen[1::2], strict=True))
    for first, second in pairs:
        named = replace(drawn[second].head, name=drawn[first].head.name)
        is_last = (first, second) == pairs[-1]
        drawn[second] = _with_head(
            drawn[second], replace(named, birth_year=drawn[first].head.birth_year) if is_last else named
        )


def _with_head(household: DrawnHousehold, head: DrawnPerson) -> DrawnHousehold:
    return replace(household, persons=(head, *household.persons[1:]))
