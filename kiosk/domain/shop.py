"""The shop: handing goods out for points, at the seat, in one transaction that reads everything again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Subquery,
    bindparam,
    case,
    func,
    literal,
    select,
)

from db.facts.body import transfer
from db.facts.shop import Line, RedemptionCollected, RedemptionMade
from db.journal import COMMON_VILLAGE
from db.line import ENTITIES_PER_LOG, Stamp
from db.rules.in_force import rule_in_force
from db.store import Act, Store
from db.tables.columns import WHOLE, Declared
from db.tables.people import Card, Household
from db.tables.points import Balance
from db.tables.shop import Redemption, RedemptionLine, RedemptionVoid
from db.tables.statement import table_of
from db.tables.terminal import LogBegun, Seat
from db.tables.terms import OpeningDays, RedemptionLimit
from kiosk.codes import CodeType, mint
from kiosk.domain.access import Right, require_right
from kiosk.domain.basket import BasketLine, Holder, end_basket
from kiosk.domain.card_bar import is_barred
from kiosk.domain.card_state import IN_STATE
from kiosk.domain.goods import Goods, is_weight, points_for, require_goods, require_price
from kiosk.domain.people import require_open_household
from kiosk.domain.period import require_day
from kiosk.domain.slip import owe_slip
from kiosk.domain.terminal import refusal_of_seat
from kiosk.errors import Refused

MOST_LINES: Final = 60
"""Kinds of goods in one redemption: one line of the journal holds them with room to spare."""
MOST_OF_ONE: Final = 999_999
"""Pieces or grams of one kind in one redemption: more is a slip of the finger."""
NO_CARD: Final = ("book", "found")
LIMIT_OF_ENTRY: Final[Mapping[str, str]] = {"book": "no_card", "found": "no_card", "typed": "typed_card"}
"""Which limit holds for a household that was recognised otherwise than by its card."""


@dataclass(frozen=True)
class RedeemedLine:
    """A line as it was booked: quantity in pieces or grams, points in hundredths, the price of `per` of them.

    `is_over_book` when the book stock had less.
    """

    item_id: int
    name: str
    unit: str
    quantity: int
    each_points: int
    per: int
    points: int
    is_over_book: bool

    @property
    def is_weighed(self) -> bool:
        """Whether the quantity is in grams."""
        return self.per > 1 or is_weight(self.unit)


@dataclass(frozen=True)
class Redeemed:
    """A confirmed redemption with everything the slip says; `slip_code` is the slip's own 16 digits."""

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

    @property
    def shown_number(self) -> str:
        """The number as people read and say it: village, till, number."""
        return number_of(self.village, self.till, self.number)


@dataclass(frozen=True)
class _Counter:
    """What a redemption rests on: the seat, the till and the number on its slip, what the household has.

    `has_limits` says that there are limits by day, whatever of; `has_opening_days` that the shop has days of its own.
    """

    seat: int
    till: int
    number: int
    points: int
    has_limits: bool
    has_opening_days: bool


