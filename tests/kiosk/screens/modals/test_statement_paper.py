"""The household's statement leaves the desk: on slip paper, read back from the printer's bytes, or as A4."""

from pathlib import Path

import pytest

from kiosk import sticks
from kiosk.devices.printer.simulated import TcpPrinter
from kiosk.devices.printer.slip_printer import SlipPrinter
from kiosk.screens.modals.statement import StatementModal
from kiosk.station import Operator, Station
from tests.kiosk.paper.sheet import text_of
from tests.kiosk.screens.till.counter import PrintingDevices, Shop, shop_in
from tests.screens import desk
from tests.village import DAY


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop of its own."""
    return shop_in(tmp_path / "shop")


def manned(shop: Shop) -> Station:
    """The desk with somebody at it."""
    station = shop.station()
    station.operator, station.day = Operator(shop.operator, "周会计"), DAY
    return station


async def test_slip_comes_out_when_a_household_wants_to_see_its_month(shop: Shop) -> None:
    """Three keys from the entries: print, this month, slip paper."""
    with TcpPrinter() as paper:
        station = manned(shop)
        station.devices = PrintingDevices(SlipPrinter(paper.target))
        async with desk(station) as at:
            at.app.push_screen(StatementModal(station, shop.wang))
            await at.settle()
            await at.keys("full_stop", "1", "1")
            await at.until(lambda: "对账单：请取" in at.text())
    (slip,) = paper.receipts
    assert [word for word in ("积分对账单", "王明  3组12号", "得分", "+42", "期末可兑换") if word not in slip] == []


async def test_page_lies_on_the_stick_when_a4_is_chosen(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name says whose it is; going back does nothing; without a printer there is no slip of any days."""
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(sticks, "find_sticks", lambda: [stick])
    station = manned(shop)
    async with desk(station) as at:
        at.app.push_screen(StatementModal(station, shop.wang))
        await at.settle()
        await at.keys("full_stop", "minus", "full_stop", "3", "minus")
        assert "按数字看一笔" in at.text()
        await at.keys("full_stop", "5", *"20261101", "plus", *"20261122", "plus", "1")
        assert at.refusal() == "printer_missing"
        await at.keys("full_stop", "3", "2")
        name = "积分对账单-3-12-2026-01-01.pdf"
        await at.until(lambda: f"写好了，可以拔：{name}" in at.text())
    text = text_of((stick / name).read_bytes())
    assert [word for word in ("王明", "建议被采纳", "42") if word not in text] == []
