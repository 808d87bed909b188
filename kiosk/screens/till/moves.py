"""What each scan and key makes of the state of the till. Pure: no screen, no store, no clock.

Every function gives the next state and sometimes a wish: what the screen must now do (book, ask, look up, leave). What
may not be raises Refused and changes nothing. The rules that never bend: a basket belongs to one household until it is
confirmed or put away; only + and the household's own card confirm; a number alone is never a quantity.
"""

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from kiosk.domain.allowance import require_allowed
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.counter import BasketShown, Offer, Recognised
from kiosk.domain.goods import Goods, points_for, require_price
from kiosk.domain.shop import MOST_LINES, MOST_OF_ONE, Redeemed, require_within_limit
from kiosk.domain.statement import Account
from kiosk.errors import Refused
from kiosk.screens.till.state import Phase, Said, Scanned, TillState, Told

if TYPE_CHECKING:
    from kiosk.domain.returning import Returned
    from kiosk.domain.void import Voided

MOMENT: Final = 1.5
"""Seconds within which one code read again is more likely a second reading than a second pack."""
MOST_PIECES: Final = 999
LONGEST_TYPED: Final = 16
LONGEST_PLACE: Final = 4


class Wish(Enum):
    """What the screen must do next, because it needs the store or a person for it."""

    CONFIRM = auto()
    QUANTITY = auto()
    PLACE = auto()
    CODE = auto()
    VOID = auto()
    LEAVE = auto()


@dataclass(frozen=True)
class Reply:
    """The next state, and what the screen must do about it."""

    state: TillState
    wish: Wish | None = None


def require_same_household(state: TillState, household_id: int) -> None:
    """Let no other household come to the counter while a basket is unconfirmed.

    Raises:
        Refused: `basket_unconfirmed`, with the name of the household before.
    """
    if state.phase is not Phase.BASKET or state.holder is None or state.household is None:
        return
    if state.holder.household_id != household_id:
        raise Refused("basket_unconfirmed", household=state.household.name)


def require_nothing_pending(state: TillState) -> None:
    """Confirm nothing while a number stands on the screen: whoever typed it means something by it.

    Raises:
        Refused: `quantity_waits` for goods, or `number_not_understood`.
    """
    if state.multiplier is not None:
        raise Refused("quantity_waits", quantity=state.multiplier)
    if state.typed:
        raise Refused("number_not_understood")


def show_card(state: TillState, found: Recognised, scanned: Scanned) -> Reply:
    """A household came by card, book or number; its own card again confirms, unless the scanner only read it twice.

    Raises:
        Refused: as `require_same_household`; a number still waits (`quantity_waits`, `number_not_understood`).
    """
    require_same_household(state, found.holder.household_id)
    if is_again(state, scanned):
        return Reply(replace(state, last=scanned))
    state = _fresh(state)
    if state.steps and state.holder is not None and not _is_better(found.holder, state.holder):
        if found.holder.entry != "card":
            return Reply(replace(state, last=scanned))
        require_nothing_pending(state)
        return Reply(replace(state, last=scanned), Wish.CONFIRM)
    state = replace(state, group=None, typed="", told=Told(Said.CARD), last=scanned)
    return Reply(_with_household(state, found))


def is_again(state: TillState, scanned: Scanned) -> bool:
    """Say whether the scanner read one code twice: the same as last time, within a moment."""
    last = state.last
    return last is not None and last.text == scanned.text and scanned.at - last.at <= MOMENT


def require_amount(state: TillState, offer: Offer, grams: int | None) -> int:
    """Return how many pieces or grams the next scan of these goods is, with a quantity typed before it.

    `grams` is the weight its label carries, or None.

    Raises:
        Refused: `item_provisional`, `item_not_priced`, `item_not_by_weight`, `monthly_limit_reached` (`_by_weight`),
            `number_out_of_range`, `basket_full`; as `require_allowed`.
    """
    price = require_price(offer.goods)
    if grams is not None and not offer.goods.is_weighed:
        raise Refused("item_not_by_weight", item=offer.goods.name)
    state = _fresh(state)
    added = (state.multiplier or 1) * (offer.goods.per if grams is None else grams)
    held = state.quantities
    quantity = held.get(offer.goods.item_id, 0) + added
    if quantity > MOST_OF_ONE or added < 1:
        raise Refused("number_out_of_range", least=1, most=MOST_OF_ONE)
    if offer.goods.item_id not in held and len(held) >= MOST_LINES:
        raise Refused("basket_full", most=MOST_LINES)
    require_within_limit(offer.goods, quantity, offer.had, offer.day)
    for allowance in offer.allowances:
        if allowance.limit.item_id is not None:
            require_allowed(allowance, offer.goods, quantity)
        else:
            per, before = offer.goods.per, quantity - added
            more = points_for(price, quantity, per) - points_for(price, before, per)
            require_allowed(allowance, None, state.points + more)
    return added


