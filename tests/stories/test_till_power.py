"""The plug is pulled: on a real terminal, with real keys, the program is killed and started again."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from kiosk.domain.basket import OPEN_BASKET
from kiosk.settings import Settings, save_settings
from tests.kiosk.screens.till.counter import SALT, SOAP, Shop, shop_in
from tests.recomputed import recompute
from tests.terminal import Terminal


def start(shop: Shop) -> Terminal:
    """Start the program, take the desk, confirm the day if it is another one, and open the till."""
    terminal = Terminal([sys.executable, "-m", "kiosk", "run"], env={"KIOSK_HOME": str(shop.folder)})
    terminal.wait_for("周会计")
    terminal.type("1")
    terminal.wait_until(lambda: "要做什么" in terminal.text() or "对吗" in terminal.text())
    if "要做什么" not in terminal.text():
        terminal.type("+")
        terminal.wait_for("要做什么")
    terminal.type("1")
    terminal.wait_until(lambda: "请刷卡" in terminal.text() or "按 +" in terminal.text())
    return terminal


def written_down(shop: Shop) -> str:
    """What the store holds of the basket on the counter, read beside the running program."""
    with closing(sqlite3.connect(f"file:{shop.file}?mode=ro", uri=True)) as connection:
        row = connection.execute("SELECT value FROM setting WHERE name = ?", (OPEN_BASKET,)).fetchone()
    return "" if row is None else str(row[0])


def test_a_basket_comes_back_unconfirmed_and_a_booked_one_does_not_when_the_power_goes(tmp_path: Path) -> None:
    """Two goods on the counter survive kill -9, are confirmed once, and are not there a third time."""
    shop = shop_in(tmp_path / "shop")
    save_settings(shop.folder, Settings(sound="silent", village_name="云岭村"))
    with start(shop) as terminal:
        terminal.scan(shop.wang_card)
        terminal.scan(SALT)
        terminal.scan(SOAP)
        terminal.wait_for("香皂 1块 2.5分")
        terminal.wait_until(lambda: written_down(shop).count("[") == 3, "the basket is not written down")
        terminal.process.kill()
        terminal.wait_for_end()
    with start(shop) as terminal:
        terminal.wait_for("上次没确认的一单")
        assert "王明家" in terminal.text()
        terminal.send("\r\r")
        terminal.type("+")
        terminal.wait_for("已兑换5.5分")
        terminal.process.kill()
        terminal.wait_for_end()
    with start(shop) as terminal:
        terminal.wait_for("请刷卡")
        assert "没确认" not in terminal.text()
        terminal.scan(shop.wang_card)
        terminal.wait_for("总分136.5")
    store = shop.open()
    found = recompute(store, tmp_path)
    store.close()
    assert found.faults == []
    assert found.balances[shop.wang] == 4_200 - 550
