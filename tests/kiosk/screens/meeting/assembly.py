"""A hall with members, their cards, and the desk at its door: every scan and every key is counted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.engine import open_sqlite
from db.store import Store, open_store
from kiosk.clock import ManualClock
from kiosk.domain.meeting import MeetingPlan, call_meeting
from kiosk.screens.meeting import MeetingScreen
from kiosk.settings import Settings
from kiosk.station import Operator, Station
from tests.kiosk.domain.hall import Hall
from tests.kiosk.screens.till.counter import PrintingDevices
from tests.screens import SMALL, Desk, desk, make_station, real_keeper
from tests.village import DAY, seeded

if TYPE_CHECKING:
    from kiosk.devices.printer.slip_printer import SlipPrinter

BREATH = 5_000
"""Milliseconds between two people at the door."""


class Assembly(Hall):
    """A hall whose store a desk takes over while it is open."""

    def called(self, template: str = "members_meeting", day: str = DAY, hour: str = "09:00") -> int:
        """Call a meeting for a day."""
        plan = MeetingPlan(template, day=day, hour=hour)
        return call_meeting(self.store, plan, now=self.now, by=self.operator)

    def station(self, language: str = "zh_CN", *, by: int | None = None, is_large: bool = False) -> Station:
        """Build the desk; the store is closed with it."""
        settings = Settings(language=language, village_name="云岭村", is_large=is_large)
        station = make_station(
            self.folder, keeper=real_keeper(self.folder, self.clock), settings=settings, clock=self.clock
        )
        station.operator = Operator(by or self.operator, "李小花" if by else "周会计")
        return station

    @asynccontextmanager
    async def at_door(
        self,
        screen: str | None = "meeting",
        *,
        by: int | None = None,
        language: str = "zh_CN",
        size: tuple[int, int] = SMALL,
        day: str | None = DAY,
        printer: "SlipPrinter | None" = None,
    ) -> AsyncIterator["Door"]:
        """Open the meeting desk, or the menu, with an operator and an open day."""
        self.close()
        station = self.station(language, by=by)
        if printer is not None:
            station.devices = PrintingDevices(printer)
        operator = station.operator
        async with desk(station, size) as at:
            station.operator, station.day = operator, day
            door = Door(at, self.clock)
            at.app.go_home()
            await at.settle()
            if screen is not None:
                await at.open(screen)
            yield door
        self.reopen()

    def reopen(self) -> None:
        """Open the store again that a desk had."""
        self.store = open_store(open_sqlite(self.file), seeded("again"))


@dataclass
class Door:
    """The hands at the desk."""

    at: Desk
    clock: ManualClock
    actions: int = 0

    @property
    def screen(self) -> MeetingScreen:
        """The desk itself, whatever question stands on top of it."""
        return next(screen for screen in self.at.app.screen_stack if isinstance(screen, MeetingScreen))

    @property
    def store(self) -> Store:
        """The open store of the desk; the app must be at rest."""
        store = self.at.app.station.store
        assert store is not None
        return store

    async def scan(self, *numbers: str, after: int = BREATH) -> None:
        """People come one after the other, `after` so many milliseconds; a scan is no action of whoever stands here."""
        for number in numbers:
            self.clock.advance(after)
            await self.at.scan(number)

    async def press(self, *keys: str) -> None:
        """Press keys of the number pad."""
        self.actions += len(keys)
        await self.at.keys(*keys)

    async def rest(self) -> None:
        """Wait until what comes after the frame of a scan is there too."""
        await self.at.until(lambda: self.screen.is_at_rest)
        await self.at.settle()

    def shows(self, *texts: str) -> bool:
        """Whether each text stands on the screen."""
        return all(text in self.at.text() for text in texts)
