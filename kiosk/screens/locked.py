"""The locked desk: for whoever comes by while nobody serves. Rights are away, cards show their points or sign in.

A badge opens it again, with its PIN if there is one; without a badge an operator who has a PIN is chosen from a list.
What was under way lies below as it was.
"""

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.codes import HouseholdCard, OperatorBadge, PersonCard, read_code
from kiosk.errors import Refused
from kiosk.handing_over import note_handover
from kiosk.locale import figures
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.pin import prove
from kiosk.screens.widgets.figure import Figure
from kiosk.screens.widgets.number_entry import NumberEntry
from kiosk.shell import DeskScreen
from kiosk.station import Operator, Signal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.timer import Timer
    from textual.widget import Widget

    from kiosk.domain.meeting import MeetingShown
    from kiosk.domain.opening import OperatorShown
    from kiosk.station import Heard, Station

BADGE_DIGITS: Final = 16
SHOWN_SECONDS: Final = 10.0
"""So long a card's points stand on the screen."""


class LockedScreen(DeskScreen, inherit_bindings=False):
    """Says that it is locked and what still goes; what a card told goes away by itself."""

    CSS = """
    #locked-next { height: 1; width: 100%; margin: 0 0 1 0; padding: 0 1; }
    #locked-next { background: $primary; color: $background; text-style: bold; }
    #locked-who { height: 1; text-style: bold; }
    LockedScreen RefusalPanel { padding: 0 1; margin: 0; }
    """
    BINDINGS: ClassVar = keys.bindings("locked.no_badge")
    takes = (PersonCard, HouseholdCard, OperatorBadge)

    def __init__(self, station: "Station") -> None:
        """Begin without anybody's card."""
        super().__init__(station)
        self._meeting: MeetingShown | None = None
        self._shown: tuple[str, str, str, str] | None = None
        self._ending: Timer | None = None

    def compose_body(self) -> "Iterable[Widget]":
        """Give title, what still goes, what a card told, and the entry for a badge's number."""
        yield Static(self.say("locked.title"), classes="title", markup=False)
        yield Static("", id="locked-next", markup=False)
        yield Static("", id="locked-who", markup=False)
        yield Figure()
        yield NumberEntry(self.say("locked.typed"), longest=BADGE_DIGITS)

    def on_mount(self) -> None:
        """Look whether a meeting takes sign-ins."""
        self.work(self._look())

    def draw(self) -> None:
        """Show what goes on, and the card that was scanned last."""
        self.query_one("#locked-next", Static).update(
            self.say("locked.next" if self._meeting is None else "locked.next_meeting")
        )
        who, figure, label, unit = self._shown or ("", "", "", "")
        self.query_one("#locked-who", Static).update(who)
        self.query_one(Figure).show(figure, label, unit)

    async def take_scan(self, heard: "Heard") -> None:
        """Open the desk with a badge; sign a card in, or show what it holds."""
        from kiosk.domain.meeting import meeting_here
        from kiosk.domain.opening import operator_of_badge

        code = heard.code
        if isinstance(code, OperatorBadge):
            await self._open(await self.station.read(operator_of_badge, code.number))
        elif isinstance(code, PersonCard | HouseholdCard):
            self._meeting = await self.station.read(meeting_here)
            await (self._show_points(code.number) if self._meeting is None else self._sign_in(self._meeting, code))
            self._wait()

    @on(NumberEntry.Entered)
    def take_number(self, message: NumberEntry.Entered) -> None:
        """Open the desk with a badge whose number was typed."""
        self.query_one(NumberEntry).clear()
        self.work(self._take_typed(message.text))

    def action_no_badge(self) -> None:
        """Choose who serves from those who have a PIN."""
        self.work(self._choose())

    async def _look(self) -> None:
        from kiosk.domain.meeting import meeting_here

        self._meeting = await self.station.read(meeting_here)
        if self.is_standing:
            self.draw()

    async def _take_typed(self, typed: str) -> None:
        from kiosk.domain.opening import operator_of_badge

        if not isinstance(read_code(typed), OperatorBadge):
            raise Refused("badge_number_wrong")
        await self._open(await self.station.read(operator_of_badge, typed))

    async def _choose(self) -> None:
        from kiosk.domain.opening import operators_with_pin

        operators = await self.station.read(operators_with_pin)
        if not operators:
            raise Refused("nobody_has_pin")
        names = [f"{each.name or '-'}  {self.say(f'opening.role.{each.role}')}" for each in operators]
        chosen = await self.ask(ChoiceModal(self.station, self.say("locked.who"), names))
        if chosen is not None:
            await self._open(operators[chosen])

    async def _open(self, operator: "OperatorShown") -> None:
        from kiosk.domain.suspension import require_serving

        await self.station.read(require_serving, operator.operator_id, self.station.clock.now())
        if await prove(self, operator.operator_id, self.say("common.pin.of", name=operator.name)):
            had_desk = self.station.locked
            self.station.take(Operator(operator.operator_id, operator.name, operator.role))
            await note_handover(self.station, had_desk.number if had_desk is not None else None)
            self.dismiss()

    async def _sign_in(self, meeting: "MeetingShown", code: "PersonCard | HouseholdCard") -> None:
        from kiosk.domain.sign_in import WhoCame, sign_in_card

        made = await self.station.finish(sign_in_card, meeting.meeting_id, code.number, code.village)
        if isinstance(made, WhoCame):
            raise Refused("lock_needs_operator")
        if made.is_again or made.is_fast:
            self.acknowledge(Signal.DOUBLE)
        key = "locked.signed_again" if made.is_again else "locked.signed"
        present = str(made.tally.present)
        self._shown = self.say(key, name=made.name), present, self.say("locked.present"), self.say("locked.people")
        self.draw()

    async def _show_points(self, number: str) -> None:
        from kiosk.domain.counter import recognise_card
        from kiosk.domain.statement import show_account

        found = await self.station.read(recognise_card, number, "card")
        account = await self.station.read(show_account, found.household.household_id)
        who = self.say("locked.household", name=found.household.name, group=found.household.place.group)
        points = figures.points(account.redeemable_points)
        self._shown = who, points, self.say("locked.redeemable"), self.say("locked.unit")
        self.draw()

    def _wait(self) -> None:
        if self._ending is not None:
            self._ending.stop()
        self._ending = self.set_timer(SHOWN_SECONDS, self._forget)

    def _forget(self) -> None:
        """Leave nobody's points on a screen that nobody watches."""
        self._shown = None
        if self.is_standing:
            self.draw()
