"""A village with two months behind it: awards, redemptions and meetings, for the tests of reports."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from db.engine import open_sqlite
from db.store import open_store
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.goods import NewItem, register_item
from kiosk.domain.period import open_day
from kiosk.domain.reversal import reverse_entry
from kiosk.domain.shop import redeem_basket
from kiosk.settings import Settings
from kiosk.station import Operator
from tests.kiosk.domain.hall import MINUTE, Hall
from tests.kiosk.domain.office import LANE, LITTER
from tests.screens import SMALL, Desk, desk, make_station, real_keeper

DECEMBER_DAY = "2026-12-10"


class Reported(Hall):
    """November and December 2026; some names begin as a formula would, and goods are weighed and counted."""

    def __init__(self, folder: Path) -> None:
        """Let two months pass."""
        super().__init__(folder)
        self.salt = self.goods("=食盐+1", "06990103300302", 350)
        item = NewItem("@土豆", "公斤", ("02100042000000",), 350)
        self.potatoes = register_item(self.store, item, now=self.now, by=self.operator)
        self.give(self.wang, self.li, item=LANE)
        self.wrong = self.give(self.zhao).given[0].entry_id
        self.give(self.wang, self.li)
        self.take(self.li, LITTER)
        self.redeem(self.wang, (self.salt, 1), (self.potatoes, 750))
        self.hold("members_meeting", self.wang_ming, self.li_xiuying)
        self.hold("villagers_meeting", self.wang_fang)
        open_day(self.store, DECEMBER_DAY, now=self.now, by=self.operator)
        if self.wrong is not None:
            reverse_entry(self.store, self.wrong, now=self.now, by=self.operator)
        self.give(self.zhao, item="honour_village", evidence="document")
        self.redeem(self.zhao, (self.salt, 2))
        self.hold("members_meeting", self.wang_ming, late=self.wang_fang)

    def redeem(self, household: int, *lines: tuple[int, int]) -> None:
        """A household redeems items and quantities."""
        basket = tuple(BasketLine(item, quantity) for item, quantity in lines)
        redeem_basket(self.store, Holder(household, "card"), basket, now=self.now, by=self.operator)

    def hold(self, template: str, *comers: int, late: int | None = None) -> int:
        """Hold a meeting to which some come on time, and somebody late."""
        meeting = self.opened(template)
        for person in comers:
            self.scan(meeting, person)
        self.begin(meeting)
        if late is not None:
            self.clock.advance(10 * MINUTE)
            self.scan(meeting, late)
        self.end(meeting)
        return meeting

    @asynccontextmanager
    async def at_desk(
        self, screen: str, language: str = "zh_CN", size: tuple[int, int] = SMALL, *, is_large: bool = False
    ) -> AsyncIterator[Desk]:
        """Open a screen with the secretary at the desk, on the last business day."""
        self.close()
        settings = Settings(language=language, village_name="云岭村", is_large=is_large)
        keeper = real_keeper(self.folder, self.clock)
        station = make_station(self.folder, keeper=keeper, settings=settings, clock=self.clock)
        station.operator, station.day = Operator(self.operator, "周会计"), DECEMBER_DAY
        async with desk(station, size) as at:
            await at.open(screen)
            yield at
        self.store = open_store(open_sqlite(self.file))
