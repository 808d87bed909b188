"""The menu."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Static

from kiosk import app as shell
from kiosk.clock import ManualClock
from kiosk.codes import Card, CodeType, Goods, mint
from kiosk.domain.meeting import MeetingPlan, call_meeting
from kiosk.domain.terminal import add_operator
from kiosk.errors import Refused
from kiosk.screens import home
from kiosk.screens.home import JOBS, MORE_JOBS, jobs_of
from kiosk.screens.widgets.choice_list import PAGE
from kiosk.screens.widgets.figure import Figure
from kiosk.settings import Settings
from kiosk.shell import DeskScreen
from kiosk.station import Heard, Operator, Signal, Station
from tests.kiosk.domain.hall import Hall
from tests.kiosk.screens.till.counter import LATER, shop_in
from tests.menu import digits_to
from tests.screens import LARGE, SMALL, Desk, FixedKeeper, desk, make_station, standing_store
from tests.village import DAY, seeded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

GOODS = "6901234567892"
CARD = "2701230000000109"
BOOK = "2501235976572959"
SLIP = mint(CodeType.SLIP, 123, seeded("slip"))
BADGE = "3001235976572985"


def station_of(home: Path, language: str = "zh_CN", *, is_large: bool = False) -> Station:
    """A station whose menu opens at once."""
    settings = Settings(language=language, village_name="云岭村", is_large=is_large)
    return make_station(home, keeper=FixedKeeper(standing_store()), settings=settings)


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_every_job_and_the_way_out_fit_when_drawn(
    tmp_path: Path, size: tuple[int, int], language: str, *, is_large: bool
) -> None:
    """On the smallest screen, in both languages and both sizes of type."""
    station = station_of(tmp_path, language, is_large=is_large)
    async with desk(station, size) as at:
        for is_more in (False, True):
            shown = at.text()
            jobs = jobs_of(at.app.has, is_more=is_more)[:PAGE]
            assert [job for job in jobs if station.texts(f"home.job.{job}") not in shown] == []
            key = "keys.shell.back.label" if is_more else "keys.home.leave.label"
            assert station.texts(key) in at.lines()[-1 if not is_large else -2]
            await at.keys(str(len(jobs)) if not is_more else "minus")


def test_every_job_has_its_screen_when_the_menu_is_drawn() -> None:
    """The digits that pages for people name are those of the screen; the daily jobs leave one for the rest."""
    assert [job for job in (*JOBS, *MORE_JOBS) if job not in shell.SCREENS] == []
    assert len(JOBS) < PAGE
    assert len(MORE_JOBS) <= 2 * PAGE


async def test_a_digit_opens_its_job_when_pressed(tmp_path: Path) -> None:
    """One action from the menu to the job, one back."""
    async with desk(station_of(tmp_path)) as at:
        await at.keys(*digits_to("scanner_test"))
        assert "试扫码枪" in at.text()
        await at.keys("minus")
        assert "要做什么" in at.text()


async def test_a_digit_without_a_job_does_nothing_when_pressed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip of the finger opens nothing."""
    monkeypatch.setattr(shell, "SCREENS", {name: shell.SCREENS[name] for name in ("start", "home", "settings")})
    async with desk(station_of(tmp_path)) as at:
        await at.keys("7")
        assert "要做什么" in at.text()
        await at.scan(GOODS)
        assert at.refusal() == "scan_not_here"


async def test_the_program_is_left_only_when_confirmed(tmp_path: Path) -> None:
    """Two keys and a question between them."""
    async with desk(station_of(tmp_path)) as at:
        await at.keys("0", "minus")
        assert "要做什么" in at.text()
        await at.keys("0", "plus")
        await at.until(lambda: not at.app.is_running)
    assert at.app.return_code == 0


