"""Terminals and their keys: codes, enrolment, approval, revocation; and the hub's own key, epoch and token secret.

Everything is a function of a connection; the caller owns the transaction.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import Connection, Select, Update, bindparam, func, insert, select, update

from county import migrations
from county.tables import EnrolmentCode, SeatOrder, Terminal
from county.value import set_value, value_of
from db.facts.terminal import TILLS_APART, LogBegun
from db.journal import COMMON_VILLAGE, octets
from db.line import COUNTY_LOG, Fact, read
from db.tables.journal import Line
from db.tables.statement import table_of
from db.wire.v1.message import Enrolment
from db.wire.v1.signed import Key

State: TypeAlias = Literal["pending", "active", "replaced", "revoked"]
HEARD_STATES: Final = ("active", "replaced")
"""Who may report and read: also a terminal that was replaced, for what it still holds must not be lost."""
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
    till: int
    program: str
    enrolled_at: int
    heard_at: int | None

    @property
    def status(self) -> Literal["pending", "active", "revoked"]:
        """What it is told of its state: one that was replaced reports as before."""
        return "active" if self.state == "replaced" else self.state

    @property
    def is_heard(self) -> bool:
        """Whether the county takes its reports and answers them."""
        return self.state in HEARD_STATES


def begin_registry(connection: Connection, entropy: Callable[[int], bytes]) -> Key:
    """Lay the registry out with a fresh key and epoch, and return the key. Raises RegistryError (present)."""
    migrations.upgrade(connection)
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


def enrol(connection: Connection, said: Enrolment, at: int) -> Known:
    """Note that a terminal wants to be known; the same key again with its log is no second enrolment.

    Raises:
        RegistryError: the code is not of this village, was used or is too old (code_wrong), or another key holds the
            log already, or it is kept for another (log_taken), or it founds a village that has a terminal (founded).
    """
    held = find_terminal(connection, said.village, said.log)
    if held is not None:
        if held.public_key != said.key:
            raise RegistryError("log_taken", str(said.log))
        return held
    require_free_log(connection, said.village, said.log)
    _require_founder(connection, said)
    _use_code(connection, said.village, said.code, at)
    till = next_till(connection, said.village)
    known = Known(said.village, said.log, said.key, said.sealing, "pending", till, said.program, at, None)
    keep_terminal(connection, known)
    terminal = table_of(Terminal)
    place = (terminal.c.village == said.village, terminal.c.log == said.log)
    connection.execute(update(terminal).where(*place).values(founds=int(said.founds)))
    return known


def adopt(connection: Connection, known: Known, log: int, program: str, at: int) -> Known:
    """Let a terminal that is known go on in another log: after a restore it has the same key and a new log.

    Raises:
        RegistryError: the log is kept for another (log_taken).
    """
    require_free_log(connection, known.village, log)
    adopted = replace(known, log=log, program=program, enrolled_at=at, heard_at=None)
    keep_terminal(connection, adopted)
    return adopted


def keep_terminal(connection: Connection, known: Known) -> None:
    """Put a terminal into the register."""
    decided_at = None if known.state == "pending" else known.enrolled_at
    row = {
        "village": known.village, "log": known.log, "public_key": known.public_key, "sealing_key": known.sealing_key,
        "state": known.state, "till": known.till, "program": known.program, "enrolled_at": known.enrolled_at,
        "decided_at": decided_at,
    }  # fmt: skip
    connection.execute(insert(table_of(Terminal)).values(**row))


def require_free_log(connection: Connection, village: int, log: int) -> None:
    """Let nobody write the county's own log, or one that is kept for a terminal that is to come.

    Raises:
        RegistryError: it is one of these (log_taken).
    """
    order = table_of(SeatOrder).c
    kept = select(order.log).where(order.village == village, order.log == log).limit(1)
    if log == COUNTY_LOG or connection.execute(kept).one_or_none() is not None:
        raise RegistryError("log_taken", str(log))


def _require_founder(connection: Connection, said: Enrolment) -> None:
    """Let nobody begin a village a second time: two books of one village would never be one again."""
    others = [each for each in list_terminals(connection, said.village) if each.public_key != said.key]
    if said.founds and any(each.is_heard for each in others):
        raise RegistryError("founded", str(said.village))


def next_till(connection: Connection, village: int) -> int:
    """Return a till number above all that are known; a desk that restores itself takes one that ends otherwise."""
    terminal, order = table_of(Terminal).c, table_of(SeatOrder).c
    statements = (
        select(func.max(terminal.till)).where(terminal.village == village),
        select(func.max(order.till)).where(order.village == village),
    )
    kept = [connection.execute(statement).scalar_one() or 0 for statement in statements]
    begun = [fact.body.get("till", 0) for fact in said_of(connection, village, LogBegun.KIND)]
    highest = max(*kept, *begun)
    return 1 if highest == 0 else TILLS_APART * (highest // TILLS_APART + 1) + 1


def said_of(connection: Connection, village: int, *kinds: str) -> list[Fact]:
    """Return the facts of some kinds that are held of a village, whether they were projected yet or not."""
    line = table_of(Line).c
    statement = select(line.line).where(line.village == village, line.kind.in_(kinds)).order_by(line.log, line.seq)
    return [read(octets(held)) for held in connection.execute(statement).scalars()]


def approve(connection: Connection, village: int, log: int, at: int) -> None:
    """Let a terminal in whose check digits an officer compared.

    Raises:
        RegistryError: it is not known (terminal_unknown), or it would begin a village that another one, let in since it
            asked, has begun (founded).
    """
    terminal = table_of(Terminal).c
    asked = select(terminal.founds, terminal.public_key).where(terminal.village == village, terminal.log == log)
    row = connection.execute(asked).one_or_none()
    if row is not None and row.founds:
        others = [each for each in list_terminals(connection, village) if each.public_key != row.public_key]
        if any(each.is_heard for each in others):
            raise RegistryError("founded", str(village))
    decide(connection, village, log, "active", at)


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
    statement = _terminals() if village is None else _terminals_of()
    return tuple(
        Known(
            row.village, row.log, row.public_key, row.sealing_key, row.state, row.till or 0, row.program or "",
            row.enrolled_at or 0, row.heard_at,
        )
        for row in connection.execute(statement, {"of_village": village})
    )  # fmt: skip


def note_heard(connection: Connection, village: int, log: int, at: int, program: str = "") -> None:
    """Remember when a terminal was heard of last, and by which program, where it says so."""
    said = {"heard_at": at} | ({"program": program} if program else {})
    connection.execute(_noting(*said), {"of_village": village, "of_log": log} | said)


def note_head(connection: Connection, village: int, log: int, seq: int, signed: str) -> None:
    """Keep the newest head a terminal signed: it cannot deny its log later."""
    said = {"head_seq": seq, "head_signed": signed}
    connection.execute(_noting(*said), {"of_village": village, "of_log": log} | said)


def make_token(key: bytes, village: int, log: int, at: int) -> str:
    """Return what opens the calls of one session: village, log and an end, vouched for by the hub's own `key`."""
    words = f"{village}.{log}.{at + TOKEN_LIVES_MILLISECONDS}"
    return f"{words}.{_mac(key, words)}"


