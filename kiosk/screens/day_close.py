"""Closing the day: for whoever stood at the desk. Count the slips in the box, press +; then switch off or open again.

The book's number is shown only after two counts differ from it, or when the day is closed: a count that knows the
answer always agrees.
"""

from datetime import date
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.errors import Refused
from kiosk.locale.figures import time_of_day
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.widgets.number_entry import NumberEntry
from kiosk.screens.widgets.status_line import StatusLine
from kiosk.screens.widgets.unsent import sentences
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Iterable
    from threading import Event

    from textual.widget import Widget

    from kiosk.domain.day_close import CashedUp, DayToClose, SlipListed
    from kiosk.domain.day_figures import DayFigures
    from kiosk.station import Station

SLIP_DIGITS: Final = 4
LOOK_SECONDS: Final = 0.5


class State(Enum):
    """What the screen asks."""

    LOOKING = auto()
    COUNT = auto()
    AGAIN = auto()
    DIFFERENCE = auto()
    UNCOUNTED = auto()
    DONE = auto()


class DayCloseScreen(DeskScreen, inherit_bindings=False):
    """Asks for the slips, compares, closes; a second count is asked for before a difference is shown and kept."""

    CSS = """
    #close-next { height: 1; width: 100%; margin: 1 0; padding: 0 1; }
    #close-next { background: $primary; color: $background; text-style: bold; }
    """
    BINDINGS: ClassVar = keys.bindings("day_close.confirm", "day_close.slips", "home.open_day", "shell.back")

    def __init__(self, station: "Station") -> None:
        """Begin by looking whether the day can be closed."""
        super().__init__(station)
        self._state = State.LOOKING
        self._day: DayToClose | None = None
        self._counted: int | None = None
        self._figures: DayFigures | None = None
        self._cashed_up: CashedUp | None = None
        self._meeting_is_open = False
        self._look_is_over: Event | None = None

    def compose_body(self) -> "Iterable[Widget]":
        """Give title, what is the matter, the entry, the next step, and the figures."""
        yield Static("", id="close-title", classes="title", markup=False)
        yield Static("", id="close-lines", classes="line", markup=False)
        yield NumberEntry(self.say("day_close.slips"), self.say("day_close.sheets"), longest=SLIP_DIGITS)
        yield Static("", id="close-next", markup=False)
        yield Static("", id="close-figures", classes="line", markup=False)

    def on_mount(self) -> None:
        """Look whether the day can be closed, and afterwards whether the backup is there."""
        self.work(self._look())
        self.every(LOOK_SECONDS, self._follow_backup)

    def draw(self) -> None:
        """Show the state; figures only where nobody can count by them any more."""
        self.query_one("#close-title", Static).update(self._title())
        self.query_one("#close-lines", Static).update("\n".join(self._lines()))
        self._draw_rest()
        entry = self.query_one(NumberEntry)
        entry.display = self._state in {State.COUNT, State.AGAIN}
        self.set_focus(entry if entry.display else None)
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer to close until it is done; the slips where they differ; to open again afterwards."""
        return {
            "confirm": self._state not in {State.LOOKING, State.DONE},
            "slips": self._state is State.DIFFERENCE,
            "open_day": self._state is State.DONE,
        }.get(action, True)

    @on(NumberEntry.Entered)
    def take_count(self, message: NumberEntry.Entered) -> None:
        """Compare what was counted with the book."""
        self.work(self._compare(int(message.text)))

    def action_confirm(self) -> None:
        """Close with the difference that is on show, or without slips; an empty entry is no count."""
        if self._state in {State.COUNT, State.AGAIN}:
            self.refuse(Refused("slips_not_counted"))
        else:
            self.work(self._close(self._counted))

    def action_slips(self) -> None:
        """Show the redemptions whose slips should be in the box."""
        self.work(self._show_slips())

    def action_open_day(self) -> None:
        """Open again, or the next day."""
        self.dismiss()
        self.station.shell.open("opening")

    async def _look(self) -> None:
        from kiosk.domain.day_close import show_day_to_close

        has_printer = self.station.slips.state != "none"
        self._day = await self.station.read(lambda store: show_day_to_close(store, has_printer=has_printer))
        self._meeting_is_open = await self._is_meeting_open()
        self._go(State.COUNT if self._day.needs_count else State.UNCOUNTED)

    async def _is_meeting_open(self) -> bool:
        from kiosk.domain.meeting import meeting_here

        return await self.station.read(meeting_here) is not None

    async def _compare(self, counted: int) -> None:
        from kiosk.domain.day_close import count_agrees, show_figures

        self._counted = counted
        if await self.station.read(count_agrees, counted):
            await self._close(counted)
            return
        self.query_one(NumberEntry).clear()
        if self._state is State.COUNT:
            self._go(State.AGAIN)
        else:
            self._figures = await self.station.read(show_figures)
            self._go(State.DIFFERENCE)

    async def _close(self, counted: int | None) -> None:
        from kiosk.domain.day_close import cash_up_day

        self._cashed_up = await self.station.do(cash_up_day, counted)
        self._figures = self._cashed_up.figures
        self.station.day = None
        self._look_is_over = self.station.look_after()
        self.query_one(StatusLine).draw()
        self._go(State.DONE)

    async def _show_slips(self) -> None:
        from kiosk.domain.day_close import slips_since_count

        listed = await self.station.read(slips_since_count)
        await self.ask(ChoiceModal(self.station, self.say("day_close.which"), list(map(self._listed, listed))))

    def _go(self, state: State) -> None:
        self._state = state
        self.draw()

    def _follow_backup(self) -> None:
        if self._state is State.DONE and self.is_current:
            self._draw_rest()

    def _draw_rest(self) -> None:
        step = "day_close.backing_up" if self._is_backing_up() else f"day_close.next.{self._state.name.lower()}"
        self.query_one("#close-next", Static).update(self.say(step))
        self.query_one("#close-figures", Static).update("\n".join(self._below()))

    def _is_backing_up(self) -> bool:
        return self._look_is_over is not None and not self._look_is_over.is_set()

    def _title(self) -> str:
        if self._day is None:
            return self.say("day_close.title")
        day = date.fromisoformat(self._day.day)
        weekday = self.say(f"common.weekday.{day.isoweekday()}")
        key = "day_close.closed" if self._state is State.DONE else "day_close.title_of"
        return self.say(key, month=day.month, day=day.day, weekday=weekday)

    def _lines(self) -> list[str]:
        """Say what was found so far."""
        lines = []
        if self._state is State.AGAIN:
            lines.append(self.say("day_close.again", counted=self._counted))
        if self._state is State.DIFFERENCE and self._figures is not None:
            lines += self._difference(self._figures)
        if self._state is State.DONE and self._cashed_up is not None:
            lines += self._done(self._cashed_up)
        elif self._meeting_is_open and self._state is not State.LOOKING:
            lines.append(self.say("day_close.meeting_open"))
        return lines

    def _below(self) -> list[str]:
        """Give the figures of the day, and after the close what becomes of it."""
        if self._figures is None:
            return []
        figures = self._figures
        lines = [
            self.say("day_close.redeemed", count=figures.redemptions, points=figures.redeemed_points),
            self.say("day_close.issued", count=figures.awards, points=figures.issued_points),
        ]
        if figures.voids:
            lines.append(self.say("day_close.voids", count=figures.voids, points=figures.voided_points))
        if figures.slips_missing and self.station.slips.state != "none":
            lines.append(self.say("day_close.missing", count=figures.slips_missing))
        return [*lines, *self._afterwards()] if self._state is State.DONE else lines

    def _afterwards(self) -> list[str]:
        unsent = self.station.unsent
        lines = (
            [] if unsent is None or self.station.is_demo else list(sentences(unsent, self._now(), self.station.texts))
        )
        if self._is_backing_up():
            return lines
        trouble = self.station.caretaker.trouble
        if trouble is None:
            return [*lines, self.say("day_close.backed_up")]
        refusal = self.station.texts.refusal(trouble)
        return [*lines, refusal.reason, refusal.next]

    def _now(self) -> int:
        return self.station.clock.now().at

    def _difference(self, figures: "DayFigures") -> list[str]:
        counted = self._counted or 0
        differing = counted - figures.slips_booked
        key = "day_close.too_many" if differing > 0 else "day_close.too_few"
        found = self.say("day_close.counted", counted=counted, booked=figures.slips_booked)
        return [found, self.say(key, count=abs(differing))]

    def _done(self, closed: "CashedUp") -> list[str]:
        """Say in one line how many redemptions there were, and how the slips agreed."""
        count = closed.figures.redemptions
        if closed.slips_counted is None:
            return [self.say("day_close.done", count=count)]
        if closed.difference == 0:
            return [self.say("day_close.done_right", count=count, slips=closed.slips_counted)]
        return [self.say("day_close.done_differs", count=count, **_slips_of(closed))]

    def _listed(self, slip: "SlipListed") -> str:
        key = "day_close.slip_missing" if slip.is_missing else "day_close.slip"
        number = slip.shown_number[-6:].lstrip("0")
        return self.say(key, number=number, clock=time_of_day(slip.at), name=slip.household.name, points=slip.points)


def _slips_of(closed: "CashedUp") -> dict[str, int]:
    return {"slips": closed.slips_counted or 0, "booked": closed.figures.slips_booked}