async def test_village_day_and_operator_stand_at_the_top_when_known(tmp_path: Path) -> None:
    """Whose desk, which day, who stands here: always on the screen."""
    station = station_of(tmp_path)
    station.operator = Operator(7, "李红")
    station.day = "2026-11-22"
    async with desk(station) as at:
        assert at.lines()[0].split()[:4] == ["云岭村", "营业", "11月22日", "星期日"]
        assert "李红" in at.lines()[0]


class NotedScreen(DeskScreen, inherit_bindings=False):
    """A screen that notes what it hears."""

    takes = (Card, Goods)

    def __init__(self, station: Station) -> None:
        """Begin with nothing."""
        super().__init__(station)
        self.got: list[str] = []

    def compose_body(self) -> "Iterable[Widget]":
        """Lay nothing out."""
        yield Static("")

    async def take_scan(self, heard: Heard) -> None:
        """Note a scan."""
        self.got.append(heard.scan.text)


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every screen that home hands scans to only notes them."""
    for name in ("till", "balance", "meeting", "opening"):
        monkeypatch.setitem(shell.SCREENS, name, f"{__name__}:NotedScreen")


def heard_by(at: Desk) -> tuple[str, list[str]]:
    """Which screen of the table is on top, and what it noted."""
    screen = at.app.screen
    assert isinstance(screen, NotedScreen)
    return type(screen).__name__, screen.got


@pytest.mark.usefixtures("noted")
async def test_a_scan_goes_to_the_screen_that_is_about_it_when_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A card and goods are looked at, a book code and a slip are the till's, a badge changes who stands here."""
    opened: list[str] = []
    original = shell.KioskApp.open

    def note(app: shell.KioskApp, name: str, *heard: Heard) -> None:
        opened.append(name)
        original(app, name, *heard)

    monkeypatch.setattr(shell.KioskApp, "open", note)
    for number, (scan, screen) in enumerate(
        ((CARD, "balance"), (GOODS, "balance"), (BOOK, "till"), (SLIP, "till"), (BADGE, "opening")), start=1
    ):
        async with desk(station_of(tmp_path / str(number))) as at:
            await at.scan(scan)
            assert heard_by(at)[1] == [scan]
            assert at.devices.tones == [Signal.GOODS if scan == GOODS else Signal.CARD]
        assert opened == [screen]
        opened.clear()


async def test_time_day_and_what_is_unsent_are_shown_when_all_is_well(tmp_path: Path) -> None:
    """The large clock, the open day, who is on duty, how many lines wait; nothing else."""
    async with desk(shop_in(tmp_path / "shop").station()) as at:
        at.app.station.day = DAY
        await reseen(at)
        for words in ("11月22日 星期日", "营业中", "值班 李红", "待上报48条，不影响使用", "还没上报过"):
            assert words in at.text()
        assert at.app.screen.query_one(Figure).value == "09:00"
        assert "✕" not in at.text()


async def test_the_day_is_opened_by_one_key_when_it_is_closed(tmp_path: Path) -> None:
    """What is closed says so, and which key opens it."""
    station = shop_in(tmp_path / "shop").station()
    station.day = None
    async with desk(station) as at:
        assert "未开门：按 + 开门" in at.text()
        await at.keys("plus")
        assert "谁在值班" in at.text()
        await at.keys("minus")
        assert "要做什么" in at.text()


async def test_somebody_else_takes_the_desk_when_a_badge_is_scanned(tmp_path: Path) -> None:
    """One action in the middle of the day; the day goes on."""
    shop = shop_in(tmp_path / "shop")
    store = shop.open()
    other = add_operator(store, "张帮忙", "attendant", now=LATER, by=shop.operator)
    store.close()
    station = shop.station()
    assert isinstance(station.clock, ManualClock)
    station.clock.set_wall(LATER.at, "s")
    station.day = DAY
    async with desk(station) as at:
        await at.scan(other.badge)
        assert "值班 张帮忙" in at.text()
        assert station.operator == Operator(other.operator_id, "张帮忙", "attendant")


