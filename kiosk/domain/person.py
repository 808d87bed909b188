"""A person by themselves: whose card it is, and what they are called."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.names import name_of
from db.store import Store
from db.tables.people import Person
from db.tables.statement import table_of
from kiosk.domain.card import find_card
from kiosk.errors import Refused


@dataclass(frozen=True)
class PersonNamed:
    """A person of the village, who may collect for a household or be appointed to the desk."""

    person_id: int
    name: str


def person_of_card(store: Store, number: str) -> PersonNamed:
    """Return whose card this is. Raises Refused: as `find_card`, or it is a household's (`card_of_no_person`)."""
    with store.read() as connection:
        held = find_card(connection, store.village, number)
        if held.person_id is None:
            raise Refused("card_of_no_person")
        return PersonNamed(held.person_id, name_of_person(connection, store.village, held.person_id))


def name_of_person(connection: Connection, village: int, person_id: int) -> str:
    """Return what a person is called, "" if the name was erased. Raises Refused (`person_unknown`)."""
    person = table_of(Person).c
    statement = select(person.name_id).where(person.village == village, person.person_id == person_id)
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise Refused("person_unknown")
    return name_of(connection, village, row.name_id)
