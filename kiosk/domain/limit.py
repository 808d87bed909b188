"""Limits by day: how much a household may have of an item, or of all goods, in a visit or a period.

Those of the county, for all and for one village, and those of the village hold beside each other, so a village never
loosens what the county says.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, bindparam, func, or_, select

from db.facts.shop import MonthlyLimitSet
from db.facts.terms import Festival, RedemptionLimitSet, Span
from db.journal import COMMON_VILLAGE
from db.line import COUNTY_LOG, Stamp
from db.store import Act, Store
from db.tables.shop import Redemption, RedemptionLine
from db.tables.statement import table_of
from db.tables.terms import RedemptionLimit
from kiosk.calendar import MONTH, QUARTER, YEAR, days_after, months_around
from kiosk.domain.access import require_right
from kiosk.domain.allowance import Allowance, Limit, require_allowed
from kiosk.domain.dated import require_not_closed
from kiosk.domain.goods import Goods, show_goods
from kiosk.domain.joined import one_by_now
from kiosk.domain.period import require_day
from kiosk.domain.returned import line_returned, points_returned
from kiosk.domain.shop import is_void
from kiosk.errors import NotAllowed, Refused
from kiosk.rights import Right

MOST: Final = 10_000_000
"""Pieces, grams or hundredths of a point: more is a slip of the finger."""
MONTHS: Final[Mapping[str, int]] = {"month": MONTH, "quarter": QUARTER, "year": YEAR}


@dataclass(frozen=True)
class NewLimit:
    """A limit to set: of an item in pieces or grams, of all goods (`item_id` None) in hundredths of a point.

    `until_day` and `festival` are those of a festival, and None with every other span. One that was set already may be
    the county's (`is_county`).
    """

    item_id: int | None
    span: Span
    quantity: int
    from_day: str
    until_day: str | None = None
    festival: Festival | None = None
    is_county: bool = False


def set_limit(store: Store, new: NewLimit, *, now: Stamp, by: int) -> None:
    """Set a limit from the open day on, or from a later one.

    A limit of the month that a sheet of goods set, which has no day, becomes one by day and ends when the new one
    begins.

    Raises:
        Refused: the item is unknown (`item_unknown`), the quantity is none (`number_out_of_range`), the day is closed
            (`limit_day_closed`), or the festival ends before it begins (`festival_goes_back`).
        NotAllowed: as `require_right`.
    """
    if not 1 <= new.quantity <= MOST:
        raise Refused("number_out_of_range", least=1, most=MOST)
    if new.span == "festival" and (new.until_day or "") < new.from_day:
        raise Refused("festival_goes_back", first=new.from_day, last=new.until_day)
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.MANAGE_GOODS)
        require_not_closed(act, new.from_day, "limit_day_closed")
        if new.item_id is not None:
            goods = show_goods(act.connection, act.village, new.item_id, new.from_day)
            if new.span == "month" and goods.monthly_limit is not None:
                _give_day(act, goods, goods.monthly_limit)
        act.append(
            RedemptionLimitSet(
                item=new.item_id, span=new.span, quantity=new.quantity, from_day=new.from_day,
                until_day=new.until_day, festival=new.festival,
            )
        )  # fmt: skip


def withdraw_limit(store: Store, limit: Limit, *, now: Stamp, by: int) -> None:
    """End a limit with the open day.

    Raises:
        Refused: no day is open (`day_not_open`).
        NotAllowed: as `require_right`; the county set it (`limit_is_countys`).
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.MANAGE_GOODS)
        day = require_day(act)
        if limit.is_county:
            raise NotAllowed("limit_is_countys")
        ends = limit.from_day if limit.span == "festival" else day
        act.append(
            RedemptionLimitSet(
                item=limit.item_id, span=limit.span, quantity=None, from_day=ends, festival=limit.festival,
                until_day=limit.last_day if limit.span == "festival" else None,
            )
        )  # fmt: skip


