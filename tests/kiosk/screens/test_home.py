"""The menu."""

from pathlib import Path

import pytest

from kiosk import app as shell
from kiosk.screens.home import jobs_of
from kiosk.settings import Settings
from kiosk.station import Operator, Station
from tests.menu import digits_to
from tests.screens import LARGE, SMALL, FixedKeeper, desk, make_station, standing_store

GOODS = "6901234567892"


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
            jobs = jobs_of(at.app.has, is_more=is_more)
            assert [job for job in jobs if station.texts(f"home.job.{job}") not in shown] == []
            key = "keys.shell.back.label" if is_more else "keys.home.leave.label"
            assert station.texts(key) in at.lines()[-1 if not is_large else -2]
            await at.keys(str(len(jobs)) if not is_more else "minus")


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
