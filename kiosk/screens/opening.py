"""Opening the desk: for whoever stands at it today. A badge, or a digit of the list, and the date confirmed."""

from datetime import UTC, date, datetime
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.codes import OperatorBadge
from kiosk.errors import Refused
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.number_entry import NumberEntry
from kiosk.shell import DeskScreen
from kiosk.station import Operator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.domain.opening import DeskFound, OperatorShown
    from kiosk.station import Heard, Station

DATE_DIGITS = 8


class State(Enum):
    """What the screen asks."""

    LOOKING = auto()
    OPERATOR = auto()
    DAY = auto()
    TYPING = auto()


class OpeningScreen(DeskScreen, inherit_bindings=False):
    """Asks who stands here, then whether it is the day the machine believes; a day that is open stays."""

    BINDINGS: ClassVar = keys.bindings("opening.confirm", "opening.other_day", "shell.back")
    takes = (OperatorBadge,)

    def __init__(self, station: "Station") -> None:
        """Begin by looking how the desk was left."""
        super().__init__(station)
        self._state = State.LOOKING
        self._found: DeskFound | None = None
        self._day = ""

    def compose_body(self) -> "Iterable[Widget]":
        """Give the question, the list of operators and the entry for a date."""
        yield Static("", id="opening-question", classes="title", markup=False)
        yield Static("", id="opening-note", classes="line", markup=False)
        yield ChoiceList(self._names(), turn_page=self.say("common.turn_page"))
        yield NumberEntry(self.say("opening.date_label"), longest=DATE_DIGITS)

    def on_mount(self) -> None:
        """Look how the desk was left."""
        self.work(self._look())

    def draw(self) -> None:
        """Show what is asked, and only that."""
        self.query_one("#opening-question", Static).update(self._question())
        self.query_one("#opening-note", Static).update(self._note())
        choices, entry = self.query_one(ChoiceList), self.query_one(NumberEntry)
        choices.display = self._state is State.OPERATOR
        entry.display = self._state is State.TYPING
        self.set_focus(choices if choices.display else entry if entry.display else None)
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer yes and another day while a day is asked; back where there is a question before."""
        if action in {"confirm", "other_day"}:
            return self._state is State.DAY
        return action != "back" or self._state in {State.DAY, State.TYPING}

    async def take_scan(self, heard: "Heard") -> None:
        """Take the desk with a badge."""
        from kiosk.domain.opening import operator_of_badge

        self._take_desk(await self.station.read(operator_of_badge, heard.scan.text))

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Take the desk by the list."""
        if self._found is not None:
            self._take_desk(self._found.operators[message.index])

    @on(NumberEntry.Entered)
    def take_date(self, message: NumberEntry.Entered) -> None:
        """Ask again with the day that was typed."""
        self.work(self._take_date(message.text))

    def action_confirm(self) -> None:
        """Open the day on the screen."""
        self.work(self._open())

    def action_other_day(self) -> None:
        """Type the day."""
        self._go(State.TYPING)

    def action_back(self) -> None:
        """Ask the question before."""
        self._go(State.DAY if self._state is State.TYPING else State.OPERATOR)

    async def _look(self) -> None:
        from kiosk.domain.opening import find_desk

        self._found = await self.station.read(find_desk)
        self.query_one(ChoiceList).show(self._names())
        self._go(State.OPERATOR)

    def _take_desk(self, operator: "OperatorShown") -> None:
        self.station.operator = Operator(operator.operator_id, operator.name)
        self._day = proposed_day(self._today(), self._found.days.latest_day if self._found else None)
        if self._found is not None and self._found.days.open_day == self._day:
            self._leave(self._day)
        else:
            self._go(State.DAY)

    async def _take_date(self, typed: str) -> None:
        day = read_day(typed)
        if day is None:
            self.query_one(NumberEntry).clear()
            raise Refused("date_unreadable", digits=DATE_DIGITS)
        self._day = day
        self._go(State.DAY)

    async def _open(self) -> None:
        from kiosk.domain.period import open_day

        if self._found is None or self._found.days.open_day != self._day:
            await self.station.do(open_day, self._day)
            self.station.look_after()
        self._leave(self._day)

    def _leave(self, day: str) -> None:
        self.station.day = day
        self.dismiss()

    def _go(self, state: State) -> None:
        self._state = state
        self.draw()

    def _today(self) -> str:
        return datetime.fromtimestamp(self.station.clock.now().at // 1000, tz=UTC).astimezone().date().isoformat()

    def _names(self) -> list[str]:
        operators = self._found.operators if self._found is not None else ()
        return [f"{each.name or '-'}  {self.say(f'opening.role.{each.role}')}" for each in operators]

    def _question(self) -> str:
        if self._state is not State.DAY:
            return self.say(f"opening.question.{self._state.name.lower()}")
        day = date.fromisoformat(self._day)
        weekday = self.say(f"common.weekday.{day.isoweekday()}")
        return self.say("opening.question.day", year=day.year, month=day.month, day=day.day, weekday=weekday)

    def _note(self) -> str:
        """Say that an earlier day is closed by opening this one."""
        left_open = self._found.days.open_day if self._found is not None else None
        if self._state is not State.DAY or left_open is None or left_open == self._day:
            return ""
        return self.say("opening.closes", day=left_open)


def proposed_day(today: str, latest: str | None) -> str:
    """Give the day to ask about: the clock's, but never one before the latest business day (ISO texts)."""
    return today if latest is None or today >= latest else latest


def read_day(typed: str) -> str | None:
    """Read YYYYMMDD as ISO text; None if there is no such day."""
    if len(typed) != DATE_DIGITS:
        return None
    try:
        return date.fromisoformat(f"{typed[:4]}-{typed[4:6]}-{typed[6:]}").isoformat()
    except ValueError:
        return None
