"""The hub's tables on PostgreSQL, and sharded by village with Citus: what is distributed, and what stays in one place.

Everything is generated from the declarations of the tables, so a new table is never forgotten. Every key begins with
the village, and a transaction writes one village alone, so a village's rows lie and move together.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import URL, Connection, Table
from sqlalchemy.schema import CreateIndex, CreateTable

from county.migrations import VERSION_TABLE
from county.tables import RegistryTable
from db import projections
from db.tables.columns import JournalTable
from db.tables.journal import Line, PrivateText
from db.tables.statement import follow_engine, table_of, tables_of

COLUMN: Final = "village"
SHARDS: Final = 32
_IS_NOT_YET: Final = "NOT EXISTS (SELECT 1 FROM pg_dist_partition WHERE logicalrel = '{}'::regclass)"


def distributed_tables() -> list[Table]:
    """Return the tables that are cut by village, the one first beside which the others lie."""
    return [*tables_of(JournalTable), *projections.tables()]


def local_tables() -> list[Table]:
    """Return the hub's own tables: small, asked at every call, and kept on the coordinator alone."""
    return list(tables_of(RegistryTable))


def create_statements() -> Iterator[str]:
    """Yield the statements that make the hub's tables on PostgreSQL, with their indexes."""
    tables = [*distributed_tables(), *local_tables()]
    follow_engine("postgresql", tables)
    dialect = URL.create("postgresql+psycopg").get_dialect()()
    for table in tables:
        yield str(CreateTable(table).compile(dialect=dialect)).strip()
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield str(CreateIndex(index).compile(dialect=dialect)).strip()


def citus_statements(shards: int = SHARDS) -> Iterator[str]:
    """Yield the calls that distribute every table; they may be repeated, for what is distributed is left alone."""
    first, *others = distributed_tables()
    yield _distribute(first, f"shard_count => {shards}")
    for table in others:
        yield _distribute(table, f"colocate_with => '{first.name}'")


def grant_statements(role: str) -> Iterator[str]:
    """Yield what a role needs to serve and publish, and nothing more: lines are read and added, never changed.

    The owner lays the hub out and starts it after an update.
    """
    quoted = '"' + role.replace('"', '""') + '"'
    of_table = dict.fromkeys(local_tables(), "SELECT, INSERT, UPDATE") | dict.fromkeys(
        projections.tables(), "SELECT, INSERT, UPDATE, DELETE"
    )
    of_table |= {table_of(Line): "SELECT, INSERT", table_of(PrivateText): "SELECT, INSERT, UPDATE (salt, text)"}
    for table, rights in of_table.items():
        yield f"GRANT {rights} ON {table.name} TO {quoted};"
    for chain in ("alembic_version", VERSION_TABLE):
        yield f"GRANT SELECT ON {chain} TO {quoted};"


def distribute_again(connection: Connection) -> int:
    """Distribute tables that were made anew, where this database is sharded; return how many calls there were."""
    if connection.dialect.name != "postgresql" or not _is_sharded(connection):
        return 0
    calls = list(citus_statements())
    for call in calls:
        connection.exec_driver_sql(call)
    return len(calls)


def names(tables: Sequence[Table]) -> str:
    """Return the names of tables in one line."""
    return ", ".join(table.name for table in tables)


def _is_sharded(connection: Connection) -> bool:
    statement = "SELECT count(*) FROM pg_dist_partition WHERE logicalrel = 'line'::regclass"
    has_citus = connection.exec_driver_sql("SELECT to_regclass('pg_dist_partition') IS NOT NULL").scalar_one()
    return bool(has_citus and connection.exec_driver_sql(statement).scalar_one())


def _distribute(table: Table, how: str) -> str:
    call = f"create_distributed_table('{table.name}', '{COLUMN}', {how})"
    return f"SELECT {call} WHERE {_IS_NOT_YET.format(table.name)};"
