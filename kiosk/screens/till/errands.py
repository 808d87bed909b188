"""What the attendant may want beside selling, under one key: park, take back, slips of the day, goods to be counted."""

from typing import TYPE_CHECKING, Final

from kiosk.domain.basket import park_basket, unpark_basket
from kiosk.domain.counter import reprice_basket
from kiosk.domain.goods import items_to_count, register_provisional
from kiosk.domain.redemption import redemptions_of_day
from kiosk.domain.statement import show_account
from kiosk.errors import Refused
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.find_household import FindHouseholdModal
from kiosk.screens.till import arrivals, moves, questions
from kiosk.screens.till.chores import EMPTY
from kiosk.screens.till.state import Phase, Said
from kiosk.screens.widgets.account import balance_paper

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from kiosk.screens.till.screen import TillScreen


async def ask_errand(till: "TillScreen") -> None:
    """Ask which errand, then run it."""
    names = [name for name, is_wanted in WANTED.items() if is_wanted(till)]
    choices = [till.say(f"till.errand.{name}") for name in names]
    chosen = await till.ask(ChoiceModal(till.station, till.say("till.ask.errand"), choices))
    if chosen is not None:
        await ERRANDS[names[chosen]](till)


async def find_by_name(till: "TillScreen") -> None:
    """Let a household come that knows neither card nor number: by name, pinyin or initials."""
    household_id = await till.ask(FindHouseholdModal(till.station, till.say("till.errand.find")))
    if household_id is not None:
        await arrivals.take_found(till, household_id)


async def park(till: "TillScreen") -> None:
    """Put the basket aside."""
    moves.require_nothing_pending(till.till_state)
    await till.basket_keeper.settle()
    await till.station.do(park_basket, till.till_state.kept)
    till.basket_keeper.found(EMPTY)
    till.change(moves.note_parked())
    await till.look_beside()


async def unpark(till: "TillScreen") -> None:
    """Bring the parked basket back."""
    kept = await till.station.do(unpark_basket)
    till.basket_keeper.found(kept)
    till.change(moves.restore(await till.station.read(reprice_basket, kept), Said.UNPARKED))
    await till.look_beside()


async def print_one_of_day(till: "TillScreen") -> None:
    """Print a slip of the day again. Raises Refused (`no_redemption_today`)."""
    listed = await till.station.read(redemptions_of_day)
    if not listed:
        raise Refused("no_redemption_today")
    chosen = await till.ask(questions.redemption_question(till.station, listed, till.say("till.ask.which_slip")))
    if chosen is not None:
        till.slip_runner.begin(listed[chosen].redemption_id)


async def take_back(till: "TillScreen") -> None:
    """Take back a redemption of the day, or goods of it. Raises Refused (`no_redemption_today`)."""
    from kiosk.screens.till import returning

    await returning.take_one_of_day(till)


async def deliver(till: "TillScreen") -> None:
    """Let the goods be brought to the household's door, or let it take them after all."""
    till.change(moves.toggle_delivery(till.till_state))


async def show_deliveries(till: "TillScreen") -> None:
    """Ask which goods that were on their way have arrived."""
    from kiosk.screens.till import deliveries

    await deliveries.confirm_one(till)


async def show_count_list(till: "TillScreen") -> None:
    """Show the goods of which more went out than the book had."""
    items = await till.station.read(items_to_count)
    await till.ask(questions.count_list(till.station, items))


async def go_on_without_slips(till: "TillScreen") -> None:
    """Let nobody wait for the slips that are owed."""
    await till.slip_runner.go_on_without()


async def make_provisional(till: "TillScreen") -> None:
    """Make provisional goods of the code nobody knows."""
    code = till.till_state.unknown_code
    if code is not None:
        goods = await till.station.do(register_provisional, code, till.say("till.provisional"))
        till.change(moves.note_provisional(till.till_state, goods))


async def reprint(till: "TillScreen") -> None:
    """Print what is owed, or the last slip again. Raises Refused (`printer_missing`)."""
    if till.station.slips.state == "none":
        raise Refused("printer_missing")
    till.slip_runner.begin_again()


async def print_balance(till: "TillScreen") -> None:
    """Print the balance of the household at the counter."""
    station, holder = till.station, till.till_state.holder
    if station.slips.state == "none":
        raise Refused("printer_missing")
    if holder is None:
        return
    account = await station.read(show_account, holder.household_id)
    name, build = balance_paper(station, account)
    till.slip_runner.begin_other(name, build)
    till.change(moves.note_slip(till.till_state))


ERRANDS: "Final[Mapping[str, Callable[[TillScreen], Awaitable[None]]]]" = {
    "park": park,
    "unpark": unpark,
    "slips_of_day": print_one_of_day,
    "without_slips": go_on_without_slips,
    "count_list": show_count_list,
    "take_back": take_back,
    "find": find_by_name,
    "deliver": deliver,
    "on_the_way": show_deliveries,
}
WANTED: "Final[Mapping[str, Callable[[TillScreen], bool]]]" = {
    "park": lambda till: till.till_state.phase is Phase.BASKET,
    "unpark": lambda till: till.beside.is_parked and till.till_state.phase is not Phase.BASKET,
    "slips_of_day": lambda till: till.till_state.phase is not Phase.BASKET,
    "without_slips": lambda till: till.slip_runner.state.owed > 0,
    "count_list": lambda till: till.beside.to_count > 0,
    "take_back": lambda till: till.till_state.phase is not Phase.BASKET,
    "find": lambda till: till.till_state.holder is None,
    "deliver": lambda till: till.till_state.holder is not None,
    "on_the_way": lambda till: till.beside.on_the_way > 0 and till.till_state.phase is not Phase.BASKET,
}
"""Which errands make sense now, in the order of their digits."""
