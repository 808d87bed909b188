"""The frame around every screen and every question: status line, refusals, keys, scans, work.

``DeskScreen`` is what a screen inherits, ``Question`` what a modal inherits; how to write one stands in
``kiosk/screens/__init__.py``.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar

from textual.containers import Vertical
from textual.css.query import NoMatches
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from kiosk.errors import NotAllowed, Refused
from kiosk.frame import draw_changed
from kiosk.rights import Right, who_may
from kiosk.screens.widgets.key_line import KeyLine
from kiosk.screens.widgets.offering import Offering
from kiosk.screens.widgets.refusal_panel import RefusalPanel
from kiosk.screens.widgets.status_line import StatusLine
from kiosk.station import Heard, Signal, Station

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult

WRITTEN_SECONDS: Final = 0.002
"""So long a frame takes at most on its way to the terminal, through a thread of its own, while nobody else computes."""

Answer = TypeVar("Answer")
Given = TypeVar("Given")


class Listener(Offering, Screen[Answer], Generic[Answer], inherit_bindings=False):
    """What screens and questions share: they hear scans, do work, refuse and ask."""

    AUTO_FOCUS: ClassVar[str | None] = ".takes-keys"

    takes: ClassVar[tuple[type, ...]] = ()
    """The kinds of code this screen takes; any other is refused with ``scan_not_here``."""

    needs: ClassVar[Mapping[str, Right]] = {}
    """Which right an action takes, by its verb; without it the line of keys shows it grey and its key says why."""

    def __init__(self, station: Station) -> None:
        """Build the screen of ``station``."""
        super().__init__()
        self.station = station
        self._unanswered: Signal | None = None
        self._has_refused = False
        self._is_rebuilding = False

    def say(self, key: str, /, **values: object) -> str:
        """Give a text in the language of the moment."""
        return self.station.texts(key, **values)

    def draw(self) -> None:
        """Put the state of the screen on its widgets; called when it appears and when the language changes."""

    async def take_scan(self, heard: Heard) -> None:
        """Act on a scan of a kind named in ``takes``; may raise Refused."""
        raise NotImplementedError  # because a screen that names kinds in `takes` says what a scan does

    async def hear(self, heard: Heard, signal: Signal) -> None:
        """Take a scan or refuse it, and give the hand its tone: ``signal`` unless the screen gave another."""
        self.clear_refusal()
        if not isinstance(heard.code, self.takes):
            self.refuse(Refused("scan_not_here"))
            return
        self._unanswered = None if heard.has_sounded else signal
        await self._guard(self.take_scan(heard))
        await self.show_first()
        self.acknowledge()

    def work(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Do something that waits for the store or for a question; scans and keys wait for it, Refused is shown."""
        self.clear_refusal()
        self.station.shell.begin(self._guard(coroutine), self)

    async def ask(self, question: "Question[Given]") -> Given | None:
        """Put a question on top and give its answer; None means that the person went back."""
        self.acknowledge()
        return await self.app.push_screen_wait(question)

    def acknowledge(self, signal: Signal | None = None) -> None:
        """Give the tone of the scan being handled now, once; ``signal`` gives another one than its kind's."""
        waiting, self._unanswered = self._unanswered, None
        if waiting is not None:
            self.station.shell.signal(signal or waiting)

    def hand_on(self, screen: str, *heard: Heard) -> None:
        """Open another screen with scans of this one; the one under way sounds there, the others did here."""
        is_under_way = self._unanswered is not None
        self._unanswered = None
        sounded = heard[:-1] if is_under_way else heard
        marked = (*(replace(each, has_sounded=True) for each in sounded), *heard[len(sounded) :])
        self.station.shell.open(screen, *marked)

    def refuse(self, refused: Refused) -> None:
        """Show a refusal, with its tone, until the next action."""
        self._unanswered = None
        self._has_refused = True
        self.station.shell.signal(Signal.REFUSAL)
        self.query_one(RefusalPanel).show(self.station.texts.refusal(refused))

    def clear_refusal(self) -> None:
        """Take away the refusal of the last action; looked for only if there was one, because every scan asks."""
        if self._has_refused:
            self._has_refused = False
            for panel in self.query(RefusalPanel):
                panel.clear()

    def flash(self, signal: Signal) -> None:
        """Flash the colour of a tone."""
        for line in self.query(StatusLine):
            line.flash(signal)

    def missing_right(self, key: str) -> Right | None:
        """Give the right that the action under a key takes and whoever stands here lacks, None if nothing lacks."""
        if not self.needs:
            return None
        active = self.active_bindings.get(key)
        right = self.needs.get(active.binding.action) if active is not None and active.enabled else None
        return None if right is None or self.station.may(right) else right

    def who_may(self, right: Right) -> str:
        """Give the word for whoever may do what takes a right."""
        return self.say(f"common.who_may.{who_may(right)}")

    def refuse_right(self, right: Right) -> None:
        """Say who may do what takes a right."""
        self.refuse(NotAllowed("not_yours_to_do", who=self.who_may(right)))

    async def redraw(self) -> None:
        """Build the screen again from its state; what takes keys takes them again."""
        self._is_rebuilding = True
        try:
            await self.recompose()
        finally:
            self._is_rebuilding = False
        self.draw()
        if self.focused is None:
            takers = [widget for widget in self.query(".takes-keys").results(Widget) if widget.display]
            self.set_focus(takers[0] if takers else None)

    @property
    def is_standing(self) -> bool:
        """Tell whether the widgets are there: not while the screen is built again, nor when it is taken away."""
        is_whole = self.is_running and self.display and not self._is_rebuilding
        return is_whole and self in self.app.screen_stack

    def every(self, seconds: float, beat: Callable[[], None]) -> None:
        """Do ``beat`` at intervals for as long as the screen stands."""
        self.set_interval(seconds, lambda: beat() if self.is_standing else None)

    def on_mount(self) -> None:
        """Draw for the first time."""
        self.draw()

    def on_screen_resume(self) -> None:
        """Show who stands here by now: another screen may have changed it."""
        for line in self.query(StatusLine):
            line.draw()

    def show_now(self) -> None:
        """Draw what changed at once, if it can be drawn by itself; if not, it comes with the next frame."""
        if self.is_standing:
            draw_changed(self)

    async def show_first(self) -> None:
        """Draw what changed, and let it reach the terminal before what follows takes the processor."""
        self.show_now()
        await asyncio.sleep(WRITTEN_SECONDS)

    async def _guard(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Show a refusal; work that outlives its screen finds no widgets there any more, and nobody to show them to."""
        try:
            await coroutine
        except Refused as refused:
            if self.is_attached:
                self.refuse(refused)
        except NoMatches:
            if self.is_standing:
                raise


class DeskScreen(Listener[None], inherit_bindings=False):
    """A screen of the desk: status line, its own body, the refusal of the last action, the line of keys."""

    def compose(self) -> "ComposeResult":
        """Lay the frame around ``compose_body``."""
        yield StatusLine(self.station)
        if self.station.coach is not None:
            from kiosk.screens.widgets.coach_line import CoachLine

            yield CoachLine(self.station, self.station.coach)
        with Vertical(id="body"):
            yield from self.compose_body()
        yield RefusalPanel(self.station)
        yield KeyLine(self.station)

    def compose_body(self) -> "Iterable[Widget]":
        """Give the widgets between status line and line of keys."""
        raise NotImplementedError  # because a screen without a body is none

    def action_back(self) -> None:
        """Go back to the screen below."""
        self.dismiss()


class Question(Listener[Answer | None], ModalScreen[Answer | None], Generic[Answer], inherit_bindings=False):
    """A question on top of a screen: answered once, or gone back from with None."""

    def compose(self) -> "ComposeResult":
        """Lay the box around ``compose_body``."""
        yield StatusLine(self.station)
        with Vertical(id="question"):
            yield from self.compose_body()
            yield RefusalPanel(self.station)
        yield KeyLine(self.station)

    def compose_body(self) -> "Iterable[Widget]":
        """Give the widgets of the question."""
        raise NotImplementedError  # because a question without words is none

    def action_back(self) -> None:
        """Give no answer."""
        self.dismiss(None)
