"""Who comes to a meeting: whom it expects, who comes, who is on leave or stays away, and when they arrive.

Sixty-two in a hundred come in the ten minutes before it begins, eighteen sooner, fourteen up to a quarter of an hour
late, six later still. Of the members twelve in a hundred are on leave and four stay away without a word.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from kiosk.demo.chance import happens, one_of
from kiosk.demo.setting_up import DemoMember, DemoVillage, Home
from kiosk.domain.meeting_roster import COMMITTEE_CLASS, Comer
from kiosk.domain.meeting_template import require_template

COMES_TO_VILLAGERS_MEETING: Final = 0.45
LEAVE: Final = 0.055
LEAVE_OF_MOBILE: Final = 0.6
ABSENT: Final = 0.04

_ARRIVALS: Final = (((-600, -1), 0.62), ((-1_740, -601), 0.18), ((60, 900), 0.14), ((960, 2_400), 0.06))
"""Between which seconds around the hour, and how many of a hundred."""

Guest: TypeAlias = Home | DemoMember


@dataclass
class Guests:
    """Whom a meeting expects, by what they do."""

    coming: list[Guest] = field(default_factory=list)
    on_leave: list[Guest] = field(default_factory=list)
    absent: list[Guest] = field(default_factory=list)


def expected(village: DemoVillage, template: str, groups: tuple[int, ...]) -> Sequence[Guest]:
    """Return whom a meeting of a template expects; with groups, those who live there."""
    audience = require_template(template).audience
    if audience == "villagers":
        return [home for home in village.open_homes if not groups or home.drawn.group in groups]
    members = [each for each in village.members if not groups or each.home.drawn.group in groups]
    return [each for each in members if audience != "committee" or each.drawn.class_code == COMMITTEE_CLASS]


def divide(guests: Iterable[Guest], chance: random.Random, share: float = 1.0) -> Guests:
    """Part those who are expected; only a `share` of those who would come comes. Somebody always comes."""
    divided = Guests()
    for guest in guests:
        if happens(chance, _leave(guest)):
            divided.on_leave.append(guest)
        elif happens(chance, _comes(guest) * share):
            divided.coming.append(guest)
        else:
            divided.absent.append(guest)
    if not divided.coming:
        divided.coming.append((divided.absent or divided.on_leave).pop())
    return divided


def arrivals(guests: Iterable[Guest], chance: random.Random) -> list[tuple[int, Guest]]:
    """Return when each arrives, in seconds after the hour (before it: below zero), in their order."""
    drawn = [(chance.randint(*one_of(chance, _ARRIVALS)), guest) for guest in guests]
    return sorted(drawn, key=lambda each: each[0])


def comer_of(guest: Guest) -> Comer:
    """Return whom the meeting counts."""
    if isinstance(guest, DemoMember):
        return Comer(guest.home.household_id, guest.person_id)
    return Comer(guest.household_id)


def _leave(guest: Guest) -> float:
    if isinstance(guest, Home):
        return 0.0
    return LEAVE_OF_MOBILE if guest.drawn.class_code == "mobile" else LEAVE


def _comes(guest: Guest) -> float:
    return COMES_TO_VILLAGERS_MEETING * guest.activity if isinstance(guest, Home) else 1 - ABSENT / (1 - LEAVE)
