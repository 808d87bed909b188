"""What may be wanted beside scanning: another job, where goods come from, a cost that followed, what to watch."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused
from kiosk.locale import figures
from kiosk.screens.modals.amount import YUAN_DIGITS, AmountModal
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.ledger import hand_out_ledger
from kiosk.screens.stock.ordering import show_order
from kiosk.screens.stock.papers import begin_uncoded, choose_paper
from kiosk.screens.stock.state import Mode, StockState

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from db.facts.shop import Source
    from kiosk.domain.stock import Watched
    from kiosk.screens.stock.screen import StockScreen

SOURCES: "Final[tuple[Source, ...]]" = ("purchase", "donation", "village", "grant")
MORE: Final = (
    "receive",
    "count",
    "write_off",
    "cost",
    "watch",
    "terms",
    "ledger",
    "order",
    "wish",
    "uncoded",
    "papers",
)


async def ask_more(screen: "StockScreen") -> None:
    """Ask what else is to be done."""
    chosen = await screen.ask(
        ChoiceModal(screen.station, screen.say("stock.ask.more"), [screen.say(f"stock.more.{name}") for name in MORE])
    )
    if chosen is None:
        return
    name = MORE[chosen]
    if name in ERRANDS:
        await ERRANDS[name](screen)
    elif name == "terms":
        screen.station.shell.open("terms")
    else:
        screen.go(StockState(mode=Mode(name)))


async def ask_cost(screen: "StockScreen") -> int | None:
    """Ask what a delivery cost, in fen; None if somebody went back."""
    yuan = screen.say("common.yuan")
    return await screen.ask(AmountModal(screen.station, screen.say("stock.ask.cost"), yuan, YUAN_DIGITS))


async def ask_source(screen: "StockScreen") -> None:
    """Ask where the goods of the delivery come from."""
    sources = [screen.say(f"stock.source.{source}") for source in SOURCES]
    chosen = await screen.ask(ChoiceModal(screen.station, screen.say("stock.ask.source"), sources))
    if chosen is not None:
        screen.go(replace(screen.state, source=SOURCES[chosen]))


async def _set_cost(screen: "StockScreen") -> None:
    from kiosk.domain.delivery import open_deliveries, set_delivery_cost

    listed = await screen.station.read(open_deliveries)
    if not listed:
        raise Refused("no_cost_missing")
    shown = [
        screen.say(
            "stock.ask.delivery", day=each.day, source=screen.say(f"stock.source.{each.source}"), kinds=each.kinds
        )
        for each in listed
    ]
    chosen = await screen.ask(ChoiceModal(screen.station, screen.say("stock.ask.which_delivery"), shown))
    if chosen is None:
        return
    cost = await ask_cost(screen)
    if cost is None:
        return
    await screen.station.do(set_delivery_cost, listed[chosen].delivery_id, cost)
    screen.go(replace(screen.state, told=(("stock.cost_set", {"cost": figures.yuan(cost)}),)))


async def _begin_uncoded(screen: "StockScreen") -> None:
    goods = await begin_uncoded(screen)
    told = screen.state.told
    screen.ask_number(goods)
    screen.go(replace(screen.state, told=told))


async def _hand_out(screen: "StockScreen") -> None:
    told = await hand_out_ledger(screen, "stock")
    if told is not None:
        screen.go(replace(screen.state, told=(("stock.told", {"words": told}),)))


async def _show_watched(screen: "StockScreen") -> None:
    from kiosk.domain.stock import watch_stock

    watched = await screen.station.read(watch_stock)
    if not watched:
        raise Refused("nothing_to_watch")
    await screen.ask(
        ChoiceModal(screen.station, screen.say("stock.ask.watch"), [_watched(screen, each) for each in watched])
    )


def _watched(screen: "StockScreen", each: "Watched") -> str:
    goods = each.goods
    key = "expired" if each.is_expired else "expiring" if each.is_near_expiry else "low"
    shown = {"item": goods.name, "amount": screen.amount_of(goods, goods.stock), "day": goods.best_before or ""}
    return screen.say(f"stock.ask.{key}", used=screen.amount_of(goods, each.used), **shown)


ERRANDS: "Final[Mapping[str, Callable[[StockScreen], Awaitable[None]]]]" = {
    "cost": _set_cost,
    "watch": _show_watched,
    "ledger": _hand_out,
    "order": show_order,
    "uncoded": _begin_uncoded,
    "papers": choose_paper,
}
"""What is asked for beside the modes of the screen, by its name in the list."""
