"""The desk of the demo village: its store, a clock that is moved by hand, and whoever stands there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final, TypeVar

from db.store import Store
from kiosk.clock import FREE_RUNNING, SYNCHRONISED, ManualClock
from kiosk.demo.calendar import FIRST_DAY, moment
from kiosk.domain.slip import settle_slip
from kiosk.domain.terminal import OperatorMade

Outcome = TypeVar("Outcome")

A_TASK: Final = 2_000
"""Milliseconds that a task at the desk takes at least."""
_SWITCHED_ON: Final = 45_000
"""Milliseconds from power to the desk."""
_WEEKS_WITHOUT_NETWORK: Final = 5
"""In every so many weeks the clock runs free: there is no network to set it."""


class DemoDesk:
    """Does what domain functions do, as the desk does: with a stamp and an operator.

    The attendants take turns by the week; the secretary does what only a secretary may.
    """

    def __init__(self, store: Store) -> None:
        """Begin before anything is written."""
        self.store = store
        self.clock = ManualClock(moment(FIRST_DAY, 0), boot=0)
        self.day = FIRST_DAY
        self.secretary: OperatorMade
        self.supervisor: OperatorMade
        self.attendants: tuple[OperatorMade, ...] = ()
        self._a_task = A_TASK

    @property
    def attendant(self) -> OperatorMade:
        """Who stands there this week."""
        return self.attendants[self.day.isocalendar().week % len(self.attendants)]

    def switch_on(self, day: date, minute: int) -> None:
        """Begin a day at the desk: power on, and the clock says when."""
        self.day = day
        self.clock.reboot()
        is_free = day.isocalendar().week % _WEEKS_WITHOUT_NETWORK == 0
        self.clock.set_wall(moment(day, minute), FREE_RUNNING if is_free else SYNCHRONISED)
        self.clock.advance(_SWITCHED_ON)

    def wait_until(self, minute: int, second: int = 0) -> None:
        """Let time pass until a moment of the day; nothing happens if it has passed."""
        self.clock.advance(max(0, moment(self.day, minute) + second * 1_000 - self.clock.now().at))

    @contextmanager
    def hurrying(self, milliseconds: int) -> Iterator[None]:
        """Let every task take so long, as a hand does that scans one card after the other."""
        self._a_task = milliseconds
        yield
        self._a_task = A_TASK

    def attendant_does(self, function: Callable[..., Outcome], *arguments: object) -> Outcome:
        """Run a domain function that writes, by whoever attends this week."""
        return self.do(function, *arguments, by=self.attendant)

    def secretary_does(self, function: Callable[..., Outcome], *arguments: object) -> Outcome:
        """Run a domain function that writes, by the secretary."""
        return self.do(function, *arguments, by=self.secretary)

    def do(self, function: Callable[..., Outcome], *arguments: object, by: OperatorMade) -> Outcome:
        """Run a domain function that writes: `function(store, *arguments, now=stamp, by=operator)`."""
        self.clock.advance(self._a_task)
        return function(self.store, *arguments, now=self.clock.now(), by=by.operator_id)

    def slip_comes(self, fact_id: int) -> None:
        """Let the slip of what was taken back come out at once."""
        settle_slip(self.store, fact_id, now=self.clock.now(), by=self.attendant.operator_id)
