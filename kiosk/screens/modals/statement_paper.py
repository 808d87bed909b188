"""The statement of a household on paper: for which days, and on which paper."""

from typing import TYPE_CHECKING, Any, Final

from kiosk.domain.report import Stretch
from kiosk.letterhead import village_of
from kiosk.locale import Texts
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.outlet import ask_outlet
from kiosk.screens.modals.period import ask_period

if TYPE_CHECKING:
    from kiosk.domain.household_statement import HouseholdStatement
    from kiosk.shell import Listener

STRETCHES: Final = (Stretch.THIS_MONTH, Stretch.THIS_QUARTER, Stretch.THIS_YEAR, Stretch.LAST_YEAR)
PAPERS: Final = ("slip", "page")


async def print_statement(screen: "Listener[Any]", household_id: int) -> str | None:
    """Ask, print or write the statement, and give the sentence that says so; None if the person went back.

    Raises Refused ``printer_missing``, what ``ask_period``, ``ask_outlet`` and its ``put`` refuse, ``glyph_missing``.
    """
    from kiosk.domain.household_statement import state_account

    period = await ask_period(screen, screen.say("statement.sheet.title"), STRETCHES)
    if period is None:
        return None
    papers = [screen.say(f"statement.ask.{paper}") for paper in PAPERS]
    on = await screen.ask(ChoiceModal(screen.station, screen.say("statement.ask.paper"), papers))
    if on is None:
        return None
    statement = await screen.station.read(state_account, household_id, period)
    return await (_to_slip if PAPERS[on] == "slip" else _to_page)(screen, statement)


async def _to_slip(screen: "Listener[Any]", statement: "HouseholdStatement") -> str:
    from kiosk.paper.household_statement import household_statement_slip

    texts, slips, village = screen.station.texts, screen.station.slips, village_of(screen.station)
    name = f"statement-{statement.household.household_id}-{statement.period.first}"
    trouble = await slips.bring_out(name, lambda _columns: household_statement_slip(statement, village, texts))
    if trouble is None:
        return screen.say("statement.printed")
    return screen.say("balance.slip_waits", printer=screen.say(f"common.printer.{trouble}"))


async def _to_page(screen: "Listener[Any]", statement: "HouseholdStatement") -> str | None:
    from kiosk.paper.apart import typeset_apart
    from kiosk.paper.household_statement import household_statement_sheet

    outlet = await ask_outlet(screen)
    if outlet is None:
        return None
    texts, village = Texts(screen.station.settings.language), village_of(screen.station)
    sheet = await screen.station.aside(household_statement_sheet, statement, village, texts, typeset_apart)
    place, title = statement.household.place, screen.say("statement.sheet.title")
    file = f"{title}-{place.group}-{place.house}-{statement.period.first}.pdf"
    await screen.station.aside(outlet.put, file, sheet)
    return screen.say("statement.written", where=screen.say(outlet.told), file=file)
