"""Whom a meeting expects, by the roster of the day on which sign-in is opened.

Villagers: the open households, or their adults where persons count. Members: full and probationary ones (branch
regulations, trial of 2018, articles 11 to 14: all members, wherever they are). Committee: the members who are cadres.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, or_, select

from db.rules import rule
from db.tables.people import Household, Member, Person
from db.tables.statement import table_of
from kiosk.domain.meeting_template import require_template

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

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
    household, person, member = table_of(Household).c, table_of(Person).c, table_of(Member).c
    lives = (person.village == household.village) & (person.household_id == household.household_id)
    is_open: list[ColumnElement[bool]] = [household.village == village, household.state == "open"]
    if groups:
        is_open.append(household.group_number.in_(groups))
    by_place = (household.group_number, household.house_number, household.household_id)
    if found.counts == "household":
        rows = connection.execute(select(household.household_id).where(*is_open).order_by(*by_place))
        return tuple(Comer(household_id) for (household_id,) in rows)
    statement = select(household.household_id, person.person_id).distinct()
    conditions = [*is_open, lives, person.state == "present"]
    if found.audience == "villagers":
        latest_birth = int(day[:4]) - rule("meeting", "adult_years", day)
        conditions.append(or_(person.birth_year.is_(None), person.birth_year <= latest_birth))
    else:
        conditions += [member.village == person.village, member.person_id == person.person_id]
        conditions.append(member.standing.in_(ON_THE_ROLL))
        if found.audience == "committee":
            conditions.append(member.class_code == COMMITTEE_CLASS)
    rows = connection.execute(
        statement.where(*conditions).add_columns(*by_place[:2]).order_by(*by_place, person.person_id)
    )
    return tuple(Comer(row.household_id, row.person_id) for row in rows)
