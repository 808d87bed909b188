"""The invented branch of the demo village: which persons are members, of which class, and since when.

Members are about 2.9 in a hundred people, four in ten of them away; class shares follow real rosters, where some who
are away are still called ordinary.
"""

import random
from dataclasses import dataclass, replace
from typing import Final

from kiosk.demo.calendar import YEAR
from kiosk.demo.chance import Chance, some_of
from kiosk.demo.people import DrawnHousehold, DrawnPerson, Presence

FEWEST: Final = 10
OF_A_HUNDRED: Final = 2.9
COMMITTEE: Final = 3

_ADULT: Final = 18
_AGED: Final = 70
_AT_WORK: Final = range(30, 61)
_AGES: Final = ((range(18, 31), 0.11), (range(31, 46), 0.30), (range(46, 61), 0.35), (range(61, 99), 0.24))
_WOMEN: Final = 0.4
_PROBATIONARY: Final = 0.04
_CLASSES: Final = (("cadre", 0.11), ("elder", 0.07), ("mobile", 0.12), ("hub_household", 0.10), ("grid_lead", 0.08))
_AWAY_AND_ORDINARY: Final = 0.2


@dataclass(frozen=True)
class DrawnMember:
    """A member of the branch: the person, the household, class and standing as roster sheets name them."""

    household: DrawnHousehold
    person: DrawnPerson
    class_code: str
    standing: str
    joined_year: int

    @property
    def is_away(self) -> bool:
        """Whether this member lives elsewhere all year."""
        return self.household.presence is Presence.AWAY


def draw_members(chance: Chance, households: tuple[DrawnHousehold, ...]) -> tuple[DrawnMember, ...]:
    """Choose the members among the people, cadres first: they are the committee."""
    drawing = chance.of("members")
    people = sum(household.residents for household in households)
    count = max(FEWEST, round(people * OF_A_HUNDRED / 100))
    left = [(household, person) for household in households for person in household.persons if person.age >= _ADULT]
    members: list[DrawnMember] = []
    for class_code, share in (*_CLASSES, ("away", _AWAY_AND_ORDINARY), ("ordinary", 1.0)):
        wanted = max(COMMITTEE if class_code == "cadre" else 1, round(count * share))
        fitting = [each for each in left if _fits(class_code, *each)]
        chosen = some_of(drawing, fitting, min(wanted, count - len(members)), _weight)
        members += [_member(class_code, *each, drawing) for each in chosen]
        taken = {id(person) for _household, person in chosen}
        left = [each for each in left if id(each[1]) not in taken]
    return tuple(_with_probationary(members))


def _with_probationary(members: list[DrawnMember]) -> list[DrawnMember]:
    """The youngest ordinary members joined last year: they are on probation and have no vote."""
    count = max(1, round(len(members) * _PROBATIONARY))
    ordinary = sorted((each for each in members if each.class_code == "ordinary"), key=lambda each: each.person.age)
    newest = {id(each.person) for each in ordinary[:count]}
    return [
        replace(each, standing="probationary", joined_year=YEAR - 1) if id(each.person) in newest else each
        for each in members
    ]


def _fits(class_code: str, household: DrawnHousehold, person: DrawnPerson) -> bool:
    is_away = household.presence is Presence.AWAY
    match class_code:
        case "cadre":
            return household.presence in {Presence.MIDDLE, Presence.HIGH} and person.age in _AT_WORK
        case "elder":
            return not is_away and person.age >= _AGED
        case "mobile" | "away":
            return is_away and person.age < _AGED
        case "hub_household":
            return not is_away and person is household.head
    return not is_away


def _weight(each: tuple[DrawnHousehold, DrawnPerson]) -> float:
    _household, person = each
    share = next((share for ages, share in _AGES if person.age in ages), 0.0)
    return share * (_WOMEN if person.sex == "f" else 1.0)


def _member(class_code: str, household: DrawnHousehold, person: DrawnPerson, chance: random.Random) -> DrawnMember:
    earliest = person.birth_year + _ADULT
    joined = max(earliest, YEAR - 2 - chance.randint(0, 2 * (YEAR - earliest) // 3))
    return DrawnMember(household, person, "ordinary" if class_code == "away" else class_code, "full", joined)
