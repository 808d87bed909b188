"""What no terminal of ours sends: the hub refuses it with a word, stores nothing of it, and holds little memory."""

import json
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
import zstandard

from county.hub import Hub
from county.registry import make_token
from db.journal import Sealed, heads
from db.line import LARGEST_INTEGER, Private, chain
from db.store import own_log
from db.wire.v1.frame import LARGEST_INFLATED, make_frame
from db.wire.v1.message import Hello, SignedHead
from db.wire.v1.signed import Key
from kiosk.sync import memory
from tests.faults.figures import Recorder
from tests.faults.sync.bench import Bench
from tests.faults.sync.ends import ends_in
from tests.faults.sync.wire import InProcess
from tests.ledger import lines_of
from tests.village import VILLAGE

QUICK = 3_000
LONG = 200_000
SEED = 77
SHOUTS = 200
LITTLE_MEMORY = 96 * 2**20
NONCE = "0123456789abcdef"
METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS")


class Caller:
    """A terminal that was let in, and says whatever it likes."""

    def __init__(self) -> None:
        """Have a log of sixty lines and a token."""
        self.bench = Bench.laid_out(is_published=False)
        self.way = InProcess(self.bench.hub)
        store = self.bench.store
        with store.read() as connection:
            self.log = own_log(connection, VILLAGE)
            county = memory.county_of(connection, VILLAGE)
            self.lines = lines_of(connection, VILLAGE, self.log)
        assert county is not None
        self.key: Key = county.key
        self.token = token_of(self.bench.hub, self.log)
        self.path = f"/v1/log/{VILLAGE}/{self.log}"

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> httpx.Response:
        """One call of the hub's app."""
        named = {"authorization": f"Bearer {self.token}"} | {
            name.replace("_", "-"): text for name, text in headers.items()
        }
        request = httpx.Request(method, f"http://hub{path}", content=body, headers=named)
        return self.way.answer(request, [body] if body else [], is_whole=True)

    def put(self, *frames: bytes) -> tuple[int, str | None]:
        """Push frames; the status, and the trouble the hub names."""
        answer = self.ask("PUT", self.path, b"".join(frames))
        said = json.loads(answer.read().partition(b"\n")[2])
        return answer.status_code, said.get("trouble")

    def held(self) -> int:
        """How far the hub holds the log."""
        with self.bench.hub.read() as connection:
            head = heads(connection, VILLAGE).get(self.log)
        return 0 if head is None else head.seq


@pytest.fixture(scope="module")
def shared() -> Iterator[Caller]:
    """One caller of all tests here; each begins where the hub holds nothing."""
    made = Caller()
    yield made
    made.way.shut()


@pytest.fixture
def caller(shared: Caller) -> Caller:
    """The caller, and a hub that holds nothing of its log."""
    shared.bench.put_back()
    return shared


def token_of(hub: Hub, log: int) -> str:
    """What opens a session."""
    return make_token(hub.token_key, VILLAGE, log, hub.now())


def changed(line: bytes, **values: Any) -> bytes:  # noqa: ANN401  because any JSON value may be put in
    """A line with other values in its header."""
    said = json.loads(line) | values
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


