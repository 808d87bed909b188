"""Who stands at the desk: for the secretary, who appoints a volunteer by card and lets somebody go.

A badge is a number on paper; whoever loses it is let go and appointed anew.
"""

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import codes, keys
from kiosk.errors import Refused
from kiosk.letterhead import today_of, village_of
from kiosk.locale.sentence import Sentence
from kiosk.rights import Right
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.confirm import ConfirmModal
from kiosk.screens.modals.find_household import FindHouseholdModal
from kiosk.screens.modals.person import ask_person
from kiosk.screens.modals.pin import PinModal
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from db.facts.terminal import SuspensionReason
    from kiosk.domain.operators import OperatorListed
    from kiosk.domain.person import PersonNamed
    from kiosk.station import Heard, Station

ROLES: Final = ("attendant", "secretary", "supervisor")
PRINT, END, PIN, SUSPEND = range(4)
REASONS: Final[tuple["SuspensionReason", ...]] = ("absent", "careless", "rude", "own_wish", "other")


class OperatorsScreen(DeskScreen, inherit_bindings=False):
    """The list of those who may act; a card appoints, a digit prints a badge or lets go."""

    CSS = """
    #operators-next { height: 1; width: 100%; margin: 1 0; padding: 0 1; }
    #operators-next { background: $primary; color: $background; text-style: bold; }
    """
    BINDINGS: ClassVar = keys.bindings("operators.find", "shell.back")
    needs: ClassVar = {"find": Right.APPOINT}
    takes = (codes.PersonCard, codes.HouseholdCard)

    def __init__(self, station: "Station") -> None:
        """Begin without knowing who there is."""
        super().__init__(station)
        self._operators: Sequence[OperatorListed] = ()
        self._told: Sentence | None = None

    def compose_body(self) -> "Iterable[Widget]":
        """Give title, next step, what happened, and the list."""
        yield Static(self.say("operators.title"), classes="title", markup=False)
        yield Static(self.say("operators.next"), id="operators-next", markup=False)
        yield Static("", id="operators-told", classes="line", markup=False)
        yield ChoiceList(turn_page=self.say("common.turn_page"), turn_back=self.say("common.turn_back"))

    def on_mount(self) -> None:
        """Look who there is."""
        self.work(self._look())

    def draw(self) -> None:
        """Show who there is, and what happened last."""
        choices = self.query_one(ChoiceList)
        choices.show([self._line(each) for each in self._operators])
        if not self.station.may(Right.APPOINT):
            who = self.who_may(Right.APPOINT)
            choices.bar({index: who for index, each in enumerate(self._operators) if not self._is_self(each)})
        told = self.query_one("#operators-told", Static)
        told.update("" if self._told is None else self._told.said(self.station.texts))
        told.display = self._told is not None

    async def take_scan(self, heard: "Heard") -> None:
        """Appoint whose card was shown; of a household's card somebody chooses."""
        from kiosk.domain.person import person_of_card
        from kiosk.domain.points import recipient_of_card

        if not self.station.may(Right.APPOINT):
            self.refuse_right(Right.APPOINT)
            return
        code: codes.PersonCard | codes.HouseholdCard = heard.code  # type: ignore[assignment]  # because `takes` names these two
        holder = await self.station.read(recipient_of_card, code.number, code.village)
        if holder.person_id is None:
            await self._choose(holder.household_id)
        else:
            await self._appoint(await self.station.read(person_of_card, code.number))

    @on(ChoiceList.Barred)
    def take_barred(self) -> None:
        """Say who appoints, and lets go."""
        self.refuse_right(Right.APPOINT)

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Ask what is to become of somebody."""
        self.work(self._ask_about(self._operators[message.index]))

    def action_find(self) -> None:
        """Find somebody who has no card at hand."""
        self.work(self._find())

    async def _look(self) -> None:
        from kiosk.domain.operators import list_operators

        self._operators = await self.station.read(list_operators)
        if self.is_standing:
            self.draw()

    async def _find(self) -> None:
        household_id = await self.ask(FindHouseholdModal(self.station, self.say("operators.find")))
        if household_id is not None:
            await self._choose(household_id)

    async def _choose(self, household_id: int) -> None:
        """Ask which person of a household is to serve."""
        from kiosk.domain.find import people_of
        from kiosk.domain.person import PersonNamed

        person = await ask_person(self, await self.station.read(people_of, household_id))
        if person is not None and person.person_id is not None:
            await self._appoint(PersonNamed(person.person_id, person.name))

    async def _appoint(self, candidate: "PersonNamed") -> None:
        from kiosk.domain.operators import appoint_operator

        roles = [self.say(f"opening.role.{role}") for role in ROLES]
        chosen = await self.ask(ChoiceModal(self.station, self.say("operators.as_what", name=candidate.name), roles))
        if chosen is None:
            return
        made = await self.station.do(appoint_operator, candidate.person_id, ROLES[chosen])
        await self._look()
        await self._print(candidate.name, roles[chosen], made.badge)

    async def _ask_about(self, operator: "OperatorListed") -> None:
        is_self = self._is_self(operator)
        pin = self.say("operators.own_pin" if is_self else "operators.clear_pin")
        choices = [self.say("operators.print"), self.say("operators.end"), pin]
        if not is_self:
            choices.append(self.say("operators.lift" if self._is_suspended(operator) else "operators.suspend"))
        chosen = await self.ask(ChoiceModal(self.station, self._line(operator), choices))
        if chosen == PRINT:
            await self._print(operator.name, self.say(f"opening.role.{operator.role}"), operator.badge)
        elif chosen == END:
            await self._end(operator)
        elif chosen == PIN:
            await (self._set_pin() if is_self else self._clear_pin(operator))
        elif chosen == SUSPEND:
            await (self._lift(operator) if self._is_suspended(operator) else self._suspend(operator))

    async def _suspend(self, operator: "OperatorListed") -> None:
        """Ask why and for how long; the term begins today."""
        from kiosk.domain.suspension import MONTHS, Term, months_later, suspend_operator

        name = operator.name
        reasons = [self.say(f"operators.reason.{each}") for each in REASONS]
        why = await self.ask(ChoiceModal(self.station, self.say("operators.ask_why", name=name), reasons))
        if why is None:
            return
        first = today_of(self.station)
        ends = [months_later(first, months) for months in MONTHS]
        terms = [self.say("operators.term", months=months, day=end) for months, end in zip(MONTHS, ends, strict=True)]
        term = await self.ask(ChoiceModal(self.station, self.say("operators.ask_term", name=name), terms))
        if term is None:
            return
        await self.station.do(suspend_operator, operator.operator_id, Term(first, ends[term], REASONS[why]))
        self._told = Sentence("operators.suspended", {"name": name, "day": ends[term]})
        await self._look()

    async def _lift(self, operator: "OperatorListed") -> None:
        from kiosk.domain.suspension import lift_suspension

        await self.station.do(lift_suspension, operator.operator_id)
        self._told = Sentence("operators.lifted", {"name": operator.name})
        await self._look()

    async def _end(self, operator: "OperatorListed") -> None:
        from kiosk.domain.operators import end_operator

        question = self.say("operators.ask_end", name=operator.name)
        if await self.ask(ConfirmModal(self.station, question, self.say("operators.ends_badge"))):
            await self.station.do(end_operator, operator.operator_id)
            self._told = Sentence("operators.ended", {"name": operator.name})
            await self._look()

    async def _set_pin(self) -> None:
        """Ask for a new PIN twice; two that differ change nothing."""
        from kiosk.domain.pin import set_pin

        first = await self.ask(PinModal(self.station, self.say("common.pin.new")))
        again = None if first is None else await self._ask_again()
        if first is None or again is None:
            return
        if first != again:
            raise Refused("pins_differ")
        await self.station.do(set_pin, first)
        self._told = Sentence("operators.pin_set")
        await self._look()

    async def _ask_again(self) -> str | None:
        return await self.ask(PinModal(self.station, self.say("common.pin.again")))

    async def _clear_pin(self, operator: "OperatorListed") -> None:
        from kiosk.domain.pin import clear_pin

        await self.station.do(clear_pin, operator.operator_id)
        self._told = Sentence("operators.pin_cleared", {"name": operator.name})
        await self._look()

    async def _print(self, name: str, role: str, badge: str) -> None:
        from kiosk.paper.badge_slip import badge_slip

        village, texts = village_of(self.station), self.station.texts
        printed = await self.station.slips.print(
            f"badge-{badge}", lambda _columns: badge_slip(village, name, role, badge, texts)
        )
        key = "operators.printed" if printed.is_out else "operators.write_down"
        self._told = Sentence(key, {"name": name, "badge": badge})
        if self.is_standing:
            self.draw()

    def _is_self(self, operator: "OperatorListed") -> bool:
        return self.station.operator is not None and operator.operator_id == self.station.operator.number

    def _line(self, operator: "OperatorListed") -> str:
        line = f"{operator.name or '-'}  {self.say(f'opening.role.{operator.role}')}"
        if self._is_suspended(operator):
            line += "  " + self.say("operators.until", day=operator.suspended_until)
        return line

    def _is_suspended(self, operator: "OperatorListed") -> bool:
        return operator.suspended_until is not None and operator.suspended_until >= today_of(self.station)
