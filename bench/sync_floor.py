"""The floor: a bare ASGI app that COPYs zstd JSON to a stage and inserts what is new, and a bare client.

Neither signs, checks or chains anything: `python -m bench.sync_floor PORT URL` serves.
"""

import asyncio
import http.client
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeAlias

import psycopg
import uvicorn
import zstandard

BATCH: Final = 1_000
LEVEL: Final = 3
TABLE: Final = """
CREATE TABLE fact (
    id uuid NOT NULL, village_id integer NOT NULL, terminal_id integer NOT NULL, seq bigint NOT NULL,
    ts bigint NOT NULL, kind text NOT NULL, account_id bigint NOT NULL, delta bigint NOT NULL, payload jsonb,
    PRIMARY KEY (village_id, id), UNIQUE (village_id, terminal_id, seq))
"""
STAGE: Final = "CREATE TEMPORARY TABLE stage (LIKE fact) ON COMMIT DELETE ROWS"
COPY: Final = "COPY stage (id, village_id, terminal_id, seq, ts, kind, account_id, delta, payload) FROM STDIN"
TAKE: Final = "INSERT INTO fact SELECT * FROM stage ON CONFLICT DO NOTHING"

_Send: TypeAlias = Callable[[dict[str, Any]], Awaitable[None]]
_Receive: TypeAlias = Callable[[], Awaitable[dict[str, Any]]]


class FloorApp:
    """POST takes a batch, GET says how many facts there are of a village."""

    def __init__(self, url: str) -> None:
        """Open one connection with its stage."""
        self._connection = psycopg.connect(url)
        self._connection.execute(STAGE)
        self._connection.commit()
        self._turn = asyncio.Lock()

    async def __call__(self, scope: dict[str, Any], receive: _Receive, send: _Send) -> None:
        """Answer one call."""
        if scope["type"] != "http":
            return
        data = bytearray()
        is_more = True
        while is_more:
            message = await receive()
            data += message.get("body", b"")
            is_more = message.get("more_body", False)
        async with self._turn:
            count = await asyncio.to_thread(take_batch, self._connection, bytes(data)) if data else 0
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"8")]})
        await send({"type": "http.response.body", "body": b"%8d" % count})


def take_batch(connection: "psycopg.Connection[tuple[Any, ...]]", data: bytes) -> int:
    """Store a compressed batch and commit; return how many facts were new."""
    facts = json.loads(zstandard.ZstdDecompressor().decompress(data, max_output_size=2**24))
    return insert_rows(connection, [(*list(fact.values())[:8], json.dumps(fact["payload"])) for fact in facts])


def insert_rows(connection: "psycopg.Connection[tuple[Any, ...]]", rows: Sequence[tuple[Any, ...]]) -> int:
    """Store rows in one transaction by way of the stage; return how many were new."""
    with connection.cursor() as cursor:
        with cursor.copy(COPY) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(TAKE)
        count = cursor.rowcount
    connection.commit()
    return count


def pack_batch(facts: Sequence[str]) -> bytes:
    """Return JSON texts as one compressed array."""
    return zstandard.ZstdCompressor(level=LEVEL).compress(("[" + ",".join(facts) + "]").encode())


def report_bare(port: int, facts: Sequence[str]) -> None:
    """Ask once, then send facts in batches over one kept connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/")
    connection.getresponse().read()
    for start in range(0, len(facts), BATCH):
        connection.request("POST", "/", pack_batch(facts[start : start + BATCH]))
        assert connection.getresponse().read()
    connection.close()


def lay_out(url: str) -> None:
    """Make the table in an empty database."""
    with psycopg.connect(url) as connection:
        connection.execute(TABLE)


def clear(url: str) -> None:
    """Take every fact out."""
    with psycopg.connect(url) as connection:
        connection.execute("TRUNCATE fact")


def count_facts(url: str) -> int:
    """Return how many facts are stored."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM fact").fetchone()
    return 0 if row is None else int(row[0])


def main() -> None:
    """Serve until told to stop."""
    port, url = sys.argv[1:]

    async def serve() -> None:
        config = uvicorn.Config(
            FloorApp(url), port=int(port), log_level="error", lifespan="off", server_header=False, date_header=False
        )
        await uvicorn.Server(config).serve()

    asyncio.run(serve())


if __name__ == "__main__":
    main()
