"""The till: for the attendant and the queue in front of the counter. Card, goods, confirm; all else beside it."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding
from textual.widgets import Static

from kiosk import codes, keys
from kiosk.domain.basket import is_basket_parked, kept_basket
from kiosk.domain.counter import reprice_basket
from kiosk.domain.goods import items_to_count
from kiosk.domain.home_delivery import count_undelivered
from kiosk.domain.shop import redeem_basket
from kiosk.domain.statement import show_account
from kiosk.errors import Refused
from kiosk.screens.till import arrivals, errands, moves, questions
from kiosk.screens.till.chores import EMPTY, BasketKeeper, Chores, SlipRunner
from kiosk.screens.till.face import Beside, Face, SlipState, face_of
from kiosk.screens.till.figure import figure_of
from kiosk.screens.till.moves import Wish
from kiosk.screens.till.offered import offered
from kiosk.screens.till.state import Phase, Scanned, TillState
from kiosk.shell import DeskScreen
from kiosk.station import Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.content import Content
    from textual.timer import Timer
    from textual.widget import Widget

    from kiosk.screens.till.moves import Reply
    from kiosk.station import Heard, Station

AFTERWARDS_SECONDS: Final = 0.03
"""What nobody waits for (the colour of a tone, the entries of an account) comes this long after the frame of a scan,
and is done before a hand can bring the next."""
DONE_SECONDS: Final = 20.0
"""How long a confirmed redemption stands on the screen if nobody comes next."""


class TillScreen(DeskScreen, inherit_bindings=False):
    """Takes cards, book codes, goods and the number pad in any order; ``moves`` says what they mean."""

    BINDINGS: ClassVar = [
        *(Binding(str(digit), f"digit('{digit}')", show=False) for digit in range(10)),
        *keys.bindings(
            "shell.accept", "till.undo", "shell.back", "till.quantity", "till.reprint", "till.balance_slip",
            "till.provisional", "till.more",
        ),
    ]  # fmt: skip
    takes = (
        *(codes.PersonCard, codes.HouseholdCard, codes.BookCode, codes.SlipCode),
        *(codes.Goods, codes.WeighedGoods, codes.Misread, codes.Unknown, codes.FoundHousehold),
    )

    def __init__(self, station: "Station") -> None:
        """Begin with an empty counter."""
        super().__init__(station)
        self.till_state: TillState = TillState()
        self.beside: Beside = Beside()
        self.basket_keeper: BasketKeeper = BasketKeeper(station, self._tell)
        self.slip_runner: SlipRunner = SlipRunner(station, self._hear_of_slips, self._tell)
        self._drawn: Face | None = None
        self._shown_offers: dict[str, bool] = {}
        self._is_ready = asyncio.Event()
        self._chores = Chores(self._tell)
        self._has_booked = False
        self._colour: Signal | None = None
        self._afterwards: Timer | None = None
        self._ending: Timer | None = None

    def compose_body(self) -> "Iterable[Widget]":
        """Give one line for each thing the face says."""
        self._drawn = None
        for name in ("who", "figure", "message", "next", "rows"):
            yield Static("", id=f"till-{name}", markup=False)

    def on_mount(self) -> None:
        """Bring back what a power cut left on the counter, then listen."""
        self.work(self._begin())

    def draw(self) -> None:
        """Put on the screen what changed, and nothing else: a scan must not wait for a new layout."""
        face = face_of(self.till_state, self.beside, self.station.texts)
        old, self._drawn = self._drawn, face
        if old is None or figure_parts(old) != figure_parts(face):
            self._put("figure", figure_of(face))
        for name in ("who", "message", "next"):
            if old is None or getattr(old, name) != getattr(face, name):
                self._put(name, getattr(face, name))
        if old is None or old.rows != face.rows:
            self._put("rows", "\n".join(face.rows))
        offers = self._offered()
        if offers != self._shown_offers:
            self._shown_offers = offers
            self.refresh_bindings()

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing is still to come that a scan or key has brought about."""
        return self._is_ready.is_set() and self._afterwards is None and not self._chores.is_busy

    def offers(self, action: str) -> bool:
        """Offer what means something now."""
        return self._offered().get(action, True)

    async def take_scan(self, heard: "Heard") -> None:
        """Act on a card, a book code, goods, or what is none of them."""
        await self._is_ready.wait()
        is_typed = heard.scan.wire.value == "typed"
        await arrivals.take_code(self, heard.code, Scanned(str(heard.code), heard.scan.at), is_typed=is_typed)

    def flash(self, signal: Signal) -> None:
        """Show the colour of a refusal at once, any other after the frame that shows what was scanned."""
        if signal is Signal.REFUSAL:
            super().flash(signal)
            return
        self._colour = signal
        if self._afterwards is not None:
            self._afterwards.stop()
        self._afterwards = self.set_timer(AFTERWARDS_SECONDS, self._look_after)

    def action_digit(self, digit: str) -> None:
        """Take a digit."""
        if self.till_state.phase is not Phase.CONFIRM:
            self.change(moves.type_digit(self.till_state, digit).state)

    def action_accept(self) -> None:
        """Confirm, or hand over the number that was typed."""
        self.work(self._follow(moves.press_plus))

    def action_undo(self) -> None:
        """Take away the last thing."""
        self.work(self._follow(moves.press_minus))

    def action_back(self) -> None:
        """Leave the idle till."""
        self.work(self._follow(moves.press_minus))

    def action_quantity(self) -> None:
        """Say how many."""
        self.work(self._follow(moves.press_star))

    def action_balance_slip(self) -> None:
        """Print the balance of the household at the counter."""
        self.work(errands.print_balance(self))

    def action_reprint(self) -> None:
        """Print what is owed, or the last slip again."""
        self.work(errands.reprint(self))

    def action_provisional(self) -> None:
        """Make provisional goods of the code nobody knows."""
        self.work(errands.make_provisional(self))

    def action_more(self) -> None:
        """Ask what else is to be done."""
        self.work(errands.ask_errand(self))

    @property
    def now(self) -> float:
        """Monotonic seconds, for what comes in without a scan."""
        return asyncio.get_running_loop().time()

    def change(self, state: TillState) -> None:
        """Go to another state, show it, and have its basket written down."""
        self.till_state = state
        if self._ending is not None and state.phase is not Phase.DONE:
            self._ending.stop()
            self._ending = None
        if state.phase not in (Phase.CONFIRM, Phase.DONE):
            self.basket_keeper.keep(state.kept)
        if self.is_mounted:
            self.draw()

    async def look_beside(self) -> None:
        """Look again what waits beside the sale."""
        is_parked = await self.station.read(is_basket_parked)
        to_count = await self.station.read(items_to_count)
        on_the_way = await self.station.read(count_undelivered)
        self.beside = replace(
            self.beside, slips=self.slip_runner.state, is_parked=is_parked, to_count=len(to_count),
            on_the_way=on_the_way,
        )  # fmt: skip
        if self.beside.shop is not None and self.beside.shop.is_exchange_day:
            await self._count_served()
        self.draw()

    async def _begin(self) -> None:
        try:
            kept = await self.station.read(kept_basket)
            self.basket_keeper.found(kept or EMPTY)
            if kept is not None and self.till_state == TillState():
                self.change(moves.restore(await self.station.read(reprice_basket, kept)))
            await self.look_beside()
        finally:
            self._is_ready.set()
        await self.slip_runner.recover()
        await self._look_at_day()

    async def _look_at_day(self) -> None:
        """Look at what holds for the whole day: prices that change, whether it is one of the shop's days."""
        from kiosk.domain.price import price_changes

        self.beside = replace(self.beside, price_changes=await self.station.read(price_changes))
        await self._count_served()
        if self.is_mounted:
            self.draw()

    async def _count_served(self) -> None:
        """Look how the day is one of the shop's; on an exchange day how many households were served."""
        from kiosk.domain.shop_days import shop_today

        self.beside = replace(self.beside, shop=await self.station.read(shop_today))

    async def _follow(self, move: "Callable[[TillState], Reply]") -> None:
        """Make a move and do what it wishes."""
        if self.till_state.phase is Phase.CONFIRM:
            return
        before = self.till_state
        reply = move(before)
        self.change(reply.state)
        match reply.wish:
            case Wish.CONFIRM:
                await self.confirm()
            case Wish.QUANTITY:
                await self._ask_quantity()
            case Wish.PLACE:
                await arrivals.take_place(self, before.group or 0, int(before.typed))
            case Wish.CODE:
                await arrivals.take_typed(self, before.typed)
            case Wish.VOID:
                await self._void(before)
            case Wish.LEAVE:
                self.dismiss()

    async def _void(self, before: TillState) -> None:
        """Take back what has just been confirmed."""
        from kiosk.screens.till import voiding

        if before.done is not None:
            await voiding.void(self, before.done.redemption_id)

    async def confirm(self) -> None:
        """Book the basket, whose household is known, and begin its slip. Raises what the redemption refuses."""
        state = self.till_state
        if state.holder is None:
            raise Refused("card_missing")
        await self.basket_keeper.settle()
        self.change(moves.begin_booking(state))
        try:
            redeemed = await self.station.do(redeem_basket, state.holder, state.basket)
        except Refused:
            self.change(moves.end_booking(self.till_state, None))
            raise
        self.basket_keeper.found(EMPTY)
        self.change(moves.end_booking(self.till_state, redeemed))
        self.acknowledge()
        self._has_booked = True
        self._afterwards = self._afterwards or self.set_timer(AFTERWARDS_SECONDS, self._look_after)
        self.slip_runner.begin(redeemed.redemption_id)
        self._ending = self.set_timer(DONE_SECONDS, self._end)

    def _look_after(self) -> None:
        if self._colour is not None:
            super().flash(self._colour)
            self.show_now()
        self._colour = self._afterwards = None
        if self.till_state.phase is Phase.MEMBER and self.till_state.account is None:
            self._chores.begin(self._read_account())
        if self._has_booked:
            self._has_booked = False
            self._chores.begin(self.look_beside())

    async def _read_account(self) -> None:
        holder = self.till_state.holder
        if holder is not None:
            account = await self.station.read(show_account, holder.household_id)
            self.change(moves.note_account(self.till_state, account))
            self.show_now()

    def _end(self) -> None:
        """Nobody came: hide what the last household has."""
        if self.till_state.phase is Phase.DONE:
            self.change(TillState(last=self.till_state.last))

    async def _ask_quantity(self) -> None:
        goods = moves.last_goods(self.till_state)
        pieces = await self.ask(questions.quantity_question(self.station, goods))
        if pieces is not None:
            self.change(moves.set_quantity(self.till_state, pieces).state)

    def _hear_of_slips(self, slips: SlipState) -> None:
        self.beside = replace(self.beside, slips=slips)
        if self.is_mounted and self.is_standing:
            self.draw()

    def _tell(self, refused: Refused) -> None:
        if self.is_mounted and self.is_standing:
            self.refuse(refused)

    def _put(self, name: str, text: "Content | str") -> None:
        self.query_one(f"#till-{name}", Static).update(text, layout=False)

    def _offered(self) -> dict[str, bool]:
        return offered(self.till_state, self.beside.slips.owed, has_printed=self.slip_runner.last_id is not None)


def figure_parts(face: Face) -> tuple[str, ...]:
    """Give what the figure is drawn of."""
    return face.label, face.figure, face.unit, face.tone
