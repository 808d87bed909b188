"""The statement of one household: what can be redeemed, and every entry with what, when, who and on what paper."""

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.domain.objection import objections_of
from kiosk.domain.statement import show_account
from kiosk.locale import figures
from kiosk.screens.modals.statement_paper import print_statement
from kiosk.screens.widgets.account import entry_line
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.figure import Figure
from kiosk.shell import Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.domain.objection import ObjectionShown
    from kiosk.domain.statement import Account, Entry
    from kiosk.station import Station

# Eleven pages; a household of the most active kind fills them in two years.
SHOWN_ENTRIES: Final = 99


class StatementModal(Question[None], inherit_bindings=False):
    """Entries are numbered, newest first; a digit explains one, and leads to its slip, an objection or a reversal."""

    # A full page of entries, each on one line, leaves room for a refusal on the smallest screen.
    CSS = """
    StatementModal #question { width: 100%; max-height: 100%; padding: 0 2; }
    StatementModal ChoiceList { text-wrap: nowrap; text-overflow: ellipsis; }
    StatementModal RefusalPanel { padding: 0 1; margin: 0; }
    """
    BINDINGS: ClassVar = keys.bindings("statement.print", "shell.back")

    def __init__(self, station: "Station", household_id: int) -> None:
        """Show the account of ``household_id``."""
        super().__init__(station)
        self._household_id = household_id
        self._account: Account | None = None
        self._objections: dict[int, ObjectionShown] = {}
        self._told = ""

    def compose_body(self) -> "Iterable[Widget]":
        """Give whose it is, the figure, how it comes about, and the entries."""
        yield Static("", id="statement-who", classes="title", markup=False)
        yield Figure()
        yield Static("", id="statement-sum", classes="line", markup=False)
        yield ChoiceList(turn_page=self.say("common.turn_page"), turn_back=self.say("common.turn_back"))

    def on_mount(self) -> None:
        """Read the account."""
        self.work(self._read())

    def draw(self) -> None:
        """Show the account; nothing before it was read."""
        account = self._account
        if account is None:
            return
        place, total = account.household.place, account.total_points
        who = self.say("statement.who", name=account.household.name, group=place.group, house=place.house)
        self.query_one("#statement-who", Static).update(who)
        label, unit = self.say("statement.redeemable"), self.say("statement.unit")
        self.query_one(Figure).show(figures.points(account.redeemable_points), label, unit)
        self.query_one("#statement-sum", Static).update(self._sum(account, total))
        self.query_one(ChoiceList).show(list(map(self._line, account.entries)))

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Explain an entry."""
        if self._account is not None:
            self.work(self._explain(self._account.entries[message.index]))

    def action_print(self) -> None:
        """Print the statement of some days."""
        self.work(self._print())

    async def _print(self) -> None:
        self._told = await print_statement(self, self._household_id) or ""
        self.draw()

    async def _read(self) -> None:
        raised = await self.station.read(objections_of, self._household_id)
        self._objections = {each.entry.entry_id: each for each in reversed(raised) if each.entry is not None}
        self._account = await self.station.read(show_account, self._household_id, SHOWN_ENTRIES)
        self.draw()

    async def _explain(self, entry: "Entry") -> None:
        from kiosk.screens.modals.entry import EntryModal

        self._told = await self.ask(EntryModal(self.station, entry.entry_id, self._household_id)) or ""
        await self._read()

    def _line(self, entry: "Entry") -> str:
        return entry_line(entry, self._objections.get(entry.entry_id), self.station.texts)

    def _sum(self, account: "Account", total: int) -> str:
        if self._told:
            return self._told
        if not account.entries:
            return self.say("statement.empty", base_points=account.base_points)
        base, redeemable = account.base_points, account.redeemable_points
        return self.say("statement.sum", total_points=total, base_points=base, redeemable_points=redeemable)
