"""The shelf: goods come in, are counted, are written off; for whoever stands at the desk, with scanner and number pad.

A delivery is written whole, when all of it was scanned; a count at once. What lowers the book waits for a signature.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on
from textual.widgets import Static

from kiosk import codes, keys
from kiosk.errors import Refused
from kiosk.locale import figures
from kiosk.locale.amount import amount
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.day import DayModal
from kiosk.screens.stock import errands, ordering, papers
from kiosk.screens.stock.state import Line, Mode, StockState
from kiosk.screens.widgets.number_entry import NumberEntry, hundredths_of
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from db.facts.shop import LoweringReason
    from kiosk.domain.goods import Goods
    from kiosk.station import Heard, Station

SHOWN_LINES: Final = 8
REASONS: "Final[tuple[LoweringReason, ...]]" = ("expired", "damaged", "other")


ENTRY: Final = {Mode.RECEIVE: "stock.arrived", Mode.COUNT: "stock.counted", Mode.WRITE_OFF: "stock.gone"}


class StockScreen(DeskScreen, inherit_bindings=False):
    """Scan, type how many, +; when all of a delivery is there, + again."""

    CSS = """
    #stock-next { height: 1; width: 100%; margin: 1 0; padding: 0 1; }
    #stock-next { background: $primary; color: $background; text-style: bold; }
    """
    BINDINGS: ClassVar = keys.bindings(
        *("stock.finish", "stock.until", "stock.cost", "till.provisional", "stock.same_goods"),
        *("stock.source", "stock.sort", "stock.more", "shell.back"),
    )
    takes = (codes.Goods, codes.WeighedGoods)

    def __init__(self, station: "Station") -> None:
        """Begin with goods coming in."""
        super().__init__(station)
        self.state: StockState = StockState()
        self._expiring = self._low = 0

    def compose_body(self) -> "Iterable[Widget]":
        """Give title, what is asked, the entry, the next step, and the lines."""
        yield Static("", id="stock-title", classes="title", markup=False)
        yield Static("", id="stock-asked", classes="line", markup=False)
        yield NumberEntry(longest=6, decimals=2)
        yield Static("", id="stock-next", markup=False)
        yield Static("", id="stock-rows", classes="line", markup=False)

    def on_mount(self) -> None:
        """Look what is to be watched."""
        self.work(self._look())

    def draw(self) -> None:
        """Show the state."""
        state = self.state
        self._put("title", "  ".join(self._title()))
        self._put("asked", self._asked())
        self._put("next", self.say(self._next()))
        self._put("rows", "\n".join(self._rows()))
        entry = self.query_one(NumberEntry)
        entry.display = state.asked is not None
        self.set_focus(entry if entry.display else None)
        self.refresh_bindings()

    def offers(self, action: str) -> bool:
        """Offer what means something now."""
        state = self.state
        has_lines = bool(state.lines) and state.asked is None
        is_idle = state.unknown is None and state.asked is None
        is_wish = state.mode is Mode.WISH
        return {
            "finish": has_lines,
            "until": has_lines,
            "cost": has_lines,
            "provisional": state.unknown is not None,
            "same_goods": state.unknown is not None,
            "source": is_idle and has_lines,
            "sort": is_idle and is_wish,
            "more": is_idle and not has_lines and not is_wish,
        }.get(action, True)

    async def take_scan(self, heard: "Heard") -> None:
        """Ask how many of the goods that were scanned."""
        from kiosk.domain.enquiry import ask_price

        typed = self.query_one(NumberEntry).typed
        if self.state.asked is not None and typed:
            raise Refused("quantity_waits", quantity=typed)
        code: codes.Goods | codes.WeighedGoods = heard.code  # type: ignore[assignment]  # because `takes` names these two
        found = await self.station.read(ask_price, code.gtin)
        if not found and self.state.mode is Mode.WISH:
            await ordering.wish(self, code=code.gtin)
            return
        if not found:
            self.go(replace(self.state, unknown=code.gtin, asked=None, told=()))
            raise Refused("goods_unknown", barcode=code.gtin.lstrip("0"))
        chosen: int | None = 0
        if len(found) > 1:
            chosen = await self.ask(ChoiceModal(self.station, self.say("stock.which"), [each.name for each in found]))
        if chosen is not None:
            await self._use(found[chosen])

    async def _use(self, goods: "Goods") -> None:
        """Do with scanned goods what the mode is about."""
        state = self.state
        if state.mode is Mode.WISH:
            await ordering.wish(self, goods)
        elif state.mode is Mode.LABEL:
            await papers.print_label(self, goods)
        elif state.joining is not None:
            await ordering.join_code(self, state.joining, goods)
        else:
            self.ask_number(goods)

    @on(NumberEntry.Entered)
    def take_number(self, message: NumberEntry.Entered) -> None:
        """Take how many came, lie there, or are gone."""
        self.work(self._take(message.text))

    def action_finish(self) -> None:
        """Put the delivery on the shelf."""
        self.work(self._finish())

    def action_until(self) -> None:
        """Ask until when the last goods are good."""
        self.work(self._ask_until())

    def action_cost(self) -> None:
        """Ask what the delivery cost."""
        self.work(self._ask_cost())

    def action_provisional(self) -> None:
        """Make provisional goods of the code nobody knows."""
        self.work(self._make_provisional())

    def action_same_goods(self) -> None:
        """Let the code nobody knows be a further one of goods that are scanned next."""
        self.go(replace(self.state, joining=self.state.unknown, unknown=None, told=()))

    def action_source(self) -> None:
        """Ask where the delivery comes from."""
        self.work(errands.ask_source(self))

    def action_sort(self) -> None:
        """Ask which sort of goods is wished for."""
        self.work(ordering.wish_sort(self))

    def action_more(self) -> None:
        """Ask what else is to be done."""
        self.work(errands.ask_more(self))

    def action_back(self) -> None:
        """Take back the last thing; with nothing left go back to the menu."""
        state = self.state
        if state.asked is not None or state.unknown is not None or state.joining is not None:
            self.go(replace(state, asked=None, unknown=None, joining=None))
        elif state.lines:
            self.go(replace(state, lines=state.lines[:-1]))
        else:
            self.dismiss()

    async def _look(self) -> None:
        from kiosk.domain.stock import watch_stock

        watched = await self.station.read(watch_stock)
        self._expiring = sum(each.is_near_expiry for each in watched)
        self._low = sum(each.is_low for each in watched)
        self.draw()

    def ask_number(self, goods: "Goods") -> None:
        """Ask how many of goods, in boxes if the code of a box was scanned."""
        self.query_one(NumberEntry).clear()
        self.go(replace(self.state, asked=goods, unknown=None, told=()))

    async def _take(self, text: str) -> None:
        from kiosk.domain.goods import quantity_of

        goods = self.state.asked
        if goods is None:
            return
        try:
            quantity = quantity_of(goods, hundredths_of(text))
        except Refused:
            self.query_one(NumberEntry).clear()
            raise
        await {Mode.RECEIVE: self._add, Mode.COUNT: self._count, Mode.WRITE_OFF: self._write_off}[self.state.mode](
            goods, quantity
        )

    async def _add(self, goods: "Goods", quantity: int) -> None:
        if quantity == 0:
            raise Refused("number_out_of_range", least=1, most=999_999)
        self.go(replace(self.state, lines=(*self.state.lines, Line(goods, quantity)), asked=None))

    async def _count(self, goods: "Goods", counted: int) -> None:
        from kiosk.domain.stock import count_shelf

        done = await self.station.do(count_shelf, goods.item_id, counted, goods.stock)
        kind = "less" if done.waits else "right" if counted == done.booked else "more"
        values = {
            "item": goods.name,
            "amount": self.amount_of(goods, counted),
            "booked": self.amount_of(goods, done.booked),
        }
        self.go(replace(self.state, asked=None, told=((f"stock.count.{kind}", values),)))

    async def _write_off(self, goods: "Goods", quantity: int) -> None:
        from kiosk.domain.stock import write_off

        reasons = [self.say(f"stock.reason.{reason}") for reason in REASONS]
        chosen = await self.ask(ChoiceModal(self.station, self.say("stock.ask.reason"), reasons))
        if chosen is None:
            return
        await self.station.do(write_off, goods.item_id, quantity, REASONS[chosen])
        told = ("stock.written_off", {"item": goods.name, "amount": self.amount_of(goods, quantity)})
        self.go(replace(self.state, asked=None, told=(told,)))

    async def _finish(self) -> None:
        from kiosk.domain.delivery import Arrived, receive_delivery

        state = self.state
        arrived = [Arrived(line.goods.item_id, line.quantity, line.best_before) for line in state.lines]
        stocked = await self.station.do(receive_delivery, arrived, state.source, state.cost)
        there: list[tuple[str, dict[str, Any]]] = [
            ("stock.now_there", {"item": each.name, "amount": self.amount_of(each, each.stock)})
            for each in stocked.goods
        ]
        first: list[tuple[str, dict[str, Any]]] = [
            ("stock.sell_first", {"item": line.goods.name, "day": line.goods.best_before})
            for line in state.lines
            if line.best_before is not None and _lasts_longer(line)
        ]
        said = [("stock.stocked", {"kinds": len(stocked.goods)}), *first, *there]
        self.go(StockState(told=tuple(said[: SHOWN_LINES + 1])))

    async def _ask_until(self) -> None:
        if not self.state.lines:
            return
        *before, last = self.state.lines
        day = await self.ask(DayModal(self.station, self.say("stock.ask.until", item=last.goods.name)))
        if day is not None and day < (self.station.day or ""):
            raise Refused("best_before_passed", item=last.goods.name, day=day)
        if day is not None:
            self.go(replace(self.state, lines=(*before, replace(last, best_before=day))))

    async def _ask_cost(self) -> None:
        cost = await errands.ask_cost(self)
        if cost is not None:
            self.go(replace(self.state, cost=cost))

    async def _make_provisional(self) -> None:
        from kiosk.domain.goods import register_provisional

        if self.state.unknown is not None:
            self.ask_number(
                await self.station.do(register_provisional, self.state.unknown, self.say("till.provisional"))
            )

    def go(self, state: StockState) -> None:
        """Go to another state and show it."""
        self.state = state
        if self.is_standing:
            self.draw()

    def _put(self, name: str, text: str) -> None:
        self.query_one(f"#stock-{name}", Static).update(text)

    def _asked(self) -> str:
        state = self.state
        if state.asked is None:
            return ""
        asked = self.say(ENTRY[state.mode], **_named(state.asked))
        if not state.asked.is_box:
            return asked
        return self.say("stock.in_boxes", asked=asked, amount=self.amount_of(state.asked, state.asked.pieces))

    def _title(self) -> "Iterable[str]":
        state = self.state
        yield self.say(f"stock.title.{state.mode.value}")
        if state.lines:
            yield self.say("stock.source_of", source=self.say(f"stock.source.{state.source}"))
            cost = state.cost
            yield self.say("stock.cost_later") if cost is None else self.say("stock.cost_of", cost=figures.yuan(cost))

    def _next(self) -> str:
        if self.state.asked is not None:
            return "stock.next.entry"
        if self.state.unknown is not None:
            return "stock.provisional"
        if self.state.joining is not None:
            return "stock.next.joining"
        return "stock.next.receive_more" if self.state.lines else f"stock.next.{self.state.mode.value}"

    def _rows(self) -> list[str]:
        rows = [self.say(key, **values) for key, values in self.state.told]
        for line in self.state.lines[-SHOWN_LINES:]:
            key = "stock.line" if line.best_before is None else "stock.line_until"
            shown = {"amount": self.amount_of(line.goods, line.quantity), "item": line.goods.name}
            rows.append(self.say(key, day=line.best_before or "", **shown))
        if not rows and self.offers("more") and (self._expiring or self._low):
            rows.append(self.say("stock.watched", expiring=self._expiring, low=self._low))
        return rows

    def amount_of(self, goods: "Goods", quantity: int) -> str:
        """Write how many of some goods."""
        return amount(self.station.texts, quantity, goods.unit, is_weighed=goods.is_weighed)


def _lasts_longer(line: Line) -> bool:
    """Whether goods of a delivery are good for longer than what lies on the shelf."""
    day, until = line.goods.best_before, line.best_before
    return line.goods.stock > 0 and day is not None and until is not None and day < until


def _named(goods: "Goods") -> dict[str, str]:
    return {"item": goods.name, "unit": goods.unit}
