"""Which logs a terminal wrote one after the other: each begins by naming the one it continues."""

from sqlalchemy import Connection, select

from db.tables.statement import table_of
from db.tables.terminal import LogBegun


def lineage(connection: Connection, village: int, log: int) -> tuple[int, ...]:
    """Return a log and the logs it continues, the latest first: what a terminal wrote before it was restored."""
    begun = table_of(LogBegun).c
    rows = connection.execute(select(begun.log, begun.continues_log).where(begun.village == village))
    before = {row.log: row.continues_log for row in rows}
    found = [log]
    while (earlier := before.get(found[-1])) is not None and earlier not in found:
        found.append(earlier)
    return tuple(found)
