"""The second signature: another operator's badge, scanned or typed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widgets import Static

from kiosk import keys
from kiosk.codes import OperatorBadge, read_code
from kiosk.errors import Refused
from kiosk.screens.modals.pin import PinModal
from kiosk.screens.widgets.number_entry import NumberEntry
from kiosk.shell import Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from kiosk.codes import Code
    from kiosk.station import Heard, Station

BADGE_DIGITS = 16


@dataclass(frozen=True)
class SecondSignature:
    """Who else says yes: the number of a badge, and whether that person also proved to be its owner."""

    badge: str
    is_verified: bool = False


class BadgeModal(Question[SecondSignature], inherit_bindings=False):
    """Asks another operator for the badge. Whether that operator may sign is judged by the domain."""

    BINDINGS: ClassVar = keys.bindings("shell.back")
    takes = (OperatorBadge,)

    def __init__(self, station: "Station", purpose: str) -> None:
        """Ask for a second signature on ``purpose``, one sentence."""
        super().__init__(station)
        self._purpose = purpose

    def compose_body(self) -> "Iterable[Widget]":
        """Give purpose, what to do and the entry."""
        yield Static(self._purpose, classes="title", markup=False)
        yield Static(self.say("common.badge.scan_or_type"), classes="line", markup=False)
        yield NumberEntry(longest=BADGE_DIGITS)

    async def take_scan(self, heard: "Heard") -> None:
        """Answer with a scanned badge."""
        await self._take(heard.code)

    @on(NumberEntry.Entered)
    def take_number(self, message: NumberEntry.Entered) -> None:
        """Answer with a typed badge number if its check digits are right."""
        code = read_code(message.text)
        if isinstance(code, OperatorBadge):
            self.work(self._take(code))
        else:
            self.refuse(Refused("badge_number_wrong"))

    async def _take(self, code: "Code") -> None:
        """Answer with a badge, after the PIN of its owner if there is one. Raises Refused."""
        from kiosk.domain.pin import badge_has_pin, check_pin

        if not isinstance(code, OperatorBadge):
            return
        self.acknowledge()
        has_store = self.station.store is not None  # a restore is signed for where there is none
        owner = await self.station.read(badge_has_pin, code.number) if has_store else None
        if owner is not None:
            pin = await self.ask(PinModal(self.station, self.say("common.pin.of_badge")))
            if pin is None:
                return
            await self.station.read(check_pin, owner, pin, self.station.clock.now())
        self.dismiss(SecondSignature(code.number, is_verified=owner is not None))
