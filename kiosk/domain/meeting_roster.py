"""Whom a meeting expects, by the roster of the day on which sign-in is opened.

Villagers: the open households, or their adults where persons count. Members: full and probationary ones (branch
regulations, trial of 2018, articles 11 to 14: all members, wherever they are). Committee: the members who are cadres.
Who belongs to a household that joined another is expected of the one it joined.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, or_, select

from db.rules import rule
from db.tables.people import Household, Member, Person
from db.tables.statement import table_of
from kiosk.domain.joined import MOST_MERGERS
from kiosk.domain.meeting_template import require_template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Row

ON_THE_ROLL = ("full", "probationary")
COMMITTEE_CLASS = "cadre"


@dataclass(frozen=True)
class Comer:
    """Whom a meeting counts: a household or, where persons count, one person of it."""

    household_id: int
    person_id: int | None = None

    @property
    def subject_id(self) -> int:
        """The id by which the meeting counts."""
        return self.household_id if self.person_id is None else self.person_id


def roster_of(
    connection: Connection, village: int, template: str, groups: tuple[int, ...], day: str
) -> tuple[Comer, ...]:
    """Return whom a meeting of a template expects on a business day, by place; `groups` limit it, none means all.

    Raises:
        Refused: there is no such template (`meeting_template_unknown`).
    """
    found = require_template(template)
    homes = _homes(connection, village)
    if found.counts == "household":
        comers = [
            (home, Comer(household_id)) for household_id, home in homes.items() if home.household_id == household_id
        ]
    else:
        persons = _persons(connection, village, found.audience, day)
        known = [(homes[household_id], person_id) for household_id, person_id in persons if household_id in homes]
        comers = [(home, Comer(home.household_id, person_id)) for home, person_id in known]
    expected = [(home, comer) for home, comer in comers if not groups or home.group_number in groups]
    return tuple(comer for home, comer in sorted(expected, key=lambda each: _by_place(*each)))


def _by_place(home: "Row[Any]", comer: Comer) -> tuple[int, int, int, int]:
    return home.group_number or 0, home.house_number or 0, comer.household_id, comer.person_id or 0


def _homes(connection: Connection, village: int) -> dict[int, "Row[Any]"]:
    """Return the open household by the id of each household: itself, or the one it joined in the end."""
    household = table_of(Household)
    rows = connection.execute(select(household).where(household.c.village == village)).all()
    by_id = {row.household_id: row for row in rows}
    return {row.household_id: home for row in rows if (home := _joined(row, by_id)) is not None}


def _joined(row: "Row[Any]", by_id: "Mapping[int, Row[Any]]") -> "Row[Any] | None":
    for _ in range(MOST_MERGERS):
        if row.state == "open" or row.merged_into_id not in by_id:
            break
        row = by_id[row.merged_into_id]
    return row if row.state == "open" else None


def _persons(connection: Connection, village: int, audience: str, day: str) -> "list[tuple[int, int]]":
    """Return household and person of everybody whom an audience takes in on a day, wherever they live."""
    person, member = table_of(Person).c, table_of(Member).c
    conditions: list[ColumnElement[bool]] = [person.village == village, person.state == "present"]
    if audience == "villagers":
        latest_birth = int(day[:4]) - rule("meeting", "adult_years", day)
        conditions.append(or_(person.birth_year.is_(None), person.birth_year <= latest_birth))
    else:
        conditions += [member.village == person.village, member.person_id == person.person_id]
        conditions.append(member.standing.in_(ON_THE_ROLL))
        if audience == "committee":
            conditions.append(member.class_code == COMMITTEE_CLASS)
    rows = connection.execute(select(person.household_id, person.person_id).distinct().where(*conditions))
    return [(household_id, person_id) for household_id, person_id in rows]
