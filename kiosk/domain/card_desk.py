"""What the card desk and the find screen read: a card with its holder, a household with its people and their cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from db.facts.people import HolderKind
from db.names import name_of, names_of
from db.store import Store
from db.tables.people import Card, Person
from db.tables.statement import table_of
from kiosk.domain.card import CardHolder, card_row
from kiosk.domain.card_bar import is_barred
from kiosk.domain.card_state import CardTask, tasks_of
from kiosk.domain.people import HouseholdShown, show_household

CARRIED: Final = ("person", "household")
"""Kinds of card that people carry; codes in the household book are none of them."""


@dataclass(frozen=True)
class CardShown:
    """A card as the desk shows it. A blank card has no household; a card of a household has no person.

    `is_barred` is whether the county has it on its list of lost cards.
    """

    card_id: int
    number: str
    kind: HolderKind
    state: str
    household: HouseholdShown | None
    person_id: int | None
    person_name: str
    is_barred: bool = False

    @property
    def tasks(self) -> tuple[CardTask, ...]:
        """What may be done with it now."""
        return tasks_of(self.kind, self.state)

    @property
    def is_blank(self) -> bool:
        """Whether it waits for its holder."""
        return self.kind == "blank" and self.state == "live"


@dataclass(frozen=True)
class HeldCard:
    """A card among those of its holder."""

    card_id: int
    number: str
    state: str
    is_barred: bool = False

    @property
    def shown_state(self) -> str:
        """How a person would call it: its state, or `barred` where it would live but for the county's list."""
        return "barred" if self.is_barred and self.state == "live" else self.state


@dataclass(frozen=True)
class CardsOfHolder:
    """A person, or the household itself (no `person_id`, name of the head), and the cards ever held, newest first."""

    holder: CardHolder
    name: str
    birth_year: int | None
    cards: tuple[HeldCard, ...]

    @property
    def current(self) -> HeldCard | None:
        """The card that counts: a live one, else a lost one that was not replaced, else none."""
        return next((card for state in ("live", "lost") for card in self.cards if card.state == state), None)


@dataclass(frozen=True)
class HouseholdCards:
    """A household with everybody in it, the household itself first; and its live code in the household book."""

    household: HouseholdShown
    holders: tuple[CardsOfHolder, ...]
    book_code: str | None


def show_card(store: Store, number: str) -> CardShown:
    """Return a card of any state by its 16 digits. Raises Refused (`card_of_other_village`, `card_unknown`)."""
    with store.read() as connection:
        return _shown(connection, store.village, card_row(connection, store.village, number))


def show_household_cards(store: Store, household_id: int) -> HouseholdCards:
    """Return a household, its people and all their cards. Raises Refused (`household_unknown`)."""
    with store.read() as connection:
        household = show_household(connection, store.village, household_id)
        people = _people(connection, store.village, household_id)
        cards = _cards(connection, store.village, household_id)
        names = names_of(connection, store.village, [row.name_id for row in people])
    own = CardsOfHolder(CardHolder(household_id), household.name, None, _held(cards, None))
    persons = [
        CardsOfHolder(
            CardHolder(household_id, row.person_id), names[row.name_id], row.birth_year, _held(cards, row.person_id)
        )
        for row in people
    ]
    codes = [row.number for row in cards if row.holder_kind == "book" and row.state == "live"]
    return HouseholdCards(household, (own, *persons), codes[0] if codes else None)


def _shown(connection: Connection, village: int, row: Row[Any]) -> CardShown:
    household = None if row.household_id is None else show_household(connection, village, row.household_id)
    person = table_of(Person).c
    name_id = (
        None
        if row.person_id is None
        else connection.execute(
            select(person.name_id).where(person.village == village, person.person_id == row.person_id)
        ).scalar_one_or_none()
    )
    name = name_of(connection, village, name_id)
    return CardShown(
        row.card_id, row.number, row.holder_kind, row.state, household, row.person_id, name, bool(row.is_barred)
    )


def _people(connection: Connection, village: int, household_id: int) -> Sequence[Any]:
    person = table_of(Person).c
    statement = select(person.person_id, person.name_id, person.birth_year).where(
        person.village == village, person.household_id == household_id, person.state == "present"
    )
    return connection.execute(statement.order_by(person.person_id)).all()


def _cards(connection: Connection, village: int, household_id: int) -> Sequence[Row[Any]]:
    card = table_of(Card)
    statement = select(card, is_barred(card).label("is_barred"))
    statement = statement.where(card.c.village == village, card.c.household_id == household_id)
    return connection.execute(statement.order_by(card.c.number_rank.desc())).all()


def _held(cards: Sequence[Row[Any]], person_id: int | None) -> tuple[HeldCard, ...]:
    return tuple(
        HeldCard(row.card_id, row.number, row.state, bool(row.is_barred))
        for row in cards
        if row.holder_kind in CARRIED and row.person_id == person_id
    )
