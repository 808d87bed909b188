"""Prices with the day from which they hold, who set them and why; what changes soon is said beforehand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from db.facts.shop import PriceReason, PriceStated
from db.journal import COMMON_VILLAGE
from db.line import ENTITIES_PER_LOG, Stamp
from db.names import names_of
from db.rules import rule
from db.rules.in_force import rule_in_force
from db.store import Store
from db.tables.shop import Price
from db.tables.statement import table_of
from db.tables.terminal import Operator
from kiosk.calendar import days_after
from kiosk.domain.access import require_right
from kiosk.domain.dated import require_not_closed
from kiosk.domain.goods import find_goods, show_goods
from kiosk.domain.period import day_state
from kiosk.errors import NotAllowed, Refused
from kiosk.rights import Right

MOST_POINTS: Final = 10_000_000
"""Hundredths of a point for one unit: more is a slip of the finger."""


class PriceState(StrEnum):
    """How a price stands on the current day; `replaced` by a later word about the same day."""

    COMING = "coming"
    NOW = "now"
    PAST = "past"
    REPLACED = "replaced"


@dataclass(frozen=True)
class DatedPrice:
    """A price to set: hundredths of a point for one unit, from a day on, and why."""

    from_day: str
    points: int
    reason: PriceReason = "other"


@dataclass(frozen=True)
class PriceShown:
    """A price of goods, hundredths of a point for one unit; `set_by` is "" where nobody of this village said it."""

    from_day: str
    points: int
    reason: PriceReason | None
    set_by: str
    is_county: bool
    state: PriceState


@dataclass(frozen=True)
class PriceChange:
    """Goods that cost something else from a day on, in hundredths of a point."""

    item_id: int
    name: str
    from_day: str
    before_points: int
    points: int


def set_price(store: Store, item_id: int, price: DatedPrice, *, now: Stamp, by: int) -> None:
    """Set the price of goods in hundredths of a point for one unit, from the open day on or from a later one.

    What was redeemed on a day was redeemed at the price of that day, so a day that is closed keeps its price.

    Raises:
        Refused: the item is unknown (`item_unknown`), the price is below zero (`points_not_positive`) or too large
            (`number_out_of_range`), or the day is closed (`price_day_closed`).
        NotAllowed: as `require_right`; the county's goods cost what the county says (`price_is_countys`).
    """
    if price.points < 0:
        raise Refused("points_not_positive")
    if price.points > MOST_POINTS:
        raise Refused("number_out_of_range", least=0, most=MOST_POINTS // 100)
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.MANAGE_GOODS)
        goods = show_goods(act.connection, act.village, item_id, price.from_day)
        require_not_closed(act, price.from_day, "price_day_closed")
        if item_id < ENTITIES_PER_LOG and rule_in_force(
            act.connection, act.village, "shop", "county_price_binds", price.from_day
        ):
            raise NotAllowed("price_is_countys", item=goods.name)
        act.append(PriceStated(item=item_id, from_day=price.from_day, points=price.points, reason=price.reason))


def list_prices(connection: Connection, village: int, item_id: int, today: str) -> tuple[PriceShown, ...]:
    """Return every price that goods have, had or will have on a day, the latest day first."""
    rows = _rows_of(connection, village, (item_id,))[item_id]
    names = names_of(connection, village, (row.name_id for row in rows))
    return tuple(
        PriceShown(
            row.from_day, row.points, row.reason_code, names[row.name_id] or "", row.village == COMMON_VILLAGE, state
        )
        for row, state in zip(rows, _states(rows, today), strict=True)
    )


def price_changes(store: Store) -> tuple[PriceChange, ...]:
    """Return the goods that cost something else from today or a day soon, by day and name."""
    with store.read() as connection:
        today = day_state(connection, store.village).open_day
        if today is None:
            return ()
        last = days_after(today, rule("shop", "price_notice_days", today))
        price = table_of(Price).c
        soon = select(price.item_id).where(
            price.village.in_([store.village, COMMON_VILLAGE]), price.from_day >= today, price.from_day <= last
        )
        items = sorted(set(connection.execute(soon).scalars()))
        rows = _rows_of(connection, store.village, items)
        names = {item: goods.name for item, goods in find_goods(connection, store.village, items, today).items()}
    changes = [each for item in items if item in names for each in _changes(item, names[item], rows[item], today, last)]
    return tuple(sorted(changes, key=lambda each: (each.from_day, each.name)))


def _states(rows: Sequence[Row[Any]], today: str) -> Iterable[PriceState]:
    """Say how each of the prices of one item stands; the latest day comes first, of one day the highest rank."""
    seen: set[str] = set()
    has_current = False
    for row in rows:
        if row.from_day in seen:
            yield PriceState.REPLACED
        elif row.from_day > today:
            yield PriceState.COMING
        else:
            yield PriceState.PAST if has_current else PriceState.NOW
            has_current = True
        seen.add(row.from_day)


def _changes(item_id: int, name: str, rows: Sequence[Row[Any]], today: str, last: str) -> Iterable[PriceChange]:
    """Say what one item will cost instead of what it cost before; its first price is no change."""
    before: int | None = None
    standing = {row.from_day: row.points for row in reversed(rows)}
    for from_day, points in standing.items():
        if before is not None and before != points and today <= from_day <= last:
            yield PriceChange(item_id, name, from_day, before, points)
        before = points


def _rows_of(connection: Connection, village: int, items: Sequence[int]) -> Mapping[int, Sequence[Row[Any]]]:
    """Return the prices of items, the latest day first and of one day the highest rank first."""
    price, operator = table_of(Price), table_of(Operator)
    is_same = (operator.c.village == price.c.village) & (operator.c.operator_id == price.c.operator_id)
    statement = (
        select(price, operator.c.name_id)
        .select_from(price.outerjoin(operator, is_same))
        .where(price.c.village.in_([village, COMMON_VILLAGE]), price.c.item_id.in_(items))
        .order_by(price.c.from_day.desc(), price.c.rank.desc())
    )
    rows: dict[int, list[Row[Any]]] = {item: [] for item in items}
    for row in connection.execute(statement):
        rows[row.item_id].append(row)
    return rows
