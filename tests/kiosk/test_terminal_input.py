"""The real program in a real pseudo-terminal: scans at any speed, rubbish, and keys that must do nothing."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kiosk.recording import HEARD, READY
from tests.terminal import ROOT, Terminal

OPEN = """
import sys
from pathlib import Path
from kiosk.launch import open_terminal
sys.exit(open_terminal(Path(sys.argv[1])))
"""
ASKED = "第一次开机"
QUIET_SECONDS = 0.25
# Longer than the program waits for the end of a paste.
PASTE_SECONDS = 1.3
REST_SECONDS = 0.3
# Hundredths of a second of work in that time that are no work.
REST_TICKS = 3
GOODS = "6901234567892"


class Recording(Terminal):
    """The recording program and what it has heard."""

    def __init__(self, home: Path, seconds: float = 0.0) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._heard = home / HEARD
        super().__init__([sys.executable, "-m", "tests.kiosk.recording", str(home), str(seconds)])
        self.wait_for(READY)

    def scans(self) -> list[str]:
        """The texts of the scans so far."""
        return [json.loads(line[5:]) for line in self._lines() if line.startswith("scan ")]

    def keys(self) -> list[str]:
        """The names of the keys so far."""
        return [line[4:] for line in self._lines() if line.startswith("key ")]

    def wait_for_scans(self, wanted: list[str]) -> None:
        """Wait until as many scans have come as are wanted, and they are those."""
        self.wait_until(lambda: len(self.scans()) >= len(wanted), "scans are missing")
        assert self.scans() == wanted

    def wait_until_at_rest(self) -> None:
        """Wait until the program has worked off what it was sent, so that what follows comes after a pause."""
        before = -REST_TICKS - 1
        while (now := self._worked()) - before > REST_TICKS:
            before = now
            time.sleep(REST_SECONDS)

    def _worked(self) -> int:
        """Hundredths of a second of processor time the program has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    def _lines(self) -> list[str]:
        return self._heard.read_text(encoding="utf-8").splitlines()


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[Recording]:
    """A running recording program."""
    with Recording(tmp_path / "home") as terminal:
        yield terminal


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Terminal]:
    """The real program at its first question, which one digit would answer."""
    with Terminal([sys.executable, "-c", OPEN, str(tmp_path / "home")]) as terminal:
        terminal.wait_for(ASKED)
        yield terminal


def numbers(count: int) -> list[str]:
    """Texts of thirteen digits, each another."""
    return [f"69{number:011d}" for number in range(count)]


@pytest.mark.parametrize(("count", "spacing"), [(300, 0.0), (100, 0.005), (60, 0.02), (30, 0.05), (20, 0.1)])
def test_every_scan_arrives_once_and_whole_when_they_come_at_any_spacing(
    recording: Recording, count: int, spacing: float
) -> None:
    """None lost, none merged, none twice, none out of order."""
    for text in numbers(count):
        recording.scan(text)
        time.sleep(spacing)
    recording.wait_for_scans(numbers(count))
    assert recording.keys() == []


def test_every_scan_arrives_once_and_whole_when_the_program_stands_still(tmp_path: Path) -> None:
    """With 300 ms of standing still on each scan, scans 100 ms apart pile up and stay apart."""
    with Recording(tmp_path / "home", 0.3) as terminal:
        for text in numbers(12):
            terminal.scan(text)
            time.sleep(0.1)
        terminal.wait_for_scans(numbers(12))


def test_a_scan_is_whole_when_its_keys_come_one_by_one(recording: Recording) -> None:
    """A USB scanner sends a key every 8 ms."""
    for text in numbers(5):
        for character in f"{text}\r":
            recording.send(character)
            time.sleep(0.008)
        time.sleep(QUIET_SECONDS)
    recording.wait_for_scans(numbers(5))


@pytest.mark.parametrize("end", ["\r\n", "\t", "\n", "\r\r", ""])
def test_one_scan_arrives_when_its_end_is_another(recording: Recording, end: str) -> None:
    """Doubled, other and missing terminators make neither a second scan nor a key."""
    for text in numbers(6):
        recording.scan(text, end)
        time.sleep(QUIET_SECONDS)
    recording.wait_for_scans(numbers(6))
    assert recording.keys() == []


def test_typing_stays_typing_when_a_scan_comes_between(recording: Recording) -> None:
    """Keys at a hand's pace reach the screen as keys, in their place."""
    recording.type("12")
    recording.scan(GOODS)
    time.sleep(QUIET_SECONDS)
    recording.type("3+")
    recording.wait_until(lambda: recording.keys() == ["1", "2", "3", "plus"], "keys are missing")
    assert recording.scans() == [GOODS]


def test_full_width_digits_are_digits_when_an_input_method_types_them(recording: Recording) -> None:
    """Scanned through an input method in full width, and typed in it."""
    wide = "".join(chr(0xFF10 + int(digit)) for digit in GOODS)
    recording.scan(wide)
    time.sleep(QUIET_SECONDS)
    recording.send("\uff15")
    recording.wait_until(lambda: recording.keys() == ["5"], "the key is missing")
    assert len(recording.scans()) == 1


