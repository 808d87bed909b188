"""The projector: follows what was stored and computes the tables officers read, village by village.

It runs behind the intake in a thread of its own: storing never waits for it, and what it had not done when the hub
stopped it finds again by its cursors. A household that left a village is told to the one it moves to.
"""

import logging
import threading
from typing import Final

from sqlalchemy.exc import DBAPIError

from county.hub import Hub
from county.moves import relay_moves, waits_to_move
from db import journal, projections

_LOG: Final = logging.getLogger(__name__)


class Projector:
    """Projects villages that have new lines; `pause` lets lines wait, as a measurement wants it."""

    def __init__(self, hub: Hub) -> None:
        """Take the hub; nothing runs until `start`."""
        self._hub = hub
        self._waiting: dict[int, None] = {}
        self._changed = threading.Condition()
        self._is_stopping = False
        self._is_paused = False
        self._is_busy = False
        self._thread = threading.Thread(target=self._run, name="projector", daemon=True)

    def start(self) -> None:
        """Begin, with every village that has lines beyond its cursors."""
        with self._hub.read() as connection:
            self._waiting.update(dict.fromkeys(journal.villages(connection)))
        self._thread.start()

    def stop(self) -> None:
        """End after the village at hand."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
        self._thread.join()

    def notice(self, village: int) -> None:
        """Say that a village has new lines."""
        with self._changed:
            self._waiting[village] = None
            self._changed.notify_all()

    def pause(self, *, is_paused: bool) -> None:
        """Let lines wait, or go on."""
        with self._changed:
            self._is_paused = is_paused
            self._changed.notify_all()

    def settle(self, seconds: float) -> bool:
        """Wait until nothing waits; say whether it came to that in time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._is_busy, seconds)

    def _run(self) -> None:
        while (village := self._next()) is not None:
            try:
                with self._hub.write() as connection:
                    projections.project(connection, village)
                    has_movers = waits_to_move(connection, village)
                if has_movers:
                    relay_moves(self._hub, village)
            except DBAPIError:
                _LOG.exception("village %04d waits for its next lines", village)
            with self._changed:
                self._is_busy = False
                self._changed.notify_all()

    def _next(self) -> int | None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_stopping or (self._waiting and not self._is_paused))
            if self._is_stopping:
                return None
            village = next(iter(self._waiting))
            del self._waiting[village]
            self._is_busy = True
            return village
