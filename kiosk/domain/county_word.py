"""What the county says to this village and the desk has not read yet: messages, and exceptions that were settled."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, literal, select

from db.facts.notice import MessageRead
from db.journal import COMMON_VILLAGE
from db.line import COUNTY_LOG, Stamp, entity_id
from db.names import WORDS, names_of
from db.store import Store
from db.tables.columns import WHOLE
from db.tables.notice import Message, MessageMark
from db.tables.period import DayAct
from db.tables.statement import table_of
from kiosk.domain.access import Right, require_right
from kiosk.errors import Refused

SENT = "sent"
SETTLED = "settled"


@dataclass(frozen=True)
class CountyWord:
    """Something to read: fact `seq` of the common log, or of the county's log of this village.

    Of kind `sent` it has `words` of a `day`; of kind `settled` it says that `count` exceptions of a `cause` are
    settled, and `words` may say more. `at` is wall milliseconds.
    """

    is_common: bool
    seq: int
    kind: str
    words: str
    day: str | None
    cause: str | None
    count: int
    at: int


def list_words(store: Store) -> tuple[CountyWord, ...]:
    """Return what was not read yet, the oldest first; what was said to all before this village began is not for it."""
    with store.read() as connection:
        rows = connection.execute(_unread(), {"of_village": store.village}).all()
        words = {
            village: names_of(connection, village, [_id(row) for row in rows if row.village == village], WORDS)
            for village in (COMMON_VILLAGE, store.village)
        }
    return tuple(
        CountyWord(
            row.village == COMMON_VILLAGE, row.seq, row.kind, words[row.village][_id(row)], row.day, row.cause,
            row.quantity or 0, row.at or 0,
        )
        for row in rows
    )  # fmt: skip


def count_words(connection: Connection, village: int) -> int:
    """Return how much there is to read."""
    count: int = connection.execute(_count(), {"of_village": village}).scalar_one()
    return count


def mark_read(store: Store, word: CountyWord, *, now: Stamp, by: int) -> None:
    """Say that the desk has read something.

    Raises:
        Refused: there is no such thing, or it was read before (`county_word_read_before`).
        NotAllowed: nobody active stands at the desk (`operator_not_active`).
    """
    with store.write(now=now, by=by) as act:
        require_right(act.connection, act.village, by, Right.TAKE_DESK)
        rows = act.connection.execute(_unread(), {"of_village": act.village})
        if (word.is_common, word.seq) not in {(row.village == COMMON_VILLAGE, row.seq) for row in rows}:
            raise Refused("county_word_read_before")
        act.append(MessageRead(is_common=word.is_common, seq=word.seq))


def _id(row: Row[Any]) -> int:
    return entity_id(row.log, row.seq)


def _is_unread() -> ColumnElement[bool]:
    message, mark = table_of(Message), table_of(MessageMark).c
    village = bindparam("of_village", type_=WHOLE)
    is_common = (mark.is_common == 1) == (message.c.village == COMMON_VILLAGE)
    read = select(literal(1)).where(mark.village == village, mark.message_seq == message.c.seq, is_common)
    is_ours = message.c.village.in_([village, COMMON_VILLAGE]) & (message.c.log == COUNTY_LOG)
    act = table_of(DayAct).c
    first_day = select(func.min(act.day)).where(act.village == village, act.act == "opened").scalar_subquery()
    is_old = (message.c.village == COMMON_VILLAGE) & (message.c.day < first_day)
    return is_ours & is_old.is_not(True) & ~read.correlate(message).exists()


@lru_cache(maxsize=1)
def _unread() -> Select[Any]:
    message = table_of(Message)
    return select(message).where(_is_unread()).order_by(message.c.at, message.c.village, message.c.seq)


@lru_cache(maxsize=1)
def _count() -> Select[Any]:
    return select(func.count()).select_from(table_of(Message)).where(_is_unread())