def add_goods(
    state: TillState, offer: Offer, grams: int | None, scanned: Scanned, pack_day: str | None = None
) -> Reply:
    """Put goods into the basket, of nobody yet if no card was shown; `pack_day` is the day in the pack's own code.

    Raises as `require_amount`.
    """
    amount = require_amount(state, offer, grams)
    is_double = is_again(state, scanned) and state.multiplier is None and state.phase is Phase.BASKET
    state = _fresh(state)
    item_id = offer.goods.item_id
    state = replace(
        state, goods={**state.goods, item_id: offer.goods}, steps=(*state.steps, BasketLine(item_id, amount)),
        typed="", group=None, multiplier=None, last=scanned,
    )  # fmt: skip
    said = Said.DOUBLE if is_double else Said.ADDED
    return Reply(replace(state, told=Told(said, item_id, state.quantities[item_id], offer.first_out(pack_day))))


def set_quantity(state: TillState, pieces: int) -> Reply:
    """Set how many of the last goods there are.

    Raises:
        Refused: `number_out_of_range`; nothing is in the basket (`basket_empty`).
    """
    if state.phase is not Phase.BASKET:
        raise Refused("basket_empty")
    item_id = _last_item(state)
    goods = state.goods[item_id]
    if not 1 <= pieces <= MOST_PIECES or pieces * goods.per > MOST_OF_ONE:
        raise Refused("number_out_of_range", least=1, most=MOST_PIECES)
    difference = pieces * goods.per - state.quantities[item_id]
    steps = (*state.steps, BasketLine(item_id, difference)) if difference else state.steps
    return Reply(replace(state, steps=steps, told=Told(Said.CHANGED, item_id, pieces * goods.per)))


def last_goods(state: TillState) -> Goods:
    """Return the goods that were added last and are still there; the basket is not empty."""
    return state.goods[_last_item(state)]


def note_unknown(state: TillState, code: str, scanned: Scanned) -> Reply:
    """Remember a code nobody knows, so that one key makes provisional goods of it."""
    return Reply(replace(_fresh(state), unknown_code=code, last=scanned, typed="", multiplier=None))


def note_provisional(state: TillState, goods: Goods) -> TillState:
    """Provisional goods were made; they are not handed out before they have a price."""
    told = Told(Said.PROVISIONAL, goods.item_id)
    return replace(state, unknown_code=None, goods={**state.goods, goods.item_id: goods}, told=told)


def note_account(state: TillState, account: Account) -> TillState:
    """The entries of the household at the counter were read; those of one that has gone are of no use."""
    if state.holder is None or state.holder.household_id != account.household.household_id:
        return state
    return replace(state, account=account, household=account.household)


def note_slip(state: TillState) -> TillState:
    """A slip that belongs to no redemption is on its way."""
    return replace(state, told=Told(Said.SLIP))


def note_delivered(state: TillState) -> TillState:
    """Somebody brought goods home."""
    return replace(_fresh(state), told=Told(Said.DELIVERED))


def note_parked() -> TillState:
    """The basket was put aside; the counter is free."""
    return TillState(told=Told(Said.PARKED))


def note_void(voided: "Voided") -> TillState:
    """A redemption was made void, or waits for the signature that makes it so."""
    said = Said.VOID_WAITS if voided.waits else Said.VOID
    return TillState(told=Told(said, quantity=voided.points))


def note_return(returned: "Returned") -> TillState:
    """Goods came back, or wait for the signature that takes them back."""
    said = Said.RETURN_WAITS if returned.waits else Said.RETURN
    return TillState(told=Told(said, quantity=returned.points))


def toggle_delivery(state: TillState) -> TillState:
    """Let goods be brought to the household's door, or let it take them after all. Raises Refused (`card_missing`)."""
    if state.holder is None:
        raise Refused("card_missing")
    is_to_deliver = not state.holder.is_to_deliver
    said = Said.TO_DELIVER if is_to_deliver else Said.TAKEN_ALONG
    return replace(state, holder=replace(state.holder, is_to_deliver=is_to_deliver), told=Told(said))


def require_no_basket(state: TillState) -> None:
    """Let the counter be free before something else is done. Raises Refused (`basket_left_open`)."""
    if state.steps:
        raise Refused("basket_left_open")


def type_digit(state: TillState, digit: str) -> Reply:
    """Take a digit; what it means is decided by the key after it, never by a scan."""
    state = _fresh(state)
    typed = (state.typed + digit)[:LONGEST_TYPED]
    return Reply(replace(state, typed=typed, told=Told(), unknown_code=None))


