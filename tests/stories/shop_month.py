"""A month at one counter: the hands that live it through the screens, and the sheet on which the test keeps count."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import zxingcpp

from kiosk.clock import ManualClock
from kiosk.devices.printer.simulated import TcpPrinter
from kiosk.devices.printer.slip_printer import SlipPrinter
from kiosk.domain.period import close_day
from kiosk.domain.terminal import OperatorMade, add_operator
from kiosk.screens.till import TillScreen
from kiosk.settings import Settings
from tests.hands import Hands
from tests.kiosk.screens.till.counter import PrintingDevices
from tests.menu import digits_to
from tests.screens import FixedKeeper, desk, make_station
from tests.village import Village

SALT, SOAP, RICE, OIL = "6990103300302", "6990102200207", "6990102203000", "6990101100102"
PRICES: Final = {SALT: 300, SOAP: 250, RICE: 3_200, OIL: 4_500}
NAMES: Final = {SALT: "食盐", SOAP: "香皂", RICE: "大米", OIL: "菜油"}
START_POINTS: Final = 4_000
HOUSES_A_GROUP: Final = 25
DAY_MS: Final = 24 * 3_600_000


@dataclass
class Sheet:
    """What the test believes after each action, kept beside the store: by household, by goods, in fen."""

    points: Counter[int] = field(default_factory=Counter)
    shelf: Counter[str] = field(default_factory=Counter)
    received: int = 0
    spent: int = 0
    redemptions: int = 0


class ShopVillage(Village):
    """Households with a card and forty points each, four kinds of goods, three volunteers; no bag and no yuan yet."""

    def __init__(self, folder: Path, households: int) -> None:
        """Lay the store out as the imports leave it."""
        super().__init__(folder)
        places = [divmod(number, HOUSES_A_GROUP) for number in range(households)]
        self.households = [self.household(group + 1, house + 1, f"王{house + 1:02}") for group, house in places]
        self.cards = [self.card(self.person(each, "户主")).number for each in self.households]
        for each in self.households:
            self.award(each, START_POINTS)
        self.items = {code: self.goods(NAMES[code], code.zfill(14), points) for code, points in PRICES.items()}
        self.volunteers = [self._operator(name, "attendant") for name in ("李红", "张军", "赵兰")]
        self.supervisor = self._operator("吴监督", "supervisor")
        with self.store.read() as connection:
            own = "SELECT badge FROM operator WHERE operator_id = ?"
            self.badge: str = connection.exec_driver_sql(own, (self.operator,)).scalar_one()
        close_day(self.store, now=self.now, by=self.operator)

    def _operator(self, name: str, role: str) -> OperatorMade:
        return add_operator(self.store, name, role, now=self.now, by=self.operator)

    @asynccontextmanager
    async def counter(self) -> AsyncIterator["Month"]:
        """Stand in front of the closed shop with a printer on; the store is closed with it."""
        station = make_station(
            self.folder / "home",
            keeper=FixedKeeper(self.store),
            settings=Settings(village_name="云岭村"),
            clock=self.clock,
        )
        station.operator = station.day = None
        with TcpPrinter() as paper:
            station.devices = PrintingDevices(SlipPrinter(paper.target))
            async with desk(station) as at:
                month = Month(at, village=self, paper=paper)
                month.sheet.points.update(dict.fromkeys(range(len(self.households)), START_POINTS))
                yield month


@dataclass(kw_only=True)
class Month(Hands):
    """Hands at the counter for a month; what each action should have done is written on the sheet."""

    village: ShopVillage
    paper: TcpPrinter
    sheet: Sheet = field(default_factory=Sheet)
    boxed: int = 0
    spots: int = 0
    prices: dict[str, int] = field(default_factory=PRICES.copy)

    async def open_day(self, badge: str, *, after: int = 1) -> None:
        """Come in the morning so many days later, show a badge and say which day it is."""
        assert isinstance(self.village.clock, ManualClock)
        self.village.clock.advance(after * DAY_MS)
        if not self.missing("按 + 开门"):
            await self.press("plus")
        await self.scan(badge)
        await self.press("plus")
        assert self.missing("要做什么", "营业中") == [], self.at.text()

    async def close_day(self) -> None:
        """Count the slips that came out today by hand, close, and go."""
        await self.printed()
        counted = sum("兑换后" in receipt for receipt in self.paper.receipts) - self.boxed
        self.boxed += counted
        await self.press(*digits_to("day_close"))
        await self._spot_count()
        await self.press(*str(counted), "plus")
        assert self.missing(f"小票{counted}张：对") == [], self.at.text()
        await self.at.until(lambda: self.missing("可以关机了") == [])
        await self.press("minus")

    async def _spot_count(self) -> None:
        """Count on the shelf what the machine asks for, once a week."""
        while not self.missing("抽盘"):
            asked = next(line for line in self.at.lines() if "抽盘" in line)
            code = next(code for code, name in NAMES.items() if name in asked)
            await self.press(*str(self.sheet.shelf[code]), "plus")
            self.spots += 1

    async def redeem(self, household: int, *codes: str) -> None:
        """Card, goods, confirm, from wherever cards are taken."""
        await self.scan(self.village.cards[household], *codes)
        await self.press("plus")
        assert self.missing("已兑换") == [], self.at.text()
        self._sell(household, *codes)

    async def void_last(self, household: int, *codes: str) -> None:
        """Two keys right after it: as if it had never been."""
        await self.press("minus", "plus")
        await self.at.until(lambda: self.missing("已作废") == [])
        self._give_back(household, *codes)

    async def void_by_slip(self, household: int, *codes: str) -> None:
        """Scan the slip of what was redeemed last, some time later; it waits for a second signature."""
        self.village.clock.advance(10 * 60_000)
        await self.bring_slip()
        await self.press("2", "plus")
        await self.at.until(lambda: self.missing("已交书记审批") == [])
        self._give_back(household, *codes)

    async def return_first(self, household: int, code: str, place: str) -> None:
        """Bring the first goods of the last slip back: ``1`` puts them on the shelf, ``2`` away, broken."""
        await self.bring_slip()
        await self.press("1", "1", place, *(["1"] if place == "2" else []), "plus")
        await self.at.until(lambda: self.missing("已退货") == [])
        self.sheet.points[household] += self.prices[code]
        self.sheet.shelf[code] += 1 if place == "1" else 0

    async def bring_slip(self) -> None:
        """Scan at the till the slip that came out last for a redemption."""
        await self.printed()
        await self.leave()
        await self.press(*digits_to("till"))
        await self.scan(self.slip_code())

    def slip_code(self) -> str:
        """Read the code of the redemption slip that came out last."""
        slip = [each for each in self.paper.slips if "兑换后" in each.text][-1]
        (found,) = zxingcpp.read_barcodes(slip.picture.convert("L"))
        return found.text

    def _sell(self, household: int, *codes: str) -> None:
        self.sheet.redemptions += 1
        self.sheet.points[household] -= sum(self.prices[code] for code in codes)
        self.sheet.shelf.subtract(codes)

    def _give_back(self, household: int, *codes: str) -> None:
        self.sheet.redemptions -= 1
        self.sheet.points[household] += sum(self.prices[code] for code in codes)
        self.sheet.shelf.update(codes)

    async def receive(self, source: str, *kinds: tuple[str, int, str | None]) -> None:
        """Receive goods by scan: how many, and what all of a kind cost in yuan if anybody knows."""
        await self.press(*digits_to("stock"))
        for code, quantity, cost in kinds:
            await self.scan(code)
            await self.press(*str(quantity), "plus")
            self.sheet.shelf[code] += quantity
            if cost is not None:
                await self.press("full_stop", *cost, "plus")
                self.sheet.spent += int(cost) * 100
        await self.press("slash", source)
        await self.press("plus")
        await self.at.until(lambda: self.missing(f"已入库{len(kinds)}种") == [])
        await self.leave()

    async def print_forms(self) -> None:
        """Put a balance list and numbered forms into the drawer, for an hour without power."""
        await self.press(*digits_to("forms"), "3")
        await self.at.until(lambda: self.missing("打好了") == [])
        await self.leave()

    async def enter_forms(self, code: str, *households: int) -> None:
        """Enter what was written yesterday on the next forms of the pile: one bag for each household."""
        form = next(receipt for receipt in self.paper.receipts if "兑换纸单" in receipt)
        number = next(line.split()[0] for line in form.splitlines() if NAMES[code] in line)
        await self.press(*digits_to("forms"), "1", "2")
        for household in households:
            group, house = divmod(household, HOUSES_A_GROUP)
            await self.press(*place_keys(group + 1, house + 1), "plus", *number, "plus", "plus")
            await self.at.until(lambda: self.missing("已录") == [])
            self._sell(household, code)
        await self.leave()

    async def set_price(self, code: str, points: int) -> None:
        """Say what a bag costs from today on, because its cost changed."""
        await self.press(*digits_to("stock"), "slash", "6")
        await self.scan(code)
        await self.press("plus", *str(points), "plus", "1", "1")
        await self.at.until(lambda: self.missing("：已定") == [])
        self.prices[code] = points * 100
        await self.leave()

    async def lower(self, code: str, quantity: int, *keys: str) -> None:
        """Say at the shelf that so much less of something is there; it waits for a second signature."""
        await self.scan(code)
        await self.press(*keys)
        await self.at.until(lambda: self.missing("等书记签字") == [])
        self.sheet.shelf[code] -= quantity

    async def sign_all(self, count: int) -> None:
        """Agree to so many things that wait, as the secretary at the desk."""
        await self.press(*digits_to("waiting_list"))
        for _ in range(count):
            self.village.clock.advance(1_000)
            await self.press("plus")
        assert self.missing("没有要签字的事") == [], self.at.text()
        await self.leave()

    async def leave(self) -> None:
        """Back to the menu, with the slips in hand: whoever counts them afterwards finds all of them."""
        await self.printed()
        self.at.app.go_home()
        await self.at.settle()

    async def printed(self) -> None:
        """Wait until the printer is through."""
        for screen in self.at.app.screen_stack:
            if isinstance(screen, TillScreen):
                await screen.slip_runner.settle()
        await self.at.settle()

    async def award(self, key: str, each: int, *households: int) -> None:
        """Award an item to a pile of cards."""
        await self.press(*digits_to("award"), key)
        await self.scan(*(self.village.cards[household] for household in households))
        await self.press("plus")
        assert self.missing("已加") == [], self.at.text()
        for household in households:
            self.sheet.points[household] += each
        await self.leave()


def place_keys(group: int, house: int) -> tuple[str, ...]:
    """Give the keys that name a household."""
    return (*str(group), "full_stop", *str(house))
