"""The first frame: for whoever switches the terminal on.

It shows what the settings file holds while the store opens. Where there is no store it asks once: demo or real, and of
a real one whether it is the village's first, stands beside others, or replaces a dead one; it is set up on the next
screen, and this one goes on when that is done.
"""

from collections.abc import Coroutine
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.demo.plan import STEPS
from kiosk.errors import Refused
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.settings import set_aside
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.station import Station

REDRAW_SECONDS: Final = 0.25
# What a new machine may be, and the screens that lead there, the last on top: the tests follow a replacement.
SCREENS_OF: Final = {"demo": (), "first": ("set_up",), "second": ("join",), "dead": ("set_up", "replace")}
CHOICES: Final = tuple(SCREENS_OF)


class State(Enum):
    """What the screen is at."""

    SETTINGS = auto()
    OPENING = auto()
    DEMO_OR_REAL = auto()
    MAKING_DEMO = auto()
    STOPPED = auto()


_OFFERED: Final = {
    State.SETTINGS: ("defaults", "leave"),
    State.DEMO_OR_REAL: ("care", "leave"),
    State.STOPPED: ("again", "care", "leave"),
}


class StartScreen(DeskScreen, inherit_bindings=False):
    """Opens the store, or makes one, and goes on to the menu."""

    BINDINGS: ClassVar = keys.bindings("start.defaults", "start.again", "start.care", "start.leave")

    def __init__(self, station: "Station") -> None:
        """Begin with opening."""
        super().__init__(station)
        self._state = State.OPENING
        self._steps = 0

    def compose_body(self) -> "Iterable[Widget]":
        """Give the village's name, what is happening, and what this machine may be."""
        yield Static(self._title(), classes="title", markup=False)
        yield Static(self._sentence(), id="start-sentence", classes="line", markup=False)
        yield ChoiceList([self.say(f"start.choice.{choice}") for choice in CHOICES])

    def on_mount(self) -> None:
        """Open the store once this frame is on the screen, and keep the progress of the demo fresh."""
        self.call_after_refresh(self._begin)
        self.every(REDRAW_SECONDS, self._draw_progress)

    def on_screen_resume(self) -> None:
        """Go on when a village was set up, or somebody has taken the desk."""
        super().on_screen_resume()
        if self.is_current and self.station.store is not None:
            self._enter()

    def draw(self) -> None:
        """Show what is asked, and only that."""
        self.query_one("#start-sentence", Static).update(self._sentence())
        choices = self.query_one(ChoiceList)
        choices.display = self._state is State.DEMO_OR_REAL
        self.set_focus(choices if choices.display else None)
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer again, care and leave where nothing goes on."""
        if action in {"again", "care", "defaults", "leave"}:
            return action in _OFFERED.get(self._state, ())
        return True

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Make the demo village, or set a real one up."""
        if message.index == 0:
            self.work(self._make_demo())
        for screen in SCREENS_OF[CHOICES[message.index]]:
            self.station.shell.open(screen)

    def action_again(self) -> None:
        """Try once more to open."""
        self._begin()

    def action_care(self) -> None:
        """Restore a backup, or see what is wrong."""
        self.station.shell.open("store_care")

    def action_defaults(self) -> None:
        """Put a settings file that cannot be read aside and go on without it."""
        self.work(self._use_defaults())

    def action_leave(self) -> None:
        """End the program."""
        self.station.shell.leave()

    def _begin(self) -> None:
        if self.station.trouble is not None:
            self._go(State.SETTINGS)
            self.refuse(self.station.trouble)
            return
        if self._state is not State.OPENING:
            self._go(State.OPENING)
        if self.station.keeper.exists():
            self.work(self._open())
        else:
            self._go(State.DEMO_OR_REAL)

    async def _use_defaults(self) -> None:
        set_aside(self.station.home)
        self.station.trouble = None
        self.call_later(self._begin)

    async def _open(self) -> None:
        try:
            await self.station.open_store()
        except Refused:
            self._go(State.STOPPED)
            raise
        self._enter()

    async def _make_demo(self) -> None:
        self._steps = 0
        self._go(State.MAKING_DEMO)
        await self._make(self.station.create_demo(self._advance))

    async def _make(self, making: Coroutine[Any, Any, None]) -> None:
        try:
            await making
        except Refused:
            self._go(State.DEMO_OR_REAL)
            raise
        self._enter()

    def _enter(self) -> None:
        """Ask who stands here, then go on to the menu, which is built when somebody does."""
        if self.station.operator is None:
            self.station.shell.open("opening")
        else:
            self.station.shell.go_home()

    def _go(self, state: State) -> None:
        self._state = state
        self.draw()

    def _advance(self, count: int) -> None:
        """Count the steps of the demo that are done, on the store's thread."""
        self._steps += count

    def _draw_progress(self) -> None:
        if self._state is State.MAKING_DEMO:
            self.query_one("#start-sentence", Static).update(self._sentence())

    def _title(self) -> str:
        return self.station.settings.village_name or self.say("start.title")

    def _sentence(self) -> str:
        return self.say(f"start.state.{self._state.name.lower()}", percent=100 * self._steps // STEPS)
