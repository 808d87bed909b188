"""The meeting desk: for whoever holds a meeting. People scan a card as they come; three keys open, begin and end it.

An open meeting stands on the screen as soon as it is opened, whatever happened before: a power cut loses nothing.
"""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from kiosk import codes, keys
from kiosk.domain.attendance import show_attendance
from kiosk.domain.meeting import begin_meeting, list_meetings, meeting_here, open_sign_in
from kiosk.errors import Refused
from kiosk.screens.meeting import arrivals, ending, errands, papers, roll
from kiosk.screens.meeting.calling import Calling
from kiosk.screens.meeting.face import Face, face_of, named
from kiosk.screens.meeting.figure import figure_of, figure_parts
from kiosk.screens.meeting.offered import offered
from kiosk.screens.meeting.state import LONGEST_COUNT, PAGE, DeskState, Notice, Phase, Tone, state_of
from kiosk.screens.meeting.wording import banner_of, in_order, meeting_line, roll_lines, tally_line
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.shell import DeskScreen
from kiosk.station import Signal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.timer import Timer
    from textual.widget import Widget

    from kiosk.station import Heard, Station

AFTERWARDS_SECONDS = 0.03
"""The colour of a tone comes this long after the frame of a scan: nobody waits for it, and no scan comes so soon."""


