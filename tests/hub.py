"""A hub for tests: as a process of its own behind a port, or as the app in this process."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import uvicorn

from county.app import create_app
from county.hub import Hub, open_engine, open_hub
from county.intake import Caller
from county.projector import Projector
from county.registry import decide, make_code
from db.journal import Sealed, store
from db.store import Store, own_log
from db.wire.v1.signed import fingerprint
from kiosk.sync.client import Client
from kiosk.sync.enrolment import enrol_terminal

ROOT: Final = Path(__file__).parents[1]
PATIENCE_SECONDS: Final = 30
LOCAL: Final = "127.0.0.1"


def free_port() -> int:
    """A port nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind((LOCAL, 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class HubProcess:
    """`county serve` in a process of its own."""

    home: Path
    database: str | None = None
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://{LOCAL}:{self.port}"

    def run(self, *arguments: str) -> str:
        """Run another command of the hub and return what it says."""
        done = subprocess.run(
            [sys.executable, "-m", "county", *arguments], cwd=ROOT, env=self._environment(), capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        """Serve until `stop` or `kill`."""
        command = [sys.executable, "-m", "county", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self._environment())
        wait_until(lambda: is_listening(self.port))

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it; SIGKILL is what a power cut does to a process."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(PATIENCE_SECONDS)
            self.process = None

    def open(self) -> Hub:
        """Open its store from here, beside it."""
        return open_hub(open_engine(self.home, self.database))

    def _environment(self) -> dict[str, str]:
        named = {"COUNTY_HOME": str(self.home)} | ({} if self.database is None else {"COUNTY_DATABASE": self.database})
        return os.environ | named


@dataclass
class Served:
    """The app of a hub, served by a thread of this process."""

    hub: Hub
    address: str
    projector: Projector


@contextmanager
def served(hub: Hub, port: int | None = None, certificate: Path | None = None) -> Iterator[Served]:
    """Serve a hub from a thread, at a port it had before or at a free one, with a certificate over https."""
    app, port = create_app(hub), port or free_port()
    server = uvicorn.Server(uvicorn.Config(app, host=LOCAL, port=port, log_level="error", ssl_certfile=certificate))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    try:
        yield Served(hub, f"http{'s' if certificate else ''}://{LOCAL}:{port}", app.state.projector)
    finally:
        server.should_exit = True
        thread.join(PATIENCE_SECONDS)


def let_in(store: Store, hub: Hub, address: str) -> None:
    """Enrol a terminal and approve it."""
    with hub.write() as connection:
        code = make_code(connection, store.village, hub.now(), os.urandom)
    with Client(address) as client:
        enrol_terminal(store, client, address, code, fingerprint(hub.key.public), os.urandom)
    with store.read() as connection:
        log = own_log(connection, store.village)
    with hub.write() as connection:
        decide(connection, store.village, log, "active", hub.now())


def take_frame(hub: Hub, place: Caller, lines: Sequence[Sealed]) -> None:
    """Let a hub hold lines of a log, whoever brought them. Raises as `db.journal.store`."""
    with hub.write() as connection:
        store(connection, place.village, place.log, lines)


def is_listening(port: int) -> bool:
    """Whether somebody takes connections there."""
    with closing(socket.socket()) as probe:
        return probe.connect_ex((LOCAL, port)) == 0


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so; it must not take long."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)
