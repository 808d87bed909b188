"""Cards: who holds which, in what state, and how they change hands. One live card a number, one card a person.

Whoever lost a card gets the next one only by `replace_card`, which asks for a second signature; the first one, or one
after a card was handed back, is simply issued or bound.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, bindparam, select

from db.facts.people import CardBound, CardIssued, CardReplaced, CardStateChanged
from db.line import Stamp
from db.store import Act, Store
from db.tables.people import Card, Person
from db.tables.statement import table_of
from kiosk.codes import CodeType, mint
from kiosk.domain.access import Right, require_right
from kiosk.domain.card_bar import BARRED, is_barred
from kiosk.domain.card_state import IN_STATE, TASKS, TRANSITIONS, CardState, CardTask
from kiosk.domain.people import balance_of, require_open_household
from kiosk.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy import Row, Select


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


@dataclass(frozen=True)
class CardHolder:
    """Whom a card is for: a person of a household, or the household itself."""

    household_id: int
    person_id: int | None = None


@dataclass(frozen=True)
class CardChanged:
    """A card after a task, and whose it is, if anybody's."""

    card_id: int
    state: CardState
    household_id: int | None
    person_id: int | None


@dataclass(frozen=True)
class Replacement:
    """A new card in place of an old one; it works at once. The household's points (hundredths) are what they were."""

    card: CardMade
    old_card_id: int
    holder: CardHolder
    redeemable_points: int


def find_card(connection: Connection, village: int, number: str) -> CardHeld:
    """Return the live card with this number and its holder.

    Raises:
        Refused: the number is another village's (`card_of_other_village`), no card has it (`card_unknown`), the card
            is not live (`card_not_live.lost`, `.replaced`, `.returned`, `.stopped`) or on the county's list of lost
            cards (`card_barred`), or is nobody's yet (`card_blank`).
    """
    row = card_row(connection, village, number)
    if row.state != "live":
        raise Refused(IN_STATE.get(row.state, "card_unknown"), state=row.state)
    if row.is_barred:
        raise Refused(BARRED)
    if row.household_id is None:
        raise Refused("card_blank")
    return CardHeld(row.card_id, row.household_id, row.person_id)


def card_row(connection: Connection, village: int, number: str) -> "Row[Any]":
    """Return the row of the live card with a number, else of the one that changed last; and whether it `is_barred`.

    Raises:
        Refused: the number is another village's (`card_of_other_village`), or no card has it (`card_unknown`).
    """
    if number[2:6] != f"{village:04}":
        raise Refused("card_of_other_village", village=number[2:6])
    row = connection.execute(_by_number(), {"of_village": village, "of_number": number}).one_or_none()
    if row is None:
        raise Refused("card_unknown")
    return row


def issue_person_card(store: Store, person_id: int, *, now: Stamp, by: int) -> CardMade:
    """Issue a card with a fresh random number to a person. Raises Refused as `bind_card`."""
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.KEEP_CARDS)
        return issue_card(act, _holder_of_person(act, person_id))


def issue_household_card(store: Store, household_id: int, *, now: Stamp, by: int) -> CardMade:
    """Issue a card with a fresh random number to a household; it may have several. Raises Refused as `bind_card`."""
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.KEEP_CARDS)
        return issue_card(act, CardHolder(household_id))


def issue_card(act: Act, holder: CardHolder) -> CardMade:
    """Issue a card inside an action; the outermost function commits. Raises Refused as `bind_card`."""
    _require_free(act, holder)
    number = _mint(act, holder)
    body = CardIssued(number=number, holder=_kind(holder), household=holder.household_id, person=holder.person_id)
    return CardMade(act.append(body).id, number)


def bind_card(store: Store, number: str, holder: CardHolder, *, now: Stamp, by: int) -> CardMade:
    """Give a blank card to its holder.

    Raises:
        Refused: as `find_card`; the card is somebody's already (`card_not_blank`); person or household is unknown
            (`person_unknown`, `household_unknown`) or the household joined another (`household_merged`); the person
            has a live card (`card_holds_already`); a card of the holder was lost and not replaced (`card_to_replace`).
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.KEEP_CARDS)
        _require_free(act, holder)
        blank = _require_blank(act, number)
        body = CardBound(card=blank, holder=_kind(holder), household=holder.household_id, person=holder.person_id)
        act.append(body)
        return CardMade(blank, number)


def report_card_lost(store: Store, card_id: int, *, now: Stamp, by: int) -> CardChanged:
    """Stop a card that is lost; it may be found again or replaced. Raises Refused as `change_card`."""
    return change_card(store, card_id, CardTask.LOST, now=now, by=by)


def report_card_found(store: Store, card_id: int, *, now: Stamp, by: int) -> CardChanged:
    """Let a lost card live again. Raises Refused as `change_card`."""
    return change_card(store, card_id, CardTask.FOUND, now=now, by=by)


def return_card(store: Store, card_id: int, *, now: Stamp, by: int) -> CardChanged:
    """Take a card back for good: its holder gives it up, or it turned up after it was replaced. Raises as above."""
    return change_card(store, card_id, CardTask.RETURN, now=now, by=by)


def stop_card(store: Store, card_id: int, *, now: Stamp, by: int) -> CardChanged:
    """Stop a blank card or a code of the household book for good. Raises Refused as `change_card`."""
    return change_card(store, card_id, CardTask.STOP, now=now, by=by)


def change_card(store: Store, card_id: int, task: CardTask, *, now: Stamp, by: int) -> CardChanged:
    """Do a task that needs nothing but the card.

    Raises:
        Refused: no such card (`card_unknown`); its state does not allow it (`card_is_live`, `card_not_live.lost` and
            so on); a card of this kind knows no such task (`card_task_unknown`); a found card whose person got another
            meanwhile (`card_holds_already`).
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.KEEP_CARDS)
        row = _require_task(act, card_id, task)
        if task is CardTask.FOUND and row.person_id is not None and _has_live_card(act, row.person_id):
            raise Refused("card_holds_already")
        state = TRANSITIONS[task].after
        act.append(CardStateChanged.model_validate({"card": card_id, "state": state}))
        return CardChanged(card_id, state, row.household_id, row.person_id)


