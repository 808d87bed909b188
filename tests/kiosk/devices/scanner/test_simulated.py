"""The simulated scanner: real bytes through a real pseudo-terminal, and a port that comes and goes."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.codes import Goods, read_code
from kiosk.devices.scanner.scan import Scan, Wire
from kiosk.devices.scanner.serial import SerialScanner, SerialSettings, named_port
from kiosk.devices.scanner.simulated import SimulatedPort, SimulatedScanner, simulate_serial

SALT = "6990103300302"
SOAP = "6990102200207"


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """Both ends of a pipe that keeps what was written."""
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize("terminator", ["\r", "\r\n", "\t", ""])
def test_the_characters_and_the_terminator_are_written_when_a_code_is_sent(
    terminal: tuple[int, int], terminator: str
) -> None:
    """What a wedge types, byte for byte; codes that are no text too."""
    reading, writing = terminal
    scanner = SimulatedScanner(writing, terminator=terminator)
    scanner.send(SALT)
    scanner.send(b"\xff\x1d")
    assert os.read(reading, 100) == f"{SALT}{terminator}".encode() + b"\xff\x1d" + terminator.encode()


def test_bytes_come_apart_when_a_spacing_is_set(terminal: tuple[int, int]) -> None:
    """A slow scanner needs at least its spacing for every byte."""
    began = time.monotonic()
    SimulatedScanner(terminal[1], spacing=0.005).send(SALT)
    assert time.monotonic() - began >= 14 * 0.005
    assert os.read(terminal[0], 100) == SALT.encode() + b"\r"


def test_the_link_goes_when_the_port_is_unplugged(tmp_path: Path) -> None:
    """A reader that waits for the name finds nothing; unplugging twice does nothing."""
    link = tmp_path / "scanner"
    port = SimulatedPort(link)
    assert link.resolve() == port.path
    port.unplug()
    port.unplug()
    assert not link.is_symlink()


def test_a_link_left_behind_is_replaced_when_a_port_is_made(tmp_path: Path) -> None:
    """What a killed simulation left does not stop the next; the older one then leaves the newer link alone."""
    link = tmp_path / "scanner"
    older = SimulatedPort(link)
    with SimulatedPort(link) as newer:
        assert link.resolve() == newer.path
        older.unplug()
        assert link.resolve() == newer.path


def test_a_port_is_refused_when_a_file_has_its_name(tmp_path: Path) -> None:
    """No file of the village is overwritten by a simulation."""
    link = tmp_path / "scanner"
    link.write_text("mine")
    with pytest.raises(FileExistsError):
        SimulatedPort(link)
    assert link.read_text() == "mine"


def test_nobody_listens_when_nobody_has_opened_the_port() -> None:
    """The simulation can tell whether a code would be heard."""
    with SimulatedPort() as port:
        assert not port.wait_for_reader(0.05)
        reader = os.open(port.path, os.O_RDWR | os.O_NOCTTY)
        assert port.wait_for_reader(0.05)
        os.close(reader)
        assert not port.wait_for_reader(0.05)


def test_bytes_are_unread_when_the_reader_does_not_read() -> None:
    """The simulation can tell whether a code was heard."""
    with SimulatedPort(terminator="\n") as port:
        reader = os.open(port.path, os.O_RDWR | os.O_NOCTTY)
        port.scanner.send(SALT)
        assert not port.wait_until_read(0.2)
        assert os.read(reader, 100) == SALT.encode() + b"\n"
        assert port.wait_until_read()
        os.close(reader)


def test_the_goods_are_scanned_when_a_simulation_runs(tmp_path: Path) -> None:
    """Codes wait for the reader, none is lost at its start, and the name is gone at the end."""
    link, scans, ready = tmp_path / "scanner", list[Scan](), list[Path]()
    done = threading.Event()
    counts = []

    def run() -> None:
        counts.append(simulate_serial(link, [SALT, "  ", f"{SOAP}\n", SALT], on_ready=ready.append, pause=0.05))
        done.set()

    simulation = threading.Thread(target=run)
    simulation.start()
    settings = SerialSettings(first_wait=0.02, longest_wait=0.05, wire=Wire.SIMULATED)
    reader = SerialScanner(named_port(link), scans.append, lambda _: None, settings)
    reader.start()
    assert done.wait(20)
    simulation.join()
    reader.stop()
    assert (counts, ready) == ([3], [link])
    assert [read_code(scan.text) for scan in scans] == [Goods("0" + code) for code in (SALT, SOAP, SALT)]
    assert not link.is_symlink()


def test_the_simulation_says_so_when_nobody_reads_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that opened the port and hangs is not taken for one that has the code."""
    link = tmp_path / "scanner"
    monkeypatch.setattr(SimulatedPort, "wait_until_read", lambda _port: False)
    opened = []

    def ready(path: Path) -> None:
        opened.append(os.open(path, os.O_RDWR | os.O_NOCTTY))

    with pytest.raises(TimeoutError, match="nobody reads"):
        simulate_serial(link, [SALT], on_ready=ready)
    os.close(opened[0])
    assert not link.is_symlink()
