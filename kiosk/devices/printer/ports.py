"""The wires to a printer: serial, kernel device file, TCP. Each takes bytes and gives answers within a time limit."""

import errno
import fcntl
import os
import select
import socket
import time
from array import array
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

from kiosk.devices.printer.target import Flow, Kind, Target

SECONDS: Final = 2.0
"""How long a wire may take none of our bytes before it counts as gone."""

_PIECE: Final = 256
ASK_STATUS: Final = 0x060B
"""LPGETSTATUS of the kernel's printer driver (linux/lp.h); it gives the status byte of the USB printer class."""
_PAPER_END: Final = 0x20


class Port(Protocol):
    """An open wire to one printer. Everything it cannot do raises OSError."""

    def send(self, data: bytes) -> None:
        """Hand over all bytes; raises OSError if the printer takes none of them for two seconds."""
        ...

    def receive(self, seconds: float) -> bytes:
        """Give what has arrived, waiting up to ``seconds`` for a first byte; empty if nothing came."""
        ...

    def has_paper(self) -> bool:
        """Say what the wire itself knows of the paper; True where it knows nothing."""
        ...

    def close(self) -> None:
        """Let go of the wire; never raises."""
        ...


def first_printer(folder: str) -> str:
    """Give the first device file of a USB printer in a folder; one that is plugged in again may have another number.

    Raises FileNotFoundError where there is none.
    """
    found = sorted(Path(folder).glob("lp*"))
    if not found:
        raise FileNotFoundError(errno.ENODEV, os.strerror(errno.ENODEV), folder)
    return str(found[0])


def open_port(target: Target) -> Port:
    """Open the wire of ``target`` (serial, USB, file or tcp). Raises OSError if nothing is there."""
    if target.kind is Kind.SERIAL:
        return SerialPort(target)
    if target.kind is Kind.TCP:
        return TcpPort(target.address, target.port)
    if target.kind is Kind.USB:
        return DevicePort(first_printer(target.address))
    if target.kind is Kind.FILE:
        return DevicePort(target.address)
    raise OSError(target.kind.value)


class SerialPort:
    """A serial line with eight bits, no parity, one stop bit."""

    def __init__(self, target: Target) -> None:
        """Open the line. Raises OSError if it is not there, in use, or not a serial line."""
        from serial import Serial

        try:
            self._line = Serial(
                target.address,
                target.baud,
                timeout=0,
                write_timeout=SECONDS,
                rtscts=target.flow is Flow.RTS,
                xonxoff=target.flow is Flow.XON,
            )
        except ValueError as error:
            raise OSError(target.baud) from error

    def send(self, data: bytes) -> None:
        """Hand over the bytes in small pieces, so that the time limit counts silence and not a slow line."""
        for piece in _pieces(data):
            self._line.write(piece)

    def receive(self, seconds: float) -> bytes:
        """Give what has arrived within ``seconds``."""
        self._line.timeout = seconds
        first = self._line.read(1)
        return bytes(first + self._line.read(self._line.in_waiting)) if first else b""

    def has_paper(self) -> bool:
        """A line knows nothing of paper."""
        return True

    def close(self) -> None:
        """Let go of the line."""
        with suppress(OSError):
            self._line.close()


class DevicePort:
    """A device file that is written and, if the driver allows it, read: the kernel's USB printer driver."""

    def __init__(self, path: str) -> None:
        """Open the file, for writing only where reading is not allowed. Raises OSError."""
        common = os.O_NONBLOCK | os.O_NOCTTY
        try:
            self._file = os.open(path, os.O_RDWR | common)
            self._reads = True
        except PermissionError:
            self._file = os.open(path, os.O_WRONLY | common)
            self._reads = False

    def send(self, data: bytes) -> None:
        """Hand over the bytes as the driver takes them."""
        for piece in _pieces(data):
            self._send_piece(piece)

    def _send_piece(self, piece: bytes) -> None:
        while piece:
            _, ready, _ = select.select([], [self._file], [], SECONDS)
            if not ready:
                raise TimeoutError
            with suppress(BlockingIOError):
                piece = piece[os.write(self._file, piece) :]

    def receive(self, seconds: float) -> bytes:
        """Give what has arrived within ``seconds``; a driver that ends the file at once is asked again."""
        until = time.monotonic() + seconds
        while self._reads and (left := until - time.monotonic()) > 0:
            ready, _, _ = select.select([self._file], [], [], left)
            if not ready:
                break
            with suppress(BlockingIOError):
                if got := os.read(self._file, 64):
                    return got
            time.sleep(min(left, 0.02))
        return b""

    def has_paper(self) -> bool:
        """Ask the driver, which knows it from the printer's own status byte; a file that is no printer says nothing."""
        status = array("i", [0])
        with suppress(OSError):
            fcntl.ioctl(self._file, ASK_STATUS, status)
        return not status[0] & _PAPER_END

    def close(self) -> None:
        """Let go of the file."""
        with suppress(OSError):
            os.close(self._file)


class TcpPort:
    """A network printer that takes raw bytes."""

    def __init__(self, host: str, port: int) -> None:
        """Connect within two seconds. Raises OSError."""
        self._socket = socket.create_connection((host, port), timeout=SECONDS)

    def send(self, data: bytes) -> None:
        """Hand over the bytes in small pieces."""
        self._socket.settimeout(SECONDS)
        for piece in _pieces(data):
            self._socket.sendall(piece)

    def receive(self, seconds: float) -> bytes:
        """Give what has arrived within ``seconds``. Raises ConnectionError if the printer hung up."""
        self._socket.settimeout(max(seconds, 0.001))
        try:
            got = self._socket.recv(64)
        except TimeoutError:
            return b""
        if not got:
            raise ConnectionResetError
        return got

    def has_paper(self) -> bool:
        """A network knows nothing of paper."""
        return True

    def close(self) -> None:
        """End the connection."""
        with suppress(OSError):
            self._socket.close()


def _pieces(data: bytes) -> list[bytes]:
    return [data[start : start + _PIECE] for start in range(0, len(data), _PIECE)]
