"""The card desk: for whoever gives out cards, takes them back, or helps somebody who lost one.

A blank card and its holder come together in either order; a card that is scanned shows whose it is and what can be
done with it.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.codes import BookCode, Card, FoundHousehold, HouseholdCard, PersonCard
from kiosk.domain.card import (
    bind_card,
    change_card,
    issue_household_card,
    issue_person_card,
    replace_card,
)
from kiosk.domain.card_desk import CardsOfHolder, HeldCard, show_card, show_household_cards
from kiosk.domain.card_state import IN_STATE, CardTask
from kiosk.domain.find import find_typed
from kiosk.errors import Refused
from kiosk.letterhead import village_of
from kiosk.locale import figures
from kiosk.locale.sentence import Sentence
from kiosk.screens.card_desk.papers import Papers
from kiosk.screens.card_desk.state import Choice, DeskState, PaperCard, Phase, step_back
from kiosk.screens.card_desk.wording import choices_of, line_of, next_of, place_of, title_of
from kiosk.screens.modals.confirm import ConfirmModal
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.figure import Figure
from kiosk.screens.widgets.search_entry import SearchEntry
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.domain.card import CardMade
    from kiosk.domain.card_desk import CardShown, HouseholdCards
    from kiosk.domain.find import Found
    from kiosk.station import Heard, Station

_CHANGES = {Choice.LOST: CardTask.LOST, Choice.FOUND: CardTask.FOUND, Choice.RETURN: CardTask.RETURN}


class CardDeskScreen(DeskScreen, inherit_bindings=False):
    """Scan a card or find a household, choose who, choose what; a new card is always scanned or printed last."""

    CSS = "CardDeskScreen Figure, CardDeskScreen ChoiceList { margin-bottom: 1; }"
    BINDINGS: ClassVar = keys.bindings(
        "card_desk.go_on", "card_desk.papers", "card_desk.paper_card", "card_desk.reprint", "shell.back"
    )
    takes = (PersonCard, HouseholdCard, BookCode, FoundHousehold)

    def __init__(self, station: "Station") -> None:
        """Begin with nobody at the desk."""
        super().__init__(station)
        self._state = DeskState()

    def compose_body(self) -> "Iterable[Widget]":
        """Give whom it is about, the points, how things stand, what to do, and the entry or the choices."""
        yield Static("", id="desk-title", classes="title", markup=False)
        yield Figure()
        yield Static("", id="desk-line", classes="line", markup=False)
        yield SearchEntry(self.say("find.typed"))
        yield ChoiceList(turn_page=self.say("common.turn_page"), turn_back=self.say("common.turn_back"))
        yield Static("", id="desk-next", classes="quiet", markup=False)

    def draw(self) -> None:
        """Show the state."""
        state, texts = self._state, self.station.texts
        self.query_one("#desk-title", Static).update(title_of(state, texts))
        line = self.query_one("#desk-line", Static)
        line.update(line_of(state, texts))
        line.display = bool(line_of(state, texts))
        self.query_one("#desk-next", Static).update(next_of(state, texts))
        self._draw_figure(state)
        entry, choices = self.query_one(SearchEntry), self.query_one(ChoiceList)
        lines = choices_of(state, texts)
        choices.show(lines)
        choices.display = bool(lines)
        entry.display = state.phase is Phase.IDLE
        self.set_focus(entry if entry.display else choices if lines else None)
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer what the state allows."""
        state = self._state
        return {
            "go_on": state.phase is Phase.DONE,
            "papers": state.phase is Phase.IDLE and state.blank is None,
            "paper_card": state.phase is Phase.GIVING,
            "reprint": state.phase is Phase.DONE and state.paper_card is not None,
            "back": state.phase is not Phase.WORKING,
        }.get(action, True)

    async def take_scan(self, heard: "Heard") -> None:
        """Show a card, keep a blank one for its holder, or give it to whom it is for."""
        if isinstance(heard.code, FoundHousehold):
            await self._open(heard.code.household_id)
        if not isinstance(heard.code, Card):
            return
        card = await self.station.read(show_card, heard.code.number)
        if isinstance(heard.code, BookCode):
            await self._take_book_code(card)
        elif self._state.phase is Phase.GIVING:
            await self._give_new(card)
        elif card.kind == "blank":
            await self._take_blank(card)
        else:
            await self._show(card)

    @on(SearchEntry.Entered)
    def take_text(self, message: SearchEntry.Entered) -> None:
        """Look for a household or a person."""
        self.work(self._find(message.text))

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Go on with whom or what the digit stands for."""
        state, index = self._state, message.index
        if state.phase is Phase.FOUND:
            self.work(self._choose_found(state.found[index]))
        elif state.phase is Phase.HOUSEHOLD and state.household is not None:
            self.work(self._choose_holder(state.household.holders[index]))
        elif state.choices:
            self.work(self._choose(state.choices[index]))

    def action_go_on(self) -> None:
        """Begin anew."""
        self._go(DeskState())

    def action_papers(self) -> None:
        """Print, or stop by the sheet."""
        self.work(self._print_papers())

    def action_paper_card(self) -> None:
        """Make a card on slip paper where no blank one is left."""
        self.work(self._make_paper_card())

    def action_reprint(self) -> None:
        """Print the card on slip paper once more."""
        if self._state.paper_card is not None:
            self.work(self._print(self._state.paper_card))

    def action_back(self) -> None:
        """Go one step back; from a finished job or an empty desk leave."""
        before = step_back(self._state)
        if before is None:
            self.dismiss()
        else:
            self._go(before)

    # --- Whose card ---

    async def _find(self, typed: str) -> None:
        found = await self.station.read(find_typed, typed)
        if len(found) == 1:
            await self._choose_found(found[0])
        else:
            self._go(DeskState(Phase.FOUND, self._state.blank, found))

    async def _choose_found(self, found: "Found") -> None:
        household = await self._open(found.household_id)
        if found.person_id is not None:
            await self._choose_holder(_holder_in(household, found.person_id))

    async def _open(self, household_id: int) -> "HouseholdCards":
        household = await self.station.read(show_household_cards, household_id)
        self._go(DeskState(Phase.HOUSEHOLD, self._state.blank, household=household))
        return household

    async def _take_book_code(self, card: "CardShown") -> None:
        if card.state != "live" or card.household is None:
            raise Refused(IN_STATE.get(card.state, "card_unknown"), state=card.state)
        await self._open(card.household.household_id)

    async def _show(self, card: "CardShown") -> None:
        """Show a card that somebody carries, or carried."""
        if card.household is None:
            raise Refused("card_unknown")
        household = await self.station.read(show_household_cards, card.household.household_id)
        holder = _holder_in(household, card.person_id)
        held = HeldCard(card.card_id, card.number, card.state, card.is_barred)
        self._go(DeskState(Phase.HOLDER, self._state.blank, (), household, holder, held, is_in_hand=True))

    async def _take_blank(self, card: "CardShown") -> None:
        """Keep a blank card in the hand; beside somebody's card it is the new one."""
        if not card.is_blank:
            raise Refused(IN_STATE.get(card.state, "card_unknown"), state=card.state)
        state = self._state
        if state.phase is Phase.HOLDER and state.holder is not None and state.held is not None:
            await self._replace(state.holder, state.held, card.number)
        else:
            phase = state.phase if state.phase is Phase.HOUSEHOLD else Phase.IDLE
            self._go(DeskState(phase, card.number, household=state.household if phase is Phase.HOUSEHOLD else None))

    # --- What with it ---

    async def _choose_holder(self, holder: CardsOfHolder) -> None:
        state = replace(self._state, holder=holder, held=holder.current, is_in_hand=False, told=None)
        if state.blank is not None:
            await self._give(holder, state.blank)
        elif state.held is not None:
            self._go(replace(state, phase=Phase.HOLDER))
        else:
            self._go(replace(state, phase=Phase.GIVING))

    async def _choose(self, choice: Choice) -> None:
        state = self._state
        if state.holder is None or state.held is None or state.household is None:
            return
        if choice in _CHANGES:
            await self._change(choice, state.holder, state.held)
        elif choice is Choice.HOUSEHOLD:
            self._go(DeskState(Phase.HOUSEHOLD, state.blank, household=state.household))
        elif state.blank is not None and choice is Choice.REPLACE:
            await self._replace(state.holder, state.held, state.blank, is_sure=True)
        elif state.blank is not None:
            await self._bind(state.holder, state.blank)
        else:
            held = state.held if choice is Choice.REPLACE else None
            self._go(replace(state, phase=Phase.GIVING, held=held, told=None))

    async def _change(self, choice: Choice, holder: CardsOfHolder, held: HeldCard) -> None:
        """Lost, found, handed in."""
        if choice is Choice.RETURN:
            question = self.say("card_desk.confirm_return", name=holder.name)
            if not await self.ask(ConfirmModal(self.station, question)):
                return
        changed = await self.station.do(change_card, held.card_id, _CHANGES[choice])
        household = await self.station.read(show_household_cards, holder.holder.household_id)
        points = household.household.redeemable_points
        key = {Choice.LOST: "card_desk.done.lost", Choice.FOUND: "card_desk.done.found"}.get(choice)
        told = Sentence(key or "card_desk.done.returned", {"name": holder.name, "kept_points": points})
        fresh = _holder_in(household, holder.holder.person_id)
        self._go(
            replace(
                self._state,
                phase=Phase.DONE if choice is Choice.RETURN else Phase.HOLDER,
                household=household, holder=fresh, held=replace(held, state=changed.state), told=told,
            )
        )  # fmt: skip

    # --- A new card ---

    async def _give_new(self, card: "CardShown") -> None:
        """Give the card that was just scanned to whom it is for."""
        state = self._state
        if not card.is_blank:
            raise Refused("card_not_blank" if card.state == "live" else IN_STATE.get(card.state, "card_unknown"))
        if state.holder is None:
            return
        if state.held is not None:
            await self._replace(state.holder, state.held, card.number, is_sure=True)
        else:
            await self._bind(state.holder, card.number)

    async def _give(self, holder: CardsOfHolder, blank: str) -> None:
        """Give the blank card in the hand to somebody, in place of the card they have, if they have one."""
        current = holder.current
        if current is None or (holder.holder.person_id is None and current.state == "live"):
            await self._bind(holder, blank)
        else:
            await self._replace(holder, current, blank)

    async def _bind(self, holder: CardsOfHolder, blank: str) -> None:
        await self.station.do(bind_card, blank, holder.holder)
        await self._finish(holder, Sentence("card_desk.done.bound", {"name": holder.name}))

    async def _replace(self, holder: CardsOfHolder, held: HeldCard, blank: str, *, is_sure: bool = False) -> None:
        if held.state == "live" and not is_sure:
            question = self.say("card_desk.confirm_swap", name=holder.name)
            if not await self.ask(ConfirmModal(self.station, question)):
                return
        done = await self.station.do(replace_card, held.card_id, blank)
        told = Sentence("card_desk.done.replaced", {"kept_points": done.redeemable_points})
        await self._finish(holder, told, is_waiting=True)

    async def _make_paper_card(self) -> None:
        state = self._state
        if state.holder is None or state.household is None:
            return
        holder = state.holder
        place = place_of(state.household.household, self.station.texts)
        if state.held is not None:
            done = await self.station.do(replace_card, state.held.card_id)
            made, told = done.card, Sentence("card_desk.done.replaced", {"kept_points": done.redeemable_points})
        else:
            made, told = await self._issue(holder), Sentence("card_desk.done.bound", {"name": holder.name})
        await self._finish(holder, told, is_waiting=state.held is not None)
        await self._print(PaperCard(made.card_id, made.number, holder.name, place))

    async def _issue(self, holder: CardsOfHolder) -> "CardMade":
        if holder.holder.person_id is not None:
            return await self.station.do(issue_person_card, holder.holder.person_id)
        return await self.station.do(issue_household_card, holder.holder.household_id)

    async def _print(self, card: PaperCard) -> None:
        from kiosk.paper.card_slip import card_slip

        village, texts = village_of(self.station), self.station.texts
        printed = await self.station.slips.print(
            f"card-{card.card_id}", lambda _columns: card_slip(village, card.name, card.place, card.number, texts)
        )
        self._go(replace(self._state, paper_card=replace(card, is_out=printed.is_out)))

    async def _print_papers(self) -> None:
        try:
            told = await Papers(self, self._show_working).choose()
        except Refused:
            self._go(DeskState())
            raise
        self._go(DeskState() if told is None else DeskState(Phase.DONE, told=told))

    # --- Drawing ---

    async def _finish(self, holder: CardsOfHolder, told: Sentence, *, is_waiting: bool = False) -> None:
        household = await self.station.read(show_household_cards, holder.holder.household_id)
        fresh = _holder_in(household, holder.holder.person_id)
        self._go(DeskState(Phase.DONE, household=household, holder=fresh, told=told, is_waiting=is_waiting))

    def _show_working(self) -> None:
        self._go(DeskState(Phase.WORKING, told=Sentence("card_desk.working")))

    def _go(self, state: DeskState) -> None:
        self._state = state
        if state.phase is not Phase.IDLE:
            self.query_one(SearchEntry).clear()
        self.draw()

    def _draw_figure(self, state: DeskState) -> None:
        figure = self.query_one(Figure)
        figure.display = state.household is not None
        if state.household is not None:
            points = figures.points(state.household.household.redeemable_points)
            figure.show(points, self.say("card_desk.redeemable"), self.say("card_desk.unit"))


def _holder_in(household: "HouseholdCards", person_id: int | None) -> CardsOfHolder:
    """Find a person, or the household itself, among the holders; somebody who is not there any more has no card."""
    for each in household.holders:
        if each.holder.person_id == person_id:
            return each
    raise Refused("person_unknown")