class MeetingScreen(DeskScreen, inherit_bindings=False):
    """The list of meetings, then one of them: called, open, begun, ended; beside it the roll of those expected."""

    # Which widget takes digits follows from the state alone: a hidden list must not swallow a head count.
    AUTO_FOCUS = ""
    CSS = """
    MeetingScreen RefusalPanel { padding: 0 1; margin: 0; }
    #meeting-title, #meeting-message { height: 1; width: 100%; text-style: bold; }
    #meeting-title { color: $primary; }
    #meeting-figure { height: 3; width: 100%; margin: 1 0; }
    #meeting-next {
        height: 1; width: 100%; margin: 1 0; background: $primary; color: $background; text-style: bold; padding: 0 1;
    }
    #meeting-rows { height: 1fr; width: 100%; }
    MeetingScreen ChoiceList { margin-top: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """
    BINDINGS: ClassVar = [
        *(Binding(str(digit), f"digit('{digit}')", show=False) for digit in range(10)),
        *keys.bindings(
            "meeting.call", "meeting.open", "meeting.begin", "meeting.begin_again", "meeting.end", "meeting.done",
            "meeting.take_back", "meeting.count_again", "meeting.go_on", "meeting.roll", "meeting.only_missing",
            "meeting.everybody", "meeting.without_card", "meeting.find", "meeting.print", "meeting.more", "shell.back",
        ),
    ]  # fmt: skip
    takes = (
        *(codes.PersonCard, codes.HouseholdCard, codes.BookCode, codes.Goods, codes.WeighedGoods),
        *(codes.Misread, codes.Unknown),
    )

    def __init__(self, station: "Station") -> None:
        """Begin with nothing read."""
        super().__init__(station)
        self.desk_state: DeskState = DeskState()
        self._drawn: Face | None = None
        self._shown_offers: tuple[bool, ...] = ()
        self._is_ready = asyncio.Event()
        self._colour: Signal | None = None
        self._afterwards: Timer | None = None

    def compose_body(self) -> "Iterable[Widget]":
        """Give one line for each thing the face says, and the list."""
        self._drawn = None
        self._shown_offers = ()
        for name in ("title", "figure", "message"):
            yield Static("", id=f"meeting-{name}", markup=False)
        yield ChoiceList()
        for name in ("next", "rows"):
            yield Static("", id=f"meeting-{name}", markup=False)

    def on_mount(self) -> None:
        """Look which meeting is open, then listen."""
        self.draw()
        self.work(self._begin())

    def draw(self) -> None:
        """Put the state on the screen; while cards are scanned only what changed, and no widget moves."""
        state = self.desk_state
        if state.is_list or state.phase is Phase.LOOKING:
            self._drawn = None
            self._draw_list()
        else:
            self._draw_face(face_of(state, self.station.day, self.station.texts))
        self._draw_offers()

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing is still to come that a scan has brought about."""
        return self._is_ready.is_set() and self._afterwards is None

    def offers(self, action: str) -> bool:
        """Offer what means something now."""
        return offered(self.desk_state).get(action, True)

    async def take_scan(self, heard: "Heard") -> None:
        """Let somebody sign in, or say why not."""
        await self._is_ready.wait()
        await arrivals.take_code(self, heard.code)

    def flash(self, signal: Signal) -> None:
        """Show the colour of a refusal at once, any other after the frame that shows who came."""
        if signal is Signal.REFUSAL:
            super().flash(signal)
            return
        self._colour = signal
        if self._afterwards is not None:
            self._afterwards.stop()
        self._afterwards = self.set_timer(AFTERWARDS_SECONDS, self._flash_now)

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Go on with the meeting, or with the person, of the digit."""
        state = self.desk_state
        index = state.page * PAGE + message.index
        if state.phase is Phase.ROLL:
            self.work(roll.choose(self, state.roll[index]))
        else:
            self.work(self.show(state.meetings[index].meeting_id))

    def action_digit(self, digit: str) -> None:
        """Turn the page of a list, or type the head count."""
        state = self.desk_state
        if state.is_list and digit == "0":
            self.change(replace(state, page=(state.page + 1) % state.pages))
        elif state.phase is Phase.FORGOTTEN or (state.phase is Phase.SIGNING and state.is_begun):
            self.change(replace(state, typed=(state.typed + digit)[:LONGEST_COUNT], heads=None))

    def action_call(self) -> None:
        """Call a meeting."""
        self.work(self._call())

    def action_open(self) -> None:
        """Let cards be scanned."""
        self.work(self._open())

    def action_begin(self) -> None:
        """Begin: from now on somebody may be late."""
        self.work(self._begin_meeting())

    def action_begin_again(self) -> None:
        """Say after a restart, or at a second desk, that who comes from now on may be late."""
        self.work(self._begin_meeting())

    def action_end(self) -> None:
        """End the meeting with the heads that were counted."""
        self.work(ending.end(self))

    def action_done(self) -> None:
        """Leave a meeting that is over."""
        self.dismiss()

    def action_take_back(self) -> None:
        """Take away a digit, or the last sign-in."""
        self.work(arrivals.take_back(self))

    def action_count_again(self) -> None:
        """Forget a head count that differs from those who signed in."""
        self.change(replace(self.desk_state, typed="", heads=None))

    def action_go_on(self) -> None:
        """Go on with a meeting of an earlier day: midnight came in the middle."""
        self.change(replace(self.desk_state, phase=Phase.SIGNING, is_left_open=False))

    def action_roll(self) -> None:
        """Show who is expected and how they stand."""
        self.work(roll.open_roll(self))

    def action_only_missing(self) -> None:
        """Show those who are not there."""
        self.change(replace(self.desk_state, is_only_missing=True, page=0))

    def action_everybody(self) -> None:
        """Show everybody on the roll again."""
        self.change(replace(self.desk_state, is_only_missing=False, page=0))

    def action_without_card(self) -> None:
        """Let somebody sign in whose card is not at hand."""
        self.work(arrivals.enter_without_card(self))

    def action_find(self) -> None:
        """Find somebody on the roll."""
        self.work(roll.find(self))

    def action_print(self) -> None:
        """Print the attendance sheet."""
        self.work(papers.print_sheet(self))

    def action_more(self) -> None:
        """Ask what else is to be done."""
        self.work(errands.ask_errand(self))

    def action_back(self) -> None:
        """Go from the roll to its meeting, from a meeting to the list, from the list away."""
        state = self.desk_state
        if state.phase is Phase.ROLL and state.meeting is not None:
            self.work(self.show(state.meeting.meeting_id))
        elif state.phase in (Phase.CALLED, Phase.OVER):
            self.work(self.list())
        else:
            self.dismiss()

    def change(self, state: DeskState) -> None:
        """Go to another state and show it."""
        self.desk_state = state
        if self.is_mounted:
            self.draw()

    async def list(self, notice: Notice | None = None) -> None:
        """Show every meeting there is."""
        meetings = await self.station.read(list_meetings)
        self.change(DeskState(Phase.LIST, in_order(meetings, self.station.day), notice=notice))

    async def show(self, meeting_id: int, notice: Notice | None = None) -> None:
        """Show one meeting as the store knows it."""
        sheet = await self.station.read(show_attendance, meeting_id)
        shown = state_of(sheet, self.desk_state, self.station.day, self.station.clock.now().boot)
        self.change(replace(shown, notice=notice))

    async def _begin(self) -> None:
        try:
            open_one = await self.station.read(meeting_here)
            if open_one is None:
                await self.list()
            else:
                await self.show(open_one.meeting_id)
        finally:
            self._is_ready.set()

    async def _call(self) -> None:
        if self.station.day is None:
            raise Refused("day_not_open")
        called = await Calling(self).call()
        if called is not None:
            notice = None if called.is_open else Notice("", "meeting.told.called")
            await self.show(called.meeting_id, notice)

    async def _open(self) -> None:
        meeting = self.desk_state.meeting
        if meeting is not None:
            await self.station.do(open_sign_in, meeting.meeting_id)
            await self.show(meeting.meeting_id)

    async def _begin_meeting(self) -> None:
        state = self.desk_state
        if state.meeting is not None:
            await self.station.do(begin_meeting, state.meeting.meeting_id)
            begun = Notice(self.say("meeting.begun.title"), "meeting.begun.why", {}, Tone.CARD)
            await self.show(state.meeting.meeting_id, begun)

    def _flash_now(self) -> None:
        if self._colour is not None:
            super().flash(self._colour)
        self._colour = self._afterwards = None

    # --- Drawing ---

    def _draw_face(self, face: Face) -> None:
        old, self._drawn = self._drawn, face
        if old is None:
            self._lay_out(is_list=False)
        if old is None or figure_parts(old) != figure_parts(face):
            self._put("figure", figure_of(face))
        for name in ("title", "message", "next"):
            if old is None or getattr(old, name) != getattr(face, name):
                self._put(name, getattr(face, name))
        if old is None or old.rows != face.rows:
            self._put("rows", "\n".join(face.rows))

    def _draw_list(self) -> None:
        state, texts = self.desk_state, self.station.texts
        self._lay_out(is_list=True)
        is_roll = state.phase is Phase.ROLL and state.meeting is not None
        self._put("title", banner_of(state.meeting, texts) if is_roll and state.meeting else texts("meeting.title"))
        self._put("message", self._message_of_list())
        start = state.page * PAGE
        if is_roll:
            lines = roll_lines(state.roll[start : start + PAGE], texts)
        else:
            lines = [meeting_line(each, self.station.day, texts) for each in state.meetings[start : start + PAGE]]
        self.query_one(ChoiceList).show(lines)
        self._put("next", self._next_of_list())
        self._put("rows", "")

    def _message_of_list(self) -> str:
        state, texts = self.desk_state, self.station.texts
        if state.notice is not None:
            return named(state.notice, texts)
        if state.phase is Phase.ROLL and state.tally is not None:
            return tally_line(state.tally, texts)
        return texts("meeting.list.none") if state.phase is Phase.LIST and not state.meetings else ""

    def _next_of_list(self) -> str:
        state = self.desk_state
        if state.phase is Phase.LOOKING:
            return ""
        if state.phase is Phase.ROLL:
            step = self.say("meeting.next.roll" if state.roll else "meeting.next.roll_empty")
        else:
            step = self.say("meeting.next.list" if state.meetings else "meeting.next.list_none")
        if state.pages == 1:
            return step
        return self.say("meeting.turn_page", step=step, page=state.page + 1, pages=state.pages)

    def _lay_out(self, *, is_list: bool) -> None:
        choices, figure = self.query_one(ChoiceList), self.query_one("#meeting-figure")
        choices.display, figure.display = is_list, not is_list
        self.set_focus(choices if is_list else None)

    def _draw_offers(self) -> None:
        offers = tuple(offered(self.desk_state).values())
        if offers != self._shown_offers:
            self._shown_offers = offers
            self.refresh_bindings()

    def _put(self, name: str, text: Content | str) -> None:
        self.query_one(f"#meeting-{name}", Static).update(text, layout=False)
