"""Somebody else takes the desk: it is noted, and a slip says what they find; nobody waits for the printer."""

from typing import TYPE_CHECKING

from kiosk.letterhead import village_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kiosk.paper.elements import Element
    from kiosk.station import Station


async def note_handover(station: "Station", had_desk: int | None) -> None:
    """Note that whoever has the desk now has it from operator `had_desk`; nothing where that is nobody else.

    Raises Refused as `kiosk.domain.handover.hand_over`.
    """
    operator = station.operator
    if operator is None or had_desk in (None, operator.number) or station.day is None:
        return
    from kiosk.domain.handover import hand_over
    from kiosk.paper.handover_slip import handover_content, handover_slip

    handed = await station.do(hand_over, had_desk)
    if station.slips.state != "none":
        content = handover_content(handed, village_of(station), station.clock.now().at)
        station.shell.begin(_print(station, lambda columns: handover_slip(content, station.texts, columns)), content)


async def _print(station: "Station", build: "Callable[[int], Sequence[Element]]") -> None:
    await station.slips.print("handover", build)
