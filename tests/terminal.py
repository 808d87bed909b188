"""A program in a real pseudo-terminal: send bytes as a keyboard or a scanner does, read the screen as eyes do.

with Terminal([sys.executable, "-m", "kiosk", "run"], env={"KIOSK_HOME": str(home)}) as terminal:
    terminal.wait_for("正式")
    terminal.send("2")
    terminal.scan("6901234567892")
"""

import codecs
import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import pyte

ROOT: Final = Path(__file__).parents[1]
WAIT_SECONDS: Final = 20.0
# A hand's pause between two keys; scanners are faster than any gap a desk is set to.
HAND_SECONDS: Final = 0.12
_POLL_SECONDS: Final = 0.005
_CHUNK: Final = 65_536


class Terminal:
    """One program, its pseudo-terminal, and a thread that reads what it draws."""

    def __init__(
        self, command: Sequence[str], *, env: Mapping[str, str] | None = None, columns: int = 80, rows: int = 24
    ) -> None:
        """Start ``command`` in the checkout with ``env`` added to the environment."""
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._lock = threading.Lock()
        self.received = 0
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            start_new_session=True,
        )
        os.close(slave)
        self._reader = threading.Thread(target=self._read, name="terminal-reader", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        """Give the running terminal."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the program, by force if need be."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._reader.join(WAIT_SECONDS)
        os.close(self._master)

    @property
    def is_alive(self) -> bool:
        """Whether the program still runs."""
        return self.process.poll() is None

    def send(self, data: str | bytes) -> None:
        """Write bytes to the program in one piece, as far as the terminal takes them at once."""
        rest = data.encode() if isinstance(data, str) else data
        while rest:
            rest = rest[os.write(self._master, rest) :]

    def scan(self, code: str, end: str = "\r") -> None:
        """Send a code as a keyboard scanner does."""
        self.send(code + end)

    def type(self, keys: str) -> None:
        """Send characters one by one, at a hand's pace."""
        for key in keys:
            self.send(key)
            time.sleep(HAND_SECONDS)

    def lines(self) -> list[str]:
        """What the screen shows, a string a row; a wide character is followed by nothing."""
        with self._lock:
            return [line.rstrip() for line in self._screen.display]

    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(self.lines())

    def wait_for(self, text: str, seconds: float = WAIT_SECONDS) -> None:
        """Wait until ``text`` is on the screen."""
        self.wait_until(lambda: text in self.text(), f"no {text!r} on the screen", seconds)

    def wait_until(
        self, holds: Callable[[], object], what: str = "it did not happen", seconds: float = WAIT_SECONDS
    ) -> None:
        """Wait until ``holds()``; fails with ``what`` and the screen."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, f"{what}\n{self.text()}"
            assert self.is_alive or holds(), f"{what}; the program ended with {self.process.poll()}\n{self.text()}"
            time.sleep(_POLL_SECONDS)

    def wait_for_end(self, seconds: float = WAIT_SECONDS) -> int:
        """Wait until the program has ended; give its exit status."""
        return self.process.wait(seconds)

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, _CHUNK)
            except OSError:
                return
            if not data:
                return
            with self._lock:
                self.received += len(data)
                self._stream.feed(self._decoder.decode(data))
