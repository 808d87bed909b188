"""What the till looks like in its main states, in both languages: compared with pictures that somebody looked at."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from kiosk.app import KioskApp
from kiosk.screens.till import screen
from kiosk.screens.widgets import status_line
from kiosk.station import Operator
from tests.kiosk.screens.till.counter import SALT, Counter, Shop, shop_in
from tests.screens import SMALL, Desk, RecordedDevices
from tests.village import DAY

SnapCompare = Callable[..., bool]


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Colours that come and go are gone at once."""
    monkeypatch.setattr(screen, "AFTERWARDS_SECONDS", 0.01)
    monkeypatch.setattr(status_line, "FLASH_SECONDS", 0.01)


def till_showing(
    shop: Shop, language: str, *scans: str, is_large: bool = False
) -> tuple[KioskApp, Callable[[Pilot[Any]], Awaitable[None]]]:
    """Give the app of a shop, and what leads it to the till and there to a state."""
    app = KioskApp(shop.station(language, is_large=is_large))

    async def lead(pilot: Pilot[Any]) -> None:
        assert isinstance(app.station.devices, RecordedDevices)
        app.station.operator, app.station.day = Operator(shop.operator, "周会计"), DAY
        counter = Counter(Desk(app, pilot, app.station.devices))
        await counter.at.settle()
        await counter.at.open("till")
        await counter.scan(*scans)
        await counter.rest()
        await counter.at.until(lambda: not counter.at.lines()[0][:3].strip())

    return app, lead


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("state", ["balance", "refused", "done"])
def test_the_till_looks_as_it_was_looked_at_when_nothing_changed_it(
    snap_compare: SnapCompare, tmp_path: Path, state: str, language: str
) -> None:
    """Balance with entries, the next card refused, and a redemption that is done."""
    shop = shop_in(tmp_path / "shop")
    scans = {
        "balance": (shop.chen_card,),
        "refused": (shop.wang_card, SALT, shop.li_card),
        "done": (shop.wang_card, SALT, shop.chen_card),
    }[state]
    app, lead = till_showing(shop, language, *scans, is_large=state == "done")
    assert snap_compare(app, run_before=lead, terminal_size=SMALL)
    app.station.close()
