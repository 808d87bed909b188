"""Reports on the screen: two digits to a report, digits change the view, one key writes them all."""

import threading
from pathlib import Path

import pytest
from textual import events

from kiosk import sticks
from kiosk.domain import report
from kiosk.domain.period import open_day
from kiosk.domain.reports import read_reports
from kiosk.errors import NotWritable
from kiosk.screens.modals.ledger import FOLDER
from kiosk.sheets import report as sheet
from kiosk.sheets.load import load_grids
from tests.kiosk.domain.office import office_in
from tests.kiosk.reported import Reported
from tests.kiosk.screens.pictures import cut_off
from tests.screens import LARGE, Desk


@pytest.fixture
def village(tmp_path: Path) -> Reported:
    """Two months of a village; it is 10 December 2026."""
    return office_in(tmp_path / "desk", Reported)


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stick that is plugged in."""
    folder = tmp_path / "STICK"
    folder.mkdir()
    monkeypatch.setattr(sticks, "find_sticks", lambda: [folder])
    return folder


def shows(at: Desk, *words: str) -> bool:
    """Whether all words are on the screen."""
    return all(word in at.text() for word in words)


REPORTS = {
    "11": ("积分发放", "2026-12-01 至 2026-12-31", "村级荣誉", "按时参会", "2笔"),
    "12": ("2026-11-01 至 2026-11-30", "建议被采纳", "公共清扫两小时", "扣分", "-2"),
    "13": ("2026-10-01 至 2026-12-31", "9笔"),
    "25": ("积分兑换", "=食盐+1", "3袋", "10.5", "@土豆", "0.75公斤", "2.63", "2单"),
    "252": ("11月", "26", "6.13", "12月", "12", "■ 发放", "■ 兑换"),
    "35": ("会议出勤", "11-22 支部党员大会", "2/3", "迟到1 缺席1", "应到 9"),
    "352": ("3-12 王明", "2/2", "3-13 李秀英", "1/2"),
    "353": ("3-12 王明", "3-13 李秀", "4-1 赵国", "缺席1"),
}
NOTHING = {
    "zh_CN": {
        "16": "去年还没有加分", "24": "上个季度还没有兑换", "36": "去年还没有开完的会", "313": "这个月没有按户数的会",
    },
    "en": {
        "16": "No points were awarded last year", "24": "Nothing was redeemed last quarter",
        "36": "No meeting has ended last year", "313": "No meeting counted households this month",
    },
}  # fmt: skip


async def test_report_is_two_digits_away_when_the_screen_is_open(village: Reported) -> None:
    """The report, then the days; another digit is another view of it."""
    async with village.at_desk("reports") as at:
        for keys, words in REPORTS.items():
            await at.keys(*keys)
            assert shows(at, *words), at.text()
            await at.keys("minus", "minus")


@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_an_empty_list_says_so_when_nothing_happened(village: Reported, language: str) -> None:
    """In a sentence, with a figure of 0 above it."""
    async with village.at_desk("reports", language) as at:
        for keys, sentence in NOTHING[language].items():
            await at.keys(*keys)
            assert sentence in at.text()
            await at.keys("minus", "minus")


async def test_people_are_never_drawn_when_they_are_listed(village: Reported) -> None:
    """Figures in the order of places; no bar that makes a race of it."""
    async with village.at_desk("reports") as at:
        for view in "23":
            await at.keys("3", "5", view)
            assert "█" not in at.text()
            await at.keys("minus", "minus")


async def test_any_two_days_can_be_chosen_when_they_are_typed(village: Reported) -> None:
    """Eight digits each; what is no day, or lies before the first, is refused and asked again."""
    async with village.at_desk("reports") as at:
        await at.keys("2", "7", *"20261122", "plus")
        assert shows(at, "从 2026-11-22 到哪天止")
        await at.keys(*"20261301", "plus")
        assert at.refusal() == "date_unreadable"
        await at.keys(*"20261121", "plus")
        assert at.refusal() == "period_backwards"
        await at.keys(*"20261209", "plus")
        assert shows(at, "2026-11-22 至 2026-12-09", "2.63", "1单")
        await at.keys("asterisk", "7", *"20200101", "plus", *"20200102", "plus")
        assert shows(at, "这段时间还没有兑换")


async def test_minus_goes_one_question_back_when_pressed(village: Reported) -> None:
    """From the second day to the first, to the days, to the reports, and away."""
    async with village.at_desk("reports") as at:
        await at.keys("1", "7", *"20261122", "plus", "minus")
        assert shows(at, "从哪天起")
        await at.keys("minus")
        assert shows(at, "哪段时间")
        await at.keys("1", "minus")
        assert shows(at, "哪段时间")
        await at.keys("minus")
        assert shows(at, "看哪张报表")
        await at.keys("minus")
        assert not shows(at, "看哪张报表")


async def test_rows_turn_by_pages_when_there_are_many(village: Reported) -> None:
    """Every row is on one page and one only; bars keep their scale."""
    items = [village.goods(f"物品{number:02}", f"069901033{number:04}0", 100) for number in range(30)]
    for start in range(0, 30, 10):
        village.award(village.wang, 10_000)
        village.redeem(village.wang, *((item, 1) for item in items[start : start + 10]))
    async with village.at_desk("reports") as at:
        await at.keys("2", "1")
        seen: list[str] = []
        for page in (1, 2, 3):
            assert shows(at, f"第 {page} 页，共 3 页")
            seen += [line.split()[0] for line in at.lines() if line.endswith("袋")]
            await at.keys("full_stop")
        assert shows(at, "第 1 页")
        assert sorted(seen) == sorted(["=食盐+1", *(f"物品{number:02}" for number in range(30))])


async def test_twelve_months_fit_on_one_page_when_the_type_is_large(village: Reported) -> None:
    """A year is what people look at; on the smallest screen it is not torn apart."""
    for month in range(1, 13):
        open_day(village.store, f"2027-{month:02}-10", now=village.now, by=village.operator)
        village.give(village.wang)
    async with village.at_desk("reports", is_large=True) as at:
        at.app.station.day = "2027-12-10"
        await at.keys("1", "5", "2")
        rows = [line.split()[0] for line in at.lines() if "█" in line]
        assert rows == [f"{month}月" for month in range(1, 13)]
        assert list(cut_off(at)) == []


async def test_all_reports_are_on_the_stick_when_one_key_is_pressed(village: Reported, stick: Path) -> None:
    """Whatever view is open, one file; the next one does not write over it."""
    async with village.at_desk("reports") as at:
        await at.keys("3", "5", "2", "slash")
        assert shows(at, "写好了，可以拔：报表 2026-01-01 至 2026-12-31.xlsx", "3-12 王明")
        await at.keys("slash")
        assert shows(at, "报表 2026-01-01 至 2026-12-31 2.xlsx")
    tabs = {grid.name: grid.rows for grid in load_grids(stick / "报表 2026-01-01 至 2026-12-31.xlsx")}
    assert list(tabs) == ["积分发放", "积分扣除", "积分兑换", "按月", "会议", "出勤（人）", "出勤（户）"]
    assert tabs["积分兑换"][0][0] == "云岭村  积分兑换  2026-01-01 至 2026-12-31"
    assert tabs["积分兑换"][-1] == ["合计", "", "", 13.13]


async def test_file_lies_in_the_data_folder_when_there_is_no_stick(
    village: Reported, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the screen says where."""
    monkeypatch.setattr(sticks, "find_sticks", list)
    async with village.at_desk("reports", "en") as at:
        await at.keys("1", "1", "slash")
        assert shows(at, "No stick. In folder reports here: Report 2026-12-01 to 2026-12-31.xlsx")
    file = village.folder / FOLDER / "Report 2026-12-01 to 2026-12-31.xlsx"
    assert load_grids(file)[0].name == "Points issued"


