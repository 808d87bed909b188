"""The whole program on a real terminal: somebody sells at it while the hub is silent in the middle of a report."""

import signal
import sys
from pathlib import Path

from county.hub import create_hub, open_engine
from kiosk.settings import Settings, save_settings
from tests.faults.sync.ends import CountyServe, assert_same, let_in, send_to
from tests.kiosk.screens.till.counter import SALT, Shop, shop_in
from tests.line import Line, Stall
from tests.menu import digits_to
from tests.terminal import Terminal
from tests.village import seeded


def start(shop: Shop) -> Terminal:
    """Start the program, take the desk, and confirm the day if it is another one."""
    terminal = Terminal([sys.executable, "-m", "kiosk", "run"], env={"KIOSK_HOME": str(shop.folder)})
    terminal.wait_for("周会计")
    terminal.type("1")
    terminal.wait_until(lambda: "要做什么" in terminal.text() or "对吗" in terminal.text())
    if "要做什么" not in terminal.text():
        terminal.type("+")
        terminal.wait_for("要做什么")
    return terminal


def sell_salt(terminal: Terminal, shop: Shop) -> None:
    """Go from the menu to the till, redeem salt, confirm by the card once more, and see that it is booked."""
    terminal.type(*digits_to("till"))
    terminal.wait_for("请刷卡")
    terminal.scan(shop.wang_card)
    terminal.scan(SALT)
    terminal.wait_for("食盐 1袋")
    terminal.scan(shop.wang_card)
    terminal.wait_for("已兑换3分")


def leave_the_till(terminal: Terminal) -> None:
    """Go back step by step, as often as it takes."""

    def is_at_the_menu() -> bool:
        terminal.type("" if "要做什么" in terminal.text() else "-")
        return "要做什么" in terminal.text()

    terminal.wait_until(is_at_the_menu)


def test_somebody_sells_at_the_desk_when_the_hub_is_silent_in_a_report(tmp_path: Path) -> None:
    """The report was begun at the desk and waits; the sale is booked and seen; then the report ends well."""
    shop, county = shop_in(tmp_path / "shop"), CountyServe(tmp_path / "county")
    save_settings(shop.folder, Settings(sound="silent", village_name="云岭村"))
    county.home.mkdir()
    hub, store = create_hub(open_engine(county.home), seeded("hub")), shop.open()
    let_in(store, hub)
    county.start()
    stall = Stall([("down", 2)])
    with Line(county.port, stall) as line:
        send_to(store, line.address)
        with start(shop) as terminal:
            terminal.type("".join(digits_to("county")))
            terminal.wait_until(lambda: "上报（有网络）" in terminal.text() or "正在联系县里" in terminal.text())
            if "上报（有网络）" in terminal.text():  # or the report of the opening is on its way already
                terminal.type("1")
            stall.wait_until_reached()
            terminal.type("-")
            terminal.wait_for("要做什么")
            sell_salt(terminal, shop)
            stall.go_on()
            leave_the_till(terminal)
            terminal.type("".join(digits_to("county")))
            terminal.wait_for("上报好了")
            terminal.type("1")
            terminal.wait_until(lambda: "没有待上报的" in terminal.text())
    county.stop(signal.SIGTERM)
    assert_same(store, hub)
    store.close()
    hub.close()
