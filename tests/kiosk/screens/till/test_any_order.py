"""Anything a hand can scan and press, in any order: no line lost or doubled, nobody charged for another."""

from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kiosk.domain.goods import Goods
from kiosk.errors import Refused
from kiosk.screens.till import moves
from kiosk.screens.till.moves import MOMENT, Reply, Wish
from kiosk.screens.till.state import Phase, Scanned, TillState
from tests.kiosk.screens.till.scene import POTATOES, SALT, SHELF, SOAP, at, found, offer, redeemed


def attempt(move: Callable[..., Reply], *arguments: object) -> tuple[Reply | None, str]:
    """Make a move, and give its reply or the code of its refusal."""
    try:
        return move(*arguments), ""
    except Refused as refusal:
        return None, refusal.code


class Counter(RuleBasedStateMachine):
    """A hand that scans and presses anything, and a model that keeps count on its fingers."""

    def __init__(self) -> None:
        """Begin with an empty counter."""
        super().__init__()
        self.state = TillState()
        self.now = 0.0
        self.fingers: list[tuple[int, int]] = []
        self.owner: int | None = None
        self.so_many: int | None = None
        self.last: tuple[str, float] | None = None

    def follow(self, reply: Reply, *, may_confirm: bool = False) -> Reply:
        """Take a reply over; book it if it wishes so, which only the pad's + and the card may bring about."""
        self.state = reply.state
        if reply.wish is Wish.CONFIRM:
            assert may_confirm
            self.book()
        return reply

    def book(self) -> None:
        """The store books what the till hands over: exactly what the fingers counted, for the one who is there."""
        assert self.state.holder is not None
        assert self.state.holder.household_id == self.owner
        assert {line.item_id: line.quantity for line in self.state.basket} == self.counted()
        state = moves.begin_booking(self.state)
        assert state.phase is Phase.CONFIRM
        self.state = moves.end_booking(state, redeemed(state))
        self.fingers, self.owner, self.so_many = [], None, None

    def counted(self) -> dict[int, int]:
        """What the fingers say is in the basket."""
        sums: dict[int, int] = {}
        for item, quantity in self.fingers:
            sums[item] = sums.get(item, 0) + quantity
        return {item: quantity for item, quantity in sums.items() if quantity}

    def passes(self, seconds: float, text: str) -> Scanned:
        """Let time pass until a scan."""
        self.now += seconds
        return at(text, self.now)

    @rule(goods=st.sampled_from(SHELF), gap=st.sampled_from([0.3, 5.0]))
    def scan_goods(self, goods: Goods, gap: float) -> None:
        """Goods come into the basket, as many as were said before."""
        scanned = self.passes(gap, goods.name)
        reply, code = attempt(moves.add_goods, self.state, offer(goods), None, scanned)
        if reply is None:
            assert code == "monthly_limit_reached"
            return
        self.follow(reply)
        self.fingers.append((goods.item_id, (self.so_many or 1) * goods.per))
        self.so_many = None
        self.last = (goods.name, self.now)

    @rule(
        number=st.sampled_from([8, 9]),
        entry=st.sampled_from(["card", "card", "book", "typed"]),
        gap=st.sampled_from([0.3, 5.0]),
    )
    def show(self, number: int, entry: str, gap: float) -> None:
        """A household comes; another one never takes over a basket that is not confirmed."""
        text, was_done = f"card {number}", self.state.done is not None
        scanned = self.passes(gap, text)
        is_again = self.last is not None and self.last[0] == text and self.now - self.last[1] <= MOMENT
        may_confirm = bool(self.fingers) and self.owner == number and entry == "card" and not is_again
        reply, code = attempt(moves.show_card, self.state, found(number, entry), scanned)
        if reply is None:
            assert code in ("basket_unconfirmed", "quantity_waits", "number_not_understood")
            assert (code == "basket_unconfirmed") == (bool(self.fingers) and self.owner not in (None, number))
            return
        self.follow(reply, may_confirm=may_confirm)
        self.last = (text, self.now)
        if self.state.done is None and not (was_done and is_again) and not is_again:
            self.owner = number

    @rule(digit=st.sampled_from("0123456789"))
    def press_digit(self, digit: str) -> None:
        """A digit means nothing yet."""
        self.state = moves.type_digit(self.state, digit).state

    @rule()
    def press_star(self) -> None:
        """A number before it is how many come next."""
        typed = self.state.typed
        reply, _code = attempt(moves.press_star, self.state)
        if reply is not None:
            self.follow(reply)
            self.so_many = int(typed) if typed else self.so_many

    @precondition(lambda self: bool(self.fingers) and self.state.phase is Phase.BASKET)
    @rule(pieces=st.integers(0, 5))
    def answer_quantity(self, pieces: int) -> None:
        """The last goods are so many."""
        goods = moves.last_goods(self.state)
        reply, code = attempt(moves.set_quantity, self.state, pieces)
        if reply is None:
            assert (code, pieces) == ("number_out_of_range", 0)
            return
        difference = pieces * goods.per - self.counted()[goods.item_id]
        self.follow(reply)
        if difference:
            self.fingers.append((goods.item_id, difference))

    @rule()
    def press_plus(self) -> None:
        """Confirms what is complete, and nothing else."""
        is_complete = bool(self.fingers) and self.owner is not None and not self.state.is_typing
        reply, _code = attempt(moves.press_plus, self.state)
        if reply is None:
            assert not is_complete
            return
        assert (reply.wish is Wish.CONFIRM) == is_complete
        self.follow(reply, may_confirm=True)

    @rule()
    def press_minus(self) -> None:
        """Takes away exactly one thing: a number, the last step, or the household."""
        had_number, was_done = self.state.is_typing, self.state.done is not None
        reply = moves.press_minus(self.state)
        self.follow(reply)
        if had_number:
            self.so_many = None if self.state.multiplier is None else self.so_many
        elif was_done or self.fingers or self.owner is not None:
            self.last = None
            if self.fingers:
                self.fingers.pop()
            else:
                self.owner = None

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        """The basket is what the fingers counted, the household the one that came."""
        assert self.state.quantities == self.counted()
        if self.fingers:
            assert (None if self.state.holder is None else self.state.holder.household_id) == self.owner
            assert self.state.phase is Phase.BASKET

    @invariant()
    def the_figure_is_right(self) -> None:
        """What is left is what the household has without what lies in the basket."""
        price = {SALT.item_id: (300, 1), SOAP.item_id: (250, 1), POTATOES.item_id: (350, 1_000)}
        spent = sum(round(price[item][0] * quantity / price[item][1]) for item, quantity in self.counted().items())
        has = 0 if self.state.household is None else self.state.household.redeemable_points
        assert self.state.left_points == has - spent


Counter.TestCase.settings = settings(max_examples=120, stateful_step_count=40)
TestAnythingAtTheCounter = Counter.TestCase
