"""To which villages the county may say something: those it gave a code, or let report."""

from sqlalchemy import Connection, select, union

from county.tables import EnrolmentCode, Terminal
from db.tables.statement import table_of


def known_villages(connection: Connection) -> frozenset[int]:
    """Return the numbers of the villages the county knows."""
    codes, terminals = table_of(EnrolmentCode).c, table_of(Terminal).c
    return frozenset(connection.execute(union(select(codes.village), select(terminals.village))).scalars())
