"""The command about reports: what was issued, what was redeemed, who came, for any days; as text, JSON or Excel."""

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kiosk.commands.cards import village_name
from kiosk.commands.desk import NOT_JSON, TEXTS, AsJson, Desk, Home, open_desk
from kiosk.commands.desk import report as tell_outcome
from kiosk.commands.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.domain.report import Period
    from kiosk.domain.report_attendance import AttendanceOf, Attended, MeetingHeld
    from kiosk.domain.report_issued import Issued, Source
    from kiosk.domain.report_redeemed import Redeemed
    from kiosk.domain.reports import Reports
    from kiosk.sheets.tabs import Tab

GAP = "  "


class Kind(StrEnum):
    """What a report is about."""

    ALL = "all"
    ISSUED = "issued"
    REDEEMED = "redeemed"
    ATTENDANCE = "attendance"


def show_report(
    kind: Annotated[Kind, typer.Argument(help=TEXTS("cli.report.kind"))] = Kind.ALL,
    first: Annotated[str | None, typer.Option("--from", metavar="DAY", help=TEXTS("cli.report.first"))] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help=TEXTS("cli.report.last"))] = None,
    excel: Annotated[Path | None, typer.Option("--excel", metavar="OUT.xlsx", help=TEXTS("cli.report.excel"))] = None,
    home: Home = None,
    as_json: AsJson = NOT_JSON,
) -> None:
    """Tell what business days brought; nothing is written but the file that is asked for."""
    from kiosk.domain.reports import ReportKind, read_reports
    from kiosk.sheets.report import write_reports
    from kiosk.sheets.report_tabs import tabs_of

    kinds = tuple(ReportKind) if kind is Kind.ALL else (ReportKind(kind.value),)
    with open_desk(home) as desk:
        period = period_named(desk, first, last)
        with Progress(TEXTS("cli.progress.report"), period.days * len(kinds)) as progress:
            reports = read_reports(desk.store, period, kinds, progress)
        village = village_name(desk)
    if excel is not None:
        write_reports(excel, reports, village, TEXTS)
    values = _values(reports) | {"file": None if excel is None else str(excel)}
    sentence = as_text(tabs_of(reports, village, TEXTS)) if excel is None else TEXTS("cli.report.done", file=excel)
    tell_outcome(values, sentence, as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("report", help=TEXTS("cli.report.help"))(show_report)


def period_named(desk: Desk, first: str | None, last: str | None) -> "Period":
    """Return the days that were named; a day that was not is that of the month of the business day."""
    from kiosk.clock import local_day
    from kiosk.domain.report import Stretch, period_between
    from kiosk.domain.reports import stretch_here

    today = local_day(desk.clock.now().at)
    month = stretch_here(desk.store, Stretch.THIS_MONTH, today)
    return period_between(first or month.first, last or month.last)


def _values(reports: "Reports") -> dict[str, Any]:
    return {
        "from": reports.period.first,
        "to": reports.period.last,
        "issued": None if reports.issued is None else _issued(reports.issued),
        "redeemed": None if reports.redeemed is None else _redeemed(reports.redeemed),
        "attendance": None if reports.attended is None else _attended(reports.attended),
    }


def _issued(issued: "Issued") -> dict[str, Any]:
    return {
        "points": issued.points, "deducted_points": issued.deducted_points,
        "sources": [_source(source) for source in issued.sources],
        "deductions": [_source(source) for source in issued.deductions],
        "months": [asdict(month) for month in issued.months],
    }  # fmt: skip


def _source(source: "Source") -> dict[str, Any]:
    return asdict(source) | {"points": source.points}


def _redeemed(redeemed: "Redeemed") -> dict[str, Any]:
    return {
        "points": redeemed.points, "redemptions": redeemed.redemptions,
        "goods": [asdict(goods) for goods in redeemed.goods],
        "months": [asdict(month) for month in redeemed.months],
    }  # fmt: skip


def _attended(attended: "Attended") -> dict[str, Any]:
    return {
        "meetings": [_counted(held) for held in attended.meetings],
        "persons": [_counted(each) for each in attended.persons],
        "households": [_counted(each) for each in attended.households],
        "unfinished": attended.unfinished,
    }


def _counted(row: "MeetingHeld | AttendanceOf") -> dict[str, Any]:
    """Give a row with its figures, and where there is a place group and house number, side by side."""
    values = asdict(row)
    values |= values.pop("tally") | {"absent": row.tally.absent} | values.pop("place", {})
    return values


def as_text(tabs: "Iterable[Tab]") -> str:
    """Write the tabs of a workbook as text, columns under each other."""
    from rich.cells import cell_len

    lines: list[str] = []
    for tab in tabs:
        rows = [tab.headings, *(tuple(map(str, row)) for row in (*tab.rows, tab.sums) if row)]
        widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
        lines += [tab.title, *(_row(row, widths, cell_len) for row in rows), ""]
    return "\n".join(lines).rstrip()


def _row(row: tuple[str, ...], widths: list[int], width_of: Any) -> str:  # noqa: ANN401  because it is rich's cached function
    cells = (f"{text}{' ' * (width - width_of(text))}" for text, width in zip(row, widths, strict=True))
    return GAP.join(cells).rstrip()