def redeem_basket(store: Store, holder: Holder, basket: Sequence[BasketLine], *, now: Stamp, by: int) -> Redeemed:
    """Hand out goods for points: price, card, limits and balance are read again inside the one transaction.

    The same transaction forgets the basket on the counter and owes the slip, so that after a power cut nothing is
    booked twice and no slip is forgotten.

    Raises:
        Refused: `basket_empty`, `basket_full`, `number_out_of_range`, `day_not_open`, `household_merged`,
            `card_not_live.lost` and the like, `card_barred`, `item_unknown`, `item_not_priced`, `item_provisional`,
            `monthly_limit_reached` (`_by_weight`), what `require_allowed`, `require_proxy` and
            `require_shop_day` raise,
            `no_card_limit`, `typed_card_limit`, `points_missing` (with what is missing); NotAllowed (`seat_elsewhere`).
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.REDEEM)
        redeemed = redeem_in(act, holder, basket)
        owe_slip(act.connection, act.village, redeemed.redemption_id)
        end_basket(act.connection, act.village)
    return redeemed


def redeem_in(act: Act, holder: Holder, basket: Sequence[BasketLine]) -> Redeemed:
    """Hand out goods inside an action; it owes no slip and leaves the basket on the counter. Raises the same."""
    wanted = _quantities(basket)
    day = require_day(act)
    counter = _counter(act, holder)
    goods = require_goods(act.connection, act.village, wanted, day)
    lines = tuple(_price_line(goods[item_id], quantity) for item_id, quantity in wanted.items())
    for item_id, quantity in wanted.items():
        had = had_this_month(act.connection, act.village, holder.household_id, goods[item_id], day)
        require_within_limit(goods[item_id], quantity, had, day)
    if counter.has_opening_days:
        _check_day(act, day)
    if holder.proxy_id is not None:
        _check_proxy(act, holder.proxy_id, holder.household_id, day)
    if counter.has_limits:
        _check_limits(act, holder, goods, lines, day)
    _check_points(act, holder, sum(line.points for line in lines), counter.points, day)
    return _book(act, counter, holder, lines)


def require_within_limit(goods: Goods, quantity: int, had: int, day: str) -> None:
    """Let a household that `had` some of goods this month have `quantity` more of them only within the limit.

    Raises:
        Refused: `monthly_limit_reached`, for goods by weight `monthly_limit_reached_by_weight`: how many may still be
            had, and the month in which counting begins anew.
    """
    if goods.monthly_limit is None or had + quantity <= goods.monthly_limit:
        return
    left, month = max(goods.monthly_limit - had, 0), int(day[5:7]) % 12 + 1
    if goods.is_weighed:
        grams = {"limit_grams": goods.monthly_limit, "left_grams": left}
        raise Refused("monthly_limit_reached_by_weight", item=goods.name, month=month, **grams)
    raise Refused("monthly_limit_reached", item=goods.name, limit=goods.monthly_limit, left=left, month=month)


def had_this_month(connection: Connection, village: int, household_id: int, goods: Goods, day: str) -> int:
    """Return what a household redeemed of goods in the month of `day`; not looked up where no limit asks for it."""
    if goods.monthly_limit is None:
        return 0
    return redeemed_this_month(connection, village, household_id, goods.item_id, day)


def redeemed_this_month(connection: Connection, village: int, household_id: int, item_id: int, day: str) -> int:
    """Return how many pieces (or grams) of an item a household redeemed in the calendar month of `day`."""
    parameters = {"of_village": village, "of_household": household_id, "of_item": item_id}
    month = {"first": f"{day[:7]}-01", "last": f"{day[:7]}-31"}
    return connection.execute(_month_statement(), parameters | month).scalar_one() or 0


def is_void(of: FromClause) -> ColumnElement[bool]:
    """Return the condition that a redemption was made void; `of` is its table, or that of its lines."""
    void, origin = table_of(RedemptionVoid).c, of.c.log * ENTITIES_PER_LOG + of.c.seq
    same = select(literal(1)).where(void.village == of.c.village, void.redemption_id == origin)
    return same.correlate(of).exists()


def number_of(village: int, till: int, number: int) -> str:
    """Return a redemption's number as people read and say it: `0123-1-001204`."""
    return f"{village:04}-{till}-{number:06}"


def _quantities(basket: Sequence[BasketLine]) -> dict[int, int]:
    """Put lines of one item together: limits and stock look at the sum."""
    wanted: dict[int, int] = {}
    for line in basket:
        wanted[line.item_id] = wanted.get(line.item_id, 0) + line.quantity
    if not wanted:
        raise Refused("basket_empty")
    if len(wanted) > MOST_LINES:
        raise Refused("basket_full", most=MOST_LINES)
    if not all(1 <= quantity <= MOST_OF_ONE for quantity in wanted.values()):
        raise Refused("number_out_of_range", least=1, most=MOST_OF_ONE)
    return wanted


