"""The report of a closed day on slip paper, to be signed and kept with the slips of that day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.clock import EARLIEST_PLAUSIBLE_AT
from kiosk.locale import Texts
from kiosk.locale.amount import amount
from kiosk.locale.figures import instant, points, short_number
from kiosk.paper.elements import WIDE, Align, Big, Cell, Cut, Element, Feed, Row, Rule, Text, pair
from kiosk.paper.slip import signature

if TYPE_CHECKING:
    from kiosk.domain.day_report import DayReport, GoodsMoved, IssuedBy, SpotFound
    from kiosk.domain.day_waits import DayWaits

_COUNT_COLUMNS: Final = 8
_POINTS_COLUMNS: Final = 9
_WIDE_COUNT_COLUMNS: Final = 12


@dataclass(frozen=True)
class DayReportContent:
    """What the report of a day says beside its figures: the village, and in ready texts what is left to be done."""

    report: "DayReport"
    village: str
    seat: str
    waits: tuple[str, ...]


def day_report_content(
    report: "DayReport", village: str, number: int, waits: "DayWaits", unsent: int | None, texts: Texts
) -> DayReportContent:
    """Say what the report says; `number` is the village's, `unsent` lines the county has not heard of, None: no county.

    What waits is what waits now, also on a report that is printed again.
    """
    counts = {
        "unsent": unsent or 0,
        "signatures": waits.signatures,
        "counts": waits.counts,
        "provisional": waits.provisional,
        "costs": waits.costs,
        "deliveries": waits.deliveries,
        "slips": len(report.unprinted),
    }
    shown = tuple(texts(f"day_report.waits.{name}", count=count) for name, count in counts.items() if count)
    return DayReportContent(report, village, f"{number:04}-{report.till}", shown)


def day_report_slip(content: DayReportContent, texts: Texts, columns: int) -> list[Element]:
    """Give the report for a paper of ``columns``."""
    report = content.report
    return [
        Big(content.village),
        Text(texts("day_report.title"), Align.CENTRE),
        Feed(),
        *_head(content, texts),
        Rule(),
        *_slips(report, texts),
        Rule(),
        *_points(report, texts, columns),
        Rule(),
        *_goods(report, texts, columns),
        Text(texts("day_report.waits.title" if content.waits else "day_report.waits.none")),
        *(Text(f"- {words}") for words in content.waits),
        Feed(),
        signature(texts("day_report.signed_by_operator"), columns),
        Feed(),
        signature(texts("day_report.signed_by_secretary"), columns),
        Feed(),
        Cut(),
    ]


def _head(content: DayReportContent, texts: Texts) -> Iterator[Element]:
    report = content.report
    yield pair(texts("day_report.day"), report.day)
    yield pair(texts("day_report.seat"), content.seat)
    if report.at >= EARLIEST_PLAUSIBLE_AT:
        yield pair(texts("day_report.closed_at"), instant(report.at))
    if report.operators:
        yield pair(texts("day_report.operators"), texts("day_report.and").join(report.operators))


def _slips(report: "DayReport", texts: Texts) -> Iterator[Element]:
    """Both counts of the slips, their numbers, and which of them need not lie in the box."""
    figures = report.figures
    if report.slips_counted is None:
        yield Text(texts("day_report.slips.uncounted"))
    else:
        yield pair(texts("day_report.slips.counted"), str(report.slips_counted))
    yield pair(texts("day_report.slips.booked"), str(figures.slips_booked))
    if report.slips_counted is not None:
        kind = "right" if not report.difference else "more" if report.difference > 0 else "less"
        yield pair(
            texts("day_report.slips.difference"), texts(f"day_report.slips.{kind}", count=abs(report.difference))
        )
    if report.slips:
        first, last = report.slips[0], report.slips[-1]
        yield pair(
            texts("day_report.slips.numbers"),
            short_number(first) if first == last else f"{short_number(first)}-{short_number(last)}",
        )
    if figures.forms:
        yield pair(texts("day_report.slips.forms"), str(figures.forms))
    for name, numbers in (("unprinted", report.unprinted), ("voided", report.voided), ("copied", report.copied)):
        if numbers:
            yield Text(texts(f"day_report.slips.{name}", count=len(numbers), numbers=_numbers(numbers, texts)))


def _points(report: "DayReport", texts: Texts, columns: int) -> Iterator[Element]:
    figures = report.figures
    yield pair(
        texts("day_report.redeemed", count=figures.redemptions),
        texts("day_report.of_points", points=figures.redeemed_points),
    )
    if figures.voids:
        yield pair(
            texts("day_report.voids", count=figures.voids), texts("day_report.of_points", points=figures.voided_points)
        )
    if figures.returns:
        back = texts("day_report.of_points", points=figures.returned_points)
        yield pair(texts("day_report.returns", count=figures.returns), back)
    yield pair(
        texts("day_report.issued", count=figures.awards), texts("day_report.of_points", points=figures.issued_points)
    )
    yield from (_row(_source(each, texts), f"{each.count}", points(each.points), columns) for each in report.issued)


def _goods(report: "DayReport", texts: Texts, columns: int) -> Iterator[Element]:
    for name, moved in (
        ("out", report.goods_out),
        ("back", report.goods_back),
        ("lowered", report.lowered),
        ("returned", report.returned),
        ("wasted", report.wasted),
    ):
        if moved:
            yield Text(texts(f"day_report.goods.{name}"))
            yield from _goods_rows(moved, texts, columns)
            yield Rule()
    if report.spot:
        yield from _spot(report.spot, texts)
        yield Rule()


def _spot(found: "tuple[SpotFound, ...]", texts: Texts) -> Iterator[Element]:
    """What was counted of goods the machine chose, or why nobody counted them."""
    for reason in dict.fromkeys(each.reason for each in found if each.reason is not None):
        yield Text(texts("day_report.spot_skipped", reason=texts(f"day_close.spot.reason.{reason}")))
    for each in found:
        if each.reason is None:
            shown = {
                name: amount(texts, quantity, each.unit, is_weighed=each.is_weighed)
                for name, quantity in (("booked", each.booked), ("counted", each.counted))
            }
            yield Text(texts("day_report.spot", item=each.name, **shown))


def _goods_rows(moved: "Iterable[GoodsMoved]", texts: Texts, columns: int) -> Iterator[Element]:
    for each in moved:
        quantity = amount(texts, abs(each.quantity), each.unit, is_weighed=each.is_weighed)
        yield _row(each.name, quantity, points(each.points) if each.points else "", columns)


def _row(name: str, count: str, figure: str, columns: int) -> Row:
    width = _WIDE_COUNT_COLUMNS if columns >= WIDE else _COUNT_COLUMNS
    return Row((Cell(name), Cell(count, Align.RIGHT, width), Cell(figure, Align.RIGHT, _POINTS_COLUMNS)))


def _source(issued: "IssuedBy", texts: Texts) -> str:
    """Name a source: an award of an item is called like the item, what takes it back says so too."""
    key = f"statement.kind.{issued.kind}"
    kind = texts(key if texts.has(key) else "day_report.other")
    label = issued.label(texts.language)
    if label is None:
        return kind
    return label if issued.points >= 0 else f"{kind} {label}"


def _numbers(numbers: Iterable[str], texts: Texts) -> str:
    return texts("day_report.and").join(map(short_number, numbers))
