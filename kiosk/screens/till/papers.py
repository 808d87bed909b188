"""The slip of what went over the counter or came back: each with the name it is printed under.

That of a redemption is loaded with the till; what is seldom, when it is wanted.
"""

from typing import TYPE_CHECKING

from kiosk.domain.redemption import RedemptionShown
from kiosk.letterhead import village_of
from kiosk.paper.delivery_slip import delivery_slip
from kiosk.paper.slip import slip
from kiosk.paper.slip_content import redemption_content
from kiosk.screens.widgets.account import place_of

if TYPE_CHECKING:
    from kiosk.domain.slip_owed import OnSlip
    from kiosk.paper.elements import Element
    from kiosk.screens.widgets.entry_papers import Paper
    from kiosk.station import Station


def paper_of(station: "Station", about: "OnSlip") -> "Paper":
    """Give the slip of a redemption, a void, a return, or the reversal of an entry."""
    if isinstance(about, RedemptionShown):
        return about.redeemed.shown_number, lambda columns: _redemption_slip(station, about, columns)
    from kiosk.domain.returning import Returned
    from kiosk.domain.void import Voided
    from kiosk.paper.return_slip import return_content, return_slip
    from kiosk.paper.void_slip import void_content, void_slip
    from kiosk.screens.widgets.entry_papers import reversal_paper, told_of

    texts, village = station.texts, village_of(station)
    match about:
        case Voided():
            void = void_content(about, village, texts)
            return f"void-{about.fact_id}", lambda columns: void_slip(void, texts, columns)
        case Returned():
            back = return_content(about, village, texts)
            return f"return-{about.fact_id}", lambda columns: return_slip(back, texts, columns)
    return reversal_paper(station, told_of(station, about, ()))


def _redemption_slip(station: "Station", shown: RedemptionShown, columns: int) -> "list[Element]":
    texts = station.texts
    content = redemption_content(shown, village_of(station), place_of(shown.household, texts))
    printed = slip(content, texts, columns)
    return [*printed, *delivery_slip(content, texts)] if shown.redeemed.holder.is_to_deliver else printed
