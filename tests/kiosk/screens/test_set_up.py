"""A terminal is set up: from the stick or the sheet, with scanner and number pad alone, in at most twelve actions."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest

from county.hub import create_hub, open_engine, open_hub
from county.provision import provision
from county.publish import publish_file
from county.registry import list_terminals
from county.villages import Named, Service, keep_service
from db.wire.v1.set_up import SetUp, open_set_up, sheet_digits
from db.wire.v1.signed import fingerprint
from db.wire.versions import SPOKEN
from kiosk.clock import ManualClock
from kiosk.devices.printer.slip_printer import SlipPrinter
from kiosk.errand import Errands
from kiosk.screens.home import HomeScreen
from kiosk.screens.set_up import SetUpScreen, probes
from kiosk.screens.till import TillScreen
from kiosk.settings import Settings
from tests.hands import Hands
from tests.hub import served
from tests.kiosk.screens.pictures import PictureBook, cut_off
from tests.screens import LARGE, NINE_O_CLOCK, SMALL, Desk, desk, make_station, real_keeper
from tests.sticks import plugged
from tests.village import seeded

GOODS = Path(__file__).parents[3] / "docs" / "samples" / "county-goods.toml"
ADDRESS = "https://203.0.113.5:8700"
SALT = "6990103300302"
WRITTEN = (
    "import sys\n"
    "if 'enrol' in sys.argv: exit('... [county_not_reached]')\n"
    'print(\'{"received": 0, "written": 20, "skipped": 0}\')'
)
ASKED = 'print(\'{"status": "pending", "village_name": "云岭村", "help_phone": "0857-0000000"}\')'
UNREACHED = "exit('... [county_not_reached]')"
MOST_ACTIONS = 12


@dataclass
class Unpacked:
    """A machine fresh from its box, the village's folder on a stick that is not plugged in, and its sheet."""

    home: Path
    folder: Path
    sheet: SetUp

    @property
    def barcode(self) -> str:
        """The first barcode of the sheet."""
        check = self.sheet.fingerprint.replace(" ", "")
        return sheet_digits(self.sheet.said.village, self.sheet.said.code, check)

    @asynccontextmanager
    async def at_desk(
        self, language: str = "zh_CN", size: tuple[int, int] = SMALL, child: str = WRITTEN
    ) -> AsyncIterator[Desk]:
        """Switch the machine on; what it starts beside itself is a small program of the test."""
        clock = ManualClock(NINE_O_CLOCK)
        keeper = real_keeper(self.home, clock)
        station = make_station(self.home, keeper=keeper, settings=Settings(language=language), clock=clock)
        station.operator, station.day = None, None
        station._errands = Errands(self.home, (sys.executable, "-c", child))
        async with desk(station, size) as at:
            yield at


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a county wrote once for two villages; it has published goods and said where it is reached."""
    folder = tmp_path_factory.mktemp("county")
    hub = create_hub(open_engine(folder), seeded("hub"))
    publish_file(hub, GOODS, seeded("goods"))
    with hub.write() as connection:
        keep_service(connection, Service(ADDRESS, "0857-0000000"))
    provision(hub, folder / "out", [Named(123, "云岭村"), Named(124, "下寨村")], entropy=seeded("codes"))
    hub.close()
    return folder / "out"


@pytest.fixture
def unpacked(tmp_path: Path, county: Path, monkeypatch: pytest.MonkeyPatch) -> Unpacked:
    """A machine with no stick in it, and what the county gave the village."""
    monkeypatch.setattr("kiosk.sticks.find_sticks", list)
    copytree(county, tmp_path / "out")
    folder = tmp_path / "out" / "0123"
    [file] = (folder / "kiosk").iterdir()
    return Unpacked(tmp_path / "home", folder, open_set_up(file.name, file.read_bytes(), SPOKEN))


async def shown(at: Desk, *words: str) -> None:
    """Wait until words stand on the screen."""
    await at.until(lambda: all(word in at.text() for word in words))
    await at.settle()


async def test_till_is_reached_in_twelve_actions_when_there_is_a_stick(
    unpacked: Unpacked, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """From the first question to the till: scanner and number pad alone, every device tried, the printer found."""
    plugged(unpacked.folder, monkeypatch)
    (tmp_path / "usb").mkdir()
    (tmp_path / "usb" / "lp0").write_bytes(b"")
    monkeypatch.setattr(probes, "PRINTERS", tmp_path / "usb")
    async with unpacked.at_desk() as at:
        hands = Hands(at)
        await hands.press("2")
        await shown(at, "0123　云岭村", "校验数", "以后不能改")
        await hands.press("plus")
        await shown(at, "报这台机器的校验数", "申请写到U盘了")
        await hands.press("plus")
        assert "扫任意一个条码" in at.text()
        at.devices.slip_printer = SlipPrinter(f"text:{tmp_path / 'slips'}")
        await hands.scan(SALT)
        assert "试小票机：打出一张了吗" in at.text()
        assert "小票机●" in at.lines()[5]
        await hands.press("plus")
        assert "听到" in at.text()
        await hands.press("plus")
        assert "2026-11-22　09:00" in at.text()
        await hands.press("plus")
        await shown(at, "谁在值班")
        await hands.press("1", "plus", "1")
        await at.until(lambda: isinstance(at.app.screen, TillScreen))
        assert hands.actions <= MOST_ACTIONS
        settings = at.app.station.settings
        assert (settings.village_name, settings.help_phone) == ("云岭村", "0857-0000000")
        assert settings.slip_printer == f"usb:{tmp_path / 'usb'}"


async def test_till_is_reached_in_twelve_actions_when_the_sheet_is_scanned(unpacked: Unpacked) -> None:
    """Two barcodes in place of the stick; the scanner has been tried by then, the stick is put off."""
    async with unpacked.at_desk(child=ASKED) as at:
        hands = Hands(at)
        await hands.press("2")
        await hands.scan(unpacked.barcode, ADDRESS)
        await shown(at, "0123", "以后不能改")
        await hands.press("plus")
        await shown(at, "还没联系上县里")
        await hands.press("plus", "plus", "plus", "plus", "plus")
        await shown(at, "谁在值班")
        await hands.press("1", "plus")
        await at.until(lambda: isinstance(at.app.screen, HomeScreen))
        await hands.press("1")
        await at.until(lambda: isinstance(at.app.screen, TillScreen))
        assert hands.actions <= MOST_ACTIONS
        assert at.app.station.settings.village_name == "云岭村"


async def test_set_up_looks_as_before_when_the_stick_is_there(
    unpacked: Unpacked, book: PictureBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The source, the digits to compare, the terminal's own, each test, and a test that has not seen anything."""
    async with unpacked.at_desk(book.language) as at:
        await at.keys("2")
        book.look(at, "source")
        plugged(unpacked.folder, monkeypatch)
        await shown(at, "0123　云岭村")
        book.look(at, "compare")
        await at.keys("plus")
        await at.until(lambda: isinstance(at.app.screen, SetUpScreen) and bool(at.app.screen._check))
        await at.settle()
        for _ in at.app.screen.query("Digits").results():
            at.app.screen.query_one("Figure").show("1234 5678 9012")  # type: ignore[attr-defined]  # because a query by name gives a plain widget
        await at.settle()
        book.look(at, "known")
        await at.keys("plus")
        for step in ("scanner", "printer", "sound", "clock"):
            book.look(at, step)
            await at.keys("plus")


