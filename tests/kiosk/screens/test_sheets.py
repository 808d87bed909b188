"""Importing on the screen: number pad, a stick, and nothing done before it was looked at."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from db.store import Store
from kiosk.domain.find import search_people
from kiosk.domain.waiting import list_requests
from kiosk.screens.sheets import screen
from kiosk.sheets.load import load_grids
from kiosk.sheets.places import find_sheets, free_name
from kiosk.sheets.problem import Fault
from kiosk.sheets.reading import read_sheet
from kiosk.sheets.rows import SheetKind
from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.office_desk import StaffedOffice
from tests.kiosk.sheets.books import GOODS_HEADINGS, HOUSEHOLD_HEADINGS, Tab, write_xlsx
from tests.screens import LARGE, SMALL, Desk

HOUSEHOLDS = (("一组", 1, "张三", 4, "42.5", "P-1"), ("三组", 12, "王强", 3, "", ""))
GOODS = (
    ("6990103300302", "食盐", "400克", "袋", 3, 50, "", 2, ""),
    ("6990103300303", "香皂", "", "块", 3, 9, "", "", ""),
)


@pytest.fixture
def office(tmp_path: Path) -> StaffedOffice:
    """Households 王明 at 3-12 and 李秀 at 3-13."""
    return office_in(tmp_path / "desk", StaffedOffice)


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stick with a list of households and a list of goods."""
    folder = tmp_path / "STICK"
    folder.mkdir()
    write_xlsx(folder / "goods.xlsx", Tab([GOODS_HEADINGS, *GOODS]))
    write_xlsx(folder / "households.xlsx", Tab([HOUSEHOLD_HEADINGS, *HOUSEHOLDS]))
    monkeypatch.setattr(screen, "find_sticks", lambda: [folder] if folder.exists() else [])
    return folder


@pytest.fixture
def no_stick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is plugged in."""
    monkeypatch.setattr(screen, "find_sticks", list)


@asynccontextmanager
async def sheets(office: StaffedOffice, language: str = "zh_CN", size: tuple[int, int] = SMALL) -> AsyncIterator[Desk]:
    """The screen of sheets with the secretary at the desk."""
    async with office.at_desk("sheets", language=language, size=size) as at:
        yield at


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh_CN", ("没有找到表格", "插上U盘", "再找一次")),
        ("en", ("No sheet was found", "Plug in a stick", "Look again")),
    ],
)
async def test_what_to_do_is_said_when_there_is_no_stick(
    office: StaffedOffice, no_stick: None, language: str, words: tuple[str, ...], size: tuple[int, int]
) -> None:
    """An empty list is no dead end."""
    async with sheets(office, language, size) as at:
        assert [word for word in words if word not in at.text()] == []


async def test_files_are_listed_when_the_stick_comes_later(office: StaffedOffice, stick: Path) -> None:
    """Files of the stick and of the desk's own folder; lock files and other things are left out."""
    away = moved(stick, "in the pocket")
    async with sheets(office) as at:
        assert "没有找到表格" in at.text()
        moved(away, "STICK")
        (stick / "~$goods.xlsx").touch()
        (stick / "notes.doc").touch()
        (stick / "2026").mkdir()
        shutil.copy(stick / "goods.xlsx", stick / "2026" / "older.xls")
        own = office.folder / "import"
        own.mkdir()
        shutil.copy(stick / "goods.xlsx", own / "from the county.csv")
        await at.keys("asterisk")
        listed = [line.strip() for line in at.lines() if "盘STICK" in line or "本机" in line]
    assert listed == [
        *("1  older.xls　U盘STICK", "2  goods.xlsx　U盘STICK", "3  households.xlsx　U盘STICK"),
        "4  from the county.csv　本机",
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh_CN",
            (
                "households.xlsx　住户", "新 1　改 1　不变 0　错 0", "新的一户 1-1　张三", "存折 P-1 转入 42.5 分",
                "3-12　户主 王明 → 王强", "人口 无 → 3", "按 + 导入",
            ),
        ),
        (
            "en",
            (
                "households.xlsx  Households", "1 new  1 changed  0 unchanged  0 wrong", "New household 1-1  张三",
                "42.5 points from passbook P-1", "3-12  head 王明 → 王强", "residents none → 3", "Press + to import",
            ),
        ),
    ],
)  # fmt: skip
async def test_every_change_is_shown_when_a_file_is_chosen(
    office: StaffedOffice, stick: Path, language: str, words: tuple[str, ...]
) -> None:
    """What it holds is told by its headings; nothing is written by looking."""
    async with sheets(office, language) as at:
        await at.keys("2")
        await at.until(lambda: words[0] in at.text())
        shown = at.text()
        await at.keys("full_stop")
        shown += at.text()
        assert [word for word in words if word not in shown] == []
        assert at.app.screen.query_one("Digits").render_line(0) is not None
    assert search_people(office.store, "张三") == ()


