"""A slip that comes back to the counter: goods returned, the whole redemption void, or the slip printed again."""

from typing import TYPE_CHECKING

from kiosk.domain.redemption import redemptions_of_day, show_redemption
from kiosk.domain.returning import return_goods, show_return
from kiosk.domain.void import find_slip
from kiosk.errors import Refused
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.return_goods import ReturnGoodsModal
from kiosk.screens.till import deliveries, moves, questions, voiding

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from kiosk.screens.till.screen import TillScreen


async def take_slip(till: "TillScreen", slip_code: str) -> None:
    """Ask what is to become of the redemption whose slip was scanned. Raises Refused."""
    await ask_matter(till, await till.station.read(find_slip, slip_code))


async def take_one_of_day(till: "TillScreen") -> None:
    """Ask what is to become of a redemption of the day. Raises Refused (`no_redemption_today`)."""
    listed = [each for each in await till.station.read(redemptions_of_day) if not each.is_void]
    if not listed:
        raise Refused("no_redemption_today")
    title = till.say("till.ask.take_back_which")
    chosen = await till.ask(questions.redemption_question(till.station, listed, title))
    if chosen is not None:
        await ask_matter(till, listed[chosen].redemption_id)


async def ask_matter(till: "TillScreen", redemption_id: int) -> None:
    """Ask what is to become of a redemption, then do it. Raises Refused."""
    moves.require_no_basket(till.till_state)
    shown = await till.station.read(show_redemption, redemption_id)
    title = till.say("till.ask.slip", number=shown.redeemed.shown_number, name=shown.household.name)
    matters = [each for each in MATTERS if each != "delivered" or shown.is_on_the_way]
    chosen = await till.ask(ChoiceModal(till.station, title, [till.say(f"till.matter.{each}") for each in matters]))
    if chosen is not None:
        await MATTERS[matters[chosen]](till, redemption_id)


async def take_goods_back(till: "TillScreen", redemption_id: int) -> None:
    """Ask what comes back, take it or hand it to whoever signs; its slip comes in any case. Raises Refused."""
    found = await till.station.read(show_return, redemption_id)
    brought = await till.ask(ReturnGoodsModal(till.station, found))
    if brought is None:
        return
    returned = await till.station.do(return_goods, redemption_id, brought)
    till.change(moves.note_return(returned))
    till.slip_runner.begin_owed(returned.fact_id)
    await till.look_beside()


async def print_again(till: "TillScreen", redemption_id: int) -> None:
    """Print the slip of a redemption again. Raises Refused (`printer_missing`)."""
    if till.station.slips.state == "none":
        raise Refused("printer_missing")
    till.slip_runner.begin(redemption_id)


MATTERS: "Mapping[str, Callable[[TillScreen, int], Awaitable[None]]]" = {
    "delivered": deliveries.confirm,
    "return": take_goods_back,
    "void": voiding.void,
    "print": print_again,
}
"""What may become of a slip, in the order of the digits."""