async def test_set_up_looks_as_before_when_the_sheet_is_typed(unpacked: Unpacked, book: PictureBook) -> None:
    """Four things with the number pad, one refused; then nobody answers, and it is asked once more."""
    async with unpacked.at_desk(book.language, child=UNREACHED) as at:
        said = unpacked.sheet.said
        await at.keys("2", *"0123", "plus")
        book.look(at, "code")
        await at.keys(*said.code[:9], "plus")
        assert at.refusal() == "sheet_digits_wrong"
        book.look(at, "too_short")
        await at.keys(*said.code, "plus")
        book.look(at, "check")
        await at.keys(*unpacked.sheet.fingerprint.replace(" ", ""), "plus")
        book.look(at, "address")
        await at.keys(*"120300011300508700", "plus")
        book.look(at, "confirm")
        await at.keys("plus")
        await at.until(lambda: at.refusal() == "county_not_reached")
        await at.settle()
        book.look(at, "not_reached")
        await at.keys("asterisk")
        await at.until(lambda: at.refusal() == "county_not_reached")
        station = at.app.station
        station.devices.printer_state = "paper_out"  # type: ignore[misc]  # because the devices of a test are set by hand
        await at.keys("plus", "slash", "slash", "slash", "slash")
        book.look(at, "stick")


