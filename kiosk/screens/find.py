"""Find a household and see how it stands: for a question at the desk. From here on to the till, awards, its cards.

A card that is scanned here opens its household too.
"""

from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.codes import BookCode, Card, FoundHousehold, HouseholdCard, PersonCard
from kiosk.devices.scanner.scan import Wire, make_scan
from kiosk.domain.card_desk import show_card, show_household_cards
from kiosk.domain.find import find_typed
from kiosk.errors import Refused
from kiosk.locale import figures
from kiosk.rights import Right
from kiosk.screens.modals.find_household import found_line
from kiosk.screens.modals.statement import StatementModal
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.figure import Figure
from kiosk.screens.widgets.search_entry import SearchEntry
from kiosk.shell import DeskScreen
from kiosk.station import Heard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.domain.card_desk import CardsOfHolder, HouseholdCards
    from kiosk.domain.find import Found
    from kiosk.station import Station

MOST_PEOPLE = 8
LARGEST_VILLAGE = 9_998
ON_ITS_PAGE = frozenset({"redeem", "award", "statement", "cards", "move_out", "another"})


class FindScreen(DeskScreen, inherit_bindings=False):
    """The entry, then whom it found, then one household: its points, its people and their cards."""

    BINDINGS: ClassVar = keys.bindings(
        "find.redeem", "find.award", "find.statement", "find.cards", "find.move_out", "find.another", "shell.back"
    )  # fmt: skip
    needs: ClassVar = {
        "redeem": Right.REDEEM,
        "award": Right.AWARD,
        "cards": Right.KEEP_CARDS,
        "move_out": Right.MOVE,
    }
    takes = (PersonCard, HouseholdCard, BookCode)

    def __init__(self, station: "Station") -> None:
        """Begin with the entry."""
        super().__init__(station)
        self._found: tuple[Found, ...] = ()
        self._household: HouseholdCards | None = None
        self._is_elsewhere = False
        self._told = ""

    def compose_body(self) -> "Iterable[Widget]":
        """Give whose page it is, the points, the people, and before that the entry and the list of the found."""
        yield Static("", id="find-title", classes="title", markup=False)
        yield Figure()
        yield Static("", id="find-people", classes="line", markup=False)
        yield SearchEntry(self.say("find.typed"))
        yield Static(self.say("find.how"), id="find-how", classes="quiet", markup=False)
        yield ChoiceList(turn_page=self.say("common.turn_page"), turn_back=self.say("common.turn_back"))

    def draw(self) -> None:
        """Show the entry, the found, or one household."""
        household, is_open = self._household, self._household is not None
        is_typing = not is_open and not self._found
        self.query_one("#find-title", Static).update(self._title(household))
        figure, people = self.query_one(Figure), self.query_one("#find-people", Static)
        figure.display = people.display = is_open
        if household is not None:
            points = figures.points(household.household.redeemable_points)
            figure.show(points, self.say("find.redeemable"), self.say("find.unit"))
            people.update("\n".join(self._people(household)))
        entry, choices = self.query_one(SearchEntry), self.query_one(ChoiceList)
        entry.display = self.query_one("#find-how", Static).display = is_typing
        choices.show([found_line(self.station.texts, each) for each in self._found])
        choices.display = bool(self._found) and not is_open
        self.set_focus(entry if is_typing else choices if choices.display else None)
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer what is about one household on its page only."""
        return action not in ON_ITS_PAGE or self._household is not None

    def on_screen_resume(self) -> None:
        """See how the household stands after it was at the till, got points or a card."""
        super().on_screen_resume()
        if self._is_elsewhere and self._household is not None:
            self.work(self._open(self._household.household.household_id))
        self._is_elsewhere = False

    async def take_scan(self, heard: "Heard") -> None:
        """Open the household of a card, whatever state the card is in."""
        if isinstance(heard.code, Card):
            card = await self.station.read(show_card, heard.code.number)
            if card.household is None:
                raise Refused("card_blank")
            self._found = ()
            await self._open(card.household.household_id)

    @on(SearchEntry.Entered)
    def take_text(self, message: SearchEntry.Entered) -> None:
        """Look for what was typed."""
        self.work(self._find(message.text))

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Open the household of the chosen one."""
        self.work(self._open(self._found[message.index].household_id))

    def action_statement(self) -> None:
        """Show every entry of the household."""
        if self._household is not None:
            self.work(self._show_statement(self._household.household.household_id))

    def action_redeem(self) -> None:
        """Go on at the till, which asks why there is no card."""
        self._take_along("till")

    def action_award(self) -> None:
        """Go on with an award for this household."""
        self._take_along("award")

    def action_cards(self) -> None:
        """Go on at the card desk."""
        self._take_along("card_desk")

    def action_move_out(self) -> None:
        """Close the household out: it moves to another village."""
        if self._household is not None:
            self.work(self._move_out(self._household))

    def action_another(self) -> None:
        """Look for somebody else."""
        self._found, self._household = (), None
        self.draw()

    def action_back(self) -> None:
        """Go back to the found, to the entry, and from there leave."""
        if self._household is None and not self._found:
            self.dismiss()
            return
        if self._household is None:
            self._found = ()
        self._household = None
        self.draw()

    def _take_along(self, screen: str) -> None:
        """Open another screen with this household."""
        if self._household is not None:
            self._is_elsewhere = True
            household = FoundHousehold(self._household.household.household_id)
            self.station.shell.open(screen, Heard(make_scan("", Wire.TYPED, monotonic()), household))

    async def _find(self, typed: str) -> None:
        found = await self.station.read(find_typed, typed)
        if len({each.household_id for each in found}) == 1:
            await self._open(found[0].household_id)
        else:
            self._found = found
            self.draw()

    async def _open(self, household_id: int) -> None:
        self._household = await self.station.read(show_household_cards, household_id)
        self.query_one(SearchEntry).clear()
        self.draw()

    async def _show_statement(self, household_id: int) -> None:
        await self.ask(StatementModal(self.station, household_id))
        await self._open(household_id)

    async def _move_out(self, household: "HouseholdCards") -> None:
        from kiosk.domain.moving import leave_household, offer_leaving
        from kiosk.domain.waiting import Signature
        from kiosk.screens.modals.badge import BadgeModal
        from kiosk.screens.modals.quantity import QuantityModal

        by = self.station.operator.number if self.station.operator is not None else 0
        shown = await self.station.read(offer_leaving, household.household.household_id, by)
        to_village = await self.ask(
            QuantityModal(self.station, self.say("find.move.to", name=shown.name), most=LARGEST_VILLAGE)
        )
        if to_village is None:
            return
        values = {"name": shown.name, "taken_points": shown.redeemable_points, "village": f"{to_village:04}"}
        given = await self.ask(BadgeModal(self.station, self.say("find.move.sign", **values)))
        if given is None:
            return
        signature = Signature(given.badge, given.is_verified)
        left = await self.station.do(leave_household, shown.household_id, to_village, signature)
        self._found, self._household = (), None
        self._told = self.say("find.move.done", name=left.name, taken_points=left.points)
        self.draw()
        self._told = ""

    def _title(self, household: "HouseholdCards | None") -> str:
        if household is None:
            return self._told or self.say("find.choose" if self._found else "find.title")
        shown = household.household
        return self.say("find.household", name=shown.name, group=shown.place.group, house=shown.place.house)

    def _people(self, household: "HouseholdCards") -> list[str]:
        holders = [each for each in household.holders if each.holder.person_id is not None or each.cards]
        more = len(holders) - MOST_PEOPLE
        lines = [self._line(each) for each in holders[:MOST_PEOPLE]]
        return [*lines, self.say("find.more", count=more)] if more > 0 else lines or [self.say("find.nobody")]

    def _line(self, holder: "CardsOfHolder") -> str:
        card = holder.current
        cards = self.say(f"find.card.{card.shown_state}" if card is not None else "find.card.none")
        if holder.holder.person_id is None:
            return self.say("find.of_household", card=cards)
        if holder.birth_year is None:
            return self.say("find.of_person", name=holder.name, card=cards)
        return self.say("find.of_person_born", name=holder.name, year=holder.birth_year, card=cards)
