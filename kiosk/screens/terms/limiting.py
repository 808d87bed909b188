"""Setting a limit of goods, or of all goods together, and taking one back; limits as rows."""

from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused
from kiosk.screens.modals.amount import POINTS_DIGITS, AmountModal
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.day import DayModal
from kiosk.screens.modals.quantity import QuantityModal
from kiosk.screens.terms.pricing import ask_first_day
from kiosk.screens.widgets.limit_row import coming_limit_row, limit_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from db.facts.terms import Festival, Span
    from kiosk.domain.allowance import Limit
    from kiosk.domain.goods import Goods
    from kiosk.domain.limit import NewLimit
    from kiosk.locale import Texts
    from kiosk.screens.terms.screen import TermsScreen

SPANS: "Final[tuple[Span, ...]]" = ("visit", "day", "month", "quarter", "year", "festival")
FESTIVALS: "Final[tuple[Festival, ...]]" = ("spring", "dragon_boat", "mid_autumn", "other")
MOST_PIECES: Final = 9_999


async def set_limit_of(screen: "TermsScreen", goods: "Goods | None") -> None:
    """Ask for a limit of goods, or of all goods in points (`goods` None), and from which day, then set it."""
    from kiosk.domain.limit import NewLimit, set_limit

    span = await _ask_span(screen)
    quantity = None if span is None else await _ask_quantity(screen, goods, span)
    if span is None or quantity is None:
        return
    festival, until = None, None
    if span == "festival":
        festival = await _ask_festival(screen)
        if festival is None:
            return
    from_day = await ask_first_day(screen)
    if from_day is None:
        return
    if festival is not None:
        until = await screen.ask(DayModal(screen.station, screen.say("terms.ask.until")))
        if until is None:
            return
    item_id = None if goods is None else goods.item_id
    new = NewLimit(item_id, span, quantity, from_day, until, festival)
    await screen.station.do(set_limit, new)
    await screen.show(goods, screen.say("terms.limit_set", limit=coming_limit_row(new, goods, screen.station.texts)))


async def withdraw_limit_of(screen: "TermsScreen", goods: "Goods | None") -> None:
    """Ask which limit of goods, or of all goods, ends today or never begins. Raises Refused (`no_limit_yet`)."""
    from kiosk.domain.limit import withdraw_coming, withdraw_limit
    from kiosk.domain.terms import limits_of

    item_id = None if goods is None else goods.item_id
    listed, coming = await screen.station.read(limits_of, item_id)
    rows = list(limit_rows(listed, coming, goods, screen.station.texts))
    if not rows:
        raise Refused("no_limit_yet")
    chosen = await screen.ask(ChoiceModal(screen.station, screen.say("terms.ask.withdraw"), rows))
    if chosen is None:
        return
    if chosen < len(listed):
        await screen.station.do(withdraw_limit, listed[chosen])
    else:
        await screen.station.do(withdraw_coming, coming[chosen - len(listed)])
    await screen.show(goods, screen.say("terms.limit_withdrawn", limit=rows[chosen]))


def limit_rows(
    limits: "Sequence[Limit]", coming: "Sequence[NewLimit]", goods: "Goods | None", texts: "Texts"
) -> "Iterable[str]":
    """Give a row for each limit that holds, and for each that will."""
    yield from (limit_row(each, goods, texts) for each in limits)
    yield from (coming_limit_row(each, goods, texts) for each in coming)


async def _ask_span(screen: "TermsScreen") -> "Span | None":
    names = [screen.say(f"terms.span.{span}") for span in SPANS]
    chosen = await screen.ask(ChoiceModal(screen.station, screen.say("terms.ask.span"), names))
    return None if chosen is None else SPANS[chosen]


async def _ask_quantity(screen: "TermsScreen", goods: "Goods | None", span: "Span") -> int | None:
    """Ask how much: points of all goods, pieces, or units of weight with decimals, which become grams.

    Raises Refused `number_not_whole`.
    """
    from kiosk.domain.goods import quantity_of

    of_span = screen.say(f"terms.span.{span}")
    if goods is None:
        title = screen.say("terms.ask.limit_points", span=of_span)
        return await screen.ask(AmountModal(screen.station, title, screen.say("till.unit"), POINTS_DIGITS))
    title = screen.say("terms.ask.limit", item=goods.name, span=of_span)
    if not goods.is_weighed:
        return await screen.ask(QuantityModal(screen.station, title, goods.unit, MOST_PIECES))
    hundredths = await screen.ask(AmountModal(screen.station, title, goods.unit, POINTS_DIGITS))
    return None if hundredths is None else quantity_of(goods, hundredths)


async def _ask_festival(screen: "TermsScreen") -> "Festival | None":
    names = [screen.say(f"terms.festival.{each}") for each in FESTIVALS]
    chosen = await screen.ask(ChoiceModal(screen.station, screen.say("terms.ask.festival"), names))
    return None if chosen is None else FESTIVALS[chosen]
