"""What a screen is given: the store, the clock, the devices, the operator, the texts, the settings and the day.

A screen never touches a connection or a driver. It says ``await station.do(redeem_basket, basket, card)`` and gets the
outcome after the commit, or a refusal.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from kiosk import demo
from kiosk.caretaker import AFTER_START_SECONDS, Caretaker
from kiosk.clock import Clock, ClockGoingOn
from kiosk.errors import NotAllowed, Refused, TryAgain
from kiosk.locale import Texts
from kiosk.protocols import Devices, Shell, StoreKeeper
from kiosk.rights import Right, may
from kiosk.settings import Settings, save_settings
from kiosk.slips import Slips
from kiosk.store_thread import StoreThread

if TYPE_CHECKING:
    from threading import Event

    from db.progress import Advance
    from db.store import Store
    from kiosk.coach import Coach
    from kiosk.codes import Code
    from kiosk.devices.scanner.scan import Scan
    from kiosk.errand import Errands
    from kiosk.health import Unsent
    from kiosk.reporter import Reporter
    from kiosk.restore import Restored
    from kiosk.store_care import Looked

Outcome = TypeVar("Outcome")

DEMO_VILLAGE: Final = demo.VILLAGE
# Ends of a report that no later report mends.
FOR_A_PERSON: Final = frozenset(
    ["county_revoked", "log_forked", "enrolment_pending", "protocol_terminal_old", "protocol_county_old"]
)


class Signal(StrEnum):
    """What a tone and a flash of colour tell the hand that scans; both always mean the same."""

    GOODS = "goods"
    CARD = "card"
    DOUBLE = "double"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class Heard:
    """A scan on its way to a screen, with what ``kiosk.codes.read_code`` made of it.

    One that ``has_sounded`` was handed on by another screen, and the hand has had its tone.
    """

    scan: "Scan"
    code: "Code"
    has_sounded: bool = False


@dataclass(frozen=True)
class Operator:
    """Who stands at the desk: ``number`` is the id the facts carry, ``name`` what the status line shows.

    Menus show by ``role`` what is not this operator's to do; where it is not known, the operation itself says so.
    """

    number: int
    name: str
    role: str = ""


def _going_on(clock: Clock, store: "Store") -> Clock:
    """The demo village's year is over: its clock goes on from its last line, on the weekday and hour of today."""
    from db.store import latest_at

    with store.read() as connection:
        left_at = latest_at(connection, store.village)
    return clock if left_at is None else ClockGoingOn(clock, left_at)


