"""One entry of an account: explained on the screen; from here it is printed, objected to or taken back."""

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.domain.explanation import explain_entry
from kiosk.domain.objection import REASONS, objections_of, raise_objection
from kiosk.domain.reversal import REVERSAL_REASONS, reverse_entry
from kiosk.errors import Refused
from kiosk.paper.entry_slip import entry_rows
from kiosk.paper.layout import lines_of
from kiosk.paper.width import on_screen
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.entry_papers import (
    entry_paper,
    objection_paper,
    print_owed_paper,
    print_paper,
    reversal_paper,
    told_of,
)
from kiosk.shell import Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.paper.entry_slip import EntryTold
    from kiosk.station import Station

COLUMNS: Final = 56
MOST_LINES: Final = 12


class EntryModal(Question[str], inherit_bindings=False):
    """What an entry rests on and what became of it; the answer is what was done about it, as a ready text."""

    CSS = """
    EntryModal #question { width: 64; max-height: 100%; padding: 0 3; }
    EntryModal #entry-rows { height: auto; text-wrap: nowrap; }
    EntryModal RefusalPanel { padding: 0 1; margin: 0; }
    """
    BINDINGS: ClassVar = keys.bindings("shell.back")

    def __init__(self, station: "Station", entry_id: int, household_id: int) -> None:
        """Show entry ``entry_id`` on the account of ``household_id``."""
        super().__init__(station)
        self._entry_id = entry_id
        self._household_id = household_id
        self._told: EntryTold | None = None

    def compose_body(self) -> "Iterable[Widget]":
        """Give the explanation and what may be done."""
        yield Static("", id="entry-rows", markup=False)
        yield Static("", classes="line", markup=False)
        yield ChoiceList(turn_page=self.say("common.turn_page"))

    def on_mount(self) -> None:
        """Read the entry."""
        self.work(self._read())

    def draw(self) -> None:
        """Show the entry; nothing before it was read."""
        if self._told is None:
            return
        rows = entry_rows(self._told, self.station.texts)
        lines = [line for row in rows for line in lines_of(row, COLUMNS, on_screen)]
        if len(lines) > MOST_LINES:
            lines = [*lines[: MOST_LINES - 1], self.say("statement.more_on_slip")]
        self.query_one("#entry-rows", Static).update("\n".join(lines))
        self.query_one(ChoiceList).show([self.say(f"statement.matter.{each}") for each in self._matters()])

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Print, object or take back."""
        match self._matters()[message.index]:
            case "print":
                self.work(self._explain())
            case "object":
                self.work(self._object())
            case _:
                self.work(self._reverse())

    def _matters(self) -> tuple[str, ...]:
        can_be_reversed = self._told is not None and self._told.explained.entry.can_be_reversed
        return ("print", "object", "reverse") if can_be_reversed else ("print", "object")

    async def _read(self) -> None:
        explained = await self.station.read(explain_entry, self._entry_id)
        objections = await self.station.read(objections_of, self._household_id)
        mine = tuple(each for each in objections if each.entry is not None and each.entry.entry_id == self._entry_id)
        self._told = told_of(self.station, explained, mine)
        self.draw()

    async def _explain(self) -> None:
        if self.station.slips.state == "none":
            raise Refused("printer_missing")
        if self._told is not None:
            print_paper(self, entry_paper(self.station, self._told))
            self.dismiss(self.say("statement.explained"))

    async def _object(self) -> None:
        reasons = [self.say(f"objection.reason.{reason}") for reason in REASONS]
        chosen = await self.ask(ChoiceModal(self.station, self.say("objection.ask.reason"), reasons))
        if chosen is None:
            return
        raised = await self.station.do(raise_objection, self._household_id, self._entry_id, REASONS[chosen])
        print_paper(self, objection_paper(self.station, raised))
        self.dismiss(self.say("objection.told.raised", number=raised.number))

    async def _reverse(self) -> None:
        if self._told is None:
            return
        entry = self._told.explained.entry
        key = "statement.reverse_award" if entry.points > 0 else "statement.reverse_deduction"
        sentence = self.say(key, what=self._told.what(entry), given_points=abs(entry.points))
        reasons = [self.say(f"statement.reversal.{reason}") for reason in REVERSAL_REASONS]
        chosen = await self.ask(ChoiceModal(self.station, sentence, reasons))
        if chosen is None:
            return
        posted = await self.station.do(reverse_entry, self._entry_id, REVERSAL_REASONS[chosen])
        explained = await self.station.read(explain_entry, posted.entry_id)
        paper = reversal_paper(self.station, told_of(self.station, explained, ()))
        print_owed_paper(self, paper, posted.entry_id)
        self.dismiss(self.say("statement.reversed", moved_points=posted.points))
