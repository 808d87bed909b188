"""The slip of a redemption and the slip that shows a balance, as lists of elements."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from kiosk.locale import Texts
from kiosk.locale.amount import amount
from kiosk.locale.figures import points, signed, time_of_day
from kiosk.paper.elements import WIDE, Align, Big, Cell, Code128, Cut, Element, Feed, Row, Rule, Text, pair
from kiosk.paper.width import columns_of, on_paper

LATEST_ENTRIES: Final = 5

_QUANTITY_COLUMNS: Final = 8
_MOST_QUANTITY_COLUMNS: Final = 12
_POINTS_COLUMNS: Final = 7
_DAY_COLUMNS: Final = 10


class Presented(Enum):
    """By what the household was recognised at the desk."""

    CARD = "card"
    NO_CARD = "no_card"
    TYPED = "typed"
    FORM = "form"


@dataclass(frozen=True)
class Household:
    """Whose slip it is: the number as people say it, with its group, and the head's name in full."""

    number: str
    head: str


@dataclass(frozen=True)
class SlipLine:
    """One kind of goods: ``quantity`` of ``unit``, or grams if ``is_weighed``; ``total_points`` hundredths for it."""

    goods: str
    quantity: int
    unit: str
    total_points: int
    is_weighed: bool = False


@dataclass(frozen=True)
class SlipContent:
    """What a redemption slip says; points in hundredths, ``at`` in milliseconds UTC (None if the clock was never set).

    ``number`` is village, till and number as people say them (``0123-1-001204``); ``day`` the business day as ISO
    text; ``code`` the slip's own 16 digits. ``is_copy`` only when this slip was printed before: a first print after
    a failure is no copy. ``proxy`` is the name in full of who collected for the household. ``is_void`` when it does not
    count any more.
    """

    village: str
    number: str
    day: str
    at: int | None
    household: Household
    lines: tuple[SlipLine, ...]
    total_points: int
    before_points: int
    after_points: int
    code: str
    presented: Presented = Presented.CARD
    is_copy: bool = False
    proxy: str = ""
    is_void: bool = False


@dataclass(frozen=True)
class BalanceEntry:
    """One entry of an account: its day as ISO text, what it was for, and the hundredths it added or took."""

    day: str
    what: str
    change_points: int


@dataclass(frozen=True)
class BalanceContent:
    """What a balance slip says; points in hundredths, entries newest first (the first five are shown)."""

    village: str
    household: Household
    at: int | None
    day: str
    redeemable_points: int
    base_points: int
    entries: tuple[BalanceEntry, ...] = ()


def slip(redemption: SlipContent, texts: Texts, columns: int) -> list[Element]:
    """Give the slip of ``redemption`` for a paper of ``columns``."""
    return [
        *_head(redemption.village, texts("paper.slip.title")),
        *([Big(texts("paper.slip.copy"))] if redemption.is_copy else []),
        *([Big(texts("paper.slip.void"))] if redemption.is_void else []),
        pair(texts("paper.slip.number"), redemption.number),
        pair(texts("paper.slip.day"), _day_and_time(redemption.day, redemption.at)),
        pair(texts("paper.slip.household"), shown_household(redemption.household)),
        *_mark(redemption.presented, texts),
        *_proxy(redemption, texts),
        Rule(),
        *_goods_rows(redemption.lines, texts),
        Rule(),
        pair(texts("paper.slip.total"), points(redemption.total_points)),
        pair(texts("paper.slip.before"), points(redemption.before_points)),
        pair(texts("paper.slip.after"), points(redemption.after_points)),
        Feed(),
        signature(texts("paper.slip.signature"), columns),
        Feed(),
        Code128(redemption.code),
        Cut(),
    ]


def balance_slip(balance: BalanceContent, texts: Texts, columns: int) -> list[Element]:
    """Give the slip that explains a balance: what can be redeemed, the base that cannot, the sum, the last entries."""
    return [
        *_head(balance.village, texts("paper.balance.title")),
        pair(texts("paper.balance.day"), _day_and_time(balance.day, balance.at)),
        pair(texts("paper.balance.household"), shown_household(balance.household)),
        Rule(),
        pair(texts("paper.balance.redeemable"), points(balance.redeemable_points)),
        pair(texts("paper.balance.base"), points(balance.base_points)),
        pair(texts("paper.balance.total"), points(balance.redeemable_points + balance.base_points)),
        Rule(),
        Text(texts("paper.balance.latest" if balance.entries else "paper.balance.no_entries")),
        *(_entry_row(entry, columns) for entry in balance.entries[:LATEST_ENTRIES]),
        Rule(),
        Text(texts("paper.balance.advice")),
        Cut(),
    ]


def _head(village: str, title: str) -> list[Element]:
    return [Big(village), Text(title, Align.CENTRE), Feed()]


def shown_household(household: Household) -> str:
    """Give number and head as a slip shows them: of the name only the first and the last character."""
    from db.names import mask

    return f"{household.number} {mask(household.head)}"


def _mark(presented: Presented, texts: Texts) -> list[Element]:
    if presented is Presented.CARD:
        return []
    return [pair(texts("paper.slip.presented"), texts(f"paper.slip.{presented.value}"))]


def _proxy(redemption: SlipContent, texts: Texts) -> list[Element]:
    """Name who collected, masked like the head of the household."""
    from db.names import mask

    if not redemption.proxy:
        return []
    return [pair(texts("paper.slip.proxy"), mask(redemption.proxy))]


def _goods_rows(lines: tuple[SlipLine, ...], texts: Texts) -> list[Row]:
    """The heading and a row for each kind of goods; the column of amounts is as wide as the longest needs."""
    rows = [(texts("paper.slip.goods"), texts("paper.slip.quantity"), texts("paper.slip.points"))]
    for line in lines:
        quantity = amount(texts, line.quantity, line.unit, is_weighed=line.is_weighed)
        rows.append((line.goods, quantity, points(line.total_points)))
    widest = max(columns_of(quantity, on_paper) for _, quantity, _ in rows)
    columns = min(max(widest, _QUANTITY_COLUMNS), _MOST_QUANTITY_COLUMNS)
    return [
        Row((Cell(goods), Cell(quantity, Align.RIGHT, columns), Cell(figure, Align.RIGHT, _POINTS_COLUMNS)))
        for goods, quantity, figure in rows
    ]


def _entry_row(entry: BalanceEntry, columns: int) -> Row:
    """On narrow paper the year gives way: the last entries of an account lie within a few months."""
    day = entry.day if columns >= WIDE else entry.day[5:]
    return Row(
        (
            Cell(day, width=_DAY_COLUMNS if columns >= WIDE else _DAY_COLUMNS - 5),
            Cell(entry.what),
            Cell(signed(entry.change_points), Align.RIGHT, _POINTS_COLUMNS),
        )
    )


def signature(label: str, columns: int) -> Element:
    """Give a line to sign on, as long as the paper of ``columns`` is wide."""
    return Text(label + "_" * max(columns - columns_of(label, on_paper), 8))


def _day_and_time(day: str, at: int | None) -> str:
    """The business day is what a person stated; only the time comes from the clock, and not from one never set."""
    return day if at is None else f"{day} {time_of_day(at)}"
