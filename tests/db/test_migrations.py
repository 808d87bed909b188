"""Migrations: what they build is what the declarations say, on both engines, inside the caller's transaction."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, inspect, text

from db import migrations, projections
from db.engine import open_sqlite, transaction
from db.migrations import HEAD, current_version, upgrade
from db.tables.columns import JournalTable, WorkspaceTable
from tests.ledger import IN_MEMORY, every_table
from tests.postgres import ONE_WORKER

MIGRATED = (JournalTable.home, WorkspaceTable.home)


@pytest.fixture(autouse=True, scope="module")
def _built() -> None:
    """Build every table that is declared; until somebody asks for one it has no home."""
    assert len(every_table()) > 20


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=ONE_WORKER)])
def empty(request: pytest.FixtureRequest) -> Engine:
    """A database with nothing in it, on each of the two engines."""
    if request.param == "postgresql":
        engine: Engine = request.getfixturevalue("empty_postgres")
        return engine
    return open_sqlite(IN_MEMORY)


def described(connection: Connection) -> dict[str, Any]:
    """Everything the engine can say about the tables in it, but the one that holds the version."""
    inspector = inspect(connection)
    return {
        table: {
            "columns": [
                (column["name"], repr(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(table)
            ],
            "key": inspector.get_pk_constraint(table)["constrained_columns"],
            "indexes": sorted(
                (index["name"], index["column_names"], index["unique"]) for index in inspector.get_indexes(table)
            ),
            "options": inspector.get_table_options(table),
            "checks": inspector.get_check_constraints(table),
            "unique": inspector.get_unique_constraints(table),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }  # fmt: skip


def test_tables_are_those_declared_when_migrated(empty: Engine) -> None:
    """Columns, types, nulls, keys, indexes and options: a migrated store is the one the program was written for."""
    with transaction(empty, is_write=True) as connection:
        upgrade(connection)
        migrated = described(connection)
        for metadata in MIGRATED:
            metadata.drop_all(connection)
        assert described(connection) == {}
        for metadata in MIGRATED:
            metadata.create_all(connection)
        declared = described(connection)
    assert set(migrated) == {name for metadata in MIGRATED for name in metadata.tables}
    assert migrated == declared


def test_sqlite_text_of_tables_is_that_declared_when_migrated() -> None:
    """STRICT and WITHOUT ROWID included, which no inspector shows."""
    engine = open_sqlite(IN_MEMORY)
    with transaction(engine, is_write=True) as connection:
        upgrade(connection)
        migrated = written(connection)
        for metadata in MIGRATED:
            metadata.drop_all(connection)
            metadata.create_all(connection)
        declared = written(connection)
    assert migrated == declared
    assert all("STRICT" in said for name, said in migrated.items() if said.startswith("CREATE TABLE"))


def written(connection: Connection) -> dict[str, str]:
    """What SQLite keeps of the statements that made each table and index."""
    rows = connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE sql NOT NULL AND name <> 'alembic_version'")
    )
    return {name: " ".join(said.split()) for name, said in rows}


def test_version_is_known_when_migrated(empty: Engine) -> None:
    """None where there is no store, the head afterwards; a second run does nothing."""
    with transaction(empty, is_write=True) as connection:
        assert current_version(connection) is None
        upgrade(connection)
        assert current_version(connection) == HEAD
        upgrade(connection)
        assert current_version(connection) == HEAD


def test_database_stays_empty_when_the_transaction_of_a_migration_is_cut(empty: Engine) -> None:
    """The version and the tables come together or not at all."""
    with suppress(ZeroDivisionError), transaction(empty, is_write=True) as connection:
        upgrade(connection)
        raise ZeroDivisionError
    with transaction(empty, is_write=False) as connection:
        assert inspect(connection).get_table_names() == []
        assert current_version(connection) is None


def test_head_is_the_last_file_when_the_folder_is_read() -> None:
    """The number the program compares with is that of the newest step."""
    steps = sorted((Path(migrations.__file__).parent / "versions").glob("[0-9]*.py"))
    assert steps[-1].name.startswith(f"{HEAD}_")


def test_no_table_has_two_homes_when_all_are_listed() -> None:
    """Migrated, rebuilt or recreated: each table belongs to one class."""
    names = [table.name for table in every_table()]
    assert len(names) == len(set(names)) > 20


def test_village_comes_first_when_a_key_is_read() -> None:
    """The county's store is the same store with more villages in it."""
    for table in every_table():
        assert next(iter(table.primary_key)).name == "village"


def test_projection_columns_may_be_null_when_they_are_no_key() -> None:
    """A projection never refuses: no CHECK, UNIQUE, foreign key or NOT NULL beyond the key."""
    for table in projections.tables():
        assert all(column.nullable for column in table.columns if not column.primary_key)
        assert {type(constraint).__name__ for constraint in table.constraints} == {"PrimaryKeyConstraint"}
        assert not any(index.unique for index in table.indexes)
