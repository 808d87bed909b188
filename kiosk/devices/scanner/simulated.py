"""A scanner without a scanner: writes real bytes to a pseudo-terminal, as keys of a wedge or as a serial port."""

import fcntl
import os
import select
import struct
import termios
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_POLL: Final = 0.02
_OPENING: Final = 0.2
"""Seconds a reader needs to set up a port it has just opened; it throws away what comes earlier."""
_UNREAD_TIMEOUT: Final = 5.0
_EMPTY_LOOKS: Final = 10
"""Looks in a row that find nothing unread; the kernel carries bytes over a little after they were written."""


class SimulatedScanner:
    """Writes codes to a file descriptor: characters, then a terminator, ``spacing`` seconds apart (0: in one write)."""

    def __init__(self, descriptor: int, *, terminator: str = "\r", spacing: float = 0.0) -> None:
        self._descriptor = descriptor
        self._terminator = terminator.encode()
        self._spacing = spacing

    def send(self, code: str | bytes) -> None:
        """Write one code. Raises OSError if the other end is gone."""
        data = (code.encode() if isinstance(code, str) else code) + self._terminator
        if not self._spacing:
            _write_all(self._descriptor, data)
            return
        for index in range(len(data)):
            _write_all(self._descriptor, data[index : index + 1])
            time.sleep(self._spacing)


class SimulatedPort:
    """A serial port of which this side holds the scanner; the other side opens ``path``.

    With ``link`` a symbolic link of that name leads to it and goes when the port is unplugged. Raises FileExistsError
    if something that is no link has that name, OSError if no pseudo-terminal can be had.
    """

    def __init__(self, link: Path | None = None, *, terminator: str = "\r", spacing: float = 0.0) -> None:
        self._master, slave = os.openpty()
        self.path = Path(os.ttyname(slave))
        # closed here, so that a hang-up on our side says that nobody is listening
        os.close(slave)
        self.link = link
        self._is_set_up = False
        self.scanner = SimulatedScanner(self._master, terminator=terminator, spacing=spacing)
        if link is not None:
            self._make_link(link)

    def __enter__(self) -> Self:
        """Give the port itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Unplug."""
        self.unplug()

    def unplug(self) -> None:
        """Pull it out: a reader gets the error of a lost device. Doing it twice does nothing."""
        if self._master < 0:
            return
        os.close(self._master)
        self._master = -1
        if self.link is not None and self.link.is_symlink() and self.link.readlink() == self.path:
            self.link.unlink()

    def wait_for_reader(self, timeout: float | None = None) -> bool:
        """Wait until somebody has opened the port and set it up; False if nobody did within ``timeout`` seconds."""
        self._is_set_up = self._is_set_up and self._is_open()
        if not self._is_set_up and _wait_until(self._is_open, timeout):
            time.sleep(_OPENING)
            self._is_set_up = True
        return self._is_set_up

    def wait_until_read(self, timeout: float = _UNREAD_TIMEOUT) -> bool:
        """Wait until the reader has taken every byte; False if it did not within ``timeout`` seconds."""
        looks = 0

        def is_read() -> bool:
            nonlocal looks
            looks = 0 if self._unread() else looks + 1
            return looks >= _EMPTY_LOOKS

        return _wait_until(is_read, timeout)

    def _is_open(self) -> bool:
        poller = select.poll()
        poller.register(self._master, 0)
        return not any(event & select.POLLHUP for _, event in poller.poll(0))

    def _unread(self) -> int:
        slave = os.open(self.path, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            (count,) = struct.unpack("i", fcntl.ioctl(slave, termios.FIONREAD, struct.pack("i", 0)))
        finally:
            os.close(slave)
        return int(count)

    def _make_link(self, link: Path) -> None:
        try:
            if link.is_symlink():
                link.unlink()
            link.symlink_to(self.path)
        except OSError:
            self.unplug()
            raise


def simulate_serial(
    link: Path,
    codes: Iterable[str],
    *,
    on_ready: Callable[[Path], None] | None = None,
    pause: float = 0.5,
    terminator: str = "\r",
) -> int:
    """Be a serial scanner at ``link``: send each code once somebody listens, ``pause`` seconds apart; count them.

    ``on_ready`` is called with the link when it can be opened. Blank codes are passed over. The port goes when the
    codes end. Raises FileExistsError as `SimulatedPort` does, TimeoutError if the reader takes a code no longer.
    """
    sent = 0
    with SimulatedPort(link, terminator=terminator) as port:
        if on_ready is not None:
            on_ready(link)
        for code in filter(None, map(str.strip, codes)):
            if sent:
                time.sleep(pause)
            port.wait_for_reader()
            port.scanner.send(code)
            if not port.wait_until_read():
                raise TimeoutError(f"nobody reads {link}")
            sent += 1
        # the reader's own read may still be on its way to the screen when the port goes
        time.sleep(pause if sent else 0)
    return sent


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _wait_until(holds: Callable[[], bool], timeout: float | None) -> bool:
    end = None if timeout is None else time.monotonic() + timeout
    while not holds():
        if end is not None and time.monotonic() >= end:
            return False
        time.sleep(_POLL)
    return True
