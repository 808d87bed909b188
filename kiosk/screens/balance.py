"""What there is and what it costs: for a villager who asks at the desk. From here one step leads on to the till.

A card shows its household's points and last entries, goods show price and stock. Goods after a card, a card after
goods, and whatever comes second of the goods, go on to the till together, so that nothing is scanned twice.
"""

import asyncio
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import codes, keys
from kiosk.domain.counter import recognise_card
from kiosk.domain.enquiry import ask_price
from kiosk.domain.goods import points_for
from kiosk.domain.objection import objections_of
from kiosk.domain.statement import show_account
from kiosk.errors import Refused
from kiosk.locale import figures
from kiosk.locale.amount import amount
from kiosk.screens.widgets.account import balance_paper, entry_line, total_of, with_person
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.figure import Figure
from kiosk.screens.widgets.limit_row import limit_row
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.timer import Timer
    from textual.widget import Widget

    from kiosk.domain.allowance import Limit
    from kiosk.domain.counter import Recognised
    from kiosk.domain.goods import Goods
    from kiosk.domain.objection import ObjectionShown
    from kiosk.domain.statement import Account
    from kiosk.station import Heard, Station

REST_SECONDS: Final = 60.0
"""So long what a household has stands on the screen if nobody comes."""
SHOWN_OBJECTIONS: Final = 2


