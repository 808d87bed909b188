"""What the till reads across the counter, each in one go: whose card this is, what these goods are, a basket anew."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, select

from db.facts.shop import Entry
from db.names import is_text_of, name_in
from db.store import Store
from db.tables.columns import WHOLE
from db.tables.guard import OpenDay
from db.tables.journal import PrivateText
from db.tables.people import Card, Household, Person
from db.tables.points import Balance
from db.tables.statement import table_of
from kiosk.domain.allowance import Allowance
from kiosk.domain.basket import Holder, KeptBasket
from kiosk.domain.card import find_card
from kiosk.domain.card_bar import is_barred
from kiosk.domain.goods import Goods, find_goods, find_goods_of_code, is_near_expiry
from kiosk.domain.grounds import has_limits
from kiosk.domain.people import HouseholdPlace, HouseholdShown, require_open_household, show_household
from kiosk.domain.period import day_state
from kiosk.domain.shop import had_this_month
from kiosk.errors import Refused


@dataclass(frozen=True)
class Recognised:
    """A household at the counter: how it was recognised, and whose card it is, if it is a person's.

    `proxy_name` is who collects in its place, "" if nobody does.
    """

    holder: Holder
    household: HouseholdShown
    person_name: str = ""
    proxy_name: str = ""


@dataclass(frozen=True)
class Offer:
    """Goods that a code names on a business day, and what the household at the counter had of them this month.

    `allowances` are the limits by day of these goods and of all goods, with what the household had.
    """

    goods: Goods
    day: str
    had: int
    allowances: tuple[Allowance, ...] = ()

    @property
    def is_past_best_before(self) -> bool:
        """Whether the earliest day on the shelf has passed: somebody must look at the pack."""
        return self.goods.best_before is not None and self.goods.best_before < self.day

    def first_out(self, pack_day: str | None) -> str | None:
        """Return the day of the packs that go before one of `pack_day` (None: it does not say), if that day is near."""
        first = self.goods.best_before
        if first is None or self.is_past_best_before or (pack_day is not None and pack_day <= first):
            return None
        return first if is_near_expiry(self.goods, self.day) else None


@dataclass(frozen=True)
class BasketShown:
    """A kept basket read anew: what can still be handed out, at today's prices, and the household it is for."""

    basket: KeptBasket
    goods: Mapping[int, Goods]
    found: Recognised | None


class _LiveCard(NamedTuple):
    """What `_live_statement` gives of a card, in the order of its columns; the texts are private ones, as they lie."""

    card_id: int
    person_id: int | None
    household_id: int
    group_number: int | None
    house_number: int | None
    state: str
    redeemable_points: int | None
    name_text: str | None
    person_name_text: str | None


def recognise_card(store: Store, number: str, entry: Entry) -> Recognised:
    """Return the household of a card or book code by its 16 digits; `entry` says how they came in.

    Raises:
        Refused: as `find_card`, or the household joined another (`household_merged`).
    """
    rows = store.look_up(_live_statement, of_number=number)
    if len(rows) == 1:
        return _recognised_by(_LiveCard(*rows[0]), entry)
    with store.read() as connection:
        held = find_card(connection, store.village, number)
        return _recognised(connection, store.village, Holder(held.household_id, entry, held.person_id, held.card_id))


def recognise_place(store: Store, group: int, house: int) -> tuple[Recognised, ...]:
    """Return the households at a place of the village, mostly one; of several somebody must choose.

    Raises:
        Refused: there is none (`household_not_at_place`).
    """
    household = table_of(Household).c
    statement = select(household.household_id).where(
        household.village == store.village, household.group_number == group, household.house_number == house,
        household.state == "open",
    )  # fmt: skip
    with store.read() as connection:
        found = connection.execute(statement.order_by(household.household_id)).scalars().all()
        if not found:
            raise Refused("household_not_at_place", group=group, house=house)
        return tuple(_recognised(connection, store.village, Holder(each, "found")) for each in found)


def recognise_household(store: Store, household_id: int) -> Recognised:
    """Return a household that somebody found by name.

    Raises:
        Refused: it is unknown or joined another (`household_unknown`, `household_merged`).
    """
    with store.read() as connection:
        return _recognised(connection, store.village, Holder(household_id, "found"))


