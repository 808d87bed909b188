"""Points: awards and deductions by items of the scheme. One account a household; debits are written at the seat."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from db.facts.body import transfer
from db.facts.points import AwardRequested, Evidence, PointsAwarded, PointsDeducted, RequestReason
from db.line import Stamp
from db.rules.in_force import rule_in_force
from db.store import Act, Store
from kiosk.domain.access import Right, Standing, require_right
from kiosk.domain.cap import FREE, Room, room_for
from kiosk.domain.card import find_card
from kiosk.domain.people import HouseholdShown, balance_of, require_open_household, show_household
from kiosk.domain.period import require_day
from kiosk.domain.scheme import Item, SchemeInForce, current_day, household_scheme, require_item
from kiosk.domain.terminal import require_seat
from kiosk.errors import NotAllowed, Refused

MOST_UNITS: Final = 999


@dataclass(frozen=True)
class Recipient:
    """For whom: a household, the person of it who is known, and whether a missing second signature may come later."""

    household_id: int
    person_id: int | None = None
    may_wait: bool = False


@dataclass(frozen=True)
class Earning:
    """For what: an item of the scheme, how many units of it, and on what evidence or paper it stands."""

    item: str
    quantity: int = 1
    paper: str | None = None
    evidence: Evidence | None = None
    note: str | None = None


@dataclass(frozen=True)
class Award:
    """An award whose points are decided: hundredths of a point for an item, and the request it fulfils, if any."""

    scheme: str
    earning: Earning
    points: int
    person_id: int | None = None
    request_id: int | None = None


@dataclass(frozen=True)
class Posted:
    """An entry that was written: its id, signed points in hundredths, and the balance after it."""

    entry_id: int
    household_id: int
    points: int
    after_points: int


@dataclass(frozen=True)
class Offer:
    """What a household would get, or lose, now: hundredths of a point, at most `asked_points`.

    A cap of the month or, for a deduction, an empty account can leave less than was asked. `waits_for` says which
    second signature is missing: None, `over_limit` or `own_household`.
    """

    recipient: Recipient
    household: HouseholdShown
    asked_points: int
    points: int
    room: Room
    waits_for: RequestReason | None

    @property
    def is_reduced(self) -> bool:
        """Whether there is less than was asked."""
        return self.points < self.asked_points


@dataclass(frozen=True)
class Given:
    """What became of one household: `entry_id` is the entry or, where it waits, the request; None: a cap is full."""

    offer: Offer
    entry_id: int | None
    after_points: int


@dataclass(frozen=True)
class Booked:
    """A pile that was booked: the item, what became of each household, and the points posted now, in hundredths."""

    item: Item
    given: tuple[Given, ...]
    points: int

    @property
    def waiting(self) -> int:
        """How many wait for a second signature."""
        return sum(1 for each in self.given if each.entry_id is not None and each.offer.waits_for is not None)


def recipient_of_card(store: Store, number: str, village: int) -> Recipient:
    """Return whom a live card or book code of `village` stands for, by its 16 digits.

    Raises:
        Refused: another village's (`card_of_other_village`); or as `find_card`.
    """
    if village != store.village:
        raise Refused("card_of_other_village", village=f"{village:04}")
    with store.read() as connection:
        held = find_card(connection, store.village, number)
    return Recipient(held.household_id, held.person_id)


def offer_points(store: Store, recipient: Recipient, earning: Earning, by: int) -> Offer:
    """Return what operator `by` would award to, or deduct from, a household now; nothing is written.

    Raises:
        Refused, NotAllowed: as `award_points` and `deduct_points`.
    """
    with store.read() as connection:
        matter = _matter(connection, store.village, current_day(connection, store.village), earning, by)
        offer = _offer(connection, store.village, recipient, matter)
    if not offer.points and not matter.item.is_deduction:
        raise _cap_reached(offer)
    return offer


def award_points(store: Store, recipients: tuple[Recipient, ...], earning: Earning, *, now: Stamp, by: int) -> Booked:
    """Award an item to each household once, however often it stands in the pile; all or nothing.

    A household near its monthly cap gets what the cap leaves. What needs a second signature becomes a request.

    Raises:
        Refused: no day is open (`day_not_open`), nobody is named (`pile_empty`), a household is unknown or merged
            (`household_unknown`, `household_merged`), the item is not in the scheme or no award (`scheme_absent`,
            `scheme_item_unknown`, `item_is_deduction`), the number of units cannot be (`units_wrong`), evidence is
            missing (`evidence_missing`), or the caps leave nothing for anybody (`cap_reached`).
        NotAllowed: the operator may not award (`right_missing`), or not to this household without a second signature
            (`award_to_own_household`).
    """
    with store.write(now=now, by=by) as act:
        matter = _matter(act.connection, act.village, require_day(act), earning, by)
        if matter.item.is_deduction:
            raise Refused("item_is_deduction")
        offers = [_offer(act.connection, act.village, recipient, matter) for recipient in _distinct(recipients)]
        if not any(offer.points for offer in offers):
            raise _cap_reached(offers[0])
        given = tuple(_give(act, offer, matter) for offer in offers)
    return Booked(matter.item, given, sum(each.offer.points for each in given if each.offer.waits_for is None))


def deduct_points(store: Store, recipients: tuple[Recipient, ...], earning: Earning, *, now: Stamp, by: int) -> Booked:
    """Take an item's points from each household once, at the seat; never more than it could redeem.

    The account may be empty: the entry then says what was asked and that nothing was taken.

    Raises:
        Refused: as `award_points`, and: the item is an award (`item_is_award`).
        NotAllowed: the operator may not deduct (`right_missing`), or the seat is elsewhere (`seat_elsewhere`).
    """
    with store.write(now=now, by=by) as act:
        matter = _matter(act.connection, act.village, require_day(act), earning, by)
        if not matter.item.is_deduction:
            raise Refused("item_is_award")
        require_seat(act)
        offers = [_offer(act.connection, act.village, recipient, matter) for recipient in _distinct(recipients)]
        given = tuple(_take(act, offer, matter) for offer in offers)
    return Booked(matter.item, given, sum(each.offer.points for each in given))


def post_award(act: Act, household_id: int, award: Award) -> Posted:
    """Write an award that was decided, inside an action. Raises Refused (`household_unknown`, `household_merged`)."""
    require_open_household(act.connection, act.village, household_id)
    earning = award.earning
    body = PointsAwarded(
        household=household_id, person=award.person_id, scheme=award.scheme, item=earning.item,
        quantity=earning.quantity, points=award.points, paper=earning.paper, evidence=earning.evidence,
        request=award.request_id, legs=transfer("issued", household_id, award.points),
    )  # fmt: skip
    fact = act.append(body, _private(earning))
    return Posted(fact.id, household_id, award.points, balance_of(act.connection, act.village, household_id))


@dataclass(frozen=True)
class _Matter:
    """What every household of a pile shares: the day, who acts, the item, and the scheme in force."""

    day: str
    maker: Standing
    item: Item
    scheme: SchemeInForce
    earning: Earning

    @property
    def asked_points(self) -> int:
        return abs(self.item.points) * self.earning.quantity


def _matter(connection: Connection, village: int, day: str, earning: Earning, by: int) -> _Matter:
    item = require_item(connection, village, earning.item, day)
    maker = require_right(connection, village, by, Right.DEDUCT if item.is_deduction else Right.AWARD)
    if not 1 <= earning.quantity <= MOST_UNITS:
        raise Refused("units_wrong", most=MOST_UNITS)
    if item.needs_evidence and not (earning.paper or earning.evidence or earning.note):
        raise Refused("evidence_missing")
    return _Matter(day, maker, item, household_scheme(connection, village, day), earning)


def _distinct(recipients: tuple[Recipient, ...]) -> list[Recipient]:
    if not recipients:
        raise Refused("pile_empty")
    found: dict[int, Recipient] = {}
    for recipient in recipients:
        found.setdefault(recipient.household_id, recipient)
    return list(found.values())


def _offer(connection: Connection, village: int, recipient: Recipient, matter: _Matter) -> Offer:
    require_open_household(connection, village, recipient.household_id)
    household = show_household(connection, village, recipient.household_id)
    asked = matter.asked_points
    if matter.item.is_deduction:
        return Offer(recipient, household, asked, min(asked, max(household.redeemable_points, 0)), FREE, None)
    room = room_for(connection, village, recipient.household_id, matter.item, matter.scheme, matter.day)
    points = room.fit(asked)
    return Offer(recipient, household, asked, points, room, _waits_for(connection, village, recipient, points, matter))


def _waits_for(
    connection: Connection, village: int, recipient: Recipient, points: int, matter: _Matter
) -> RequestReason | None:
    if recipient.household_id == matter.maker.household_id:
        if not recipient.may_wait:
            raise NotAllowed("award_to_own_household")
        return "own_household"
    limit = rule_in_force(connection, village, "points", "award_limit_points", matter.day)
    return "over_limit" if points > limit else None


def _cap_reached(offer: Offer) -> Refused:
    return Refused("cap_reached", name=offer.household.name, cap_points=offer.room.cap_points)


def _give(act: Act, offer: Offer, matter: _Matter) -> Given:
    if not offer.points:
        return Given(offer, None, offer.household.redeemable_points)
    household_id, person_id = offer.recipient.household_id, offer.recipient.person_id
    if offer.waits_for is None:
        award = Award(matter.item.scheme, matter.earning, offer.points, person_id)
        posted = post_award(act, household_id, award)
        return Given(offer, posted.entry_id, posted.after_points)
    earning = matter.earning
    body = AwardRequested(
        household=household_id, person=person_id, scheme=matter.item.scheme, item=earning.item,
        quantity=earning.quantity, points=offer.points, paper=earning.paper, evidence=earning.evidence,
        reason=offer.waits_for,
    )  # fmt: skip
    return Given(offer, act.append(body, _private(earning)).id, offer.household.redeemable_points)


def _take(act: Act, offer: Offer, matter: _Matter) -> Given:
    household_id, earning = offer.recipient.household_id, matter.earning
    body = PointsDeducted(
        household=household_id, person=offer.recipient.person_id, scheme=matter.item.scheme, item=earning.item,
        quantity=earning.quantity, asked=offer.asked_points, points=offer.points, paper=earning.paper,
        evidence=earning.evidence, legs=transfer("adjusted", household_id, -offer.points),
    )  # fmt: skip
    fact = act.append(body, _private(earning))
    return Given(offer, fact.id, balance_of(act.connection, act.village, household_id))


def _private(earning: Earning) -> dict[str, str] | None:
    return None if earning.note is None else {"note": earning.note}