def _counter(act: Act, holder: Holder) -> "_Counter":
    """Read at once what the decision rests on; what is not as it must be is refused in the words of its own family."""
    parameters = {"of_village": act.village, "of_household": holder.household_id, "of_card": holder.card_id}
    row = act.connection.execute(_counter_statement(), parameters).one_or_none()
    if row is None or row.log != act.log:
        raise refusal_of_seat(act.connection, act.village, act.log)
    if row.household_state != "open":
        require_open_household(act.connection, act.village, holder.household_id)
    if holder.card_id is not None and row.card_state != "live":
        raise Refused(IN_STATE.get(row.card_state, "card_unknown"))
    number, points = (row.number or 0) + 1, row.points or 0
    return _Counter(row.seat, row.till, number, points, bool(row.has_limits), bool(row.has_opening_days))


def _price_line(goods: Goods, quantity: int) -> RedeemedLine:
    points = points_for(require_price(goods), quantity, goods.per)
    is_over_book = goods.stock < quantity
    return RedeemedLine(
        goods.item_id, goods.name, goods.unit, quantity, require_price(goods), goods.per, points, is_over_book
    )


def _check_limits(
    act: Act, holder: Holder, goods: Mapping[int, Goods], lines: Sequence[RedeemedLine], day: str
) -> None:
    """Look at the limits by day; a village without any never comes here."""
    from kiosk.domain.limit import require_limits

    wanted = [(goods[line.item_id], line.quantity) for line in lines]
    points = sum(line.points for line in lines)
    require_limits(act.connection, act.village, holder.household_id, day, wanted, points)


def _check_day(act: Act, day: str) -> None:
    """Look whether this is a day of the shop; a village that never said which are never comes here."""
    from kiosk.domain.shop_days import require_shop_day

    require_shop_day(act, day)


def _check_proxy(act: Act, proxy_id: int, household_id: int, day: str) -> None:
    """Look at who collects in the place of the household."""
    from kiosk.domain.proxy import require_proxy

    require_proxy(act, proxy_id, household_id, day)


def _check_points(act: Act, holder: Holder, points: int, before: int, day: str) -> None:
    limited = LIMIT_OF_ENTRY.get(holder.entry)
    if limited is not None:
        limit = rule_in_force(act.connection, act.village, "shop", f"{limited}_limit_points", day)
        had = _redeemed_without_card(act, holder, day)
        if had + points > limit:
            raise Refused(f"{limited}_limit", limit_points=limit, left_points=max(limit - had, 0))
    if points > before:
        raise Refused("points_missing", missing_points=points - before)


def _redeemed_without_card(act: Act, holder: Holder, day: str) -> int:
    """Return what the household redeemed today in the same way, so that a limit is not taken in small pieces."""
    from kiosk.domain.returned import points_returned

    entries = NO_CARD if holder.entry in NO_CARD else (holder.entry,)
    redemption = table_of(Redemption).c
    kept = redemption.points - points_returned(table_of(Redemption))
    statement = select(func.sum(kept)).where(
        redemption.village == act.village, redemption.household_id == holder.household_id,
        redemption.day == day, redemption.entry.in_(entries), ~is_void(table_of(Redemption)),
    )  # fmt: skip
    return act.connection.execute(statement).scalar_one() or 0


def _book(act: Act, counter: "_Counter", holder: Holder, lines: tuple[RedeemedLine, ...]) -> Redeemed:
    points, before = sum(line.points for line in lines), counter.points
    body = _made(holder)(
        seat=counter.seat, till=counter.till, number=counter.number,
        slip=mint(CodeType.SLIP, act.village, act.entropy), household=holder.household_id, person=holder.person_id,
        card=holder.card_id, entry=holder.entry, no_card_reason=holder.no_card_reason,
        lines=tuple(map(_fact_line, lines)), points=points, before=before, after=before - points,
        legs=transfer("redeemed", holder.household_id, -points),
    )  # fmt: skip
    fact = act.append(body)
    return Redeemed(
        fact.id, act.village, counter.till, body.number, body.slip, holder, lines, points, before, body.after,
        fact.day or "", fact.at,
    )  # fmt: skip


