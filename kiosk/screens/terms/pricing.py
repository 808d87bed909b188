"""Setting a price: how much, from which day, and why; and the prices of goods as rows."""

from typing import TYPE_CHECKING, Final

from kiosk.calendar import MONTH, days_after, months_around
from kiosk.locale import figures
from kiosk.screens.modals.amount import POINTS_DIGITS, AmountModal
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.day import ask_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from db.facts.shop import PriceReason
    from kiosk.domain.price import PriceShown
    from kiosk.locale import Texts
    from kiosk.screens.terms.screen import TermsScreen

REASONS: "Final[tuple[PriceReason, ...]]" = ("cost", "ordered", "demand", "near_expiry", "mistake", "other")


async def set_price_of(screen: "TermsScreen") -> None:
    """Ask for the new price of the goods on the screen, its first day and the reason, then set it."""
    from kiosk.domain.price import DatedPrice, set_price

    if screen.state.terms is None:
        return
    goods = screen.state.terms.goods
    title = screen.say("terms.ask.points", item=goods.name, unit=goods.unit)
    points = await screen.ask(AmountModal(screen.station, title, screen.say("till.unit"), POINTS_DIGITS))
    if points is None:
        return
    from_day = await ask_first_day(screen)
    if from_day is None:
        return
    reasons = [screen.say(f"terms.reason.{reason}") for reason in REASONS]
    chosen = await screen.ask(ChoiceModal(screen.station, screen.say("terms.ask.reason"), reasons))
    if chosen is None:
        return
    price = DatedPrice(from_day, points, REASONS[chosen])
    await screen.station.do(set_price, goods.item_id, price)
    await screen.show(goods, screen.say("terms.price_set", item=goods.name, day=from_day, points=points))


async def ask_first_day(screen: "TermsScreen") -> str | None:
    """Ask from which day something holds: today, tomorrow, the first of next month, or a day that is typed."""
    days, title = first_days(screen.station.day or ""), screen.say("terms.ask.first_day")
    return await ask_day(screen, title, days, screen.say("terms.ask.day"))


def first_days(day: str) -> dict[str, str]:
    """Return the days that are most often meant, by the last part of the key of their text; none without a day."""
    if not day:
        return {}
    _first, last = months_around(day, MONTH)
    return {"today": day, "tomorrow": days_after(day, 1), "next_month": days_after(last, 1)}


def price_rows(prices: "Sequence[PriceShown]", texts: "Texts") -> "Iterable[str]":
    """Give a row for each price: how it stands, from when, how much, by whom and why."""
    for each in prices:
        who = texts("terms.county") if each.is_county else each.set_by
        why = texts("terms.reason.none") if each.reason is None else texts(f"terms.reason.{each.reason}")
        state = texts(f"terms.state.{each.state.value}")
        shown = figures.points(each.points)
        yield texts("terms.price_row", state=state, day=each.from_day, price=shown, who=who, why=why)
