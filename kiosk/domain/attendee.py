"""As whom a meeting counts somebody, and what a desk knows of them when their card is read.

A queue waits for these reads, so each is one statement that is prepared once.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, bindparam, case, literal, or_, select, true

from db.line import ENTITIES_PER_LOG
from db.names import is_text_of, name_in
from db.store import Store
from db.tables.journal import PrivateText
from db.tables.meeting import Expected, Meeting, MeetingAct, SignIn, SignInUndo
from db.tables.people import Card, Household, Person
from db.tables.statement import table_of
from kiosk.domain.card_bar import is_barred
from kiosk.domain.joined import joined_household
from kiosk.domain.meeting import MeetingShown
from kiosk.domain.meeting_roster import Comer
from kiosk.domain.people import require_household
from kiosk.errors import Refused


@dataclass(frozen=True)
class AttendeeSeen:
    """Somebody before the desk: as whom they count, whether they are expected, and the sign-in by which they are here.

    `last` is the latest sign-in of the desk's log in any meeting: columns `last_meeting_id`, `last_boot`, `last_mono`,
    null where there is none.
    """

    comer: Comer
    is_expected: bool
    sign_in_id: int | None
    last: Row[Any]


def see_attendee(connection: Connection, village: int, log: int, meeting: MeetingShown, came: Comer) -> AttendeeSeen:
    """Return what the desk of `log` knows of somebody who came; the person is left out where households count.

    Who is expected comes for the household on the list; who is not, for the one that theirs joined, if it did.
    """
    person_id = came.person_id if meeting.counts == "person" else None
    seen = _see(connection, village, log, meeting.meeting_id, person_id or came.household_id)
    if seen.listed_id is not None:
        return AttendeeSeen(Comer(seen.listed_id, person_id), True, seen.sign_in_id, seen)  # noqa: FBT003  because the field is named above
    comer = Comer(joined_household(connection, village, came.household_id), person_id)
    if person_id is None and comer.household_id != came.household_id:
        seen = _see(connection, village, log, meeting.meeting_id, comer.household_id)
    return AttendeeSeen(comer, seen.listed_id is not None, seen.sign_in_id, seen)


def name_at_once(store: Store, meeting_id: int, number: str) -> str:
    """Return the name that a card of 16 digits signs in, where one statement tells it; else empty, and nothing is said.

    It tells of a live card that no list bars, of a household that joined no other, at a meeting whose sign-in is open
    and that need not ask who of the household came.
    """
    rows = store.look_up(_door_statement, of_meeting=meeting_id, of_number=number)
    return name_in(rows[0][0]) if len(rows) == 1 else ""


def require_comer(connection: Connection, village: int, log: int, meeting: MeetingShown, comer: Comer) -> Comer:
    """Return as whom a meeting counts somebody who was chosen. Raises as `require_known`."""
    return see_attendee(connection, village, log, meeting, require_known(connection, village, meeting, comer)).comer


def require_known(connection: Connection, village: int, meeting: MeetingShown, comer: Comer) -> Comer:
    """Return who was chosen: a household or, where persons count, the person with the household they belong to now.

    Raises:
        Refused: `household_unknown`, `person_unknown`.
    """
    if meeting.counts == "household":
        require_household(connection, village, comer.household_id)
        return comer
    person = table_of(Person).c
    statement = select(person.household_id).where(person.village == village, person.person_id == comer.person_id)
    household_id = connection.execute(statement).scalar_one_or_none()
    if household_id is None:
        raise Refused("person_unknown")
    return Comer(household_id, comer.person_id)


def only_expected(connection: Connection, village: int, meeting_id: int, household_id: int) -> int | None:
    """Return the one person of a household whom a meeting expects; None with none or several."""
    expected = table_of(Expected).c
    statement = select(expected.person_id).where(
        expected.village == village, expected.meeting_id == meeting_id, expected.household_id == household_id
    )
    persons = set(connection.execute(statement).scalars())
    return persons.pop() if len(persons) == 1 else None


def is_expected(connection: Connection, village: int, meeting_id: int, subject_id: int) -> bool:
    """Say whether a meeting expects somebody."""
    expected = table_of(Expected).c
    statement = select(expected.subject_id).where(
        expected.village == village, expected.meeting_id == meeting_id, expected.subject_id == subject_id
    )
    return connection.execute(statement.limit(1)).one_or_none() is not None


def door_names(connection: Connection, village: int, household_id: int, person_id: int | None) -> tuple[str, str]:
    """Return the names of a household's head and of a person, empty where there is none.

    Raises:
        Refused: the household is unknown (`household_unknown`).
    """
    parameters = {"of_village": village, "of_household": household_id, "of_person": person_id}
    row = connection.execute(_names_statement(), parameters).one_or_none()
    if row is None:
        raise Refused("household_unknown")
    return name_in(row.household_text), name_in(row.person_text)


def _see(connection: Connection, village: int, log: int, meeting_id: int, subject_id: int) -> Row[Any]:
    parameters = {"of_village": village, "of_log": log, "of_meeting": meeting_id, "of_subject": subject_id}
    return connection.execute(_see_statement(), parameters).one()


@lru_cache(maxsize=1)
def _see_statement() -> Select[Any]:
    """The household on the list, the first sign-in that nobody undid, and the last one of the log, in one row."""
    expected, sign_in, undo = table_of(Expected).c, table_of(SignIn), table_of(SignInUndo).c
    own_id = sign_in.c.log * ENTITIES_PER_LOG + sign_in.c.seq
    undone = select(literal(1)).where(undo.village == sign_in.c.village, undo.sign_in_id == own_id)
    listed = (
        select(expected.household_id)
        .where(
            expected.village == bindparam("of_village"), expected.meeting_id == bindparam("of_meeting"),
            expected.subject_id == bindparam("of_subject"),
        )
        .order_by(expected.log, expected.seq)
        .limit(1)
    )  # fmt: skip
    here = (
        select(own_id)
        .where(
            sign_in.c.village == bindparam("of_village"), sign_in.c.meeting_id == bindparam("of_meeting"),
            sign_in.c.subject_id == bindparam("of_subject"), ~undone.correlate(sign_in).exists(),
        )
        .order_by(sign_in.c.rank)
        .limit(1)
    )  # fmt: skip
    latest = table_of(SignIn).alias("latest").c
    last = (
        select(latest.meeting_id, latest.boot, latest.mono)
        .where(latest.village == bindparam("of_village"), latest.log == bindparam("of_log"))
        .order_by(latest.seq.desc())
        .limit(1)
        .subquery("last")
    )
    desk = select(literal(1).label("one")).subquery("desk")
    return (
        select(listed.scalar_subquery().label("listed_id"), here.scalar_subquery().label("sign_in_id"))
        .add_columns(last.c.meeting_id.label("last_meeting_id"), last.c.boot.label("last_boot"))
        .add_columns(last.c.mono.label("last_mono"))
        .select_from(desk.outerjoin(last, true()))
    )


def _door_statement() -> Select[Any]:
    """The person's name, or of a household's card the head's: what a queue of people waits for at the door."""
    card, meeting, household, person = (table_of(table) for table in (Card, Meeting, Household, Person))
    text = table_of(PrivateText)
    village, name_id = card.c.village, case((card.c.person_id.is_(None), household.c.name_id), else_=person.c.name_id)
    joined = (
        card.join(meeting, meeting.c.village == village)
        .join(household, (household.c.village == village) & (household.c.household_id == card.c.household_id))
        .outerjoin(person, (person.c.village == village) & (person.c.person_id == card.c.person_id))
        .join(text, is_text_of(text, village, name_id))
    )
    return (
        select(text.c.text)
        .select_from(joined)
        .where(village == bindparam("of_village"), card.c.number == bindparam("of_number"))
        .where(meeting.c.meeting_id == bindparam("of_meeting"), meeting.c.template.is_not(None), _is_open(meeting))
        .where(or_(card.c.person_id.is_not(None), meeting.c.counts == "household"))
        .where(card.c.state == "live", household.c.merged_into_id.is_(None), ~is_barred(card))
    )


