"""Slips as a debt: whatever promises one owes it until it is on paper or somebody goes on without it.

A redemption does, and what takes something back: a void, a return, the reversal of an entry.
"""

from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Insert, bindparam, delete, insert, select, update

from db.facts.period import SlipCopied
from db.line import Stamp, entity_id, origin_of
from db.store import Store
from db.tables.shop import Redemption
from db.tables.statement import table_of
from db.tables.workspace import SlipOwed

WAIVED: Final = -1
"""In place of a number of attempts: never printed, and nobody waits for it any more."""


def owe_slip(connection: Connection, village: int, fact_id: int) -> None:
    """Write down, inside the transaction of a fact, that its slip has not left the printer yet."""
    log, seq = origin_of(fact_id)
    connection.execute(_owe_statement(), {"village": village, "log": log, "seq": seq, "attempts": 0})


def slips_owed(store: Store) -> tuple[int, ...]:
    """Return the facts whose slips people still wait for, oldest first."""
    with store.read() as connection:
        return slips_owed_in(connection, store.village)


def slips_owed_in(connection: Connection, village: int) -> tuple[int, ...]:
    """Return the same inside a transaction."""
    owed = table_of(SlipOwed).c
    statement = select(owed.log, owed.seq).where(owed.village == village, owed.attempts != WAIVED)
    rows = connection.execute(statement.order_by(owed.log, owed.seq)).all()
    return tuple(entity_id(log, seq) for log, seq in rows)


def is_copy(connection: Connection, village: int, redemption_id: int) -> bool:
    """Say whether a slip printed now is a copy: one that is still owed, or was gone on without, is not."""
    log, seq = origin_of(redemption_id)
    owed = table_of(SlipOwed).c
    statement = select(owed.attempts).where(owed.village == village, owed.log == log, owed.seq == seq)
    return connection.execute(statement).first() is None


def settle_slip(store: Store, fact_id: int, *, now: Stamp, by: int) -> None:
    """The slip is on paper: a redemption's is a copy from now on, and every copy is noted for the close of the day."""
    log, seq = origin_of(fact_id)
    owed, made = table_of(SlipOwed), table_of(Redemption)
    with store.write(now=now, by=by) as act:
        is_it = (owed.c.village == act.village) & (owed.c.log == log) & (owed.c.seq == seq)
        if act.connection.execute(delete(owed).where(is_it)).rowcount:
            return
        is_made = (made.c.village == act.village) & (made.c.log == log) & (made.c.seq == seq)
        if act.connection.execute(select(made.c.seq).where(is_made)).first() is not None:
            act.append(SlipCopied(redemption=fact_id))


def waive_slips(store: Store, *fact_ids: int, now: Stamp, by: int) -> None:
    """Go on without these slips; each may still be printed later from the day's list, and is no copy then."""
    owed = table_of(SlipOwed)
    with store.write(now=now, by=by) as act:
        for log, seq in map(origin_of, fact_ids):
            is_it = (owed.c.village == act.village) & (owed.c.log == log) & (owed.c.seq == seq)
            act.connection.execute(update(owed).where(is_it).values(attempts=WAIVED))


@lru_cache(maxsize=1)
def _owe_statement() -> Insert:
    values: dict[str, Any] = {name: bindparam(name) for name in ("village", "log", "seq", "attempts")}
    return insert(table_of(SlipOwed)).values(values)