async def test_report_stays_when_the_stick_is_full(
    village: Reported, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal is said, and nothing on the screen is lost."""

    def full(*_: object) -> None:
        raise NotWritable("sheet_not_written", file="x.xlsx")

    monkeypatch.setattr(sheet, "write_reports", full)
    async with village.at_desk("reports") as at:
        await at.keys("2", "5", "slash")
        assert at.refusal() == "sheet_not_written"
        assert shows(at, "@土豆", "换时间")


async def test_meetings_that_have_not_ended_are_told_when_figures_leave_them_out(village: Reported) -> None:
    """Nobody wonders where today's meeting is."""
    village.opened()
    async with village.at_desk("reports") as at:
        await at.keys("3", "1")
        assert shows(at, "还有 1 次会没有结束，没算在内")


async def test_progress_is_shown_when_reading_takes_long(village: Reported, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long read says how far it is, on the thread of the store; keys wait for it."""
    gate, reached = threading.Event(), threading.Event()

    def slowly(store: object, period: report.Period, kinds: object, advance: object) -> object:
        assert callable(advance)
        advance(period.days)
        reached.set()
        gate.wait(10)
        return read_reports(store, period, kinds)  # type: ignore[arg-type]  # because the screen's call is handed through

    monkeypatch.setattr("kiosk.domain.reports.read_reports", slowly)
    async with village.at_desk("reports") as at:
        await at.keys("2")
        at.app.turns.put(events.Key("5", "5"))
        await at.until(reached.is_set)
        await at.until(lambda: shows(at, "正在算：积分兑换 50%"))
        gate.set()
        await at.settle()
        assert shows(at, "@土豆")


async def test_language_and_size_change_when_a_report_is_open(village: Reported) -> None:
    """What was chosen and read stays."""
    async with village.at_desk("reports", size=LARGE) as at:
        await at.keys("2", "5", "2")
        at.app.station.set(language="en", is_large=True)
        at.app.redraw()
        await at.settle()
        assert shows(at, "Points redeemed", "November", "■ issued")
