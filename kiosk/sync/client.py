"""The connection to the hub: the only place of the terminal that opens one. One connection, kept alive.

Nothing an answer says is believed before its signature is checked; that is the caller's matter, with the hub's key.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import httpx

from db.wire.v1.frame import LARGEST_COMPRESSED
from kiosk.errors import TryAgain

CONNECT_SECONDS: Final = 30.0
SILENCE_SECONDS: Final = 60.0
LONGEST_SECONDS: Final = 4 * 3_600.0
"""After this a session ends at its next answer: bytes that drip would keep the next report from beginning."""
HEAD: Final = "kiosk-head"
MEDIA: Final = "application/octet-stream"
LARGEST_ANSWER: Final = LARGEST_COMPRESSED + 1024
_REFUSING: Final = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN, httpx.codes.CONFLICT)
_WORDS: Final = frozenset((b"unknown", b"revoked", b"code_wrong", b"log_taken", b"signature"))
"""With what the hub refuses; any other page comes from somebody between."""


class CutError(TryAgain):
    """The line was cut, or the hub is not to be reached."""


class RefusedByCounty(Exception):
    """The hub does not listen; `code` is its word: unknown, revoked, code_wrong, log_taken, signature."""

    def __init__(self, code: str) -> None:
        """Keep the hub's word."""
        super().__init__(code)
        self.code = code


class Client:
    """Calls of the hub at an address like `https://county.example`."""

    def __init__(self, address: str, transport: httpx.BaseTransport | None = None) -> None:
        """Open nothing yet."""
        self._end = time.monotonic() + LONGEST_SECONDS
        timeout = httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS)
        headers = {"content-type": MEDIA, "accept-encoding": "identity", "user-agent": "kiosk", "accept": "*/*"}
        self._http = httpx.Client(
            base_url=address, timeout=timeout, headers=headers, transport=transport, trust_env=False
        )

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _t: TracebackType | None
    ) -> None:
        """Close the connection."""
        self._http.close()

    def post(self, path: str, message: bytes) -> bytes:
        """Send a message and return the answer's bytes.

        Raises:
            CutError: no answer came (`county_not_reached`).
            RefusedByCounty: the hub does not listen.
        """
        return self._ask("POST", path, content=message).content

    def put_frames(self, village: int, log: int, token: str, frames: Iterator[bytes], head: bytes) -> bytes:
        """Send frames of the own log in one request and return the hub's word for what it holds. Raises as `post`."""
        headers = {"authorization": f"Bearer {token}", HEAD: head.replace(b"\n", b"|").decode()}
        return self._ask("PUT", f"/v1/log/{village}/{log}", content=frames, headers=headers).content

    def get_frame(self, village: int, log: int, token: str, after: int, size: int) -> tuple[bytes, bytes]:
        """Return the next lines of a log as a frame, and the county's word for the last one. Raises as `post`."""
        headers = {"authorization": f"Bearer {token}"}
        path = f"/v1/log/{village}/{log}?after={after}&size={size}"
        answer = self._ask("GET", path, headers=headers)
        return answer.content, answer.head.encode().replace(b"|", b"\n")

    def _ask(self, method: str, path: str, **arguments: object) -> "_Heard":
        try:
            with self._http.stream(method, path, **arguments) as answer:  # type: ignore[arg-type]  # because each call names what it sends
                heard = _Heard(answer.status_code, self._limited(answer), answer.headers.get(HEAD, ""))
        except httpx.HTTPError as error:
            raise CutError("county_not_reached", detail=type(error).__name__) from error
        if heard.status in _REFUSING and (word := heard.content.strip()) in _WORDS:
            raise RefusedByCounty(word.decode())
        if heard.status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise TryAgain("county_not_itself")
        if heard.status not in (httpx.codes.OK, httpx.codes.CONFLICT):
            raise CutError("county_not_reached", detail=str(heard.status))
        return heard

    def _limited(self, answer: httpx.Response) -> bytes:
        """Return the body of an answer; whoever sends more than a frame, or for ever, is not the hub."""
        content = bytearray()
        for piece in answer.iter_raw():
            content += piece
            if len(content) > LARGEST_ANSWER:
                raise TryAgain("county_not_itself")
            if time.monotonic() > self._end:
                raise CutError("county_not_reached", detail="too long")
        return bytes(content)


@dataclass(frozen=True)
class _Heard:
    """An answer that has come whole."""

    status: int
    content: bytes
    head: str
