"""The report of a closed day on its way to paper: printed by itself after the close, and again when wanted."""

from typing import TYPE_CHECKING

from kiosk.errors import Refused
from kiosk.form_papers import TROUBLE, Told
from kiosk.locale.figures import instant
from kiosk.screens.modals.choice import ChoiceModal

if TYPE_CHECKING:
    from kiosk.shell import Listener
    from kiosk.slips import Printed
    from kiosk.station import Station


async def print_report(station: "Station", close_id: int | None = None) -> Told:
    """Print the report of a close, of the last one if none is named; say what became of it.

    One that could not be printed is owed: it goes out before the next slip, or when it is asked for again.

    Raises Refused `printer_missing`, `day_never_closed`.
    """
    from kiosk.domain.day_report import show_day_report
    from kiosk.domain.day_waits import what_waits
    from kiosk.paper.day_report import day_report_content, day_report_slip

    if station.slips.state == "none":
        raise Refused("printer_missing")
    report = await station.read(show_day_report, close_id)
    waits = await station.read(what_waits)
    number = 0 if station.store is None else station.store.village
    unsent = None if station.unsent is None or station.is_demo else station.unsent.lines
    village = station.settings.village_name or f"{number:04}"
    content = day_report_content(report, village, number, waits, unsent, station.texts)
    name = f"day-{report.close_id}"
    if name in station.slips.owed:
        await station.slips.print_owed()
        is_out, state = name not in station.slips.owed, station.slips.state
        return _told(is_out=is_out, state=state)
    printed: Printed = await station.slips.print(name, lambda columns: day_report_slip(content, station.texts, columns))
    if not printed.is_out and not printed.is_owed:
        raise Refused("printer_missing")
    return _told(is_out=printed.is_out, state=printed.state)


async def choose_report(screen: "Listener[None]") -> Told | None:
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


def _told(*, is_out: bool, state: str) -> Told:
    if is_out:
        return Told("day_close.report.printed")
    return Told(f"day_close.report.{state if state in TROUBLE else 'silent'}")