@dataclass
class Station:
    """One desk: everything a screen may reach, and the two ways to the store.

    ``store`` is None until the store is open; ``day`` is the open business day as ISO text, or None; ``locked`` is who
    had the desk when it was locked, and nobody has its rights until a badge opens it again;
    ``coach`` follows whoever is at the practice desk;
    ``trouble`` is what was wrong with the settings file at start.
    """

    home: Path
    clock: Clock
    texts: Texts
    settings: Settings
    devices: Devices
    keeper: StoreKeeper
    shell: Shell = field(init=False, repr=False)
    operator: Operator | None = None
    locked: Operator | None = None
    coach: "Coach | None" = None
    day: str | None = None
    store: "Store | None" = None
    trouble: Refused | None = None
    thread: StoreThread = field(default_factory=StoreThread)
    caretaker: Caretaker = field(init=False, repr=False)
    _recovered: Refused | None = field(default=None, init=False, repr=False)
    _reporter: "Reporter | None" = field(default=None, init=False, repr=False)
    _errands: "Errands | None" = field(default=None, init=False, repr=False)
    _counted: "tuple[Unsent, int] | None" = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        """Give the caretaker this desk's store to look at."""
        self.caretaker = Caretaker(self.keeper.look, self.keeper.explain)

    def may(self, right: Right) -> bool:
        """Say whether a menu offers what takes ``right`` to whoever stands here; the operation judges in any case."""
        return self.operator is None or not self.operator.role or may(self.operator.role, right)

    @property
    def slips(self) -> Slips:
        """The way of slips to paper."""
        return Slips(self.devices)

    @property
    def is_demo(self) -> bool:
        """Whether the open store is the demo village."""
        return self.store is not None and self.store.village == DEMO_VILLAGE

    async def open_store(self) -> None:
        """Open the store of this desk; some time later it is looked at quietly. Raises Refused."""
        await self.thread.call(partial(self._keep, partial(self._use, self.keeper.open)))
        self.look_after(AFTER_START_SECONDS)

    async def create_store(self, village: int) -> None:
        """Make the store of a real village and open it. Raises Refused."""
        await self.thread.call(partial(self._keep, partial(self._use, partial(self.keeper.create, village))))

    async def begin_again(self) -> None:
        """Keep a store in which nothing was done yet under another name, and have none. Raises Refused."""
        await self.thread.call(partial(self._keep, self._begin_again))

    async def create_demo(self, advance: "Advance") -> None:
        """Make the demo village and open it; ``advance`` is told of the steps. Raises Refused."""
        make = partial(self.keeper.create_demo, advance)
        await self.thread.call(partial(self._keep, partial(self._use, make)))

    async def restore_store(self, backup: Path, badge: str, advance: "Advance") -> "Restored":
        """Put a backup in place of the store and open it; ``badge`` is the second person's. Nobody has the desk then.

        Raises Refused; the store that was open before is open again.
        """
        return await self.thread.call(partial(self._keep, partial(self._restore, backup, badge, advance)))

    @property
    def unsent(self) -> "Unsent | None":
        """What the county has not acknowledged, with what was written since it was counted; None without a store."""
        if self._counted is None or self.store is None:
            return None
        counted, written_then = self._counted
        return replace(counted, lines=counted.lines + self.store.standing.written - written_then)

    async def look_at_unsent(self) -> None:
        """Count anew what the county has not acknowledged, and report if it is time: a program of its own does that."""
        await self.thread.call(partial(self._keep, self._count_unsent))
        if self._has_line:
            self.reporter.look()

    def look_after(self, delay: float = 0.0) -> "Event":
        """Have the store looked at quietly, and backed up if anything happened; damage closes it for writing.

        Where it need not wait the day has just been opened or closed: that is reported to the county too. The event
        is set when the look is over.
        """
        is_over = self.caretaker.look_soon(self._note_faults, delay)
        if self._has_line and not delay:
            self.reporter.begin()
        return is_over

    def close(self) -> None:
        """Finish what is being written and looked at, then let go of store and devices."""
        self.thread.close()
        self.caretaker.close()
        if self._reporter is not None:
            self._reporter.close()
        if self._errands is not None:
            self._errands.close()
        self.devices.close()
        if self.store is not None:
            self.store.close()
        self.keeper.close()

    async def do(self, function: Callable[..., Outcome], *arguments: object) -> Outcome:
        """Run a domain function that writes: ``function(store, *arguments, now=stamp, by=operator number)``.

        Writes run one at a time and to their end, whatever happens to the screen meanwhile.

        Raises:
            NotAllowed: nobody has taken the desk (``operator_missing``).
            Refused: what the function refuses, and what goes wrong in the store.
        """
        if self.operator is None:
            raise self._recovered or NotAllowed("operator_missing" if self.locked is None else "desk_locked")
        self._recovered = None
        try:
            return await self.thread.call(partial(self._write, function, arguments, self.operator.number))
        except Refused as refused:
            if refused.code == "log_recovered":  # who stands here may have another number by now: a badge tells it
                self.operator, self._recovered = None, refused
                self.look_after()
            raise

    async def finish(self, function: Callable[..., Outcome], *arguments: object) -> Outcome:
        """Run what goes on at a locked desk in the name of whoever had it: paper on its way, a card at the door.

        Raises as `do`.
        """
        if self.locked is None:
            return await self.do(function, *arguments)
        return await self.thread.call(partial(self._write, function, arguments, self.locked.number))

    def lock(self) -> None:
        """Take the rights away from whoever has the desk, until a badge opens it again."""
        self.locked = self.operator or self.locked
        self.operator = None

    def take(self, operator: Operator) -> None:
        """Give the desk to somebody who has proved who they are."""
        self.operator, self.locked = operator, None

    async def read(self, function: Callable[..., Outcome], *arguments: object) -> Outcome:
        """Run a function that only reads: ``function(store, *arguments)``.

        Raises:
            Refused: what the function refuses, and what goes wrong in the store.
        """
        return await self.thread.call(partial(self._read, function, arguments))

    async def aside(self, function: Callable[..., Outcome], *arguments: object) -> Outcome:
        """Run something long that opens the store's file itself: ``function(*arguments)``, beside the store's thread.

        Raises:
            Refused: what the function refuses, and what goes wrong in the store.
        """
        running = self.caretaker.call(partial(self._keep, partial(function, *arguments)))
        return await asyncio.shield(asyncio.wrap_future(running))

    def set(self, **values: Any) -> None:  # noqa: ANN401  because each value is checked against its own field
        """Change settings of this terminal and keep them. Raises BadInput or NotWritable."""
        self.settings = self.settings.changed(**values)
        save_settings(self.home, self.settings)
        self.texts.switch(self.settings.language)
        self.devices.use(self.settings)

    def _restore(self, backup: Path, badge: str, advance: "Advance") -> "Restored":
        from kiosk.restore import Signer

        signer = Signer(badge, self.operator.number if self.operator is not None else None)
        was_open = self.store
        if was_open is not None:
            was_open.close()
        if self._reporter is not None:
            self._reporter.close()  # it has the folder, and what it was sending is found by the next one
        try:
            done = self.keeper.restore(backup, signer, self.clock.now(), advance)
        except Exception:
            if was_open is not None:
                self._use(self.keeper.open)
            raise
        self.operator, self.locked, self.day = None, None, None
        self._use(self.keeper.open)
        return done

    def _begin_again(self) -> None:
        from db.store import store_file
        from kiosk.restore import set_aside
        from kiosk.set_up import require_unused

        if self.store is not None:
            require_unused(self.store)
            self.store.close()
            self.store, self._counted = None, None
            self.keeper.close()
            set_aside(store_file(self.home), self.clock.now())
            store_file(self.home).unlink()

    def _use(self, give: "Callable[[], Store]") -> None:
        self.store = give()
        if self.is_demo:
            self.clock = _going_on(self.clock, self.store)
        with suppress(Refused):  # a damaged store is opened all the same
            self._keep(self._count_unsent)

    @property
    def _has_line(self) -> bool:
        return self._counted is not None and self._counted[0].has_line

    @property
    def county_trouble(self) -> Refused | None:
        """Why the last report failed, where somebody must do something about it; a line that is down mends itself."""
        last = None if self._reporter is None else self._reporter.last
        return None if last is None or last.refusal not in FOR_A_PERSON else Refused(last.refusal)

    @property
    def reporter(self) -> "Reporter":
        """Who reports to the county beside the till; there is none before the first report."""
        if self._reporter is None:
            from kiosk.reporter import Reporter

            self._reporter = Reporter(self.home)
        return self._reporter

    @property
    def errands(self) -> "Errands":
        """Who runs beside the till what a person asked for: a stick that is written, a first word to the county."""
        if self._errands is None:
            from kiosk.errand import Errands

            self._errands = Errands(self.home)
        return self._errands

    def _count_unsent(self) -> None:
        from kiosk.health import count_unsent

        if self.store is not None:
            self._counted = count_unsent(self.store), self.store.standing.written

    def _note_faults(self, looked: "Looked") -> None:
        if self.store is not None:
            self.store.standing.note(looked.faults)

    def _write(self, function: Callable[..., Outcome], arguments: tuple[object, ...], by: int) -> Outcome:
        return self._run(partial(function, now=self.clock.now(), by=by), arguments)

    def _read(self, function: Callable[..., Outcome], arguments: tuple[object, ...]) -> Outcome:
        return self._run(function, arguments)

    def _run(self, function: Callable[..., Outcome], arguments: tuple[object, ...]) -> Outcome:
        if self.store is None:
            raise TryAgain("store_not_open")
        return self._keep(partial(function, self.store, *arguments))

    def _keep(self, function: Callable[[], Outcome]) -> Outcome:
        try:
            return function()
        except Refused:
            raise
        except Exception as error:
            refusal = self.keeper.explain(error)
            if refusal is None:
                raise
            raise refusal from error
