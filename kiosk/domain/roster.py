"""The roster as the tables hold it, read whole: what a sheet of households, persons or members is held against."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from db.names import names_of
from db.tables.people import Card, Household, Member, Person
from db.tables.statement import table_of

NAMES_AT_ONCE: Final = 1_000


@dataclass(frozen=True)
class HeldHousehold:
    """An open household: its place, its head's name and how many live there."""

    household_id: int
    group: int
    house: int
    head: str
    residents: int | None

    @property
    def place(self) -> str:
        """Group and house number as people write them: ``3-12``."""
        return f"{self.group}-{self.house}"


@dataclass(frozen=True)
class HeldPerson:
    """A person who is present; the import key is household, name, birth year and homonym."""

    person_id: int
    household_id: int
    name: str
    birth_year: int | None
    sex: str | None
    homonym: int


@dataclass(frozen=True)
class HeldMember:
    """A member of the branch."""

    member_id: int
    person_id: int
    class_code: str
    joined_year: int | None
    standing: str


@dataclass(frozen=True)
class HeldCard:
    """A card, whatever its state; ``person_id`` is None for a blank one or one of a household."""

    card_id: int
    holder: str | None
    person_id: int | None
    state: str | None


def read_households(connection: Connection, village: int) -> dict[tuple[int, int], HeldHousehold]:
    """Return the open households by group and house number; of two at one place the one registered first."""
    household = table_of(Household).c
    rows = connection.execute(
        select(
            household.household_id, household.group_number, household.house_number, household.name_id,
            household.residents,
        )
        .where(household.village == village, household.state == "open")
        .order_by(household.household_id)
    ).all()  # fmt: skip
    names = _names(connection, village, [row.name_id for row in rows])
    found: dict[tuple[int, int], HeldHousehold] = {}
    for row in rows:
        place = row.group_number or 0, row.house_number or 0
        found.setdefault(place, HeldHousehold(row.household_id, *place, names[row.name_id], row.residents))
    return found


def read_persons(connection: Connection, village: int) -> list[HeldPerson]:
    """Return the persons who are present, the oldest registration first."""
    person = table_of(Person).c
    rows = connection.execute(
        select(
            person.person_id, person.household_id, person.name_id, person.birth_year, person.sex, person.homonym
        )
        .where(person.village == village, person.state == "present", person.household_id.is_not(None))
        .order_by(person.person_id)
    ).all()  # fmt: skip
    names = _names(connection, village, [row.name_id for row in rows])
    return [
        HeldPerson(row.person_id, row.household_id, names[row.name_id], row.birth_year, row.sex, row.homonym or 0)
        for row in rows
    ]


def read_members(connection: Connection, village: int) -> dict[int, HeldMember]:
    """Return the members by the id of the person; of two the one registered first."""
    member = table_of(Member).c
    rows = connection.execute(
        select(member.member_id, member.person_id, member.class_code, member.joined_year, member.standing)
        .where(member.village == village, member.person_id.is_not(None))
        .order_by(member.member_id)
    )
    found: dict[int, HeldMember] = {}
    for row in rows:
        held = HeldMember(row.member_id, row.person_id, row.class_code or "", row.joined_year, row.standing or "full")
        found.setdefault(row.person_id, held)
    return found


def read_cards(connection: Connection, village: int, numbers: Iterable[str]) -> dict[str, HeldCard]:
    """Return the cards with these numbers; of two with one number the live one."""
    card = table_of(Card).c
    rows = connection.execute(
        select(card.card_id, card.number, card.holder_kind, card.person_id, card.state)
        .where(card.village == village, card.number.in_(sorted(set(numbers))))
        .order_by(card.state == "live", card.card_id)
    )
    return {row.number: HeldCard(row.card_id, row.holder_kind, row.person_id, row.state) for row in rows}


def read_cards_of_persons(connection: Connection, village: int) -> dict[int, list[HeldCard]]:
    """Return the cards of persons that are used or may be found again, by person: the live ones first."""
    card = table_of(Card).c
    rows = connection.execute(
        select(card.card_id, card.holder_kind, card.person_id, card.state)
        .where(card.village == village, card.person_id.is_not(None), card.state.in_(("live", "lost")))
        .order_by(card.state, card.card_id)
    )
    found: dict[int, list[HeldCard]] = {}
    for row in rows:
        held = HeldCard(row.card_id, row.holder_kind, row.person_id, row.state)
        found.setdefault(row.person_id, []).append(held)
    return found


def _names(connection: Connection, village: int, name_ids: list[int | None]) -> dict[int | None, str]:
    """Read names piece by piece: a statement takes only so many parameters."""
    names: dict[int | None, str] = {None: ""}
    for start in range(0, len(name_ids), NAMES_AT_ONCE):
        names |= names_of(connection, village, name_ids[start : start + NAMES_AT_ONCE])
    return names
