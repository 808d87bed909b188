"""Frames that a terminal brings in one request: stored as they arrive, few transactions, and whole frames stay.

What has arrived is stored together; the last of it goes with the terminal's word for its log and our answer. A frame
that cannot be stored takes none before it along.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from county.hub import Hub
from county.intake import Caller, NotHeardError, require_heard
from county.registry import Known, RegistryError, adopt, find_terminal, logs_before, note_head, require_free_log
from db.journal import ForkError, GapError, Head, Sealed, heads, store
from db.line import MalformedLineError
from db.wire.v1.message import SignedHead, Stored
from db.wire.v1.signed import SignatureError, heard
from db.wire.v1.steps import hash_at, seen

FRAMES_AT_ONCE: Final = 4
"""So many are stored together, at most, and held in memory until then."""
NOT_TAKEN: Final = (GapError, ForkError, MalformedLineError)


@dataclass(frozen=True)
class Delivery:
    """One request: whose session it is in, the log it brings, and the terminal's word for its end, if it gave one."""

    hub: Hub
    caller: Caller
    village: int
    log: int
    word: bytes | None = None

    @property
    def is_of_own_log(self) -> bool:
        """Whether the caller brings the log it writes, and not one before it."""
        return (self.village, self.log) == (self.caller.village, self.caller.log)


def take_frames(delivery: Delivery, frames: list[list[Sealed]]) -> None:
    """Store whole frames and commit.

    Raises:
        NotHeardError: the log is none of the caller's (unknown), or the caller was shut out (revoked).
        GapError, ForkError, MalformedLineError: a frame cannot be stored; those before it are.
    """
    try:
        with delivery.hub.write() as connection:
            _take(connection, delivery, frames)
    except NOT_TAKEN:
        _take_one_by_one(delivery, frames)


def end_delivery(delivery: Delivery, frames: list[list[Sealed]], trouble: str | None) -> tuple[bytes, str | None]:
    """Store the last frames, keep the word for their end, and return the hub's word for what it holds, and why no more.

    `trouble` is why the stream ended before its end, if it did. Raises NotHeardError as `take_frames`.
    """
    try:
        return _end(delivery, frames, trouble)
    except NOT_TAKEN:
        try:
            _take_one_by_one(delivery, frames)
        except NOT_TAKEN as error:
            trouble = trouble_of(error)
        return _end(delivery, [], trouble)


def stored_message(hub: Hub, village: int, log: int, head: Head | None, trouble: str | None) -> bytes:
    """Return the hub's word for how far it holds a log."""
    row = seen(village, log, head)
    said = {"village": village, "log": log, "seq": row.s, "hash": row.h, "trouble": trouble}
    return hub.key.say(Stored.KIND, Stored.model_validate(said))


def trouble_of(error: Exception) -> str:
    """Return the word for why a frame was not stored."""
    if isinstance(error, GapError):
        return "gap"
    if isinstance(error, ForkError):
        return "fork"
    return "line" if isinstance(error, MalformedLineError) else "frame"


def _end(delivery: Delivery, frames: list[list[Sealed]], trouble: str | None) -> tuple[bytes, str | None]:
    hub, village, log = delivery.hub, delivery.village, delivery.log
    with hub.write() as connection:
        own = _take(connection, delivery, frames)
        head = heads(connection, village, log).get(log)
        if trouble is None and delivery.word is not None and delivery.is_of_own_log:
            trouble = None if _keep_word(connection, own, head, delivery.word) else "head"
    return stored_message(hub, village, log, head, trouble), trouble


def _take_one_by_one(delivery: Delivery, frames: list[list[Sealed]]) -> None:
    """Store frames each for itself: where one is not taken, or they overlap."""
    for lines in frames:
        with delivery.hub.write() as connection:
            _take(connection, delivery, [lines])


def _take(connection: Connection, delivery: Delivery, frames: list[list[Sealed]]) -> Known:
    """Store frames of a log the caller may bring; one that nobody is known to write becomes the caller's with them."""
    own = require_heard(connection, delivery.caller)
    is_new = False if delivery.is_of_own_log else _is_new_log(connection, delivery)
    lines = [sealed for frame in frames for sealed in frame]
    if lines:
        store(connection, delivery.village, delivery.log, lines)
        if is_new:
            adopt(connection, own, delivery.log, own.program, delivery.hub.now())
    return own


def _is_new_log(connection: Connection, delivery: Delivery) -> bool:
    """Say whether a log before the caller's own is one the hub never heard of. Raises NotHeardError (unknown)."""
    village, log = delivery.village, delivery.log
    if village != delivery.caller.village:
        raise NotHeardError("unknown")
    if find_terminal(connection, village, log) is not None:
        if log not in logs_before(connection, village, delivery.caller.log):
            raise NotHeardError("unknown")
        return False
    try:
        require_free_log(connection, village, log)
    except RegistryError as error:
        raise NotHeardError("unknown") from error
    return True


def _keep_word(connection: Connection, own: Known, head: Head | None, word: bytes) -> bool:
    """Keep what a terminal signed for a line of its log, if it is the chain that is held here; say whether it is."""
    try:
        said = heard(word, SignedHead.KIND, SignedHead, own.public_key)
    except SignatureError:
        return False
    if (said.village, said.log) != (own.village, own.log) or head is None:
        return False
    held = head.hash if said.seq == head.seq else hash_at(connection, own.village, own.log, said.seq)
    if held is None or held.hex() != said.hash:
        return False
    note_head(connection, own.village, own.log, said.seq, word.decode())
    return True
