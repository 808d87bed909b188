"""A line between a terminal and the hub that does what lines in the hills do: cut, stall, repeat, answer falsely.

with Line(port, cut_at("up", 700)) as line:
    ...  # line.address leads to the hub
"""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Final, Literal, Self, TypeAlias

LOCAL: Final = "127.0.0.1"
PATIENCE_SECONDS: Final = 30
DROP_SECONDS: Final = 0.02
_CHUNK: Final = 4096

Way: TypeAlias = Literal["up", "down"]
"""To the hub, or to the terminal."""
WAYS: Final[tuple[Way, ...]] = ("up", "down")


class CutHere(Exception):
    """The line is cut now, in both directions."""


@dataclass(frozen=True)
class Piece:
    """Bytes on their way: how many passed before them on this connection, and in which exchange (from 1) they are."""

    way: Way
    exchange: int
    passed: int
    data: bytes


Meddle: TypeAlias = Callable[[Piece], Iterator[bytes]]
"""Yields what goes on of a piece; it may wait, and may raise CutHere."""


def untouched(piece: Piece) -> Iterator[bytes]:
    """Let everything pass."""
    yield piece.data


def cut_at(way: Way, at: int) -> Meddle:
    """Cut after so many bytes in one direction."""

    def meddle(piece: Piece) -> Iterator[bytes]:
        left = at - piece.passed
        if piece.way != way or left > len(piece.data):
            yield piece.data
            return
        yield piece.data[:left]
        raise CutHere

    return meddle


def doubled(piece: Piece) -> Iterator[bytes]:
    """Every answer comes twice."""
    yield piece.data
    if piece.way == "down":
        yield piece.data


def answered(exchange: int, answer: bytes) -> Meddle:
    """Give another answer in one exchange, and cut."""

    def meddle(piece: Piece) -> Iterator[bytes]:
        if (piece.way, piece.exchange) != ("down", exchange):
            yield piece.data
            return
        yield answer
        raise CutHere

    return meddle


@dataclass
class Stall:
    """Holds the line up at each of some places (way, exchange), after `first` bytes of the piece, until `go_on`.

    Without places it does so at every one.
    """

    places: Sequence[tuple[Way, int]] = ()
    first: int = 0
    _reached: list[tuple[Way, int]] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _let_go: int = 0

    def __call__(self, piece: Piece) -> Iterator[bytes]:
        """Pass the beginning, wait, pass the rest."""
        place = (piece.way, piece.exchange)
        if (self.places and place not in self.places) or place in self._reached:
            yield piece.data
            return
        yield piece.data[: self.first]
        with self._changed:
            self._reached.append(place)
            number = len(self._reached)
            self._changed.notify_all()
            if not self._changed.wait_for(lambda: self._let_go >= number, PATIENCE_SECONDS):
                raise CutHere
        yield piece.data[self.first :]

    @property
    def reached(self) -> int:
        """How many places have been reached."""
        return len(self._reached)

    def wait_until_reached(self, count: int = 1) -> None:
        """Wait until so many places have been reached."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self._reached) >= count, PATIENCE_SECONDS), self._reached

    def go_on(self, count: int = 1) -> None:
        """Let the bytes of the first `count` places pass."""
        with self._changed:
            self._let_go = count
            self._changed.notify_all()


class Line:
    """A proxy before a port; `heard` keeps what the hub answered in each exchange, by number from 1."""

    def __init__(self, port: int, meddle: Meddle = untouched) -> None:
        """Listen, and take connections one after the other or side by side."""
        self._target, self._meddle = port, meddle
        self._listener = socket.create_server((LOCAL, 0))
        self.heard: dict[int, bytes] = {}
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://{LOCAL}:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        """Give the line."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Take no more connections."""
        self.close()

    def close(self) -> None:
        """Take no more connections."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            try:
                far = socket.create_connection((LOCAL, self._target))
            except OSError:
                near.close()
                continue
            _Connection(self, self._meddle, near, far).start()


class _Connection:
    """One connection through a line; an exchange is what goes up until something comes down."""

    def __init__(self, line: Line, meddle: Meddle, near: socket.socket, far: socket.socket) -> None:
        self._line, self._meddle = line, meddle
        self._near, self._far = near, far
        self._turn = threading.Lock()
        self._exchange, self._last = 0, "down"

    def start(self) -> None:
        """Carry both ways."""
        for way, source, sink in (("up", self._near, self._far), ("down", self._far, self._near)):
            threading.Thread(target=self._carry, args=(way, source, sink), daemon=True).start()

    def _carry(self, way: Way, source: socket.socket, sink: socket.socket) -> None:
        passed = 0
        with suppress(OSError, CutHere):
            while data := source.recv(_CHUNK):
                piece = Piece(way, self._exchange_of(way, data), passed, data)
                passed += len(data)
                for each in self._meddle(piece):
                    sink.sendall(each)
        for end in (source, sink):
            with closing(end), suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _exchange_of(self, way: Way, data: bytes) -> int:
        with self._turn:
            if way == "up" and self._last == "down":
                self._exchange += 1
            self._last = way
            if way == "down":
                self._line.heard[self._exchange] = self._line.heard.get(self._exchange, b"") + data
            return self._exchange


class Portal:
    """Something that answers in the hub's place: each call gets the next of some pages, the last one for ever."""

    def __init__(self, *pages: bytes, drips: bool = False) -> None:
        """Listen; a page is a whole answer, status line and head included. One that `drips` goes byte by byte."""
        self._pages, self._drips = pages, drips
        self._listener = socket.create_server((LOCAL, 0))
        self.asked = 0
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://{LOCAL}:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        """Give the portal."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Listen no more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                end, _ = self._listener.accept()
            except OSError:
                return
            with closing(end), suppress(OSError):
                end.settimeout(PATIENCE_SECONDS)
                while _whole_request(end):
                    page = self._pages[min(self.asked, len(self._pages) - 1)]
                    self.asked += 1
                    if not page:
                        break
                    for piece in _drops(page) if self._drips else (page,):
                        end.sendall(piece)


def _drops(page: bytes) -> Iterator[bytes]:
    """Yield the head of a page, then its body byte by byte with pauses."""
    head, separator, body = page.partition(b"\r\n\r\n")
    yield head + separator
    for place in range(len(body)):
        time.sleep(DROP_SECONDS)
        yield body[place : place + 1]


def _whole_request(end: socket.socket) -> bytes:
    """Read one request to its end; nothing where the other side has closed."""
    data = bytearray()
    while not _ends(data):
        piece = end.recv(65_536)
        if not piece:
            return b""
        data += piece
    return bytes(data)


def _ends(request: bytearray) -> bool:
    head, separator, body = bytes(request).partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    if length is not None:
        return len(body) >= int(length.group(1))
    return bool(separator) and (b"chunked" not in head or body.endswith(b"0\r\n\r\n"))


def page(status: str, body: bytes, media: str = "text/html") -> bytes:
    """Return a whole answer as a portal gives it."""
    return f"HTTP/1.1 {status}\r\ncontent-type: {media}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body
