"""Who collects goods in the place of a household: for how many a day.

One pair of hands that fetches for half the village is how points of the old and the absent go astray.
"""

from sqlalchemy import func, select

from db.rules.in_force import rule_in_force
from db.store import Act
from db.tables.people import Person
from db.tables.shop import Redemption
from db.tables.statement import table_of
from kiosk.domain.person import name_of_person
from kiosk.domain.shop import is_void
from kiosk.errors import Refused


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
