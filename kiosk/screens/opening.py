"""Opening the desk: for whoever stands at it today. A badge, or a digit of the list, and the date confirmed.

A clock that is doubted is never used: it is shown, and a person says the day.
"""

import asyncio
from datetime import date
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.events import Mount
from textual.widgets import Static

from kiosk import keys
from kiosk.calendar import DAY_DIGITS, days_between, read_day
from kiosk.codes import OperatorBadge
from kiosk.screens.modals.pin import prove
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.number_entry import NumberEntry
from kiosk.shell import DeskScreen
from kiosk.station import Operator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.domain.opening import DeskFound, OperatorShown
    from kiosk.domain.period import ClockDay
    from kiosk.station import Heard, Station

LONG_DAYS: Final = 31
"""A day so much later than the last one is said to be: a wrong digit would bind the village to it."""


class State(Enum):
    """What the screen asks."""

    LOOKING = auto()
    OPERATOR = auto()
    DAY = auto()
    TYPING = auto()


class OpeningScreen(DeskScreen, inherit_bindings=False):
    """Asks who stands here, then whether it is the day the machine believes; a day that is open stays."""

    BINDINGS: ClassVar = keys.bindings("opening.confirm", "opening.other_day", "opening.practise", "shell.back")
    takes = (OperatorBadge,)

    def __init__(self, station: "Station") -> None:
        """Begin by looking how the desk was left."""
        super().__init__(station)
        self._state = State.LOOKING
        self._found: DeskFound | None = None
        self._clock: ClockDay | None = None
        self._had_operator = station.operator is not None
        self._had_desk = station.operator.number if station.operator is not None else None
        self._day = ""
        self._has_looked = asyncio.Event()

    def compose_body(self) -> "Iterable[Widget]":
        """Give the question, the list of operators and the entry for a date."""
        yield Static("", id="opening-question", classes="title", markup=False)
        yield Static("", id="opening-note", classes="line", markup=False)
        yield ChoiceList(self._names(), turn_page=self.say("common.turn_page"), turn_back=self.say("common.turn_back"))
        yield NumberEntry(self.say("opening.date_label"), longest=DAY_DIGITS)

    @on(Mount)
    async def look_first(self) -> None:
        """Look how the desk was left before anything is drawn: one frame asks, and not an empty one before it."""
        self.work(self._look())
        await self._has_looked.wait()

    def draw(self) -> None:
        """Show what is asked, and only that."""
        self.query_one("#opening-question", Static).update(self._question())
        self.query_one("#opening-note", Static).update("\n".join(self._notes()))
        choices, entry = self.query_one(ChoiceList), self.query_one(NumberEntry)
        choices.display = self._state is State.OPERATOR
        entry.display = self._state is State.TYPING
        self.set_focus(choices if choices.display else entry if entry.display else None)
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer yes and another day while a day is asked; back where there is a question before, or a menu."""
        if action in {"confirm", "other_day"}:
            return self._state is State.DAY
        if action == "practise":
            return self._state is State.OPERATOR and self.station.shell.has("practice")
        if action == "back":
            return self._state in {State.DAY, State.TYPING} or self._had_operator
        return True

    async def take_scan(self, heard: "Heard") -> None:
        """Take the desk with a badge."""
        from kiosk.domain.opening import operator_of_badge

        await self._has_looked.wait()
        await self._take_desk(await self.station.read(operator_of_badge, heard.scan.text))

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Take the desk by the list."""
        if self._found is not None:
            self.work(self._take_desk(self._found.operators[message.index]))

    @on(NumberEntry.Entered)
    def take_date(self, message: NumberEntry.Entered) -> None:
        """Ask again with the day that was typed."""
        self.work(self._take_date(message.text))

    def action_confirm(self) -> None:
        """Open the day on the screen."""
        self.work(self._open())

    def action_other_day(self) -> None:
        """Type the day."""
        self.query_one(NumberEntry).clear()
        self._go(State.TYPING)

    def action_practise(self) -> None:
        """See what practising is."""
        self.station.shell.open("practice")

    def action_back(self) -> None:
        """Ask the question before; from the first one go back to the menu."""
        if self._state is State.OPERATOR:
            self.dismiss()
        else:
            self._go(State.DAY if self._state is State.TYPING and self._day else State.OPERATOR)

    async def _look(self) -> None:
        from kiosk.domain.opening import find_desk

        try:
            self._found = await self.station.read(find_desk)
            self.query_one(ChoiceList).show(self._names())
            self._go(State.OPERATOR)
        finally:
            self._has_looked.set()

    async def _take_desk(self, operator: "OperatorShown") -> None:
        """Believe a clock that nothing speaks against; otherwise ask whether the open day goes on, or for the day."""
        from kiosk.domain.opening import look_at_clock
        from kiosk.domain.suspension import require_serving

        await self.station.read(require_serving, operator.operator_id, self.station.clock.now())
        if not await prove(self, operator.operator_id, self.say("common.pin.of", name=operator.name)):
            return
        self.station.take(Operator(operator.operator_id, operator.name, operator.role))
        self._clock = await self.station.read(look_at_clock, self.station.clock.now())
        open_day = self._found.days.open_day if self._found is not None else None
        self._day = (open_day or "") if self._clock.doubt is not None else self._clock.day
        if self._clock.doubt is None and open_day == self._day:
            await self._leave(self._day)
        else:
            self._go(State.DAY if self._day else State.TYPING)

    async def _take_date(self, typed: str) -> None:
        self.query_one(NumberEntry).clear()
        self._day = read_day(typed)
        self._go(State.DAY)

    async def _open(self) -> None:
        from kiosk.domain.period import open_day

        badge = None
        if self._goes_back():
            from kiosk.screens.modals.badge import BadgeModal

            purpose = self.say("opening.sign_back", day=self._day, latest=self._latest())
            signature = await self.ask(BadgeModal(self.station, purpose))
            if signature is None:
                return
            badge = signature.badge
        if self._found is None or self._found.days.open_day != self._day:
            await self.station.do(open_day, self._day, badge)
            self.station.look_after()
        await self._leave(self._day)

    async def _leave(self, day: str) -> None:
        from kiosk.handing_over import note_handover

        self.station.day = day
        last = self._found.last_operator if self._found is not None else None
        await note_handover(self.station, self._had_desk or last)
        self.dismiss()

    def _go(self, state: State) -> None:
        self._state = state
        self.draw()

    def _names(self) -> list[str]:
        operators = self._found.operators if self._found is not None else ()
        return [f"{each.name or '-'}  {self.say(f'opening.role.{each.role}')}" for each in operators]

    def _question(self) -> str:
        if self._state is not State.DAY:
            return self.say(f"opening.question.{self._state.name.lower()}")
        day = date.fromisoformat(self._day)
        weekday = self.say(f"common.weekday.{day.isoweekday()}")
        key = "opening.question.still" if self._left_open() == self._day else "opening.question.day"
        return self.say(key, year=day.year, month=day.month, day=day.day, weekday=weekday)

    def _notes(self) -> list[str]:
        """Say what speaks against the clock, and what confirming this day brings with it."""
        if self._state not in {State.DAY, State.TYPING}:
            return []
        notes = []
        if self._clock is not None and self._clock.doubt is not None:
            notes.append(self.say(f"opening.doubt.{self._clock.doubt}", day=self._clock.day))
            notes.append(self.say("opening.look_elsewhere"))
        if self._state is State.TYPING:
            return [*notes, self.say("opening.last_day", day=self._latest())] if self._latest() else notes
        left_open = self._left_open()
        if left_open and left_open != self._day:
            notes.append(self.say("opening.closes", day=left_open))
        if self._is_moved():
            notes.append(self.say("opening.moved"))
        if self._goes_back():
            notes.append(self.say("opening.goes_back", latest=self._latest()))
        elif self._days_since_last() > LONG_DAYS:
            notes.append(self.say("opening.far", latest=self._latest(), days=self._days_since_last()))
        return notes

    def _left_open(self) -> str:
        return (self._found.days.open_day or "") if self._found is not None else ""

    def _latest(self) -> str:
        return (self._found.days.latest_day or "") if self._found is not None else ""

    def _is_moved(self) -> bool:
        """Whether one person alone takes another day than the clock's: it then waits for a second signature."""
        is_new = self._left_open() != self._day
        return is_new and self._clock is not None and self._clock.day != self._day and not self._goes_back()

    def _goes_back(self) -> bool:
        return self._day < self._latest()

    def _days_since_last(self) -> int:
        latest = self._latest()
        return days_between(latest, self._day)
