"""A slip printer without hardware, at the end of a real wire: a pseudo-terminal or a TCP port.

It prints what a printer with a Chinese font would print (see ``decoder``), answers questions about paper and cover,
and can be made to run out of paper, be opened, hang, or be unplugged after any byte. For stories, tests and demo.
"""

import os
import re
import select
import socket
import tempfile
import tty
from abc import ABC, abstractmethod
from contextlib import suppress
from enum import Enum
from pathlib import Path
from threading import RLock, Thread
from typing import Final, Self

from kiosk.devices.printer.decoder import Decoder
from kiosk.devices.printer.receipt import Receipt
from kiosk.paper.elements import NARROW

_QUESTION: Final = re.compile(rb"\x10\x04([\x01-\x04])")
_POLL: Final = 0.02


class Condition(Enum):
    """How the printer feels; MUTE prints and answers nothing, SILENT hangs: it takes bytes and does nothing."""

    READY = "ready"
    COVER_OPEN = "cover_open"
    OFFLINE = "offline"
    SILENT = "silent"
    MUTE = "mute"


class SimulatedPrinter(ABC):
    """What both wires share; used as a context manager, plugged in from the start."""

    def __init__(self, columns: int = NARROW) -> None:
        """Be a printer with paper of ``columns``, on a roll without end."""
        self._columns = columns
        self._lock = RLock()
        self._decoder = Decoder(columns, self._answer)
        self._condition = Condition.READY
        self._unplug_after: int | None = None
        self._tail = b""
        self._is_open = True
        self._thread = Thread(target=self._serve, name="simulated printer", daemon=True)

    def __enter__(self) -> Self:
        """Plug it in."""
        self._plug()
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        """Unplug it for good."""
        self._is_open = False
        self._thread.join()
        with self._lock:
            self._unplug()

    @property
    @abstractmethod
    def target(self) -> str:
        """The settings line that leads to this printer."""

    @property
    def receipts(self) -> list[str]:
        """The text of every slip that was cut off, oldest first."""
        return [receipt.text for receipt in self.slips]

    @property
    def slips(self) -> list[Receipt]:
        """Every slip that was cut off, oldest first."""
        with self._lock:
            return list(self._decoder.receipts)

    @property
    def unfinished(self) -> Receipt:
        """What hangs out of the printer and was not cut off."""
        with self._lock:
            return self._decoder.current

    def run_out_of_paper(self, after_lines: int = 0) -> None:
        """Let the roll end after that many more lines."""
        with self._lock:
            self._decoder.lines_left = after_lines

    def load_paper(self) -> None:
        """Put in a new roll; the printer goes on with what it has in its memory."""
        with self._lock:
            self._decoder.lines_left = None
            self._go_on()

    def become(self, condition: Condition) -> None:
        """Change the condition; a printer that becomes ready goes on with what it has in its memory."""
        with self._lock:
            self._condition = condition
            self._go_on()

    def unplug_after(self, count: int) -> None:
        """Pull the cable after ``count`` more bytes; 0 pulls it now."""
        with self._lock:
            self._unplug_after = count
            if not count:
                self._pull()

    def plug_in(self) -> None:
        """Put the cable back; memory and settings are lost, paper and condition stay."""
        with self._lock:
            self._unplug_after = None
            self._decoder.forget()
            self._plug()

    def _receive(self, data: bytes) -> None:
        with self._lock:
            if self._unplug_after is not None:
                data = data[: self._unplug_after]
                self._unplug_after -= len(data)
            self._work(data)
            if self._unplug_after == 0:
                self._pull()

    def _work(self, data: bytes) -> None:
        if self._condition is Condition.SILENT:
            return
        self._answer_at_once(data)
        self._decoder.take(data)
        self._go_on()

    def _go_on(self) -> None:
        if self._condition in {Condition.READY, Condition.MUTE}:
            self._decoder.run()

    def _answer_at_once(self, data: bytes) -> None:
        """Answer DLE EOT wherever it stands in the stream, even between two pieces of it."""
        seen = self._tail + data
        end = 0
        for question in _QUESTION.finditer(seen):
            self._answer(bytes((self._status(question[1][0]),)))
            end = question.end()
        self._tail = seen[max(end, len(seen) - 2) :]

    def _status(self, question: int) -> int:
        is_open = self._condition is Condition.COVER_OPEN
        without_paper = not self._decoder.has_paper
        stands_still = is_open or without_paper or self._condition is Condition.OFFLINE
        bits = {1: 0x08 * stands_still, 2: 0x04 * is_open | 0x20 * without_paper, 3: 0, 4: 0x6C * without_paper}
        return 0x12 | bits[question]

    def _answer(self, data: bytes) -> None:
        if self._condition is not Condition.MUTE:
            with suppress(OSError):
                self._send(data)

    def _pull(self) -> None:
        self._tail = b""
        self._decoder.forget()
        self._unplug()

    @abstractmethod
    def _serve(self) -> None:
        """Read the wire until the printer is put away."""

    @abstractmethod
    def _plug(self) -> None:
        """Offer the wire."""

    @abstractmethod
    def _unplug(self) -> None:
        """Take the wire away, as often as asked."""

    @abstractmethod
    def _send(self, data: bytes) -> None:
        """Send an answer."""


