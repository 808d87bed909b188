"""Paper forms: for whoever serves after the power came back, and for whoever prints the next ones.

The next number of the pile stands on the screen: compare it with the paper, type group and house, goods and pieces, +.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.errors import Refused
from kiosk.form_papers import print_on_slips, put_out
from kiosk.locale.amount import amount
from kiosk.screens.forms import entering
from kiosk.screens.forms.state import FormsState, Step
from kiosk.screens.modals.outlet import ask_outlet
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.number_entry import NumberEntry
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.widget import Widget

    from kiosk.station import Station

JOBS: Final = ("redemption", "sign_in", "slip", "balances", "sheet")
LONGEST: Final = 9
AFTER_POINT: Final = 4


class FormsScreen(DeskScreen, inherit_bindings=False):
    """A list of jobs; then one form after the other, each whole or not at all."""

    CSS = """
    #forms-next { height: 1; width: 100%; margin: 1 0; padding: 0 1; }
    #forms-next { background: $primary; color: $background; text-style: bold; }
    """
    BINDINGS: ClassVar = keys.bindings("forms.confirm", "forms.number", "forms.day", "forms.late", "shell.back")

    def __init__(self, station: "Station") -> None:
        """Begin with the jobs."""
        super().__init__(station)
        self.state = FormsState()

    def compose_body(self) -> "Iterable[Widget]":
        """Give title, the form in the hand, the jobs or the entry, the next step, and what was typed."""
        yield Static("", id="forms-title", classes="title", markup=False)
        yield Static("", id="forms-form", classes="line", markup=False)
        yield ChoiceList([self.say(f"forms.job.{job}") for job in JOBS])
        yield NumberEntry(longest=LONGEST, decimals=AFTER_POINT)
        yield Static("", id="forms-next", markup=False)
        yield Static("", id="forms-rows", classes="line", markup=False)

    def draw(self) -> None:
        """Show the state."""
        state = self.state
        self.query_one("#forms-title", Static).update(self._title())
        self.query_one("#forms-form", Static).update("\n".join(self._form()))
        self.query_one("#forms-next", Static).update(self.say(self._next()))
        self.query_one("#forms-rows", Static).update("\n".join(self._rows()))
        choices, entry = self.query_one(ChoiceList), self.query_one(NumberEntry)
        choices.display = state.step is Step.MENU
        entry.display = not choices.display
        self.set_focus(choices if choices.display else entry)
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer what means something now."""
        state = self.state
        is_asked = state.step is Step.HOUSEHOLD
        return {
            "confirm": state.step is Step.GOODS,
            "number": is_asked,
            "day": is_asked and state.meeting is None,
            "late": is_asked and state.meeting is not None,
        }.get(action, True)

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Begin a job."""
        self.work(self._begin(JOBS[message.index]))

    @on(NumberEntry.Entered)
    def take_number(self, message: NumberEntry.Entered) -> None:
        """Take a place, the number of a form, or goods."""
        self.work(self._take(message.text))

    def action_confirm(self) -> None:
        """Book the form."""
        self.work(entering.book(self))

    def action_number(self) -> None:
        """Type the number of another form."""
        self.go(replace(self.state, step=Step.NUMBER, told=None))

    def action_day(self) -> None:
        """Say which day stands on the forms."""
        self.work(entering.change_day(self))

    def action_late(self) -> None:
        """The list says that they came late, or not."""
        self.go(replace(self.state, is_late=not self.state.is_late))

    def action_back(self) -> None:
        """Take the last goods back; then the household, then the pile; from the jobs leave."""
        state = self.state
        if state.step is Step.MENU:
            self.dismiss()
        elif state.lines:
            self.go(replace(state, lines=state.lines[:-1]))
        elif state.step in {Step.GOODS, Step.NUMBER}:
            self.go(replace(state, step=Step.HOUSEHOLD, household=None))
        else:
            self.go(FormsState())

    def go(self, state: FormsState) -> None:
        """Go to another state and show it, with an empty entry."""
        self.state = state
        if self.is_standing:
            self.query_one(NumberEntry).clear()
            self.draw()

    async def _begin(self, job: str) -> None:
        if job == "redemption":
            await entering.begin_redemptions(self)
        elif job == "sign_in":
            await entering.begin_sign_ins(self)
        elif job == "sheet":
            outlet = await ask_outlet(self)
            if outlet is not None:
                self.go(FormsState(told=await put_out(self.station, outlet)))
        else:
            self.go(FormsState(told=await print_on_slips(self.station, with_forms=job == "slip")))

    async def _take(self, text: str) -> None:
        take = {
            Step.HOUSEHOLD: entering.take_place,
            Step.NUMBER: entering.take_typed_number,
            Step.GOODS: entering.take_goods,
        }.get(self.state.step)
        try:
            if take is not None:
                await take(self, text.rstrip("."))
        except Refused:
            self.query_one(NumberEntry).clear()
            raise

    def _title(self) -> str:
        if self.state.step is Step.MENU:
            return self.say("forms.title")
        meeting = self.state.meeting
        if meeting is None:
            return self.say("forms.title_redemption", day=self.state.day)
        return self.say("forms.title_sign_in", label=meeting.label(self.station.settings.language), day=meeting.day[5:])

    def _form(self) -> "Iterator[str]":
        """Say which form is in the hand, and whose it is."""
        state = self.state
        if state.form is None:
            return
        yield self.say("forms.in_hand", number=state.form.number.shown)
        if state.household is not None:
            found = state.household
            yield self.say("forms.one_of", name=found.name, group=found.group, house=found.house)
        if state.is_late:
            yield self.say("forms.is_late")

    def _next(self) -> str:
        state = self.state
        if state.step is Step.GOODS and state.lines:
            return "forms.next.more_goods"
        return f"forms.next.{state.use}" if state.step is Step.HOUSEHOLD else f"forms.next.{state.step.value}"

    def _rows(self) -> "Iterator[str]":
        state = self.state
        if state.told is not None:
            yield state.told.said(self.station.texts)
        for goods, quantity in state.lines:
            shown = amount(self.station.texts, quantity, goods.unit, is_weighed=goods.is_weighed)
            yield self.say("forms.line", item=goods.name, amount=shown)
