"""The statement of one household: what can be redeemed, and every entry with what, when, who and on what paper."""

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.domain.reversal import reverse_entry
from kiosk.domain.statement import show_account
from kiosk.errors import Refused
from kiosk.locale import figures
from kiosk.locale.amount import amount
from kiosk.screens.modals.confirm import ConfirmModal
from kiosk.screens.modals.statement_paper import print_statement
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.figure import Figure
from kiosk.shell import Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.domain.points import Posted
    from kiosk.domain.statement import Account, Entry, GoodsHandedOut
    from kiosk.station import Station

# Eleven pages; a household of the most active kind fills them in two years.
SHOWN_ENTRIES: Final = 99
POINTS_COLUMNS: Final = 5


class StatementModal(Question[None], inherit_bindings=False):
    """Entries are numbered, newest first; the digit of an award or a deduction takes it back after a question."""

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
        self._posted: Posted | None = None
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
        """Ask whether to take an entry back."""
        if self._account is not None:
            self.work(self._reverse(self._account.entries[message.index]))

    def action_print(self) -> None:
        """Print the statement of some days."""
        self.work(self._print())

    async def _print(self) -> None:
        self._told = await print_statement(self, self._household_id) or ""
        self.draw()

    async def _read(self) -> None:
        self._account = await self.station.read(show_account, self._household_id, SHOWN_ENTRIES)
        self.draw()

    async def _reverse(self, entry: "Entry") -> None:
        self._told = ""
        if entry.is_reversed:
            raise Refused("entry_reversed_before")
        if not entry.can_be_reversed:
            raise Refused("entry_not_reversible")
        key = "statement.reverse_award" if entry.points > 0 else "statement.reverse_deduction"
        sentence = self.say(key, what=self._what(entry), given_points=abs(entry.points))
        if await self.ask(ConfirmModal(self.station, sentence, self._line(entry))):
            self._posted = await self.station.do(reverse_entry, entry.entry_id)
            await self._read()

    def _sum(self, account: "Account", total: int) -> str:
        if self._told:
            return self._told
        if self._posted is not None:
            return self.say("statement.reversed", moved_points=self._posted.points)
        if not account.entries:
            return self.say("statement.empty", base_points=account.base_points)
        base, redeemable = account.base_points, account.redeemable_points
        return self.say("statement.sum", total_points=total, base_points=base, redeemable_points=redeemable)

    def _line(self, entry: "Entry") -> str:
        """Write an entry on one line; goods stand behind the number of their slip, because they may be too many."""
        paper = self.say("statement.paper", number=entry.paper_number) if entry.paper_number else ""
        by = self.say("statement.by", name=entry.operator_name) if entry.operator_name else ""
        parts = [
            f"{(entry.day or '')[5:]} {figures.time_of_day(entry.at)}",
            f"{'+' if entry.points > 0 else ''}{figures.points(entry.points)}".rjust(POINTS_COLUMNS),
            paper if entry.goods else "",
            self._what(entry),
            *self._marks(entry),
            entry.person_name or "",
            by,
            "" if entry.goods else paper,
            self.say(f"statement.evidence.{entry.evidence_code}") if entry.evidence_code else "",
        ]
        return "  ".join(part for part in parts if part)

    def _what(self, entry: "Entry") -> str:
        kind = self.say(f"statement.kind.{entry.kind}")
        if entry.goods:
            goods = " ".join(map(self._handed_out, entry.goods))
            return f"{kind} {goods}" if entry.points > 0 else goods
        return entry.label(self.station.settings.language) or entry.item_code or kind

    def _handed_out(self, goods: "GoodsHandedOut") -> str:
        return f"{goods.name}×{amount(self.station.texts, goods.quantity, goods.unit, is_weighed=goods.is_weighed)}"

    def _marks(self, entry: "Entry") -> list[str]:
        marks = ["reversed"] if entry.is_reversed else []
        marks += [] if entry.is_counted else ["twice"]
        return [self.say(f"statement.mark.{mark}") for mark in marks]
