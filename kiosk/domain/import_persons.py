"""Persons and members of a sheet held against the roster.

The key of a person is the household, the name, the birth year and a number that tells namesakes apart. Children are
not registered by name: they are a number in their household and nothing else.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from sqlalchemy import Connection

from db.facts.people import CardBound, CardIssued, MemberCorrected, MemberRegistered, PersonCorrected, PersonRegistered
from kiosk.codes import PersonCard, read_code
from kiosk.domain.import_plan import Change, Planned, Sketch, What, plan_each
from kiosk.domain.roster import (
    HeldCard,
    HeldHousehold,
    HeldMember,
    HeldPerson,
    read_cards,
    read_cards_of_persons,
    read_households,
    read_members,
    read_persons,
)
from kiosk.sheets.problem import Fault
from kiosk.sheets.rows import MemberRow, PersonRow, remark_on

CHILD_UNTIL: Final = 14
"""Children under this age are specially protected (Personal Information Protection Law, article 28).

Only the year of birth is known, so somebody who turns 14 this year may still be one.
"""

ORDINARY: Final = "ordinary"
_MEMBERSHIP: Final = {
    "class_code": (What.CLASS, "_class"),
    "joined_year": (What.JOINED, ""),
    "standing": (What.STANDING, "_standing"),
}
_SHOWN_DIGITS: Final = 4

Key: TypeAlias = tuple[int, str, int | None, int]


@dataclass
class _Roster:
    """The roster, and whom the rows before this one were found to be."""

    households: Mapping[tuple[int, int], HeldHousehold]
    by_key: Mapping[Key, HeldPerson]
    by_name: Mapping[str, Sequence[HeldPerson]]
    places: Mapping[int, str]
    listed: frozenset[Key] = frozenset()
    found: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class _Cards:
    """The cards that a sheet names, by number, and those that each person has or lost."""

    by_number: Mapping[str, HeldCard]
    of_persons: Mapping[int, Sequence[HeldCard]]


def plan_persons(connection: Connection, village: int, rows: Iterable[PersonRow], this_year: int) -> Planned:
    """Hold the rows against the persons who are present; `this_year` tells who is a child."""
    listed = tuple(rows)
    roster = _read(connection, village, listed)

    def look(row: PersonRow, sketch: Sketch) -> int | None:
        person = _plan_person(row, roster, this_year, sketch)
        return None if person is None else person.person_id

    return plan_each(listed, look)


def plan_members(connection: Connection, village: int, rows: Iterable[MemberRow], this_year: int) -> Planned:
    """Hold the rows against the members; every member is a person of the roster already."""
    listed = tuple(rows)
    roster = _read(connection, village, listed)
    members = read_members(connection, village)
    cards = _read_cards(connection, village, listed)

    def look(row: MemberRow, sketch: Sketch) -> int | None:
        person = _member_person(row, roster, this_year, sketch)
        if person is None:
            return None
        member = members.get(person.person_id)
        _plan_membership(row, person, member, sketch)
        if row.card:
            _plan_card(row, person, cards, village, sketch)
        return None if member is None else member.member_id

    return plan_each(listed, look)


def _read(connection: Connection, village: int, rows: Sequence[PersonRow] | Sequence[MemberRow]) -> _Roster:
    households = read_households(connection, village)
    by_key: dict[Key, HeldPerson] = {}
    by_name: dict[str, list[HeldPerson]] = defaultdict(list)
    for person in read_persons(connection, village):
        by_key.setdefault((person.household_id, person.name, person.birth_year, person.homonym), person)
        by_name[person.name].append(person)
    ids = {place: household.household_id for place, household in households.items()}
    listed = frozenset((ids.get((row.group, row.house), 0), row.name, row.birth_year, row.homonym) for row in rows)
    places = {household.household_id: household.place for household in households.values()}
    return _Roster(households, by_key, by_name, places, listed)


def _read_cards(connection: Connection, village: int, rows: Sequence[MemberRow]) -> _Cards:
    numbers = [row.card for row in rows if row.card]
    if not numbers:
        return _Cards({}, {})
    return _Cards(read_cards(connection, village, numbers), read_cards_of_persons(connection, village))


def _plan_person(row: PersonRow, roster: _Roster, this_year: int, sketch: Sketch) -> HeldPerson | None:
    household = _household(row, roster, this_year, sketch)
    if household is None:
        return None
    if row.is_head and household.head != row.name:
        sketch.remark(remark_on(row, "name", Fault.HEAD_DIFFERS, raw=row.name, other=household.head))
    person = _find(row, household, roster)
    if person is None:
        _register(row, household, roster, sketch)
        return None
    roster.found.add(person.person_id)
    _correct(row, person, sketch)
    return person


def _correct(row: PersonRow, person: HeldPerson, sketch: Sketch) -> None:
    sex = row.sex or person.sex
    body = PersonCorrected.model_validate(
        {"person": person.person_id, "birth_year": row.birth_year, "sex": sex, "homonym": person.homonym}
    )
    changes = []
    if person.birth_year != row.birth_year:
        changes.append(Change(What.BIRTH, row.name, {"before": person.birth_year, "after": row.birth_year}))
    if person.sex != sex:
        changes.append(Change(What.SEX, row.name, {"before_sex": person.sex, "after_sex": sex}))
    if changes:
        sketch.say(changes[0], body)
        sketch.changes += changes[1:]


def _household(row: PersonRow | MemberRow, roster: _Roster, this_year: int, sketch: Sketch) -> HeldHousehold | None:
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


def _find(row: PersonRow | MemberRow, household: HeldHousehold, roster: _Roster) -> HeldPerson | None:
    """Return the person of a row: by the whole key, else the one of that name whose birth year nobody knew."""
    for birth_year in (row.birth_year, None):
        person = roster.by_key.get((household.household_id, row.name, birth_year, row.homonym))
        if person is not None and person.person_id not in roster.found:
            return person
    return None


def _register(row: PersonRow, household: HeldHousehold, roster: _Roster, sketch: Sketch) -> None:
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


def _member_person(row: MemberRow, roster: _Roster, this_year: int, sketch: Sketch) -> HeldPerson | None:
    household = _household(row, roster, this_year, sketch)
    if household is None:
        return None
    person = _find(row, household, roster)
    if person is None:
        sketch.remark(remark_on(row, "name", Fault.PERSON_MISSING, raw=row.name, other=household.place))
    return person


def _plan_membership(row: MemberRow, person: HeldPerson, member: HeldMember | None, sketch: Sketch) -> None:
    said = {"class_code": row.class_code, "joined_year": row.joined_year, "standing": row.standing}
    if member is None:
        made = {"person": person.person_id} | said | {"class_code": row.class_code or ORDINARY}
        change = Change(What.MEMBER_NEW, row.name, {"after_standing": row.standing})
        sketch.say(change, MemberRegistered.model_validate(made))
        return
    held = {"class_code": member.class_code, "joined_year": member.joined_year, "standing": member.standing}
    wanted = held | {name: value for name, value in said.items() if value is not None}
    changes = [
        Change(what, row.name, {f"before{unit}": held[name], f"after{unit}": wanted[name]})
        for name, (what, unit) in _MEMBERSHIP.items()
        if wanted[name] != held[name]
    ]
    if changes:
        body = MemberCorrected.model_validate({"member": member.member_id, "person": person.person_id} | wanted)
        sketch.say(changes[0], body)
        sketch.changes += changes[1:]


def _plan_card(row: MemberRow, person: HeldPerson, known: _Cards, village: int, sketch: Sketch) -> None:
    """Give a member the card whose number stands in the sheet, if it is one of ours and they need one."""
    fault, raw = _card_fault(row.card, person, known, village), f"…{row.card[-_SHOWN_DIGITS:]}"
    holder = {"holder": "person", "household": person.household_id, "person": person.person_id}
    card = known.by_number.get(row.card)
    if fault is not None:
        sketch.remark(remark_on(row, "card", fault, raw=raw))
    elif card is None:
        body = CardIssued.model_validate({"number": row.card} | holder)
        sketch.say(Change(What.CARD, row.name, {"card": raw}), body)
    elif card.person_id is None:
        sketch.say(
            Change(What.CARD, row.name, {"card": raw}), CardBound.model_validate({"card": card.card_id} | holder)
        )


def _card_fault(number: str, person: HeldPerson, known: _Cards, village: int) -> Fault | None:
    """Say why a person is not given the card with a number.

    Nobody has two cards that work, and a lost one is replaced at the desk, which asks for a second signature.
    """
    code, card = read_code(number), known.by_number.get(number)
    if not isinstance(code, PersonCard):
        return Fault.CARD_NOT_OURS
    if code.village != village:
        return Fault.CARD_OTHER_VILLAGE
    if card is not None and card.person_id == person.person_id:
        return None
    if card is not None and (card.holder, card.state) != ("blank", "live"):
        return Fault.CARD_TAKEN
    states = {held.state for held in known.of_persons.get(person.person_id, ())}
    if "live" in states:
        return Fault.CARD_HELD
    return Fault.CARD_TO_REPLACE if "lost" in states else None
