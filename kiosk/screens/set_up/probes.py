"""The tests of what is plugged in: each says what was seen, and none can hurt anything."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.clock import UNKNOWN, local_day
from kiosk.letterhead import village_of
from kiosk.locale.figures import time_of_day
from kiosk.screens.set_up.step import TESTS, Mark, Step
from kiosk.station import Signal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.paper.elements import Element
    from kiosk.station import Station

TEST_SLIP: Final = "set_up_test"
SHOWN_CHARACTERS: Final = 40
PRINTERS: Final = Path("/dev/usb")


@dataclass
class Probes:
    """What each test has seen, and how it ended; ``scanned`` is the last code, ``stick`` the name of a stick."""

    station: "Station"
    marks: dict[Step, Mark] = field(default_factory=lambda: dict.fromkeys(TESTS, Mark.TO_COME))
    scanned: str = ""
    printer: str = ""
    stick: str = ""

    async def begin(self, step: Step) -> None:
        """Do what a test begins with: print a slip, sound the tones."""
        if step is Step.PRINTER:
            self.printer = await self._print()
        elif step is Step.SOUND:
            for signal in (Signal.GOODS, Signal.CARD):
                self.station.shell.signal(signal)

    def is_seen(self, step: Step) -> bool:
        """Tell whether a test has seen what it is about; what only a person can judge counts as seen."""
        return {
            Step.SCANNER: bool(self.scanned),
            Step.PRINTER: self.printer == "ready",
            Step.STICK: bool(self.stick),
        }.get(step, True)

    def words(self, step: Step) -> list[str]:
        """Say what to do, and what was seen."""
        say, state = self.station.texts, "seen" if self.is_seen(step) else "not_seen"
        name = "no_printer" if step is Step.PRINTER and self.printer in {"", "none"} else step.name.lower()
        lines = [say(f"set_up.test.{name}")]
        if step is Step.SCANNER:
            lines.append(say(f"set_up.scanner.{state}", code=self.scanned[:SHOWN_CHARACTERS]))
        elif step is Step.PRINTER and name == "printer":
            lines.append(say(f"common.printer.{self.printer}"))
        elif step is Step.CLOCK:
            now = self.station.clock.now()
            key = "set_up.clock.doubted" if now.clock == UNKNOWN else "set_up.clock.shown"
            lines.append(say(key, day=local_day(now.at), clock=time_of_day(now.at)))
        elif step is Step.STICK:
            lines.append(say(f"set_up.stick.{state}", name=self.stick))
        return lines

    async def _print(self) -> str:
        """Print a slip and say how the printer was; one that did not come out is not owed to anybody."""
        slips = self.station.slips
        self._take_plugged()
        if slips.owed:
            return slips.state
        printed = await slips.print(TEST_SLIP, self._slip)
        if printed.is_owed:
            slips.forget()
        return "ready" if printed.is_out else printed.state if printed.is_owed else "none"

    def _take_plugged(self) -> None:
        """Use the USB printer that is plugged in, where nobody has set one: there is no keyboard to write it with."""
        is_plugged = PRINTERS.is_dir() and any(PRINTERS.glob("lp*"))
        if is_plugged and not self.station.settings.slip_printer:
            self.station.set(slip_printer=f"usb:{PRINTERS}")

    def _slip(self, _columns: int) -> "Sequence[Element]":
        from kiosk.paper.elements import Big, Cut, Text

        say = self.station.texts
        return (Big(say("set_up.slip.title")), Text(village_of(self.station)), Text(say("set_up.slip.words")), Cut())
