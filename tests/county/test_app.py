"""The calls over HTTP: rubbish is refused with a word, never with a fault of the hub, and never stored."""

import asyncio
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from county.app import create_app
from county.hub import Hub, create_hub, open_engine
from county.registry import decide, enrol, make_code, make_token
from db.journal import heads
from db.line import LARGEST_INTEGER
from db.wire.v1.frame import make_frame
from db.wire.v1.message import Enrolment
from db.wire.v1.signed import Key
from tests.county.test_intake import lines
from tests.village import VILLAGE, seeded

LOG = 77
KEY = Key(b"\x07" * 32)
METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH")
WHOLE = some.integers()
PATHS = some.one_of(
    some.sampled_from(["/", "/docs", "/openapi.json", f"/v1/log/{VILLAGE}/{LOG}"]),
    some.sampled_from(["/v1/enrol", "/v1/restore", "/v1/hello"]),
    some.builds("/v1/log/{}/{}?after={}&size={}".format, WHOLE, WHOLE, WHOLE, WHOLE),
    some.builds("/v1/log/0/0?after={}&size={}".format, WHOLE, WHOLE),
    some.text(some.characters(codec="ascii", categories=["L", "N"]), max_size=10).map("/v1/log/{}".format),
)  # fmt: skip


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    """A hub with one terminal that was let in."""
    made = create_hub(open_engine(tmp_path_factory.mktemp("hub")), seeded("hub"))
    with made.write() as connection:
        code = make_code(connection, VILLAGE, made.now(), seeded("code"))
        enrol(connection, enrolment(code), made.now())
        decide(connection, VILLAGE, LOG, "active", made.now())
    return made


def enrolment(code: str) -> Enrolment:
    """The terminal asks to be known."""
    return Enrolment(
        village=VILLAGE, log=LOG, code=code, key=KEY.public, sealing=KEY.sealing, program="kiosk 1"
    )  # fmt: skip


def ask(hub: Hub, method: str, path: str, body: bytes | AsyncIterator[bytes] = b"", token: str = "") -> httpx.Response:
    """One call of the hub."""

    async def call() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(hub))
        async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
            headers = {"authorization": f"Bearer {token}", "kiosk-head": "nonsense"}
            return await client.request(method, path, content=body, headers=headers)

    return asyncio.run(call())


def token_of(hub: Hub) -> str:
    """What opens a session of the terminal."""
    return make_token(hub.token_key, VILLAGE, LOG, hub.now())


def held(hub: Hub) -> dict[int, int]:
    """How far each log of the village is held."""
    with hub.read() as connection:
        return {log: head.seq for log, head in heads(connection, VILLAGE).items()}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=some.sampled_from(METHODS),
    path=PATHS,
    body=some.binary(max_size=200),
    is_known=some.sampled_from(("", "known")),
)
def test_rubbish_is_refused_when_anything_is_sent_anywhere(
    hub: Hub, method: str, path: str, body: bytes, is_known: str
) -> None:
    """No answer of 500 and more, nothing stored; reading where nothing is stands for itself."""
    before = held(hub)
    answer = ask(hub, method, path, body, token_of(hub) if is_known else "")
    assert answer.status_code < 500
    assert held(hub) == before


@pytest.mark.parametrize(
    ("body", "trouble"),
    [
        (struct.pack(">II", LARGEST_INTEGER & 0xFFFFFFFF, 5), "frame"),
        (b"\0\0", "frame"),
        (make_frame(lines(3))[:-2], "frame"),
        (make_frame(lines(9)[4:]), "gap"),
        (make_frame(lines(1)) + b"\0\0\0\1\0\0\0\1\0", "frame"),
        (make_frame([lines(2)[0], lines(3)[2]]), "line"),
    ],
)
def test_reason_is_told_when_frames_are_not_taken(tmp_path: Path, body: bytes, trouble: str) -> None:
    """409 with a signed word for what is held and why no more was taken; whole frames before it stay."""
    made = create_hub(open_engine(tmp_path), seeded("hub"))
    with made.write() as connection:
        code = make_code(connection, VILLAGE, made.now(), seeded("code"))
        enrol(connection, enrolment(code), made.now())
        decide(connection, VILLAGE, LOG, "active", made.now())
    answer = ask(made, "PUT", f"/v1/log/{VILLAGE}/{LOG}", body, token_of(made))
    assert (answer.status_code, f'"trouble":"{trouble}"' in answer.text) == (409, True)
    made.close()


def test_stranger_is_told_nothing_when_asking_for_a_log(hub: Hub) -> None:
    """Without a token, for another village, for the own log."""
    for path in (f"/v1/log/{VILLAGE}/78", "/v1/log/0/0"):
        assert ask(hub, "GET", path).status_code == 401
    token = token_of(hub)
    for path in ("/v1/log/124/77", f"/v1/log/{VILLAGE}/{LOG}"):
        assert ask(hub, "GET", path, token=token).status_code == 401
    assert ask(hub, "PUT", "/v1/log/124/77", token=token).status_code == 401
    assert ask(hub, "GET", "/v1/log/0/0", token=token).status_code == 200
