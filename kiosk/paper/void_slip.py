"""The slip of a redemption that was made void: what went back to whom, and who signs."""

from dataclasses import dataclass

from kiosk.clock import EARLIEST_PLAUSIBLE_AT
from kiosk.domain.void import Voided
from kiosk.locale import Texts
from kiosk.locale.amount import amount
from kiosk.locale.figures import points, time_of_day
from kiosk.paper.elements import Align, Big, Cut, Element, Feed, Rule, Text, pair
from kiosk.paper.slip import Household, shown_household, signature


@dataclass(frozen=True)
class VoidContent:
    """What the slip of a void says; points in hundredths, ``goods`` ready texts, ``at`` None from a clock never set."""

    village: str
    number: str
    day: str
    at: int | None
    household: Household
    goods: tuple[str, ...]
    back_points: int
    after_points: int
    waits: bool


def void_content(voided: Voided, village: str, texts: Texts) -> VoidContent:
    """Say what the slip of a void says; `village` is a ready text."""
    place = texts("till.place", group=voided.household.place.group, house=voided.household.place.house)
    goods = tuple(
        f"{line.name} {amount(texts, line.quantity, line.unit, is_weighed=line.is_weighed)}"
        for line in voided.shown.redeemed.lines
    )
    return VoidContent(
        village, voided.shown.redeemed.shown_number, voided.day,
        voided.at if voided.at >= EARLIEST_PLAUSIBLE_AT else None,
        Household(place, voided.household.name), goods, voided.points, voided.household.redeemable_points, voided.waits,
    )  # fmt: skip


def void_slip(content: VoidContent, texts: Texts, columns: int) -> list[Element]:
    """Give the slip of a void for a paper of ``columns``; where it waits, nothing has moved yet."""
    day = content.day if content.at is None else f"{content.day} {time_of_day(content.at)}"
    figures: list[Element] = [
        pair(texts("paper.void.back"), points(content.back_points)),
        pair(texts("paper.void.after"), points(content.after_points)),
    ]
    return [
        Big(content.village),
        Text(texts("paper.void.title"), Align.CENTRE),
        Feed(),
        pair(texts("paper.void.number"), content.number),
        pair(texts("paper.void.day"), day),
        pair(texts("paper.void.household"), shown_household(content.household)),
        Rule(),
        Text(texts("paper.void.goods_back")),
        *(Text(goods) for goods in content.goods),
        Rule(),
        *([Text(texts("paper.void.waits"))] if content.waits else figures),
        Feed(),
        signature(texts("paper.void.signature"), columns),
        Feed(),
        Cut(),
    ]
