"""The words and pictures of reports. Pure: a sight becomes texts and rows."""

from itertools import groupby
from typing import TYPE_CHECKING, Final

from kiosk.domain.meeting_template import label_of
from kiosk.locale.amount import amount
from kiosk.locale.figures import points
from kiosk.screens.report.sight import KINDS, STRETCHES, Sight, State
from kiosk.screens.widgets.bars import Bar, Picture, Row
from kiosk.sheets.report_tabs import group_label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.domain.attendance import Tally
    from kiosk.domain.report_attendance import AttendanceOf, Attended
    from kiosk.domain.report_issued import Issued, Source
    from kiosk.domain.report_redeemed import Redeemed
    from kiosk.domain.reports import Reports
    from kiosk.locale import Texts

ISSUED_ROLE: Final = "goods"
REDEEMED_ROLE: Final = "card"
INDENT: Final = "  "


def choices(sight: Sight, texts: "Texts") -> list[str]:
    """The choices of the question that is asked."""
    if sight.state is State.KIND:
        return [texts(f"report.kind.{kind}") for kind in (*KINDS, "ledgers")]
    return [texts(f"report.stretch.{stretch}") for stretch in (*STRETCHES, "other")]


def title(sight: Sight, texts: "Texts") -> str:
    """What is asked, or which report of which days this is."""
    kind = texts(f"report.kind.{sight.kind}")
    if sight.state is State.SHOWN and sight.period is not None:
        span = texts("report.span", first=sight.period.first, last=sight.period.last)
        named = "" if sight.stretch is None else texts(f"report.stretch.{sight.stretch}")
        return texts("report.heading", kind=kind, span=f"{named}  {span}".strip())
    asked = {
        State.KIND: texts("report.title"),
        State.WHEN: texts("report.when", kind=kind),
        State.FIRST: texts("report.ask_first", kind=kind),
        State.LAST: texts("report.ask_last", kind=kind, first=sight.first),
    }
    return asked.get(sight.state, kind)


def figure(sight: Sight, texts: "Texts") -> tuple[str, str, str]:
    """The main figure of a report, before it its label and behind it its unit."""
    label, reports = texts(f"report.figure.{sight.kind}"), sight.reports
    if reports is None:
        return label, "", ""
    if sight.kind == "attendance":
        tallies = [held.tally for held in reports.attended.meetings] if reports.attended is not None else []
        expected = sum(tally.expected for tally in tallies)
        return label, str(sum(tally.present for tally in tallies)), texts("report.figure.came", expected=expected)
    if sight.kind == "redeemed":
        count, sum_points = (reports.redeemed.redemptions, reports.redeemed.points) if reports.redeemed else (0, 0)
        return label, points(sum_points), texts("report.figure.redemptions", count=count)
    sources = reports.issued.sources if reports.issued is not None else ()
    count = sum(source.entries for source in sources)
    return label, points(sum(source.points for source in sources)), texts("report.figure.points", count=count)


def notice(sight: Sight, texts: "Texts") -> str:
    """What was just done, else what the figures leave out."""
    reports = sight.reports
    if sight.notice or reports is None:
        return sight.notice
    if sight.kind == "attendance" and reports.attended is not None and reports.attended.unfinished:
        return texts("report.unfinished", count=reports.attended.unfinished)
    return ""


def nothing(sight: Sight, texts: "Texts") -> str:
    """The sentence for a list that is empty."""
    name = sight.view if sight.view in {"persons", "households"} else sight.kind
    return texts(f"report.nothing.{name}", when=texts(f"report.during.{sight.stretch or 'other'}"))


