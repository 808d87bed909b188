"""From what the shop knows to what a slip says: a redemption, an account."""

from collections.abc import Callable

from db.line import Stamp
from kiosk.clock import EARLIEST_PLAUSIBLE_AT
from kiosk.domain.redemption import RedemptionShown
from kiosk.domain.shop import RedeemedLine
from kiosk.domain.statement import Account, Entry
from kiosk.paper.slip import BalanceContent, BalanceEntry, Household, Presented, SlipContent, SlipLine


def redemption_content(shown: RedemptionShown, village: str, place: str) -> SlipContent:
    """Say what the slip of a redemption says; `village` and `place` (group and house) are ready texts."""
    redeemed = shown.redeemed
    return SlipContent(
        village=village,
        number=redeemed.shown_number,
        day=redeemed.day,
        at=_plausible(redeemed.at),
        household=Household(place, shown.household.name),
        lines=tuple(map(_line, redeemed.lines)),
        total_points=redeemed.points,
        before_points=redeemed.before_points,
        after_points=redeemed.after_points,
        code=redeemed.slip_code,
        presented=_presented(redeemed.holder.entry),
        is_copy=shown.is_copy,
        proxy=shown.proxy_name,
        is_void=shown.is_void,
    )


def balance_content(
    account: Account, village: str, place: str, day: str, now: Stamp, what: Callable[[Entry], str]
) -> BalanceContent:
    """Say what the balance slip of an account says on a business day; `what` names an entry."""
    return BalanceContent(
        village=village,
        household=Household(place, account.household.name),
        at=_plausible(now.at),
        day=day,
        redeemable_points=account.redeemable_points,
        base_points=account.base_points,
        entries=tuple(BalanceEntry(entry.day or "", what(entry), entry.points) for entry in account.entries),
    )


def _line(line: RedeemedLine) -> SlipLine:
    return SlipLine(line.name, line.quantity, line.unit, line.points, is_weighed=line.is_weighed)


def _presented(entry: str) -> Presented:
    return {"card": Presented.CARD, "typed": Presented.TYPED, "form": Presented.FORM}.get(entry, Presented.NO_CARD)


def _plausible(at: int) -> int | None:
    """The time of a clock that was never set is not printed."""
    return at if at >= EARLIEST_PLAUSIBLE_AT else None
