"""Ledgers as an Excel file: which one, which days, then to the stick; from any screen that shows their figures."""

from typing import TYPE_CHECKING, Any, Final

from kiosk.errors import NotWritable
from kiosk.letterhead import village_of
from kiosk.locale import Texts
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.period import ask_period
from kiosk.screens.modals.stick import ask_stick

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.domain.ledgers import LedgerKind
    from kiosk.shell import Listener

FOLDER: Final = "reports"
ALL: Final = "all"


async def hand_out_any_ledger(screen: "Listener[Any]") -> str | None:
    """Ask which ledger, and hand it out; as `hand_out_ledger`."""
    from kiosk.domain.ledgers import LedgerKind

    kinds = (*LedgerKind, ALL)
    names = [screen.say(f"ledger.kind.{kind}") for kind in kinds]
    chosen = await screen.ask(ChoiceModal(screen.station, screen.say("ledger.ask"), names))
    if chosen is None:
        return None
    return await hand_out_ledger(screen, kinds[chosen])


async def hand_out_ledger(screen: "Listener[Any]", kind: "LedgerKind | str") -> str | None:
    """Ask for the days, write a ledger, and give the sentence that says where; None if the person went back."""
    from kiosk.domain.ledgers import LedgerKind, read_ledgers
    from kiosk.domain.report import Stretch
    from kiosk.sheets.ledger_tabs import write_ledgers
    from kiosk.sheets.places import free_name

    name = screen.say(f"ledger.kind.{kind}")
    period = await ask_period(screen, name, tuple(Stretch))
    folder, key = (None, "") if period is None else await folder_for_sheets(screen)
    if period is None or folder is None:
        return None
    kinds = tuple(LedgerKind) if kind == ALL else (LedgerKind(kind),)
    ledgers = await screen.station.read(read_ledgers, period, kinds)
    out = free_name(folder, screen.say("ledger.file_name", kind=name, first=period.first, last=period.last))
    texts = Texts(screen.station.settings.language)
    await screen.station.aside(write_ledgers, out, ledgers, village_of(screen.station), texts)
    return screen.say(key, name=out.name, folder=FOLDER)


async def folder_for_sheets(screen: "Listener[Any]") -> "tuple[Path | None, str]":
    """Give where to write, and the key of what to say: a stick, without one this desk's own folder."""
    try:
        return await ask_stick(screen), "report.written"
    except NotWritable:
        folder = screen.station.home / FOLDER
        folder.mkdir(exist_ok=True)
        return folder, "report.written_here"
