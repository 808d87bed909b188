"""The meetings of the year: about eighty, as a branch and a village of this size hold them.

Each month a theme day on the 10th, a committee meeting, a meeting of each party group and one of the villagers; each
quarter a members' meeting and a lecture. Each kind begins at its own hour, so that no two are open at one time.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from kiosk.demo.agenda import Agenda
from kiosk.demo.calendar import CLOSING, YEAR, shop_days, workday_from
from kiosk.demo.holding import OPENED_BEFORE, Holding, Planned, Twist
from kiosk.demo.setting_up import DemoVillage

MONTHS: Final = range(1, 13)
COMMITTEE_DAY: Final = 5
THEME_DAY: Final = 10
VILLAGERS_DAY: Final = 15
GROUPS_DAY: Final = 20
QUARTER: Final = 3
MEETINGS_BY_GROUP_IN: Final = (4, 10)
"""Months in which the villagers meet in two halves, on two evenings."""
PARTY_GROUPS: Final = 3
FEWEST_IN_PARTY_GROUP: Final = 8

_COMMITTEE_AT: Final = 15 * 60
_THEME_DAY_AT: Final = 14 * 60 + 30
_MEMBERS_AT: Final = 16 * 60 + 10
_LECTURE_AT: Final = 18 * 60 + 10
_VILLAGERS_AT: Final = 19 * 60 + 30
_GROUP_AT: Final = 14 * 60 + 30
_GROUP_AFTER_GROUP: Final = 100
_A_WEEK: Final = timedelta(days=7)
_TWISTS: Final = {
    ("theme_day", 5): Twist.BEGINS_LATE,
    ("theme_day", 9): Twist.WRONG_CARD,
    ("members_meeting", 6): Twist.TOO_FEW,
    ("party_lecture", 9): Twist.FORGOTTEN,
    ("villagers_meeting", 7): Twist.STACK_OF_CARDS,
}
_NOT_ENDED_IN: Final = 8


def plan_meetings(village: DemoVillage, agenda: Agenda) -> None:
    """Put every meeting into the year: its call on a day of the shop before, and the meeting itself."""
    chance = village.chance.of("meetings")
    for planned in (each for month in MONTHS for each in _of_month(village, month)):
        holding = Holding(village, agenda, planned, chance)
        earlier = [day for day in shop_days() if day < planned.day]
        if earlier:
            agenda.put(earlier[-1], CLOSING - 6, holding.call)
        agenda.put(planned.day, planned.minute - OPENED_BEFORE, holding.hold)


def _of_month(village: DemoVillage, month: int) -> Iterator[Planned]:
    theme_day = _day(month, THEME_DAY)
    yield _planned("committee_meeting", _day(month, COMMITTEE_DAY), _COMMITTEE_AT)
    yield _planned("theme_day", theme_day, _THEME_DAY_AT)
    if month % QUARTER == 0:
        members = _planned("members_meeting", theme_day, _MEMBERS_AT)
        yield members
        if members.twist is Twist.TOO_FEW:
            yield Planned("members_meeting", workday_from(theme_day + _A_WEEK), _MEMBERS_AT)
        yield _planned("party_lecture", theme_day, _LECTURE_AT)
    yield from _villagers(village, month)
    parts = party_groups(village)
    for number, groups in enumerate(parts):
        is_left_open = month == _NOT_ENDED_IN and number == len(parts) - 1
        twist = Twist.NOT_ENDED if is_left_open else Twist.NONE
        minute = _GROUP_AT + number * _GROUP_AFTER_GROUP
        yield Planned("group_meeting", _day(month, GROUPS_DAY), minute, groups, twist)


def _villagers(village: DemoVillage, month: int) -> Iterator[Planned]:
    """Let all villagers meet in one evening, or one half of the groups on each of two."""
    day = _day(month, VILLAGERS_DAY)
    if month not in MEETINGS_BY_GROUP_IN:
        yield _planned("villagers_meeting", day, _VILLAGERS_AT)
        return
    groups = sorted({home.drawn.group for home in village.homes})
    half = len(groups) // 2
    yield Planned("villagers_meeting", day, _VILLAGERS_AT, tuple(groups[:half]))
    yield Planned("villagers_meeting", workday_from(day + timedelta(days=1)), _VILLAGERS_AT, tuple(groups[half:]))


def party_groups(village: DemoVillage) -> list[tuple[int, ...]]:
    """Part the branch into party groups, each the members of some neighbouring village groups."""
    count = max(1, min(PARTY_GROUPS, len(village.members) // FEWEST_IN_PARTY_GROUP))
    members = Counter(member.home.drawn.group for member in village.members)
    parts: list[list[int]] = [[] for _part in range(count)]
    before = 0
    for group in sorted(members):
        middle = before + members[group] / 2
        parts[int(middle * count / members.total())].append(group)
        before += members[group]
    return [tuple(part) for part in parts if part]


def _planned(template: str, day: date, minute: int) -> Planned:
    return Planned(template, day, minute, twist=_TWISTS.get((template, day.month), Twist.NONE))


def _day(month: int, number: int) -> date:
    return workday_from(date(YEAR, month, number))
