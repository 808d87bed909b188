"""What comes across the counter: card, book code, goods, number; looked up once, asked about if need be."""

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk import codes
from kiosk.domain.counter import offer_goods, recognise_card, recognise_household, recognise_place
from kiosk.domain.shop import NO_CARD
from kiosk.errors import Refused
from kiosk.screens.till import moves, proxies, questions
from kiosk.screens.till.moves import Wish
from kiosk.screens.till.state import Said, Scanned
from kiosk.station import Signal

if TYPE_CHECKING:
    from db.facts.shop import Entry
    from kiosk.domain.counter import Offer, Recognised
    from kiosk.screens.till.screen import TillScreen


async def take_code(till: "TillScreen", code: codes.Code, scanned: Scanned, *, is_typed: bool) -> None:
    """Take what was scanned, or typed in its place. Raises Refused, also for what is neither card nor goods."""
    match code:
        case codes.Goods():
            await _take_goods(till, code, None, scanned)
        case codes.WeighedGoods():
            await _take_goods(till, code, code.grams, scanned)
        case codes.PersonCard() | codes.HouseholdCard():
            await _take_card(till, code, "typed" if is_typed else "card", scanned)
        case codes.BookCode():
            await _take_card(till, code, "typed" if is_typed else "book", scanned)
        case codes.FoundHousehold():
            await take_found(till, code.household_id)
        case codes.SlipCode():
            from kiosk.screens.till import returning

            await returning.take_slip(till, code.number)
        case codes.Misread():
            raise Refused("code_misread")
        case _:
            raise Refused("code_unknown")


async def take_typed(till: "TillScreen", typed: str) -> None:
    """Take a long number that was typed: a card number, or the code of a pack."""
    till.change(replace(till.till_state, typed=""))
    code = codes.read_code(typed)
    if isinstance(code, codes.Misread):
        raise Refused("typed_number_wrong")
    if isinstance(code, codes.Unknown | codes.Glued):
        raise Refused("number_not_understood")
    await take_code(till, code, Scanned(typed, till.now), is_typed=True)


async def take_place(till: "TillScreen", group: int, house: int) -> None:
    """Take the household at a place; of several somebody chooses."""
    till.change(replace(till.till_state, group=None, typed=""))
    found = await till.station.read(recognise_place, group, house)
    chosen: int | None = 0
    if len(found) > 1:
        chosen = await till.ask(questions.household_question(till.station, found))
    if chosen is not None:
        await take_household(till, found[chosen], Scanned(f"{group}/{house}", till.now))


async def take_found(till: "TillScreen", household_id: int) -> None:
    """Take a household that somebody found, here or on another screen: it has no card at hand."""
    found = await till.station.read(recognise_household, household_id)
    await take_household(till, found, Scanned(f"found {household_id}", till.now))


async def take_household(till: "TillScreen", found: "Recognised", scanned: Scanned) -> None:
    """Let a household come; who has no card says why not, and only its own card confirms."""
    moves.require_same_household(till.till_state, found.holder.household_id)
    held = till.till_state.holder
    if found.holder.entry in NO_CARD and (held is None or held.household_id != found.holder.household_id):
        reason = await till.ask(questions.reason_question(till.station, found))
        if reason is None:
            return
        found = replace(found, holder=replace(found.holder, no_card_reason=questions.NO_CARD_REASONS[reason]))
        if questions.NO_CARD_REASONS[reason] == "proxy":
            proxy = await proxies.ask_proxy(till, found)
            if proxy is None:
                return
            found = replace(found, holder=replace(found.holder, proxy_id=proxy.person_id), proxy_name=proxy.name)
    reply = moves.show_card(till.till_state, found, scanned)
    till.change(reply.state)
    if reply.wish is Wish.CONFIRM:
        await till.confirm()


async def _take_card(till: "TillScreen", card: codes.Card, entry: "Entry", scanned: Scanned) -> None:
    await take_household(till, await till.station.read(recognise_card, card.number, entry), scanned)


async def _take_goods(
    till: "TillScreen", code: "codes.Goods | codes.WeighedGoods", grams: int | None, scanned: Scanned
) -> None:
    holder = till.till_state.holder
    offers = await till.station.read(offer_goods, code.gtin, None if holder is None else holder.household_id)
    if not offers:
        till.change(moves.note_unknown(till.till_state, code.gtin, scanned).state)
        raise Refused("goods_unknown", barcode=code.gtin.lstrip("0"))
    chosen: int | None = 0
    if len(offers) > 1:
        chosen = await till.ask(questions.goods_question(till.station, offers))
    if chosen is None:
        return
    offer = offers[chosen]
    if offer.goods.is_box:
        raise Refused("box_at_till", item=offer.goods.name)
    moves.require_amount(till.till_state, offer, grams)
    pack_day = code.best_before if isinstance(code, codes.Goods) else None
    if not await _is_fit(till, offer, pack_day):
        return
    till.change(moves.add_goods(till.till_state, offer, grams, scanned, pack_day).state)
    if till.till_state.told.said is Said.DOUBLE:
        till.acknowledge(Signal.DOUBLE)


async def _is_fit(till: "TillScreen", offer: "Offer", best_before: str | None) -> bool:
    """Believe the day in the pack's own code; without one ask to look at the pack if the shelf's day has passed.

    Raises Refused `pack_expired`.
    """
    if best_before is not None:
        if best_before < offer.day:
            raise Refused("pack_expired", item=offer.goods.name, day=best_before)
        return True
    if not offer.is_past_best_before:
        return True
    return await till.ask(questions.pack_question(till.station, offer)) is True
