"""The card desk as a picture, in both languages; a change is looked at before it is accepted."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kiosk.app import KioskApp
from kiosk.settings import Settings
from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.test_card_desk import Drawer
from tests.screens import SMALL, Desk, RecordedDevices, make_station, real_keeper


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_household_looks_as_it_did_when_somebody_has_no_card(
    tmp_path: Path, snap_compare: Callable[..., bool], language: str
) -> None:
    """Who, the points three rows high, everybody with their card under a digit, the next step."""
    drawer = office_in(tmp_path / "desk", Drawer)
    drawer.close()
    settings = Settings(language=language, village_name="云岭村")
    keeper = real_keeper(drawer.folder, drawer.clock)
    station = make_station(drawer.folder, keeper=keeper, settings=settings, clock=drawer.clock)
    app = KioskApp(station)

    async def go_there(pilot: Any) -> None:  # noqa: ANN401  because the pilot of a screenshot is of no certain app
        devices = station.devices
        assert isinstance(devices, RecordedDevices)
        at = Desk(app, pilot, devices)
        await at.settle()
        await at.open("card_desk")
        await at.keys("3", "1", "2", "plus")

    assert snap_compare(app, terminal_size=SMALL, run_before=go_there)
    station.close()
