"""What each screen looks like on the smallest terminal, in both languages: somebody looked at every picture."""

from pathlib import Path

from kiosk.clock import ManualClock
from kiosk.codes import CodeType, mint
from kiosk.domain.period import open_day
from kiosk.errors import BadInput, StoreFailed
from kiosk.settings import Settings
from tests.kiosk.domain.office import UNIVERSITY, office_in
from tests.kiosk.screens.office_desk import StaffedOffice
from tests.kiosk.screens.pictures import PictureBook
from tests.kiosk.screens.test_card_desk import Drawer
from tests.kiosk.screens.test_opening import DAY, TODAY, closed_desk
from tests.screens import NINE_O_CLOCK, FixedKeeper, desk, make_station, standing_store
from tests.village import VILLAGE, seeded

LONGEST_NAME = "阿卜杜热合曼·买买提依明江·艾山"
UNKNOWN_CARD, UNKNOWN_BADGE = (mint(kind, VILLAGE, seeded("nobody")) for kind in (CodeType.PERSON, CodeType.OPERATOR))


def settings_in(book: PictureBook, **values: object) -> Settings:
    """Settings of a desk that speaks the language of the book."""
    return Settings(language=book.language, village_name="云岭村", help_phone="0857-0000000").changed(**values)


async def test_start_looks_as_before_when_there_is_no_store(book: PictureBook, tmp_path: Path) -> None:
    """Demo or real; a real village is set up, which has pictures of its own."""
    station = make_station(tmp_path, settings=settings_in(book))
    station.operator = station.day = None
    async with desk(station) as at:
        book.look(at, "demo_or_real")


async def test_start_looks_as_before_when_something_is_wrong(book: PictureBook, tmp_path: Path) -> None:
    """Settings that cannot be read, then a store that does not open."""
    keeper = FixedKeeper(refusal=StoreFailed("store_schema", detail="0009"))
    station = make_station(tmp_path, keeper=keeper, settings=settings_in(book, village_name=""))
    station.operator = station.day = None
    station.trouble = BadInput("settings_unreadable", detail="Expected '=' after a key (at line 12, column 8)")
    (tmp_path / "settings.toml").write_text("language = ", encoding="utf-8")
    async with desk(station) as at:
        book.look(at, "settings")
        await at.keys("plus")
        book.look(at, "stopped")


async def test_opening_looks_as_before_when_a_day_begins(book: PictureBook, tmp_path: Path) -> None:
    """Who, a badge that is none, which day with yesterday left open, typing it, one that is none, one too early."""
    clock = ManualClock(NINE_O_CLOCK)
    station, operator = closed_desk(tmp_path, clock)
    station.set(language=book.language)
    open_day(station.keeper.open(), TODAY, now=clock.now(), by=operator.operator_id)
    clock.advance(DAY)
    async with desk(station) as at:
        book.look(at, "who")
        await at.scan(UNKNOWN_BADGE)
        book.look(at, "badge_refused")
        await at.keys("2")
        book.look(at, "day")
        await at.keys("asterisk", *"20261332")
        book.look(at, "typing")
        await at.keys("plus")
        book.look(at, "date_refused")
        await at.keys(*"20261101", "plus")
        book.look(at, "earlier")


async def test_awards_look_as_before_when_piles_are_booked(book: PictureBook, tmp_path: Path) -> None:
    """Items, a pile with every mark and the longest name, a full month, what came of it; kilograms and a paper form."""
    office = office_in(tmp_path / "desk", StaffedOffice)
    office.household(10, 108, LONGEST_NAME)
    full = office.household(5, 1, "赵满")
    for household in (full, full, office.wang):
        office.give(household, item="public_cleaning")
    async with office.at_desk("award", language=book.language, by=office.helper.operator_id) as at:
        book.look(at, "items")
        await at.keys("0")
        book.look(at, "more_items")
        await at.keys("0", "0", "5")
        book.look(at, "empty_pile")
        await at.scan(office.li_card)
        book.look(at, "own_household")
        await at.keys("plus", *"10.108", "plus")
        await at.scan(office.wang_card)
        book.look(at, "pile")
        await at.keys("5", "1", "plus")
        book.look(at, "refused")
        await at.keys("plus")
        book.look(at, "booked")
        await at.scan(UNKNOWN_CARD)
        book.look(at, "booked_refused")
        await at.keys("7", "1", "2")
        book.look(at, "units")
        await at.keys("plus", "slash")
        book.look(at, "evidence")
        await at.keys("1", *"0017", "plus")
        await at.scan(office.wang_card)
        book.look(at, "counted")


