"""Households and persons: registering, correcting, merging. Names are private text beside the fact."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from db.facts.body import transfer
from db.facts.people import HouseholdMerged, HouseholdMoved, HouseholdRegistered, HouseholdRenamed, PersonRegistered
from db.line import Stamp
from db.names import name_of
from db.store import Act, Store
from db.tables.people import Household
from db.tables.points import Balance
from db.tables.statement import table_of
from kiosk.domain.access import Right, require_right
from kiosk.domain.terminal import require_seat
from kiosk.errors import Refused


@dataclass(frozen=True)
class HouseholdPlace:
    """Where a household is found on the number pad: group and house number within it."""

    group: int
    house: int


@dataclass(frozen=True)
class HouseholdShown:
    """A household as a screen shows it: head's name, place, redeemable points in hundredths."""

    household_id: int
    name: str
    place: HouseholdPlace
    state: str
    redeemable_points: int


def register_household(store: Store, place: HouseholdPlace, name: str, *, now: Stamp, by: int) -> int:
    """Register a household and return its id.

    Raises:
        Refused: the place is taken (`household_exists`), or the name is empty (`name_missing`).
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.KEEP_PEOPLE)
        return add_household(act, place, name)


def add_household(act: Act, place: HouseholdPlace, name: str, residents: int | None = None) -> int:
    """Register a household inside an action; the outermost function commits. Raises as `register_household`."""
    if not name.strip():
        raise Refused("name_missing")
    if household_at(act.connection, act.village, place) is not None:
        raise Refused("household_exists", group=place.group, house=place.house)
    body = HouseholdRegistered(group=place.group, house=place.house, residents=residents)
    return act.append(body, {"name": name.strip()}).id


def register_person(
    store: Store, household_id: int, name: str, birth_year: int | None = None, *, now: Stamp, by: int
) -> int:
    """Register a person of a household and return the person's id.

    Raises:
        Refused: the name is empty (`name_missing`), or the household is unknown (`household_unknown`).
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.KEEP_PEOPLE)
        require_household(act.connection, act.village, household_id)
        return add_person(act, household_id, name, birth_year)


def add_person(act: Act, household_id: int, name: str, birth_year: int | None = None, homonym: int = 0) -> int:
    """Register a person inside an action; the outermost function commits. Raises Refused (`name_missing`)."""
    if not name.strip():
        raise Refused("name_missing")
    body = PersonRegistered(household=household_id, birth_year=birth_year, homonym=homonym)
    return act.append(body, {"name": name.strip()}).id


def rename_household(store: Store, household_id: int, name: str, *, now: Stamp, by: int) -> None:
    """Give a household another head's name. Raises Refused (`name_missing`, `household_unknown`)."""
    if not name.strip():
        raise Refused("name_missing")
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.KEEP_PEOPLE)
        require_household(act.connection, act.village, household_id)
        act.append(HouseholdRenamed(household=household_id), {"name": name.strip()})


def move_household(store: Store, household_id: int, place: HouseholdPlace, *, now: Stamp, by: int) -> None:
    """Move a household to another place. Raises Refused (`household_unknown`, `household_exists`)."""
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.KEEP_PEOPLE)
        require_household(act.connection, act.village, household_id)
        if household_at(act.connection, act.village, place) not in (None, household_id):
            raise Refused("household_exists", group=place.group, house=place.house)
        act.append(HouseholdMoved(household=household_id, group=place.group, house=place.house))


def merge_household(store: Store, household_id: int, into_id: int, *, now: Stamp, by: int) -> int:
    """Let a household join another, at the seat, with its points; return the points moved (hundredths).

    Raises:
        Refused: one of them is unknown or merged already, or they are one (`household_unknown`, `household_merged`,
            `household_same`); NotAllowed (`seat_elsewhere`).
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.KEEP_PEOPLE)
        require_seat(act)
        if household_id == into_id:
            raise Refused("household_same")
        require_open_household(act.connection, act.village, household_id)
        require_open_household(act.connection, act.village, into_id)
        points = balance_of(act.connection, act.village, household_id)
        legs = transfer("moved", household_id, -points) + transfer("moved", into_id, points)
        act.append(HouseholdMerged(household=household_id, into=into_id, legs=legs))
    return points


def household_at(connection: Connection, village: int, place: HouseholdPlace) -> int | None:
    """Return the open household at a place, or None."""
    household = table_of(Household).c
    statement = select(household.household_id).where(
        household.village == village,
        household.group_number == place.group,
        household.house_number == place.house,
        household.state == "open",
    )
    return connection.execute(statement.order_by(household.household_id).limit(1)).scalar_one_or_none()


def show_household(connection: Connection, village: int, household_id: int) -> HouseholdShown:
    """Return a household as a screen shows it. Raises Refused (`household_unknown`)."""
    row = require_household(connection, village, household_id)
    return HouseholdShown(
        household_id,
        name_of(connection, village, row.name_id),
        HouseholdPlace(row.group_number or 0, row.house_number or 0),
        row.state or "",
        balance_of(connection, village, household_id),
    )


def balance_of(connection: Connection, village: int, household_id: int) -> int:
    """Return redeemable points in hundredths."""
    parameters = {"of_village": village, "of_household": household_id}
    return connection.execute(_balance_statement(), parameters).scalar_one_or_none() or 0


def require_household(connection: Connection, village: int, household_id: int) -> Household:
    """Return the household's row. Raises Refused (`household_unknown`)."""
    parameters = {"of_village": village, "of_household": household_id}
    row = connection.execute(_household_statement(), parameters).one_or_none()
    if row is None:
        raise Refused("household_unknown")
    return row  # type: ignore[return-value]  # because a Core row has the columns of the declaration


def require_open_household(connection: Connection, village: int, household_id: int) -> Household:
    """Return the row of a household that is still here by itself.

    Raises:
        Refused: it is unknown (`household_unknown`), joined another (`household_merged`), or moved to another village
            (`household_left`).
    """
    row = require_household(connection, village, household_id)
    if row.state != "open":
        raise Refused("household_left" if row.state == "left" else "household_merged")
    return row


@lru_cache(maxsize=1)
def _balance_statement() -> Select[Any]:
    balance = table_of(Balance).c
    return select(balance.redeemable_points).where(
        balance.village == bindparam("of_village"), balance.household_id == bindparam("of_household")
    )


@lru_cache(maxsize=1)
def _household_statement() -> Select[Any]:
    household = table_of(Household)
    return select(household).where(
        household.c.village == bindparam("of_village"), household.c.household_id == bindparam("of_household")
    )
