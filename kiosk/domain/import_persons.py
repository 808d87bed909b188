"""Persons of a sheet held against the roster.

The key of a person is the household, the name, the birth year and a number that tells namesakes apart. Children are
not registered by name: they are a number in their household and nothing else.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from sqlalchemy import Connection

from db.facts.people import CardBound, PersonCorrected, PersonMoved, PersonRegistered
from kiosk.domain.import_plan import Change, Planned, Sketch, What, plan_each
from kiosk.domain.roster import (
    HeldCard,
    HeldHousehold,
    HeldPerson,
    read_cards_of_persons,
    read_households,
    read_persons,
)
from kiosk.sheets.problem import Fault
from kiosk.sheets.rows import MemberRow, PersonRow, remark_on

CHILD_UNTIL: Final = 14
"""Children under this age are specially protected (Personal Information Protection Law, article 28).

Only the year of birth is known, so somebody who turns 14 this year may still be one.
"""


Key: TypeAlias = tuple[int, str, int | None, int]


@dataclass
class Roster:
    """The roster, and whom the rows before this one were found to be."""

    households: Mapping[tuple[int, int], HeldHousehold]
    by_key: Mapping[Key, HeldPerson]
    by_name: Mapping[str, Sequence[HeldPerson]]
    places: Mapping[int, str]
    cards: Mapping[int, Sequence[HeldCard]]
    listed: frozenset[Key] = frozenset()
    found: set[int] = field(default_factory=set)


def plan_persons(connection: Connection, village: int, rows: Iterable[PersonRow], this_year: int) -> Planned:
    """Hold the rows against the persons who are present; `this_year` tells who is a child."""
    listed = tuple(rows)
    roster = read_roster(connection, village, listed)

    def look(row: PersonRow, sketch: Sketch) -> int | None:
        person = _plan_person(row, roster, this_year, sketch)
        return None if person is None else person.person_id

    return plan_each(listed, look)


def read_roster(connection: Connection, village: int, rows: Sequence[PersonRow] | Sequence[MemberRow]) -> Roster:
    """Read whom rows are held against."""
    households = read_households(connection, village)
    by_key: dict[Key, HeldPerson] = {}
    by_name: dict[str, list[HeldPerson]] = defaultdict(list)
    for person in read_persons(connection, village):
        by_key.setdefault((person.household_id, person.name, person.birth_year, person.homonym), person)
        by_name[person.name].append(person)
    ids = {place: household.household_id for place, household in households.items()}
    listed = frozenset((ids.get((row.group, row.house), 0), row.name, row.birth_year, row.homonym) for row in rows)
    places = {household.household_id: household.place for household in households.values()}
    has_moved = any(isinstance(row, PersonRow) and row.moved_from for row in rows)
    cards = read_cards_of_persons(connection, village) if has_moved else {}
    return Roster(households, by_key, by_name, places, cards, listed)


def _plan_person(row: PersonRow, roster: Roster, this_year: int, sketch: Sketch) -> HeldPerson | None:
    household = household_of(row, roster, this_year, sketch)
    if household is None:
        return None
    if row.is_head and household.head != row.name:
        sketch.remark(remark_on(row, "name", Fault.HEAD_DIFFERS, raw=row.name, other=household.head))
    person = find_person(row, household, roster)
    if person is None and row.moved_from not in (None, (household.group, household.house)):
        person = _move(row, household, roster, sketch)
    elif person is None:
        _register(row, household, roster, sketch)
    if person is not None:
        roster.found.add(person.person_id)
        _correct(row, person, sketch)
    return person


def _move(row: PersonRow, household: HeldHousehold, roster: Roster, sketch: Sketch) -> HeldPerson | None:
    """Let the person whom the sheet says to have come from another household join a row's, with their cards.

    What they earned stays with the household they leave: an account is a household's.
    """
    group, house = row.moved_from or (0, 0)
    origin = roster.households.get((group, house))
    person = None if origin is None else _at_origin(row, origin, roster)
    if origin is None or person is None:
        sketch.remark(remark_on(row, "moved_from", Fault.PERSON_NOT_THERE, raw=row.name, other=f"{group}-{house}"))
        return None
    change = Change(What.PERSON_MOVED, row.name, {"before": origin.place, "after": household.place})
    sketch.say(change, PersonMoved(person=person.person_id, household=household.household_id))
    holder = {"holder": "person", "household": household.household_id, "person": person.person_id}
    for card in roster.cards.get(person.person_id, ()):
        sketch.also(CardBound.model_validate({"card": card.card_id} | holder))
    return person


def _at_origin(row: PersonRow, origin: HeldHousehold, roster: Roster) -> HeldPerson | None:
    """Return the person of a row in the household they came from; None if the sheet lists them there too.

    A number that tells namesakes apart is one of a household: of the only one there it may change with the household.
    """
    there = [
        person
        for person in roster.by_name.get(row.name, ())
        if person.household_id == origin.household_id
        and person.birth_year in (row.birth_year, None)
        and person.person_id not in roster.found
        and (origin.household_id, row.name, row.birth_year, person.homonym) not in roster.listed
    ]
    same = [person for person in there if person.homonym == row.homonym]
    return next(iter(same or (there if len(there) == 1 else [])), None)


def _correct(row: PersonRow, person: HeldPerson, sketch: Sketch) -> None:
    sex = row.sex or person.sex
    body = PersonCorrected.model_validate(
        {"person": person.person_id, "birth_year": row.birth_year, "sex": sex, "homonym": row.homonym}
    )
    changes = []
    if person.birth_year != row.birth_year:
        changes.append(Change(What.BIRTH, row.name, {"before": person.birth_year, "after": row.birth_year}))
    if person.sex != sex:
        changes.append(Change(What.SEX, row.name, {"before_sex": person.sex, "after_sex": sex}))
    if changes:
        sketch.say(changes[0], body)
        sketch.changes += changes[1:]
    elif person.homonym != row.homonym:
        sketch.also(body)


def household_of(row: PersonRow | MemberRow, roster: Roster, this_year: int, sketch: Sketch) -> HeldHousehold | None:
    """Return the household of a row; None after saying why the row cannot be read."""
    year = str(row.birth_year)
    if row.birth_year > this_year:
        sketch.remark(remark_on(row, "birth", Fault.YEAR_TO_COME, raw=year))
        return None
    if this_year - row.birth_year <= CHILD_UNTIL:
        sketch.remark(remark_on(row, "birth", Fault.PERSON_IS_CHILD, raw=year))
        return None
    household = roster.households.get((row.group, row.house))
    if household is None:
        sketch.remark(remark_on(row, "house", Fault.HOUSEHOLD_MISSING, other=f"{row.group}-{row.house}"))
    return household


def find_person(row: PersonRow | MemberRow, household: HeldHousehold, roster: Roster) -> HeldPerson | None:
    """Return the person of a row: by the whole key, else the one of that name whose birth year nobody knew."""
    for birth_year in (row.birth_year, None):
        person = roster.by_key.get((household.household_id, row.name, birth_year, row.homonym))
        if person is not None and person.person_id not in roster.found:
            return person
    return None


def _register(row: PersonRow, household: HeldHousehold, roster: Roster, sketch: Sketch) -> None:
    body = PersonRegistered.model_validate(
        {
            "household": household.household_id, "birth_year": row.birth_year, "sex": row.sex,
            "homonym": row.homonym,
        }
    )  # fmt: skip
    values = {"place": household.place, "birth_year": row.birth_year}
    sketch.say(Change(What.PERSON_NEW, row.name, values), body, row.name)
    elsewhere = next(
        (
            person
            for person in roster.by_name.get(row.name, ())
            if person.birth_year == row.birth_year
            and person.household_id != household.household_id
            and (person.household_id, person.name, person.birth_year, person.homonym) not in roster.listed
        ),
        None,
    )
    if elsewhere is not None:
        place = roster.places.get(elsewhere.household_id, "")
        sketch.remark(remark_on(row, "name", Fault.PERSON_MAYBE_MOVED, raw=row.name, other=place))
