"""Awards: for whoever may give or take points. An item of the scheme, any number of cards, one confirmation.

A card that is scanned before an item is chosen shows the household's statement, where an entry is taken back.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.codes import BookCode, Card, FoundHousehold, HouseholdCard, PersonCard
from kiosk.domain.counter import recognise_household
from kiosk.domain.find import find_typed
from kiosk.domain.points import Earning, Recipient, award_points, deduct_points, offer_points, recipient_of_card
from kiosk.domain.scheme import show_items
from kiosk.errors import NotAllowed
from kiosk.rights import Right
from kiosk.screens.award import wording
from kiosk.screens.award.pile import Pile
from kiosk.screens.award.wording import Notice
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.confirm import ConfirmModal
from kiosk.screens.modals.find_household import FindHouseholdModal, found_line
from kiosk.screens.modals.paper_number import PaperNumberModal
from kiosk.screens.modals.quantity import QuantityModal
from kiosk.screens.modals.statement import StatementModal
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.figure import Figure
from kiosk.screens.widgets.search_entry import SearchEntry
from kiosk.shell import DeskScreen
from kiosk.station import Signal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from db.facts.points import Evidence
    from kiosk.domain.people import HouseholdShown
    from kiosk.domain.points import Booked, Offer
    from kiosk.domain.scheme import Item
    from kiosk.screens.award.wording import FigureText
    from kiosk.station import Heard, Station

EVIDENCE: Final[tuple["Evidence", ...]] = ("site", "document", "photo", "witness")
ROWS: Final = 5
OWN_HOUSEHOLD: Final = "award_to_own_household"


class AwardScreen(DeskScreen, inherit_bindings=False):
    """First the item, by its digit; then cards; + books the pile, - takes the last card out."""

    # A page of items below the last figure leaves room for a refusal on the smallest screen.
    CSS = "AwardScreen RefusalPanel { padding: 0 1; margin: 0; }"
    BINDINGS: ClassVar = keys.bindings(
        "award.confirm", "award.units", "award.evidence", "award.remove", "award.find", "shell.back"
    )  # fmt: skip
    takes = (PersonCard, HouseholdCard, BookCode, FoundHousehold)

    def __init__(self, station: "Station") -> None:
        """Begin without an item."""
        super().__init__(station)
        self._items: tuple[Item, ...] = ()
        self._pile: Pile | None = None
        self._booked: Booked | None = None
        self._notice: Notice | None = None
        self._comer: HouseholdShown | None = None

    def compose_body(self) -> "Iterable[Widget]":
        """Give title, figure, notice, rows of the pile, and the items."""
        yield Static("", id="award-title", classes="title", markup=False)
        yield Figure()
        yield Static("", id="award-notice", classes="line", markup=False)
        yield SearchEntry(self.say("award.typed"))
        yield Static("", id="award-rows", classes="line", markup=False)
        yield ChoiceList(
            self._item_lines(), turn_page=self.say("common.turn_page"), turn_back=self.say("common.turn_back")
        )

    def on_mount(self) -> None:
        """Read the items of the scheme."""
        self.draw()
        self.work(self._begin())

    def draw(self) -> None:
        """Show the items, or the pile."""
        pile, texts, notice = self._pile, self.station.texts, self._notice
        self._put("title", wording.title(texts, pile))
        said = texts(notice.key, **notice.values) if notice else wording.hint(texts, pile, self._comer)
        self._put("notice", said)
        offers = reversed(pile.offers[-ROWS:]) if pile else ()
        self._put("rows", "\n".join(wording.row(texts, pile, offer) for offer in offers) if pile else "")
        self._draw_figure(wording.figure(texts, pile, self._booked))
        choices, entry = self.query_one(ChoiceList), self.query_one(SearchEntry)
        choices.display, entry.display = pile is None, pile is not None
        self.set_focus(choices if pile is None else entry)
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer what means something with or without a pile."""
        pile = self._pile
        if action == "confirm":
            return pile is not None and bool(pile.offers)
        if action == "units":
            return pile is not None and pile.item.is_counted
        if action == "remove":
            return pile is not None and bool(pile.offers)
        if action == "evidence":
            return pile is not None
        return action != "find" or pile is None

    async def take_scan(self, heard: "Heard") -> None:
        """Put a household on the pile; while no item is chosen show its statement, or keep whom another screen sent."""
        if isinstance(heard.code, FoundHousehold):
            self._comer = (await self.station.read(recognise_household, heard.code.household_id)).household
            self.draw()
        if not isinstance(heard.code, Card):
            return
        recipient = await self.station.read(recipient_of_card, heard.code.number, heard.code.village)
        if self._pile is None:
            await self.ask(StatementModal(self.station, recipient.household_id))
        else:
            await self._add(self._pile, recipient)
        self.draw()

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Begin a pile for an item."""
        self.work(self._choose(self._items[message.index]))

    @on(SearchEntry.Entered)
    def take_text(self, message: SearchEntry.Entered) -> None:
        """Put a household on the pile that came without a card."""
        self.work(self._add_found(message.text))

    @on(ChoiceList.Barred)
    def take_barred(self) -> None:
        """Say who takes points away."""
        self.refuse_right(Right.DEDUCT)

    def action_find(self) -> None:
        """Show the statement of a household that came without a card."""
        self.work(self._find())

    def action_confirm(self) -> None:
        """Book the pile."""
        self.work(self._confirm())

    def action_remove(self) -> None:
        """Take the last household out."""
        if self._pile is not None:
            self._pile = replace(self._pile, offers=self._pile.offers[:-1])
        self._notice = None
        self.draw()

    def action_back(self) -> None:
        """Go back from an empty pile to the items, from there leave."""
        if self._pile is None:
            self.dismiss()
            return
        self._pile = self._notice = None
        self.draw()

    def action_units(self) -> None:
        """Ask how many units each household brought."""
        self.work(self._change_units())

    def action_evidence(self) -> None:
        """Ask what the pile stands on."""
        self.work(self._change_evidence())

    async def _begin(self) -> None:
        self._items = await self.station.read(show_items)
        choices = self.query_one(ChoiceList)
        choices.show(self._item_lines())
        if not self.station.may(Right.DEDUCT):
            who = self.who_may(Right.DEDUCT)
            choices.bar({index: who for index, item in enumerate(self._items) if item.is_deduction})
        self.draw()

    async def _find(self) -> None:
        household_id = await self.ask(FindHouseholdModal(self.station))
        if household_id is not None:
            await self.ask(StatementModal(self.station, household_id))

    async def _add_found(self, typed: str) -> None:
        found = await self.station.read(find_typed, typed)
        by_household = {each.household_id: each for each in reversed(found)}
        chosen: int | None = 0
        households = list(reversed(by_household.values()))
        if len(households) > 1:
            choices = [found_line(self.station.texts, each) for each in households]
            chosen = await self.ask(ChoiceModal(self.station, self.say("find.which"), choices))
        self.query_one(SearchEntry).clear()
        if self._pile is not None and chosen is not None:
            await self._add(self._pile, Recipient(households[chosen].household_id))
        self.draw()

    async def _choose(self, item: "Item") -> None:
        earning: Earning | None = Earning(item.code)
        if item.is_counted:
            earning = await self._ask_units(item, Earning(item.code))
        if earning is not None and item.needs_evidence:
            earning = await self._ask_evidence(earning)
        if earning is not None:
            self._pile, self._booked, self._notice = Pile(item, earning), None, None
            await self._add_comer(self._pile)
        self.draw()

    async def _add_comer(self, pile: Pile) -> None:
        """Put the household that another screen sent on the pile; if it is refused the item stays chosen."""
        comer, self._comer = self._comer, None
        if comer is not None:
            self.draw()
            await self._add(pile, Recipient(comer.household_id))

    async def _add(self, pile: Pile, recipient: Recipient) -> None:
        if pile.has(recipient.household_id):
            self.acknowledge(Signal.DOUBLE)
            self._notice = Notice("award.twice", {"name": pile.name_of(recipient.household_id)})
            return
        self._notice = None
        offer = await self._offer(pile.earning, recipient)
        self._pile = replace(pile, offers=(*pile.offers, offer))

    async def _offer(self, earning: Earning, recipient: Recipient) -> "Offer":
        try:
            return await self._read_offer(earning, recipient)
        except NotAllowed as refused:
            if refused.code != OWN_HOUSEHOLD:
                raise
            if not await self.ask(ConfirmModal(self.station, self.say("award.own_household"))):
                raise
        return await self._read_offer(earning, replace(recipient, may_wait=True))

    async def _read_offer(self, earning: Earning, recipient: Recipient) -> "Offer":
        if self.station.operator is None:
            raise NotAllowed("operator_missing")
        return await self.station.read(offer_points, recipient, earning, self.station.operator.number)

    async def _confirm(self) -> None:
        pile = self._pile
        if pile is None or not pile.offers:
            return
        book = deduct_points if pile.item.is_deduction else award_points
        recipients = tuple(offer.recipient for offer in pile.offers)
        self._booked = await self.station.do(book, recipients, pile.earning)
        self._pile, self._notice = None, wording.outcome(self._booked)
        self.draw()

    async def _change_units(self) -> None:
        pile = self._pile
        if pile is not None and (earning := await self._ask_units(pile.item, pile.earning)) is not None:
            await self._begin_again(pile, earning)

    async def _change_evidence(self) -> None:
        pile = self._pile
        if pile is not None and (earning := await self._ask_evidence(pile.earning)) is not None:
            await self._begin_again(pile, earning)

    async def _begin_again(self, pile: Pile, earning: Earning) -> None:
        offers = [await self._read_offer(earning, offer.recipient) for offer in pile.offers]
        self._pile = replace(pile, earning=earning, offers=tuple(offers))
        self.draw()

    async def _ask_units(self, item: "Item", earning: Earning) -> Earning | None:
        language = self.station.settings.language
        title = self.say("award.ask_units", label=item.label(language))
        quantity = await self.ask(QuantityModal(self.station, title, item.unit(language)))
        return None if quantity is None else replace(earning, quantity=quantity)

    async def _ask_evidence(self, earning: Earning) -> Earning | None:
        choices = [self.say("award.paper"), *(self.say(f"statement.evidence.{code}") for code in EVIDENCE)]
        chosen = await self.ask(ChoiceModal(self.station, self.say("award.ask_evidence"), choices))
        if chosen is None:
            return None
        if chosen:
            return replace(earning, evidence=EVIDENCE[chosen - 1])
        paper = await self.ask(PaperNumberModal(self.station, self.say("award.ask_paper")))
        return None if paper is None else replace(earning, paper=paper)

    def _item_lines(self) -> list[str]:
        return [wording.item_line(self.station.texts, item) for item in self._items]

    def _draw_figure(self, told: "FigureText | None") -> None:
        figure = self.query_one(Figure)
        figure.display = told is not None
        if told is not None:
            figure.show(told.value, told.label, told.unit)

    def _put(self, name: str, text: str) -> None:
        self.query_one(f"#award-{name}", Static).update(text)