def moved(folder: Path, name: str) -> Path:
    """A folder under another name: a stick that comes or goes."""
    return folder.rename(folder.with_name(name))


async def looked(at: Desk, digit: str, word: str) -> None:
    """Choose a file and wait until it was read."""
    await at.keys(digit)
    await at.until(lambda: word in at.text())


async def done(at: Desk) -> None:
    """Wait until an import is done."""
    await at.until(lambda: "已导入" in at.text())


async def test_the_sheet_is_imported_when_plus_is_pressed_and_signed_later(office: StaffedOffice, stick: Path) -> None:
    """Choose, confirm, sign later: people are found, the balance waits; a second time there is nothing to import."""
    async with sheets(office) as at:
        await looked(at, "2", "按 + 导入")
        await at.keys("plus")
        assert "期初积分 1户共 42.5 分，要第二个人签字" in at.text()
        await at.keys("2")
        await done(at)
        assert "期初积分 42.5 分等签字" in at.text()
        await at.keys("minus")
        await looked(at, "2", "和现在的一样，不用导入")
        await at.keys("plus")
        assert "和现在的一样，不用导入" in at.text()
    (found,) = search_people(office.store, "zhangsan")
    (waiting,) = list_requests(office.store)
    assert (found.group, found.house) == (1, 1)
    assert (office.balance(found.household_id), waiting.points) == (4_250, 4_250)


async def test_another_badge_signs_when_it_is_scanned(office: StaffedOffice, stick: Path) -> None:
    """The second signature is given at once, and nothing waits; going back from it imports nothing."""
    async with sheets(office) as at:
        await looked(at, "2", "按 + 导入")
        await at.keys("plus", "1", "minus")
        assert "按 + 导入" in at.text()
        await at.keys("plus", "minus")
        assert "按 + 导入" in at.text()
        await at.keys("plus", "1")
        await at.scan(office.supervisor.badge)
        await done(at)
        assert "等签字" not in at.text()
    assert list_requests(office.store) == ()


async def test_a_refusal_is_shown_and_nothing_is_done_when_the_signature_is_no_good(
    office: StaffedOffice, stick: Path
) -> None:
    """A volunteer may not sign; the plan still stands there."""
    async with sheets(office) as at:
        await looked(at, "2", "按 + 导入")
        await at.keys("plus", "1")
        await at.scan(office.helper.badge)
        await at.until(lambda: at.refusal() == "right_missing")
        assert "按 + 导入" in at.text()
    assert search_people(office.store, "张三") == ()


async def test_a_volunteer_may_look_but_not_import(office: StaffedOffice, stick: Path) -> None:
    """The right is asked when it is written."""
    async with office.at_desk("sheets", by=office.helper.operator_id) as at:
        await looked(at, "2", "按 + 导入")
        await at.keys("plus", "2")
        await at.until(lambda: at.refusal() == "right_missing")


async def test_faults_are_told_with_cell_and_next_step_when_a_sheet_is_wrong(
    office: StaffedOffice, stick: Path
) -> None:
    """Plus does nothing; leaving the faulty rows out is a key of its own."""
    async with sheets(office) as at:
        await looked(at, "1", "先改表")
        shown = at.text()
        assert "表一 A3" in shown
        assert "条码“6990103300303”的校验位不对" in shown
        assert "扫码枪扫一下" in "".join(shown.split())
        await at.keys("plus")
        assert "先改表，或按 / 跳过错的行" in at.text()
        await at.keys("slash")
        assert "跳过 1 处错的，按 + 导入其余" in at.text()
        await at.keys("plus")
        await done(at)
    assert stock_of(office.store) == [("食盐 400克", 50)]


def stock_of(store: Store) -> list[tuple[str, int]]:
    """Name and stock of all goods with a barcode of the sheet."""
    from kiosk.domain.goods import find_goods, find_items

    with store.read() as connection:
        items = [item for code in ("06990103300302", "06990103300303") for item in find_items(connection, 123, code)]
        return [(goods.name, goods.stock) for goods in find_goods(connection, 123, items, "2026-11-22").values()]


async def test_the_copy_with_reasons_lies_on_the_stick_when_asked_for(office: StaffedOffice, stick: Path) -> None:
    """Beside the sheet, under a name of its own, with a column of what is wrong; twice are two files."""
    async with sheets(office) as at:
        await looked(at, "1", "先改表")
        await at.keys("asterisk")
        await at.until(lambda: "写好了，可以拔：goods-问题.xlsx" in at.text())
        await at.keys("asterisk")
        await at.until(lambda: "goods-问题 2.xlsx" in at.text())
    grid = load_grids(stick / "goods-问题.xlsx")[0]
    assert any("校验位不对" in str(cell) for cell in grid.rows[2])
    assert [problem.code for problem in read_sheet(stick / "goods-问题 2.xlsx", SheetKind.GOODS).refused] == [
        Fault.CODE_CHECK_DIGIT
    ]


