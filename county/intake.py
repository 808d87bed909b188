"""Taking logs in: hello, frames, and reading back. Lines are stored and acknowledged; judging them comes later.

Every function is one short transaction, so a cut costs at most the frame that was on its way.
"""

from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Connection

from county.health import Told, note_health
from county.hub import Hub
from county.recovery import note_reported, readmit
from county.registry import (
    Known,
    RegistryError,
    adopt,
    enrol,
    find_terminal,
    list_terminals,
    logs_before,
    make_token,
    may_read,
    note_head,
    note_heard,
    read_token,
)
from county.succession import certify, take_successor
from county.villages import name_of_village, service_of
from db.journal import ForkError, GapError, Sealed, heads, last_seq, store
from db.line import MalformedLineError
from db.wire.v1.frame import make_frame
from db.wire.v1.message import Answer, Enrolled, Enrolment, Hello, Restoring, SignedHead, Stored, Urgent
from db.wire.v1.parting import compare
from db.wire.v1.signed import SignatureError, heard, read_unchecked
from db.wire.v1.steps import Stretch, hash_at, held_by, next_piece, seen
from db.wire.v1.urgent import UrgentLines, urgent_lines, wrapped
from db.wire.versions import NONE, agree


class NotHeardError(Exception):
    """Somebody the hub does not listen to.

    `code` is unknown, signature, revoked, code_wrong, log_taken, founded, restore_wrong, restore_old or restore_used.
    """

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Caller:
    """Whose session a call belongs to."""

    village: int
    log: int


@dataclass(frozen=True)
class ReadBack:
    """Lines of a log as one frame, and the county's word for their last one; both empty where nothing is left."""

    frame: bytes
    head: bytes


def take_enrolment(hub: Hub, data: bytes) -> bytes:
    """Answer a terminal that wants to be known.

    Raises:
        NotHeardError: the message is not signed by the key it names (signature), or `code_wrong`, `log_taken`.
    """
    try:
        said = heard(data, Enrolment.KIND, Enrolment)
        with hub.write() as connection:
            known = enrol(connection, said, hub.now())
    except SignatureError as error:
        raise NotHeardError("signature") from error
    except RegistryError as error:
        raise NotHeardError(error.code) from error
    return say_enrolled(hub, known)


def say_enrolled(hub: Hub, known: Known, replaces: int | None = None) -> bytes:
    """Return the hub's word for a terminal that is in its register. Raises NotHeardError (revoked)."""
    if known.status == "revoked":
        raise NotHeardError("revoked")
    with hub.read() as connection:
        name, phone = name_of_village(connection, known.village), service_of(connection).phone
    answer = Enrolled(
        village=known.village, log=known.log, status=known.status, key=hub.key.public, sealing=hub.key.sealing,
        till=known.till, replaces=replaces, name=name, phone=phone,
    )  # fmt: skip
    return hub.key.say(Enrolled.KIND, answer)


def take_restore(hub: Hub, data: bytes) -> bytes:
    """Answer a terminal that comes in the place of a dead one: which log it writes, and which one it goes on for.

    Raises:
        NotHeardError: the message is not signed by the key it names (signature), or `restore_wrong`, `restore_old`,
            `restore_used`, `revoked`.
    """
    try:
        said = heard(data, Restoring.KIND, Restoring)
        with hub.write() as connection:
            known, replaces = take_successor(connection, said, hub.now())
    except SignatureError as error:
        raise NotHeardError("signature") from error
    except RegistryError as error:
        raise NotHeardError(error.code) from error
    return say_enrolled(hub, known, replaces)


def take_hello(hub: Hub, data: bytes) -> bytes:
    """Answer what the hub holds of every log the terminal may know; the own log's row is its receipt.

    A terminal with which it has no version of the protocol in common hears which side is to be upgraded, and no more.

    Raises:
        NotHeardError: nobody enrolled writes this log (unknown), or the signature is not theirs (signature).
    """
    try:
        with hub.write() as connection:
            said, terminal = _caller_of(connection, data, hub.now())
            note_heard(connection, said.village, said.log, hub.now(), said.program)
            if said.health:
                told = Told(said.health, said.clock, said.held)
                note_health(connection, said.village, said.log, told, hub.now())
            agreed = agree(said.speaks, hub.speaks)
            is_active = terminal.is_heard and isinstance(agreed, int)
            if is_active:
                note_reported(connection, said.village, said.log, said.held)
            held = held_by(connection, said.village) if is_active else ()
            same, parted = compare(connection, said) if is_active else ((), ())
            urgent = [_say_urgent(hub, lines) for lines in urgent_lines(connection, said)] if is_active else []
            token = make_token(connection, said.village, said.log, hub.now()) if is_active else ""
    except SignatureError as error:
        raise NotHeardError("signature") from error
    except RegistryError as error:
        raise NotHeardError(error.code) from error
    certificate = None
    if is_active and said.wants_certificate:
        with hub.read() as connection:
            certificate = certify(connection, hub, terminal)
    answer = Answer(
        nonce=said.nonce, status=terminal.status, epoch=hub.epoch, at=hub.now(), held=held, token=token,
        certificate=certificate, parted=parted, same=same, urgent=tuple(urgent),
        version=agreed if isinstance(agreed, int) else NONE, upgrade=agreed if isinstance(agreed, str) else None,
    )  # fmt: skip
    return hub.key.say(Answer.KIND, answer)


