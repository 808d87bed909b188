"""Members of the branch in a sheet held against the roster: what they are, and the card of theirs that it names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from db.facts.people import CardBound, CardIssued, MemberCorrected, MemberRegistered
from kiosk.codes import PersonCard, read_code
from kiosk.domain.import_persons import Roster, find_person, household_of, read_roster
from kiosk.domain.import_plan import Change, Planned, Sketch, What, plan_each
from kiosk.domain.roster import HeldCard, HeldMember, HeldPerson, read_cards, read_cards_of_persons, read_members
from kiosk.sheets.problem import Fault
from kiosk.sheets.rows import MemberRow, remark_on

ORDINARY: Final = "ordinary"
_MEMBERSHIP: Final = {
    "class_code": (What.CLASS, "_class"),
    "joined_year": (What.JOINED, ""),
    "standing": (What.STANDING, "_standing"),
}
_SHOWN_DIGITS: Final = 4


@dataclass(frozen=True)
class _Cards:
    """The cards that a sheet names, by number, and those that each person has or lost."""

    by_number: Mapping[str, HeldCard]
    of_persons: Mapping[int, Sequence[HeldCard]]


def plan_members(connection: Connection, village: int, rows: Iterable[MemberRow], this_year: int) -> Planned:
    """Hold the rows against the members; every member is a person of the roster already."""
    listed = tuple(rows)
    roster = read_roster(connection, village, listed)
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


def _read_cards(connection: Connection, village: int, rows: Sequence[MemberRow]) -> _Cards:
    numbers = [row.card for row in rows if row.card]
    if not numbers:
        return _Cards({}, {})
    return _Cards(read_cards(connection, village, numbers), read_cards_of_persons(connection, village))


def _member_person(row: MemberRow, roster: Roster, this_year: int, sketch: Sketch) -> HeldPerson | None:
    household = household_of(row, roster, this_year, sketch)
    if household is None:
        return None
    person = find_person(row, household, roster)
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
