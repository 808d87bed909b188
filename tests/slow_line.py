"""A mobile line in the hills, in virtual time: the real client and the real hub, with nothing between but a clock.

40 kbit/s each way, 800 +- 400 ms for a round trip, three segments in ten lost, which TCP makes up for by waiting, and a
cut about every minute. A request that is cut reaches the hub as far as it came.
"""

import asyncio
import random
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from county.app import create_app
from county.hub import Hub
from db.line import Stamp
from db.store import Store
from kiosk.sync.client import Client
from kiosk.sync.retry import Pace, Patience, keep_trying
from kiosk.sync.session import run_session

BYTES_A_SECOND: Final = 5_000
ROUND_TRIP_SECONDS: Final = (0.4, 1.2)
SEGMENT: Final = 1_400
LOST: Final = 0.3
FIRST_STALL_SECONDS: Final = 1.6
LONGEST_STALL_SECONDS: Final = 60.0
CUT_AFTER_SECONDS: Final = (30.0, 90.0)
HOURS: Final = 3_600.0
_ANSWER_LINE: Final = len("HTTP/1.1 200 OK\r\n\r\n")


@dataclass
class SlowLine(httpx.BaseTransport):
    """Carries requests to a hub in this process; `seconds` and `passed` (bytes) are what they took."""

    hub: Hub
    seed: int
    seconds: float = 0.0
    passed: int = 0
    cuts: int = 0
    _is_open: bool = False

    def __post_init__(self) -> None:
        """Stand at the beginning of time."""
        self._dice = random.Random(self.seed)
        self._app = create_app(self.hub)
        self._next_cut = self._dice.uniform(*CUT_AFTER_SECONDS)

    def wait(self, seconds: float) -> None:
        """Let time pass, as the terminal does between two sessions."""
        self.seconds += seconds
        while self._next_cut < self.seconds:
            self._cut()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Carry a request there and its answer back. Raises httpx.ReadError where the line is cut."""
        if not self._is_open:
            self._pass_time(2 * self._dice.uniform(*ROUND_TRIP_SECONDS))  # TCP and TLS
            self._is_open = True
        self._pass_time(self._dice.uniform(*ROUND_TRIP_SECONDS))
        body: list[bytes] = []
        try:
            self._carry(_head(request))
            for piece in _pieces(request):
                for segment in _segments(piece):
                    self._carry(segment)
                    body.append(segment)
        except httpx.ReadError:
            asyncio.run(self._ask(request, body, is_whole=False))
            raise
        answer = asyncio.run(self._ask(request, body, is_whole=True))
        assert isinstance(answer.stream, httpx.ByteStream)
        for segment in _segments(bytes(_ANSWER_LINE) + _lines(answer.headers) + b"".join(answer.stream)):
            self._carry(segment)
        return answer

    def _carry(self, segment: bytes) -> None:
        """Let a segment pass; one that is lost is sent again after a wait that grows."""
        stall = FIRST_STALL_SECONDS
        while self._dice.random() < LOST:
            self._pass_time(stall)
            stall = min(2 * stall, LONGEST_STALL_SECONDS)
        self._pass_time(len(segment) / BYTES_A_SECOND)
        self.passed += len(segment)

    def _pass_time(self, seconds: float) -> None:
        if self.seconds + seconds > self._next_cut:
            self.seconds = self._next_cut
            self._cut()
            self._is_open = False
            raise httpx.ReadError("cut")
        self.seconds += seconds

    def _cut(self) -> None:
        self.cuts += 1
        self._next_cut += self._dice.uniform(*CUT_AFTER_SECONDS)

    async def _ask(self, request: httpx.Request, body: list[bytes], *, is_whole: bool) -> httpx.Response:
        waiting: Iterator[dict[str, Any]] = iter(
            [{"type": "http.request", "body": piece, "more_body": True} for piece in body]
            + [{"type": "http.request", "body": b"", "more_body": False} if is_whole else {"type": "http.disconnect"}]
        )
        said: list[MutableMapping[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return next(waiting, {"type": "http.disconnect"})

        async def send(message: MutableMapping[str, Any]) -> None:
            said.append(message)

        await self._app(_scope(request), receive, send)
        status = next(message["status"] for message in said if message["type"] == "http.response.start")
        headers = next(message["headers"] for message in said if message["type"] == "http.response.start")
        content = b"".join(message.get("body", b"") for message in said)
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(content))


@dataclass(frozen=True)
class Travelled:
    """What a report took over a slow line: virtual seconds, bytes both ways, cuts."""

    seconds: float
    passed: int
    cuts: int


@dataclass
class SlowReport:
    """A run of `kiosk sync` over a slow line: sessions until all is done, with the waits of the real one."""

    store: Store
    line: SlowLine
    pace: Pace = field(default_factory=Pace)

    def run(self, now: Stamp) -> Travelled:
        """Report until the hub has everything."""
        line = self.line
        patience = Patience(HOURS, line.wait, lambda: line.seconds, random.Random(line.seed).random)
        keep_trying(lambda: self._session(now), self.pace, patience)
        return Travelled(line.seconds, line.passed, line.cuts)

    def _session(self, now: Stamp) -> object:
        with Client("http://county", transport=self.line) as client:
            return run_session(self.store, client, now, _unseen, self.pace)


def _scope(request: httpx.Request) -> dict[str, Any]:
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": request.method,
        "headers": [(name.lower(), value) for name, value in request.headers.raw], "scheme": "http",
        "path": request.url.path, "raw_path": request.url.raw_path, "query_string": request.url.query,
        "server": ("county", 80), "client": ("127.0.0.1", 1), "root_path": "",
    }  # fmt: skip


def _pieces(request: httpx.Request) -> Iterator[bytes]:
    assert isinstance(request.stream, httpx.SyncByteStream)
    yield from request.stream


def _head(request: httpx.Request) -> bytes:
    return f"{request.method} {request.url.path} HTTP/1.1\r\n\r\n".encode() + _lines(request.headers)


def _lines(headers: httpx.Headers) -> bytes:
    return b"".join(name + b": " + value + b"\r\n" for name, value in headers.raw)


def _segments(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), SEGMENT):
        yield data[start : start + SEGMENT]


def _unseen(_stage: str, _done: int, _total: int) -> None:
    """Nobody looks."""