def _made(holder: Holder) -> Callable[..., RedemptionMade]:
    """Return what makes the fact: of the version that names a proxy, or a way to go, only where there is one."""
    if holder.proxy_id is None and not holder.is_to_deliver:
        return RedemptionMade
    return partial(RedemptionCollected, proxy=holder.proxy_id, is_to_deliver=holder.is_to_deliver)


def _fact_line(line: RedeemedLine) -> Line:
    return Line(
        item=line.item_id,
        quantity=line.quantity,
        each=line.each_points,
        per=line.per,
        points=line.points,
        is_over_book=line.is_over_book,
    )


@lru_cache(maxsize=1)
def _month_statement() -> Select[Any]:
    from kiosk.domain.returned import line_returned

    line = table_of(RedemptionLine).c
    kept = line.quantity - line_returned(table_of(RedemptionLine), "quantity")
    return select(func.sum(kept)).where(
        line.village == bindparam("of_village"), line.household_id == bindparam("of_household"),
        line.item_id == bindparam("of_item"), line.day >= bindparam("first"), line.day <= bindparam("last"),
        ~is_void(table_of(RedemptionLine)),
    )  # fmt: skip


@lru_cache(maxsize=1)
def _counter_statement() -> Select[Any]:
    """Seat and till, the till's last number, the household's state and points, the card's state: one statement.

    Numbers of one till rise with the lines of its log, so the last redemption of the log has the highest.
    """
    seat = _highest_seat()
    log, household, balance, card = (table_of(table).c for table in (LogBegun, Household, Balance, Card))
    redemption = table_of(Redemption).c
    village, of_household = bindparam("of_village", type_=WHOLE), bindparam("of_household", type_=WHOLE)
    last = (
        select(redemption.number)
        .where(redemption.village == village, redemption.log == seat.c.log)
        .order_by(redemption.seq.desc())
        .limit(1)
    )
    household_state = select(household.state).where(
        household.village == village, household.household_id == of_household
    )
    points = select(balance.redeemable_points).where(balance.village == village, balance.household_id == of_household)
    shown = case((is_barred(table_of(Card)), "barred"), else_=card.state)
    card_state = select(shown).where(
        card.village == village, card.card_id == bindparam("of_card", type_=WHOLE), card.household_id == of_household
    )
    till = select(log.till).where(log.village == village, log.log == seat.c.log)
    return select(
        seat.c.seat, seat.c.log, till.scalar_subquery().label("till"), last.scalar_subquery().label("number"),
        household_state.scalar_subquery().label("household_state"), points.scalar_subquery().label("points"),
        card_state.scalar_subquery().label("card_state"), has_limits(village).label("has_limits"),
        _is_said(OpeningDays, village).label("has_opening_days"),
    )  # fmt: skip


def has_limits(village: BindParameter[int]) -> ColumnElement[bool]:
    """Return the condition that anybody set a limit by day for a village, whatever of and from when."""
    return _is_said(RedemptionLimit, village)


def _is_said(table: type[Declared], village: BindParameter[int]) -> ColumnElement[bool]:
    """Return the condition that a table says something about a village; where nobody did it is empty."""
    return select(literal(1)).where(table_of(table).c.village.in_([village, COMMON_VILLAGE])).exists()


def _highest_seat() -> Subquery:
    seat = table_of(Seat).c
    statement = select(seat.seat, seat.holder.label("log")).where(seat.village == bindparam("of_village", type_=WHOLE))
    return statement.order_by(seat.seat.desc(), seat.rank.desc()).limit(1).subquery("held")
