"""The money behind the points: how long the shop can go on, and when promises outgrow what there is.

For the secretary: money that came in is noted here; purchases come from the deliveries.
"""

from typing import TYPE_CHECKING, ClassVar, Final

from textual.content import Content
from textual.widgets import Static

from kiosk import keys
from kiosk.errors import Refused
from kiosk.locale import figures
from kiosk.rights import Right
from kiosk.screens.modals.amount import YUAN_DIGITS, AmountModal
from kiosk.screens.modals.choice import ChoiceModal
from kiosk.screens.modals.confirm import ConfirmModal
from kiosk.screens.modals.ledger import hand_out_ledger
from kiosk.screens.widgets import bars
from kiosk.screens.widgets.bars import Bar, Picture, Row
from kiosk.screens.widgets.figure import Figure
from kiosk.shell import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from db.facts.fund import FundSource
    from kiosk.domain.fund import Fund
    from kiosk.station import Station

SOURCES: "Final[tuple[FundSource, ...]]" = ("grant", "donation", "village", "other")
MOST_WEEKS: Final = 520


class FundScreen(DeskScreen, inherit_bindings=False):
    """Weeks large, what they are made of below, and week by week points issued and redeemed, and what they left."""

    CSS = """
    FundScreen .title { margin: 0; }
    #fund-weeks { margin: 1 0 0 0; }
    """

    BINDINGS: ClassVar = keys.bindings("fund.receive", "fund.take_back", "fund.ledger", "shell.back")
    needs: ClassVar = {"receive": Right.MANAGE_FUND, "take_back": Right.MANAGE_FUND}

    def __init__(self, station: "Station") -> None:
        """Begin without knowing."""
        super().__init__(station)
        self._fund: Fund | None = None
        self._told = ""

    def compose_body(self) -> "Iterable[Widget]":
        """Give title, weeks, what they are made of, the warning, and week by week what happened."""
        yield Static(self.say("fund.title"), classes="title", markup=False)
        yield Figure(self.say("fund.lasts"), "", self.say("fund.weeks"))
        for name in ("sums", "warning", "told"):
            yield Static("", id=f"fund-{name}", classes="line", markup=False)
        yield Static("", id="fund-weeks", markup=False)

    def on_mount(self) -> None:
        """Look how the shop stands."""
        self.work(self._look())

    def on_resize(self) -> None:
        """Draw the weeks as wide as there is room."""
        self.draw()

    def draw(self) -> None:
        """Show how the shop stands."""
        fund = self._fund
        figure = self.query_one(Figure)
        figure.display = fund is not None and fund.weeks is not None
        self.query_one("#fund-told", Static).display = bool(self._told)
        if fund is None:
            return
        if fund.weeks is not None:
            figure.show(str(min(fund.weeks, MOST_WEEKS)), self.say("fund.lasts"), self.say("fund.weeks"))
        self._put("sums", "\n".join(self._sums(fund)))
        self._put("warning", self._warning(fund))
        self._put("told", self._told)
        self._draw_weeks(fund)

    def action_receive(self) -> None:
        """Note money that came in."""
        self.work(self._receive())

    def action_take_back(self) -> None:
        """Take back money that was noted wrongly."""
        self.work(self._take_back())

    def action_ledger(self) -> None:
        """Write the fund ledger of some days."""
        self.work(self._hand_out())

    async def _look(self) -> None:
        from kiosk.domain.fund import show_fund

        self._fund = await self.station.read(show_fund)
        if self.is_standing:
            self.draw()

    async def _receive(self) -> None:
        from kiosk.domain.fund import START_FEN, receive_funds

        sources = [self.say(f"fund.source.{source}") for source in SOURCES]
        chosen = await self.ask(ChoiceModal(self.station, self.say("fund.ask.source"), sources))
        if chosen is None:
            return
        title = self.say("fund.ask.amount", source=sources[chosen])
        usual = str(START_FEN // 100) if self._is_beginning(SOURCES[chosen]) else ""
        amount = await self.ask(AmountModal(self.station, title, self.say("common.yuan"), YUAN_DIGITS, usual))
        if amount is None:
            return
        await self.station.do(receive_funds, SOURCES[chosen], amount)
        self._told = self.say("fund.received", source=sources[chosen], amount=figures.yuan(amount))
        await self._look()

    async def _take_back(self) -> None:
        from kiosk.domain.fund import list_funds, reverse_funds

        listed = await self.station.read(list_funds)
        if not listed:
            raise Refused("no_funds_yet")
        shown = [
            self.say(
                "fund.ask.entry", day=each.day, source=self.say(f"fund.source.{each.source}"),
                amount=figures.yuan(each.amount),
            )
            for each in listed
        ]  # fmt: skip
        chosen = await self.ask(ChoiceModal(self.station, self.say("fund.ask.which"), shown))
        if chosen is None or not await self.ask(
            ConfirmModal(self.station, self.say("fund.ask.take_back"), shown[chosen])
        ):
            return
        await self.station.do(reverse_funds, listed[chosen].received_id)
        self._told = self.say("fund.taken_back", entry=shown[chosen])
        await self._look()

    async def _hand_out(self) -> None:
        self._told = await hand_out_ledger(self, "fund") or ""
        self.draw()

    def _is_beginning(self, source: "FundSource") -> bool:
        """Whether this is the money a shop begins with."""
        return source == "grant" and self._fund is not None and not self._fund.books.received_fen

    def _sums(self, fund: "Fund") -> "Iterable[str]":
        books = fund.books
        yield self.say("fund.cash", cash_fen=books.cash_fen, received_fen=books.received_fen, spent_fen=books.spent_fen)
        yield self.say(
            "fund.books", shelf_fen=books.shelf_fen, redeemed_fen=books.redeemed_fen, lost_fen=books.lost_fen
        )
        yield self.say("fund.shelf", shelf_fen=fund.shelf_fen, promised_fen=fund.promised_fen)
        if fund.uncosted:
            yield self.say("fund.uncosted", count=fund.uncosted)

    def _warning(self, fund: "Fund") -> Content:
        if fund.is_short:
            return self._warned("fund.short", missing_fen=fund.promised_fen - fund.means_fen)
        if fund.is_warning:
            return self._warned("fund.soon_short", weeks=fund.covered_weeks)
        if fund.weeks is None:
            return Content(self.say("fund.idle"))
        return Content(self.say("fund.covered", weeks=min(fund.weeks, MOST_WEEKS)))

    def _warned(self, key: str, **values: object) -> Content:
        return Content.styled(self.say(key, **values), "bold $refusal")

    def _draw_weeks(self, fund: "Fund") -> None:
        drawn = self.query_one("#fund-weeks", Static)
        width = drawn.size.width
        if not width:
            return
        rows = [
            Row(
                week.last[5:],
                (
                    Bar(week.issued_points, figures.points(week.issued_points), "goods"),
                    Bar(week.redeemed_points, figures.points(week.redeemed_points), "card"),
                ),
                self._lasted(week.cover),
            )
            for week in fund.last_weeks
        ]
        head = Content.assemble(
            self.say("fund.by_week"), ("  ■ ", "$goods"), self.say("report.legend.issued"),
            ("  ■ ", "$card"), self.say("report.legend.redeemed"),
        )  # fmt: skip
        drawn.update(Content("\n").join([head if rows else Content(""), *bars.draw(Picture(tuple(rows)), width)]))

    def _lasted(self, weeks: int | None) -> str:
        return "" if weeks is None else self.say("fund.cover", weeks=min(weeks, MOST_WEEKS))

    def _put(self, name: str, text: str | Content) -> None:
        self.query_one(f"#fund-{name}", Static).update(text)
