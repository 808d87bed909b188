"""Tells SQLite how large tables get, so that it takes the index that fits from the first fact on.

Every key begins with the village, of which a terminal has one. SQLite without statistics takes that first column for a
narrow one and reads a whole table where an index would give one row. The figures are fixed: the plan of a statement is
the same on an empty store, on a full one and in a test.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

ROWS: Final = 1_000_000
"""Rows taken for each table."""
ROWS_OF_ONE: Final = 20
"""Rows taken for one value of a column that is part of an index: entries of a household, persons of a name."""
_WIDE: Final = frozenset({"village", "log", "state", "kind"})
"""Columns with few values, each of which many rows share."""


def state_sizes(connection: Connection) -> None:
    """Write the sizes of all tables and indexes that are there; on another engine than SQLite it is not needed."""
    if connection.dialect.name != "sqlite":
        return
    connection.exec_driver_sql("ANALYZE sqlite_master")
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    rows = list(_sizes(connection))
    connection.exec_driver_sql("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", rows)
    connection.exec_driver_sql("ANALYZE sqlite_master")


def _sizes(connection: Connection) -> Iterator[tuple[str, str, str]]:
    tables = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    )
    for table in list(tables.scalars()):
        indexes = connection.exec_driver_sql('SELECT name, "unique", origin FROM pragma_index_list(?)', (table,))
        for index, is_unique, origin in indexes.all():
            # a table without rowid is its own primary key
            yield table, table if origin == "pk" else index, _size(connection, index, is_unique=bool(is_unique))


def _size(connection: Connection, index: str, *, is_unique: bool) -> str:
    """Rows in all, then rows that share the first column, the first two, and so on."""
    columns = connection.exec_driver_sql("SELECT name FROM pragma_index_info(?) ORDER BY seqno", (index,)).scalars()
    sizes = [ROWS]
    for column in columns:
        sizes.append(min(sizes[-1], ROWS if column in _WIDE else ROWS_OF_ONE))
    if is_unique:
        sizes[-1] = 1
    return " ".join([*map(str, sizes), "noskipscan"])
