"""A scanner on a real pseudo-terminal: read, unplugged, put back, broken handlers, and a prompt end."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from serial.tools import list_ports

from kiosk.devices.scanner.scan import LONGEST, Scan, Wire
from kiosk.devices.scanner.serial import (
    PortChooser,
    PortReport,
    PortState,
    SerialScanner,
    SerialSettings,
    first_usb_port,
    named_port,
)
from kiosk.devices.scanner.simulated import SimulatedPort

SALT = "6990103300302"
SOAP = "6990102200207"
QUICK = SerialSettings(first_wait=0.02, longest_wait=0.1)


@dataclass
class Desk:
    """What a reader told, and when it told enough."""

    scans: list[Scan] = field(default_factory=list)
    reports: list[PortReport] = field(default_factory=list)
    told: threading.Condition = field(default_factory=threading.Condition)

    def take_scan(self, scan: Scan) -> None:
        """The handler of scans."""
        with self.told:
            self.scans.append(scan)
            self.told.notify_all()

    def take_report(self, report: PortReport) -> None:
        """The handler of reports."""
        with self.told:
            self.reports.append(report)
            self.told.notify_all()

    def wait_for(self, holds: Callable[[], bool]) -> None:
        """Waits until the reader has told what is expected."""
        with self.told:
            assert self.told.wait_for(holds, timeout=10), (self.scans, self.reports)

    def wait_for_states(self, *states: PortState) -> None:
        """Waits until exactly these states were reported, in order."""
        self.wait_for(lambda: [report.state for report in self.reports] == list(states))

    def wait_for_texts(self, *texts: str) -> None:
        """Waits until exactly these texts were scanned, in order."""
        self.wait_for(lambda: [scan.text for scan in self.scans] == list(texts))


@pytest.fixture
def desk() -> Desk:
    """A desk nobody has told anything yet."""
    return Desk()


@pytest.fixture
def link(tmp_path: Path) -> Path:
    """Where the scanner is plugged in."""
    return tmp_path / "scanner"


@pytest.fixture
def reader(desk: Desk, link: Path) -> Iterator[SerialScanner]:
    """A running reader of that place."""
    scanner = SerialScanner(named_port(link), desk.take_scan, desk.take_report, QUICK)
    scanner.start()
    yield scanner
    scanner.stop()


def plug_in(link: Path, desk: Desk, terminator: str = "\r", spacing: float = 0.0) -> SimulatedPort:
    """A scanner that the reader has opened."""
    count = len(desk.reports)
    port = SimulatedPort(link, terminator=terminator, spacing=spacing)
    desk.wait_for(lambda: any(report.state is PortState.CONNECTED for report in desk.reports[count:]))
    return port


@pytest.mark.parametrize("terminator", ["\r", "\n", "\r\n", "\t", ""])
@pytest.mark.parametrize("spacing", [0.0, 0.001])
def test_a_code_is_read_when_it_is_scanned(
    reader: SerialScanner, desk: Desk, link: Path, terminator: str, spacing: float
) -> None:
    """Every terminator and none, in one write or byte by byte, with the time of its last byte."""
    with plug_in(link, desk, terminator, spacing) as port:
        began = time.monotonic()
        port.scanner.send("]E0" + SALT)
        desk.wait_for_texts(SALT)
    (scan,) = desk.scans
    assert (scan.wire, scan.symbology) == (Wire.SERIAL, "]E0")
    assert began < scan.at < time.monotonic()


def test_codes_are_read_in_order_when_they_come_at_scanner_speed(reader: SerialScanner, desk: Desk, link: Path) -> None:
    """Five hundred codes back to back: none lost, merged or repeated."""
    codes = [f"{number:013}" for number in range(1, 501)]
    with plug_in(link, desk) as port:
        for code in codes:
            port.scanner.send(code)
        desk.wait_for_texts(*codes)


def test_half_codes_are_joined_when_the_line_is_slower_than_the_reads(
    reader: SerialScanner, desk: Desk, link: Path
) -> None:
    """A read that times out inside a code loses nothing."""
    with plug_in(link, desk, terminator="") as port:
        port.scanner.send("first\r69901")
        desk.wait_for_texts("first")
        time.sleep(0.2)
        port.scanner.send("03300302\r")
        desk.wait_for_texts("first", SALT)


def test_strange_bytes_are_read_when_they_are_no_text(reader: SerialScanner, desk: Desk, link: Path) -> None:
    """Invalid UTF-8, a group separator and ten kilobytes of rubbish: readable, bounded, and the next code is whole."""
    with plug_in(link, desk) as port:
        port.scanner.send(b"\xff\xfe")
        port.scanner.send(b"0106\x1d15")
        port.scanner.send(b"\x007" * 5000)
        port.scanner.send(SALT)
        desk.wait_for_texts("ÿþ", "0106\x1d15", "7" * LONGEST, SALT)


def test_the_reader_goes_on_when_the_scanner_is_unplugged_and_put_back(
    reader: SerialScanner, desk: Desk, link: Path
) -> None:
    """Each state is told once; half a code from before is not glued to the code after."""
    desk.wait_for_states(PortState.WAITING)
    with plug_in(link, desk) as port:
        port.scanner.send(SALT)
        desk.wait_for_texts(SALT)
        os.write(port._master, b"69901")
        assert port.wait_until_read()
    desk.wait_for_states(PortState.WAITING, PortState.CONNECTED, PortState.LOST, PortState.WAITING)
    with plug_in(link, desk) as port:
        port.scanner.send(SOAP)
        desk.wait_for_texts(SALT, SOAP)
    lost = desk.reports[2]
    assert lost.port == str(link)
    assert lost.problem


def test_waiting_is_told_once_when_no_scanner_comes(reader: SerialScanner, desk: Desk) -> None:
    """The screen is not flooded while a place stays empty."""
    time.sleep(0.3)
    assert desk.reports == [PortReport(PortState.WAITING, None)]


def test_the_reader_waits_when_the_port_cannot_be_opened(desk: Desk, tmp_path: Path) -> None:
    """A file that is no port, a folder, a lock of another program: told with the machine's words, tried again."""
    place = tmp_path / "scanner"
    place.write_text("not a port")
    scanner = SerialScanner(named_port(place), desk.take_scan, desk.take_report, QUICK)
    scanner.start()
    desk.wait_for(lambda: bool(desk.reports))
    assert desk.reports[0].state is PortState.WAITING
    assert "could not" in (desk.reports[0].problem or "").lower()
    place.unlink()
    with plug_in(place, desk) as port:
        port.scanner.send(SALT)
        desk.wait_for_texts(SALT)
        scanner.stop()


