"""A dead terminal is replaced at the desk: its books come back with the county's code, by keys and a stick alone."""

import os
import sys
from pathlib import Path

import pytest

from county.hub import Hub, create_hub, open_engine
from county.provision import provision
from county.stick import exchange_by_stick as answer_stick
from county.succession import Officers, replace_terminal
from county.villages import Named
from db.journal import heads
from db.store import own_log
from db.wire.v1.set_up import sheet_digits
from kiosk.clock import ManualClock
from kiosk.errand import Errands
from kiosk.settings import Settings
from kiosk.station import Station
from kiosk.sync.stick import exchange_by_stick
from tests.kiosk.screens.pictures import PictureBook
from tests.screens import NINE_O_CLOCK, Desk, desk, make_station, real_keeper
from tests.sticks import let_in_by_hand, plugged
from tests.village import Village, seeded

CODE = "0123000000000000"
CHECK = "123456789012"
PENDING = 'print(\'{"status": "pending"}\')'
WRONG = "exit('... [restore_code_used]')"


def unpacked(home: Path, language: str = "zh_CN") -> Station:
    """A machine fresh from its box."""
    clock = ManualClock(NINE_O_CLOCK)
    keeper = real_keeper(home, clock)
    station = make_station(home, keeper=keeper, settings=Settings(language=language), clock=clock)
    station.operator, station.day = None, None
    return station


async def shown(at: Desk, *words: str) -> None:
    """Wait until words stand on the screen."""
    await at.until(lambda: all(word in at.text() for word in words))
    await at.settle()


def order_for(hub: Hub, village: Village, stick: Path) -> str:
    """The village reported once by stick; then its terminal died, and two officers gave a code."""
    let_in_by_hand(village.store, hub)
    exchange_by_stick(village.store, stick, os.urandom, now=village.now)
    answer_stick(hub, stick)
    with village.store.read() as connection:
        log = own_log(connection, 123)
    return replace_terminal(hub, 123, log, Officers("孙主任", "钱科长")).code


async def test_books_come_back_when_only_a_stick_travels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real programs: asked on the stick, answered by the county, read back; then the tests and the desk."""
    hub = create_hub(open_engine(tmp_path), seeded("hub"))
    provision(hub, tmp_path / "out", [Named(123, "云岭村")])
    stick = plugged(tmp_path / "out" / "0123", monkeypatch)
    village = Village(tmp_path / "old")
    village.award(village.household(1, 1, "王明"), 500)
    code = order_for(hub, village, stick)
    with village.store.read() as connection:
        held = heads(connection, 123)
    village.close()
    station = unpacked(tmp_path / "new")
    async with desk(station) as at:
        await at.keys("2")
        await shown(at, "0123　云岭村")
        await at.keys("asterisk")
        await shown(at, "一组一组输入")
        await at.keys(*filter(str.isdigit, code), "plus")
        await shown(at, "写到U盘了，可以拔")
        answer_stick(hub, stick)
        await at.keys("asterisk")
        await shown(at, "取回", "分和库存都回来了")
        assert station.store is not None
        with station.store.read() as connection:
            back = heads(connection, 123)
        assert {log: back[log] for log in held} == held
        await at.keys("plus")
        assert "试扫码枪" in at.text()
        await at.keys("full_stop")
        assert ("谁在值班" in at.text(), station.settings.village_name) == (True, "云岭村")
    hub.close()


async def test_replacing_looks_as_before_when_the_sheet_is_scanned(book: PictureBook, tmp_path: Path) -> None:
    """Barcode, address, code; a code that is none, one that somebody used; waiting for the stick; what came back."""
    station = unpacked(tmp_path, book.language)
    station._errands = Errands(tmp_path, (sys.executable, "-c", WRONG))
    async with desk(station) as at:
        await at.keys("2", "asterisk")
        book.look(at, "source")
        await at.scan(sheet_digits(123, "1234567890", CHECK))
        book.look(at, "address")
        await at.scan("http://127.0.0.1:9")
        book.look(at, "code")
        await at.keys(*CODE, "plus")
        assert at.refusal() == "restore_code_wrong"
        await at.keys(*CODE[:-2], *check_of(CODE[:-2]), "plus")
        await at.until(lambda: at.refusal() == "restore_code_used")
        await at.settle()
        book.look(at, "used")
        station._errands = Errands(tmp_path, (sys.executable, "-c", PENDING))
        await at.keys(*CODE[:-2], *check_of(CODE[:-2]), "plus")
        await at.until(lambda: "*" in at.lines()[-1])
        await at.settle()
        book.look(at, "waiting")
        await at.keys("minus")
        assert station.store is None


def check_of(digits: str) -> str:
    """The check digits of a code."""
    from stdnum.iso7064 import mod_97_10

    return str(mod_97_10.calc_check_digits(digits))


async def test_sheet_is_refused_when_anything_else_is_scanned(tmp_path: Path) -> None:
    """Neither an address before the village, nor a code of goods."""
    async with desk(unpacked(tmp_path)) as at:
        await at.keys("4")
        await at.scan("http://127.0.0.1:9")
        assert at.refusal() == "sheet_code_unknown"
