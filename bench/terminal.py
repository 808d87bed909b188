"""A program in a pseudo-terminal, read as fast as it draws: no screen is emulated, only bytes are awaited."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

DEADLINE: Final = 60.0
_ESCAPES: Final = re.compile(rb"\x1b(?:\[[0-9;?<>=]*[ -/]*[@-~]|[PX^_].*?\x1b\\|\].*?(?:\x07|\x1b\\)|.)", re.DOTALL)


class Timeout(RuntimeError):
    """What was awaited did not appear."""


class Program:
    """One program at 80x24."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """Start the clock and the program."""
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        surroundings = {**os.environ, "TERM": "xterm-256color", "KIOSK_SOUND": "off", **(environment or {})}
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=surroundings, start_new_session=True
        )
        os.close(slave)
        self._seen = b""

    def __enter__(self) -> Self:
        """Give the running program."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it by force."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        os.close(self._master)

    def send(self, data: bytes) -> float:
        """Write bytes in one piece and return the moment after the last."""
        os.write(self._master, data)
        return time.perf_counter()

    def forget(self) -> None:
        """Look only at what is drawn from now on."""
        self._seen = b""

    def wait_for(self, text: str, deadline: float = DEADLINE) -> float:
        """Read until `text` was drawn; return the moment of the read that completed it.

        Raises:
            Timeout: it was not drawn in time.
        """
        wanted = text.encode()
        end = time.perf_counter() + deadline
        while wanted not in _ESCAPES.sub(b"", self._seen):
            left = end - time.perf_counter()
            if left <= 0 or not select.select([self._master], [], [], left)[0]:
                raise Timeout(f"{text!r} not in {_ESCAPES.sub(b'', self._seen)[-400:].decode(errors='replace')}")
            self._seen += os.read(self._master, 65_536)
        return time.perf_counter()

    def drain(self) -> None:
        """Read what was drawn, so that the program is never kept waiting by a full terminal."""
        while select.select([self._master], [], [], 0)[0]:
            os.read(self._master, 65_536)

    def settle(self, quiet: float = 0.15) -> None:
        """Read until nothing is drawn for `quiet` seconds."""
        while select.select([self._master], [], [], quiet)[0]:
            os.read(self._master, 65_536)
        self.forget()

    def resident_megabytes(self) -> float:
        """Return the resident memory of the program now."""
        status = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
        kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
        return int(kilobytes) / 1_024
