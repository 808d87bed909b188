"""Somebody who never saw kiosk follows the README: sheets in, a card bound, points awarded, three goods redeemed."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from db.engine import open_sqlite
from db.store import open_store, store_file
from kiosk.devices.scanner.simulated import SimulatedPort
from tests.menu import digits_to
from tests.recomputed import recompute
from tests.terminal import ROOT, Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLES = ROOT / "docs" / "samples"
SALT, SOAP, TISSUES = "6990103300302", "6990102200207", "6990104400407"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder with the sample sheets, a serial scanner and slips written as text."""
    folder = tmp_path / "home"
    (folder / "import").mkdir(parents=True)
    for sheet in ("households.xlsx", "persons.xlsx", "goods.xlsx"):
        shutil.copy(SAMPLES / sheet, folder / "import" / sheet)
    slips = f'slip_printer = "text:{tmp_path / "slips"}"\n'
    (folder / "settings.toml").write_text(f'scanner_port = "{tmp_path / "scanner"}"\n{slips}')
    return folder


@pytest.fixture
def scanner(tmp_path: Path) -> "Iterator[SimulatedPort]":
    """A serial scanner that is plugged in."""
    with SimulatedPort(tmp_path / "scanner") as port:
        yield port


def press(terminal: Terminal, keys: str, shown: str) -> None:
    """Press keys one after the other and wait for what they bring."""
    terminal.type(keys)
    terminal.wait_for(shown)


def blank_card(home: Path) -> str:
    """Print one blank card beside the running terminal and return its number."""
    command = [sys.executable, "-m", "kiosk", "cards", "blank", "1", str(home / "blank.pdf"), "--json"]
    done = subprocess.run([*command, "--home", str(home)], cwd=ROOT, capture_output=True, check=True, text=True)
    printed: dict[str, Any] = json.loads(done.stdout)
    return str(printed["numbers"][0])


def import_sheets(terminal: Terminal) -> None:
    """Import the sheets from the list: households with passbooks, persons, goods."""
    press(terminal, "".join(digits_to("sheets")), "导哪一个")
    press(terminal, "2", "新 60")
    press(terminal, "+", "以后再签")
    press(terminal, "2", "已导入")
    press(terminal, "-", "导哪一个")
    press(terminal, "3", "新 196")
    press(terminal, "+", "已导入")
    press(terminal, "-", "导哪一个")
    press(terminal, "1", "新 35")
    press(terminal, "+", "已导入")
    press(terminal, "-", "导哪一个")
    press(terminal, "-", "要做什么")


def begin_village(terminal: Terminal) -> None:
    """Choose a real village, put the county and the tests off, take the desk, open the day."""
    terminal.wait_for("正式")
    press(terminal, "2", "村编号")
    press(terminal, "0123+", "启用码")
    press(terminal, "/", "以后不能改")
    press(terminal, "+", "试扫码枪")
    press(terminal, ".", "谁在值班")
    press(terminal, "1", "对吗")
    press(terminal, "+", "要做什么")


def bind_card(terminal: Terminal, scanner: SimulatedPort, card: str) -> None:
    """Give a blank card to the first person of household 1-1."""
    press(terminal, "3", "发卡、补卡")
    scanner.scanner.send(card)
    terminal.wait_for("给谁")
    press(terminal, "1.1+", "罗泉竹")
    press(terminal, "2", "新卡可用")
    press(terminal, "--", "要做什么")


def award(terminal: Terminal, scanner: SimulatedPort, card: str) -> None:
    """Award two points for turning up on time."""
    press(terminal, "21", "按时参会")
    scanner.scanner.send(card)
    terminal.wait_for("共 2分")
    press(terminal, "+", "已加")
    press(terminal, "-", "要做什么")


def redeem(terminal: Terminal, scanner: SimulatedPort, codes: tuple[str, ...]) -> None:
    """Scan everything and confirm."""
    press(terminal, "1", "请刷卡")
    for code in codes:
        scanner.scanner.send(code)
    terminal.wait_for("抽纸")
    press(terminal, "+", "请取小票")


def test_newcomer_redeems_three_goods_when_following_the_readme(
    home: Path, scanner: SimulatedPort, tmp_path: Path
) -> None:
    """Through the real screens, a real pseudo-terminal and a serial scanner; the oracle agrees with every figure."""
    with Terminal([sys.executable, "-m", "kiosk", "run"], env={"KIOSK_HOME": str(home)}) as terminal:
        begin_village(terminal)
        import_sheets(terminal)
        card = blank_card(home)
        bind_card(terminal, scanner, card)
        award(terminal, scanner, card)
        redeem(terminal, scanner, (card, SALT, SOAP, TISSUES))
        terminal.wait_until(lambda: list((tmp_path / "slips").glob("*")), "the slip does not come")
    (slip,) = (tmp_path / "slips").iterdir()
    assert "0123-1-000001" in slip.read_text()
    store = open_store(open_sqlite(store_file(home)))
    found = recompute(store, tmp_path)
    store.close()
    assert found.faults == []
    assert found.village["redemptions"][0]["after"] == 9_000 + 200 - 900
    assert 8_300 in found.balances.values()
