"""A line between two programs: counts every byte and every round trip, and may hold what passes for a while."""

import queue
import socket
import threading
import time
from contextlib import closing
from typing import Final, Self

LOCAL: Final = "127.0.0.1"
_PIECE: Final = 65_536


class Wire:
    """A proxy in front of a port; `delay` seconds is how long each direction holds what passes."""

    def __init__(self, port: int, delay: float = 0.0) -> None:
        """Listen from now on."""
        self._port, self._delay = port, delay
        self._listener = socket.create_server((LOCAL, 0))
        self.up = self.down = self.turns = self.connections = 0
        self._is_asking = False
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Take no more connections."""
        self._listener.close()

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def address(self) -> str:
        """Where it listens, as an address of a hub."""
        return f"http://{LOCAL}:{self.port}"

    def forget(self) -> None:
        """Count from nothing again."""
        self.up = self.down = self.turns = self.connections = 0
        self._is_asking = False

    @property
    def passed(self) -> int:
        """Bytes in both directions, headers and bodies."""
        return self.up + self.down

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            far = socket.create_connection((LOCAL, self._port))
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._join(near, far, is_up=True)
            self._join(far, near, is_up=False)

    def _join(self, source: socket.socket, sink: socket.socket, *, is_up: bool) -> None:
        held: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        threading.Thread(target=self._take, args=(source, held, is_up), daemon=True).start()
        threading.Thread(target=self._give, args=(held, sink), daemon=True).start()

    def _take(self, source: socket.socket, held: "queue.SimpleQueue[tuple[float, bytes]]", is_up: bool) -> None:  # noqa: FBT001  because a thread is started with it
        data = b"-"
        while data:
            try:
                data = source.recv(_PIECE)
            except OSError:
                data = b""
            self._count(len(data), is_up=is_up)
            held.put((time.monotonic() + self._delay, data))

    def _give(self, held: "queue.SimpleQueue[tuple[float, bytes]]", sink: socket.socket) -> None:
        with closing(sink):
            while True:
                due, data = held.get()
                time.sleep(max(0.0, due - time.monotonic()))
                try:
                    if not data:
                        sink.shutdown(socket.SHUT_WR)
                        return
                    sink.sendall(data)
                except OSError:
                    return

    def _count(self, length: int, *, is_up: bool) -> None:
        if not length:
            return
        if is_up:
            self.up += length
            self.turns += not self._is_asking
        else:
            self.down += length
        self._is_asking = is_up
