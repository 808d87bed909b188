"""Terminals and their keys: codes, enrolment, approval, revocation; and the hub's own key, epoch and token secret.

Everything is a function of a connection; the caller owns the transaction.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection, insert, select, update

from county.tables import EnrolmentCode, RegistryTable, Terminal
from county.value import set_value, value_of
from db.journal import COMMON_VILLAGE
from db.line import COUNTY_LOG
from db.tables.statement import table_of, tables_of
from db.wire.v1.message import Enrolment
from db.wire.v1.signed import Key

State: TypeAlias = Literal["pending", "active", "revoked"]
CODE_DIGITS: Final = 10
CODE_LIVES_MILLISECONDS: Final = 30 * 24 * 3_600_000
TOKEN_LIVES_MILLISECONDS: Final = 6 * 3_600_000
_KEY: Final = "key"
_EPOCH: Final = "epoch"
_VOUCHING: Final = "token_key"
_PLACES: Final = 3


class RegistryError(ValueError):
    """A registration that cannot be done; `code` is stable: present, code_wrong, log_taken, terminal_unknown, state."""

    def __init__(self, code: str, detail: str = "") -> None:
        """Keep the code apart from the words."""
        super().__init__(f"{code}: {detail}")
        self.code = code


@dataclass(frozen=True)
class Known:
    """A terminal as the registry knows it."""

    village: int
    log: int
    public_key: str
    sealing_key: str
    state: State
    program: str
    enrolled_at: int
    heard_at: int | None


def begin_registry(connection: Connection, entropy: Callable[[int], bytes]) -> Key:
    """Lay the registry out with a fresh key and epoch, and return the key. Raises RegistryError (present)."""
    RegistryTable.home.create_all(connection, tables_of(RegistryTable))
    if value_of(connection, _KEY) is not None:
        raise RegistryError("present")
    key = Key(entropy(32))
    for name, value in ((_KEY, key.seed.hex()), (_EPOCH, entropy(8).hex()), (_VOUCHING, entropy(32).hex())):
        set_value(connection, name, value)
    return key


def hub_key(connection: Connection) -> Key:
    """Return the hub's own key."""
    return Key(bytes.fromhex(_required(connection, _KEY)))


def epoch_of(connection: Connection) -> str:
    """Return the hub's epoch: sixteen hex digits that change when it is restored."""
    return _required(connection, _EPOCH)


def begin_epoch(connection: Connection, entropy: Callable[[int], bytes]) -> str:
    """Begin a new epoch, as a restore does, and return it."""
    epoch = entropy(8).hex()
    set_value(connection, _EPOCH, epoch)
    return epoch


def make_code(connection: Connection, village: int, at: int, entropy: Callable[[int], bytes]) -> str:
    """Return a fresh one-time code of a village, ten digits; only its digest is kept."""
    code = f"{int.from_bytes(entropy(8), 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}}"
    row = {"village": village, "digest": _digest(code), "made_at": at, "expires_at": at + CODE_LIVES_MILLISECONDS}
    connection.execute(insert(table_of(EnrolmentCode)).values(**row))
    return code


def enrol(connection: Connection, said: Enrolment, at: int) -> State:
    """Note that a terminal wants to be known; the same key again with its log is no second enrolment.

    Raises:
        RegistryError: the code is not of this village, was used or is too old (code_wrong), or another key holds the
            log already (log_taken).
    """
    held = find_terminal(connection, said.village, said.log)
    if held is not None:
        if held.public_key != said.key:
            raise RegistryError("log_taken", str(said.log))
        return held.state
    _use_code(connection, said.village, said.code, at)
    row = {
        "village": said.village, "log": said.log, "public_key": said.key, "sealing_key": said.sealing,
        "state": "pending", "program": said.program, "enrolled_at": at,
    }  # fmt: skip
    connection.execute(insert(table_of(Terminal)).values(**row))
    return "pending"


def adopt(connection: Connection, known: Known, log: int, program: str, at: int) -> Known:
    """Let a terminal that is known go on in another log: after a restore it has the same key and a new log."""
    row = {
        "village": known.village, "log": log, "public_key": known.public_key, "sealing_key": known.sealing_key,
        "state": "active", "program": program, "enrolled_at": at, "decided_at": at,
    }  # fmt: skip
    connection.execute(insert(table_of(Terminal)).values(**row))
    return replace(known, log=log, program=program, enrolled_at=at, heard_at=None)


