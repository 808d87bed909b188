"""A scanner on a serial port, read in a thread of its own; it may be plugged in, pulled out and put back any time."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum
from logging import getLogger
from pathlib import Path
from threading import Event, Thread, current_thread
from typing import Final, TypeAlias

import serial

from kiosk.devices.scanner.frames import Frames
from kiosk.devices.scanner.scan import Scan, Wire

_STOP_TIMEOUT: Final = 2.0
_log = getLogger(__name__)

PortChooser: TypeAlias = Callable[[], str | None]
"""Names the port to open, or None while there is none. Asked only while no port is open."""


class PortState(Enum):
    """What the reader is doing."""

    WAITING = "waiting"
    CONNECTED = "connected"
    LOST = "lost"
    HANDLER_FAILED = "handler_failed"


@dataclass(frozen=True, slots=True)
class PortReport:
    """A change of state: which port, and what the machine said if something failed.

    After ``HANDLER_FAILED`` the port is still read; the scan that was being handed over was not taken.
    """

    state: PortState
    port: str | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class SerialSettings:
    """Speed of the line; seconds: silence that ends a code, patience with half a code, shortest and longest wait."""

    baudrate: int = 9600
    quiet: float = 0.08
    stalled: float = 0.5
    first_wait: float = 0.2
    longest_wait: float = 3.0
    wire: Wire = Wire.SERIAL


class SerialScanner:
    """Reads one scanner and calls ``on_scan`` and ``on_state`` from its own thread.

    Scans come whole and in order. Half a code is dropped when the port is lost: what comes after is another reading.
    """

    def __init__(
        self,
        port_chooser: PortChooser,
        on_scan: Callable[[Scan], None],
        on_state: Callable[[PortReport], None],
        settings: SerialSettings | None = None,
    ) -> None:
        self._choose_port = port_chooser
        self._on_scan = on_scan
        self._on_state = on_state
        self._settings = settings or SerialSettings()
        self._stopping = Event()
        self._told: PortReport | None = None
        self._thread = Thread(target=self._run, name="serial-scanner", daemon=True)

    def start(self) -> None:
        """Begin to wait for the port. Raises RuntimeError if called twice."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and close the port; returns when both are done."""
        self._stopping.set()
        if self._thread.is_alive() and self._thread is not current_thread():
            self._thread.join(_STOP_TIMEOUT)

    def _run(self) -> None:
        """One port after another, with longer waits while there is none."""
        wait = self._settings.first_wait
        while not self._stopping.is_set():
            device = self._open()
            if device is not None:
                self._read_until_lost(device)
                wait = self._settings.first_wait
            self._stopping.wait(wait)
            wait = min(wait * 2, self._settings.longest_wait)

    def _open(self) -> "serial.Serial | None":
        name: str | None = None
        try:
            name = self._choose_port()
            if name is not None:
                # one reader alone: two would share the bytes of every code between them
                return serial.Serial(name, self._settings.baudrate, timeout=self._settings.quiet, exclusive=True)
        except Exception as problem:  # noqa: BLE001 because this is the edge of the thread: reported, tried again
            self._tell(PortState.WAITING, name, problem)
        else:
            self._tell(PortState.WAITING, None)
        return None

    def _read_until_lost(self, device: serial.Serial) -> None:
        self._tell(PortState.CONNECTED, device.name)
        try:
            with device:
                self._read(device)
        except Exception as problem:  # noqa: BLE001 because this is the edge of the thread: reported, opened again
            self._tell(PortState.LOST, device.name, problem)

    def _read(self, device: serial.Serial) -> None:
        settings = self._settings
        frames = Frames(settings.wire, quiet=settings.quiet, stalled=settings.stalled)
        while not self._stopping.is_set():
            data = device.read(1)
            if data:
                data += device.read(device.in_waiting)
            now = time.monotonic()
            for scan in frames.feed(data, now) if data else frames.settle(now):
                self._hand_over(scan, device.name)

    def _hand_over(self, scan: Scan, port: str | None) -> None:
        try:
            self._on_scan(scan)
        except Exception as problem:  # noqa: BLE001 because a handler's fault must not end the reading: reported
            _log.exception("a scan was not taken")
            self._tell(PortState.HANDLER_FAILED, port, problem, always=True)

    def _tell(
        self, state: PortState, port: str | None, problem: Exception | None = None, *, always: bool = False
    ) -> None:
        """Report a change once."""
        report = PortReport(state, port, f"{type(problem).__name__}: {problem}" if problem else None)
        if report == self._told and not always:
            return
        self._told = report
        try:
            self._on_state(report)
        except Exception:  # noqa: BLE001 because nobody is left to tell: the log is the last edge
            _log.exception("a scanner report was not taken: %s", report)


def named_port(path: Path) -> PortChooser:
    """Choose always the same port, once it is there; a link such as those under ``/dev/serial/by-id`` is best."""
    return lambda: str(path) if path.exists() else None


def first_usb_port(excluded: Collection[str] = ()) -> PortChooser:
    """Choose the first USB serial port that is not ``excluded`` (the printer's, say)."""

    def choose() -> str | None:
        from serial.tools import list_ports

        ports = sorted(port.device for port in list_ports.comports() if port.vid is not None)
        return next((port for port in ports if port not in excluded), None)

    return choose
