"""What stands on the tabs of a report's workbook: titles, headings and rows; integers become exact decimals here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from kiosk.domain.attendance import Tally
    from kiosk.domain.report_attendance import AttendanceOf, Attended
    from kiosk.domain.report_issued import Issued, Source
    from kiosk.domain.report_redeemed import GoodsRedeemed, Redeemed
    from kiosk.domain.reports import Reports
    from kiosk.locale import Texts

ReportCell: TypeAlias = str | int | Decimal
"""A text, a count, or an exact decimal: two places are points, three are kilograms."""
_List: TypeAlias = tuple[str, tuple[str, ...], Iterable[tuple[ReportCell, ...]], tuple[ReportCell, ...]]
"""Name, columns, rows and sums of a list: the last parts of the keys of their texts, and cells."""
_PLACES_OF_POINTS = 2
_PLACES_OF_KILOGRAMS = 3
_COUNTED = ("expected", "present", "late", "leave", "absent", "observers")


@dataclass(frozen=True)
class ReportTab:
    """One tab: its name, its title, headings, rows below them, and a last row of sums (none: no such row)."""

    name: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[ReportCell, ...], ...]
    sums: tuple[ReportCell, ...] = ()


def points_cell(hundredths: int) -> Decimal:
    """Return points as a number with two places, from hundredths."""
    return Decimal(hundredths).scaleb(-_PLACES_OF_POINTS)


def group_label(code: str | None, texts: "Texts") -> str:
    """Return what a group of scheme items is called; a code without words stands for itself."""
    if code is None:
        return texts("report.group.none")
    key = f"report.group.{code}"
    return texts(key) if texts.has(key) else code


def unit_of(goods: "GoodsRedeemed", texts: "Texts") -> str:
    """Return in what the quantity of some goods is given: their unit, or kilograms."""
    return texts("report.unit.weighed") if goods.is_weighed else goods.unit


def tabs_of(reports: "Reports", village: str, texts: "Texts") -> tuple[ReportTab, ...]:
    """Return the tabs of the reports that are there; `village` is its name in the titles."""
    span = texts("report.span", first=reports.period.first, last=reports.period.last)
    made = []
    for name, columns, rows, sums in _lists(reports, texts):
        what = texts(f"report.sheet.{name}")
        headings = tuple(texts(f"report.column.{column}") for column in columns)
        title = texts("report.sheet.title", village=village, what=what, span=span)
        made.append(ReportTab(what, title, headings, tuple(rows), sums))
    return tuple(made)


def _lists(reports: "Reports", texts: "Texts") -> Iterator[_List]:
    issued, redeemed, attended = reports.issued, reports.redeemed, reports.attended
    total = texts("report.total")
    if issued is not None:
        columns = ("group", "item", "entries", "given", "reversed", "net")
        yield "sources", columns, _source_rows(issued.sources, texts), _sums_of(issued.sources, total)
        yield "deductions", columns, _source_rows(issued.deductions, texts), _sums_of(issued.deductions, total)
    if redeemed is not None:
        sums = (total, "", "", points_cell(redeemed.points))
        yield "goods", ("goods", "quantity", "unit", "redeemed"), _goods_rows(redeemed, texts), sums
    if issued is not None or redeemed is not None:
        of_months = ("month", "issued_points", "issued_entries", "redeemed_points", "redemptions")
        yield "months", of_months, _month_rows(issued, redeemed), ()
    if attended is not None:
        yield "meetings", ("day", "meeting", "topic", *_COUNTED), _meeting_rows(attended, texts), ()
        place = ("village_group", "house")
        yield "persons", (*place, "name", *_COUNTED), map(_attendance_row, attended.persons), ()
        yield "households", (*place, "head", *_COUNTED), map(_attendance_row, attended.households), ()


def _source_rows(sources: "tuple[Source, ...]", texts: "Texts") -> Iterator[tuple[ReportCell, ...]]:
    for source in sources:
        label = source.label(texts.language)
        figures = (points_cell(source.given_points), points_cell(source.reversed_points), points_cell(source.points))
        yield group_label(source.group, texts), label, source.entries, *figures


def _sums_of(sources: "tuple[Source, ...]", total: str) -> tuple[ReportCell, ...]:
    given = sum(source.given_points for source in sources)
    taken = sum(source.reversed_points for source in sources)
    entries = sum(source.entries for source in sources)
    return total, "", entries, points_cell(given), points_cell(taken), points_cell(given - taken)


def _goods_rows(redeemed: "Redeemed", texts: "Texts") -> Iterator[tuple[ReportCell, ...]]:
    for goods in redeemed.goods:
        kilograms = Decimal(goods.quantity).scaleb(-_PLACES_OF_KILOGRAMS)
        quantity = kilograms if goods.is_weighed else goods.quantity
        yield goods.name or texts("report.nameless"), quantity, unit_of(goods, texts), points_cell(goods.points)


def _month_rows(issued: "Issued | None", redeemed: "Redeemed | None") -> Iterator[tuple[ReportCell, ...]]:
    given = {} if issued is None else {figure.month: figure for figure in issued.months}
    out = {} if redeemed is None else {figure.month: figure for figure in redeemed.months}
    for month in sorted({*given, *out}):
        row: list[ReportCell] = [month]
        for figure in (given.get(month), out.get(month)):
            row += [points_cell(0), 0] if figure is None else [points_cell(figure.points), figure.entries]
        yield tuple(row)


def _meeting_rows(attended: "Attended", texts: "Texts") -> Iterator[tuple[ReportCell, ...]]:
    from kiosk.domain.meeting_template import label_of

    for held in attended.meetings:
        yield held.day, label_of(held.template, texts.language), held.topic, *_counted(held.tally)


def _attendance_row(each: "AttendanceOf") -> tuple[ReportCell, ...]:
    return each.place.group, each.place.house, each.name, *_counted(each.tally)


def _counted(tally: "Tally") -> tuple[int, ...]:
    return tuple(getattr(tally, name) for name in _COUNTED)
