"""Who is known, what is held, and reading back; each call is one short transaction. What is brought: `delivery`."""

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
    make_token,
    may_read,
    note_heard,
    read_token,
)
from county.succession import certify, take_successor
from county.villages import name_of_village, service_of
from db.journal import last_seq
from db.wire.v1.frame import make_frame
from db.wire.v1.message import Answer, Enrolled, Enrolment, Hello, Restoring, SignedHead, Urgent
from db.wire.v1.parting import compare
from db.wire.v1.signed import SignatureError, heard, read_unchecked
from db.wire.v1.steps import Stretch, hash_at, held_by, next_piece
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
            urgent = [_say_urgent(hub, lines) for lines in urgent_lines(connection, said, held)]
            token = make_token(hub.token_key, said.village, said.log, hub.now()) if is_active else ""
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
    """Return whose token this is; what is done with it asks in its own transaction whether they are heard still.

    Raises:
        NotHeardError: it is nobody's (unknown).
    """
    named = read_token(hub.token_key, token, hub.now())
    if named is None:
        raise NotHeardError("unknown")
    return Caller(*named)


def require_heard(connection: Connection, caller: Caller) -> Known:
    """Return the terminal whose session a call belongs to. Raises NotHeardError (unknown, revoked)."""
    terminal = find_terminal(connection, caller.village, caller.log)
    if terminal is None:
        raise NotHeardError("unknown")
    if not terminal.is_heard:
        raise NotHeardError("revoked")
    return terminal


def read_back(hub: Hub, caller: Caller, stretch: Stretch, size: int) -> ReadBack:
    """Return the next lines of a log the caller may read, about `size` bytes of them inflated.

    Raises:
        NotHeardError: the log is none of theirs (unknown), or they were shut out (revoked).
    """
    if not may_read(caller.village, stretch.village, stretch.log, caller.log):
        raise NotHeardError("unknown")
    with hub.read() as connection:
        require_heard(connection, caller)
        last = last_seq(connection, stretch.village, stretch.log)
        lines = next_piece(connection, stretch, last, size)
        if not lines:
            return ReadBack(b"", b"")
        end = stretch.after + len(lines)
        held = hash_at(connection, stretch.village, stretch.log, end) or b""
    word = SignedHead(village=stretch.village, log=stretch.log, seq=end, hash=held.hex())
    return ReadBack(make_frame(lines), hub.key.say(SignedHead.KIND, word))
