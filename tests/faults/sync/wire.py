"""The hub's calls without sockets: a way for the terminal's client straight into the hub's app, which can be cut.

Bytes are counted as they would stand on a line: head and body of a request up, head and body of an answer down.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from unittest import mock

import httpx

from county.app import create_app
from county.hub import Hub

PORTALS: Final = (
    (200, b"<html>Welcome to the free network</html>"),
    (302, b""),
    (401, b"<html>Please log in</html>"),
    (403, b"Forbidden"),
    (407, b"Proxy Authentication Required"),
    (409, b"<html>Conflict</html>"),
    (502, b"Bad Gateway"),
    (200, b""),
)
"""What answers in the hub's place: status and body."""


class InProcess(httpx.BaseTransport):
    """Answers the terminal's calls by the hub's own app, in this thread."""

    def __init__(self, hub: Hub) -> None:
        """Take an open hub; its projector does not run."""
        self._app = create_app(hub)
        self._loop = asyncio.new_event_loop()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Let everything pass."""
        return self.answer(request, list(body_of(request)), is_whole=True)

    def answer(self, request: httpx.Request, pieces: list[bytes], *, is_whole: bool) -> httpx.Response:
        """Give the app the pieces of a body that arrived; `is_whole` says whether the body ends there or is cut."""
        call = _Call(request, pieces, is_whole=is_whole)
        with mock.patch("county.app.run_in_threadpool", _at_once):
            self._loop.run_until_complete(call.run(self._app))
        return _response(request, call.status, bytes(call.content), call.headers)

    def close(self) -> None:
        """Keep the loop: the next session goes the same way."""

    def shut(self) -> None:
        """End the loop for good, with what cut streams have left in it."""
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()


@dataclass
class _Call:
    """One call of the app, from the bytes that arrived to the answer."""

    request: httpx.Request
    pieces: list[bytes]
    is_whole: bool
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    content: bytearray = field(default_factory=bytearray)

    async def run(self, app: Any) -> None:  # noqa: ANN401  because an app is whatever takes these three
        url = self.request.url
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": self.request.method,
            "scheme": "http", "path": url.path, "raw_path": url.raw_path.partition(b"?")[0],
            "query_string": url.query, "root_path": "", "client": ("127.0.0.1", 1), "server": ("hub", 80),
            "headers": [(name.lower(), value) for name, value in self.request.headers.raw],
        }  # fmt: skip
        waiting = iter(self.pieces)

        async def receive() -> dict[str, Any]:
            piece = next(waiting, None)
            if piece is not None:
                return {"type": "http.request", "body": piece, "more_body": True}
            if self.is_whole:
                return {"type": "http.request", "body": b"", "more_body": False}
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                self.headers = [(name.decode(), value.decode("latin-1")) for name, value in message["headers"]]
            else:
                self.content += message.get("body", b"")

        await app(scope, receive, send)


class CutWire(InProcess):
    """Cuts after so many bytes `up` or `down`; None is never. `up_bytes` and `down_bytes` tell what has passed."""

    def __init__(self, hub: Hub) -> None:
        """Begin uncut."""
        super().__init__(hub)
        self.up: int | None = None
        self.down: int | None = None
        self.up_bytes = self.down_bytes = 0

    def begin(self, up: int | None = None, down: int | None = None) -> None:
        """Begin a connection that will be cut."""
        self.up, self.down = up, down
        self.up_bytes = self.down_bytes = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Carry a call as far as the line goes."""
        self.up_bytes += len(head_of(request))
        pieces, is_whole = self._passing(body_of(request))
        if self.up is not None and self.up_bytes >= self.up and not pieces:
            raise httpx.WriteError("cut", request=request)
        answer = self.answer(request, pieces, is_whole=is_whole)
        self.down_bytes += len(str(answer.headers)) + sum(map(len, body_of(answer)))
        if not is_whole or (self.down is not None and self.down_bytes > self.down):
            raise httpx.ReadError("cut", request=request)
        return answer

    def _passing(self, pieces: Iterable[bytes]) -> tuple[list[bytes], bool]:
        passed = []
        for piece in pieces:
            left = len(piece) if self.up is None else max(0, self.up - self.up_bytes)
            self.up_bytes += len(piece)
            if left:
                passed.append(piece[:left])
            if left < len(piece):
                return passed, False
        return passed, self.up is None or self.up_bytes <= self.up


class WildWire(InProcess):
    """A line of its own mind, by a seed: cuts, repeats, answers of before, pages of portals; `bad` counts them."""

    def __init__(self, hub: Hub, chance: Random) -> None:
        """Begin with no answer remembered."""
        super().__init__(hub)
        self._chance = chance
        self._before: dict[tuple[str, str], httpx.Response] = {}
        self.bad = 0
        self.is_calm = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Carry a call, or do something else with it."""
        if self.is_calm:
            return super().handle_request(request)
        pieces = list(body_of(request))
        place = (request.method, request.url.path)
        happening = self._chance.randrange(12)
        self.bad += happening < 6
        match happening:
            case 0:
                raise httpx.ConnectError("no line", request=request)
            case 1:
                self.answer(request, self._beginning(pieces), is_whole=False)
                raise httpx.WriteError("cut", request=request)
            case 2:
                self._keep(place, self.answer(request, pieces, is_whole=True))
                raise httpx.ReadTimeout("silence", request=request)
            case 3:
                status, body = self._chance.choice(PORTALS)
                return _response(request, status, body)
            case 4 if place in self._before:
                before = self._before[place]
                return _response(request, before.status_code, b"".join(body_of(before)), before.headers.multi_items())
            case 5:
                self.answer(request, pieces, is_whole=True)
        answer = self.answer(request, pieces, is_whole=True)
        self._keep(place, answer)
        return answer

    def _keep(self, place: tuple[str, str], answer: httpx.Response) -> None:
        if self._chance.randrange(2):
            self._before[place] = answer

    def _beginning(self, pieces: list[bytes]) -> list[bytes]:
        body = b"".join(pieces)
        return [body[: self._chance.randrange(len(body) + 1)]] if body else []


async def _at_once(function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401  because it gives what the function gives
    """Call a function in this thread: one call is under way at a time, and going to and fro takes longer."""
    return function(*arguments)


def _response(
    request: httpx.Request, status: int, body: bytes, headers: Sequence[tuple[str, str]] = ()
) -> httpx.Response:
    return httpx.Response(status, headers=list(headers), stream=httpx.ByteStream(body), request=request)


def body_of(message: httpx.Request | httpx.Response) -> Iterator[bytes]:
    """Yield the pieces of a body as its sender makes them."""
    assert isinstance(message.stream, httpx.SyncByteStream)
    yield from message.stream


def head_of(request: httpx.Request) -> bytes:
    """Return the head of a request as it stands on a line."""
    rows = b"".join(name + b": " + value + b"\r\n" for name, value in request.headers.raw)
    return request.method.encode() + b" " + request.url.raw_path + b" HTTP/1.1\r\n" + rows + b"\r\n"