def read_token(key: bytes, token: str, at: int) -> tuple[int, int] | None:
    """Return whose token this is (village, log), or None where it is none, or over; `key` is the hub's own."""
    words, _, mac = token.rpartition(".")
    if not hmac.compare_digest(mac.encode(), _mac(key, words).encode()):
        return None
    parts = words.split(".")
    if len(parts) != _PLACES or int(parts[2]) < at:
        return None
    return int(parts[0]), int(parts[1])


def token_key(connection: Connection) -> bytes:
    """Return the secret by which the hub knows the tokens it gave: the same as long as there is this hub."""
    return bytes.fromhex(_required(connection, _VOUCHING))


def may_read(village: int, of_village: int, log: int, own_log: int) -> bool:
    """Say whether a terminal may read a log: the county's common one, and its village's, save the own."""
    if of_village == COMMON_VILLAGE:
        return log == COUNTY_LOG
    return of_village == village and log != own_log


def logs_before(connection: Connection, village: int, own_log: int) -> set[int]:
    """Return every log whose lines a terminal may bring: its own, those of its key, those it was ordered to go on for.

    A restored terminal holds the end of the log before, which nobody else may have.
    """
    keys = {each.log: each.public_key for each in list_terminals(connection, village)}
    order = table_of(SeatOrder).c
    rows = connection.execute(select(order.log, order.replaces).where(order.village == village))
    replaced = {row.log: row.replaces for row in rows if row.replaces is not None}
    found, following = {own_log}, [own_log]
    while following:
        log = following.pop()
        more = {each for each, key in keys.items() if key == keys.get(log)} | {replaced.get(log, own_log)}
        following += more - found
        found |= more
    return found


@cache
def _terminals() -> Select[Any]:
    terminal = table_of(Terminal)
    return select(terminal).order_by(terminal.c.village, terminal.c.log)


@cache
def _terminals_of() -> Select[Any]:
    return _terminals().where(table_of(Terminal).c.village == bindparam("of_village"))


@cache
def _noting(*names: str) -> Update:
    """Write some columns of one terminal: a county's terminals all come in one hour."""
    terminal = table_of(Terminal)
    is_it = (terminal.c.village == bindparam("of_village")) & (terminal.c.log == bindparam("of_log"))
    return update(terminal).where(is_it).values({name: bindparam(name) for name in names})


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


def _mac(key: bytes, words: str) -> str:
    return hmac.new(key, words.encode(), "sha256").hexdigest()[:32]


def _required(connection: Connection, name: str) -> str:
    value = value_of(connection, name)
    if value is None:
        raise RegistryError("absent", name)
    return value