async def test_the_day_that_is_over_is_told_when_midnight_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody presses a key; nothing changes by itself, and the next step stands there."""
    monkeypatch.setattr(home, "LOOK_SECONDS", 0.02)
    station = shop_in(tmp_path / "shop").station()
    station.day = DAY
    assert isinstance(station.clock, ManualClock)
    async with desk(station) as at:
        assert "营业日还是" not in at.text()
        await asyncio.sleep(0.1)
        station.clock.advance(16 * 3_600_000)
        await at.until(lambda: "营业日还是 2026-11-22" in at.text())
        assert "按 + 换到今天" in at.text()
        assert at.app.screen.query_one(Figure).value == "01:00"
        assert station.day == DAY
        await at.keys("plus")
        assert "谁在值班" in at.text()


@pytest.mark.parametrize(("wall", "quality"), [(0, "u"), (4_070_908_800_000, "f")])
async def test_a_doubtful_clock_says_so_when_it_is_shown(tmp_path: Path, wall: int, quality: str) -> None:
    """1970 and 2099: the words stand beside the time, and where to look instead."""
    station = shop_in(tmp_path / "shop").station()
    station.day = DAY
    assert isinstance(station.clock, ManualClock)
    station.clock.set_wall(wall, quality)
    async with desk(station) as at:
        assert "时钟不准" in at.text()
        assert "时间看手机" in at.text()
        assert "月1日 星期" not in at.text()
        assert "营业日还是" not in at.text()


async def test_what_is_wrong_is_told_with_its_next_step_when_the_desk_is_seen(tmp_path: Path) -> None:
    """The caretaker's trouble, the scanner, the printer: all that there is room for."""
    station = shop_in(tmp_path / "shop").station()
    station.day = DAY
    async with desk(station) as at:
        at.devices.scanner_state, at.devices.printer_state = "missing", "paper_out"
        station.caretaker.trouble = Refused("disk_reserve")
        await reseen(at)
        trouble = station.texts.refusal(Refused("disk_reserve"))
        for words in (trouble.reason, trouble.next, "扫码枪没接上", "插好", "小票机缺纸", "装纸"):
            assert words in at.text()


@pytest.mark.usefixtures("noted")
async def test_an_open_meeting_owns_a_card_when_one_is_scanned(tmp_path: Path) -> None:
    """The banner says so; goods are still looked at."""
    hall = Hall(tmp_path / "hall")
    hall.opened()
    station = make_station(tmp_path / "home", keeper=FixedKeeper(hall.store), clock=hall.clock)
    station.day = DAY
    async with desk(station) as at:
        assert "正在签到：支部党员大会" in at.text()
        assert f"按 {digits_to('meeting')[0]} 去；刷卡就签到" in at.text()
        await at.scan(hall.cards[hall.wang_ming])
        assert heard_by(at)[1] == [hall.cards[hall.wang_ming]]
        at.app.go_home()
        await at.settle()
        await at.scan(GOODS)
        assert heard_by(at)[1] == [GOODS]


async def test_todays_meeting_is_told_when_it_was_called(tmp_path: Path) -> None:
    """When, what, and the digit; a meeting of tomorrow is not of today."""
    hall = Hall(tmp_path / "hall")
    for day, hour, topic in (("2026-11-23", "08:00", "明天的"), (DAY, "14:00", "修路"), (DAY, "09:30", "选组长")):
        plan = MeetingPlan("villagers_meeting", day=day, hour=hour, topic=topic)
        call_meeting(hall.store, plan, now=hall.now, by=hall.operator)
    station = make_station(tmp_path / "home", keeper=FixedKeeper(hall.store), clock=hall.clock)
    station.day = DAY
    async with desk(station) as at:
        assert "今天 09:30 选组长" in at.text()
        assert f"按 {digits_to('meeting')[0]} 去" in at.text()


async def reseen(at: Desk) -> None:
    """Come back to home, which looks anew."""
    await at.open("settings")
    await at.keys("minus")
