"""A hub after its restore: what it said since its backup lies with the villages, and it waits until that is back.

Terminals keep the county's lines with the county's own signature over the last of them; they send back what a restored
hub lacks. An officer says when enough of them have reported. Everything is a function of a connection or of the hub.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, case, func, select

from county.hub import Hub
from county.registry import Known, epoch_of, hub_key, keep_terminal, list_terminals, require_free_log
from county.tables import Reported, Terminal
from county.value import set_value, value_of
from db.journal import COMMON_VILLAGE, ForkError, GapError, Sealed, last_seq, store
from db.line import COUNTY_LOG, MalformedLineError
from db.tables.statement import table_of, upsert
from db.wire.v1.message import Certificate, HeadSeen, Hello, SignedHead
from db.wire.v1.signed import SignatureError, heard, read_unchecked
from db.wire.v1.steps import SHORT_BYTES, hash_at
from db.wire.v1.word import end_vouched_for

_RESTORED_AT: Final = "restored_at"
_RESUMED_AT: Final = "resumed_at"
_BACKUP_AT: Final = "backup_at"


class RecoveringError(RuntimeError):
    """The hub was restored and says nothing yet; the sentence says what to do."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "This hub was restored from a backup; villages may hold what it said since. `county doctor` shows how many "
            "have reported; when enough have, `county resume` lets it publish again."
        )


class _OtherChainError(Exception):
    """The lines do not end where the county's word says they do."""


@dataclass(frozen=True)
class Recovery:
    """How far a restored hub is: whether it waits, since when, and how many terminals that were let in reported.

    `holding` still hold lines of the county that the hub lacks, `parted` hold other lines than the hub at some place.
    """

    is_waiting: bool
    restored_at: int
    terminals: int
    reported: int
    holding: int
    parted: int


def begin_recovery(connection: Connection, at: int) -> None:
    """From now on the hub says nothing until `end_recovery`."""
    set_value(connection, _RESTORED_AT, str(at))
    set_value(connection, _RESUMED_AT, None)


def end_recovery(connection: Connection, at: int) -> None:
    """Let the hub speak again."""
    set_value(connection, _RESUMED_AT, str(at))


def is_recovering(connection: Connection) -> bool:
    """Say whether the hub waits for what it said before it was restored."""
    return value_of(connection, _RESTORED_AT) is not None and value_of(connection, _RESUMED_AT) is None


def require_recovered(connection: Connection) -> None:
    """Stand at the head of every transaction in which the county writes. Raises RecoveringError."""
    if is_recovering(connection):
        raise RecoveringError


def recovery_of(connection: Connection) -> Recovery | None:
    """Return how far the hub is after its restore, or None where it never was restored."""
    restored_at = value_of(connection, _RESTORED_AT)
    if restored_at is None:
        return None
    terminal, reported = table_of(Terminal), table_of(Reported)
    rows = (
        select(reported.c.lacking, reported.c.is_parted, reported.c.epoch)
        .select_from(terminal)
        .outerjoin(reported, (reported.c.village == terminal.c.village) & (reported.c.log == terminal.c.log))
        .where(terminal.c.state == "active")
        .subquery()
    )
    is_now = rows.c.epoch == epoch_of(connection)
    statement = select(
        func.count(),
        func.sum(case((is_now, 1), else_=0)),
        func.sum(case((is_now & (rows.c.lacking > 0), 1), else_=0)),
        func.sum(case((is_now & (rows.c.is_parted > 0), 1), else_=0)),
    ).select_from(rows)
    counts = [int(count or 0) for count in connection.execute(statement).one()]
    return Recovery(is_recovering(connection), int(restored_at), *counts)


def note_reported(connection: Connection, village: int, log: int, holds: tuple[HeadSeen, ...]) -> None:
    """Note, where the hub was restored, what a terminal holds of the county's lines beyond it, or otherwise."""
    if value_of(connection, _RESTORED_AT) is None:
        return
    held = [row for row in holds if row.l == COUNTY_LOG and row.v in (COMMON_VILLAGE, village)]
    lacking = sum(max(0, row.s - last_seq(connection, row.v, row.l)) for row in held)
    is_parted = any(_is_parted(connection, row) for row in held)
    statement = upsert(connection.dialect.name, table_of(Reported))
    statement = statement.on_conflict_do_update(
        index_elements=["village", "log"],
        set_={name: statement.excluded[name] for name in ("epoch", "lacking", "is_parted")},
    )
    row = {"village": village, "log": log, "epoch": epoch_of(connection), "lacking": lacking}
    connection.execute(statement, row | {"is_parted": int(is_parted)})


def readmit(connection: Connection, data: bytes, at: int) -> tuple[Hello, Known] | None:
    """Let a terminal in that says hello and was let in after the backup: the county once signed whose its key is.

    Only while the hub waits, and never a key that is known as shut out. Returns None where it is none.
    """
    try:
        unchecked = read_unchecked(data, Hello.KIND, Hello)
        word = heard((unchecked.certificate or "").encode(), Certificate.KIND, Certificate, hub_key(connection).public)
        said = heard(data, Hello.KIND, Hello, word.key)
    except SignatureError:
        return None
    is_known = any(known.public_key == word.key for known in list_terminals(connection, said.village))
    if not is_recovering(connection) or word.village != said.village or said.sealing is None or is_known:
        return None
    require_free_log(connection, said.village, said.log)
    terminal = Known(said.village, said.log, word.key, said.sealing, "active", 0, said.program, at, None)
    keep_terminal(connection, terminal)
    return said, terminal


def take_back(hub: Hub, village: int, lines: list[Sealed], word: bytes) -> str | None:
    """Store lines of a log of the county that a terminal hands back, all or none; return why not, if not.

    They are taken only if they end where the county itself once signed that they end, whoever brings them.
    """
    head = end_vouched_for(word, hub.key.public)
    if head is None or (head.village, head.log) != (village, COUNTY_LOG):
        return "head"
    try:
        with hub.write() as connection:
            _store_back(connection, village, lines, head)
    except GapError:
        return "gap"
    except ForkError:
        return "fork"
    except MalformedLineError:
        return "line"
    except _OtherChainError:
        return "head"
    return None


def note_backup(connection: Connection, at: int) -> None:
    """Remember when a backup was made."""
    set_value(connection, _BACKUP_AT, str(at))


def last_backup_at(connection: Connection) -> int | None:
    """Return when the last backup was made, in wall milliseconds, or None before the first."""
    value = value_of(connection, _BACKUP_AT)
    return None if value is None else int(value)


def _is_parted(connection: Connection, row: HeadSeen) -> bool:
    held = hash_at(connection, row.v, row.l, row.s)
    return held is not None and held[:SHORT_BYTES].hex() != row.h


def _store_back(connection: Connection, village: int, lines: list[Sealed], head: SignedHead) -> None:
    before = last_seq(connection, village, COUNTY_LOG)
    store(connection, village, COUNTY_LOG, lines)
    held = hash_at(connection, village, COUNTY_LOG, head.seq)
    is_beyond = last_seq(connection, village, COUNTY_LOG) > max(before, head.seq)
    if is_beyond or held is None or held.hex() != head.hash:
        raise _OtherChainError
