"""Cards: who holds which, and in what state."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, select

from db.facts.people import CardIssued
from db.line import Stamp
from db.store import Store
from db.tables.people import Card, Person
from db.tables.statement import table_of
from kiosk.codes import CodeType, mint
from kiosk.domain.people import require_household
from kiosk.errors import Refused

HolderKind = Literal["person", "household"]


@dataclass(frozen=True)
class CardMade:
    """A new card: its id and the 16 digits to print."""

    card_id: int
    number: str


@dataclass(frozen=True)
class CardHeld:
    """A card that may be used now, and whose it is."""

    card_id: int
    household_id: int
    person_id: int | None


def issue_person_card(store: Store, person_id: int, *, now: Stamp, by: int) -> CardMade:
    """Issue a card with a fresh random number to a person. Raises Refused (`person_unknown`)."""
    with store.write(now=now, by=by) as act:
        person = table_of(Person).c
        statement = select(person.household_id).where(person.village == act.village, person.person_id == person_id)
        household_id = act.connection.execute(statement).scalar_one_or_none()
        if household_id is None:
            raise Refused("person_unknown")
        number = mint(CodeType.PERSON, act.village, act.entropy)
        body = CardIssued(number=number, holder="person", household=household_id, person=person_id)
        return CardMade(act.append(body).id, number)


def issue_household_card(store: Store, household_id: int, *, now: Stamp, by: int) -> CardMade:
    """Issue a card with a fresh random number to a household. Raises Refused (`household_unknown`)."""
    with store.write(now=now, by=by) as act:
        require_household(act.connection, act.village, household_id)
        number = mint(CodeType.HOUSEHOLD, act.village, act.entropy)
        body = CardIssued(number=number, holder="household", household=household_id)
        return CardMade(act.append(body).id, number)


def find_card(connection: Connection, village: int, number: str) -> CardHeld:
    """Return the live card with this number and its holder.

    Raises:
        Refused: no card has the number (`card_unknown`), it is not live (`card_not_live` with `state`), or it belongs
            to nobody yet (`card_blank`).
    """
    card = table_of(Card).c
    statement = select(card.card_id, card.household_id, card.person_id, card.state).where(
        card.village == village, card.number == number
    )
    rows = connection.execute(statement.order_by(card.card_id)).all()
    if not rows:
        raise Refused("card_unknown")
    live = [row for row in rows if row.state == "live"]
    if not live:
        raise Refused("card_not_live", state=rows[-1].state)
    if live[0].household_id is None:
        raise Refused("card_blank")
    return CardHeld(live[0].card_id, live[0].household_id, live[0].person_id)