@pytest.mark.parametrize(("language", "name"), [("zh_CN", "物品登记表.xlsx"), ("en", "Goods sheet.xlsx")])
async def test_four_empty_sheets_lie_on_the_stick_when_asked_for(
    office: StaffedOffice, stick: Path, language: str, name: str
) -> None:
    """What somebody filled in under that name stays; the list shows the new files."""
    (stick / name).write_bytes(b"filled in")
    async with sheets(office, language) as at:
        await at.keys("slash")
        await at.until(lambda: name.replace(".xlsx", " 2.xlsx") in at.text())
    assert (stick / name).read_bytes() == b"filled in"
    assert len(find_sheets(office.folder, [stick])) == 7


async def test_the_stick_is_asked_for_when_there_is_none_to_write_to(office: StaffedOffice, no_stick: None) -> None:
    """A refusal with the next step."""
    async with sheets(office) as at:
        await at.keys("slash")
        await at.until(lambda: at.refusal() == "stick_absent")


async def test_the_kind_is_asked_when_the_headings_do_not_tell(office: StaffedOffice, stick: Path) -> None:
    """Somebody says what it is; what is missing is then told; another kind can be chosen afterwards."""
    write_xlsx(stick / "a.xlsx", Tab([("条码", "品名", "库存"), ("6990103300302", "食盐", 5)]))
    async with sheets(office) as at:
        await at.keys("1")
        assert "“a.xlsx”里是什么？" in at.text()
        await at.keys("4")
        await at.until(lambda: "a.xlsx　物品" in at.text())
        assert "缺少“分值”这一列" in at.text()
        assert "先改表，再导一次" in at.text()
        await at.keys("0", "1")
        await at.until(lambda: "a.xlsx　住户" in at.text())


async def test_a_stick_pulled_out_is_told_when_its_file_is_chosen(office: StaffedOffice, stick: Path) -> None:
    """The list was older than the stick."""
    async with sheets(office) as at:
        moved(stick, "gone")
        await at.keys("2", "1")
        await at.until(lambda: "找不到文件" in at.text())
        assert "看看U盘插好没有" in at.text()


async def test_how_far_it_is_stands_on_the_screen_when_a_long_sheet_is_read_and_written(
    office: StaffedOffice, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys wait meanwhile; back does not lead out of a writing."""
    seen: list[str] = []
    shown = screen.SheetsScreen._put

    def put(self: screen.SheetsScreen, name: str, text: str) -> None:
        seen.append(text)
        shown(self, name, text)

    monkeypatch.setattr(screen.SheetsScreen, "_put", put)
    rows = [(f"{1 + n // 900}组", n % 900 + 1, "张三", "", "", "") for n in range(1_500)]
    write_xlsx(stick / "a.xlsx", Tab([HOUSEHOLD_HEADINGS, *rows]))
    async with sheets(office) as at:
        await looked(at, "1", "按 + 导入")
        await at.keys("plus")
        await done(at)
    assert "正在读 a.xlsx" in seen
    assert any(text.startswith("正在写入") for text in seen)


def test_no_file_is_found_when_a_folder_cannot_be_read(tmp_path: Path) -> None:
    """A stick that went while it was looked at is a stick without sheets."""
    assert find_sheets(tmp_path / "absent", [tmp_path / "gone"]) == ()


def test_a_name_is_numbered_when_it_is_taken(tmp_path: Path) -> None:
    """The first free number."""
    (tmp_path / "a.xlsx").touch()
    (tmp_path / "a 2.xlsx").touch()
    assert free_name(tmp_path, "a") == tmp_path / "a 3.xlsx"


async def test_the_language_may_change_when_a_plan_is_looked_at(office: StaffedOffice, stick: Path) -> None:
    """The screen is drawn again from what it knows."""
    async with sheets(office) as at:
        await looked(at, "2", "按 + 导入")
        at.app.station.set(language="en")
        at.app.redraw()
        await at.until(lambda: "Press + to import" in at.text())


async def test_every_page_fits_when_faults_are_long(office: StaffedOffice, stick: Path) -> None:
    """Whole lines to a page, the next key offered only if there is another page, a refusal below them in full."""
    bad = [(f"699010330030{n}", f"洗衣粉{n}", "", "袋", 3, "", "", "", "") for n in range(4, 10)]
    write_xlsx(stick / "a.xlsx", Tab([GOODS_HEADINGS, *bad]))
    async with sheets(office) as at:
        await looked(at, "1", "先改表")
        told, pages = set(), 0
        while "表一 A2" not in at.text() or not pages:
            told |= {cell for cell in (f"A{row}　" for row in range(2, 8)) if cell in at.text()}
            assert f"{pages + 1} / 2" in at.text()
            assert "下一页" in at.lines()[-1]
            pages += 1
            await at.keys("full_stop")
        moved(stick, "gone")
        await at.keys("asterisk")
        await at.until(lambda: at.refusal() is not None)
        assert "求助码" in at.text()
        assert "1 / 2" in at.text()
    assert (len(told), pages) == (6, 2)
