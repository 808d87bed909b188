"""Goods that come back against their slip: at once within a term of days, later with a second signature.

Each unit of a line comes back once, at the price its line says, to the shelf or to waste. A void takes a redemption
back whole; a return takes what somebody brings, and there is none of what is void.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

from sqlalchemy import Connection, select

from db.facts.body import transfer
from db.facts.returning import AskedLine, GoodsReturned, ReturnRequested, WasteReason, Whither
from db.line import Fact, Stamp, origin_of
from db.rules.in_force import rule_in_force
from db.store import Act, Store
from db.tables.returning import ReturnAsked
from db.tables.statement import table_of
from kiosk.domain.access import Right, require_right
from kiosk.domain.goods import points_for
from kiosk.domain.joined import joined_household
from kiosk.domain.people import HouseholdShown, require_open_household, show_household
from kiosk.domain.period import require_day
from kiosk.domain.redemption import RedemptionShown, show_redemption_in
from kiosk.domain.returned import returned_quantities
from kiosk.domain.scheme import current_day
from kiosk.domain.shop import MOST_OF_ONE, RedeemedLine
from kiosk.domain.slip import owe_slip
from kiosk.domain.terminal import require_seat
from kiosk.domain.void import require_standing
from kiosk.errors import Refused

WASTE_REASONS: Final[tuple[WasteReason, ...]] = ("expired", "damaged", "other")


@dataclass(frozen=True)
class Brought:
    """What somebody brings back of a line of a redemption: pieces, or grams; where it goes, and why to waste."""

    line: int
    quantity: int
    to: Whither = "stock"
    reason: WasteReason | None = None


@dataclass(frozen=True)
class ReturnableLine:
    """A line of a redemption, its place among the lines, and how much of it came back before."""

    line: int
    goods: RedeemedLine
    returned: int

    @property
    def left(self) -> int:
        """How much may still come back."""
        return self.goods.quantity - self.returned

    def points_of(self, quantity: int) -> int:
        """Return what the next `quantity` brings back in hundredths of a point, at the price the line says."""
        return self._points_through(self.returned + quantity) - self.returned_points

    @property
    def returned_points(self) -> int:
        """What came back of it before, in hundredths of a point."""
        return self._points_through(self.returned)

    def _points_through(self, quantity: int) -> int:
        if quantity == self.goods.quantity:
            return self.goods.points
        return points_for(self.goods.each_points, quantity, self.goods.per)


@dataclass(frozen=True)
class ToReturn:
    """A redemption of which something may come back: its lines, who has its account now, and how old it is.

    `limit_points` is what of one slip may come back without a second signature, 0 after the term.
    """

    shown: RedemptionShown
    household: HouseholdShown
    lines: tuple[ReturnableLine, ...]
    limit_points: int

    def points_of(self, brought: Sequence[Brought]) -> int:
        """Return what goods bring back together, in hundredths of a point."""
        return sum(self._by_place[each.line].points_of(each.quantity) for each in brought)

    @property
    def returned_points(self) -> int:
        """What came back of this slip before, in hundredths of a point."""
        return sum(line.returned_points for line in self.lines)

    def waits(self, points: int) -> bool:
        """Say whether so many points come back only when somebody else has signed.

        What came back before counts, so that the limit is not taken in small pieces.
        """
        return self.returned_points + points > self.limit_points

    def require(self, brought: Sequence[Brought]) -> None:
        """Let only come back what was handed out and has not come back yet.

        Raises:
            Refused: `return_empty`, `return_line_unknown`, `number_out_of_range`, `return_too_many` (`_by_weight`),
                `waste_reason_missing`.
        """
        if not brought:
            raise Refused("return_empty")
        if len({each.line for each in brought}) != len(brought):
            raise Refused("return_line_unknown")
        for each in brought:
            line = self._by_place.get(each.line)
            if line is None:
                raise Refused("return_line_unknown")
            _require_quantity(line, each.quantity)
            if each.to == "waste" and each.reason is None:
                raise Refused("waste_reason_missing", item=line.goods.name)

    @cached_property
    def _by_place(self) -> dict[int, ReturnableLine]:
        return {line.line: line for line in self.lines}


@dataclass(frozen=True)
class ReturnedLine:
    """Goods that came back, or wait to: pieces or grams, and their points in hundredths."""

    goods: RedeemedLine
    brought: Brought
    points: int


@dataclass(frozen=True)
class Returned:
    """A return: who has the points (hundredths) back and how many they have now; nothing has moved where it `waits`.

    `fact_id` is its first line, or what asks for it, and owes a slip; it was written on the business day `day`, at wall
    milliseconds `at`.
    """

    shown: RedemptionShown
    household: HouseholdShown
    lines: tuple[ReturnedLine, ...]
    waits: bool
    fact_id: int
    day: str
    at: int

    @property
    def points(self) -> int:
        """All points that came back, or are to."""
        return sum(line.points for line in self.lines)


def show_return(store: Store, redemption_id: int) -> ToReturn:
    """Return what of a redemption may come back.

    Raises:
        Refused: there is no such redemption (`redemption_unknown`), it is void (`redemption_void_before`), a void or
            return of it waits for a signature (`void_waits_before`, `return_waits_before`), all of it came back
            (`returned_whole`), or its household moved to another village (`household_left`).
    """
    with store.read() as connection:
        return _to_return(connection, store.village, redemption_id, current_day(connection, store.village))


def return_goods(store: Store, redemption_id: int, brought: Sequence[Brought], *, now: Stamp, by: int) -> Returned:
    """Take goods of a redemption back at the seat, or ask for the second signature: points back once, goods where said.

    Raises:
        Refused: as `show_return` and `ToReturn.require`; no day is open (`day_not_open`).
        NotAllowed: the seat is elsewhere (`seat_elsewhere`); as `require_right`.
    """
    with store.write(now=now, by=by) as act:
        day = require_day(act)
        require_right(act.connection, act.village, by, Right.RETURN)
        require_seat(act)
        found = _to_return(act.connection, act.village, redemption_id, day)
        found.require(brought)
        lines = tuple(_line(found, each) for each in brought)
        waits = found.waits(sum(line.points for line in lines))
        fact = _ask(act, found, lines) if waits else _book(act, found, lines, None)[0]
        owe_slip(act.connection, act.village, fact.id)
        household = show_household(act.connection, act.village, found.household.household_id)
    return Returned(found.shown, household, lines, waits, fact.id, fact.day or "", fact.at)


def return_after_signature(act: Act, redemption_id: int, request_id: int) -> int:
    """Take back what somebody has signed for, as far as it can still come back; give the points, 0 if nothing could."""
    shown = show_redemption_in(act.connection, act.village, redemption_id)
    if shown.is_void:
        return 0
    found = _found(act.connection, act.village, shown, 0)
    left = {line.line: line.left for line in found.lines}
    wanted = ((each, min(each.quantity, left.get(each.line, 0))) for each in _asked(act, request_id))
    brought = tuple(replace(each, quantity=quantity) for each, quantity in wanted if quantity > 0)
    lines = tuple(_line(found, each) for each in brought)
    _book(act, found, lines, request_id)
    return sum(line.points for line in lines)


def _to_return(connection: Connection, village: int, redemption_id: int, day: str) -> ToReturn:
    shown = show_redemption_in(connection, village, redemption_id)
    require_standing(connection, village, shown)
    is_late = _days_since(shown.redeemed.day, day) > rule_in_force(connection, village, "shop", "return_days", day)
    limit = 0 if is_late else rule_in_force(connection, village, "shop", "return_at_once_limit_points", day)
    found = _found(connection, village, shown, limit)
    if not any(line.left > 0 for line in found.lines):
        raise Refused("returned_whole", number=shown.redeemed.shown_number)
    require_open_household(connection, village, found.household.household_id)
    return found


def _found(connection: Connection, village: int, shown: RedemptionShown, limit_points: int) -> ToReturn:
    redeemed = shown.redeemed
    returned = returned_quantities(connection, village, redeemed.redemption_id)
    lines = tuple(ReturnableLine(n, goods, returned.get(n, 0)) for n, goods in enumerate(redeemed.lines))
    household_id = joined_household(connection, village, redeemed.holder.household_id)
    return ToReturn(shown, show_household(connection, village, household_id), lines, limit_points)


def _days_since(earlier: str, day: str) -> int:
    """Count the days between two business days; a redemption without one of the calendar is as old as can be."""
    try:
        first = date.fromisoformat(earlier)
    except ValueError:
        first = date.min
    return (date.fromisoformat(day) - first).days


def _require_quantity(line: ReturnableLine, quantity: int) -> None:
    if not 1 <= quantity <= MOST_OF_ONE:
        raise Refused("number_out_of_range", least=1, most=max(line.left, 1))
    if quantity <= line.left:
        return
    if line.goods.is_weighed:
        raise Refused("return_too_many_by_weight", item=line.goods.name, left_grams=line.left)
    raise Refused("return_too_many", item=line.goods.name, left=line.left)


def _line(found: ToReturn, brought: Brought) -> ReturnedLine:
    return ReturnedLine(found.lines[brought.line].goods, brought, found.points_of((brought,)))


def _book(act: Act, found: ToReturn, lines: Sequence[ReturnedLine], request_id: int | None) -> list[Fact]:
    seat = require_seat(act).seat
    return [act.append(_taken(found, line, seat, request_id)) for line in lines]


def _taken(found: ToReturn, line: ReturnedLine, seat: int, request_id: int | None) -> GoodsReturned:
    brought, household_id = line.brought, found.household.household_id
    return GoodsReturned(
        seat=seat, redemption=found.shown.redeemed.redemption_id, line=brought.line, item=line.goods.item_id,
        quantity=brought.quantity, before=found.lines[brought.line].returned, to=brought.to,
        reason=brought.reason if brought.to == "waste" else None, household=household_id, request=request_id,
        points=line.points, legs=transfer("redeemed", household_id, line.points),
    )  # fmt: skip


def _ask(act: Act, found: ToReturn, lines: Sequence[ReturnedLine]) -> Fact:
    asked = tuple(
        AskedLine(
            line=each.brought.line, item=each.goods.item_id, quantity=each.brought.quantity, to=each.brought.to,
            reason=each.brought.reason if each.brought.to == "waste" else None,
        )
        for each in lines
    )  # fmt: skip
    redeemed = found.shown.redeemed
    return act.append(
        ReturnRequested(
            redemption=redeemed.redemption_id, household=found.household.household_id, slip=redeemed.shown_number,
            lines=asked, points=sum(line.points for line in lines),
        )
    )  # fmt: skip


def _asked(act: Act, request_id: int) -> list[Brought]:
    asked = table_of(ReturnAsked).c
    log, seq = origin_of(request_id)
    rows = act.connection.execute(
        select(asked.line, asked.quantity, asked.is_waste, asked.reason_code)
        .where(asked.village == act.village, asked.log == log, asked.seq == seq)
        .order_by(asked.n)
    ).all()
    return [Brought(row.line, row.quantity, "waste" if row.is_waste else "stock", row.reason_code) for row in rows]
