"""An office with cards in people's hands, opened on the screens of awards and of the waiting list."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from db.engine import open_sqlite
from db.store import open_store
from kiosk.settings import Settings
from kiosk.station import Operator
from tests.kiosk.domain.office import Office
from tests.screens import SMALL, Desk, desk, make_station, real_keeper


class StaffedOffice(Office):
    """An office with a card for somebody of each household; the desk takes its store over when it opens."""

    def __init__(self, folder: Path) -> None:
        """Issue the cards."""
        super().__init__(folder)
        self.wang_card = self.card(self.person(self.wang, "王明")).number
        self.wang_other_card = self.card(self.person(self.wang, "陈芳")).number
        self.li_card = self.card(self.helper_person).number

    @asynccontextmanager
    async def at_desk(
        self, screen: str, by: int | None = None, language: str = "zh_CN", size: tuple[int, int] = SMALL
    ) -> AsyncIterator[Desk]:
        """Open a screen with an operator at the desk."""
        self.close()
        settings = Settings(language=language, village_name="云岭村")
        keeper = real_keeper(self.folder, self.clock)
        station = make_station(self.folder, keeper=keeper, settings=settings, clock=self.clock)
        operator = by or self.operator
        station.operator = Operator(operator, "李小花" if operator == self.helper.operator_id else "周会计")
        async with desk(station, size) as at:
            await at.open(screen)
            yield at
        self.store = open_store(open_sqlite(self.file))
