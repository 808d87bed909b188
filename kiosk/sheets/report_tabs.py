"""What stands on the tabs of a report's workbook: titles, headings and rows; integers become exact decimals here."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kiosk.sheets.tabs import Listed, Tab, TabCell, hundredths_cell, quantity_cell, tabs_over

if TYPE_CHECKING:
    from kiosk.domain.attendance import Tally
    from kiosk.domain.report_attendance import AttendanceOf, Attended
    from kiosk.domain.report_issued import Issued, Source
    from kiosk.domain.report_redeemed import GoodsRedeemed, Redeemed
    from kiosk.domain.reports import Reports
    from kiosk.locale import Texts

_COUNTED = ("expected", "present", "late", "leave", "absent", "observers")


def group_label(code: str | None, texts: "Texts") -> str:
    """Return what a group of scheme items is called; a code without words stands for itself."""
    if code is None:
        return texts("report.group.none")
    key = f"report.group.{code}"
    return texts(key) if texts.has(key) else code


def unit_of(goods: "GoodsRedeemed", texts: "Texts") -> str:
    """Return in what the quantity of some goods is given: their unit, or kilograms."""
    return texts("report.unit.weighed") if goods.is_weighed else goods.unit


def tabs_of(reports: "Reports", village: str, texts: "Texts") -> tuple[Tab, ...]:
    """Return the tabs of the reports that are there; `village` is its name in the titles."""
    return tabs_over(reports.period, _lists(reports, texts), "report", village, texts)


def _lists(reports: "Reports", texts: "Texts") -> Iterator[Listed]:
    issued, redeemed, attended = reports.issued, reports.redeemed, reports.attended
    total = texts("report.total")
    if issued is not None:
        columns = ("group", "item", "entries", "given", "reversed", "net")
        yield "sources", columns, _source_rows(issued.sources, texts), _sums_of(issued.sources, total)
        yield "deductions", columns, _source_rows(issued.deductions, texts), _sums_of(issued.deductions, total)
    if redeemed is not None:
        sums = (total, "", "", hundredths_cell(redeemed.points))
        yield "goods", ("goods", "quantity", "unit", "redeemed"), _goods_rows(redeemed, texts), sums
    if issued is not None or redeemed is not None:
        of_months = ("month", "issued_points", "issued_entries", "redeemed_points", "redemptions")
        yield "months", of_months, _month_rows(issued, redeemed), ()
    if attended is not None:
        yield "meetings", ("day", "meeting", "topic", *_COUNTED), _meeting_rows(attended, texts), ()
        place = ("village_group", "house")
        yield "persons", (*place, "name", *_COUNTED), map(_attendance_row, attended.persons), ()
        yield "households", (*place, "head", *_COUNTED), map(_attendance_row, attended.households), ()


def _source_rows(sources: "tuple[Source, ...]", texts: "Texts") -> Iterator[tuple[TabCell, ...]]:
    for source in sources:
        label = source.label(texts.language)
        figures = map(hundredths_cell, (source.given_points, source.reversed_points, source.points))
        yield group_label(source.group, texts), label, source.entries, *figures


def _sums_of(sources: "tuple[Source, ...]", total: str) -> tuple[TabCell, ...]:
    given = sum(source.given_points for source in sources)
    taken = sum(source.reversed_points for source in sources)
    entries = sum(source.entries for source in sources)
    return total, "", entries, hundredths_cell(given), hundredths_cell(taken), hundredths_cell(given - taken)


def _goods_rows(redeemed: "Redeemed", texts: "Texts") -> Iterator[tuple[TabCell, ...]]:
    for goods in redeemed.goods:
        quantity = quantity_cell(goods.quantity, is_weighed=goods.is_weighed)
        yield goods.name or texts("report.nameless"), quantity, unit_of(goods, texts), hundredths_cell(goods.points)


def _month_rows(issued: "Issued | None", redeemed: "Redeemed | None") -> Iterator[tuple[TabCell, ...]]:
    given = {} if issued is None else {figure.month: figure for figure in issued.months}
    out = {} if redeemed is None else {figure.month: figure for figure in redeemed.months}
    for month in sorted({*given, *out}):
        row: list[TabCell] = [month]
        for figure in (given.get(month), out.get(month)):
            row += [hundredths_cell(0), 0] if figure is None else [hundredths_cell(figure.points), figure.entries]
        yield tuple(row)


def _meeting_rows(attended: "Attended", texts: "Texts") -> Iterator[tuple[TabCell, ...]]:
    from kiosk.domain.meeting_template import label_of

    for held in attended.meetings:
        yield held.day, label_of(held.template, texts.language), held.topic, *_counted(held.tally)


def _attendance_row(each: "AttendanceOf") -> tuple[TabCell, ...]:
    return each.place.group, each.place.house, each.name, *_counted(each.tally)


def _counted(tally: "Tally") -> tuple[int, ...]:
    return tuple(getattr(tally, name) for name in _COUNTED)
