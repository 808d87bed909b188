"""How a desk stands: the clock, the day, today's meeting, what is unsent, what is wrong and what to do about it."""

from datetime import date
from typing import TYPE_CHECKING, Final

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from kiosk.clock import local_day
from kiosk.locale.figures import time_of_day
from kiosk.screens.widgets.figure import Figure
from kiosk.screens.widgets.unsent import sentences

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from kiosk.domain.meeting import MeetingShown
    from kiosk.notices import Notice, Sight
    from kiosk.station import Station

MOST_NOTICES: Final = 2


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
        self.tick()
        for name, text in (
            ("day", self._day()),
            ("meeting", self._meeting()),
            ("unsent", self._unsent()),
            ("notices", self._notices()),
        ):
            row = self.query_one(f"#state-{name}", Static)
            row.update(text)
            row.display = bool(str(text))

    def tick(self) -> None:
        """Show the time of the moment; a clock that is doubted says so beside it."""
        now = self._station.clock.now().at
        shown = (time_of_day(now), self._beside_clock(now))
        figure = self.query_one(Figure)
        if (figure.value, figure.unit) != shown:
            figure.show(shown[0], unit=shown[1])

    def _beside_clock(self, now: int) -> str:
        say = self._station.texts
        if self._sight is not None and self._sight.books.clock.doubt is not None:
            return say("home.clock_doubted")
        return self._date(local_day(now))

    def _date(self, day: str) -> str:
        shown = date.fromisoformat(day)
        weekday = self._station.texts(f"common.weekday.{shown.isoweekday()}")
        return self._station.texts("home.date", month=shown.month, day=shown.day, weekday=weekday)

    def _day(self) -> str:
        say, operator = self._station.texts, self._station.operator
        if self._station.day is None:
            return say("home.closed")
        name = operator.name if operator is not None else say("common.status.nobody")
        return say("home.open", day=self._date(self._station.day), operator=name)

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
            return self._station.texts("home.demo")
        if unsent is None:
            return ""
        return "\n".join(sentences(unsent, self._station.clock.now().at, self._station.texts))

    def _notices(self) -> Content | str:
        notices = self._found()
        lines = [_two_lines(f"✕ {notice.what}", notice.next, "$refusal") for notice in notices[:MOST_NOTICES]]
        if len(notices) > MOST_NOTICES:
            lines.append(Content(self._station.texts("home.more_notices", count=len(notices) - MOST_NOTICES)))
        return Content("\n").join(lines) if lines else ""

    def _found(self) -> "list[Notice]":
        from kiosk.notices import Beside, notices_of

        if self._sight is None:
            return []
        devices = self._station.devices
        beside = Beside(devices.scanner_state, devices.printer_state, self._station.caretaker.trouble)
        return notices_of(self._sight, beside, self._station.texts)


def _two_lines(what: str, step: str, colour: str = "$primary") -> Content:
    """Put the next step under what is the matter."""
    return Content.assemble((what, f"bold {colour}"), "\n", f"  {step}")
