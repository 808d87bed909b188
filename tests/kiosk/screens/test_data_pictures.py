"""What the screens of sheets and of store care look like, in both languages: somebody looked at every picture."""

from pathlib import Path

import pytest

from kiosk.bootstrap import Keeper
from kiosk.clock import ManualClock
from kiosk.doctor import Finding, Level
from kiosk.screens.sheets import screen
from kiosk.screens.widgets.figure import Figure
from kiosk.settings import Settings
from kiosk.station import Operator, Station
from kiosk.store_care import back_up
from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.office_desk import StaffedOffice
from tests.kiosk.screens.pictures import PictureBook
from tests.kiosk.sheets.books import GOODS_HEADINGS, HOUSEHOLD_HEADINGS, PERSON_HEADINGS, Tab, write_xlsx
from tests.ready import Ready, later, ready_desk
from tests.screens import NINE_O_CLOCK, Desk, desk, make_station

HOUSEHOLDS = (("一组", 1, "张三", 4, "42.5", "P-1"), ("三组", 12, "阿卜杜热合曼·买买提依明江·艾山", 3, "", ""))
PERSONS = (("三组", 13, "王明", "男", 1961, "", "", "3-12"), ("九组", 9, "王小", "女", 1990, "", "", ""))
BAD_GOODS = tuple((f"699010330030{n}", f"洗衣粉家庭装{n}号", "2千克", "袋", 3, 50, "", 2, "") for n in range(4, 9))

PORT = "/dev/serial/by-id/usb-STMicroelectronics_POS58_Printer-if00"
FOUND = [
    Finding("store", Level.FAIL, "closed", {"detail": "store_schema 0009"}),
    Finding("memory", Level.WARN, "low", {"free_bytes": 2**25}),
    Finding("scanner", Level.WARN, "missing", {"port": PORT}),
    Finding("printer", Level.WARN, "missing", {"target": PORT}),
    Finding("settings", Level.WARN, "unreadable", {"detail": "Expected '=' after a key (at line 12, column 8)"}),
    Finding("fonts", Level.WARN, "missing"),
    Finding("python", Level.OK, "ok", {"version": "3.11"}),
]


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stick with a sheet that is right, one that is not, and one about persons."""
    folder = tmp_path / "STICK"
    folder.mkdir()
    write_xlsx(folder / "goods.xlsx", Tab([GOODS_HEADINGS, *BAD_GOODS]))
    write_xlsx(folder / "households.xlsx", Tab([HOUSEHOLD_HEADINGS, *HOUSEHOLDS]))
    write_xlsx(folder / "persons.xlsx", Tab([(*PERSON_HEADINGS, "原户号"), *PERSONS]))
    monkeypatch.setattr(screen, "find_sticks", lambda: [folder] if folder.exists() else [])
    return folder


def pulled_out(stick: Path) -> None:
    """The stick is gone."""
    stick.rename(stick.with_name("away"))


def is_looked_at(at: Desk, word: str) -> bool:
    """Whether a sheet was read, or written, and a word of it stands there."""
    shown = at.app.screen
    return isinstance(shown, screen.SheetsScreen) and shown.query_one(Figure).display and word in at.text()


async def test_sheets_look_as_before_when_they_are_imported(book: PictureBook, tmp_path: Path, stick: Path) -> None:
    """Files, faults by their cells, a move beside a missing household, the kind that is asked; a plan; no stick."""
    office = office_in(tmp_path / "desk", StaffedOffice)
    write_xlsx(stick / "which.xlsx", Tab([("条码", "品名", "库存"), ("6990103300302", "食盐", 5)]))
    async with office.at_desk("sheets", language=book.language) as at:
        book.look(at, "files")
        await at.keys("1")
        await at.until(lambda: is_looked_at(at, "A2"))
        book.look(at, "faults")
        await at.keys("minus", "3")
        await at.until(lambda: is_looked_at(at, "3-13"))
        book.look(at, "persons")
        await at.keys("minus", "4")
        book.look(at, "kind")
        await at.keys("minus", "2")
        await at.until(lambda: is_looked_at(at, "P-1"))
        book.look(at, "plan")
        await at.keys("plus")
        book.look(at, "signature")
        await at.keys("2")
        await at.until(lambda: is_looked_at(at, "42.5") and "P-1" not in at.text())
        book.look(at, "done")
        await at.keys("minus", "2")
        await at.until(lambda: is_looked_at(at, "households.xlsx"))
        book.look(at, "same")
        pulled_out(stick)
        await at.keys("minus")
        book.look(at, "none")
        await at.keys("slash")
        book.look(at, "no_stick")


@pytest.fixture
def still_health(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's sticks and its health are not on the pictures."""
    for place in ("kiosk.store_care.find_sticks", "kiosk.sticks.find_sticks"):
        monkeypatch.setattr(place, list)
    monkeypatch.setattr("kiosk.doctor.examine", lambda _admitted: FOUND)


def station_of(ready: Ready, book: PictureBook, *, has_operator: bool = True) -> Station:
    """A station with the real keeper."""
    clock = ManualClock(NINE_O_CLOCK)
    settings = Settings(village_name="云岭村", help_phone="0857-0000000", language=book.language)
    keeper = Keeper(ready.home, clock, lambda: "周会计")
    station = make_station(ready.home, keeper=keeper, settings=settings, clock=clock)
    station.operator = Operator(ready.known.operator, "周会计") if has_operator else None
    return station


async def test_store_care_looks_as_before_when_all_is_well(
    book: PictureBook, tmp_path: Path, still_health: None
) -> None:
    """The jobs, no stick, a backup that is made, what the machine lacks, and every record checked."""
    ready = ready_desk(tmp_path / "desk")
    station = station_of(ready, book)
    async with desk(station) as at:
        await at.until(lambda: station.store is not None)
        await at.open("store_care")
        book.look(at, "jobs")
        await at.keys("1")
        book.look(at, "no_stick")
        await at.keys("2")
        book.look(at, "backed_up")
        await at.keys("plus", "3")
        book.look(at, "examined")
        await at.keys("plus", "4")
        book.look(at, "verified")
        await at.keys("plus", "6")
        book.look(at, "confirm_rebuild")


async def test_store_care_looks_as_before_when_a_backup_is_put_back(
    book: PictureBook, tmp_path: Path, still_health: None
) -> None:
    """Which backup, whether, who signs, the one who may not, and the desk that has to be opened again."""
    ready = ready_desk(tmp_path / "desk")
    back_up(ready.home, now=later())
    station = station_of(ready, book)
    async with desk(station) as at:
        await at.until(lambda: station.store is not None)
        await at.open("store_care")
        await at.keys("7")
        book.look(at, "which")
        await at.keys("1")
        book.look(at, "confirm")
        await at.keys("plus")
        book.look(at, "sign")
        await at.scan(ready.known.badge)
        book.look(at, "refused")
        await at.keys("7", "1", "plus")
        await at.scan(ready.known.second_badge)
        book.look(at, "restored")


async def test_store_care_looks_as_before_when_there_is_no_store(
    book: PictureBook, tmp_path: Path, still_health: None
) -> None:
    """The machine of a village whose terminal died."""
    ready = ready_desk(tmp_path / "desk")
    station = station_of(Ready(tmp_path / "new", ready.known), book, has_operator=False)
    async with desk(station) as at:
        await at.keys("slash")
        book.look(at, "jobs")
        await at.keys("1")
        book.look(at, "no_backup")
