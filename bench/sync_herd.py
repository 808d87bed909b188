"""Every terminal of a county at one instant, each on a connection of its own: signed sessions against one bare POST."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from bench import sync_floor
from bench.measure import Row, alternate
from bench.sync_engine import Databases, driver_url, empty, hub_at, program
from bench.sync_village import bare_facts, demo_year, lines_of
from county.hub import Hub, create_hub, open_engine
from county.registry import Known, keep_terminal
from db.journal import Sealed
from db.line import FIRST_PREVIOUS_HASH, chain
from db.tables.journal import Line
from db.tables.statement import table_of
from db.wire.v1.frame import make_frame
from db.wire.v1.message import Hello, SignedHead, Stored
from db.wire.v1.signed import Key, heard

TERMINALS: Final = 578
FACTS: Final = 60
LOG: Final = 4_321
RUNS: Final = 5
BAR: Final = 3.0
LOCAL: Final = "127.0.0.1"


@dataclass(frozen=True)
class Terminal:
    """What a terminal says in a session, made before the clock runs: its hello, its frame and its word for its head."""

    village: int
    key: Key
    hello: bytes
    frame: bytes
    head: bytes
    bare: bytes


def rows(databases: Databases) -> Iterator[Row]:
    """The herd against both; what arrived is counted after every run."""
    terminals = [_terminal(village) for village in range(1, TERMINALS + 1)]
    floor_url, url = databases.make("herd_floor"), databases.make("herd")
    sync_floor.lay_out(floor_url)
    hub = create_hub(open_engine(Path(), driver_url(url)))
    _let_in(hub, terminals)
    with (
        program("bench.sync_floor", floor_url) as floor_port,
        program("bench.sync_serve", driver_url(url), "paused") as port,
    ):

        def floor() -> list[float]:
            sync_floor.clear(floor_url)
            took, _answers = asyncio.run(_at_once([partial(_post_bare, floor_port, each) for each in terminals]))
            assert sync_floor.count_facts(floor_url) == TERMINALS * FACTS
            return [took]

        def ours() -> list[float]:
            empty(url)
            took, answers = asyncio.run(_at_once([partial(_session, port, each) for each in terminals]))
            for answer in answers:
                assert heard(answer, Stored.KIND, Stored, hub.key.public).seq == FACTS
            _check_stored(url)
            return [took]

        floor()
        ours()
        yield alternate(floor, ours, RUNS).row("578 terminals x 60 facts at once : bare POSTs", BAR, unit="s")
    hub.close()


async def _at_once(sessions: list[Callable[[], Awaitable[bytes]]]) -> tuple[float, list[bytes]]:
    start = time.perf_counter()
    answers = await asyncio.gather(*(session() for session in sessions))
    return time.perf_counter() - start, answers


async def _session(port: int, terminal: Terminal) -> bytes:
    """Hello and push as `kiosk sync` does; what is signed by the hub is checked when the clock has stopped."""
    reader, writer = await asyncio.open_connection(LOCAL, port)
    answer = await _ask(reader, writer, _request("POST", "/v1/hello", terminal.hello))
    token = json.loads(answer.partition(b"\n")[2])["token"]
    head = terminal.head.replace(b"\n", b"|").decode()
    extra = f"authorization: Bearer {token}\r\nkiosk-head: {head}\r\n"
    path = f"/v1/log/{terminal.village}/{LOG}"
    stored = await _ask(reader, writer, _request("PUT", path, terminal.frame, extra))
    writer.close()
    return stored


async def _post_bare(port: int, terminal: Terminal) -> bytes:
    reader, writer = await asyncio.open_connection(LOCAL, port)
    answer = await _ask(reader, writer, _request("POST", "/", terminal.bare))
    writer.close()
    return answer


def _request(method: str, path: str, body: bytes, extra: str = "") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nhost: hub\r\n{extra}content-length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bytes:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return await reader.readexactly(length)


def _terminal(village: int) -> Terminal:
    year = demo_year()
    begin = len(year) // 2 + village % 50 * FACTS
    lines = list(lines_of(village, year[begin : begin + FACTS], LOG))
    key = Key(village.to_bytes(32, "big"))
    hello = Hello(village=village, log=LOG, nonce=f"{village:016x}", program="kiosk 1", clock=(1, 2, 3))
    head = SignedHead(village=village, log=LOG, seq=FACTS, hash=_end(lines).hex())
    return Terminal(
        village, key, key.say(Hello.KIND, hello), make_frame(lines), key.say(SignedHead.KIND, head),
        sync_floor.pack_batch(list(bare_facts(lines))),
    )  # fmt: skip


def _end(lines: list[Sealed]) -> bytes:
    reached = FIRST_PREVIOUS_HASH
    for sealed in lines:
        reached = chain(reached, sealed.line)
    return reached


def _let_in(hub: Hub, terminals: list[Terminal]) -> None:
    with hub.write() as connection:
        for each in terminals:
            key = each.key
            known = Known(each.village, LOG, key.public, key.sealing, "active", 1, "kiosk 1", 1, None)
            keep_terminal(connection, known)


def _check_stored(url: str) -> None:
    """Every village has all its lines; a line cannot be there twice, and none beyond is."""
    hub = hub_at(url)
    line = table_of(Line).c
    counts = select(line.village, func.count(), func.max(line.seq)).group_by(line.village)
    with hub.read() as connection:
        found = [tuple(row) for row in connection.execute(counts.order_by(line.village))]
    hub.close()
    assert found == [(village, FACTS, FACTS) for village in range(1, TERMINALS + 1)]