def _say_urgent(hub: Hub, lines: UrgentLines) -> Urgent:
    """Return lines with the hub's word for their end."""
    place = lines.stretch
    word = SignedHead(village=place.village, log=place.log, seq=lines.seq, hash=lines.hash.hex())
    said = hub.key.say(SignedHead.KIND, word).decode()
    return Urgent(v=place.village, a=place.after, f=wrapped(lines.frame), w=said)


def _caller_of(connection: Connection, data: bytes, at: int) -> tuple[Hello, Known]:
    """Return a hello with who said it: a known terminal, or one that goes on in a new log with the same key."""
    unchecked = read_unchecked(data, Hello.KIND, Hello)
    terminal = find_terminal(connection, unchecked.village, unchecked.log)
    if terminal is not None:
        return heard(data, Hello.KIND, Hello, terminal.public_key), terminal
    for known in list_terminals(connection, unchecked.village):
        if known.is_heard:
            with suppress(SignatureError):
                said = heard(data, Hello.KIND, Hello, known.public_key)
                return said, adopt(connection, known, said.log, said.program, at)
    readmitted = readmit(connection, data, at)
    if readmitted is None:
        raise NotHeardError("unknown")
    return readmitted


def open_session(hub: Hub, token: str) -> Caller:
    """Return whose token this is. Raises NotHeardError (unknown, revoked)."""
    with hub.read() as connection:
        named = read_token(connection, token, hub.now())
        terminal = None if named is None else find_terminal(connection, *named)
    if terminal is None:
        raise NotHeardError("unknown")
    if not terminal.is_heard:
        raise NotHeardError("revoked")
    return Caller(terminal.village, terminal.log)


def open_log(hub: Hub, caller: Caller, village: int, log: int) -> Caller:
    """Return whose log a caller brings: the own one, or one before it, which the hub may never have heard of.

    Raises:
        NotHeardError: it is none of theirs (unknown).
    """
    if (village, log) == (caller.village, caller.log):
        return caller
    with hub.write() as connection:
        own = find_terminal(connection, caller.village, caller.log)
        other = find_terminal(connection, village, log)
        if own is None or village != caller.village:
            raise NotHeardError("unknown")
        if other is not None and log not in logs_before(connection, village, caller.log):
            raise NotHeardError("unknown")
        try:
            if other is None:
                adopt(connection, own, log, own.program, hub.now())
        except RegistryError as error:
            raise NotHeardError("unknown") from error
    return Caller(village, log)


def take_frame(hub: Hub, caller: Caller, lines: list[Sealed]) -> None:
    """Store the lines of one frame of the caller's own log and commit.

    Raises:
        GapError, ForkError, MalformedLineError: nothing of the frame is stored.
    """
    with hub.write() as connection:
        store(connection, caller.village, caller.log, lines)


def take_head(hub: Hub, caller: Caller, data: bytes) -> bool:
    """Keep the head a terminal signed, if it is the chain that is held here; say whether it is."""
    with hub.write() as connection:
        terminal = find_terminal(connection, caller.village, caller.log)
        if terminal is None:
            return False
        try:
            head = heard(data, SignedHead.KIND, SignedHead, terminal.public_key)
        except SignatureError:
            return False
        held = hash_at(connection, caller.village, caller.log, head.seq)
        if (head.village, head.log) != (caller.village, caller.log) or held is None or held.hex() != head.hash:
            return False
        note_head(connection, caller.village, caller.log, head.seq, data.decode())
        return True


def say_stored(hub: Hub, caller: Caller, trouble: str | None = None) -> bytes:
    """Return the hub's word for how far it holds the caller's log."""
    with hub.read() as connection:
        row = seen(caller.village, caller.log, heads(connection, caller.village, caller.log).get(caller.log))
    said = Stored.model_validate(
        {"village": caller.village, "log": caller.log, "seq": row.s, "hash": row.h, "trouble": trouble}
    )
    return hub.key.say(Stored.KIND, said)


def read_back(hub: Hub, caller: Caller, stretch: Stretch, size: int) -> ReadBack:
    """Return the next lines of a log the caller may read, about `size` bytes of them inflated.

    Raises:
        NotHeardError: the log is none of theirs (unknown).
    """
    if not may_read(caller.village, stretch.village, stretch.log, caller.log):
        raise NotHeardError("unknown")
    with hub.read() as connection:
        last = last_seq(connection, stretch.village, stretch.log)
        lines = next_piece(connection, stretch, last, size)
        if not lines:
            return ReadBack(b"", b"")
        end = stretch.after + len(lines)
        held = hash_at(connection, stretch.village, stretch.log, end) or b""
    word = SignedHead(village=stretch.village, log=stretch.log, seq=end, hash=held.hex())
    return ReadBack(make_frame(lines), hub.key.say(SignedHead.KIND, word))


def trouble_of(error: Exception) -> str:
    """Return the word for why a frame was not stored."""
    if isinstance(error, GapError):
        return "gap"
    if isinstance(error, ForkError):
        return "fork"
    return "line" if isinstance(error, MalformedLineError) else "frame"