def picture(sight: Sight, texts: "Texts") -> Picture:
    """The rows of the view that is on show; none where there is nothing."""
    reports = sight.reports
    if reports is None:
        return Picture()
    if sight.view == "months":
        return Picture(tuple(_months(reports, texts)))
    if sight.view == "sources":
        return Picture(tuple(_sources(reports.issued, texts)))
    if sight.view == "goods":
        return Picture(tuple(_goods(reports.redeemed, texts)))
    if sight.view == "meetings":
        return Picture(tuple(_meetings(reports.attended, texts)), full=100)
    attended = reports.attended
    people = () if attended is None else attended.persons if sight.view == "persons" else attended.households
    return Picture(tuple(_attendance(each, texts) for each in people), is_drawn=False)


def legend(sight: Sight, texts: "Texts") -> list[tuple[str, str]]:
    """What the colours mean, where there are two: name and role."""
    if sight.view != "months":
        return []
    return [(texts("report.legend.issued"), ISSUED_ROLE), (texts("report.legend.redeemed"), REDEEMED_ROLE)]


def _months(reports: "Reports", texts: "Texts") -> "Iterator[Row]":
    issued = {month.month: month.points for month in reports.issued.months} if reports.issued else {}
    redeemed = {month.month: month.points for month in reports.redeemed.months} if reports.redeemed else {}
    months = sorted({*issued, *redeemed})
    is_one_year = len({month[:4] for month in months}) == 1
    for month in months:
        number = int(month[5:])
        label = texts(f"report.month.{number}") if is_one_year else month
        given, out = issued.get(month, 0), redeemed.get(month, 0)
        yield Row(label, (Bar(given, points(given), ISSUED_ROLE), Bar(out, points(out), REDEEMED_ROLE)))


def _sources(issued: "Issued | None", texts: "Texts") -> "Iterator[Row]":
    """By group, each under its name and sum; deductions of all groups together behind them."""
    if issued is None:
        return
    for group, same in groupby(issued.sources, key=lambda source: source.group):
        yield from _under(group_label(group, texts), list(same), texts)
    if issued.deductions:
        yield from _under(texts("report.deductions"), list(issued.deductions), texts)


def _under(heading: str, sources: "list[Source]", texts: "Texts") -> "Iterator[Row]":
    total = sum(source.points for source in sources)
    yield Row(heading, (Bar(0, points(total)),), is_heading=True)
    yield from (_source(source, texts) for source in sources)


def _source(source: "Source", texts: "Texts") -> Row:
    bar = Bar(source.points, points(source.points), ISSUED_ROLE)
    return Row(f"{INDENT}{source.label(texts.language)}", (bar,), texts("report.line.entries", count=source.entries))


def _goods(redeemed: "Redeemed | None", texts: "Texts") -> "Iterator[Row]":
    for goods in redeemed.goods if redeemed is not None else ():
        quantity = amount(texts, goods.quantity, goods.unit, is_weighed=goods.is_weighed)
        bar = Bar(goods.points, points(goods.points), REDEEMED_ROLE)
        yield Row(goods.name or texts("report.nameless"), (bar,), quantity)


def _meetings(attended: "Attended | None", texts: "Texts") -> "Iterator[Row]":
    for held in attended.meetings if attended is not None else ():
        tally = held.tally
        percent = (200 * tally.present + tally.expected) // (2 * tally.expected) if tally.expected else 0
        bar = Bar(percent, _came(tally, texts), ISSUED_ROLE)
        yield Row(f"{held.day[5:]} {label_of(held.template, texts.language)}", (bar,), _missed(tally, texts))


def _attendance(each: "AttendanceOf", texts: "Texts") -> Row:
    place = texts("report.line.place", group=each.place.group, house=each.place.house, name=each.name)
    return Row(place, (Bar(each.tally.present, _came(each.tally, texts)),), _missed(each.tally, texts))


def _came(tally: "Tally", texts: "Texts") -> str:
    return texts("report.line.came", present=tally.present, expected=tally.expected)


def _missed(tally: "Tally", texts: "Texts") -> str:
    """Say what was not as expected, and nothing where all came on time."""
    found = {"late": tally.late, "leave": tally.leave, "absent": tally.absent, "observers": tally.observers}
    return " ".join(texts(f"report.line.{name}", count=count) for name, count in found.items() if count)
