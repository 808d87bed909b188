"""A shop with two households in front of the counter, and the till that serves them."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from db.engine import open_sqlite
from db.facts.body import Body
from db.line import Stamp
from db.store import Store, open_store, store_file
from kiosk.app import meanings_of
from kiosk.clock import ManualClock
from kiosk.devices.scanner.scan import Wire, make_scan
from kiosk.domain.goods import NewItem, find_items, register_item
from kiosk.domain.people import balance_of
from kiosk.domain.slip import slips_owed
from kiosk.screens.till import TillScreen
from kiosk.settings import Settings
from kiosk.station import Operator, Station
from tests.screens import SMALL, Desk, FixedKeeper, RecordedDevices, desk, make_station
from tests.village import DAY, MORNING, VILLAGE, Village, seeded

if TYPE_CHECKING:
    from kiosk.devices.printer.slip_printer import SlipPrinter

SALT: Final = "6990103300302"
SOAP: Final = "6990102200207"
RICE: Final = "6990102203000"
POTATOES: Final = "2100042000001"
POTATOES_750: Final = "2100042007505"
UNKNOWN: Final = "6990101100102"
MISREAD: Final = "6990103300303"
LATER: Final = Stamp(1_795_320_000_000, "s", 1, 90_000_000)


class PrintingDevices(RecordedDevices):
    """Recorded devices with a slip printer at the end of a real wire."""

    def __init__(self, printer: "SlipPrinter") -> None:
        """Plug the printer in."""
        super().__init__()
        self.slip_printer = printer

    @property
    def printer_state(self) -> str:
        """How the printer is."""
        return "none" if self.slip_printer is None else self.slip_printer.state.value

    @printer_state.setter
    def printer_state(self, state: str) -> None:
        """Leave it to the printer."""

    def close(self) -> None:
        """Let the printer's thread end."""
        if self.slip_printer is not None:
            self.slip_printer.close()


@dataclass
class Shop:
    """A store with an open day; Wang has 42 points, Li 2.5; `wang_card` and the like are what they hold out."""

    folder: Path
    operator: int
    wang: int
    li: int
    wang_card: str
    chen_card: str
    li_card: str

    @property
    def file(self) -> Path:
        """Where the store lies."""
        return store_file(self.folder)

    def open(self) -> Store:
        """Open the store; whoever opens it closes it."""
        return open_store(open_sqlite(self.file), seeded("counter"))

    def owed(self) -> int:
        """Count the slips that the store says people wait for."""
        with closing(self.open()) as store:
            return len(slips_owed(store))

    def station(self, language: str = "zh_CN", *, is_large: bool = False) -> Station:
        """Build the desk; the store is closed with it."""
        settings = Settings(language=language, village_name="云岭村", is_large=is_large)
        clock = ManualClock(MORNING + 3_600_000)
        return make_station(self.folder / "home", keeper=FixedKeeper(self.open()), settings=settings, clock=clock)

    @asynccontextmanager
    async def till(
        self, *, language: str = "zh_CN", size: tuple[int, int] = SMALL, printer: "SlipPrinter | None" = None
    ) -> AsyncIterator["Counter"]:
        """Open the till with an operator at the desk; the store is closed with it."""
        station = self.station(language)
        if printer is not None:
            station.devices = PrintingDevices(printer)
        station.operator, station.day = Operator(self.operator, "周会计"), DAY
        async with desk(station, size) as at:
            station.operator, station.day = Operator(self.operator, "周会计"), DAY
            await at.open("till")
            yield Counter(at)


@dataclass
class Counter:
    """The hands at the till; every scan and every key is one action."""

    at: Desk
    actions: int = 0
    moment: float = 1_000.0

    @property
    def screen(self) -> TillScreen:
        """The till itself, whatever question stands on top of it."""
        return next(screen for screen in self.at.app.screen_stack if isinstance(screen, TillScreen))

    @property
    def store(self) -> Store:
        """The open store of the desk; the app must be at rest."""
        store = self.at.app.station.store
        assert store is not None
        return store

    async def scan(self, *texts: str, after: float = 10.0) -> None:
        """Scan codes, each `after` so many seconds."""
        for text in texts:
            self.actions += 1
            self.moment += after
            for heard in meanings_of(make_scan(text, Wire.SIMULATED, self.moment)):
                self.at.app.turns.put(heard)
            await self.at.settle()

    async def press(self, *keys: str) -> None:
        """Press keys of the number pad."""
        self.actions += len(keys)
        await self.at.keys(*keys)

    async def settle(self) -> None:
        """Wait until nothing is under way beside the till either."""
        await self.screen.slip_runner.settle()
        await self.at.settle()

    async def rest(self) -> None:
        """Wait until what comes after the frame of a scan is there too."""
        await self.at.until(lambda: self.screen.is_at_rest)
        await self.at.settle()

    def shows(self, *texts: str) -> bool:
        """Whether each text stands on the screen."""
        return all(text in self.at.text() for text in texts)


def shop_in(folder: Path) -> Shop:
    """Give a shop of its own to a test."""
    made = _made()
    shutil.copytree(made.folder, folder)
    return replace(made, folder=folder)


@cache
def _made() -> Shop:
    village = Village(Path(tempfile.mkdtemp(prefix="counter-")) / "shop")
    wang, li = village.household(3, 12, "王明"), village.household(3, 13, "李秀")
    cards = [
        village.card(village.person(household, name)).number
        for household, name in ((wang, "王明"), (wang, "陈芳"), (li, "李秀"))
    ]
    for name, unit, code, points in (
        ("食盐", "袋", SALT, 300),
        ("香皂", "块", SOAP, 250),
        ("大米", "袋", RICE, 3_200),
        ("土豆", "公斤", POTATOES, 350),
    ):
        item = NewItem(name, unit, (code.zfill(14),), points)
        register_item(village.store, item, now=village.now, by=village.operator)
    village.award(wang, 4_200)
    village.award(li, 250)
    village.close()
    return Shop(village.folder, village.operator, wang, li, *cards)


def write(shop: Shop, body: Body, name: str | None = None) -> None:
    """Let something happen before the till is opened."""
    store = shop.open()
    with store.write(now=LATER, by=shop.operator) as act:
        act.append(body, None if name is None else {"name": name})
    store.close()


def points_of(shop: Shop, household: int) -> int:
    """What a household can redeem, read from the file."""
    store = shop.open()
    with store.read() as connection:
        points = balance_of(connection, VILLAGE, household)
    store.close()
    return points


def item(shop: Shop, code: str) -> int:
    """The item a code names."""
    store = shop.open()
    with store.read() as connection:
        found = find_items(connection, VILLAGE, code.zfill(14))
    store.close()
    return found[0]
