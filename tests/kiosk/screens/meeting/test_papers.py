"""The attendance sheet leaves the desk: on slip paper, read back from the printer's bytes, or as A4 on the stick."""

from pathlib import Path

import pytest

from kiosk import sticks
from kiosk.devices.printer.simulated import TcpPrinter
from kiosk.devices.printer.slip_printer import SlipPrinter
from tests.kiosk.domain.office import office_in
from tests.kiosk.paper.sheet import text_of
from tests.kiosk.screens.meeting.assembly import Assembly


@pytest.fixture
def hall(tmp_path: Path) -> Assembly:
    """A meeting that has ended."""
    hall = office_in(tmp_path / "hall", Assembly)
    meeting = hall.opened()
    hall.begin(meeting)
    hall.scan(meeting, hall.wang_ming)
    hall.end(meeting)
    return hall


async def test_sheet_comes_out_in_full_or_masked_when_it_is_printed(hall: Assembly, paper: TcpPrinter) -> None:
    """For the files, and for the wall."""
    async with hall.at_door(printer=SlipPrinter(paper.target)) as door:
        await door.press("1", "full_stop", "1")
        assert door.shows("签到表：请取")
        await door.press("full_stop", "2")
    own, wall = paper.receipts
    for line in ("签到表", "支部党员大会（按人）", "3组", "王明", "08:00", "李秀英", "没到", "自己留底"):
        assert line in own
    for line in ("王*", "李*英", "公示用"):
        assert line in wall
    assert "李秀英" not in wall


async def test_sheet_is_printed_once_when_the_paper_ran_out(hall: Assembly, paper: TcpPrinter) -> None:
    """It says what to do; the same key prints it, and there is one."""
    paper.run_out_of_paper()
    async with hall.at_door(printer=SlipPrinter(paper.target)) as door:
        await door.press("1", "full_stop", "1")
        assert door.shows("缺纸：装纸后再按 . 打印")
        paper.load_paper()
        await door.press("full_stop", "1")
        assert door.shows("签到表：请取")
    assert len([receipt for receipt in paper.receipts if "书记签字" in receipt]) == 1


async def test_nothing_is_printed_when_there_is_no_printer_or_nobody_chose(hall: Assembly) -> None:
    """The refusal names the way out."""
    async with hall.at_door() as door:
        await door.press("1", "full_stop", "minus")
        assert door.at.refusal() is None
        await door.press("full_stop", "1")
        assert door.at.refusal() == "printer_missing"


async def test_page_lies_on_the_stick_when_it_was_asked_for(
    hall: Assembly, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name of the file is on the screen; without a stick the sentence says so."""
    folder = tmp_path / "stick"
    folder.mkdir()
    found: list[Path] = []
    monkeypatch.setattr(sticks, "find_sticks", lambda: found)
    async with hall.at_door() as door:
        await door.press("1", "full_stop", "3")
        assert door.at.refusal() == "outlet_absent"
        found.append(folder)
        await door.press("full_stop", "3")
        await door.at.until(lambda: door.shows("写好了，可以拔：签到表-2026-11-22-"))
    [file] = folder.glob("*.pdf")
    text = text_of(file.read_bytes())
    assert [word for word in ("云岭村", "签到表", "支部党员大会", "王明", "李秀英") if word not in text] == []