LINES: dict[str, Callable[[bytes], bytes]] = {
    "a number beyond 2^53": lambda line: changed(line, turn=2**53),
    "a number of a thousand digits": lambda line: line.replace(b'"boot":', b'"boot":' + b"9" * 1_000),
    "a float": lambda line: changed(line, mono=1.5),
    "a key twice": lambda line: line.replace(b'{"v":1,', b'{"v":1,"v":1,'),
    "a key twice in the body": lambda line: line.replace(b'"body":{', b'"body":{"a":1,"a":2,'),
    "another village": lambda line: changed(line, village=VILLAGE + 1),
    "another log": lambda line: changed(line, log=5),
    "no body": lambda line: changed(line, body=None),
    "a name of a hundred letters": lambda line: changed(line, kind="k" * 100),
    "another format": lambda line: changed(line, v=2),
    "deep nesting": lambda line: line.replace(b'"body":{', b'"body":{"a":' + b"[" * 5_000 + b"]" * 5_000 + b","),
    "a lone surrogate": lambda line: line.replace(b'"body":{', b'"body":{"a":"\\ud800",'),
    "no line": lambda _line: b"null",
    "too long": lambda line: line.replace(b'"body":{', b'"body":{"a":"' + b"x" * 17_000 + b'",'),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_line_is_refused_when_it_breaks_the_format(caller: Caller, name: str) -> None:
    """409 with the reason; what came whole before it stays, and the same log goes on afterwards."""
    before, bad = caller.lines[:10], LINES[name](caller.lines[10].line)
    assert caller.put(make_frame(before), make_frame([Sealed(bad)])) == (409, "line")
    assert caller.held() == 10
    assert caller.put(make_frame(caller.lines)) == (200, None)
    assert caller.held() == len(caller.lines)


def test_text_is_refused_when_its_digest_does_not_match(caller: Caller) -> None:
    """A private text that is not the one its line promised."""
    place, sealed = next((number, each) for number, each in enumerate(caller.lines) if each.private is not None)
    assert sealed.private is not None
    wrong = Sealed(sealed.line, Private(sealed.private.salt, sealed.private.text + " "))
    assert caller.put(make_frame(caller.lines[:place]), make_frame([wrong])) == (409, "line")
    assert caller.held() == place


def test_line_is_kept_when_its_kind_is_of_the_future(caller: Caller) -> None:
    """What the hub does not know it stores like anything else: the queue goes on."""
    later = changed(
        caller.lines[10].line, kind="weather_noted", kv=7, body={"degrees": [21, {"of": "day"}]}, private=None
    )
    assert caller.put(make_frame([*caller.lines[:10], Sealed(later)])) == (200, None)
    assert caller.held() == 11


def test_head_is_refused_when_it_is_not_the_chain_that_is_held(caller: Caller) -> None:
    """Signed by somebody else, for another line, another log, a hash of something else: 409, and the lines stay."""
    reached = b"\0" * 32
    for sealed in caller.lines:
        reached = chain(reached, sealed.line)
    right = SignedHead(village=VILLAGE, log=caller.log, seq=len(caller.lines), hash=reached.hex())
    wrong = [right.model_copy(update=change) for change in ({"hash": "0" * 64}, {"seq": 3}, {"log": 5}, {"village": 9})]
    said = [caller.key.say("head", each) for each in wrong] + [Key(b"\x01" * 32).say("head", right), b"nonsense"]
    for head in said:
        answer = caller.ask("PUT", caller.path, make_frame(caller.lines), kiosk_head=head.replace(b"\n", b"|").decode())
        assert (answer.status_code, b'"trouble":"head"' in answer.read()) == (409, True)
    folded = caller.key.say("head", right).replace(b"\n", b"|").decode()
    assert caller.ask("PUT", caller.path, kiosk_head=folded).status_code == 200


def test_hello_is_refused_when_its_signature_or_village_is_wrong(caller: Caller) -> None:
    """Another key, another village, another kind, a changed byte."""
    hello = Hello(village=VILLAGE, log=caller.log, nonce=NONCE, program="kiosk 1")
    right = caller.key.say("hello", hello)
    wrong = [
        Key(b"\x01" * 32).say("hello", hello),
        caller.key.say("hello", hello.model_copy(update={"village": VILLAGE + 1})),
        caller.key.say("enrol", hello),
        right.replace(b'"nonce":"0', b'"nonce":"1'),
        right[:-1],
        right + b" ",
        b"kiosk1 enrol AAAA\n" + b"[" * 60_000,
        b"kiosk1 hello AAAA\n" + b'{"a":' * 10_000,
        b"kiosk1 hello \xff\n{}",
    ]
    for path in ("/v1/hello", "/v1/enrol", "/v1/restore"):
        assert [caller.ask("POST", path, each).status_code for each in wrong] == [401] * len(wrong)
    assert caller.ask("POST", "/v1/hello", right).status_code == 200


def test_hub_holds_little_memory_when_bodies_inflate_to_gigabytes(tmp_path: Path, caller: Caller) -> None:
    """A live hub: bombs that hide or claim their size, a thousand frames in one piece, messages without an end."""
    ends_of_lines = b"\n" * LARGEST_INFLATED
    small = zstandard.ZstdCompressor(write_checksum=True).compress(ends_of_lines)
    huge = zstandard.ZstdCompressor(write_checksum=True, write_content_size=False).compress(bytes(2**30))
    bodies = [
        struct.pack(">II", len(huge), LARGEST_INFLATED) + huge,
        struct.pack(">II", len(huge), 0xFFFFFFFF) + huge,
        (struct.pack(">II", len(small), len(ends_of_lines)) + small) * 1_000,
        make_frame([Sealed(b"{" + b" " * 1_000_000 + b"}")]) * 1_000,
    ]
    with ends_in(tmp_path) as ends:
        ends.county.start()
        assert ends.county.live is not None
        before = ends.county.live.peak_bytes
        hub = ends.hub()
        headers = {"authorization": f"Bearer {token_of(hub, caller.log)}"}
        hub.close()
        with httpx.Client(base_url=ends.county.address, headers=headers, trust_env=False) as client:
            statuses = [client.put(caller.path, content=body).status_code for body in bodies]
            statuses.append(client.put(f"/v1/log/{VILLAGE}/0", content=bodies[2]).status_code)
            endless = client.post("/v1/hello", content=bytes(64 * 2**20)).status_code
        shout(ends.county.port, Random(SEED))
        assert (statuses, endless) == ([409] * 5, 401)
        assert ends.county.live.peak_bytes - before < LITTLE_MEMORY
        assert ends.held() == {}
        assert ends.settle().code == 0


def shout(port: int, chance: Random) -> None:
    """Send what is no HTTP at all, or only the beginning of it, and hang up."""
    beginnings = (
        b"",
        b"PUT /v1/log/123/7 HTTP/1.1\r\n",
        b"POST /v1/hello HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n",
    )
    for _ in range(SHOUTS):
        with socket.create_connection(("127.0.0.1", port)) as end, suppress(OSError):
            end.sendall(chance.choice(beginnings) + chance.randbytes(chance.randrange(2_000)))


def request_of(caller: Caller, chance: Random) -> tuple[str, str, bytes, str]:
    """A request that is nearly right, or wholly wrong: method, path, body, token."""
    hello = caller.key.say("hello", Hello(village=VILLAGE, log=caller.log, nonce=NONCE, program="kiosk 1"))
    paths = [
        "/v1/hello", "/v1/enrol", "/v1/restore", caller.path, f"/v1/log/{VILLAGE}/0", "/v1/log/0/0", "/", "/docs",
        f"/v1/log/{VILLAGE + chance.randrange(3)}/{caller.log}",
        f"{caller.path}?after={number(chance)}&size={number(chance)}", f"/v1/log/0/0?after={number(chance)}",
        f"/v1/log/{number(chance)}/{number(chance)}", f"/v1/log/{chance.randbytes(4).hex()}/%00",
    ]  # fmt: skip
    bodies = [
        b"",
        hello,
        make_frame(caller.lines[5:]),
        make_frame(caller.lines[5:9]) * 2,
        chance.randbytes(200),
        b"[" * 500,
    ]
    body = spoilt(chance.choice(bodies), chance)
    token = chance.choice([caller.token, caller.token, spoilt(caller.token.encode(), chance).hex(), ""])
    return chance.choice(METHODS), chance.choice(paths), body, token


def number(chance: Random) -> int:
    """A number that somebody may write."""
    return chance.choice([0, -1, 1, 59, 60, 61, LARGEST_INTEGER, 2**53, 2**63, 2**64, 10**30, chance.getrandbits(40)])


def spoilt(data: bytes, chance: Random) -> bytes:
    """Bytes with a few of them changed, left out or put in; something always is."""
    held = bytearray(data or b"\0")
    while held == data or chance.randrange(2):
        place = chance.randrange(len(held) + 1)
        match chance.randrange(3):
            case 0 if place < len(held):
                held[place] ^= 1 << chance.randrange(8)
            case 1:
                held[place:place] = chance.randbytes(chance.randrange(1, 9))
            case _:
                del held[place : place + chance.randrange(1, 9)]
        held = held or bytearray(b"\0")
    return bytes(held)


def send_rubbish(caller: Caller, count: int, seed: int) -> int:
    """Send so many requests; return how many were answered with 500 or more. The hub must be as before."""
    chance, faults = Random(seed), 0
    before = caller.bench.state()
    for _ in range(count):
        method, path, body, token = request_of(caller, chance)
        answer = caller.ask(method, path, body, authorization=f"Bearer {token}", kiosk_head=chance.randbytes(9).hex())
        faults += answer.status_code >= 500
    assert caller.bench.state() == before
    return faults


def test_hub_is_as_before_when_requests_are_malformed(caller: Caller, record_property: Recorder) -> None:
    """Three thousand requests: no answer of 500 and more, nothing changed."""
    faults = send_rubbish(caller, QUICK, SEED)
    record_property("figure", f"malformed requests: {QUICK}, seed {SEED}, {faults} answers 5xx, 0 changes")
    assert faults == 0


@pytest.mark.torture
@pytest.mark.parametrize("part", range(10))
def test_hub_is_as_before_when_very_many_requests_are_malformed(
    caller: Caller, part: int, record_property: Recorder
) -> None:
    """Two hundred thousand."""
    faults = send_rubbish(caller, LONG // 10, SEED + 1 + part)
    record_property("figure", f"malformed requests: {LONG // 10}, seed {SEED + 1 + part}, {faults} answers 5xx")
    assert faults == 0
