"""The report of a closed day on its way to paper: printed by itself after the close, and again when wanted."""

from functools import partial
from typing import TYPE_CHECKING

from kiosk.errors import Refused
from kiosk.letterhead import village_of
from kiosk.locale.figures import instant
from kiosk.locale.sentence import Sentence
from kiosk.screens.modals.choice import ChoiceModal

if TYPE_CHECKING:
    from kiosk.shell import Listener
    from kiosk.station import Station


async def print_report(station: "Station", close_id: int | None = None) -> Sentence:
    """Print the report of a close, of the last one if none is named; say what became of it.

    One that could not be printed is owed: it goes out before the next slip, or when it is asked for again.

    Raises Refused `printer_missing`, `day_never_closed`.
    """
    from kiosk.domain.day_report import show_day_report
    from kiosk.domain.day_waits import what_waits
    from kiosk.paper.day_report import day_report_content, day_report_slip

    report = await station.read(show_day_report, close_id)
    waits = await station.read(what_waits)
    number = 0 if station.store is None else station.store.village
    unsent = None if station.unsent is None or station.is_demo else station.unsent.lines
    content = day_report_content(report, village_of(station), number, waits, unsent, station.texts)
    build = partial(day_report_slip, content, station.texts)
    trouble = await station.slips.bring_out(f"day-{report.close_id}", build)
    return Sentence(f"day_close.report.{trouble or 'printed'}")


async def choose_report(screen: "Listener[None]") -> Sentence | None:
    """Ask which of the last days, and print its report again; None if somebody went back.

    Raises Refused as `print_report`.
    """
    from kiosk.domain.day_report import list_closes

    closes = await screen.station.read(list_closes)
    if not closes:
        raise Refused("day_never_closed")
    named = [screen.say("day_close.report.of", day=each.day, clock=instant(each.at)[-5:]) for each in closes]
    chosen = await screen.ask(ChoiceModal(screen.station, screen.say("day_close.report.which"), named))
    return None if chosen is None else await print_report(screen.station, closes[chosen].close_id)
