"""Cards by the sheet: blank ones for the drawer, codes for the household book, first cards for everybody.

Each is one action that can be repeated: whoever has a card or a code already gets no second one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, literal, select

from db.facts.people import CardIssued, CardStateChanged, HolderKind
from db.line import Stamp
from db.names import names_of
from db.store import Act, Store
from db.tables.people import Card, Household, Person
from db.tables.statement import table_of
from kiosk.codes import CodeType
from kiosk.domain.access import Right, require_right
from kiosk.domain.card import CardHolder, CardMade, fresh_number
from kiosk.domain.people import HouseholdPlace
from kiosk.errors import Refused

MOST_BLANKS: Final = 500
CODE_TYPES: Final[Mapping[HolderKind, CodeType]] = {
    "person": CodeType.PERSON,
    "household": CodeType.HOUSEHOLD,
    "book": CodeType.HOUSEHOLD_BOOK,
    "blank": CodeType.PERSON,
}
"""What the number of each kind begins with. A blank card may be bound to a household too: what counts is the fact."""


@dataclass(frozen=True)
class Printable:
    """What is printed for one code: whose it is (empty on a blank card), where they live, the 16 digits."""

    name: str
    place: HouseholdPlace | None
    number: str


def issue_blank_cards(store: Store, count: int, *, now: Stamp, by: int | None) -> tuple[CardMade, ...]:
    """Issue cards that are nobody's yet, to be printed and bound at the desk.

    Raises:
        Refused: not between 1 and MOST_BLANKS (`number_out_of_range`).
    """
    if not 1 <= count <= MOST_BLANKS:
        raise Refused("number_out_of_range", least=1, most=MOST_BLANKS)
    with store.write(now=now, by=by) as act:
        if by is not None:
            require_right(act.connection, act.village, by, Right.KEEP_CARDS)
        return _issue(act, [CardIssued(number=number, holder="blank") for number in _numbers(act, "blank", count)])


def issue_book_codes(store: Store, *, now: Stamp, by: int | None) -> int:
    """Give every household that lacks one its code in the household book; return how many got one."""
    with store.write(now=now, by=by) as act:
        if by is not None:
            require_right(act.connection, act.village, by, Right.KEEP_CARDS)
        holders = _households_without(act.connection, act.village, "book", only_live=True)
        return len(_issue(act, _cards(act, holders, "book")))


def issue_first_household_cards(store: Store, *, now: Stamp, by: int | None) -> tuple[CardMade, ...]:
    """Issue a card to every household that never had one; return the new cards."""
    with store.write(now=now, by=by) as act:
        if by is not None:
            require_right(act.connection, act.village, by, Right.KEEP_CARDS)
        holders = _households_without(act.connection, act.village, "household", only_live=False)
        return _issue(act, _cards(act, holders, "household"))


def issue_first_person_cards(store: Store, *, now: Stamp, by: int | None) -> tuple[CardMade, ...]:
    """Issue a card to every person of an open household who never had one; return the new cards."""
    with store.write(now=now, by=by) as act:
        if by is not None:
            require_right(act.connection, act.village, by, Right.KEEP_CARDS)
        holders = _persons_without_card(act.connection, act.village)
        return _issue(act, _cards(act, holders, "person"))


def renew_book_codes(store: Store, *, now: Stamp, by: int | None) -> int:
    """Stop every code of the household book and make new ones: the old book was lost or copied; return how many."""
    with store.write(now=now, by=by) as act:
        if by is not None:
            require_right(act.connection, act.village, by, Right.KEEP_CARDS)
        _stop_all(act, "book")
        holders = _households_without(act.connection, act.village, "book", only_live=True)
        return len(_issue(act, _cards(act, holders, "book")))


def stop_blank_cards(store: Store, *, now: Stamp, by: int | None) -> int:
    """Stop every blank card that is still nobody's: they were lost; return how many."""
    with store.write(now=now, by=by) as act:
        if by is not None:
            require_right(act.connection, act.village, by, Right.KEEP_CARDS)
        return _stop_all(act, "blank")


def book_entries(store: Store) -> tuple[Printable, ...]:
    """Return every open household with its live book code, by group and house number; the head's name in full."""
    with store.read() as connection:
        return _printables(connection, store.village, "book")


