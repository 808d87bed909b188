"""What the till does beside selling: the basket that outlives a power cut, and slips on their way to paper."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from kiosk.domain.basket import KeptBasket, keep_basket
from kiosk.domain.redemption import show_redemption
from kiosk.domain.slip import settle_slip, slips_owed, waive_slips
from kiosk.errors import Refused
from kiosk.screens.till.face import SlipState
from kiosk.screens.till.papers import paper_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.store import Store
    from kiosk.domain.slip_owed import OnSlip
    from kiosk.paper.elements import Element
    from kiosk.slips import Printed
    from kiosk.station import Station

KEEP_AFTER_SECONDS: Final = 0.05
"""The basket is written down once the frame that shows it is on its way: nobody waits for the disk."""
EMPTY: Final = KeptBasket(None, ())

Tell = Callable[[Refused], None]


class Chores:
    """Pieces of work that nothing waits for; they go on when the screen is left, and end with the program."""

    def __init__(self, tell: Tell) -> None:
        """Give refusals to `tell`."""
        self._tell = tell
        self._under_way: set[asyncio.Task[None]] = set()

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin a piece of work."""
        task = asyncio.create_task(self._guard(work))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    @property
    def is_busy(self) -> bool:
        """Whether something is under way."""
        return bool(self._under_way)

    async def settle(self) -> None:
        """Wait until everything begun so far is done."""
        while self._under_way:
            await asyncio.wait(tuple(self._under_way))

    async def _guard(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Refused as refused:
            self._tell(refused)


class BasketKeeper:
    """Writes the basket on the counter down, always the latest one, one write at a time."""

    def __init__(self, station: "Station", tell: Tell) -> None:
        """Write to the store of `station`."""
        self._station = station
        self._chores = Chores(tell)
        self._wanted = self._written = EMPTY
        self._is_writing = False
        self._hurry = asyncio.Event()

    def keep(self, basket: KeptBasket) -> None:
        """Write a basket down soon, if it changed."""
        self._wanted = basket if basket.steps else EMPTY
        if self._wanted != self._written and not self._is_writing:
            self._is_writing = True
            self._chores.begin(self._write())

    async def settle(self) -> None:
        """Wait until no write is under way: what follows may end the basket."""
        self._wanted = self._written
        self._hurry.set()
        await self._chores.settle()
        self._hurry.clear()

    def found(self, basket: KeptBasket) -> None:
        """Remember what the store holds: read from it, or ended by a redemption."""
        self._wanted = self._written = basket if basket.steps else EMPTY

    async def _write(self) -> None:
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), KEEP_AFTER_SECONDS)
            while self._wanted != self._written:
                basket = self._wanted
                await self._station.finish(keep_basket, basket)
                self._written = basket
        finally:
            self._is_writing = False


class SlipRunner:
    """Takes slips that the store says are owed to the printer, and settles in it what came out."""

    def __init__(self, station: "Station", changed: Callable[[SlipState], None], tell: Tell) -> None:
        """Print for `station`; `changed` hears how slips stand after each."""
        self._station = station
        self._changed = changed
        self._chores = Chores(tell)
        self._ids: dict[str, int] = {}
        self._owed: set[str] = set()
        self._begun: set[int] = set()
        self.last_id: int | None = None

    @property
    def state(self) -> SlipState:
        """How slips stand."""
        slips = self._station.slips
        return SlipState(len(slips.owed), slips.state)

    def begin(self, redemption_id: int) -> None:
        """Print the slip of a redemption; it is a copy only if it was on paper before."""
        self.last_id = redemption_id
        if redemption_id not in self._begun:
            self._begun.add(redemption_id)
            self._chores.begin(self._print(redemption_id, show_redemption))

    def begin_owed(self, fact_id: int) -> None:
        """Print the slip that a void, a return or a reversal owes; nothing before it is printed again by one key."""
        from kiosk.domain.slip_owed import show_owed

        self.last_id = None
        self._begun.add(fact_id)
        self._chores.begin(self._print(fact_id, show_owed))

    def begin_other(self, name: str, build: "Callable[[int], Sequence[Element]]") -> None:
        """Print something that belongs to no redemption."""
        self._chores.begin(self._print_other(name, build))

    def begin_again(self) -> None:
        """Print what is owed, or else the last slip once more."""
        if self._station.slips.owed:
            self._chores.begin(self._print_owed())
        elif self.last_id is not None:
            self.begin(self.last_id)

    async def recover(self) -> None:
        """Print what was owed before a restart, or before the till was left."""
        await self._station.slips.warm_up()
        for fact_id in await self._station.read(slips_owed):
            await self._recover(fact_id)
        self._changed(self.state)

    async def go_on_without(self) -> None:
        """Let nobody wait any more for the slips that are owed."""
        ids = [self._ids[name] for name in self._station.slips.forget() if name in self._ids]
        self._owed.clear()
        if ids:
            await self._station.do(waive_slips, *ids)
        self._changed(self.state)

    async def settle(self) -> None:
        """Wait until every slip begun so far came out or is owed."""
        await self._chores.settle()

    async def _recover(self, fact_id: int) -> None:
        from kiosk.domain.slip_owed import show_owed

        slips = self._station.slips
        name, _build = paper_of(self._station, await self._station.read(show_owed, fact_id))
        if slips.came_out_late(name):
            await self._station.finish(settle_slip, fact_id)
        elif name in slips.owed:
            self._ids[name] = fact_id
            self._owed.add(name)
        elif fact_id not in self._begun:
            self.begin_owed(fact_id)

    async def _print(self, fact_id: int, show: "Callable[[Store, int], OnSlip]") -> None:
        try:
            name, build = paper_of(self._station, await self._station.read(show, fact_id))
            self._ids[name] = fact_id
            printed = await self._station.slips.print(name, build)
        finally:
            self._begun.discard(fact_id)
        await self._account_for(printed)

    async def _print_other(self, name: str, build: "Callable[[int], Sequence[Element]]") -> None:
        await self._account_for(await self._station.slips.renew(name, build))

    async def _print_owed(self) -> None:
        for printed in await self._station.slips.print_owed():
            await self._account_for(printed)

    async def _account_for(self, printed: "Printed") -> None:
        """Settle this slip, and those owed before it that went out with it."""
        waiting = set(self._station.slips.owed)
        came_out, self._owed = self._owed - waiting - {printed.name}, self._owed & waiting
        if printed.is_owed:
            self._owed.add(printed.name)
        self._changed(self.state)
        for name in came_out:
            await self._settle(name, is_out=True)
        if not printed.is_owed:
            await self._settle(printed.name, is_out=printed.is_out)

    async def _settle(self, name: str, *, is_out: bool) -> None:
        fact_id = self._ids.pop(name, None)
        if fact_id is not None:
            await self._station.finish(settle_slip if is_out else waive_slips, fact_id)
