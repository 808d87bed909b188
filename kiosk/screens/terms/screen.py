"""On what terms goods are handed out: their price by day, with who set it and why.

For the secretary, with scanner and number pad: scan goods, see what holds, set what holds from a day on.
"""

from typing import TYPE_CHECKING, ClassVar, Final

from textual.widgets import Static

from kiosk import codes, keys
from kiosk.errors import Refused
from kiosk.locale import figures
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.terms import pricing
from kiosk.screens.terms.state import TermsState
from kiosk.screens.widgets.figure import Figure
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.domain.goods import Goods
    from kiosk.domain.terms import Terms
    from kiosk.station import Heard, Station

SHOWN_PRICES: Final = 6


class TermsScreen(DeskScreen, inherit_bindings=False):
    """Scan goods: what they cost from when; + sets a new price."""

    CSS = """
    #terms-next { height: 1; width: 100%; margin: 1 0; padding: 0 1; }
    #terms-next { background: $primary; color: $background; text-style: bold; }
    """
    BINDINGS: ClassVar = keys.bindings("terms.price", "shell.back")
    takes = (codes.Goods, codes.WeighedGoods)

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

    def draw(self) -> None:
        """Show the state."""
        terms = self.state.terms
        self._put("title", self.say("terms.title") if terms is None else terms.goods.name)
        self._put("told", self.state.told)
        self._put("next", self.say("terms.next.scan" if terms is None else "terms.next.goods"))
        self._put("rows", "" if terms is None else "\n".join(self._rows(terms)))
        figure = self.query_one(Figure)
        figure.display = terms is not None
        if terms is not None:
            price = "-" if terms.goods.points is None else figures.points(terms.goods.points)
            figure.show(price, self.say("terms.today"), self.say("terms.unit", unit=terms.goods.unit))
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer a new price for goods that are there."""
        return {"price": self.state.terms is not None}.get(action, True)

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

    def action_back(self) -> None:
        """Put the goods away; without any go back."""
        if self.state.terms is None:
            self.dismiss()
        else:
            self.go(TermsState())

    async def show(self, goods: "Goods", told: str = "") -> None:
        """Look up the terms of goods and show them with what was set."""
        from kiosk.domain.terms import show_terms

        self.go(TermsState(await self.station.read(show_terms, goods.item_id), told))

    def go(self, state: TermsState) -> None:
        """Go to another state and show it."""
        self.state = state
        if self.is_standing:
            self.draw()

    def _rows(self, terms: "Terms") -> "Iterable[str]":
        yield from pricing.price_rows(terms.prices[:SHOWN_PRICES], self.station.texts)

    def _put(self, name: str, text: str) -> None:
        self.query_one(f"#terms-{name}", Static).update(text)
