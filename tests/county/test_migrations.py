"""The registry's own chain of migrations: it builds what is declared, on both engines, and takes older hubs along."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, inspect, select

from county import migrations
from county.hub import HubError, create_hub, open_engine, open_hub
from county.registry import make_code
from county.tables import HubValue, RegistryTable
from db.engine import open_sqlite, transaction
from db.tables.statement import table_of, tables_of
from tests.ledger import IN_MEMORY
from tests.postgres import ONE_WORKER
from tests.village import seeded


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=ONE_WORKER)])
def empty(request: pytest.FixtureRequest) -> Engine:
    """A database with nothing in it, on each of the two engines."""
    if request.param == "postgresql":
        engine: Engine = request.getfixturevalue("empty_postgres")
        return engine
    return open_sqlite(IN_MEMORY)


def described(connection: Connection) -> dict[str, Any]:
    """Columns, keys and options of every table but the one that holds the version."""
    inspector = inspect(connection)
    return {
        table: (
            [(column["name"], repr(column["type"]), column["nullable"]) for column in inspector.get_columns(table)],
            inspector.get_pk_constraint(table)["constrained_columns"],
            inspector.get_table_options(table),
            [column["name"] for column in inspector.get_columns(table)],
        )
        for table in inspector.get_table_names()
        if table != migrations.VERSION_TABLE
    }


def test_registry_is_as_declared_when_migrated(empty: Engine) -> None:
    """A hub that was migrated is the one the program was written for."""
    declared = tables_of(RegistryTable)
    with transaction(empty, is_write=True) as connection:
        migrations.upgrade(connection)
        migrated = described(connection)
        RegistryTable.home.drop_all(connection, declared)
        RegistryTable.home.create_all(connection, declared)
        assert migrated == described(connection)
        assert migrations.current_version(connection) == migrations.HEAD


@pytest.mark.parametrize("step", [None, "0001", "0002"])
def test_hub_keeps_what_it_knows_when_an_older_program_laid_it_out(tmp_path: Path, step: str | None) -> None:
    """Before there were steps, and at each step since: opening it brings it up to date."""
    create_hub(open_engine(tmp_path), seeded("hub")).close()
    engine = open_engine(tmp_path)
    with transaction(engine, is_write=True) as connection:
        lay_out_as_before(connection, step)
        make_code(connection, 123, 1, seeded("code"))
    hub = open_hub(engine)
    with hub.read() as connection:
        assert migrations.current_version(connection) == migrations.HEAD
        assert connection.exec_driver_sql("SELECT count(*) FROM enrolment_code").scalar_one() == 1
        held = described(connection)
        assert {table.name: set(held[table.name][3]) for table in tables_of(RegistryTable)} == {
            table.name: {column.name for column in table.columns} for table in tables_of(RegistryTable)
        }
    hub.close()


def lay_out_as_before(connection: Connection, step: str | None) -> None:
    """Give a hub the registry an older program made; None is one that knew no steps."""
    values = connection.execute(select(table_of(HubValue))).mappings().all()
    RegistryTable.home.drop_all(connection, tables_of(RegistryTable))
    connection.exec_driver_sql(f"DROP TABLE {migrations.VERSION_TABLE}")
    migrations.upgrade(connection, step or "0001")
    connection.execute(insert(table_of(HubValue)), [dict(row) for row in values])
    if step is None:
        connection.exec_driver_sql(f"DROP TABLE {migrations.VERSION_TABLE}")


def test_hub_is_left_alone_when_a_newer_program_laid_it_out(tmp_path: Path) -> None:
    """An older program does not know what the newer one keeps."""
    create_hub(open_engine(tmp_path), seeded("hub")).close()
    engine = open_engine(tmp_path)
    with transaction(engine, is_write=True) as connection:
        connection.exec_driver_sql("UPDATE county_version SET version_num = '9999'")
    with pytest.raises(HubError) as caught:
        open_hub(engine)
    assert caught.value.code == "schema"
