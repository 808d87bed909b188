"""Visits to the shop: who comes when, recognised how, and what goes over the counter for the points.

About 280 visits a year in a village of 412 households, most of them before the spring festival and on the days on which
a quarter is settled. Who has saved more comes sooner.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from db.facts.shop import Entry, NoCardReason
from db.rules import rule
from db.tables.points import Balance
from db.tables.statement import table_of
from kiosk.demo.agenda import Agenda
from kiosk.demo.calendar import CLOSING, EXCHANGE_DAY, OPENING, SPRING_FESTIVAL, shop_days
from kiosk.demo.chance import happens, one_of, rounded, some_of
from kiosk.demo.goods import catalogue
from kiosk.demo.people import Presence
from kiosk.demo.setting_up import DemoVillage, Home
from kiosk.demo.words import words
from kiosk.domain.basket import BasketLine
from kiosk.domain.counter import Recognised, recognise_card, recognise_household
from kiosk.domain.goods import Goods, find_goods, points_for
from kiosk.domain.shop import LIMIT_OF_ENTRY, had_this_month, redeem_basket
from kiosk.domain.slip import settle_slip
from kiosk.domain.void import void_redemption

VISITS_A_HOUSEHOLD: Final = 284 / 412
LEAST_POINTS: Final = 500
"""Nobody comes for less (hundredths)."""
SECONDS_A_LINE: Final = 22
VOIDS: Final = 0.03
"""Redemptions in which something was wrong: made void before the household had left."""

_BEFORE_FESTIVAL: Final = timedelta(days=21)
_MID_YEAR: Final = 6
_QUARTER: Final = 3
_SAVED: Final = 3_000
_NOT_YET: Final = 0.03
_AWAY: Final = 0.4
_DEARER: Final = 5.0
_PROXY: Final = 0.8
_ENTRIES: Final[tuple[tuple[tuple[Entry, NoCardReason | None], float], ...]] = (
    (("card", None), 0.88),
    (("book", "forgotten"), 0.06),
    (("found", "forgotten"), 0.04),
    (("typed", None), 0.02),
)
_LINES: Final = ((1, 0.56), (2, 0.34), (3, 0.10))
_CHEAP: Final = 300
_GRAMS: Final = (400, 2_600)
_MOST_PIECES: Final = 3
_TWO: Final = 0.3


def plan_visits(village: DemoVillage, agenda: Agenda) -> None:
    """Put the visits of the year into it; who comes is seen when the moment has come."""
    chance, visits = village.chance.of("visits"), Visits(village)
    weights = {day: _weight(day) for day in shop_days()}
    a_day = VISITS_A_HOUSEHOLD * len(village.homes) / sum(weights.values())
    for day, weight in weights.items():
        for _visit in range(rounded(chance, a_day * weight)):
            agenda.put(day, chance.randrange(OPENING + 10, CLOSING - 10), visits.serve)


def _weight(day: date) -> float:
    """Return how many come on a day, as a multiple of an ordinary one; more come as points add up."""
    weight = 0.2 + 1.6 * day.timetuple().tm_yday / 365
    if SPRING_FESTIVAL - _BEFORE_FESTIVAL <= day < SPRING_FESTIVAL:
        weight *= 2.5
    if day.month == _MID_YEAR:
        weight *= 1.3
    if day.day == EXCHANGE_DAY:
        weight *= 2.5 if day.month % _QUARTER == 0 else 1.5
    return weight


class Visits:
    """The counter through the year: it remembers who came today, and what kinds of goods the points went for."""

    def __init__(self, village: DemoVillage) -> None:
        """Begin before the first visit."""
        self._village = village
        self._chance, self._voids = village.chance.of("counter"), village.chance.of("voids")
        self._kinds = {village.items[item.code]: item.kind for item in catalogue()}
        self._spent: Counter[str] = Counter()
        self._came: tuple[date | None, set[int]] = (None, set())

    def serve(self) -> None:
        """Serve whoever comes next: card, goods, confirmed, slip."""
        home = self._visitor()
        if home is None:
            return
        found = self._recognise(home)
        basket = self._choose(found)
        if basket:
            desk = self._village.desk
            desk.clock.advance(len(basket) * SECONDS_A_LINE * 1_000)
            redeemed = desk.attendant_does(redeem_basket, found.holder, basket)
            desk.attendant_does(settle_slip, redeemed.redemption_id)
            self._spent.update({self._kinds[line.item_id]: line.points for line in redeemed.lines})
            if happens(self._voids, VOIDS):
                desk.slip_comes(desk.attendant_does(void_redemption, redeemed.redemption_id).fact_id)

    def _visitor(self) -> Home | None:
        """Return a household that did not come today; none if nobody has anything to spend."""
        day = self._village.desk.day
        if self._came[0] != day:
            self._came = day, set()
        points = balances(self._village)
        waiting = [home for home in self._village.open_homes if home.household_id not in self._came[1]]
        saved = {home.household_id: _wish(home, points.get(home.household_id, 0)) for home in waiting}
        found = some_of(self._chance, waiting, 1, lambda home: saved[home.household_id])
        self._came[1].update(home.household_id for home in found)
        return found[0] if found else None

    def _recognise(self, home: Home) -> Recognised:
        """Recognise a household by its card, or otherwise where it has none with it."""
        store, household = self._village.desk.store, home.drawn
        entry, reason = one_of(self._chance, _ENTRIES)
        if home.is_lost:
            entry, reason = "found", "lost"
        elif household.has_proxy and happens(self._chance, _PROXY):
            entry, reason = "found", "proxy"
        if entry == "found":
            found = recognise_household(store, home.household_id)
        else:
            number = home.book if entry == "book" else home.card.number
            found = recognise_card(store, number, entry)
        return replace(found, holder=replace(found.holder, no_card_reason=reason))

    def _choose(self, found: Recognised) -> list[BasketLine]:
        """Choose goods within its points: of the kind that had less than its share so far, dearer ones sooner."""
        goods, left = self._on_offer(found), self._budget(found)
        basket: list[BasketLine] = []
        for _line in range(one_of(self._chance, _LINES)):
            affordable = _worth_it({item: each for item, each in goods.items() if 0 < _least(each) <= left}, left)
            if not affordable:
                break
            kind = max({self._kinds[item] for item in affordable}, key=lambda each: (self._lack(each), each))
            fitting = [each for item, each in affordable.items() if self._kinds[item] == kind]
            chosen = some_of(self._chance, fitting, 1, lambda each: float(each.points or 0) ** _DEARER)[0]
            line = BasketLine(chosen.item_id, self._quantity(chosen, left))
            left -= points_for(chosen.points or 0, line.quantity, chosen.per)
            basket.append(line)
            del goods[chosen.item_id]
        return basket

    def _on_offer(self, found: Recognised) -> dict[int, Goods]:
        """Return what is on the shelf and within this household's limits of the month."""
        store, day = self._village.desk.store, self._village.desk.day.isoformat()
        household_id = found.household.household_id
        with store.read() as connection:
            goods = find_goods(connection, store.village, sorted(self._kinds), day)
            return {
                item: each
                for item, each in goods.items()
                if each.stock >= (_GRAMS[1] if each.is_weighed else 1)
                and (
                    each.monthly_limit is None
                    or had_this_month(connection, store.village, household_id, each, day) < each.monthly_limit
                )
            }

    def _budget(self, found: Recognised) -> int:
        limited = LIMIT_OF_ENTRY.get(found.holder.entry)
        if limited is None:
            return found.household.redeemable_points
        limit = rule("shop", f"{limited}_limit_points", self._village.desk.day.isoformat())
        return min(limit, found.household.redeemable_points)

    def _lack(self, kind: str) -> float:
        """Return by how much the share of a kind lies below what it should be."""
        shares = words()["share"]
        return shares[kind] / sum(shares.values()) - self._spent[kind] / max(self._spent.total(), 1)

    def _quantity(self, goods: Goods, left: int) -> int:
        """Return pieces, mostly one, or grams."""
        if goods.is_weighed:
            most = min(_GRAMS[1], left * goods.per // (goods.points or 1))
            return self._chance.randint(_GRAMS[0], max(_GRAMS[0], most))
        if goods.monthly_limit is not None:
            return 1
        most = min(_MOST_PIECES, goods.stock, left // (goods.points or 1))
        is_one = (goods.points or 0) > _CHEAP and not happens(self._chance, _TWO)
        return 1 if is_one or most < 1 else self._chance.randint(min(2, most), most)


def balances(village: DemoVillage) -> Mapping[int, int]:
    """Return redeemable points in hundredths by household."""
    balance = table_of(Balance).c
    statement = select(balance.household_id, balance.redeemable_points).where(
        balance.village == village.desk.store.village
    )
    with village.desk.store.read() as connection:
        return {household_id: points or 0 for household_id, points in connection.execute(statement)}


def _wish(home: Home, points: int) -> float:
    """Return how soon a household comes: most save until it is worth the way; who lives away comes seldom."""
    if points < LEAST_POINTS:
        return 0.0
    saved = points / _SAVED
    share = _AWAY if home.drawn.presence is Presence.AWAY else 1.0
    return share * saved**8 * (1.0 if saved >= 1 else _NOT_YET)


def _worth_it(goods: Mapping[int, Goods], left: int) -> dict[int, Goods]:
    """Leave out what is small beside the points at hand, as long as there is something else."""
    worth = {item: each for item, each in goods.items() if 5 * _least(each) >= 4 * left}
    return worth or dict(goods)


def _least(goods: Goods) -> int:
    """Return the points of the least that is handed out: a piece, or some hundred grams; 0 without a price."""
    return points_for(goods.points or 0, _GRAMS[0] if goods.is_weighed else 1, goods.per)
