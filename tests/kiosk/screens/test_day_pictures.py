"""Home, balance and the close of the day as pictures in both languages; a change is looked at before it is taken."""

from pathlib import Path

import pytest

from kiosk.clock import ManualClock
from kiosk.domain.basket import BasketLine, Holder
from kiosk.domain.meeting import MeetingPlan, call_meeting
from kiosk.domain.shop import redeem_basket
from kiosk.domain.slip import settle_slip
from kiosk.errors import Refused
from kiosk.station import Operator, Station
from tests.kiosk.domain.hall import Hall
from tests.kiosk.screens.pictures import PictureBook
from tests.kiosk.screens.till.counter import LATER, RICE, SALT, Shop, item, shop_in
from tests.menu import digits_to
from tests.screens import SMALL, FixedKeeper, RecordedDevices, desk, make_station
from tests.village import DAY


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop of its own."""
    return shop_in(tmp_path / "shop")


def opened(shop: Shop, book: PictureBook, *, is_large: bool = False) -> Station:
    """Give the desk of a shop whose day is open."""
    station = shop.station(book.language, is_large=is_large)
    assert isinstance(station.clock, ManualClock)
    station.clock.set_wall(LATER.at, "s")
    station.operator, station.day = Operator(shop.operator, "周会计"), DAY
    return station


def redeem(shop: Shop, count: int) -> None:
    """Wang redeems salt so many times; all slips but the last came out."""
    store, salt = shop.open(), item(shop, SALT)
    for number in range(count):
        lines = (BasketLine(salt, 1),)
        made = redeem_basket(store, Holder(shop.wang, "card"), lines, now=LATER, by=shop.operator)
        if number < count - 1:
            settle_slip(store, made.redemption_id, now=LATER, by=shop.operator)
    store.close()


@pytest.mark.parametrize("is_large", [False, True])
async def test_home_looks_as_it_did_when_the_day_goes_on(shop: Shop, book: PictureBook, *, is_large: bool) -> None:
    """The daily jobs, the clock, the day; the others one digit further; a refusal below all of it."""
    async with desk(opened(shop, book, is_large=is_large), SMALL) as at:
        book.look(at, "home")
        await at.keys(digits_to("settings")[0])
        book.look(at, "more")
        await at.keys("minus")
        await at.scan("2801231234567818")
        book.look(at, "refused")


@pytest.mark.parametrize("is_large", [False, True])
async def test_home_looks_as_it_did_when_much_is_wrong(shop: Shop, book: PictureBook, *, is_large: bool) -> None:
    """A clock in 1970, no scanner, no paper, no room, and a meeting called: nothing is cut off."""
    hall = Hall(shop.folder.parent / "hall")
    plan = MeetingPlan("villagers_meeting", day=DAY, hour="14:00", topic="村道维修怎么分工")
    call_meeting(hall.store, plan, now=hall.now, by=hall.operator)
    settings = opened(shop, book, is_large=is_large).settings
    clock = ManualClock(0, clock="u")
    station = make_station(shop.folder / "hall", keeper=FixedKeeper(hall.store), settings=settings, clock=clock)
    station.operator, station.day = Operator(hall.operator, "周会计"), DAY
    station.caretaker.trouble = Refused("disk_reserve")
    assert isinstance(station.devices, RecordedDevices)
    station.devices.scanner_state, station.devices.printer_state = "missing", "paper_out"
    async with desk(station, SMALL) as at:
        book.look(at, "wrong")


async def test_home_looks_as_it_did_when_the_day_is_closed(shop: Shop, book: PictureBook) -> None:
    """What to do first."""
    station = opened(shop, book)
    station.day = None
    async with desk(station, SMALL) as at:
        book.look(at, "closed")


@pytest.mark.parametrize("is_large", [False, True])
async def test_points_and_prices_look_as_they_did_when_asked_for(
    shop: Shop, book: PictureBook, *, is_large: bool
) -> None:
    """A household with its entries; goods with their stock."""
    async with desk(opened(shop, book, is_large=is_large), SMALL) as at:
        await at.scan(shop.chen_card)
        book.look(at, "household")
        await at.keys("full_stop")
        book.look(at, "no_printer")
        await at.keys("minus")
        await at.scan(RICE)
        book.look(at, "goods")


@pytest.mark.parametrize("is_large", [False, True])
async def test_the_close_looks_as_it_did_when_the_slips_differ(
    shop: Shop, book: PictureBook, *, is_large: bool
) -> None:
    """The blind count, once more, the difference with its slips, and what is kept."""
    redeem(shop, 3)
    station = opened(shop, book, is_large=is_large)
    assert isinstance(station.devices, RecordedDevices)
    station.devices.printer_state = "ready"
    async with desk(station, SMALL) as at:
        await at.open("day_close")
        book.look(at, "count")
        await at.keys("plus")
        book.look(at, "not_counted")
        await at.keys("1", "plus")
        book.look(at, "again")
        await at.keys("1", "plus")
        book.look(at, "differs")
        await at.keys("slash")
        book.look(at, "slips")
        await at.keys("minus", "plus")
        await at.until(lambda: station.caretaker.looked is not None)
        await at.until(lambda: station.texts("day_close.backed_up") in at.text())
        book.look(at, "done")
