"""On which days the shop is open: days of the week, and exchange days, called for one day or for every month."""

from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.day import ask_day
from kiosk.screens.modals.quantity import QuantityModal
from kiosk.screens.terms.pricing import ask_first_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.domain.goods import Goods
    from kiosk.domain.terms import GeneralTerms
    from kiosk.locale import Texts
    from kiosk.screens.terms.screen import TermsScreen

LEGAL: Final = frozenset(range(1, 8))
MOST_DIGITS: Final = 7_777_777
"""Seven digits, one for each day of the week."""


async def set_opening_days_of(screen: "TermsScreen", _goods: "Goods | None") -> None:
    """Ask for the days of the week, each its digit, and from when they hold. Raises Refused (`weekdays_unreadable`)."""
    from kiosk.domain.shop_days import set_opening_days

    typed = await screen.ask(QuantityModal(screen.station, screen.say("terms.ask.weekdays"), "", MOST_DIGITS))
    if typed is None:
        return
    weekdays = [int(digit) for digit in str(typed)]
    if not LEGAL.issuperset(weekdays):
        raise Refused("weekdays_unreadable")
    from_day = await ask_first_day(screen)
    if from_day is None:
        return
    await screen.station.do(set_opening_days, weekdays, from_day)
    await screen.show(None, screen.say("terms.opening_set", days=_names(weekdays, screen.station.texts), day=from_day))


async def call_exchange_day(screen: "TermsScreen", _goods: "Goods | None") -> None:
    """Ask for an exchange day, and whether it is one in every month of the next year."""
    from kiosk.domain.shop_days import call_days, monthly_from

    day = await _ask_day(screen)
    if day is None:
        return
    often = [screen.say("terms.often.once"), screen.say("terms.often.monthly", number=int(day[8:]))]
    chosen = await screen.ask(ChoiceModal(screen.station, screen.say("terms.ask.often"), often))
    if chosen is None:
        return
    days = monthly_from(day) if chosen else (day,)
    await screen.station.do(call_days, days)
    await screen.show(None, screen.say("terms.exchange_set", day=day, count=len(days)))


async def call_exchange_day_off(screen: "TermsScreen", _goods: "Goods | None") -> None:
    """Ask which exchange day is none. Raises Refused (`no_exchange_day_yet`)."""
    from kiosk.domain.shop_days import call_days_off, called_days

    listed = await screen.station.read(called_days, screen.station.day or "")
    if not listed:
        raise Refused("no_exchange_day_yet")
    chosen = await screen.ask(ChoiceModal(screen.station, screen.say("terms.ask.call_off"), listed))
    if chosen is not None:
        await screen.station.do(call_days_off, (listed[chosen],))
        await screen.show(None, screen.say("terms.exchange_off", day=listed[chosen]))


def day_rows(general: "GeneralTerms", texts: "Texts") -> "Iterable[str]":
    """Say on which days of the week the shop is open, and which exchange days come next."""
    if general.weekdays:
        yield texts("terms.opening_row", days=_names(general.weekdays, texts))
    if general.exchange_days:
        yield texts("terms.exchange_row", days="  ".join(general.exchange_days))


def _names(weekdays: "Iterable[int]", texts: "Texts") -> str:
    return " ".join(texts(f"common.weekday.{each}") for each in sorted(set(weekdays)))


async def _ask_day(screen: "TermsScreen") -> str | None:
    """Ask for a day: today with one digit, or any other."""
    days = {} if screen.station.day is None else {"today": screen.station.day}
    return await ask_day(screen, screen.say("terms.ask.exchange_day"), days, screen.say("terms.ask.exchange"))
