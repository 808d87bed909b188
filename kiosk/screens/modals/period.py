"""Which period: a stretch of the calendar as people name it, or two days that are typed."""

from typing import TYPE_CHECKING, Any

from kiosk.letterhead import today_of
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.day import DayModal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.domain.report import Period, Stretch
    from kiosk.shell import Listener


async def ask_period(screen: "Listener[Any]", kind: str, stretches: "Sequence[Stretch]") -> "Period | None":
    """Ask over which days a paper or file of a ``kind``, in words, goes; None if the person went back.

    Raises Refused ``period_backwards``.
    """
    from kiosk.domain.report import period_between
    from kiosk.domain.reports import stretch_here

    choices = [screen.say(f"report.stretch.{stretch}") for stretch in (*stretches, "other")]
    chosen = await screen.ask(ChoiceModal(screen.station, screen.say("report.when", kind=kind), choices))
    if chosen is None:
        return None
    if chosen < len(stretches):
        return await screen.station.read(stretch_here, stretches[chosen], today_of(screen.station))
    first = await screen.ask(DayModal(screen.station, screen.say("report.ask_first", kind=kind)))
    if first is None:
        return None
    last = await screen.ask(DayModal(screen.station, screen.say("report.ask_last", kind=kind, first=first)))
    return None if last is None else period_between(first, last)