@pytest.mark.parametrize(
    "rubbish",
    [
        pytest.param(b"\xff\xfe\xc4\xe3", id="no UTF-8"),
        pytest.param("王明".encode("gb18030") + b"\r", id="GB18030"),
        pytest.param(b"\xe4\xb8", id="half a character"),
        pytest.param(bytes(range(256)), id="every byte"),
        pytest.param(b"\x1b[200~690123", id="a paste without end"),
        pytest.param(b"\x1b[<0;10;5M\x1b[<0;10;5m\x1b[M !!", id="mouse clicks"),
        pytest.param(b"\x1b[48;5;5;0;0t\x1b[?2048;2$y", id="window sizes"),
        pytest.param(b"\x1b[99999999999999999999999999;5u\x1b[1;5Z\x1b]0;x\x07", id="odd sequences"),
        pytest.param(b"\x1b" * 300, id="escapes"),
        pytest.param(b"x" * 10_240, id="10 KB without an end"),
        pytest.param(random.Random(578).randbytes(10_240), id="10 KB of anything"),
    ],
)
def test_the_next_scan_arrives_when_rubbish_came_before(recording: Recording, rubbish: bytes) -> None:
    """Whatever comes, the program lives and hears the scan after it."""
    recording.send(rubbish)
    time.sleep(PASTE_SECONDS if b"200~" in rubbish else QUIET_SECONDS)
    recording.wait_until_at_rest()
    recording.scan(GOODS)
    recording.wait_until(lambda: recording.scans()[-1:] == [GOODS], "the scan after the rubbish is missing")
    assert recording.is_alive
    assert READY in recording.text()


def test_a_pasted_line_is_one_scan_when_the_terminal_marks_it(recording: Recording) -> None:
    """Bracketed paste through the real driver is heard once."""
    recording.send(f"\x1b[200~{GOODS}\n\x1b[201~")
    recording.wait_until(lambda: recording.scans() == [GOODS], "the paste is missing")
    time.sleep(QUIET_SECONDS)
    assert recording.scans() == [GOODS]


def test_nothing_changes_when_control_keys_are_typed(asked: Terminal, tmp_path: Path) -> None:
    """Control-Q, -C, -P and all the others neither end the program nor answer its question."""
    for byte in [*range(1, 27), 28, 29, 30, 31, 127]:
        asked.send(bytes([byte]))
        time.sleep(0.07)
    time.sleep(QUIET_SECONDS)
    assert asked.is_alive
    assert ASKED in asked.text()
    assert not (tmp_path / "home" / "store.db").exists()


def test_nothing_changes_when_rubbish_is_scanned_at_a_question(asked: Terminal, tmp_path: Path) -> None:
    """Digits inside a burst answer no question: it stays, with a refusal that says so."""
    chance = random.Random(9999)
    for _ in range(20):
        asked.send(bytes(chance.choices(b"0123456789+-\x03\x11\x10\x1dAZ", k=chance.randint(6, 60))) + b"\r")
        time.sleep(0.08)
    asked.wait_for("scan_not_here")
    time.sleep(QUIET_SECONDS)
    assert asked.is_alive
    assert ASKED in asked.text()
    assert not (tmp_path / "home" / "store.db").exists()


def test_the_program_ends_with_nought_when_somebody_leaves(asked: Terminal) -> None:
    """The way out is a key of the screen, and it says so to whoever started the program."""
    asked.type("0")
    assert asked.wait_for_end() == 0


def test_a_village_is_made_and_kept_when_a_number_is_typed(tmp_path: Path) -> None:
    """First start with the number pad alone; the next start asks only who stands there."""
    home = tmp_path / "home"
    with Terminal([sys.executable, "-c", OPEN, str(home)]) as terminal:
        terminal.wait_for(ASKED)
        terminal.type("2")
        terminal.wait_for("村编号")
        terminal.type("0123+")
        terminal.wait_for("启用码")
        terminal.type("/")
        terminal.wait_for("0123，建正式村")
        terminal.type("+")
        terminal.wait_for("试扫码枪")
        terminal.type(".")
        terminal.wait_for("谁在值班")
        terminal.type("1")
        terminal.wait_for("对吗")
        terminal.type("+")
        terminal.wait_for("要做什么")
        terminal.type("0")
        terminal.wait_for("退出程序")
        terminal.type("+")
        assert terminal.wait_for_end() == 0
    with Terminal([sys.executable, "-c", OPEN, str(home)]) as terminal:
        terminal.wait_for("谁在值班")


def test_a_sentence_is_said_when_there_is_no_terminal(tmp_path: Path) -> None:
    """A timer or a pipe that starts the screens by mistake is told why nothing happens."""
    ended = subprocess.run(
        [sys.executable, "-c", OPEN, str(tmp_path)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert ended.returncode == 2
    assert "没有可以显示的终端" in ended.stderr
    assert ended.stdout == ""