def replace_card(store: Store, card_id: int, number: str | None = None, *, now: Stamp, by: int) -> Replacement:
    """Give a card's holder a new one: a blank card by its number, or one with a fresh number to be printed.

    The old card is dead and the new one works at once; the second signature is asked for on the waiting list.

    Raises:
        Refused: as `change_card` for the old card, as `bind_card` for the blank one (`card_unknown`, `card_not_blank`);
            the holder's household joined another (`household_merged`); the person has another live card
            (`card_holds_already`).
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.KEEP_CARDS)
        row = _require_task(act, card_id, CardTask.REPLACE)
        holder = CardHolder(row.household_id, row.person_id)
        require_open_household(act.connection, act.village, holder.household_id)
        if row.state != "live" and holder.person_id is not None and _has_live_card(act, holder.person_id):
            raise Refused("card_holds_already")
        if number is None:
            number = _mint(act, holder)
        else:
            act.append(CardStateChanged(card=_require_blank(act, number), state="stopped"))
        body = CardReplaced(
            card=card_id, number=number, holder=_kind(holder), household=holder.household_id, person=holder.person_id
        )
        made = CardMade(act.append(body).id, number)
        return Replacement(made, card_id, holder, balance_of(act.connection, act.village, holder.household_id))


def _kind(holder: CardHolder) -> Literal["person", "household"]:
    return "household" if holder.person_id is None else "person"


def fresh_number(act: Act, code_type: CodeType, drawn: Collection[str] = ()) -> str:
    """Draw a number that no card of the village ever had, dead ones included, nor any of `drawn`.

    Among some thousand cards one in twenty sheets of blank ones would hold a number twice.
    """
    while True:
        number = mint(code_type, act.village, act.entropy)
        parameters = {"of_village": act.village, "of_number": number}
        if number not in drawn and act.connection.execute(_by_number(), parameters).one_or_none() is None:
            return number


def _mint(act: Act, holder: CardHolder) -> str:
    return fresh_number(act, CodeType.HOUSEHOLD if holder.person_id is None else CodeType.PERSON)


def _holder_of_person(act: Act, person_id: int) -> CardHolder:
    person = table_of(Person).c
    statement = select(person.household_id).where(person.village == act.village, person.person_id == person_id)
    household_id = act.connection.execute(statement).scalar_one_or_none()
    if household_id is None:
        raise Refused("person_unknown")
    return CardHolder(household_id, person_id)


def _require_free(act: Act, holder: CardHolder) -> None:
    """Refuse a holder who is unknown, has a card already, or must have a lost one replaced."""
    if holder.person_id is not None and _holder_of_person(act, holder.person_id) != holder:
        raise Refused("person_unknown")
    require_open_household(act.connection, act.village, holder.household_id)
    states = _states_of(act, holder)
    if holder.person_id is not None and "live" in states:
        raise Refused("card_holds_already")
    if "lost" in states:
        raise Refused("card_to_replace")


def _states_of(act: Act, holder: CardHolder) -> set[str]:
    card = table_of(Card).c
    statement = select(card.state).where(
        card.village == act.village, card.household_id == holder.household_id, card.holder_kind == _kind(holder),
        card.person_id == holder.person_id if holder.person_id is not None else card.person_id.is_(None),
    )  # fmt: skip
    return set(act.connection.execute(statement).scalars())


def _has_live_card(act: Act, person_id: int) -> bool:
    return "live" in _states_of(act, _holder_of_person(act, person_id))


def _require_blank(act: Act, number: str) -> int:
    row = card_row(act.connection, act.village, number)
    if row.state != "live":
        raise Refused(IN_STATE.get(row.state, "card_unknown"), state=row.state)
    if row.is_barred:
        raise Refused(BARRED)
    if row.holder_kind != "blank" or row.household_id is not None:
        raise Refused("card_not_blank")
    return int(row.card_id)


def _require_task(act: Act, card_id: int, task: CardTask) -> "Row[Any]":
    card = table_of(Card)
    row = act.connection.execute(
        select(card).where(card.c.village == act.village, card.c.card_id == card_id)
    ).one_or_none()
    if row is None:
        raise Refused("card_unknown")
    if task not in TASKS.get(row.holder_kind, ()):
        raise Refused("card_task_unknown")
    if row.state not in TRANSITIONS[task].before:
        raise Refused(IN_STATE.get(row.state, "card_unknown"), state=row.state)
    return row


@lru_cache(maxsize=1)
def _by_number() -> "Select[Any]":
    card = table_of(Card)
    return (
        select(card, is_barred(card).label("is_barred"))
        .where(card.c.village == bindparam("of_village"), card.c.number == bindparam("of_number"))
        .order_by((card.c.state == "live").desc(), card.c.state_rank.desc())
        .limit(1)
    )