def withdraw_coming(store: Store, new: NewLimit, *, now: Stamp, by: int) -> None:
    """Take a limit back before its day has come: what held until then goes on. Raises NotAllowed as `withdraw_limit`.

    Of one day the last word holds, so that day is given the limit of the day before it, or none.
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.MANAGE_GOODS)
        if new.is_county:
            raise NotAllowed("limit_is_countys")
        act.append(
            RedemptionLimitSet(
                item=new.item_id, span=new.span, quantity=_held_before(act, new), from_day=new.from_day,
                until_day=new.until_day, festival=new.festival,
            )
        )  # fmt: skip


def limits_on(connection: Connection, village: int, items: Collection[int], day: str) -> tuple[Limit, ...]:
    """Return the limits in force on a day for some items, and for all goods together."""
    standing: dict[tuple[Any, ...], Row[Any]] = {}
    parameters = {"of_village": village, "of_items": list(items), "of_day": day}
    for row in connection.execute(_limits_statement(), parameters):
        begun = row.from_day if row.span == "festival" else None
        standing[row.village, row.log == COUNTY_LOG, row.item_id, row.span, begun] = row
    shown = (_limit(row, day) for row in standing.values() if row.quantity is not None)
    return tuple(each for each in shown if each.last_day >= day)


def coming_limits(connection: Connection, village: int, item_id: int | None, day: str) -> tuple[NewLimit, ...]:
    """Return the limits of an item, or of all goods, that hold from a later day on, the earliest first.

    One of the village that says what held before is none that comes: so one looks that was taken back.
    """
    limit = table_of(RedemptionLimit)
    statement = (
        select(limit)
        .where(limit.c.village.in_([village, COMMON_VILLAGE]), limit.c.item_id.is_not_distinct_from(item_id))
        .where(limit.c.from_day > day)
        .order_by(limit.c.from_day, limit.c.rank)
    )
    rows = connection.execute(statement)
    standing = {(row.village, row.log == COUNTY_LOG, row.span, row.from_day): row for row in rows}
    found, before = [], _own_quantities(connection, village, item_id, day)
    for row in standing.values():
        is_county = row.log == COUNTY_LOG
        is_new = is_county or row.span == "festival" or before.get(row.span) != row.quantity
        if not is_county:
            before[row.span] = row.quantity
        if is_new and row.quantity is not None:
            more = (row.from_day, row.until_day, row.festival, is_county)
            found.append(NewLimit(item_id, row.span, row.quantity, *more))
    return tuple(found)


def allowances_of(
    connection: Connection, village: int, household_id: int | None, items: Collection[int], day: str
) -> tuple[Allowance, ...]:
    """Return what each limit of some items, and of all goods, leaves a household; of nobody yet (None) all of it.

    That which leaves least comes first.
    """
    allowances = (
        Allowance(limit, 0 if household_id is None else _had(connection, village, household_id, limit))
        for limit in limits_on(connection, village, items, day)
    )
    return tuple(sorted(allowances, key=lambda each: each.left))


def had_between(
    connection: Connection, village: int, household_id: int, item_id: int | None, first: str, last: str
) -> int:
    """Return what a household, and those that joined it, had from one day to another, both in it.

    Pieces or grams of an item, hundredths of points of all goods (None); what is void or came back was not had.
    """
    theirs = list(one_by_now(connection, village, [household_id]))
    parameters = {"of_village": village, "of_households": theirs, "first": first, "last": last}
    if item_id is None:
        return connection.execute(_points_statement(), parameters).scalar_one() or 0
    return connection.execute(_quantity_statement(), parameters | {"of_item": item_id}).scalar_one() or 0


def require_limits(
    connection: Connection, village: int, household_id: int, day: str, wanted: Iterable[tuple[Goods, int]], points: int
) -> None:
    """Let a household have a basket only within every limit. Raises Refused as `require_allowed`."""
    quantities = {goods.item_id: (goods, quantity) for goods, quantity in wanted}
    for allowance in allowances_of(connection, village, household_id, quantities, day):
        if allowance.limit.item_id is None:
            require_allowed(allowance, None, points)
        else:
            require_allowed(allowance, *quantities[allowance.limit.item_id])


def _held_before(act: Act, new: NewLimit) -> int | None:
    """Return what the village's limit in the place of a coming one is on the day before; that of a festival is none."""
    if new.span == "festival":
        return None
    before = _own_quantities(act.connection, act.village, new.item_id, days_after(new.from_day, -1))
    return before.get(new.span)


def _own_quantities(connection: Connection, village: int, item_id: int | None, day: str) -> dict[str, int | None]:
    """Return the village's own limits of an item, or of all goods, on a day: how much by span."""
    held = limits_on(connection, village, [] if item_id is None else [item_id], day)
    return {each.span: each.quantity for each in held if each.item_id == item_id and not each.is_county}


def _give_day(act: Act, goods: Goods, quantity: int) -> None:
    """Turn a limit of the month without a day into one from the open day on."""
    day = require_day(act)
    act.append(RedemptionLimitSet(item=goods.item_id, span="month", quantity=quantity, from_day=day))
    act.append(MonthlyLimitSet(item=goods.item_id, quantity=None))


def _limit(row: Row[Any], day: str) -> Limit:
    first, last = _period(row, day)
    is_county = row.log == COUNTY_LOG
    return Limit(row.item_id, row.span, row.quantity, first, last, row.from_day, row.festival, is_county)


def _period(row: Row[Any], day: str) -> tuple[str, str]:
    """Return first and last day of the period a limit counts over."""
    if row.span == "festival":
        return row.from_day, row.until_day or row.from_day
    months = MONTHS.get(row.span)
    if months is None:
        return day, day
    return months_around(day, months)


def _had(connection: Connection, village: int, household_id: int, limit: Limit) -> int:
    if limit.span == "visit":
        return 0
    return had_between(connection, village, household_id, limit.item_id, limit.first_day, limit.last_day)


@lru_cache(maxsize=1)
def _limits_statement() -> Select[Any]:
    limit = table_of(RedemptionLimit)
    return (
        select(limit)
        .where(
            limit.c.village.in_([bindparam("of_village"), COMMON_VILLAGE]),
            or_(limit.c.item_id.in_(bindparam("of_items", expanding=True)), limit.c.item_id.is_(None)),
            limit.c.from_day <= bindparam("of_day"),
        )
        .order_by(limit.c.from_day, limit.c.rank)
    )


@lru_cache(maxsize=1)
def _points_statement() -> Select[Any]:
    made = table_of(Redemption)
    return select(func.sum(made.c.points - points_returned(made))).where(*_in_period(made))


@lru_cache(maxsize=1)
def _quantity_statement() -> Select[Any]:
    line = table_of(RedemptionLine)
    kept = func.sum(line.c.quantity - line_returned(line, "quantity"))
    return select(kept).where(*_in_period(line), line.c.item_id == bindparam("of_item"))


def _in_period(of: FromClause) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a redemption, or a line of one, is a household's, in a period, and not void."""
    is_here, is_now = of.c.village == bindparam("of_village"), of.c.day.between(bindparam("first"), bindparam("last"))
    return is_here, of.c.household_id.in_(bindparam("of_households", expanding=True)), is_now, ~is_void(of)
