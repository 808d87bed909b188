"""The slip printer as the desk uses it: a queue and one thread, so that nothing waits for paper and nothing is lost.

A sale is done before its slip is printed and stays done whatever happens here. Slips that could not be printed are
owed: they wait in their order, go out before the next one, and are no copies when they do.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from threading import Event, Lock
from typing import TYPE_CHECKING, Final, TypeVar

from kiosk.devices.printer.dialogue import PrinterState
from kiosk.devices.printer.press import PrintJob, press_for
from kiosk.devices.printer.target import read_target

if TYPE_CHECKING:
    from kiosk.devices.printer.press import Press

_log: Final = logging.getLogger(__name__)

Result = TypeVar("Result")


class Outcome(Enum):
    """What became of a slip."""

    PRINTED = "printed"
    OWED = "owed"
    NO_PRINTER = "no_printer"
    UNPRINTABLE = "unprintable"


@dataclass(frozen=True)
class PrintResult:
    """What became of ``job``, and how the printer was after it; only an OWED slip is printed later."""

    job: PrintJob
    outcome: Outcome
    state: PrinterState


class SlipPrinter:
    """Prints slips in their order on a thread of its own. No method blocks and none raises after the first."""

    def __init__(self, target: str, *, on_change: Callable[[], None] | None = None) -> None:
        """Print to ``target`` (see ``target``); nothing is opened yet.

        ``on_change`` is called on the printer's thread whenever ``state`` or ``owed`` may have changed. Raises
        BadInput ``printer_target_invalid``.
        """
        read = read_target(target)
        self._columns = read.columns
        self._press: Press = press_for(read)
        self._on_change = on_change or (lambda: None)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="printer")
        self._closing = Event()
        self._lock = Lock()
        self._owed: list[PrintJob] = []
        self._late: set[str] = set()
        self._state = PrinterState.READY

    @property
    def columns(self) -> int:
        """How wide its paper is."""
        return self._columns

    @property
    def state(self) -> PrinterState:
        """How the printer was when it was last heard of; ready until then."""
        return self._state

    @property
    def owed(self) -> tuple[PrintJob, ...]:
        """The slips that people still wait for, oldest first."""
        with self._lock:
            return tuple(self._owed)

    def came_out_late(self, name: str) -> bool:
        """Say whether a slip of this name was owed and came out since, with another one or by itself."""
        return name in self._late

    def print(self, job: PrintJob) -> "Future[PrintResult]":
        """Print ``job`` after all that is owed. The future always gets a result and never an exception."""
        return self._submit(lambda: self._print(job), PrintResult(job, Outcome.OWED, PrinterState.OFFLINE))

    def print_owed(self) -> "Future[tuple[PrintResult, ...]]":
        """Print what is owed, oldest first, until one fails; gives a result for each slip that was owed."""
        return self._submit(self._print_all_owed, ())

    def check(self) -> "Future[PrinterState]":
        """Ask the printer how it is."""
        return self._submit(self._check, PrinterState.OFFLINE)

    def forget_owed(self) -> tuple[PrintJob, ...]:
        """Go on without the slips that are owed; gives them, oldest first. One being printed now still comes out."""
        with self._lock:
            forgotten, self._owed = tuple(self._owed), []
        self._on_change()
        return forgotten

    def withdraw(self, name: str) -> None:
        """Owe the slips of a name no longer. One being printed now still comes out."""
        with self._lock:
            self._owed = [owed for owed in self._owed if owed.name != name]
        self._on_change()

    def close(self) -> None:
        """Take no more slips; what waits stays owed, and the thread ends after its present wait."""
        self._closing.set()
        self._thread.shutdown(wait=False)

    def _submit(self, work: Callable[[], Result], when_closed: Result) -> "Future[Result]":
        try:
            return self._thread.submit(work)
        except RuntimeError:
            closed: Future[Result] = Future()
            closed.set_result(when_closed)
            return closed

    def _print(self, job: PrintJob) -> PrintResult:
        with self._lock:
            self._owed.append(job)
        results = self._print_all_owed(job)
        return next((result for result in results if result.job is job), PrintResult(job, Outcome.OWED, self._state))

    def _print_all_owed(self, new: PrintJob | None = None) -> tuple[PrintResult, ...]:
        results: list[PrintResult] = []
        for job in self.owed:
            stopped = bool(results) and results[-1].outcome is Outcome.OWED
            results.append(PrintResult(job, Outcome.OWED, self._state) if stopped else self._attempt(job))
        out = (each.job for each in results if each.outcome is Outcome.PRINTED)
        self._late.update(job.name for job in out if job is not new)
        self._on_change()
        return tuple(results)

    def _attempt(self, job: PrintJob) -> PrintResult:
        """Print one slip; only one that could come out later stays owed, or it would block all behind it."""
        if self._closing.is_set():
            return PrintResult(job, Outcome.OWED, self._state)
        outcome = self._outcome_of(job)
        if outcome is not Outcome.OWED:
            with self._lock:
                self._owed = [owed for owed in self._owed if owed is not job]
        return PrintResult(job, outcome, self._state)

    def _outcome_of(self, job: PrintJob) -> Outcome:
        try:
            self._state = self._press.print(job, lambda: not self._closing.is_set())
        except OSError as error:
            _log.warning("printer_offline %s", error)
            self._state = PrinterState.OFFLINE
        except Exception:  # noqa: BLE001 because this is the edge of the printer's thread: a slip never stops a sale
            _log.exception("slip_unprintable %s", job.name)
            return Outcome.UNPRINTABLE
        if self._state is PrinterState.NONE:
            return Outcome.NO_PRINTER
        return Outcome.PRINTED if self._state is PrinterState.READY else Outcome.OWED

    def _check(self) -> PrinterState:
        try:
            self._state = self._press.state()
        except OSError as error:
            _log.warning("printer_offline %s", error)
            self._state = PrinterState.OFFLINE
        self._on_change()
        return self._state
