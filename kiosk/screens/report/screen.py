"""Reports: for the secretary, and for whoever is asked how it went. A digit for the report, a digit for the days.

The figures come with bars; one key writes all three reports to the stick as an Excel file.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from kiosk import keys
from kiosk.calendar import DAY_DIGITS, read_day
from kiosk.letterhead import today_of, village_of
from kiosk.locale import Texts
from kiosk.screens.modals.ledger import FOLDER, folder_for_sheets, hand_out_any_ledger
from kiosk.screens.report import wording
from kiosk.screens.report.sight import KINDS, READ_FOR, STRETCHES, Sight, State
from kiosk.screens.widgets import bars
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.figure import Figure
from kiosk.screens.widgets.number_entry import NumberEntry
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from kiosk.domain.report import Period
    from kiosk.domain.reports import ReportKind, Reports
    from kiosk.station import Station

PROGRESS_SECONDS: Final = 0.1
MOST_VIEWS: Final = 3
# Rows of the screen that are not the picture's: lines at the edges, title, figure, digits of the views, a blank one;
# and how many more in large type.
OTHER_ROWS: Final = 11
LARGE_ROWS: Final = 1
FEWEST_ROWS: Final = 3
EDGES: Final = 6
LARGE_EDGES: Final = 4


class ReportScreen(DeskScreen, inherit_bindings=False):
    """Two questions, then a figure three rows high over bars and lists; digits change the view."""

    CSS = """
    ReportScreen RefusalPanel { padding: 0 1; margin: 0; }
    #report-views, #report-notice, #report-page { height: 1; width: 100%; }
    #report-notice { text-style: bold; color: $primary; }
    #report-rows { height: 1fr; width: 100%; margin: 1 0 0 0; }
    #report-rows.-large { margin: 0; text-style: bold; }
    """
    BINDINGS: ClassVar = [
        *(Binding(str(digit), f"choose_view({digit})", show=False) for digit in range(1, MOST_VIEWS + 1)),
        *keys.bindings("report.more", "report.other_days", "report.write", "shell.back"),
    ]

    def __init__(self, station: "Station") -> None:
        """Begin with the question which report."""
        super().__init__(station)
        self._sight = Sight()
        self._done, self._all = 0, 1

    def compose_body(self) -> "Iterable[Widget]":
        """Give the question or the title, figure, digits of the views, a notice, the picture and its page."""
        yield Static("", id="report-title", classes="title", markup=False)
        yield ChoiceList()
        yield NumberEntry(self.say("report.date_label"), longest=DAY_DIGITS)
        yield Figure()
        yield Static("", id="report-views", markup=False)
        yield Static("", id="report-notice", markup=False)
        yield Static("", id="report-rows", markup=False)
        yield Static("", id="report-page", classes="quiet", markup=False)

    def on_mount(self) -> None:
        """Ask which report, and keep the progress fresh."""
        self.every(PROGRESS_SECONDS, self._show_progress)
        self.draw()

    def on_resize(self) -> None:
        """Draw the picture for the new size."""
        self.draw()

    def draw(self) -> None:
        """Show the question, how far the work is, or the report."""
        sight, texts = self._sight, self.station.texts
        self.query_one("#report-title", Static).update(wording.title(sight, texts))
        choices, entry = self.query_one(ChoiceList), self.query_one(NumberEntry)
        choices.display = sight.state in {State.KIND, State.WHEN}
        if choices.display:
            choices.show(wording.choices(sight, texts), self.say("common.turn_page"))
        entry.display = sight.is_typing
        self._draw_report()
        self._draw_notice()
        self.set_focus(choices if choices.display else entry if entry.display else None)
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer what belongs to a report while one is on show."""
        is_shown = self._sight.state is State.SHOWN
        if action == "more":
            return is_shown and self._pages > 1
        if action == "back":
            return self._sight.state is not State.WORKING
        return action not in {"choose_view", "other_days", "write"} or is_shown

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Take the report, the ledgers, or the days."""
        sight = self._sight
        if sight.state is State.KIND and message.index == len(KINDS):
            self.work(self._hand_out())
        elif sight.state is State.KIND:
            self._see(replace(sight, state=State.WHEN, kind=KINDS[message.index], notice=""))
        elif message.index < len(STRETCHES):
            stretch = STRETCHES[message.index]
            self.work(self._read_stretch(replace(sight, stretch=stretch)))
        else:
            self._ask_day(replace(sight, state=State.FIRST, stretch=None))

    @on(NumberEntry.Entered)
    def take_day(self, message: NumberEntry.Entered) -> None:
        """Take the first or the last of two days."""
        self.work(self._take_day(message.text))

    def action_choose_view(self, digit: int) -> None:
        """Look at the report in another way."""
        if digit <= len(self._sight.views):
            self._see(replace(self._sight, view_number=digit - 1, page=0, notice=""))

    def action_more(self) -> None:
        """Show the next page, after the last the first."""
        self._see(replace(self._sight, page=(self._sight.page + 1) % self._pages))

    def action_other_days(self) -> None:
        """Ask for other days of the same report."""
        self._see(replace(self._sight, state=State.WHEN))

    def action_write(self) -> None:
        """Write all three reports to the stick."""
        if self._sight.period is not None:
            self.work(self._write(self._sight.period))

    def action_back(self) -> None:
        """Go to the question before, and from the first one away."""
        before = {State.WHEN: State.KIND, State.FIRST: State.WHEN, State.LAST: State.FIRST, State.SHOWN: State.WHEN}
        state = before.get(self._sight.state)
        if state is None:
            self.dismiss()
        else:
            self._ask_day(replace(self._sight, state=state, notice=""))

    async def _take_day(self, typed: str) -> None:
        from kiosk.domain.report import period_between

        self.query_one(NumberEntry).clear()
        day, sight = read_day(typed), self._sight
        if sight.state is State.FIRST:
            self._ask_day(replace(sight, state=State.LAST, first=day))
        else:
            await self._read(sight, period_between(sight.first, day))

    async def _read_stretch(self, sight: Sight) -> None:
        from kiosk.domain.reports import stretch_here

        await self._read(sight, await self.station.read(stretch_here, sight.stretch, today_of(self.station)))

    async def _read(self, sight: Sight, period: "Period") -> None:
        reports = await self._work_out(sight, period, READ_FOR[sight.kind])
        shown = replace(sight, state=State.SHOWN, period=period, reports=reports)
        self._see(replace(shown, view_number=0, page=0, notice=""))

    async def _work_out(self, sight: Sight, period: "Period", kinds: "Sequence[ReportKind]") -> "Reports":
        """Read reports on the store's thread, while the screen shows how far it is."""
        from kiosk.domain.reports import read_reports

        before = self._sight
        self._done, self._all = 0, period.days * len(kinds)
        self._see(replace(sight, state=State.WORKING))
        try:
            return await self.station.read(read_reports, period, kinds, self._advance)
        finally:
            self._see(before)

    async def _write(self, period: "Period") -> None:
        from kiosk.sheets.places import free_name
        from kiosk.sheets.report import write_reports

        folder, key = await folder_for_sheets(self)
        if folder is None:
            return
        reports = await self._work_out(self._sight, period, KINDS)
        texts = Texts(self.station.settings.language)
        out = free_name(folder, self.say("report.file_name", first=period.first, last=period.last))
        await self.station.aside(write_reports, out, reports, village_of(self.station), texts)
        self._see(replace(self._sight, notice=self.say(key, name=out.name, folder=FOLDER)))

    async def _hand_out(self) -> None:
        told = await hand_out_any_ledger(self)
        self._see(replace(self._sight, notice=told or ""))

    def _advance(self, days: int) -> None:
        """Remember, on the store's thread, how far the reading is."""
        self._done += days

    def _see(self, sight: Sight) -> None:
        self._sight = sight
        if self.is_attached:
            self.draw()

    def _ask_day(self, sight: Sight) -> None:
        self.query_one(NumberEntry).clear()
        self._see(sight)

    def _show_progress(self) -> None:
        if self._sight.state is State.WORKING:
            percent = min(100 * self._done // self._all, 100)
            kind = self.say(f"report.kind.{self._sight.kind}")
            self.query_one("#report-title", Static).update(self.say("report.working", kind=kind, percent=percent))

    def _draw_report(self) -> None:
        sight, texts = self._sight, self.station.texts
        is_shown = sight.state is State.SHOWN
        figure = self.query_one(Figure)
        figure.display = is_shown
        rows = self._page_of(wording.picture(sight, texts)) if is_shown else []
        content = {
            "views": self._views() if is_shown else Content(""),
            "rows": Content("\n").join(rows) if rows else Content(wording.nothing(sight, texts)),
            "page": Content(self.say("report.page", page=sight.page + 1, pages=self._pages) if self._pages > 1 else ""),
        }
        for name, shown in content.items():
            widget = self.query_one(f"#report-{name}", Static)
            widget.update(shown)
            widget.display = is_shown and bool(shown.plain)
        self.query_one("#report-rows").set_class(self._is_large, "-large")
        if is_shown:
            label, value, unit = wording.figure(sight, texts)
            figure.show(value, label, unit)

    def _draw_notice(self) -> None:
        widget, told = self.query_one("#report-notice", Static), wording.notice(self._sight, self.station.texts)
        widget.update(told)
        widget.display = bool(told) and self._sight.state in {State.KIND, State.SHOWN}

    def _page_of(self, picture: bars.Picture) -> list[Content]:
        """Give the lines of the page that is on show; columns and scale are those of all pages."""
        width = self.app.size.width - (LARGE_EDGES if self._is_large else EDGES)
        start = self._sight.page * self._page_rows
        return bars.draw(picture, width)[start : start + self._page_rows]

    def _views(self) -> Content:
        sight = self._sight
        parts: list[tuple[str, str]] = []
        for number, view in enumerate(sight.views):
            style = "bold $primary" if number == sight.view_number else ""
            parts += [(f" {number + 1} ", "reverse"), (f" {self.say(f'report.view.{view}')}  ", style)]
        for name, role in wording.legend(sight, self.station.texts):
            parts += [("  ■ ", f"${role}"), (name, "")]
        return Content.assemble(*parts)

    @property
    def _is_large(self) -> bool:
        return self.app.has_class("-large")

    @property
    def _page_rows(self) -> int:
        """How many rows a page has: what the screen leaves, and of several pages each has a line with its number."""
        large = LARGE_ROWS if self._is_large else 0
        has_notice = bool(wording.notice(self._sight, self.station.texts))
        rows = max(self.app.size.height - OTHER_ROWS - large - has_notice, FEWEST_ROWS)
        return rows if self._rows <= rows else rows - 1

    @property
    def _rows(self) -> int:
        return len(wording.picture(self._sight, self.station.texts).rows) if self._sight.state is State.SHOWN else 0

    @property
    def _pages(self) -> int:
        return max(-(-self._rows // self._page_rows), 1)
