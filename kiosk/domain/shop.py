"""The shop: what goods are, what they cost today, and handing them out for points at the seat."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from db.facts.body import transfer
from db.facts.shop import Entry, ItemRegistered, Line, PriceSet, RedemptionMade
from db.line import Stamp, home_village
from db.rules import rule
from db.store import Act, Store
from db.tables.shop import Item, ItemCode, Price, Redemption, RedemptionLine, Stock
from db.tables.statement import table_of
from kiosk.codes import CodeType, mint
from kiosk.domain.people import balance_of, require_open_household
from kiosk.domain.period import require_day
from kiosk.domain.terminal import SeatHeld, require_seat
from kiosk.errors import Refused


@dataclass(frozen=True)
class NewItem:
    """Goods to register: name, unit, codes (GTIN-14 or in-store), price in hundredths of a point."""

    name: str
    unit: str
    codes: tuple[str, ...]
    points: int


@dataclass(frozen=True)
class Goods:
    """An item as the till shows it: price in hundredths (None: none yet), book stock, best-before, monthly limit."""

    item_id: int
    name: str
    unit: str
    is_provisional: bool
    points: int | None
    stock: int
    best_before: str | None
    monthly_limit: int | None


@dataclass(frozen=True)
class Holder:
    """For whom: the household, and how it was recognised (card, book code, found by name, number typed)."""

    household_id: int
    entry: Entry
    person_id: int | None = None
    card_id: int | None = None
    no_card_reason: str | None = None


@dataclass(frozen=True)
class BasketLine:
    """An item and how many of it."""

    item_id: int
    quantity: int


@dataclass(frozen=True)
class RedeemedLine:
    """A line as it was booked, points in hundredths; `is_over_book` when the book stock had less."""

    item_id: int
    name: str
    unit: str
    quantity: int
    each_points: int
    points: int
    is_over_book: bool


@dataclass(frozen=True)
class Redeemed:
    """A confirmed redemption with everything the slip says."""

    redemption_id: int
    village: int
    till: int
    number: int
    slip_code: str
    holder: Holder
    lines: tuple[RedeemedLine, ...]
    points: int
    before_points: int
    after_points: int
    day: str
    at: int


def register_item(store: Store, item: NewItem, *, now: Stamp, by: int) -> int:
    """Register goods with a price from the open day on and return the item's id.

    Raises:
        Refused: no day is open (`day_not_open`), or a code names other goods (`code_taken`).
    """
    with store.write(now=now, by=by) as act:
        day = require_day(act)
        for code in item.codes:
            if find_items(act.connection, act.village, code):
                raise Refused("code_taken", barcode=code)
        fact = act.append(ItemRegistered(name=item.name, unit=item.unit, codes=item.codes))
        act.append(PriceSet(item=fact.id, from_day=day, points=item.points))
        return fact.id


def find_items(connection: Connection, village: int, code: str) -> list[int]:
    """Return the items a code names, the village's own and the county's; several mean: ask."""
    item_code = table_of(ItemCode).c
    statement = select(item_code.item_id).where(item_code.village.in_([village, 0]), item_code.code == code).distinct()
    return sorted(connection.execute(statement).scalars())


def show_goods(connection: Connection, village: int, item_id: int, day: str) -> Goods:
    """Return an item as the till shows it on a business day. Raises Refused (`item_unknown`)."""
    item, stock = table_of(Item).c, table_of(Stock).c
    row = connection.execute(
        select(item.name, item.unit, item.is_provisional, item.best_before, item.monthly_limit).where(
            item.village == home_village(item_id, village), item.item_id == item_id
        )
    ).one_or_none()
    if row is None:
        raise Refused("item_unknown")
    quantity = connection.execute(select(stock.quantity).where(stock.village == village, stock.item_id == item_id))
    return Goods(
        item_id, row.name, row.unit, bool(row.is_provisional), price_of(connection, village, item_id, day),
        quantity.scalar_one_or_none() or 0, row.best_before, row.monthly_limit,
    )  # fmt: skip


def price_of(connection: Connection, village: int, item_id: int, day: str) -> int | None:
    """Return the price in force on a day in hundredths of a point, or None: latest day first, then the highest rank."""
    price = table_of(Price).c
    statement = (
        select(price.points)
        .where(price.village.in_([village, 0]), price.item_id == item_id, price.from_day <= day)
        .order_by(price.from_day.desc(), price.rank.desc())
        .limit(1)
    )
    return connection.execute(statement).scalar_one_or_none()


def redeem_basket(store: Store, holder: Holder, basket: tuple[BasketLine, ...], *, now: Stamp, by: int) -> Redeemed:
    """Hand out goods for points: price, card limits and balance are read again inside the one transaction.

    Raises:
        Refused: `basket_empty`, `day_not_open`, `household_merged`, `item_not_priced`, `monthly_limit_reached`,
            `no_card_limit`, `typed_card_limit`, `points_missing` (with what is missing); NotAllowed (`seat_elsewhere`).
    """
    if not basket:
        raise Refused("basket_empty")
    with store.write(now=now, by=by) as act:
        day = require_day(act)
        seat = require_seat(act)
        require_open_household(act.connection, act.village, holder.household_id)
        lines = tuple(_price_line(act, day, line) for line in basket)
        _check_monthly_limits(act, holder, basket, day)
        points = sum(line.points for line in lines)
        before = balance_of(act.connection, act.village, holder.household_id)
        _check_points(holder, points, before, day)
        return _book(act, seat, holder, lines, before)


def _price_line(act: Act, day: str, line: BasketLine) -> RedeemedLine:
    goods = show_goods(act.connection, act.village, line.item_id, day)
    if goods.points is None:
        raise Refused("item_not_priced", item=goods.name)
    points = goods.points * line.quantity
    is_over_book = goods.stock < line.quantity
    return RedeemedLine(line.item_id, goods.name, goods.unit, line.quantity, goods.points, points, is_over_book)


def _check_monthly_limits(act: Act, holder: Holder, basket: tuple[BasketLine, ...], day: str) -> None:
    for line in basket:
        goods = show_goods(act.connection, act.village, line.item_id, day)
        if goods.monthly_limit is None:
            continue
        had = redeemed_this_month(act.connection, act.village, holder.household_id, line.item_id, day)
        if had + line.quantity > goods.monthly_limit:
            raise Refused("monthly_limit_reached", item=goods.name, limit=goods.monthly_limit, had=had)


def redeemed_this_month(connection: Connection, village: int, household_id: int, item_id: int, day: str) -> int:
    """Return how many of an item a household redeemed in the calendar month of `day`."""
    line = table_of(RedemptionLine).c
    statement = select(func.sum(line.quantity)).where(
        line.village == village, line.household_id == household_id, line.item_id == item_id,
        line.day >= f"{day[:7]}-01", line.day <= f"{day[:7]}-31",
    )  # fmt: skip
    return connection.execute(statement).scalar_one() or 0


def _check_points(holder: Holder, points: int, before: int, day: str) -> None:
    if holder.entry in ("book", "found") and points > (limit := rule("shop", "no_card_limit_points", day)):
        raise Refused("no_card_limit", limit_points=limit)
    if holder.entry == "typed" and points > (limit := rule("shop", "typed_card_limit_points", day)):
        raise Refused("typed_card_limit", limit_points=limit)
    if points > before:
        raise Refused("points_missing", missing_points=points - before)


def _book(act: Act, seat: SeatHeld, holder: Holder, lines: tuple[RedeemedLine, ...], before: int) -> Redeemed:
    points = sum(line.points for line in lines)
    body = RedemptionMade.model_validate(
        {
            "seat": seat.seat,
            "till": seat.till,
            "number": _next_number(act, seat.till),
            "slip": mint(CodeType.SLIP, act.village, act.entropy),
            "household": holder.household_id,
            "person": holder.person_id,
            "card": holder.card_id,
            "entry": holder.entry,
            "no_card_reason": holder.no_card_reason,
            "lines": tuple(_fact_line(line) for line in lines),
            "points": points,
            "before": before,
            "after": before - points,
            "legs": transfer("redeemed", holder.household_id, -points),
        }
    )
    fact = act.append(body)
    return Redeemed(
        fact.id, act.village, seat.till, body.number, body.slip, holder, lines, points, before, body.after,
        fact.day or "", fact.at,
    )  # fmt: skip


def _fact_line(line: RedeemedLine) -> Line:
    return Line(
        item=line.item_id,
        quantity=line.quantity,
        each=line.each_points,
        points=line.points,
        is_over_book=line.is_over_book,
    )


def _next_number(act: Act, till: int) -> int:
    redemption = table_of(Redemption).c
    statement = select(func.max(redemption.number)).where(
        redemption.village == act.village, redemption.log == act.log, redemption.till == till
    )
    return (act.connection.execute(statement).scalar_one() or 0) + 1
