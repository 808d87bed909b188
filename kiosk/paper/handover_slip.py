"""The slip of a handover: who has the desk from whom, what is open or owed, and room for both to sign."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.clock import EARLIEST_PLAUSIBLE_AT
from kiosk.locale import Texts
from kiosk.locale.figures import points, time_of_day
from kiosk.paper.elements import Align, Big, Cut, Element, Feed, Rule, Text, pair
from kiosk.paper.slip import signature

if TYPE_CHECKING:
    from kiosk.domain.handover import HandedOver

SHOWN_GOODS = 6


@dataclass(frozen=True)
class HandoverContent:
    """What the slip says: the village's name, what was found, and wall milliseconds, None from a clock never set."""

    village: str
    handed: "HandedOver"
    at: int | None


def handover_content(handed: "HandedOver", village: str, at: int) -> HandoverContent:
    """Say what the slip says; `at` in wall milliseconds."""
    return HandoverContent(village, handed, at if at >= EARLIEST_PLAUSIBLE_AT else None)


def handover_slip(content: HandoverContent, texts: Texts, columns: int) -> list[Element]:
    """Give the slip of a handover for a paper of ``columns``."""
    handed, found = content.handed, content.handed.found
    when = handed.day if content.at is None else f"{handed.day} {time_of_day(content.at)}"
    figures = (
        ("redemptions", str(found.redemptions)), ("points", points(found.points)), ("slips", str(found.slips_booked)),
        ("owed", str(found.slips_owed)), ("baskets", str(found.baskets)), ("waiting", str(found.waiting)),
        ("low", str(found.low_stock)),
    )  # fmt: skip
    return [
        Big(content.village),
        Text(texts("paper.handover.title"), Align.CENTRE),
        Feed(),
        pair(texts("paper.handover.from"), handed.from_name or "-"),
        pair(texts("paper.handover.to"), handed.to_name or "-"),
        pair(texts("paper.handover.day"), when),
        Rule(),
        *(pair(texts(f"paper.handover.{name}"), figure) for name, figure in figures),
        *(Text(f"  {goods}") for goods in handed.low_goods[:SHOWN_GOODS]),
        Rule(),
        Feed(),
        signature(texts("paper.handover.gives"), columns),
        Feed(),
        signature(texts("paper.handover.takes"), columns),
        Feed(),
        Cut(),
    ]