class PtyPrinter(SimulatedPrinter):
    """A printer on a serial line: a pseudo-terminal under a path that stays the same when it is plugged in again."""

    def __init__(self, columns: int = NARROW) -> None:
        """Be a serial printer with paper of ``columns``."""
        super().__init__(columns)
        self._folder = tempfile.TemporaryDirectory(prefix="printer")
        self.path = Path(self._folder.name) / "tty"
        self._ends: tuple[int, int] | None = None

    def __exit__(self, *exception: object) -> None:
        """Unplug it for good and remove its path."""
        super().__exit__(*exception)
        self._folder.cleanup()

    @property
    def target(self) -> str:
        """The serial target; a pseudo-terminal takes any speed."""
        return f"serial:{self.path}?baud=115200&columns={self._columns}"

    def _serve(self) -> None:
        while self._is_open:
            ends = self._ends
            with suppress(OSError, ValueError):
                select.select([ends[0]] if ends else [], [], [], _POLL)
            with self._lock:
                self._read_what_is_there()

    def _read_what_is_there(self) -> None:
        """The number of a closed file is given away again, so the wire is looked at once more under the lock."""
        if self._ends and select.select([self._ends[0]], [], [], 0)[0]:
            self._receive(os.read(self._ends[0], 4096))

    def _plug(self) -> None:
        near, far = os.openpty()
        tty.setraw(far)
        self._ends = near, far
        self.path.symlink_to(os.ttyname(far))

    def _unplug(self) -> None:
        ends, self._ends = self._ends, None
        self.path.unlink(missing_ok=True)
        for end in ends or ():
            os.close(end)

    def _send(self, data: bytes) -> None:
        if self._ends:
            os.write(self._ends[0], data)


class UsbPrinter(PtyPrinter):
    """A printer at the kernel's USB driver: a device file whose number is another one when it is plugged in again."""

    def __init__(self, columns: int = NARROW) -> None:
        """Be a USB printer with paper of ``columns``."""
        super().__init__(columns)
        self._number = -1

    @property
    def target(self) -> str:
        """The folder of its device files."""
        return f"usb:{self.path.parent}?columns={self._columns}"

    def _plug(self) -> None:
        self._number += 1
        self.path = self.path.with_name(f"lp{self._number}")
        super()._plug()


class TcpPrinter(SimulatedPrinter):
    """A network printer on a port of this machine; it takes one connection at a time, as they do."""

    def __init__(self, columns: int = NARROW) -> None:
        """Be a network printer with paper of ``columns``; the port is chosen when it is plugged in first."""
        super().__init__(columns)
        self.port = 0
        self._listening: socket.socket | None = None
        self._caller: socket.socket | None = None

    @property
    def target(self) -> str:
        """The network target."""
        return f"tcp:127.0.0.1:{self.port}?columns={self._columns}"

    def _serve(self) -> None:
        while self._is_open:
            with suppress(OSError, ValueError):
                self._serve_once()

    def _serve_once(self) -> None:
        wire = self._caller or self._listening
        if not wire or not select.select([wire], [], [], _POLL)[0]:
            select.select([], [], [], 0 if wire else _POLL)
        elif wire is self._listening:
            self._caller, _ = wire.accept()
        elif data := wire.recv(4096):
            self._receive(data)
        else:
            self._hang_up()

    def _plug(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listening.getsockname()[1]

    def _unplug(self) -> None:
        listening, self._listening = self._listening, None
        if listening:
            listening.close()
        self._hang_up()

    def _hang_up(self) -> None:
        caller, self._caller = self._caller, None
        if caller:
            caller.close()

    def _send(self, data: bytes) -> None:
        if self._caller:
            self._caller.sendall(data)
