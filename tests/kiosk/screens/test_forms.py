"""Paper forms at their screen: printed, and entered one after the other with the number pad."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kiosk.clock import ManualClock
from kiosk.devices.printer.simulated import Condition, TcpPrinter
from kiosk.devices.printer.slip_printer import SlipPrinter
from kiosk.domain.form import FormNumber, forms_left, issue_forms
from kiosk.domain.waiting import list_requests
from kiosk.settings import Settings
from kiosk.station import Operator, Station
from tests.kiosk.domain.hall import Hall
from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.till.counter import PrintingDevices
from tests.ready import Ready, later, ready_desk
from tests.recomputed import recompute
from tests.screens import Desk, FixedKeeper, desk, make_station
from tests.village import DAY


@pytest.fixture
def ready(tmp_path: Path) -> Ready:
    """A desk that is ready to sell."""
    return ready_desk(tmp_path / "desk")


def station_of(ready: Ready) -> Station:
    """Give a station on the ready desk, with three forms of each use printed."""
    store = ready.open()
    for use in ("redemption", "sign_in"):
        issue_forms(store, use, 3, now=later(), by=ready.known.operator)
    settings = Settings(village_name="云岭村")
    clock = ManualClock(later().at, mono=9_000_000)
    station = make_station(ready.home, keeper=FixedKeeper(store), settings=settings, clock=clock)
    station.operator, station.day = Operator(ready.known.operator, "周会计"), DAY
    return station


@asynccontextmanager
async def at_forms(station: Station) -> AsyncIterator[Desk]:
    """Open the screen."""
    async with desk(station) as at:
        await at.open("forms")
        yield at


async def test_a_pile_of_forms_is_entered_when_the_power_is_back(ready: Ready, tmp_path: Path) -> None:
    """Four keys and the digits on the form: place +, goods +, +; then the next number of the pile stands there."""
    async with at_forms(station_of(ready)) as at:
        await at.keys("1", "2")
        assert "纸单日期 2026-11-21" in at.text()
        assert f"纸单 {FormNumber(1, 1).shown}" in at.text()
        await at.keys(*"3.12", "plus")
        assert "王明  3组12号" in at.text()
        await at.keys(*"1.2", "plus")
        assert "食盐 2袋" in at.text()
        await at.keys("plus")
        assert f"{FormNumber(1, 1).shown} 已录：王明 6分，还剩4194分" in at.text()
        assert f"纸单 {FormNumber(1, 2).shown}" in at.text()
        await at.keys(*"3.13", "plus", *"1", "plus", *"2", "plus", "plus")
        assert at.refusal() == "form_points_missing"
        await at.keys("minus", "plus")
        assert f"{FormNumber(1, 2).shown} 已录：李秀 3分，还剩0分" in at.text()
    store = ready.open()
    assert [each.number for each in forms_left(store, "redemption")] == [3]
    found = recompute(store, tmp_path)
    store.close()
    assert (found.faults, len(found.village["redemptions"])) == ([], 2)


async def test_another_number_is_taken_when_the_pile_is_not_in_order(ready: Ready) -> None:
    """Wrong digits, a form entered before, a place and goods that are none are told with what to do."""
    async with at_forms(station_of(ready)) as at:
        await at.keys("1", "1", *"3.12", "plus", "1", "plus", "plus")
        for typed, code in (("1000011", "form_number_wrong"), (FormNumber(1, 1).digits, "form_entered_before")):
            await at.keys("asterisk", *typed, "plus")
            assert at.refusal() == code
            await at.keys("minus")
        await at.keys("asterisk", *FormNumber(1, 3).digits, "plus")
        assert f"纸单 {FormNumber(1, 3).shown}" in at.text()
        await at.keys(*"9.99", "plus")
        assert at.refusal() == "place_empty"
        await at.keys(*"3.12", "plus", "7", "plus")
        assert at.refusal() == "form_goods_unknown"
        await at.keys(*"1.0", "plus")
        assert at.refusal() == "number_out_of_range"
        await at.keys("plus")
        assert at.refusal() == "form_without_goods"


async def test_lines_of_a_paper_list_are_entered_when_the_meeting_has_ended(tmp_path: Path) -> None:
    """Place, who of the household, late or not; each waits for a signature with its number."""
    hall = office_in(tmp_path / "hall", Hall)
    meeting = hall.opened()
    hall.begin(meeting)
    hall.scan(meeting, hall.zhao_guo)
    hall.end(meeting)
    of_group = hall.opened("group_meeting", (3,))
    hall.begin(of_group)
    hall.end(of_group)
    numbers = issue_forms(hall.store, "sign_in", 2, now=hall.now, by=hall.operator).numbers
    station = make_station(tmp_path / "home", keeper=FixedKeeper(hall.store), clock=hall.clock)
    station.operator, station.day = Operator(hall.operator, "周会计"), DAY
    async with at_forms(station) as at:
        await at.keys("2")
        assert "11-22 党小组会  3组" in at.text()
        await at.keys("2")
        assert "补录签到  11-22 支部党员大会" in at.text()
        await at.keys(*"3.12", "plus")
        assert "王明" in at.text()
        await at.keys("1")
        assert f"{numbers[0].shown} 已录：王明，等书记签字" in at.text()
        await at.keys("slash")
        assert "单上写迟到" in at.text()
        await at.keys(*"3.13", "plus", "2")
        assert f"{numbers[1].shown} 已录：李秀英，等书记签字" in at.text()
        waiting = list_requests(hall.store)
    assert [(each.paper_number, each.is_late) for each in waiting] == [
        (numbers[0].shown, False), (numbers[1].shown, True)
    ]  # fmt: skip


async def test_paper_comes_out_when_the_printer_is_ready_and_no_number_is_lost_when_it_is_not(ready: Ready) -> None:
    """With an open cover the list is owed and no form has a number; closed, list and forms come out."""
    station = station_of(ready)
    with TcpPrinter() as paper:
        station.devices = PrintingDevices(SlipPrinter(paper.target))
        async with at_forms(station) as at:
            paper.become(Condition.COVER_OPEN)
            await at.keys("3")
            assert "没打：盖子没盖好" in at.text()
            paper.become(Condition.READY)
            await at.keys("3")
            assert "打好了：放在柜台抽屉里" in at.text()
    assert [receipt.split()[1:3] for receipt in paper.receipts] == [
        ["停电备用", "余额表"], ["停电备用", "兑换纸单"], ["停电备用", "签到纸单"]
    ]  # fmt: skip
    assert FormNumber(1, 7).shown in paper.receipts[1]
    assert FormNumber(1, 38).shown in paper.receipts[2]


async def test_the_list_is_of_today_when_yesterdays_is_still_owed(ready: Ready) -> None:
    """What stayed in the printer's queue comes out first; a new wish brings the balances of its own day."""
    station = station_of(ready)
    with TcpPrinter() as paper:
        station.devices = PrintingDevices(SlipPrinter(paper.target))
        async with at_forms(station) as at:
            paper.become(Condition.COVER_OPEN)
            await at.keys("4")
            assert "没打：盖子没盖好" in at.text()
            station.day = "2026-11-23"
            paper.become(Condition.READY)
            await at.keys("4")
            assert "打好了" in at.text()
    assert "2026-11-23" in paper.receipts[-1]
