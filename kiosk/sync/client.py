"""The connection to the hub: the only place of the terminal that opens one. One connection, kept alive.

Over https it speaks only to whom the county's own key vouches for, and looks at no date and no name (see
`db.wire.v1.certificate`): a desk's clock may say 1970, and a portal's certificate may be perfectly valid.
Nothing an answer says is believed before its signature is checked; that is the caller's matter, with the hub's key.
"""

import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

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
_KEY_DIGITS: Final = 64
_REFUSING: Final = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN, httpx.codes.CONFLICT)
_WORDS: Final = frozenset(
    (
        *(b"unknown", b"revoked", b"code_wrong", b"log_taken", b"founded", b"signature"),
        *(b"restore_wrong", b"restore_old", b"restore_used"),
    )
)
"""With what the hub refuses; any other page comes from somebody between."""


class CutError(TryAgain):
    """The line was cut, or the hub is not to be reached."""


class RefusedByCounty(Exception):
    """The hub does not listen; `code` is its word: unknown, revoked, code_wrong, log_taken, signature."""

    def __init__(self, code: str) -> None:
        """Keep the hub's word."""
        super().__init__(code)
        self.code = code


class _Line(ssl.SSLContext):
    """TLS to whom the county vouches for, whatever dates, names and authorities say; nobody else is sent anything."""

    county: str = ""

    def __new__(cls) -> Self:
        """Ask for no authority: `wrap_socket` looks at the certificate itself."""
        made = super().__new__(cls, ssl.PROTOCOL_TLS_CLIENT)
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
        made.minimum_version = ssl.TLSVersion.TLSv1_3
        return made

    def wrap_socket(self, sock: socket.socket, *arguments: Any, **named: Any) -> ssl.SSLSocket:  # noqa: ANN401  because they are handed on as they come
        """Shake hands, and hang up on whoever is not the county. Raises TryAgain (`county_not_itself`)."""
        from db.wire.v1.certificate import county_of_certificate  # what reads certificates takes a while to load
        from db.wire.v1.signed import fingerprint

        wrapped = super().wrap_socket(sock, *arguments, **named)
        public = county_of_certificate(wrapped.getpeercert(binary_form=True) or b"")
        if public is None or self.county not in (public, _digits(fingerprint(public))):
            wrapped.close()
            raise TryAgain("county_not_itself")
        return wrapped


class Client:
    """Calls of the hub at an address like `https://county.example`."""

    def __init__(self, address: str, transport: httpx.BaseTransport | None = None) -> None:
        """Open nothing yet."""
        self._line = _Line()
        self._end = time.monotonic() + LONGEST_SECONDS
        timeout = httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS)
        headers = {"content-type": MEDIA, "accept-encoding": "identity", "user-agent": "kiosk", "accept": "*/*"}
        self._http = httpx.Client(
            base_url=address, timeout=timeout, headers=headers, transport=transport, trust_env=False, verify=self._line
        )

    def expect(self, county: str) -> None:
        """Speak over https only to this county: its public key, or its twelve check digits however grouped."""
        self._line.county = county if len(county) == _KEY_DIGITS else _digits(county)

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


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
