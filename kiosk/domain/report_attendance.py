"""Attendance in a period: by meeting in the order of days, and by person or household in the order of places.

Nobody is ranked: the lists are in the order of group, house and name. A meeting counts on the business day on which its
sign-in was opened, with what a second signature let in afterwards, and only once it has ended.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from db.progress import Advance, unseen
from db.store import Store
from db.tables.meeting import MeetingAct
from db.tables.statement import table_of
from kiosk.calendar import days_between
from kiosk.domain.attendance import SheetLine, Tally, lines_of, tally_of
from kiosk.domain.meeting import MeetingShown, show_meeting
from kiosk.domain.people import HouseholdPlace
from kiosk.domain.report import Period
from kiosk.errors import Refused


@dataclass(frozen=True)
class MeetingHeld:
    """A meeting that has ended: its business day, the code of its template, its topic or none, and who came."""

    meeting_id: int
    day: str
    template: str
    topic: str
    tally: Tally


@dataclass(frozen=True)
class AttendanceOf:
    """How often a person (`person_id`), or in meetings of households a household, was expected and came.

    Name and place are those of the latest meeting; observers count where they were not expected.
    """

    household_id: int
    person_id: int | None
    name: str
    place: HouseholdPlace
    tally: Tally


@dataclass(frozen=True)
class Attended:
    """Attendance in a period. `unfinished` meetings were opened in it and have not ended: they count nowhere yet."""

    period: Period
    meetings: tuple[MeetingHeld, ...]
    persons: tuple[AttendanceOf, ...]
    households: tuple[AttendanceOf, ...]
    unfinished: int


def attended_meetings(store: Store, period: Period, advance: Advance = unseen) -> Attended:
    """Return who came to the meetings of a period; `advance` is told the days as they are read."""
    held: list[MeetingHeld] = []
    lines: dict[int, list[SheetLine]] = defaultdict(list)
    unfinished, day = 0, period.first
    with store.read_in_pieces() as connection:
        for meeting in _meetings(connection, store.village, period):
            if meeting.state == "ended":
                sheet = lines_of(connection, store.village, meeting)
                held.append(_held(meeting, sheet))
                for line in sheet:
                    lines[line.subject_id].append(line)
            unfinished += meeting.is_open
            advance(days_between(day, meeting.day))
            day = meeting.day
    advance(days_between(day, period.last) + 1)
    everybody = sorted((_attendance(each) for each in lines.values()), key=_by_place)
    persons = tuple(each for each in everybody if each.person_id is not None)
    households = tuple(each for each in everybody if each.person_id is None)
    return Attended(period, tuple(held), persons, households, unfinished)


def _meetings(connection: Connection, village: int, period: Period) -> list[MeetingShown]:
    """Return the meetings opened in a period, in the order of their days; one nobody called is none."""
    parameters = {"of_village": village, "first_day": period.first, "last_day": period.last}
    found = []
    for meeting_id in list(connection.execute(_opened_statement(), parameters).scalars()):
        try:
            found.append(show_meeting(connection, village, meeting_id))
        except Refused:  # the log that called it has not come down yet
            continue
    within = [meeting for meeting in found if period.first <= meeting.day <= period.last]
    return sorted(within, key=lambda meeting: (meeting.day, meeting.acts["opened"].stamp.at, meeting.meeting_id))


def _held(meeting: MeetingShown, sheet: tuple[SheetLine, ...]) -> MeetingHeld:
    return MeetingHeld(meeting.meeting_id, meeting.day, meeting.template, meeting.topic, tally_of(sheet))


def _attendance(lines: list[SheetLine]) -> AttendanceOf:
    latest = lines[-1]
    return AttendanceOf(latest.household_id, latest.person_id, latest.name, latest.place, tally_of(tuple(lines)))


def _by_place(each: AttendanceOf) -> tuple[Any, ...]:
    return each.place.group, each.place.house, each.name, each.person_id or each.household_id


@lru_cache(maxsize=1)
def _opened_statement() -> Select[Any]:
    act = table_of(MeetingAct).c
    return (
        select(act.meeting_id)
        .where(act.village == bindparam("of_village"), act.act == "opened")
        .where(act.day >= bindparam("first_day"), act.day <= bindparam("last_day"))
        .distinct()
    )
