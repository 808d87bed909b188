"""Awards: for whoever may give or take points. An item of the scheme, any number of cards, one confirmation.

A card that is scanned before an item is chosen shows the household's statement, where an entry is taken back.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.codes import BookCode, Card, HouseholdCard, PersonCard
from kiosk.domain.points import Earning, award_points, deduct_points, offer_points, recipient_of_card
from kiosk.domain.scheme import show_items
from kiosk.errors import NotAllowed
from kiosk.locale import figures
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.confirm import ConfirmModal
from kiosk.screens.modals.paper_number import PaperNumberModal
from kiosk.screens.modals.quantity import QuantityModal
from kiosk.screens.modals.statement import StatementModal
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.figure import Figure
from kiosk.shell import DeskScreen
from kiosk.station import Signal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from db.facts.points import Evidence
    from kiosk.domain.points import Booked, Offer, Recipient
    from kiosk.domain.scheme import Item
    from kiosk.station import Heard, Station

EVIDENCE: Final[tuple["Evidence", ...]] = ("site", "document", "photo", "witness")
ROWS: Final = 5
OWN_HOUSEHOLD: Final = "award_to_own_household"


@dataclass(frozen=True)
class Pile:
    """What will be booked when it is confirmed: an item, what it stands on, and what each household would get."""

    item: "Item"
    earning: Earning
    offers: tuple["Offer", ...] = ()

    @property
    def points(self) -> int:
        """Hundredths of a point for all households together."""
        return sum(offer.points for offer in self.offers)

    def has(self, household_id: int) -> bool:
        """Say whether a card of the household was scanned already."""
        return any(offer.recipient.household_id == household_id for offer in self.offers)


class AwardScreen(DeskScreen, inherit_bindings=False):
    """First the item, by its digit; then cards; + books the pile, - takes the last card out."""

    # A page of items below the last figure leaves room for a refusal on the smallest screen.
    CSS = "AwardScreen RefusalPanel { padding: 0 1; margin: 0; }"
    BINDINGS: ClassVar = keys.bindings("award.confirm", "award.units", "award.evidence", "award.remove", "shell.back")
    takes = (PersonCard, HouseholdCard, BookCode)

    def __init__(self, station: "Station") -> None:
        """Begin without an item."""
        super().__init__(station)
        self._items: tuple[Item, ...] = ()
        self._pile: Pile | None = None
        self._booked: Booked | None = None
        self._notice: tuple[str, dict[str, Any]] | None = None

    def compose_body(self) -> "Iterable[Widget]":
        """Give title, figure, notice, rows of the pile, and the items."""
        yield Static("", id="award-title", classes="title", markup=False)
        yield Figure()
        yield Static("", id="award-notice", classes="line", markup=False)
        yield Static("", id="award-rows", classes="line", markup=False)
        yield ChoiceList(list(map(self._item_line, self._items)), turn_page=self.say("common.turn_page"))

    def on_mount(self) -> None:
        """Read the items of the scheme."""
        self.draw()
        self.work(self._begin())

    def draw(self) -> None:
        """Show the items, or the pile."""
        pile = self._pile
        self.query_one("#award-title", Static).update(self._title(pile))
        self._draw_figure(pile)
        key, values = self._notice or ("", {})
        self.query_one("#award-notice", Static).update(self.say(key, **values) if key else self._hint(pile))
        rows = self.query_one("#award-rows", Static)
        rows.display = pile is not None
        rows.update("\n".join(map(self._row, reversed(pile.offers[-ROWS:]))) if pile else "")
        choices = self.query_one(ChoiceList)
        choices.display = pile is None
        self.set_focus(choices if pile is None else None)
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer what means something with or without a pile."""
        pile = self._pile
        if action == "confirm":
            return pile is not None and bool(pile.offers)
        if action == "units":
            return pile is not None and pile.item.is_counted
        if action in {"evidence", "remove"}:
            return pile is not None
        return action != "back" or pile is None

    async def take_scan(self, heard: "Heard") -> None:
        """Put a household on the pile, or show its statement while no item is chosen."""
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

    def action_confirm(self) -> None:
        """Book the pile."""
        self.work(self._confirm())

    def action_remove(self) -> None:
        """Take the last household out; from an empty pile go back to the items."""
        pile = self._pile
        if pile is not None:
            self._pile = replace(pile, offers=pile.offers[:-1]) if pile.offers else None
        self._notice = None
        self.draw()

    def action_units(self) -> None:
        """Ask how many units each household brought."""
        self.work(self._change_units())

    def action_evidence(self) -> None:
        """Ask what the pile stands on."""
        self.work(self._change_evidence())

    async def _begin(self) -> None:
        self._items = await self.station.read(show_items)
        self.query_one(ChoiceList).show(list(map(self._item_line, self._items)))
        self.draw()

    async def _choose(self, item: "Item") -> None:
        earning: Earning | None = Earning(item.code)
        if item.is_counted:
            earning = await self._ask_units(item, Earning(item.code))
        if earning is not None and item.needs_evidence:
            earning = await self._ask_evidence(earning)
        if earning is not None:
            self._pile, self._booked, self._notice = Pile(item, earning), None, None
        self.draw()

    async def _add(self, pile: Pile, recipient: "Recipient") -> None:
        if pile.has(recipient.household_id):
            self.acknowledge(Signal.DOUBLE)
            name = next(
                each.household.name for each in pile.offers if each.recipient.household_id == recipient.household_id
            )
            self._notice = ("award.twice", {"name": name})
            return
        self._notice = None
        offer = await self._offer(pile.earning, recipient)
        self._pile = replace(pile, offers=(*pile.offers, offer))

    async def _offer(self, earning: Earning, recipient: "Recipient") -> "Offer":
        try:
            return await self._read_offer(earning, recipient)
        except NotAllowed as refused:
            if refused.code != OWN_HOUSEHOLD:
                raise
            if not await self.ask(ConfirmModal(self.station, self.say("award.own_household"))):
                raise
        return await self._read_offer(earning, replace(recipient, may_wait=True))

    async def _read_offer(self, earning: Earning, recipient: "Recipient") -> "Offer":
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
        self._pile, self._notice = None, self._outcome(self._booked)
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

    def _title(self, pile: Pile | None) -> str:
        if pile is None:
            return self.say("award.choose")
        label = pile.item.label(self.station.settings.language)
        points = pile.item.points * pile.earning.quantity
        stands_on = [self.say("statement.paper", number=pile.earning.paper)] if pile.earning.paper else []
        stands_on += [self.say(f"statement.evidence.{pile.earning.evidence}")] if pile.earning.evidence else []
        return "  ".join([self.say("award.pile", label=label, each_points=points), *stands_on])

    def _draw_figure(self, pile: Pile | None) -> None:
        figure, booked = self.query_one(Figure), self._booked
        figure.display = pile is not None or booked is not None
        if pile is not None:
            unit = self.say("award.households", all_points=pile.points)
            figure.show(str(len(pile.offers)), self.say("award.scanned"), unit)
        elif booked is not None:
            label = self.say("award.deducted" if booked.item.is_deduction else "award.awarded")
            unit = self.say("award.of_households", count=sum(1 for each in booked.given if each.entry_id is not None))
            figure.show(figures.points(booked.points), label, unit)

    def _hint(self, pile: Pile | None) -> str:
        if pile is None:
            return self.say("award.hint_statement") if self._items else ""
        return self.say("award.hint_confirm" if pile.offers else "award.hint_scan")

    def _outcome(self, booked: "Booked") -> tuple[str, dict[str, Any]] | None:
        full = sum(1 for each in booked.given if each.entry_id is None)
        if booked.waiting:
            return "award.outcome_waiting", {"count": booked.waiting}
        return ("award.outcome_full", {"count": full}) if full else None

    def _row(self, offer: "Offer") -> str:
        place = offer.household.place
        key = "award.row_deduct" if self._is_deduction() else "award.row"
        line = self.say(key, name=offer.household.name, group=place.group, house=place.house, given_points=offer.points)
        marks = [self.say(f"award.mark.{mark}") for mark in self._marks(offer)]
        return "  ".join([line, *marks])

    def _marks(self, offer: "Offer") -> "Iterable[str]":
        if offer.waits_for is not None:
            yield offer.waits_for
        if offer.is_reduced:
            yield "no_more" if self._is_deduction() else "cap"
        if offer.room.had_today_points:
            yield "had_today"

    def _is_deduction(self) -> bool:
        return self._pile is not None and self._pile.item.is_deduction

    def _item_line(self, item: "Item") -> str:
        language = self.station.settings.language
        unit = item.unit(language)
        key = "award.item_counted" if unit else "award.item"
        return self.say(key, label=item.label(language), each_points=item.points, unit=unit)
