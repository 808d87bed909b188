"""Closing the day: for whoever stood at the desk. Count the slips in the box, press +; then switch off or open again.

The book's number is shown only after two counts differ from it, or when the day is closed: a count that knows the
answer always agrees. Once a week three goods are counted before, as blindly. The report of the day comes out of the
slip printer by itself.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.containers import Vertical
from textual.widgets import Static

from kiosk import keys
from kiosk.errors import Refused
from kiosk.form_papers import print_on_slips, put_out
from kiosk.locale.sentence import Sentence
from kiosk.screens.day_close import papers, spot, wording
from kiosk.screens.day_close.state import CloseState, Step
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.outlet import ask_outlet
from kiosk.screens.widgets.number_entry import NumberEntry
from kiosk.screens.widgets.status_line import StatusLine
from kiosk.screens.widgets.unsent import sentences
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Iterable
    from threading import Event

    from textual.widget import Widget

    from kiosk.domain.spot_count import SpotAsked
    from kiosk.station import Station

SLIP_DIGITS: Final = 4
GOODS_DIGITS: Final = 6
FEW_FORMS: Final = 6
"""With fewer forms left to write on, new ones come out with the list of balances."""
LOOK_SECONDS: Final = 0.5


class DayCloseScreen(DeskScreen, inherit_bindings=False):
    """Asks for the slips, compares, closes; a second count is asked for before a difference is shown and kept."""

    CSS = """
    #close-slips, #close-goods { height: auto; }
    #close-next { height: 1; width: 100%; margin: 1 0; padding: 0 1; }
    #close-next { background: $primary; color: $background; text-style: bold; }
    """
    BINDINGS: ClassVar = keys.bindings(
        "day_close.confirm",
        "day_close.counted",
        "day_close.slips",
        "day_close.skip",
        "home.open_day",
        "day_close.report",
        "day_close.emergency",
        "shell.back",
    )

    def __init__(self, station: "Station") -> None:
        """Begin by looking whether the day can be closed."""
        super().__init__(station)
        self.state = CloseState()
        self._look_is_over: Event | None = None

    def compose_body(self) -> "Iterable[Widget]":
        """Give title, what is the matter, the entry, the next step, and the figures."""
        yield Static("", id="close-title", classes="title", markup=False)
        yield Static("", id="close-lines", classes="line", markup=False)
        with Vertical(id="close-slips"):
            yield NumberEntry(self.say("day_close.slips"), self.say("day_close.sheets"), longest=SLIP_DIGITS)
        with Vertical(id="close-goods"):
            yield NumberEntry(longest=GOODS_DIGITS, decimals=2)
        yield Static("", id="close-next", markup=False)
        yield Static("", id="close-figures", classes="line", markup=False)

    def on_mount(self) -> None:
        """Look whether the day can be closed, and afterwards whether the backup is there."""
        self.work(self._look())
        self.every(LOOK_SECONDS, self._follow_backup)

    def draw(self) -> None:
        """Show the state; figures only where nobody can count by them any more."""
        texts = self.station.texts
        self.query_one("#close-title", Static).update(wording.title(self.state, texts))
        self.query_one("#close-lines", Static).update("\n".join(wording.lines(self.state, texts)))
        self._draw_rest()
        shown = {"#close-slips": self.state.asks_slips, "#close-goods": self.state.asked_goods is not None}
        entries = {self.query_one(f"{name} NumberEntry", NumberEntry): is_shown for name, is_shown in shown.items()}
        for entry, is_shown in entries.items():
            entry.display = is_shown
        self.set_focus(next((entry for entry, is_shown in entries.items() if is_shown), None))
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer to close until it is done; the slips where they differ; to open again and the report afterwards."""
        step = self.state.step
        return {
            "confirm": step not in {Step.LOOKING, Step.CLOSED, Step.SPOT, Step.DONE},
            "counted": step is Step.SPOT,
            "skip": step is Step.SPOT,
            "slips": step is Step.DIFFERENCE,
            "open_day": step in {Step.CLOSED, Step.DONE},
            "emergency": step is Step.DONE,
            "report": step in {Step.CLOSED, Step.DONE} and self._has_printer,
        }.get(action, True)

    @on(NumberEntry.Entered)
    def take_count(self, message: NumberEntry.Entered) -> None:
        """Compare the slips that were counted with the book, or take the next number of the spot count."""
        self.work(self._take(message.text))

    def action_confirm(self) -> None:
        """Close with the difference that is on show, or without slips; an empty entry is no count."""
        if self.state.asks_slips:
            self.refuse(Refused("slips_not_counted"))
        else:
            self.work(self._close(self.state.counted))

    def action_counted(self) -> None:
        """An empty entry is no count of the goods either."""
        self.refuse(Refused("spot_not_counted"))

    def action_slips(self) -> None:
        """Show the redemptions whose slips should be in the box."""
        self.work(self._show_slips())

    def action_skip(self) -> None:
        """Put the spot count off."""
        self.work(spot.skip(self))

    def action_back(self) -> None:
        """Ask for the goods before once more, or leave."""
        if not spot.take_back(self):
            self.dismiss()

    def action_open_day(self) -> None:
        """Open again, or the next day."""
        self.dismiss()
        self.station.shell.open("opening")

    def action_report(self) -> None:
        """Print the report of this day, or of an earlier one, again."""
        self.work(self._print_again())

    def action_emergency(self) -> None:
        """Print what stands in for the screen in an hour without power."""
        self.work(self._print_emergency())

    @property
    def _has_printer(self) -> bool:
        return self.station.slips.state != "none"

    async def _look(self) -> None:
        from kiosk.domain.day_close import show_day_to_close

        has_printer = self._has_printer
        try:
            day = await self.station.read(lambda store: show_day_to_close(store, has_printer=has_printer))
        except Refused as refused:
            if refused.code == "day_not_open":
                self.go(replace(self.state, step=Step.CLOSED))
            raise
        self.state = replace(self.state, day=day, meeting_is_open=await self._is_meeting_open())
        asked = await self._spot_asked()
        self.go(replace(self.state, spot=asked, step=self.first_step() if asked is None else Step.SPOT))

    def first_step(self) -> Step:
        """Return what is asked of the slips first."""
        day = self.state.day
        return Step.COUNT if day is not None and day.needs_count else Step.UNCOUNTED

    async def _spot_asked(self) -> "SpotAsked | None":
        from kiosk.domain.spot_count import spot_to_count

        operator = self.station.operator
        return None if operator is None else await self.station.read(spot_to_count, operator.number)

    async def _take(self, text: str) -> None:
        goods = self.query_one("#close-goods NumberEntry", NumberEntry)
        if self.state.asked_goods is None:
            await self._compare(int(text))
            return
        goods.clear()
        await spot.take_number(self, text)

    async def _is_meeting_open(self) -> bool:
        from kiosk.domain.meeting import meeting_here

        return await self.station.read(meeting_here) is not None

    async def _compare(self, counted: int) -> None:
        from kiosk.domain.day_close import count_agrees, show_figures

        if await self.station.read(count_agrees, counted):
            await self._close(counted)
            return
        self.query_one("#close-slips NumberEntry", NumberEntry).clear()
        if self.state.step is Step.COUNT:
            self.go(replace(self.state, step=Step.AGAIN, counted=counted))
        else:
            figures = await self.station.read(show_figures)
            self.go(replace(self.state, step=Step.DIFFERENCE, counted=counted, figures=figures))

    async def _close(self, counted: int | None) -> None:
        from kiosk.domain.day_close import cash_up_day
        from kiosk.domain.day_waits import what_waits

        closed = await self.station.do(cash_up_day, counted)
        self.station.day = None
        self._look_is_over = self.station.look_after()
        self.query_one(StatusLine).draw()
        waits = await self.station.read(what_waits)
        self.go(replace(self.state, step=Step.DONE, figures=closed.figures, cashed_up=closed, waits=waits))
        if self._has_printer:
            self.app.run_worker(self._print_quietly(), group="report")

    async def _print_quietly(self) -> None:
        """Print beside whatever is done next, here or elsewhere; what kept it from coming out stands on the screen."""
        try:
            self._tell(await papers.print_report(self.station))
        except Refused as refused:
            if self.is_standing and refused.code != "printer_missing":
                self.refuse(refused)

    async def _print_again(self) -> None:
        is_over = self.state.step is Step.DONE
        told = await (papers.print_report(self.station) if is_over else papers.choose_report(self))
        if told is not None:
            self._tell(told)

    async def _print_emergency(self) -> None:
        """On the slip printer, or as A4 where there is none."""
        from kiosk.domain.form import forms_left

        if self._has_printer:
            left = await self.station.read(forms_left, "redemption")
            self._tell(await print_on_slips(self.station, with_forms=len(left) < FEW_FORMS))
        elif (outlet := await ask_outlet(self)) is not None:
            self._tell(await put_out(self.station, outlet))

    async def _show_slips(self) -> None:
        from kiosk.domain.day_close import slips_since_count

        texts = self.station.texts
        listed = [wording.slip_listed(each, texts) for each in await self.station.read(slips_since_count)]
        await self.ask(ChoiceModal(self.station, self.say("day_close.which"), listed))

    def _tell(self, told: Sentence) -> None:
        self.go(replace(self.state, told=told))

    def go(self, state: CloseState) -> None:
        """Go to another state and show it."""
        self.state = state
        if self.is_standing:
            self.draw()

    def _follow_backup(self) -> None:
        if self.state.step is Step.DONE and self.is_current:
            self._draw_rest()

    def _draw_rest(self) -> None:
        step = "day_close.backing_up" if self._is_backing_up() else f"day_close.next.{self.state.step.value}"
        self.query_one("#close-next", Static).update(self.say(step))
        self.query_one("#close-figures", Static).update("\n".join(self._below()))

    def _is_backing_up(self) -> bool:
        return self._look_is_over is not None and not self._look_is_over.is_set()

    def _below(self) -> list[str]:
        """Give the figures of the day, and after the close what becomes of it."""
        state = self.state
        shown = [] if state.told is None else [state.told.said(self.station.texts)]
        shown += wording.figures_of(state, self.station.texts, has_printer=self._has_printer)
        return [*shown, *self._afterwards()] if state.step is Step.DONE else shown

    def _afterwards(self) -> "Iterable[str]":
        unsent = self.station.unsent
        if unsent is not None and not self.station.is_demo:
            yield from sentences(unsent, self.station.clock.now().at, self.station.texts)
        if waits := wording.waits_of(self.state, self.station.texts):
            yield waits
        if self._is_backing_up():
            return
        trouble = self.station.caretaker.trouble
        if trouble is None:
            yield self.say("day_close.backed_up")
            return
        refusal = self.station.texts.refusal(trouble)
        yield from (refusal.reason, refusal.next)
