"""Who collects goods in the place of a household: found by card or in the list of a household, and for how many a day.

One pair of hands that fetches for half the village is how points of the old and the absent go astray.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from db.names import name_of
from db.rules.in_force import rule_in_force
from db.store import Act, Store
from db.tables.people import Person
from db.tables.shop import Redemption
from db.tables.statement import table_of
from kiosk.domain.card import find_card
from kiosk.domain.shop import is_void
from kiosk.errors import Refused


@dataclass(frozen=True)
class Proxy:
    """A person who collects for somebody else."""

    person_id: int
    name: str


def proxy_by_card(store: Store, number: str) -> Proxy:
    """Return the person whose card this is.

    Raises:
        Refused: as `find_card`; the card is a household's and names nobody (`proxy_card_names_nobody`).
    """
    with store.read() as connection:
        held = find_card(connection, store.village, number)
        if held.person_id is None:
            raise Refused("proxy_card_names_nobody")
        return Proxy(held.person_id, name_of_person(connection, store.village, held.person_id))


def name_of_person(connection: Connection, village: int, person_id: int) -> str:
    """Return what a person is called, "" for one who is unknown or whose name was erased."""
    person = table_of(Person).c
    statement = select(person.name_id).where(person.village == village, person.person_id == person_id)
    return name_of(connection, village, connection.execute(statement).scalar_one_or_none()) or ""


def require_proxy(act: Act, proxy_id: int, household_id: int, day: str) -> None:
    """Let a person of the village collect for so many households a day as the rules say.

    Raises:
        Refused: nobody has this id (`person_unknown`), or the households of today are enough (`proxy_limit_reached`).
    """
    person, redemption = table_of(Person).c, table_of(Redemption)
    known = select(person.person_id).where(person.village == act.village, person.person_id == proxy_id)
    if act.connection.execute(known).first() is None:
        raise Refused("person_unknown")
    others = select(func.count(redemption.c.household_id.distinct())).where(
        redemption.c.village == act.village, redemption.c.day == day, redemption.c.proxy_id == proxy_id,
        redemption.c.household_id != household_id, ~is_void(redemption),
    )  # fmt: skip
    most = rule_in_force(act.connection, act.village, "shop", "proxy_households_a_day", day)
    if act.connection.execute(others).scalar_one() >= most:
        name = name_of_person(act.connection, act.village, proxy_id)
        raise Refused("proxy_limit_reached", name=name, most=most)