def offer_goods(store: Store, code: str, household_id: int | None) -> tuple[Offer, ...]:
    """Return what a goods code names: nothing, one item, or several of which somebody must choose.

    Raises:
        Refused: no day is open (`day_not_open`).
    """
    with store.read() as connection:
        row = connection.execute(_day_statement(), {"of_village": store.village}).one_or_none()
        if row is None:
            raise Refused("day_not_open")
        found = find_goods_of_code(connection, store.village, code, row.day)
        offers = tuple(
            Offer(goods, row.day, _had(connection, store.village, household_id, goods, row.day))
            for goods in found.values()
        )
        return _within_limits(connection, store.village, household_id, offers) if row.has_limits else offers


def reprice_basket(store: Store, kept: KeptBasket) -> BasketShown:
    """Read a kept basket anew: what has no price any more is left out, and so is a household that joined another."""
    with store.read() as connection:
        state = day_state(connection, store.village)
        items = sorted({step.item_id for step in kept.steps})
        found = find_goods(connection, store.village, items, state.open_day or state.latest_day or "")
        goods = {item_id: each for item_id, each in found.items() if each.points is not None}
        steps = tuple(step for step in kept.steps if step.item_id in goods)
        try:
            recognised = None if kept.holder is None else _recognised(connection, store.village, kept.holder)
        except Refused:
            recognised = None
    holder = None if recognised is None else kept.holder
    return BasketShown(replace(kept, holder=holder, steps=steps), goods, recognised)


def _recognised_by(row: _LiveCard, entry: Entry) -> Recognised:
    place = HouseholdPlace(row.group_number or 0, row.house_number or 0)
    name, points = name_in(row.name_text), row.redeemable_points or 0
    household = HouseholdShown(row.household_id, name, place, row.state, points)
    holder = Holder(row.household_id, entry, row.person_id, row.card_id)
    return Recognised(holder, household, name_in(row.person_name_text))


def _recognised(connection: Connection, village: int, holder: Holder) -> Recognised:
    require_open_household(connection, village, holder.household_id)
    household = show_household(connection, village, holder.household_id)
    return Recognised(holder, household, proxy_name=_proxy_name(connection, village, holder.proxy_id))


def _proxy_name(connection: Connection, village: int, proxy_id: int | None) -> str:
    if proxy_id is None:
        return ""
    from kiosk.domain.person import name_of_person

    return name_of_person(connection, village, proxy_id)


def _within_limits(
    connection: Connection, village: int, household_id: int | None, offers: tuple[Offer, ...]
) -> tuple[Offer, ...]:
    """Give each of some goods the limits by day that hold for it; a village without any never comes here."""
    from kiosk.domain.limit import allowances_of

    items = [offer.goods.item_id for offer in offers]
    allowances = allowances_of(connection, village, household_id, items, offers[0].day) if offers else ()
    return tuple(
        replace(offer, allowances=tuple(a for a in allowances if a.limit.item_id in (None, offer.goods.item_id)))
        for offer in offers
    )


def _had(connection: Connection, village: int, household_id: int | None, goods: Goods, day: str) -> int:
    return 0 if household_id is None else had_this_month(connection, village, household_id, goods, day)


@lru_cache(maxsize=1)
def _day_statement() -> Select[Any]:
    day, village = table_of(OpenDay).c, bindparam("of_village", type_=WHOLE)
    return select(day.day, has_limits(village).label("has_limits")).where(day.village == village)


def _live_statement() -> Select[Any]:
    """Card, household, balance, person and both names in one statement: this is what a queue of people waits for."""
    card, household, balance, person = (table_of(table) for table in (Card, Household, Balance, Person))
    name, person_name = table_of(PrivateText).alias("name"), table_of(PrivateText).alias("person_name")
    village = card.c.village
    joined = (
        card.join(household, (household.c.village == village) & (household.c.household_id == card.c.household_id))
        .outerjoin(balance, (balance.c.village == village) & (balance.c.household_id == card.c.household_id))
        .outerjoin(person, (person.c.village == village) & (person.c.person_id == card.c.person_id))
        .outerjoin(name, is_text_of(name, village, household.c.name_id))
        .outerjoin(person_name, is_text_of(person_name, village, person.c.name_id))
    )
    return (
        select(card.c.card_id, card.c.person_id, household.c.household_id, household.c.group_number)
        .add_columns(household.c.house_number, household.c.state, balance.c.redeemable_points)
        .add_columns(name.c.text, person_name.c.text)
        .select_from(joined)
        .where(village == bindparam("of_village"), card.c.number == bindparam("of_number"))
        .where(card.c.state == "live", household.c.state == "open", ~is_barred(card))
    )