async def test_county_hears_of_the_terminal_when_the_sheet_is_scanned_and_there_is_a_line(
    unpacked: Unpacked, county: Path
) -> None:
    """The real programs on both sides: the digits on the screen are those the officer sees, the name came down."""
    hub = open_hub(open_engine(county.parent))
    with served(hub) as line:
        async with unpacked.at_desk() as at:
            at.app.station._errands = None
            await at.keys("2")
            await at.scan(unpacked.barcode, line.address)
            await at.keys("plus")
            await shown(at, "报这台机器的校验数")
            assert isinstance(at.app.screen, SetUpScreen)
            with hub.read() as connection:
                [known] = list_terminals(connection, 123)
            assert (known.state, fingerprint(known.public_key)) == ("pending", at.app.screen._check)
            assert at.app.station.settings.village_name == "云岭村"
    hub.close()


async def test_other_village_is_refused_when_the_terminal_is_set_up_already(
    unpacked: Unpacked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stick of the next village, and its sheet: a sentence each, and nothing is believed."""
    async with unpacked.at_desk() as at:
        await at.keys("2", *"0124", "plus", "slash", "plus", "full_stop")
        await shown(at, "谁在值班")
        await at.keys("1", "plus")
        await at.open("set_up")
        await shown(at, "输入启用码")
        await at.scan(unpacked.barcode)
        assert at.refusal() == "set_up_of_another"
        await at.scan(SALT)
        assert at.refusal() == "sheet_code_unknown"
        plugged(unpacked.folder, monkeypatch)
        await at.until(lambda: at.refusal() == "set_up_of_another")
        assert at.app.station.unsent is not None
        assert not at.app.station.unsent.is_enrolled


async def test_a_village_is_chosen_when_the_stick_holds_several(
    unpacked: Unpacked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An officer's stick with all folders in one: which village it is a person says."""
    for file in (unpacked.folder.parent / "0124" / "kiosk").iterdir():
        file.rename(unpacked.folder / "kiosk" / file.name)
    (unpacked.folder / "kiosk" / "IMG_2044.jpg").write_bytes(b"\xff\xd8")
    plugged(unpacked.folder, monkeypatch)
    async with unpacked.at_desk() as at:
        await at.keys("2")
        await shown(at, "U盘上有几个村", "0124　下寨村")
        await at.keys("2")
        await shown(at, "编号 0124，建正式村")
        await at.keys("minus")
        assert "输入村编号" in at.text()


@pytest.mark.parametrize(("spoil", "words"), [("torn", "文件不完整"), ("empty", "没有启用文件")])
async def test_nothing_begins_when_the_stick_is_of_no_use(
    unpacked: Unpacked, monkeypatch: pytest.MonkeyPatch, spoil: str, words: str
) -> None:
    """A torn file, a stick with photographs alone: said at once, and the sheet is still taken."""
    [file] = (unpacked.folder / "kiosk").iterdir()
    if spoil == "torn":
        file.write_bytes(file.read_bytes()[:-1])
    else:
        file.rename(unpacked.folder / "IMG_2044.jpg")
    plugged(unpacked.folder, monkeypatch)
    async with unpacked.at_desk() as at:
        await at.keys("2")
        await shown(at, words)
        await at.scan(unpacked.barcode)
        assert "扫条码二" in at.text()
        assert at.app.station.store is None


async def test_set_up_goes_on_where_it_was_left_when_the_machine_was_switched_off(
    unpacked: Unpacked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked and not yet let in: the digits stand there again; the tests may be done again at any time."""
    plugged(unpacked.folder, monkeypatch)
    async with unpacked.at_desk() as at:
        await at.keys("2")
        await shown(at, "0123　云岭村")
        await at.keys("plus")
        await shown(at, "报这台机器的校验数")
        check = at.app.screen._check if isinstance(at.app.screen, SetUpScreen) else ""
    async with unpacked.at_desk(size=LARGE) as at:
        await shown(at, "谁在值班")
        await at.keys("1", "plus")
        await at.open("set_up")
        await shown(at, "报这台机器的校验数")
        assert list(cut_off(at)) == []
        assert isinstance(at.app.screen, SetUpScreen)
        assert (at.app.screen._check, bool(check)) == (check, True)
        await asyncio.sleep(0)
        await at.keys("plus")
        assert "扫任意一个条码" in at.text()
