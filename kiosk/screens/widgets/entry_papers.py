"""Papers about one entry of an account: explained, taken back, objected to; each with the name it is printed under."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kiosk.domain.slip import settle_slip, waive_slips
from kiosk.errors import Refused
from kiosk.letterhead import village_of
from kiosk.locale.entry import what_of
from kiosk.paper.entry_slip import EntryTold, entry_slip, reversal_slip
from kiosk.paper.objection_slip import objection_slip
from kiosk.slips import NONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.domain.explanation import Explained
    from kiosk.domain.objection import ObjectionShown
    from kiosk.paper.elements import Element
    from kiosk.shell import Listener
    from kiosk.station import Station

    Paper = tuple[str, Callable[[int], list[Element]]]


def print_paper(screen: "Listener[Any]", paper: "Paper") -> None:
    """Print where there is a printer; nobody waits for it, and a slip that fails is owed like any other."""
    slips = screen.station.slips
    if slips.state != NONE:
        screen.app.run_worker(slips.print(*paper), group="slip")


def print_owed_paper(screen: "Listener[Any]", paper: "Paper", fact_id: int) -> None:
    """Print the slip that a fact owes, and settle it in the store; one that fails is found again at the till."""
    screen.app.run_worker(_print_owed(screen.station, paper, fact_id), group="slip")


async def _print_owed(station: "Station", paper: "Paper", fact_id: int) -> None:
    printed = await station.slips.print(*paper)
    if not printed.is_owed:
        with suppress(Refused):
            await station.finish(settle_slip if printed.is_out else waive_slips, fact_id)


def told_of(station: "Station", explained: "Explained", objections: "tuple[ObjectionShown, ...]") -> EntryTold:
    """Give what papers and screens tell of an entry."""
    texts = station.texts
    return EntryTold(village_of(station), explained, objections, lambda entry: what_of(entry, texts, is_masked=True))


def entry_paper(station: "Station", told: EntryTold) -> "Paper":
    """Give the slip that explains an entry."""
    return f"entry-{told.explained.entry.entry_id}", lambda _columns: entry_slip(told, station.texts)


def reversal_paper(station: "Station", told: EntryTold) -> "Paper":
    """Give the slip of a reversal."""
    name = f"reversal-{told.explained.entry.entry_id}"
    return name, lambda columns: reversal_slip(told, station.texts, columns)


def objection_paper(station: "Station", objection: "ObjectionShown") -> "Paper":
    """Give the slip of an objection, with its answer if there is one."""
    texts = station.texts
    what = (
        texts("objection.reason.missing")
        if objection.entry is None
        else what_of(objection.entry, texts, is_masked=True)
    )
    village = village_of(station)
    state = "raised" if objection.answer is None else "answered"
    return (
        f"objection-{state}-{objection.number}",
        lambda columns: objection_slip(objection, village, what, texts, columns),
    )