def printed_cards(store: Store, kind: HolderKind) -> tuple[Printable, ...]:
    """Return the live cards of a kind, by group and house number; those of persons with the person's name."""
    with store.read() as connection:
        return _printables(connection, store.village, kind)


def _stop_all(act: Act, kind: HolderKind) -> int:
    card = table_of(Card).c
    live = select(card.card_id).where(card.village == act.village, card.holder_kind == kind, card.state == "live")
    ids = list(act.connection.execute(live.order_by(card.card_id)).scalars())
    if ids:
        act.append_many([(CardStateChanged(card=card_id, state="stopped"), None) for card_id in ids])
    return len(ids)


def _cards(act: Act, holders: Sequence[CardHolder], kind: HolderKind) -> list[CardIssued]:
    return [
        CardIssued(number=number, holder=kind, household=holder.household_id, person=holder.person_id)
        for holder, number in zip(holders, _numbers(act, kind, len(holders)), strict=True)
    ]


def _numbers(act: Act, kind: HolderKind, count: int) -> list[str]:
    drawn: dict[str, None] = {}
    while len(drawn) < count:
        drawn[fresh_number(act, CODE_TYPES[kind], drawn)] = None
    return list(drawn)


def _issue(act: Act, bodies: Sequence[CardIssued]) -> tuple[CardMade, ...]:
    facts = act.append_many([(body, None) for body in bodies]) if bodies else []
    return tuple(CardMade(fact.id, body.number) for fact, body in zip(facts, bodies, strict=True))


def _households_without(connection: Connection, village: int, kind: HolderKind, *, only_live: bool) -> list[CardHolder]:
    household, card = table_of(Household).c, table_of(Card).c
    held = select(literal(1)).where(
        card.village == village, card.household_id == household.household_id, card.holder_kind == kind,
        *([card.state == "live"] if only_live else []),
    )  # fmt: skip
    statement = select(household.household_id).where(
        household.village == village, household.state == "open", ~held.correlate(table_of(Household)).exists()
    )
    order = (household.group_number, household.house_number, household.household_id)
    return [CardHolder(each) for each in connection.execute(statement.order_by(*order)).scalars()]


def _persons_without_card(connection: Connection, village: int) -> list[CardHolder]:
    household, person, card = table_of(Household), table_of(Person), table_of(Card).c
    held = select(card.person_id).where(card.village == village, card.person_id.is_not(None))
    statement = (
        select(person.c.household_id, person.c.person_id)
        .select_from(person.join(household, _lives_in()))
        .where(person.c.village == village, person.c.state == "present", household.c.state == "open")
        .where(person.c.person_id.not_in(held))
        .order_by(household.c.group_number, household.c.house_number, person.c.person_id)
    )
    return [CardHolder(row.household_id, row.person_id) for row in connection.execute(statement)]


def _printables(connection: Connection, village: int, kind: HolderKind) -> tuple[Printable, ...]:
    rows = connection.execute(_printing_statement(village, kind)).all()
    name_ids = [row.person_name_id or row.name_id for row in rows]
    names = names_of(connection, village, name_ids)
    return tuple(
        Printable(
            names[name_id],
            None if row.group_number is None else HouseholdPlace(row.group_number, row.house_number or 0),
            row.number,
        )
        for row, name_id in zip(rows, name_ids, strict=True)
    )


def _printing_statement(village: int, kind: HolderKind) -> Select[tuple[int, int, int, int, str]]:
    household, person, card = table_of(Household), table_of(Person), table_of(Card)
    of_household = (household.c.village == card.c.village) & (household.c.household_id == card.c.household_id)
    of_person = (person.c.village == card.c.village) & (person.c.person_id == card.c.person_id)
    order = (household.c.group_number, household.c.house_number, card.c.person_id, card.c.card_id)
    return (
        select(
            household.c.group_number, household.c.house_number, household.c.name_id,
            person.c.name_id.label("person_name_id"), card.c.number,
        )
        .select_from(card.outerjoin(household, of_household).outerjoin(person, of_person))
        .where(card.c.village == village, card.c.holder_kind == kind, card.c.state == "live")
        .where((household.c.state == "open") | card.c.household_id.is_(None))
        .order_by(*order)
    )  # fmt: skip


def _lives_in() -> ColumnElement[bool]:
    household, person = table_of(Household).c, table_of(Person).c
    return (household.village == person.village) & (household.household_id == person.household_id)