class BalanceScreen(DeskScreen, inherit_bindings=False):
    """One household, or one kind of goods; the next card simply takes the place of the last."""

    CSS = """
    #balance-next { height: 1; width: 100%; margin: 1 0; padding: 0 1; }
    #balance-next { background: $primary; color: $background; text-style: bold; }
    BalanceScreen ChoiceList { text-wrap: nowrap; text-overflow: ellipsis; }
    """
    BINDINGS: ClassVar = keys.bindings("balance.redeem", "till.balance_slip", "balance.missing", "shell.back")
    takes = (codes.PersonCard, codes.HouseholdCard, codes.BookCode, codes.Goods, codes.WeighedGoods)

    def __init__(self, station: "Station") -> None:
        """Begin with nothing: the first scan is on its way."""
        super().__init__(station)
        self._heard: Heard | None = None
        self._found: Recognised | None = None
        self._account: Account | None = None
        self._objections: tuple[ObjectionShown, ...] = ()
        self._goods: Goods | None = None
        self._limits: tuple[Limit, ...] = ()
        self._grams: int | None = None
        self._slip = ""
        self._ending: Timer | None = None
        self._is_there = asyncio.Event()

    def compose_body(self) -> "Iterable[Widget]":
        """Give name, figure, what it is made of, the next step, and the last entries."""
        yield Static("", id="balance-who", classes="title", markup=False)
        yield Figure()
        yield Static("", id="balance-sum", classes="line", markup=False)
        yield Static("", id="balance-next", markup=False)
        yield Static("", id="balance-rows", classes="line", markup=False)
        yield ChoiceList()

    def on_mount(self) -> None:
        """Begin to listen: the first scan comes with the screen."""
        self._is_there.set()

    def draw(self) -> None:
        """Show the household, or the goods."""
        is_household = self._account is not None
        who, figure, label = self._of_household() if is_household else self._of_goods()
        self.query_one("#balance-who", Static).update(who)
        self.query_one(Figure).show(figure, self.say(label), self.say("balance.unit"))
        self.query_one("#balance-sum", Static).update(self._slip or self._sum())
        self.query_one("#balance-next", Static).update(self.say(self._next()))
        self.query_one("#balance-rows", Static).update("\n".join(self._rows()))
        entries = self.query_one(ChoiceList)
        entries.display = is_household
        entries.show(self._entries())
        self.set_focus(entries if is_household else None)
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer the slip of a household; nothing goes on to the till before something was scanned."""
        has_account = self._account is not None
        offered = {"balance_slip": has_account, "missing": has_account, "redeem": self._heard is not None}
        return offered.get(action, True)

    async def take_scan(self, heard: "Heard") -> None:
        """Show what was scanned, or go on to the till with it and what was scanned before."""
        await self._is_there.wait()
        self._rest()
        match heard.code:
            case codes.BookCode():
                self._go_on(heard)
            case codes.PersonCard() | codes.HouseholdCard() if self._goods is None:
                await self._take_card(heard, heard.code.number)
            case codes.Goods() | codes.WeighedGoods() if self._heard is None:
                await self._take_goods(heard, heard.code)
            case _:
                self._go_on(heard)

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Explain an entry of the household."""
        if self._account is not None:
            self.work(self._explain(self._account, self._account.entries[message.index].entry_id))

    def action_redeem(self) -> None:
        """Go on to the till with what is on show."""
        self._go_on()

    def action_missing(self) -> None:
        """Note that the household misses an entry."""
        if self._account is not None:
            self.work(self._note_missing(self._account))

    def action_balance_slip(self) -> None:
        """Print the balance; nobody waits for the printer."""
        if self.station.slips.state == "none":
            self.refuse(Refused("printer_missing"))
        elif self._account is not None:
            self.run_worker(self._print(self._account), group="slip")

    async def _take_card(self, heard: "Heard", number: str) -> None:
        is_typed = heard.scan.wire.value == "typed"
        found = await self.station.read(recognise_card, number, "typed" if is_typed else "card")
        self._found, self._heard, self._slip = found, heard, ""
        await self._look(found.household.household_id)

    async def _look(self, household_id: int) -> None:
        self._objections = await self.station.read(objections_of, household_id)
        self._account = await self.station.read(show_account, household_id)
        self.draw()

    async def _note_missing(self, account: "Account") -> None:
        from kiosk.domain.objection import raise_objection
        from kiosk.screens.modals.confirm import ConfirmModal
        from kiosk.screens.widgets.entry_papers import objection_paper, print_paper

        household = account.household
        question = self.say("balance.ask_missing", name=household.name)
        if await self.ask(ConfirmModal(self.station, question, self.say("balance.missing_detail"))):
            raised = await self.station.do(raise_objection, household.household_id, None, "missing")
            print_paper(self, objection_paper(self.station, raised))
            self._slip = self.say("objection.told.raised", number=raised.number)
        self._rest()
        await self._look(household.household_id)

    async def _explain(self, account: "Account", entry_id: int) -> None:
        from kiosk.screens.modals.entry import EntryModal

        household_id = account.household.household_id
        self._slip = await self.ask(EntryModal(self.station, entry_id, household_id)) or ""
        self._rest()
        await self._look(household_id)

    async def _take_goods(self, heard: "Heard", code: "codes.Goods | codes.WeighedGoods") -> None:
        from kiosk.domain.terms import limits_of

        found = await self.station.read(ask_price, code.gtin)
        if len(found) != 1 or self._asks(found[0], code):
            self._go_on(heard)
            return
        self._grams = code.grams if isinstance(code, codes.WeighedGoods) else None
        self._goods, self._heard = found[0], heard
        self._limits, _coming = await self.station.read(limits_of, found[0].item_id)
        self.draw()

    def _asks(self, goods: "Goods", code: "codes.Goods | codes.WeighedGoods") -> bool:
        """Say whether the till has a question or a refusal about these goods: it must come at their own scan."""
        if isinstance(code, codes.WeighedGoods):
            return not goods.is_weighed
        day = self.station.day or ""
        return code.best_before is not None or (goods.best_before is not None and goods.best_before < day)

    def _go_on(self, *heard: "Heard") -> None:
        """Leave for the till, which hears what is on show first; a book code brings its own household."""
        is_other = heard and isinstance(heard[0].code, codes.BookCode) and self._goods is None
        before = () if self._heard is None or is_other else (self._heard,)
        self.dismiss()
        self.hand_on("till", *before, *heard)

    async def _print(self, account: "Account") -> None:
        name, build = balance_paper(self.station, account)
        self._say_of_slip(account, self.say("balance.slip_printing"))
        try:
            trouble = await self.station.slips.bring_out(name, build)
        except Refused as refused:
            self._say_of_slip(account, "")
            if self.is_standing:
                self.refuse(refused)
            return
        if trouble is None:
            self._say_of_slip(account, self.say("till.told.slip"))
        else:
            printer = self.say(f"common.printer.{trouble}")
            self._say_of_slip(account, self.say("balance.slip_waits", printer=printer))

    def _say_of_slip(self, account: "Account", words: str) -> None:
        if self._account is account and self.is_standing:
            self._slip = words
            self.draw()

    def _rest(self) -> None:
        """Hide what a household has when nobody comes for a while."""
        if self._ending is not None:
            self._ending.stop()
        self._ending = self.set_timer(REST_SECONDS, self._end)

    def _end(self) -> None:
        if self.is_current:
            self.dismiss()

    def _of_household(self) -> tuple[str, str, str]:
        if self._found is None or self._account is None:
            return "", "", "balance.redeemable"
        who = with_person(self._found.household, self._found.person_name, self.station.texts)
        return who, figures.points(self._account.redeemable_points), "balance.redeemable"

    def _of_goods(self) -> tuple[str, str, str]:
        goods = self._goods
        if goods is None:
            return "", "", "balance.price"
        quantity = goods.per if self._grams is None else self._grams
        one = amount(self.station.texts, 1, goods.unit, is_weighed=False)
        how_much = one if quantity == goods.per else self._amount(goods, quantity)
        points = "" if goods.points is None else figures.points(points_for(goods.points, quantity, goods.per))
        return self.say("balance.goods", item=goods.name, amount=how_much), points, "balance.price"

    def _sum(self) -> str:
        if self._account is not None:
            return total_of(self._account, self.station.texts)
        if self._goods is None:
            return ""
        return self.say("balance.stock", amount=self._amount(self._goods, self._goods.stock))

    def _next(self) -> str:
        if self._account is not None:
            return "balance.next_household"
        if self._goods is not None and self._goods.points is None:
            return "balance.next_unpriced"
        return "balance.next_goods"

    def _rows(self) -> list[str]:
        goods, rows = self._goods, [self._objection(each) for each in self._objections[:SHOWN_OBJECTIONS]]
        if goods is not None and goods.monthly_limit is not None:
            rows.append(self.say("balance.limit", amount=self._amount(goods, goods.monthly_limit)))
        if goods is not None:
            rows.extend(limit_row(each, goods, self.station.texts) for each in self._limits)
        if goods is not None and goods.best_before is not None:
            rows.append(self.say("balance.best_before", day=goods.best_before))
        return rows

    def _entries(self) -> list[str]:
        entries = () if self._account is None else self._account.entries
        raised = {each.entry.entry_id: each for each in reversed(self._objections) if each.entry is not None}
        return [entry_line(each, raised.get(each.entry_id), self.station.texts) for each in entries]

    def _objection(self, objection: "ObjectionShown") -> str:
        answer = objection.answer
        state = "waits" if answer is None else "upheld" if answer.is_upheld else "declined"
        values = {
            "number": objection.number,
            "reason": self.say(f"objection.reason.{objection.reason}"),
            "state": self.say(f"objection.state.{state}"),
        }
        if answer is None:
            return self.say("balance.objection", **values)
        return self.say("balance.objection_answered", **values, reply=self.say(f"objection.reply.{answer.reply}"))

    def _amount(self, goods: "Goods", quantity: int) -> str:
        return amount(self.station.texts, quantity, goods.unit, is_weighed=goods.is_weighed)