def test_two_readers_never_share_a_port_when_both_want_it(reader: SerialScanner, desk: Desk, link: Path) -> None:
    """The bytes of one code are not divided between two programs."""
    other = Desk()
    with plug_in(link, desk) as port:
        second = SerialScanner(named_port(link), other.take_scan, other.take_report, QUICK)
        second.start()
        other.wait_for(lambda: bool(other.reports))
        port.scanner.send(SALT)
        desk.wait_for_texts(SALT)
        second.stop()
    assert other.scans == []
    assert "lock" in (other.reports[0].problem or "")


def test_the_reader_goes_on_when_a_handler_fails(link: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Each failed scan is told, in words, and the scans after it are handed over."""
    desk = Desk()

    def take(scan: Scan) -> None:
        if scan.text == SALT:
            raise KeyError("no such goods")
        desk.take_scan(scan)

    scanner = SerialScanner(named_port(link), take, desk.take_report, QUICK)
    scanner.start()
    with plug_in(link, desk) as port:
        for code in (SALT, SALT, SOAP):
            port.scanner.send(code)
        desk.wait_for_texts(SOAP)
        scanner.stop()
    failures = [report for report in desk.reports if report.state is PortState.HANDLER_FAILED]
    assert [report.problem for report in failures] == ["KeyError: 'no such goods'"] * 2
    assert "a scan was not taken" in caplog.text


def test_the_reader_goes_on_when_nobody_takes_its_reports(link: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A failing report handler ends neither the thread nor the reading; the log has it."""
    desk = Desk()

    def refuse(report: PortReport) -> None:
        desk.take_report(report)
        raise RuntimeError(report.state.value)

    scanner = SerialScanner(named_port(link), desk.take_scan, refuse, QUICK)
    scanner.start()
    with plug_in(link, desk) as port:
        port.scanner.send(SALT)
        desk.wait_for_texts(SALT)
        scanner.stop()
    assert "a scanner report was not taken" in caplog.text


def test_the_reader_goes_on_when_the_chooser_fails(desk: Desk) -> None:
    """A fault in the search for ports is told, and the search goes on."""
    asked = []

    def choose() -> str | None:
        asked.append(1)
        raise OSError("no bus")

    scanner = SerialScanner(choose, desk.take_scan, desk.take_report, QUICK)
    scanner.start()
    desk.wait_for(lambda: desk.reports == [PortReport(PortState.WAITING, None, "OSError: no bus")])
    while len(asked) < 3:
        time.sleep(0.01)
    scanner.stop()


def test_ports_are_looked_for_only_while_none_is_open(desk: Desk, link: Path) -> None:
    """A search costs time that a connected scanner does not pay; while there is none the waits grow."""
    asked: list[float] = []

    def counting(chooser: PortChooser) -> PortChooser:
        def choose() -> str | None:
            asked.append(time.monotonic())
            return chooser()

        return choose

    scanner = SerialScanner(counting(named_port(link)), desk.take_scan, desk.take_report, QUICK)
    scanner.start()
    while len(asked) < 5:
        time.sleep(0.01)
    with plug_in(link, desk):
        count = len(asked)
        time.sleep(0.3)
        assert len(asked) == count
        scanner.stop()
    waits = [later - earlier for earlier, later in pairwise(asked)]
    assert all(wait >= least for wait, least in zip(waits, [0.02, 0.04, 0.08, 0.1], strict=False))


@pytest.mark.parametrize("is_connected", [True, False], ids=["connected", "waiting"])
def test_stopping_is_prompt_when_asked(desk: Desk, link: Path, *, is_connected: bool) -> None:
    """The terminal does not hang on its way out; the port is closed, and stopping twice does nothing."""
    scanner = SerialScanner(named_port(link), desk.take_scan, desk.take_report, SerialSettings(longest_wait=30.0))
    scanner.start()
    desk.wait_for_states(PortState.WAITING)
    port = plug_in(link, desk) if is_connected else None
    began = time.monotonic()
    scanner.stop()
    scanner.stop()
    assert time.monotonic() - began < 10
    assert not scanner._thread.is_alive()
    if port is not None:
        assert not port._is_open()
        port.unplug()


def test_a_handler_can_stop_the_reader_when_it_has_seen_enough(link: Path) -> None:
    """A scan that ends the program does not wait for itself."""
    desk = Desk()

    def take(scan: Scan) -> None:
        scanner.stop()
        desk.take_scan(scan)

    scanner = SerialScanner(named_port(link), take, desk.take_report, QUICK)
    scanner.start()
    with plug_in(link, desk) as port:
        port.scanner.send(SALT)
        desk.wait_for_texts(SALT)
        scanner._thread.join(5)
    assert not scanner._thread.is_alive()


def test_the_first_usb_port_is_chosen_when_several_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Built-in ports and the printer's are left alone; without any other there is none."""
    ports = [
        SimpleNamespace(device="/dev/ttyS0", vid=None),
        SimpleNamespace(device="/dev/ttyUSB1", vid=0x1A86),
        SimpleNamespace(device="/dev/ttyACM0", vid=0x05F9),
    ]
    monkeypatch.setattr(list_ports, "comports", lambda: ports)
    assert first_usb_port()() == "/dev/ttyACM0"
    assert first_usb_port({"/dev/ttyACM0"})() == "/dev/ttyUSB1"
    assert first_usb_port({"/dev/ttyACM0", "/dev/ttyUSB1"})() is None
