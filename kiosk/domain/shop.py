"""The shop: handing goods out for points, at the seat, in one transaction that reads everything again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import ColumnElement, Connection, FromClause, func, literal, select

from db.facts.body import transfer
from db.facts.shop import Line, RedemptionCollected, RedemptionMade
from db.line import ENTITIES_PER_LOG, Stamp
from db.rules.in_force import rule_in_force
from db.store import Act, Store
from db.tables.shop import Redemption, RedemptionVoid
from db.tables.statement import table_of
from kiosk.calendar import MONTH, months_around
from kiosk.codes import CodeType, mint
from kiosk.domain.access import Right, require_right
from kiosk.domain.basket import BasketLine, Holder, end_basket
from kiosk.domain.goods import Goods, is_weight, points_for, require_goods, require_price
from kiosk.domain.grounds import Grounds, require_grounds
from kiosk.domain.period import require_day
from kiosk.domain.slip import owe_slip
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
    grounds = require_grounds(act, holder)
    goods = require_goods(act.connection, act.village, wanted, day)
    lines = tuple(_price_line(goods[item_id], quantity) for item_id, quantity in wanted.items())
    for item_id, quantity in wanted.items():
        had = had_this_month(act.connection, act.village, holder.household_id, goods[item_id], day)
        require_within_limit(goods[item_id], quantity, had, day)
    if grounds.has_opening_days:
        _check_day(act, day)
    if holder.proxy_id is not None:
        _check_proxy(act, holder.proxy_id, holder.household_id, day)
    if grounds.has_limits:
        _check_limits(act, holder, goods, lines, day)
    _check_points(act, holder, sum(line.points for line in lines), grounds.points, day)
    return _book(act, grounds, holder, lines)


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
    """Return what a household, and those that joined it, redeemed of goods in the month of `day`.

    It is not looked up where no limit asks for it.
    """
    if goods.monthly_limit is None:
        return 0
    from kiosk.domain.limit import had_between

    return had_between(connection, village, household_id, goods.item_id, *months_around(day, MONTH))


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
    from kiosk.domain.joined import one_by_now
    from kiosk.domain.returned import points_returned

    entries = NO_CARD if holder.entry in NO_CARD else (holder.entry,)
    theirs = list(one_by_now(act.connection, act.village, [holder.household_id]))
    redemption = table_of(Redemption).c
    kept = redemption.points - points_returned(table_of(Redemption))
    statement = select(func.sum(kept)).where(
        redemption.village == act.village, redemption.household_id.in_(theirs),
        redemption.day == day, redemption.entry.in_(entries), ~is_void(table_of(Redemption)),
    )  # fmt: skip
    return act.connection.execute(statement).scalar_one() or 0


def _book(act: Act, grounds: Grounds, holder: Holder, lines: tuple[RedeemedLine, ...]) -> Redeemed:
    points, before = sum(line.points for line in lines), grounds.points
    body = _made(holder)(
        seat=grounds.seat, till=grounds.till, number=grounds.number,
        slip=mint(CodeType.SLIP, act.village, act.entropy), household=holder.household_id, person=holder.person_id,
        card=holder.card_id, entry=holder.entry, no_card_reason=holder.no_card_reason,
        lines=tuple(map(_fact_line, lines)), points=points, before=before, after=before - points,
        legs=transfer("redeemed", holder.household_id, -points),
    )  # fmt: skip
    fact = act.append(body)
    return Redeemed(
        fact.id, act.village, grounds.till, body.number, body.slip, holder, lines, points, before, body.after,
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
