"""What comes back of a slip: lines by their digits, for each how many and where it goes."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.domain.returning import WASTE_REASONS, Brought
from kiosk.errors import Refused
from kiosk.locale import figures
from kiosk.locale.amount import amount
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.quantity import QuantityModal
from kiosk.screens.widgets.choice_list import ChoiceList
from kiosk.screens.widgets.figure import Figure
from kiosk.shell import Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from db.facts.returning import WasteReason
    from kiosk.domain.returning import ReturnableLine, ToReturn
    from kiosk.station import Station


class ReturnGoodsModal(Question[tuple[Brought, ...]], inherit_bindings=False):
    """The lines of a slip: a digit takes a line back, or leaves it after all; + hands over what was chosen."""

    # A full page of lines leaves room for a refusal on the smallest screen.
    CSS = """
    ReturnGoodsModal #question { width: 76; padding: 0 3; }
    ReturnGoodsModal ChoiceList { text-wrap: nowrap; text-overflow: ellipsis; }
    ReturnGoodsModal RefusalPanel { padding: 0 1; margin: 0; }
    """
    BINDINGS: ClassVar = keys.bindings("shell.accept", "shell.back")

    def __init__(self, station: "Station", found: "ToReturn") -> None:
        """Ask what comes back of ``found``."""
        super().__init__(station)
        self._found = found
        self._lines = tuple(line for line in found.lines if line.left > 0)
        self._brought: dict[int, Brought] = {}

    def compose_body(self) -> "Iterable[Widget]":
        """Give whose slip it is, the points that come back, what is said about them, and the lines."""
        shown = self._found.shown
        number = shown.redeemed.shown_number
        title = self.say("till.return.title", number=number, name=self._found.household.name)
        yield Static(title, classes="title", markup=False)
        yield Figure()
        yield Static("", id="return-said", classes="line", markup=False)
        yield ChoiceList(turn_page=self.say("common.turn_page"))

    def on_mount(self) -> None:
        """Show the lines."""
        self.query_one(ChoiceList).show([self._row(line) for line in self._lines])
        self.draw()

    def draw(self) -> None:
        """Show what was chosen so far, what it brings back, and whether somebody must sign."""
        points = self._found.points_of(tuple(self._brought.values()))
        waits = bool(self._brought) and self._found.waits(points)
        self.query_one(Figure).show(figures.points(points), self.say("till.return.back"), self.say("till.unit"))
        said = "till.return.signed" if waits else "till.return.choose"
        self.query_one("#return-said", Static).update(self.say(said))
        self.query_one(ChoiceList).reword([self._row(line) for line in self._lines])

    @on(ChoiceList.Chosen)
    def take_choice(self, message: ChoiceList.Chosen) -> None:
        """Ask how much of a line comes back and where it goes; a line that was chosen is left again."""
        line = self._lines[message.index]
        if self._brought.pop(line.line, None) is None:
            self.work(self._take(line))
        else:
            self.draw()

    def action_accept(self) -> None:
        """Answer with what was chosen."""
        if self._brought:
            self.dismiss(tuple(self._brought[place] for place in sorted(self._brought)))
        else:
            self.refuse(Refused("return_empty"))

    async def _take(self, line: "ReturnableLine") -> None:
        quantity = await self._ask_quantity(line)
        if quantity is None:
            return
        title = self.say("till.return.where", item=line.goods.name)
        places = [self.say("till.return.to_shelf"), self.say("till.return.to_waste")]
        where = await self.ask(ChoiceModal(self.station, title, places))
        if where is None:
            return
        reason = await self._ask_reason() if where else None
        if where and reason is None:
            return
        self._brought[line.line] = Brought(line.line, quantity, "waste" if where else "stock", reason)
        self.draw()

    async def _ask_quantity(self, line: "ReturnableLine") -> int | None:
        if line.left == 1:
            return 1
        left = self._amount(line, line.left)
        title = self.say("till.return.quantity", item=line.goods.name, left=left)
        unit = self.say("till.return.gram") if line.goods.is_weighed else line.goods.unit
        return await self.ask(QuantityModal(self.station, title, unit, most=line.left))

    async def _ask_reason(self) -> "WasteReason | None":
        reasons = [self.say(f"stock.reason.{reason}") for reason in WASTE_REASONS]
        chosen = await self.ask(ChoiceModal(self.station, self.say("stock.ask.reason"), reasons))
        return None if chosen is None else WASTE_REASONS[chosen]

    def _row(self, line: "ReturnableLine") -> str:
        brought = self._brought.get(line.line)
        values = {"item": line.goods.name, "amount": self._amount(line, line.left)}
        if brought is None:
            return self.say("till.return.line", **values)
        values["amount"] = self._amount(line, brought.quantity)
        key = "till.return.line_waste" if brought.to == "waste" else "till.return.line_shelf"
        return self.say(key, **values, back_points=line.points_of(brought.quantity))

    def _amount(self, line: "ReturnableLine", quantity: int) -> str:
        return amount(self.station.texts, quantity, line.goods.unit, is_weighed=line.goods.is_weighed)
