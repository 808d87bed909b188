"""Goods that were brought home: which redemption it was, and who went; from the list, or by the slip that came back."""

from typing import TYPE_CHECKING

from kiosk.errors import Refused
from kiosk.locale.figures import short_number
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.till import moves
from kiosk.screens.widgets.account import who_of

if TYPE_CHECKING:
    from kiosk.screens.till.screen import TillScreen


async def confirm_one(till: "TillScreen") -> None:
    """Ask which goods have arrived, and who brought them. Raises Refused (`no_delivery_awaited`)."""
    from kiosk.domain.home_delivery import undelivered

    listed = await till.station.read(undelivered)
    if not listed:
        raise Refused("no_delivery_awaited")
    texts = till.station.texts
    rows = [
        texts("till.ask.delivery", number=short_number(each.shown_number), day=each.day,
              who=who_of(each.household, texts))
        for each in listed
    ]  # fmt: skip
    chosen = await till.ask(ChoiceModal(till.station, till.say("till.ask.which_delivery"), rows))
    if chosen is not None:
        await confirm(till, listed[chosen].redemption_id)


async def confirm(till: "TillScreen", redemption_id: int) -> None:
    """Ask who brought the goods of a redemption home, and write it down. Raises Refused."""
    from kiosk.domain.home_delivery import confirm_delivery
    from kiosk.domain.operators import list_operators

    operators = await till.station.read(list_operators)
    names = [each.name for each in operators]
    chosen = await till.ask(ChoiceModal(till.station, till.say("till.ask.deliverer"), names))
    if chosen is not None:
        await till.station.do(confirm_delivery, redemption_id, operators[chosen].operator_id)
        till.change(moves.note_delivered(till.till_state))
        await till.look_beside()
