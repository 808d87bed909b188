"""The plug is pulled in the middle of a meeting: on a real terminal, with real keys, the program is killed."""

import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.settings import Settings, save_settings
from tests.kiosk.domain.office import office_in
from tests.kiosk.screens.meeting.assembly import Assembly
from tests.menu import digits_to
from tests.recomputed import recompute
from tests.terminal import HAND_SECONDS, Terminal


@pytest.fixture
def hall(tmp_path: Path) -> Assembly:
    """A hall whose store the program opens by itself."""
    hall = office_in(tmp_path / "hall", Assembly)
    hall.close()
    save_settings(hall.folder, Settings(sound="silent", village_name="云岭村"))
    return hall


def start(hall: Assembly) -> Terminal:
    """Start the program, take the desk, confirm the day if it is another one, and go to the meetings."""
    terminal = Terminal([sys.executable, "-m", "kiosk", "run"], env={"KIOSK_HOME": str(hall.folder)})
    terminal.wait_for("周会计")
    terminal.type("1")
    terminal.wait_until(lambda: "要做什么" in terminal.text() or "对吗" in terminal.text())
    if "要做什么" not in terminal.text():
        terminal.type("+")
        terminal.wait_for("要做什么")
    terminal.type("".join(digits_to("meeting")))
    terminal.wait_until(lambda: "开新会" in terminal.text() or "名单" in terminal.text())
    return terminal


def signed_in(hall: Assembly) -> int:
    """How many sign-ins the store holds, read beside the running program."""
    with closing(sqlite3.connect(f"file:{hall.file}?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT count(*) FROM sign_in").fetchone()[0])


def wait_for_all(terminal: Terminal, *texts: str) -> None:
    """Wait until all of some texts are on the screen."""
    for text in texts:
        terminal.wait_for(text)


def kill(terminal: Terminal) -> None:
    """Pull the plug."""
    terminal.process.kill()
    terminal.wait_for_end()


def press(terminal: Terminal, keys: str) -> None:
    """Press keys a moment after whatever came before, as a hand does."""
    time.sleep(HAND_SECONDS)
    terminal.type(keys)


def test_a_meeting_goes_on_where_it_was_when_the_power_goes(hall: Assembly, tmp_path: Path) -> None:
    """Killed as soon as a sign-in is written, after the beginning, and after the end: nobody scans twice or is lost."""
    with start(hall) as terminal:
        press(terminal, "+21")
        terminal.wait_for("应到3  实到0")
        terminal.scan(hall.cards[hall.wang_ming])
        terminal.scan(hall.cards[hall.wang_fang])
        terminal.wait_until(lambda: signed_in(hall) == 2, "the second sign-in is not written")
        kill(terminal)
    with start(hall) as terminal:
        wait_for_all(terminal, "应到3  实到2", "上一位：王芳")
        terminal.scan(hall.cards[hall.wang_fang])
        terminal.wait_for("早就签过了")
        press(terminal, "+")
        terminal.wait_for("输清点人数")
        kill(terminal)
    with start(hall) as terminal:
        terminal.wait_for("输清点人数")
        terminal.scan(hall.cards[hall.li_xiuying])
        terminal.wait_for("应到3  实到3")
        press(terminal, "3+")
        terminal.wait_for("加分2条")
        kill(terminal)
    with start(hall) as terminal:
        press(terminal, "1")
        wait_for_all(terminal, "应到3  实到3", "清点3人  和签到一样")
    assert judged(hall, tmp_path) == {"present": 3, "late": 0, "absent": 0, "wang": 200, "li": 200}


def judged(hall: Assembly, folder: Path) -> dict[str, int]:
    """What the separate program finds, which must find nothing wrong: the meeting and the points of two households."""
    hall.reopen()
    found = recompute(hall.store, folder)
    hall.close()
    assert found.faults == []
    [meeting] = found.village["meetings"]
    figures = {name: meeting[name] for name in ("present", "late", "absent")}
    return figures | {"wang": found.balances[hall.wang], "li": found.balances[hall.li]}