def _is_open(meeting: FromClause) -> ColumnElement[bool]:
    """Say in SQL whether cards may be scanned for a row of meetings, as `MeetingShown.is_open` says it of one read."""
    act = table_of(MeetingAct).c
    of_it = select(literal(1)).where(act.village == meeting.c.village, act.meeting_id == meeting.c.meeting_id)
    opened = of_it.where(or_(act.act == "opened", act.act == "begun")).correlate(meeting).exists()
    return opened & ~of_it.where(or_(act.act == "ended", act.act == "cancelled")).correlate(meeting).exists()


@lru_cache(maxsize=1)
def _names_statement() -> Select[Any]:
    household, person = table_of(Household), table_of(Person)
    name, person_name = table_of(PrivateText).alias("name"), table_of(PrivateText).alias("person_name")
    village = household.c.village
    joined = (
        household.outerjoin(person, (person.c.village == village) & (person.c.person_id == bindparam("of_person")))
        .outerjoin(name, is_text_of(name, village, household.c.name_id))
        .outerjoin(person_name, is_text_of(person_name, village, person.c.name_id))
    )
    return (
        select(name.c.text.label("household_text"), person_name.c.text.label("person_text"))
        .select_from(joined)
        .where(village == bindparam("of_village"), household.c.household_id == bindparam("of_household"))
    )
