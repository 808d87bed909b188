"""On what terms goods are handed out: price by day, with who set it and why, how many one may have, on which days.

For the secretary, with scanner and number pad: scan goods, see what holds, set what holds from a day on.
"""

from typing import TYPE_CHECKING, ClassVar, Final

from textual.widgets import Static

from kiosk import codes, keys
from kiosk.errors import Refused
from kiosk.locale import figures
from kiosk.rights import Right
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.terms import days, limiting, pricing
from kiosk.screens.terms.state import TermsState
from kiosk.screens.widgets.figure import Figure
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from textual.widget import Widget

    from kiosk.domain.goods import Goods
    from kiosk.station import Heard, Station

SHOWN_PRICES: Final = 4


class TermsScreen(DeskScreen, inherit_bindings=False):
    """Scan goods: what they cost from when, how many one may have; + sets a price, * a limit, / does the rest."""

    CSS = """
    #terms-next { height: 1; width: 100%; margin: 1 0; padding: 0 1; }
    #terms-next { background: $primary; color: $background; text-style: bold; }
    """
    BINDINGS: ClassVar = keys.bindings("terms.price", "terms.limit", "terms.more", "shell.back")
    takes = (codes.Goods, codes.WeighedGoods)
    needs: ClassVar = {"price": Right.MANAGE_GOODS, "limit": Right.MANAGE_GOODS, "more": Right.MANAGE_GOODS}

    def __init__(self, station: "Station") -> None:
        """Begin without goods."""
        super().__init__(station)
        self.state: TermsState = TermsState()

    def compose_body(self) -> "Iterable[Widget]":
        """Give title, the price of today, what was set, the next step, and the prices by day."""
        yield Static("", id="terms-title", classes="title", markup=False)
        yield Figure("", "", "")
        yield Static("", id="terms-told", classes="line", markup=False)
        yield Static("", id="terms-next", markup=False)
        yield Static("", id="terms-rows", classes="line", markup=False)

    def on_mount(self) -> None:
        """Look what holds of all goods."""
        self.work(self.show(None))

    def draw(self) -> None:
        """Show the state."""
        terms = self.state.terms
        self._put("title", self.say("terms.title") if terms is None else terms.goods.name)
        self._put("told", self.state.told)
        self._put("next", self.say("terms.next.scan" if terms is None else "terms.next.goods"))
        self._put("rows", "\n".join(self._rows()))
        figure = self.query_one(Figure)
        figure.display = terms is not None
        if terms is not None:
            price = "-" if terms.goods.points is None else figures.points(terms.goods.points)
            figure.show(price, self.say("terms.today"), self.say("terms.unit", unit=terms.goods.unit))
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer price and limit for goods that are there."""
        has_goods = self.state.terms is not None
        return {"price": has_goods, "limit": has_goods}.get(action, True)

    async def take_scan(self, heard: "Heard") -> None:
        """Show the terms of the goods that were scanned."""
        from kiosk.domain.enquiry import ask_price

        code: codes.Goods | codes.WeighedGoods = heard.code  # type: ignore[assignment]  # because `takes` names these two
        found = await self.station.read(ask_price, code.gtin)
        if not found:
            raise Refused("goods_unknown_here", barcode=code.gtin.lstrip("0"))
        chosen: int | None = 0
        if len(found) > 1:
            chosen = await self.ask(ChoiceModal(self.station, self.say("stock.which"), [each.name for each in found]))
        if chosen is not None:
            await self.show(found[chosen])

    def action_price(self) -> None:
        """Set a new price."""
        self.work(pricing.set_price_of(self))

    def action_limit(self) -> None:
        """Set a limit of the goods."""
        if self.state.terms is not None:
            self.work(limiting.set_limit_of(self, self.state.terms.goods))

    def action_more(self) -> None:
        """Ask what else is to be done."""
        self.work(self._ask_more())

    def action_back(self) -> None:
        """Put the goods away; without any go back."""
        if self.state.terms is None:
            self.dismiss()
        else:
            self.work(self.show(None))

    async def show(self, goods: "Goods | None", told: str = "") -> None:
        """Look up the terms of goods, or of all goods, and show them with what was set."""
        from kiosk.domain.terms import show_general_terms, show_terms

        if goods is None:
            self.go(TermsState(None, told, await self.station.read(show_general_terms)))
        else:
            self.go(TermsState(await self.station.read(show_terms, goods.item_id), told))

    def go(self, state: TermsState) -> None:
        """Go to another state and show it."""
        self.state = state
        if self.is_standing:
            self.draw()

    def _rows(self) -> "Iterable[str]":
        terms, general, texts = self.state.terms, self.state.general, self.station.texts
        if terms is not None:
            yield from limiting.limit_rows(terms.limits, terms.coming, terms.goods, texts)
            yield from pricing.price_rows(terms.prices[:SHOWN_PRICES], texts)
        elif general is not None:
            yield from limiting.limit_rows(general.limits, general.coming, None, texts)
            yield from days.day_rows(general, texts)

    async def _ask_more(self) -> None:
        """With goods at hand take one of their limits back; without, what concerns all goods."""
        terms = self.state.terms
        goods = None if terms is None else terms.goods
        errands = OF_ALL if goods is None else OF_GOODS
        names = [self.say(f"terms.more.{name}") for name in errands]
        chosen = await self.ask(ChoiceModal(self.station, self.say("terms.ask.more"), names))
        if chosen is not None:
            await errands[list(errands)[chosen]](self, goods)

    def _put(self, name: str, text: str) -> None:
        self.query_one(f"#terms-{name}", Static).update(text)


OF_GOODS: "Final[Mapping[str, Callable[[TermsScreen, Goods | None], Awaitable[None]]]]" = {
    "withdraw": limiting.withdraw_limit_of
}
OF_ALL: "Final[Mapping[str, Callable[[TermsScreen, Goods | None], Awaitable[None]]]]" = {
    "limit_all": limiting.set_limit_of,
    "withdraw_all": limiting.withdraw_limit_of,
    "opening_days": days.set_opening_days_of,
    "exchange_day": days.call_exchange_day,
    "exchange_off": days.call_exchange_day_off,
}
"""What may be wanted beside price and limit: with goods at hand, and without."""