def decide(connection: Connection, village: int, log: int, state: State, at: int) -> None:
    """Let a terminal in, or shut it out. Raises RegistryError (terminal_unknown)."""
    terminal = table_of(Terminal)
    done = connection.execute(
        update(terminal).where(terminal.c.village == village, terminal.c.log == log).values(state=state, decided_at=at)
    )
    if not done.rowcount:
        raise RegistryError("terminal_unknown", f"{village}/{log}")


def revoke(connection: Connection, village: int, log: int, at: int) -> tuple[int, ...]:
    """Shut a terminal out with every log its key has written, and return these. Raises RegistryError."""
    known = find_terminal(connection, village, log)
    if known is None:
        raise RegistryError("terminal_unknown", f"{village}/{log}")
    logs = tuple(each.log for each in list_terminals(connection, village) if each.public_key == known.public_key)
    for each in logs:
        decide(connection, village, each, "revoked", at)
    return logs


def find_terminal(connection: Connection, village: int, log: int) -> Known | None:
    """Return what is known of the writer of a log, or None."""
    return next((known for known in list_terminals(connection, village) if known.log == log), None)


def list_terminals(connection: Connection, village: int | None = None) -> tuple[Known, ...]:
    """Return every terminal, or those of a village, by village and log."""
    terminal = table_of(Terminal)
    statement = select(terminal).order_by(terminal.c.village, terminal.c.log)
    if village is not None:
        statement = statement.where(terminal.c.village == village)
    return tuple(
        Known(
            row.village, row.log, row.public_key, row.sealing_key, row.state, row.program or "", row.enrolled_at or 0,
            row.heard_at,
        )
        for row in connection.execute(statement)
    )  # fmt: skip


def note_heard(connection: Connection, village: int, log: int, at: int) -> None:
    """Remember when a terminal was heard of last."""
    terminal = table_of(Terminal)
    connection.execute(update(terminal).where(terminal.c.village == village, terminal.c.log == log).values(heard_at=at))


def note_head(connection: Connection, village: int, log: int, seq: int, signed: str) -> None:
    """Keep the newest head a terminal signed: it cannot deny its log later."""
    terminal = table_of(Terminal)
    connection.execute(
        update(terminal)
        .where(terminal.c.village == village, terminal.c.log == log)
        .values(head_seq=seq, head_signed=signed)
    )


def make_token(connection: Connection, village: int, log: int, at: int) -> str:
    """Return what opens the calls of one session: village, log and an end, vouched for by the hub alone."""
    words = f"{village}.{log}.{at + TOKEN_LIVES_MILLISECONDS}"
    return f"{words}.{_mac(connection, words)}"


def read_token(connection: Connection, token: str, at: int) -> tuple[int, int] | None:
    """Return whose token this is (village, log), or None where it is none, or over."""
    words, _, mac = token.rpartition(".")
    if not hmac.compare_digest(mac.encode(), _mac(connection, words).encode()):
        return None
    parts = words.split(".")
    if len(parts) != _PLACES or int(parts[2]) < at:
        return None
    return int(parts[0]), int(parts[1])


def may_read(village: int, of_village: int, log: int, own_log: int) -> bool:
    """Say whether a terminal may read a log: the county's common one, and its village's, save the own."""
    if of_village == COMMON_VILLAGE:
        return log == COUNTY_LOG
    return of_village == village and log != own_log


def _use_code(connection: Connection, village: int, code: str, at: int) -> None:
    held = table_of(EnrolmentCode)
    done = connection.execute(
        update(held)
        .where(
            held.c.village == village, held.c.digest == _digest(code), held.c.used_at.is_(None),
            held.c.expires_at > at,
        )
        .values(used_at=at)
    )  # fmt: skip
    if not done.rowcount:
        raise RegistryError("code_wrong", str(village))


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _mac(connection: Connection, words: str) -> str:
    return hmac.new(bytes.fromhex(_required(connection, _VOUCHING)), words.encode(), "sha256").hexdigest()[:32]


def _required(connection: Connection, name: str) -> str:
    value = value_of(connection, name)
    if value is None:
        raise RegistryError("absent", name)
    return value
