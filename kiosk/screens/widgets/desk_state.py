"""How a desk stands: the clock, the day, today's meeting, what is unsent, what is wrong and what to do about it."""

from datetime import date
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from kiosk.clock import local_day
from kiosk.locale.figures import time_of_day
from kiosk.screens.widgets.figure import Figure
from kiosk.screens.widgets.unsent import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult

    from kiosk.domain.meeting import MeetingShown
    from kiosk.notices import Notice, Sight
    from kiosk.station import Station

CLOCK_ROWS: Final = 3
LOST_COLUMNS: Final = 4


class DeskState(Vertical):
    """The right side of home; what is not known yet is left out."""

    def __init__(self, station: "Station", *, id: str | None = None) -> None:  # noqa: A002  because Textual calls it so
        """Show the desk of ``station``."""
        super().__init__(id=id)
        self._station = station
        self._sight: Sight | None = None
        self._meeting_digit = 0

    def compose(self) -> "ComposeResult":
        """Lay clock, day, meeting, unsent and notices one under the other."""
        yield Figure()
        for name in ("day", "meeting", "unsent", "notices"):
            yield Static("", id=f"state-{name}", classes="line", markup=False)

    def show(self, sight: "Sight | None", meeting_digit: int) -> None:
        """Show what was seen; ``meeting_digit`` leads to the meeting, 0 if nothing does."""
        self._sight, self._meeting_digit = sight, meeting_digit
        self._draw()

    def on_resize(self) -> None:
        """Show as much of what is wrong as there is room for."""
        self._draw()

    def tick(self) -> None:
        """Show the time of the moment; a clock that is doubted says so beside it."""
        now = self._station.clock.now().at
        shown = (time_of_day(now), self._beside_clock(now))
        figure = self.query_one(Figure)
        if (figure.value, figure.unit) != shown:
            figure.show(shown[0], unit=shown[1])

    def _draw(self) -> None:
        self.tick()
        blocks = {"day": self._day(), "meeting": self._meeting(), "unsent": self._unsent()}
        taken = CLOCK_ROWS + sum(1 + self._rows(text) for text in blocks.values() if str(text))
        blocks["notices"] = self._notices(self.size.height - taken - 1)
        for name, text in blocks.items():
            row = self.query_one(f"#state-{name}", Static)
            row.update(text)
            row.display = bool(str(text))

    def _beside_clock(self, now: int) -> str:
        say = self._station.texts
        if self._is_doubted():
            return say("home.clock_doubted")
        return self._date(local_day(now))

    def _date(self, day: str) -> str:
        shown = date.fromisoformat(day)
        weekday = self._station.texts(f"common.weekday.{shown.isoweekday()}")
        return self._station.texts("home.date", month=shown.month, day=shown.day, weekday=weekday)

    def _day(self) -> Content | str:
        """Say whether a day is open and who stands here, and which day, unless it is the one beside the clock."""
        say, operator, day = self._station.texts, self._station.operator, self._station.day
        if day is None:
            return say("home.closed")
        name = operator.name if operator is not None else say("common.status.nobody")
        is_plain = local_day(self._station.clock.now().at) == day and not self._is_doubted()
        lines = [say("home.open", operator=name), *([] if is_plain else [say("home.open_day", day=self._date(day))])]
        return "\n".join([*lines, *self._shop_day()])

    def _shop_day(self) -> "Iterable[str]":
        """Say that it is an exchange day and how many were served, or none of the shop's days; and the next one."""
        shop, say = self._sight.books.shop if self._sight is not None else None, self._station.texts
        if shop is None:
            return
        if shop.is_exchange_day:
            yield say("home.exchange_today", count=shop.served)
        elif not shop.is_open:
            yield say("home.shop_not_open")
        if shop.next_exchange_day is not None:
            yield say("home.exchange_next", day=self._date(shop.next_exchange_day))

    def _is_doubted(self) -> bool:
        return self._sight is not None and self._sight.books.clock.doubt is not None

    def _meeting(self) -> Content | str:
        meeting = self._sight.books.meeting if self._sight is not None else None
        if meeting is None or not self._meeting_digit:
            return ""
        say = self._station.texts
        what = say(f"home.meeting.{meeting.state}", name=self._name_of(meeting), hour=meeting.planned_hour or "")
        return _two_lines(" ".join(what.split()), say(f"home.meeting.{meeting.state}_next", digit=self._meeting_digit))

    def _name_of(self, meeting: "MeetingShown") -> str:
        from kiosk.domain.meeting_template import label_of

        return meeting.topic or label_of(meeting.template, self._station.texts.language)

    def _unsent(self) -> str:
        unsent = self._station.unsent
        if self._station.is_demo:
            return self._station.texts("home.demo" if self._station.coach is None else "home.practice")
        if unsent is None:
            return ""
        return "\n".join(sentences(unsent, self._station.clock.now().at, self._station.texts))

    def _notices(self, room: int) -> Content | str:
        """Say the worst, at least one thing, and as much more as there are rows for."""
        notices = self._found()
        lines: list[Content] = []
        for number, notice in enumerate(notices):
            two = _two_lines(f"✕ {notice.what}", notice.next, "$refusal")
            room -= self._rows(two)
            is_last = number == len(notices) - 1
            if lines and room < (0 if is_last else 1):
                lines.append(Content(self._station.texts("home.more_notices", count=len(notices) - number)))
                break
            lines.append(two)
        return Content("\n").join(lines) if lines else ""

    def _rows(self, text: Content | str) -> int:
        """Count the rows of a text; lines break at words, so that a row is seldom full."""
        width = max(self.size.width - LOST_COLUMNS, 1)
        return sum(-(-max(cell_len(line), 1) // width) for line in str(text).splitlines())

    def _found(self) -> "list[Notice]":
        from kiosk.notices import Beside, notices_of

        if self._sight is None:
            return []
        devices = self._station.devices
        trouble = self._station.caretaker.trouble or self._station.county_trouble
        beside = Beside(devices.scanner_state, devices.printer_state, trouble, is_demo=self._station.is_demo)
        return notices_of(self._sight, beside, self._station.texts)


def _two_lines(what: str, step: str, colour: str = "$primary") -> Content:
    """Put the next step under what is the matter."""
    return Content.assemble((what, f"bold {colour}"), "\n", f"  {step}")
