"""Paper for an hour without power on its way out: to the slip printer, or as A4 to a printer queue or a stick.

Used where a day is closed and where paper forms are entered.
"""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from kiosk.letterhead import today_of, village_of
from kiosk.locale import Texts
from kiosk.locale.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from db.facts.form import FormUse
    from kiosk.outlet import Queue, Stick
    from kiosk.paper.emergency import EmergencyContent
    from kiosk.station import Station

FORMS: "Final[Mapping[FormUse, int]]" = {"redemption": 12, "sign_in": 20}
"""So many of each use find room on a page."""


async def print_on_slips(station: "Station", *, with_forms: bool) -> Sentence:
    """Print the list of balances, and new forms with it if wanted; none gets a number while the printer is in trouble.

    Raises Refused `printer_missing`, `forms_used_up`; NotAllowed.
    """
    from kiosk.domain.form import issue_forms
    from kiosk.paper.emergency import balance_list_slip, forms_slip

    content, texts, slips = await _content(station), station.texts, station.slips
    trouble = await slips.bring_out(f"balances-{content.day}", partial(balance_list_slip, content, texts))
    for use, count in FORMS.items() if with_forms else ():
        if trouble is None:
            issued = await station.do(issue_forms, use, count)
            name = f"forms-{issued.numbers[0].shown}"
            trouble = await slips.bring_out(name, partial(forms_slip, issued, content.village, texts))
    return Sentence(f"forms.told.{trouble or 'printed'}")


async def put_out(station: "Station", outlet: "Queue | Stick") -> Sentence:
    """Hand the list of balances and new forms to a printer queue or a stick as one A4 file.

    It is drawn before its forms get their numbers: what no font can draw uses none of them up.
    Raises Refused `glyph_missing`, `forms_used_up`; NotWritable; TryAgain `sheet_not_set`; NotAllowed.
    """
    from kiosk.domain.form import issue_forms, next_forms
    from kiosk.paper.apart import typeset_apart
    from kiosk.paper.emergency import emergency_sheet

    texts = Texts(station.settings.language)
    content = replace(await _content(station), forms=await station.read(next_forms, FORMS))
    sheet = await station.aside(emergency_sheet, content, texts, typeset_apart)
    issued = tuple([await station.do(issue_forms, use, count) for use, count in FORMS.items()])
    if issued != content.forms:
        sheet = await station.aside(emergency_sheet, replace(content, forms=issued), texts, typeset_apart)
    file = f"{station.texts('forms.told.file')}-{content.day}.pdf"
    await station.aside(outlet.put, file, sheet)
    return Sentence("forms.told.put_out", {"where": station.texts(outlet.told), "file": file})


async def _content(station: "Station") -> "EmergencyContent":
    from kiosk.domain.balance_list import list_balances
    from kiosk.paper.emergency import EmergencyContent

    balances = await station.read(list_balances)
    return EmergencyContent(village_of(station), today_of(station), balances)
