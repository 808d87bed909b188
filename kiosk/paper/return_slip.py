"""The slip of goods that came back: what, where it goes, what went back to whom, and which slip it belongs to."""

from dataclasses import dataclass

from kiosk.clock import EARLIEST_PLAUSIBLE_AT
from kiosk.domain.returning import Returned, ReturnedLine
from kiosk.locale import Texts
from kiosk.locale.amount import amount
from kiosk.locale.figures import points, time_of_day
from kiosk.paper.elements import Align, Big, Code128, Cut, Element, Feed, Rule, Text, pair, priced
from kiosk.paper.slip import Household, shown_household, signature


@dataclass(frozen=True)
class ReturnContent:
    """What the slip of a return says; points in hundredths, ``at`` None from a clock never set.

    ``goods`` are ready texts, each with where it goes and its points; ``number`` and ``code`` are the first slip's.
    """

    village: str
    number: str
    code: str
    day: str
    at: int | None
    household: Household
    goods: tuple[tuple[str, str, int], ...]
    back_points: int
    after_points: int
    waits: bool


def return_content(returned: Returned, village: str, texts: Texts) -> ReturnContent:
    """Say what the slip of a return says; `village` is a ready text."""
    place = texts("till.place", group=returned.household.place.group, house=returned.household.place.house)
    redeemed = returned.shown.redeemed
    return ReturnContent(
        village, redeemed.shown_number, redeemed.slip_code, returned.day,
        returned.at if returned.at >= EARLIEST_PLAUSIBLE_AT else None,
        Household(place, returned.household.name), tuple(_goods(line, texts) for line in returned.lines),
        returned.points, returned.household.redeemable_points, returned.waits,
    )  # fmt: skip


def return_slip(content: ReturnContent, texts: Texts, columns: int) -> list[Element]:
    """Give the slip of a return for a paper of ``columns``; where it waits, nothing has moved yet."""
    day = content.day if content.at is None else f"{content.day} {time_of_day(content.at)}"
    figures: list[Element] = [
        pair(texts("paper.return.back"), points(content.back_points)),
        pair(texts("paper.return.after"), points(content.after_points)),
    ]
    return [
        Big(content.village),
        Text(texts("paper.return.title"), Align.CENTRE),
        Feed(),
        pair(texts("paper.return.number"), content.number),
        pair(texts("paper.return.day"), day),
        pair(texts("paper.return.household"), shown_household(content.household)),
        Rule(),
        *(row for goods, where, back in content.goods for row in (priced(goods, points(back)), Text(where))),
        Rule(),
        *([Text(texts("paper.return.waits", back_points=content.back_points))] if content.waits else figures),
        Feed(),
        signature(texts("paper.return.signature"), columns),
        Feed(),
        Code128(content.code),
        Cut(),
    ]


def _goods(line: ReturnedLine, texts: Texts) -> tuple[str, str, int]:
    goods, brought = line.goods, line.brought
    how_much = amount(texts, brought.quantity, goods.unit, is_weighed=goods.is_weighed)
    where = texts("paper.return.shelf")
    if brought.to == "waste":
        where = texts("paper.return.waste", reason=texts(f"stock.reason.{brought.reason}"))
    return f"{goods.name} {how_much}", where, line.points
