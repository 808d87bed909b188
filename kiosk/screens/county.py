"""Reporting to the county, for whoever stands at the desk: now by the line, or by a stick, one key each way.

Each runs in a program of its own beside the till. Nobody has to wait here: the screen may be left and looked at again.
"""

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.errors import Refused
from kiosk.screens.modals.stick import ask_stick
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.figure import Figure
from kiosk.screens.widgets.unsent import age_of
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.county_state import CountyState
    from kiosk.errand import Ended, Progress
    from kiosk.station import Station

LOOK_SECONDS: Final = 0.2
BY_STICK: Final = ("out", "home")


class CountyScreen(DeskScreen, inherit_bindings=False):
    """What is unsent and how old, what is under way, how the last report ended; a digit begins one."""

    # Little room around a refusal: figure, words and ways stand above it on the smallest screen.
    CSS = """
    CountyScreen #county-words { margin: 1 0; }
    CountyScreen RefusalPanel { padding: 0 1; margin: 0; }
    """
    BINDINGS: ClassVar = keys.bindings("shell.back")

    def __init__(self, station: "Station") -> None:
        """Begin without knowing how the desk stands."""
        super().__init__(station)
        self._state: CountyState | None = None
        self._has_asked = False

    def compose_body(self) -> "Iterable[Widget]":
        """Give what is unsent, in words what there is to know, and the ways to report."""
        yield Static(self.say("reporting.title"), classes="title", markup=False)
        yield Figure(self.say("reporting.unsent"), "", self.say("reporting.lines"))
        yield Static("", id="county-words", classes="line", markup=False)
        yield ChoiceList()

    def on_mount(self) -> None:
        """Look how the desk stands, and follow what is under way."""
        self.draw()
        self.every(LOOK_SECONDS, self._follow)
        self.work(self._look())

    def on_screen_resume(self) -> None:
        """Look again: becoming known is another screen's work."""
        super().on_screen_resume()
        self.work(self._look())

    def draw(self) -> None:
        """Show figure and words, and the ways unless one is under way."""
        figure, unsent = self.query_one(Figure), self.station.unsent
        figure.display = unsent is not None and unsent.lines > 0 and not self.station.is_demo
        figure.show("" if unsent is None else str(unsent.lines))
        words = self.query_one("#county-words", Static)
        words.update("\n".join(self._words()))
        words.display = not self._has_refused  # the smallest screen has no room for both
        choices = self.query_one(ChoiceList)
        choices.show([self.say(f"reporting.choice.{way}") for way in self._ways()])
        choices.display = bool(self._ways())
        self.set_focus(choices if choices.display else None)

    def refuse(self, refused: Refused) -> None:
        """Show a refusal in place of the words."""
        super().refuse(refused)
        self.draw()

    def clear_refusal(self) -> None:
        """Show the words again."""
        has_refused = self._has_refused
        super().clear_refusal()
        if has_refused and self.is_standing:
            self.draw()

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Begin to report."""
        way = self._ways()[message.index]
        if way == "line" and not self._has_line:
            self.refuse(Refused("county_without_line"))
        elif way == "line":
            self.station.errands.last, self._has_asked = None, True
            self.station.reporter.begin()
            self.draw()
        elif way == "set_up":
            self.station.shell.open("set_up")
        else:
            self.work(self._use_stick(way))

    async def _use_stick(self, way: str) -> None:
        stick = await ask_stick(self)
        if stick is not None:
            self.station.errands.begin(way, "stick", str(stick), "--way", way)
            self.draw()

    def _follow(self) -> None:
        """Show how far it is, and how it ended; whoever has left the screen sees it when they come back."""
        if not self.is_current:
            return
        if self._has_line and self.station.reporter.notice():
            last, has_asked, self._has_asked = self.station.reporter.last, self._has_asked, False
            self.work(self._take_end(last.refusal if last is not None and has_asked else None))
        elif (ended := self.station.errands.look()) is not None:
            self.work(self._take_end(ended.refusal))
        elif self.station.errands.is_running or self._is_reporting:
            self.query_one("#county-words", Static).update("\n".join(self._words()))

    async def _take_end(self, refusal: str | None) -> None:
        await self._look()
        if refusal is not None:
            raise Refused(refusal)

    async def _look(self) -> None:
        from kiosk.county_state import look_at_county

        await self.station.look_at_unsent()
        self._state = await self.station.read(look_at_county)
        if self.is_standing:
            self.draw()

    @property
    def _has_line(self) -> bool:
        unsent = self.station.unsent
        return unsent is not None and unsent.has_line

    @property
    def _is_reporting(self) -> bool:
        return self._has_line and self.station.reporter.is_running

    def _ways(self) -> tuple[str, ...]:
        """Give what can be begun now: a stick also while a report looks for a line, which may take long."""
        if self._state is None or self.station.errands.is_running or self.station.is_demo:
            return ()
        if self._state.standing == "stranger":
            return ("set_up",) if self.station.shell.has("set_up") else ()
        return ("line", *BY_STICK)

    def _words(self) -> list[str]:
        unsent, state = self.station.unsent, self._state
        if self.station.is_demo:
            return [self.say("reporting.demo")]
        if unsent is None or state is None:
            return []
        oldest = state.oldest_at
        lines = [self.say("reporting.nothing") if oldest is None else self.say("reporting.oldest", oldest_at=oldest)]
        lines.append(self._last_answer(unsent.last_at))
        if state.standing != "known":
            lines.append(self.say(f"reporting.{state.standing}", check=state.check))
        return [*lines, "", *self._news()]

    def _last_answer(self, last_at: int | None) -> str:
        if last_at is None:
            return self.say("reporting.never")
        now, texts = self.station.clock.now().at, self.station.texts
        return self.say("reporting.last", age=age_of(last_at, now, texts, is_short=False))

    def _news(self) -> list[str]:
        """Say what is under way, or how the last one ended."""
        errands = self.station.errands
        if errands.is_running:
            return [self._progress(errands.progress, "stick")]
        by_stick = errands.last if errands.name in BY_STICK else None
        ended = [] if by_stick is None else self._stick_ended(by_stick)
        if self._is_reporting:
            return [*ended, self._progress(self.station.reporter.progress, "begin")]
        return self._report_ended() if by_stick is None and self._has_line else ended

    def _progress(self, progress: "Progress | None", before: str) -> str:
        if progress is None:
            return self.say(f"reporting.running.{before}")
        return self.say(f"reporting.running.{progress.stage}", done=progress.done, total=progress.total)

    def _stick_ended(self, ended: "Ended") -> list[str]:
        if ended.refusal is not None:
            return []
        way, values = self.station.errands.name, ended.values
        is_empty = way == "home" and not values["received"]
        lines = [self.say("reporting.done.home_none" if is_empty else f"reporting.done.{way}", **values)]
        return [*lines, self.say("reporting.done.skipped", **values)] if values["skipped"] else lines

    def _report_ended(self) -> list[str]:
        last = self.station.reporter.last
        if last is None:
            return []
        if last.refusal is not None:
            reason = self.station.texts.refusal(Refused(last.refusal)).reason
            return [self.say("reporting.done.failed", reason=reason)]
        return [self.say("reporting.done.line", sent=last.sent, received=last.received)]
