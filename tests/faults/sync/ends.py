"""A desk and a hub that know each other, as files and as live processes; laid out once a process and copied."""

import json
import os
import signal
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy import Engine

from county.hub import FILE_NAME, Hub, create_hub, open_engine, open_hub
from county.registry import decide, make_code
from db import journal, projections
from db.engine import open_sqlite, transaction
from db.journal import Sealed
from db.store import Store, own_log
from db.wire.v1.frame import cut_lines
from db.wire.v1.signed import fingerprint
from kiosk.sync import memory, push
from kiosk.sync.client import Client
from kiosk.sync.enrolment import enrol_terminal
from tests.faults.recording import in_memory
from tests.faults.sync.wire import InProcess
from tests.hub import free_port, is_listening, wait_until
from tests.ledger import IN_MEMORY, lines_of
from tests.live import Ended, Live, nothing, run
from tests.ready import Ready, ready_desk
from tests.village import VILLAGE, seeded

FACTS: Final = 60
"""Lines of the desk that the hub has not heard of."""
LITTLE_BYTES: Final = 1_024
Afflict = Callable[[], None]


@dataclass
class CountyServe:
    """`county serve` as a live process, with the folder of its data."""

    home: Path
    port: int = field(default_factory=free_port)
    afflict: Afflict = nothing
    live: Live | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def file(self) -> Path:
        """Its store."""
        return self.home / FILE_NAME

    def start(self) -> None:
        """Serve, and return when somebody listens."""
        self.live = Live("county", "serve", "--home", str(self.home), "--port", str(self.port), afflict=self.afflict)
        wait_until(lambda: is_listening(self.port) or not self.is_running)
        assert self.is_running, self.live.wait().complained

    @property
    def is_running(self) -> bool:
        """Whether it serves."""
        return self.live is not None and self.live.is_running

    def stop(self, how: signal.Signals = signal.SIGTERM) -> Ended | None:
        """End it, if it runs."""
        return None if self.live is None else self.live.end(how)

    def run(self, *arguments: str) -> Ended:
        """Run another command of the hub."""
        return run("county", *arguments, "--home", str(self.home))

    def restart(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it and serve again from the same folder at the same port."""
        self.stop(how)
        self.start()


@dataclass
class Ends:
    """A desk at home in one folder, and its county in another."""

    desk: Ready
    county: CountyServe

    def store(self) -> Store:
        """Open the desk's store beside whatever runs; whoever opens it closes it."""
        return self.desk.open()

    def sync(
        self,
        address: str | None = None,
        afflict: Afflict = nothing,
        home: Path | None = None,
        patience: int = 0,
    ) -> "Said":
        """Run `kiosk sync` to its end; `address` is the way to the county, `patience` the seconds it tries again."""
        return read_end(self.begin_sync(address, afflict, home, patience).wait())

    def begin_sync(
        self,
        address: str | None = None,
        afflict: Afflict = nothing,
        home: Path | None = None,
        patience: int = 0,
    ) -> Live:
        """Start `kiosk sync`."""
        home = home or self.desk.home
        store = Ready(home, self.desk.known).open()
        send_to(store, address or self.county.address)
        store.close()
        words = ("sync", "--json", "--home", str(home), "--patience", str(patience))
        return Live("kiosk", *words, afflict=afflict)

    def kiosk(self, *arguments: str) -> "Said":
        """Run another command of the terminal."""
        return read_end(run("kiosk", *arguments, "--json", "--home", str(self.desk.home)))

    def settle(self) -> "Said":
        """The next undisturbed session: it ends well, and both sides hold the same, byte for byte."""
        if not self.county.is_running:
            self.county.start()
        said = self.sync()
        assert said.code == 0, said.complained
        self.assert_same()
        return said

    def assert_same(self) -> None:
        """Every log of the village is the same here and there, and the tables that follow from them."""
        store, hub = self.store(), self.hub()
        assert_same(store, hub)
        store.close()
        hub.close()

    def hub(self) -> Hub:
        """Open the hub's store beside whatever serves it; whoever opens it closes it."""
        return open_hub(open_engine(self.county.home))

    def held(self) -> dict[int, int]:
        """How far the hub holds each log of the village."""
        hub = self.hub()
        with hub.read() as connection:
            found = {log: head.seq for log, head in journal.heads(connection, VILLAGE).items()}
        hub.close()
        return found

    def award(self) -> None:
        """Write one line more at the desk."""
        store = self.store()
        self.desk.award(store)
        store.close()

    def written(self) -> int:
        """How many lines the desk's own log has."""
        store = self.store()
        with store.read() as connection:
            seq = journal.last_seq(connection, VILLAGE, own_log(connection, VILLAGE))
        store.close()
        return seq


@dataclass(frozen=True)
class Said:
    """How a command of the terminal ended: its code, its JSON, the code of its refusal, and all it complained."""

    code: int
    values: dict[str, Any]
    refusal: str | None
    complained: str


def small_frames() -> None:
    """Be a program that sends very little in one frame, so that a request holds many."""

    def little(lines: Iterable[Sealed], _size: int, _largest: int) -> Iterator[list[Sealed]]:
        return cut_lines(lines, LITTLE_BYTES)

    vars(push)[cut_lines.__name__] = little


def read_end(ended: Ended) -> Said:
    """Return what a command said to machines and to people."""
    last = ended.complained.strip().rpartition("[")
    refusal = last[2].rstrip("]") if ended.complained.strip().endswith("]") else None
    return Said(ended.code, json.loads(ended.said) if ended.said.startswith("{") else {}, refusal, ended.complained)


def assert_same(store: Store, hub: Hub) -> None:
    """Hold lines, texts, chains and tables of two open ends against each other."""
    with hub.write() as connection:
        projections.project(connection, VILLAGE)
    with store.read() as here, hub.read() as there:
        logs = journal.heads(here, VILLAGE)
        assert logs == journal.heads(there, VILLAGE)
        for log in logs:
            assert lines_of(here, VILLAGE, log) == lines_of(there, VILLAGE, log)
            assert list(journal.verify(there, VILLAGE, log)) == []
        assert projections.digest(here, VILLAGE) == projections.digest(there, VILLAGE)


def send_to(store: Store, address: str) -> None:
    """Let a desk find its county at an address; nothing else is changed."""
    with transaction(store.engine, is_write=True) as connection:
        county = memory.county_of(connection, store.village)
        assert county is not None
        memory.keep_county(connection, store.village, replace(county, address=address))


@contextmanager
def ends_in(folder: Path) -> Iterator[Ends]:
    """A desk with sixty lines its hub has not heard of, both laid out in a folder; no process outlives the block."""
    at_desk, at_county, desk = laid_out()
    ends = Ends(Ready(folder / "desk", desk.known), CountyServe(folder / "county"))
    for home, file, content in (
        (ends.desk.home, ends.desk.file, at_desk),
        (ends.county.home, ends.county.file, at_county),
    ):
        home.mkdir(parents=True)
        file.write_bytes(content)
    try:
        yield ends
    finally:
        ends.county.stop(signal.SIGKILL)


def let_in(store: Store, hub: Hub) -> None:
    """Enrol a terminal at a hub of this process, and approve it."""
    with hub.write() as connection:
        code = make_code(connection, store.village, hub.now(), os.urandom)
    way = InProcess(hub)
    with Client("http://hub", way) as client:
        enrol_terminal(store, client, "http://hub", code, fingerprint(hub.key.public), os.urandom)
    way.shut()
    with store.read() as connection:
        log = own_log(connection, store.village)
    with hub.write() as connection:
        decide(connection, store.village, log, "active", hub.now())


def publish(hub: Hub, village: int, count: int = 1) -> None:
    """The county says something to a village, or to all in village 0."""
    from tests.kiosk.sync.test_session import publish as say

    for _ in range(count):
        say(hub, village)


@cache
def laid_out() -> tuple[bytes, bytes, Ready]:
    """The stores of a desk and of a hub that has let it in, as bytes, and what the desk knows."""
    with TemporaryDirectory() as folder:
        desk = ready_desk(Path(folder) / "desk")
        (Path(folder) / "county").mkdir()
        hub = create_hub(open_engine(Path(folder) / "county"), seeded("hub"))
        store = desk.open()
        let_in(store, hub)
        while desk.award(store).entry_id % 2**33 < FACTS:
            pass
        store.close()
        hub.close()
        return desk.file.read_bytes(), (Path(folder) / "county" / FILE_NAME).read_bytes(), desk


def at_rest() -> tuple[Ready, Store, Hub]:
    """Both ends in memory, in this process."""
    at_desk, at_county, desk = laid_out()
    hub = open_sqlite(IN_MEMORY)
    put_bytes(hub, at_county)
    return desk, in_memory(at_desk), open_hub(hub)


def put_bytes(engine: Engine, content: bytes) -> None:
    """Fill a database in memory with the bytes of a file."""
    with closing(engine.raw_connection()) as connection:
        assert isinstance(connection.driver_connection, sqlite3.Connection)
        connection.driver_connection.deserialize(content)


def flip_in_line(file: Path, seq: int) -> None:
    """Change one letter inside a line, as a bad disk does: still JSON, no longer what was signed."""
    with closing(sqlite3.connect(file)) as connection:
        [line] = connection.execute("SELECT line FROM line WHERE log != 0 AND seq = ?", (seq,)).fetchone()
    content = file.read_bytes()
    assert content.count(line) == 1
    place = content.index(line) + line.index(b'"body"') + line[line.index(b'"body"') :].index(b'":"') + 3
    file.write_bytes(content[:place] + bytes((content[place] ^ 1,)) + content[place + 1 :])
