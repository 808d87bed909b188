"""Consequences of the family people."""

from typing import Any

from db.facts import people as facts
from db.line import Fact
from db.projections.batch import Batch
from db.projections.points import post
from db.projections.waiting import ask
from db.tables.people import Arrival, Card, CardBar, Household, Leaving, Member, Person


def household_registered(fact: Fact, body: facts.HouseholdRegistered, batch: Batch) -> None:
    """Place, name, size and state of a new household."""
    key = {"household_id": fact.id}
    batch.hold(Household, "place", fact, key, group_number=body.group, house_number=body.house)
    batch.hold(Household, "name", fact, key, name_id=fact.id)
    batch.hold(Household, "residents", fact, key, residents=body.residents)
    batch.hold(Household, "state", fact, key, state="open", merged_into_id=None)


def household_renamed(fact: Fact, body: facts.HouseholdRenamed, batch: Batch) -> None:
    """The name held by this fact's private text."""
    batch.hold(Household, "name", fact, {"household_id": body.household}, name_id=fact.id)


def household_moved(fact: Fact, body: facts.HouseholdMoved, batch: Batch) -> None:
    """Group and house number."""
    key = {"household_id": body.household}
    batch.hold(Household, "place", fact, key, group_number=body.group, house_number=body.house)


def household_counted(fact: Fact, body: facts.HouseholdCounted, batch: Batch) -> None:
    """How many live there."""
    batch.hold(Household, "residents", fact, {"household_id": body.household}, residents=body.residents)


def household_merged(fact: Fact, body: facts.HouseholdMerged, batch: Batch) -> None:
    """State, and the balance that went along."""
    key = {"household_id": body.household}
    batch.hold(Household, "state", fact, key, state="merged", merged_into_id=body.into)
    post(fact, body.legs, batch, target_id=body.into)


def household_left(fact: Fact, body: facts.HouseholdLeft, batch: Batch) -> None:
    """State, the balance that goes along once a household, and that the county has something to pass on."""
    key = {"household_id": body.household}
    batch.hold(Household, "state", fact, key, state="left", merged_into_id=None)
    batch.insert(
        Leaving, fact, rank=fact.rank, household_id=body.household, to_village=body.to_village, points=body.points,
        residents=body.residents,
    )  # fmt: skip
    post(fact, body.legs, batch, once_key=f"left:{body.household}")


def household_arriving(fact: Fact, body: facts.HouseholdArriving, batch: Batch) -> None:
    """Somebody who is to be given an account."""
    batch.insert(
        Arrival, fact, rank=fact.rank, from_village=body.from_village, from_household_id=body.from_household,
        points=body.points, residents=body.residents, at=fact.at,
    )  # fmt: skip


def household_arrived(fact: Fact, body: facts.HouseholdArrived, batch: Batch) -> None:
    """A new household, and the balance it brought, once."""
    key = {"household_id": fact.id}
    batch.hold(Household, "place", fact, key, group_number=body.group, house_number=body.house)
    batch.hold(Household, "name", fact, key, name_id=fact.id)
    batch.hold(Household, "residents", fact, key, residents=body.residents)
    batch.hold(Household, "state", fact, key, state="open", merged_into_id=None)
    post(fact, body.legs, batch, once_key=arrival_key(body.from_village, body.from_household))


def arrival_key(from_village: int, from_household: int) -> str:
    """Return what counts once of a household that moved here."""
    return f"arrived:{from_village}:{from_household}"


def person_registered(fact: Fact, body: facts.PersonRegistered, batch: Batch) -> None:
    """Household, name, details and state of a new person."""
    key = {"person_id": fact.id}
    batch.hold(Person, "household", fact, key, household_id=body.household)
    batch.hold(Person, "name", fact, key, name_id=fact.id)
    batch.hold(Person, "details", fact, key, birth_year=body.birth_year, sex=body.sex, homonym=body.homonym)
    batch.hold(Person, "state", fact, key, state="present")


def person_renamed(fact: Fact, body: facts.PersonRenamed, batch: Batch) -> None:
    """The name held by this fact's private text."""
    batch.hold(Person, "name", fact, {"person_id": body.person}, name_id=fact.id)


def person_moved(fact: Fact, body: facts.PersonMoved, batch: Batch) -> None:
    """The household."""
    batch.hold(Person, "household", fact, {"person_id": body.person}, household_id=body.household)


def person_corrected(fact: Fact, body: facts.PersonCorrected, batch: Batch) -> None:
    """The details."""
    key = {"person_id": body.person}
    batch.hold(Person, "details", fact, key, birth_year=body.birth_year, sex=body.sex, homonym=body.homonym)


def member_registered(fact: Fact, body: facts.MemberRegistered, batch: Batch) -> None:
    """A new member."""
    batch.hold(Member, "details", fact, {"member_id": fact.id}, **_membership(body))


def member_corrected(fact: Fact, body: facts.MemberCorrected, batch: Batch) -> None:
    """Class, year of joining and standing."""
    batch.hold(Member, "details", fact, {"member_id": body.member}, **_membership(body))


def card_issued(fact: Fact, body: facts.CardIssued, batch: Batch) -> None:
    """A live card."""
    _issue(fact, body, batch)


def card_bound(fact: Fact, body: facts.CardBound, batch: Batch) -> None:
    """The holder of a card that was blank."""
    values = {"holder_kind": body.holder, "person_id": body.person, "household_id": body.household}
    batch.hold(Card, "holder", fact, {"card_id": body.card}, **values)


def card_state_changed(fact: Fact, body: facts.CardStateChanged, batch: Batch) -> None:
    """The state of a card."""
    batch.hold(Card, "state", fact, {"card_id": body.card}, state=body.state)


def card_replaced(fact: Fact, body: facts.CardReplaced, batch: Batch) -> None:
    """The old card ends, the new one lives, and a second signature is asked for."""
    batch.hold(Card, "state", fact, {"card_id": body.card}, state="replaced")
    _issue(fact, body, batch)
    what = {"household_id": body.household, "person_id": body.person, "card_id": fact.id, "replaced_card_id": body.card}
    ask(fact, batch, "card_reissued", **what)


def card_barred(fact: Fact, body: facts.CardBarred, batch: Batch) -> None:
    """On the list of lost cards."""
    batch.hold(CardBar, "bar", fact, {"number": body.number}, is_barred=1)


def card_cleared(fact: Fact, body: facts.CardCleared, batch: Batch) -> None:
    """Off the list of lost cards."""
    batch.hold(CardBar, "bar", fact, {"number": body.number}, is_barred=0)


def people_imported(fact: Fact, body: facts.PeopleImported, batch: Batch) -> None:
    """A request for a second signature, if opening balances came in without one."""
    if body.openings and body.signer is None:
        ask(fact, batch, "opening_balances", quantity=body.openings, points=body.opening_points)


def _membership(body: facts.MemberRegistered | facts.MemberCorrected) -> dict[str, Any]:
    return {
        "person_id": body.person,
        "class_code": body.class_code,
        "joined_year": body.joined_year,
        "standing": body.standing,
    }


def _issue(fact: Fact, body: facts.CardIssued | facts.CardReplaced, batch: Batch) -> None:
    key = {"card_id": fact.id}
    batch.hold(Card, "number", fact, key, number=body.number)
    values = {"holder_kind": body.holder, "person_id": body.person, "household_id": body.household}
    batch.hold(Card, "holder", fact, key, **values)
    batch.hold(Card, "state", fact, key, state="live")
