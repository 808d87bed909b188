"""Taking a confirmed redemption back as a whole: the question, the void and its slip."""

from typing import TYPE_CHECKING

from kiosk.domain.void import show_void, void_redemption
from kiosk.locale.figures import short_number
from kiosk.screens.modals.confirm import ConfirmModal
from kiosk.screens.till import moves

if TYPE_CHECKING:
    from kiosk.domain.void import ToVoid
    from kiosk.screens.till.screen import TillScreen


async def void(till: "TillScreen", redemption_id: int) -> None:
    """Ask, then make a redemption void or hand it to whoever signs; its slip comes in any case. Raises Refused."""
    moves.require_no_basket(till.till_state)
    to_void = await till.station.read(show_void, redemption_id, till.station.clock.now())
    if not await till.ask(_question(till, to_void)):
        return
    voided = await till.station.do(void_redemption, redemption_id)
    till.change(moves.note_void(voided))
    till.slip_runner.begin_owed(voided.fact_id)
    await till.look_beside()


def _question(till: "TillScreen", to_void: "ToVoid") -> ConfirmModal:
    redeemed, say = to_void.shown.redeemed, till.say
    goods = say("till.entry.and").join(line.name for line in redeemed.lines)
    number = short_number(redeemed.shown_number)
    detail = say(
        "till.ask.void_later" if to_void.waits else "till.ask.void_goods",
        name=to_void.shown.household.name,
        goods=goods,
    )
    return ConfirmModal(till.station, say("till.ask.void", number=number, points=redeemed.points), detail)
