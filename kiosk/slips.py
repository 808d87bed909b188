"""Slips on their way to paper: what a screen may ask of the slip printer without knowing a driver.

A sale is done before its slip is printed, and nothing here undoes it. Slips go out in their order; one that could not
be printed is owed, goes out before the next one, and is no copy when it does.
"""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kiosk.devices.printer.slip_printer import PrintResult, SlipPrinter
    from kiosk.paper.elements import Element
    from kiosk.protocols import Devices

READY: Final = "ready"
NONE: Final = "none"
SILENT: Final = "silent"
TROUBLE: Final = frozenset({"paper_out", "cover_open", "offline", SILENT})
"""States of a printer that somebody can mend."""


@dataclass(frozen=True)
class Printed:
    """What became of the slip ``name``; ``state`` is how the printer was after it (``ready``, ``paper_out`` ...).

    A slip that is neither out nor owed will not come: there is no printer, or nothing can print it.
    """

    name: str
    is_out: bool
    is_owed: bool
    state: str


class Slips:
    """The slip printer of a desk, or the lack of one."""

    def __init__(self, devices: "Devices") -> None:
        """Print on what is plugged in; nothing is opened before the first slip."""
        self._devices = devices

    @property
    def state(self) -> str:
        """How the printer is: the last part of the keys of its texts."""
        return self._devices.printer_state

    @property
    def owed(self) -> tuple[str, ...]:
        """The names of the slips that people wait for, oldest first."""
        printer = self._devices.slip_printer
        return () if printer is None else tuple(job.name for job in printer.owed)

    def came_out_late(self, name: str) -> bool:
        """Say whether a slip that was owed came out since the program began, perhaps with one of another screen."""
        printer = self._devices.slip_printer
        return printer is not None and printer.came_out_late(name)

    async def warm_up(self) -> None:
        """Load what prints on another thread, so that the first sale does not wait for it.

        Raises Refused for a printer in the settings that means nothing.
        """
        await asyncio.to_thread(self._load)

    async def print(self, name: str, build: "Callable[[int], Sequence[Element]]") -> Printed:
        """Print the slip that ``build`` gives for so many columns, after all that is owed. Never raises."""
        printer = await self._at_hand()
        if printer is None:
            return Printed(name, is_out=False, is_owed=False, state=NONE)
        from kiosk.devices.printer.press import PrintJob

        job = PrintJob(name, tuple(build(printer.columns)))
        return _printed(await asyncio.wrap_future(printer.print(job)))

    async def renew(self, name: str, build: "Callable[[int], Sequence[Element]]") -> Printed:
        """Print a slip of what is true now: one of that name that is owed gives way, for it says what was true then.

        Never raises.
        """
        if (printer := await self._at_hand()) is not None:
            printer.withdraw(name)
        return await self.print(name, build)

    async def bring_out(self, name: str, build: "Callable[[int], Sequence[Element]]") -> str | None:
        """Print a slip as `renew` does, and say what kept it from coming out, None if it is out.

        Raises Refused ``printer_missing`` where nothing can print it.
        """
        printed = await self.renew(name, build)
        if printed.is_out:
            return None
        if not printed.is_owed:
            raise Refused("printer_missing")
        return printed.state if printed.state in TROUBLE else SILENT

    async def print_owed(self) -> tuple[Printed, ...]:
        """Print what is owed, oldest first, until one fails; say of each what became of it."""
        printer = self._devices.slip_printer
        if printer is None:
            return ()
        results = await asyncio.wrap_future(printer.print_owed())
        return tuple(_printed(result) for result in results)

    def forget(self) -> tuple[str, ...]:
        """Go on without the slips that are owed; give their names."""
        printer = self._devices.slip_printer
        return () if printer is None else tuple(job.name for job in printer.forget_owed())

    async def _at_hand(self) -> "SlipPrinter | None":
        """Give the printer with all that prints loaded; none for one in the settings that means nothing."""
        try:
            return await asyncio.to_thread(self._load)
        except Refused:
            return None

    def _load(self) -> "SlipPrinter | None":
        from kiosk.devices.printer import press
        from kiosk.paper import slip

        del press, slip
        return self._devices.slip_printer


def _printed(result: "PrintResult") -> Printed:
    from kiosk.devices.printer.slip_printer import Outcome

    is_out, is_owed = result.outcome is Outcome.PRINTED, result.outcome is Outcome.OWED
    return Printed(result.job.name, is_out, is_owed, result.state.value)