def press_star(state: TillState) -> Reply:
    """With a number: so many of the next goods. Without: ask how many of the last goods.

    Raises:
        Refused: `number_out_of_range`, or nothing is in the basket yet (`quantity_before_goods`).
    """
    if state.typed:
        number = int(state.typed)
        if not 1 <= number <= MOST_PIECES:
            raise Refused("number_out_of_range", least=1, most=MOST_PIECES)
        return Reply(replace(state, typed="", group=None, multiplier=number))
    if state.phase is Phase.BASKET:
        return Reply(state, Wish.QUANTITY)
    raise Refused("quantity_before_goods")


def press_plus(state: TillState) -> Reply:
    """With a number: a place, a card number or a goods code. Without: confirm.

    Raises:
        Refused: `number_not_understood`, `house_missing`, `quantity_waits`, `card_missing`, `basket_empty`.
    """
    if state.typed:
        return _take_number(state)
    if state.group is not None:
        raise Refused("house_missing")
    if state.phase is Phase.BASKET:
        require_nothing_pending(state)
        if state.holder is None:
            raise Refused("card_missing")
        return Reply(state, Wish.CONFIRM)
    raise Refused("basket_empty")


def press_minus(state: TillState) -> Reply:
    """Take away the last thing: a digit, a number, what was scanned last, the household; on the idle till leave.

    What was confirmed is not taken back by a key: that is a void, and the wish says so.
    """
    if state.typed:
        return Reply(replace(state, typed=state.typed[:-1]))
    if state.group is not None or state.multiplier is not None or state.unknown_code is not None:
        return Reply(replace(state, group=None, multiplier=None, unknown_code=None))
    if state.done is not None:
        return Reply(TillState(), Wish.VOID)
    if state.steps:
        return Reply(_without_last_step(state))
    if state.holder is not None:
        return Reply(TillState())
    return Reply(state, Wish.LEAVE)


def begin_booking(state: TillState) -> TillState:
    """The redemption is on its way to the store."""
    return replace(state, is_booking=True)


def end_booking(state: TillState, redeemed: Redeemed | None) -> TillState:
    """The redemption is booked, or was refused: then the basket is as it was."""
    if redeemed is None:
        return replace(state, is_booking=False)
    return TillState(
        household=state.household, person_name=state.person_name, proxy_name=state.proxy_name, last=state.last,
        done=redeemed,
    )  # fmt: skip


def restore(shown: BasketShown, said: Said = Said.RESTORED) -> TillState:
    """Take a kept basket to the counter, unconfirmed; `said` tells where it was kept."""
    if not shown.basket.steps:
        return TillState()
    state = TillState(goods=dict(shown.goods), steps=shown.basket.steps, told=Told(said))
    return state if shown.found is None else _with_household(state, shown.found)


def _take_number(state: TillState) -> Reply:
    if len(state.typed) <= LONGEST_PLACE:
        if state.group is not None:
            return Reply(state, Wish.PLACE)
        if state.holder is None:
            return Reply(replace(state, group=int(state.typed), typed=""))
        raise Refused("number_not_understood")
    return Reply(state, Wish.CODE)


def _fresh(state: TillState) -> TillState:
    """After a confirmed redemption whatever comes next begins anew; a forgotten unknown code goes too."""
    if state.done is not None:
        return TillState(last=state.last)
    return replace(state, unknown_code=None) if state.unknown_code is not None else state


def _without_last_step(state: TillState) -> TillState:
    gone = state.steps[-1]
    state = replace(state, steps=state.steps[:-1], last=None)
    held = state.quantities.get(gone.item_id)
    told = Told(Said.REMOVED, gone.item_id, gone.quantity) if held is None else Told(Said.CHANGED, gone.item_id, held)
    return replace(state, told=told)


def _with_household(state: TillState, found: Recognised) -> TillState:
    held = state.holder
    is_same = held is not None and held.household_id == found.holder.household_id
    is_to_deliver = found.holder.is_to_deliver or (is_same and held is not None and held.is_to_deliver)
    return replace(
        state, holder=replace(found.holder, is_to_deliver=is_to_deliver), household=found.household,
        person_name=found.person_name,
        proxy_name=found.proxy_name, account=None,
    )  # fmt: skip


def _is_better(new: Holder, old: Holder) -> bool:
    """A card that turns up goes before a household found without one."""
    return new.entry == "card" and old.entry != "card"


def _last_item(state: TillState) -> int:
    held = state.quantities
    return next(step.item_id for step in reversed(state.steps) if step.item_id in held)