async def test_finding_looks_as_before_when_a_household_is_found(book: PictureBook, tmp_path: Path) -> None:
    """The entry, nobody, a whole group, one household, one with more people than there is room, and on to an award."""
    drawer = office_in(tmp_path / "desk", Drawer)
    crowd = drawer.household(3, 14, LONGEST_NAME)
    for number in range(10):
        drawer.person(crowd, f"{LONGEST_NAME[:12]}{'一二三四五六七八九十'[number]}", 1950 + number)
    async with drawer.at_desk("find", language=book.language) as at:
        book.look(at, "entry")
        await at.keys("9", "9", "plus")
        book.look(at, "refused")
        await at.keys("minus", "minus", "3", "plus")
        book.look(at, "found")
        await at.keys("1")
        book.look(at, "household")
        await at.keys("minus", "3")
        book.look(at, "crowd")
        await at.keys("2")
        book.look(at, "on_to_award")


async def test_waiting_list_looks_as_before_when_it_is_full(book: PictureBook, tmp_path: Path) -> None:
    """Ten requests with the longest name, a badge that may not sign, what is asked of the one that does, and after."""
    office = office_in(tmp_path / "desk", StaffedOffice)
    office.give(office.wang, item=UNIVERSITY, by=office.helper.operator_id, evidence="document", paper="0012345")
    office.give(office.household(10, 108, LONGEST_NAME), item=UNIVERSITY, evidence="witness")
    for house in range(1, 9):
        office.give(office.household(6, house, f"赵{house}"), item=UNIVERSITY, evidence="photo")
    async with office.at_desk("waiting_list", by=office.helper.operator_id, language=book.language) as at:
        book.look(at, "full")
        await at.scan(office.helper.badge)
        book.look(at, "refused")
        await at.keys("2", "plus")
        book.look(at, "asked")
        await at.scan(office.supervisor.badge)
        book.look(at, "signed")


async def test_waiting_list_looks_as_before_when_nothing_is_left(book: PictureBook, tmp_path: Path) -> None:
    """One request with its points, then an empty list."""
    office = office_in(tmp_path / "desk", StaffedOffice)
    office.give(office.wang, item=UNIVERSITY, by=office.helper.operator_id, evidence="document")
    async with office.at_desk("waiting_list", language=book.language) as at:
        book.look(at, "one")
        await at.keys("plus")
        book.look(at, "empty")


async def test_set_up_looks_as_before_when_a_machine_is_set_up(book: PictureBook, tmp_path: Path) -> None:
    """The scanner test with nothing, goods, the longest and a bad reading; settings empty, set, and not to be saved."""
    station = make_station(tmp_path, keeper=FixedKeeper(standing_store()), settings=Settings(language=book.language))
    async with desk(station) as at:
        await at.open("scanner_test")
        book.look(at, "scan_nothing")
        await at.scan("6901234567892", symbology="]E0")
        book.look(at, "scan_goods")
        await at.scan("X\x1d" * 60)
        book.look(at, "scan_longest")
        await at.scan("6901234567893")
        book.look(at, "scan_misread")
        await at.keys("minus")
        await at.open("settings")
        book.look(at, "settings_empty")
        station.settings = settings_in(
            book, scanner_port="/dev/serial/by-id/usb-Scanner_00", slip_printer="usb:0x0483:0x5743:in=0x81:out=0x03"
        )
        at.app.redraw()
        await at.until(lambda: "Scanner_00" in at.text())
        await at.settle()
        book.look(at, "settings_set")
        (tmp_path / "settings.toml").write_text("language = ", encoding="utf-8")
        await at.keys("2")
        book.look(at, "settings_refused")
