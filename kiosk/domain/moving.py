"""A household moves: the old seat closes its account out, the county passes it on, the new village's seat opens it."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from db.facts.body import transfer
from db.facts.people import CardStateChanged, HouseholdArrived, HouseholdLeft
from db.line import COUNTY_LOG, Stamp, entity_id
from db.names import names_of
from db.projections.people import arrival_key
from db.store import Act, Store
from db.tables.people import Arrival, Card
from db.tables.points import Posting
from db.tables.statement import table_of
from kiosk.domain.access import Right, require_right, require_signer
from kiosk.domain.people import (
    HouseholdPlace,
    HouseholdShown,
    household_at,
    require_household,
    require_open_household,
    show_household,
)
from kiosk.domain.period import require_day
from kiosk.domain.terminal import operator_by_badge, require_seat
from kiosk.domain.waiting import Signature
from kiosk.errors import Refused

LARGEST_VILLAGE: Final = 9_998
NAMELESS: Final = "—"


@dataclass(frozen=True)
class Left:
    """A household that was closed out: its head's name, the points it takes along (hundredths), and where it goes."""

    household_id: int
    name: str
    points: int
    to_village: int


@dataclass(frozen=True)
class ArrivalShown:
    """Somebody who moves here: from which village and as which household there, with how many points (hundredths).

    `at` is wall milliseconds of the county's word.
    """

    from_village: int
    from_household: int
    name: str
    points: int
    residents: int | None
    at: int


def offer_leaving(store: Store, household_id: int, by: int) -> HouseholdShown:
    """Return a household that operator `by` may let move away now, before anybody is asked to sign.

    Raises:
        Refused, NotAllowed: as `leave_household`, but for the village and the signature.
    """
    with store.read() as connection:
        require_right(connection, store.village, by, Right.MOVE)
        return _require_mover(connection, store.village, household_id)


def leave_household(
    store: Store, household_id: int, to_village: int, signature: Signature, *, now: Stamp, by: int
) -> Left:
    """Close a household out at the seat: its points go along, its cards stop. A second person signs at once.

    Raises:
        Refused: no day is open (`day_not_open`); there is no such village, or it is this one (`village_unknown`); the
            household is unknown or not here any more (`household_unknown`, `household_merged`, `household_left`), or
            stands below zero (`household_overdrawn`).
        NotAllowed: the operator may not let households move (`right_missing`), the seat is elsewhere
            (`seat_elsewhere`), or the signer may not sign this (`badge_unknown`, `right_missing`, `signer_is_maker`,
            `signer_is_beneficiary`).
    """
    with store.write(now=now, by=by) as act:
        require_day(act)
        require_seat(act)
        require_right(act.connection, act.village, by, Right.MOVE)
        if not 1 <= to_village <= LARGEST_VILLAGE or to_village == act.village:
            raise Refused("village_unknown", village=f"{to_village:04}")
        household = _require_mover(act.connection, act.village, household_id)
        row = require_household(act.connection, act.village, household_id)
        signer = operator_by_badge(act.connection, act.village, signature.badge)
        require_signer(act.connection, act.village, signer, by, household_id)
        _stop_cards(act, household_id)
        body = HouseholdLeft(
            household=household_id, to_village=to_village, points=household.redeemable_points, residents=row.residents,
            signer=signer, is_verified=signature.is_verified,
            legs=transfer("moved", household_id, -household.redeemable_points),
        )  # fmt: skip
        act.append(body, {"name": household.name or NAMELESS})
    return Left(household_id, household.name, household.redeemable_points, to_village)


def list_arrivals(store: Store) -> tuple[ArrivalShown, ...]:
    """Return who moves here and has no account yet, the first announced first."""
    with store.read() as connection:
        return _arrivals(connection, store.village)


def count_arrivals(connection: Connection, village: int) -> int:
    """Return how many move here and have no account yet."""
    return len(_arrivals(connection, village))


def take_in_household(
    store: Store, arrival: ArrivalShown, place: HouseholdPlace, *, now: Stamp, by: int
) -> HouseholdShown:
    """Open the account of a household that moves here, with the points it brings, once, at the seat.

    Raises:
        Refused: no day is open (`day_not_open`), the county did not announce it or it was opened before
            (`arrival_taken_before`), or the place is taken (`household_exists`).
        NotAllowed: the operator may not (`right_missing`), or the seat is elsewhere (`seat_elsewhere`).
    """
    with store.write(now=now, by=by) as act:
        require_day(act)
        require_seat(act)
        require_right(act.connection, act.village, by, Right.MOVE)
        mover = arrival.from_village, arrival.from_household
        waiting = {(each.from_village, each.from_household): each for each in _arrivals(act.connection, act.village)}
        told = waiting.get(mover)
        if told is None:
            raise Refused("arrival_taken_before")
        if household_at(act.connection, act.village, place) is not None:
            raise Refused("household_exists", group=place.group, house=place.house)
        body = HouseholdArrived(
            from_village=told.from_village, from_household=told.from_household, group=place.group, house=place.house,
            residents=told.residents, points=told.points, legs=transfer("moved", act.next_id(), told.points),
        )  # fmt: skip
        fact = act.append(body, {"name": told.name})
        return show_household(act.connection, act.village, fact.id)


def _require_mover(connection: Connection, village: int, household_id: int) -> HouseholdShown:
    require_open_household(connection, village, household_id)
    household = show_household(connection, village, household_id)
    if household.redeemable_points < 0:
        raise Refused("household_overdrawn")
    return household


def _stop_cards(act: Act, household_id: int) -> None:
    card = table_of(Card).c
    statement = select(card.card_id).where(
        card.village == act.village, card.household_id == household_id, card.state.in_(("live", "lost"))
    )
    for card_id in sorted(act.connection.execute(statement).scalars()):
        act.append(CardStateChanged(card=card_id, state="stopped"))


def _arrivals(connection: Connection, village: int) -> tuple[ArrivalShown, ...]:
    arrival, posting = table_of(Arrival), table_of(Posting).c
    told = select(arrival).where(arrival.c.village == village, arrival.c.log == COUNTY_LOG).order_by(arrival.c.rank)
    first: dict[str, Any] = {}
    for row in connection.execute(told):
        first.setdefault(arrival_key(row.from_village, row.from_household_id), row)
    if not first:
        return ()
    keys = select(posting.once_key).where(posting.village == village, posting.once_key.in_(list(first)))
    taken = set(connection.execute(keys).scalars())
    waiting = [row for key, row in first.items() if key not in taken]
    names = names_of(connection, village, [entity_id(row.log, row.seq) for row in waiting])
    return tuple(
        ArrivalShown(
            row.from_village, row.from_household_id, names[entity_id(row.log, row.seq)] or NAMELESS, row.points,
            row.residents, row.at or 0,
        )
        for row in waiting
    )  # fmt: skip
