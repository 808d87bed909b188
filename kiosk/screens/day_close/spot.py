"""The spot count at the close of a day: one number after the other, written down together, or put off with a reason."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.widgets.number_entry import hundredths_of

if TYPE_CHECKING:
    from db.facts.period import SkipReason
    from kiosk.screens.day_close.screen import DayCloseScreen

REASONS: "Final[tuple[SkipReason, ...]]" = ("no_time", "shelf_in_use", "locked_away", "other")


async def take_number(screen: "DayCloseScreen", text: str) -> None:
    """Take what was counted of the goods on show; after the last of them all are written down.

    Raises Refused `number_not_whole`; as `count_spot`.
    """
    from kiosk.domain.goods import quantity_of

    state, goods = screen.state, screen.state.asked_goods
    if goods is None or state.spot is None:
        return
    numbers = (*state.numbers, quantity_of(goods, hundredths_of(text)))
    if len(numbers) < len(state.spot.goods):
        screen.go(replace(state, numbers=numbers))
    else:
        await _write(screen, numbers)


def take_back(screen: "DayCloseScreen") -> bool:
    """Ask for the goods before once more; False if there are none."""
    numbers = screen.state.numbers
    if screen.state.asked_goods is not None and numbers:
        screen.go(replace(screen.state, numbers=numbers[:-1]))
        return True
    return False


async def skip(screen: "DayCloseScreen") -> None:
    """Ask why nobody counts today, and go on to the slips."""
    from kiosk.domain.spot_count import skip_spot

    spot = screen.state.spot
    reasons = [screen.say(f"day_close.spot.reason.{reason}") for reason in REASONS]
    chosen = await screen.ask(ChoiceModal(screen.station, screen.say("day_close.spot.why"), reasons))
    if chosen is None or spot is None:
        return
    await screen.station.do(skip_spot, [goods.item_id for goods in spot.goods], REASONS[chosen])
    screen.go(replace(screen.state, spot=None, numbers=(), step=screen.first_step()))


async def _write(screen: "DayCloseScreen", numbers: tuple[int, ...]) -> None:
    from kiosk.domain.spot_count import SpotEntry, count_spot

    spot = screen.state.spot
    if spot is None:
        return
    pairs = zip(spot.goods, numbers, strict=True)
    entries = [SpotEntry(goods.item_id, counted, goods.stock) for goods, counted in pairs]
    spotted = await screen.station.do(count_spot, entries)
    screen.go(replace(screen.state, spot=None, numbers=(), spotted=spotted, step=screen.first_step()))
