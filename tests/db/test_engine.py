"""The engine: its mode read back, strict tables, an append-only journal, transactions that take the lock at once."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Select, bindparam, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from db import engine as engines
from db import projections
from db.engine import PRAGMAS, effective_pragmas, missing_triggers, open_sqlite, transaction
from db.facts.people import HouseholdRegistered
from db.store import Store, create_store, store_file
from db.tables.people import Household
from db.tables.statement import table_of
from tests.ledger import NOW, VILLAGE, every_table, write


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A store in a file, with one household registered."""
    engine = open_sqlite(store_file(tmp_path))
    write(create_store(engine, VILLAGE), HouseholdRegistered(group=3, house=12), private={"name": "王明"})
    return engine


def test_pragmas_are_those_asked_for_when_read_back_from_the_engine(engine: Engine) -> None:
    """What was set is what the engine says it uses, on this connection and on a second one."""
    with transaction(engine, is_write=False) as connection:
        assert effective_pragmas(connection) == PRAGMAS
    assert engine.url.database is not None
    again = open_sqlite(Path(engine.url.database))
    with transaction(again, is_write=False) as connection:
        assert effective_pragmas(connection) == PRAGMAS
    again.dispose()


def test_store_is_one_file_when_closed(engine: Engine, tmp_path: Path) -> None:
    """A rollback journal leaves nothing beside the store that a copy could forget."""
    engine.dispose()
    assert [path.name for path in tmp_path.iterdir()] == ["store.db"]


def test_rows_are_those_of_the_statement_when_looked_up(engine: Engine) -> None:
    """Plain tuples, by a value that is given and one that stands in the statement; nothing is left begun."""
    assert engines.look_up(engine, _houses, of_village=VILLAGE) == [(12,)]
    assert engines.look_up(engine, _houses, of_village=VILLAGE + 1) == []
    with transaction(engine, is_write=True):
        pass


def test_failure_is_the_same_as_elsewhere_when_a_table_is_not_there(engine: Engine) -> None:
    """What explains a failing store to people explains this one too."""
    with transaction(engine, is_write=True) as connection:
        connection.exec_driver_sql("DROP TABLE household")
    with pytest.raises(OperationalError, match="no such table"):
        engines.look_up(engine, _houses, of_village=VILLAGE)


def _houses() -> Select[Any]:
    household = table_of(Household).c
    return select(household.house_number).where(
        household.village == bindparam("of_village"), household.group_number == 3
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE line SET line = X'00'",
        "UPDATE line SET turn = 5 WHERE seq = 1",
        "DELETE FROM line",
        "DELETE FROM line WHERE seq = 1",
        "REPLACE INTO line SELECT village, log, seq, turn, kind, hash, X'00' FROM line",
        "INSERT INTO line SELECT * FROM line WHERE true ON CONFLICT DO UPDATE SET line = X'00'",
        "UPDATE private_text SET text = '{}'",
        "UPDATE private_text SET salt = X'00', text = NULL",
        "UPDATE private_text SET seq = 9",
        "DELETE FROM private_text",
        "REPLACE INTO private_text SELECT village, log, seq, salt, '{}' FROM private_text",
    ],
)
def test_journal_refuses_when_a_statement_would_change_it(engine: Engine, statement: str) -> None:
    """Lines are only added, whoever holds this connection."""
    with (
        pytest.raises(IntegrityError, match="journal_is_append_only"),
        transaction(engine, is_write=True) as connection,
    ):
        connection.execute(text(statement))
    with transaction(engine, is_write=False) as connection:
        assert connection.execute(text("SELECT count(*) FROM line")).scalar_one() == 1
        assert connection.execute(text("SELECT text FROM private_text")).scalar_one() == '{"name":"王明"}'


def test_private_text_is_gone_when_it_is_erased(engine: Engine) -> None:
    """Erasing is the one change the journal allows."""
    with transaction(engine, is_write=True) as connection:
        connection.execute(text("UPDATE private_text SET salt = NULL, text = NULL"))
    with transaction(engine, is_write=False) as connection:
        assert connection.execute(text("SELECT salt, text FROM private_text")).one() == (None, None)


@pytest.mark.parametrize("trigger", sorted(engines._TRIGGERS))
def test_trigger_is_missed_when_somebody_dropped_it(engine: Engine, trigger: str) -> None:
    """Each of them is looked for, and can be made again."""
    with transaction(engine, is_write=True) as connection:
        assert missing_triggers(connection) == []
        connection.execute(text(f"DROP TRIGGER {trigger}"))
        assert missing_triggers(connection) == [trigger]
        engines.create_triggers(connection)
        assert missing_triggers(connection) == []


def test_every_table_is_strict_and_keyed_when_listed(engine: Engine) -> None:
    """STRICT and WITHOUT ROWID hold for every table of ours, whoever created it."""
    ours = {table.name for table in every_table()}
    with transaction(engine, is_write=False) as connection:
        listed = connection.execute(text("SELECT name, wr, strict FROM pragma_table_list WHERE schema = 'main'")).all()
    kinds = {name: (keyed, strict) for name, keyed, strict in listed}
    assert {name: kinds.get(name) for name in ours} == dict.fromkeys(ours, (1, 1))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO balance VALUES (1, 1, 'many')",
        "INSERT INTO balance VALUES (1, 1, 1.5)",
        "INSERT INTO card (village, card_id, number) VALUES (1, 1, X'00')",
        "INSERT INTO line (village, log, seq, line) VALUES (1, 1, 1, 'text')",
        "INSERT INTO balance (village, household_id) VALUES (1, NULL)",
        "INSERT INTO own_log (log) VALUES (1)",
    ],
)
def test_engine_refuses_when_a_value_has_another_type(engine: Engine, statement: str) -> None:
    """No number turns into text on its way, and no key is null."""
    with pytest.raises(DatabaseError), transaction(engine, is_write=True) as connection:
        connection.execute(text(statement))


def test_write_takes_the_lock_when_it_begins(engine: Engine) -> None:
    """What a write reads first is still true when it commits: a second writer waits, a reader does not."""
    assert engine.url.database is not None
    other = open_sqlite(Path(engine.url.database))
    with transaction(engine, is_write=True):
        with transaction(other, is_write=False) as connection:
            assert connection.execute(text("SELECT count(*) FROM line")).scalar_one() == 1
            connection.execute(text("PRAGMA busy_timeout = 0"))
        with pytest.raises(OperationalError, match="locked"), transaction(other, is_write=True):
            pass
    other.dispose()


def test_nothing_is_written_when_the_block_raises(engine: Engine) -> None:
    """A transaction is whole or absent, tables created in it included."""
    with suppress(ZeroDivisionError), transaction(engine, is_write=True) as connection:
        connection.execute(text("CREATE TABLE t (a)"))
        connection.execute(text("INSERT INTO balance VALUES (1, 1, 1)"))
        raise ZeroDivisionError
    with transaction(engine, is_write=False) as connection:
        assert connection.execute(text("SELECT count(*) FROM balance")).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 't'")).scalar_one() == 0


def test_outer_write_fails_when_a_second_transaction_begins_inside(engine: Engine) -> None:
    """One connection, one transaction: nesting is a mistake that is noticed and leaves nothing half done."""
    store = Store(engine, VILLAGE)
    with suppress(OperationalError), store.write(now=NOW, by=None) as act:
        act.append(HouseholdRegistered(group=1, house=1))
        with store.read():
            pytest.fail("a transaction began inside another")
    with store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM line")).scalar_one() == 1


def test_engine_is_refused_when_sqlite_is_older_than_strict_tables(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A store that cannot be strict is not opened."""
    monkeypatch.setattr("db.engine.sqlite3.sqlite_version_info", (3, 36, 0))
    with pytest.raises(RuntimeError, match="sqlite"):
        open_sqlite(store_file(tmp_path))


def test_partial_index_keeps_its_condition_when_the_engine_is_the_other(postgres: Engine) -> None:
    """Declared once, for the desk's engine; the hub's has it too."""
    wanted = {
        index.name
        for table in projections.tables()
        for index in table.indexes
        if index.dialect_kwargs.get("sqlite_where") is not None
    }
    assert "posting_source" in wanted
    found = text("SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE '% WHERE %'")
    with transaction(postgres, is_write=False) as connection:
        assert set(connection.execute(found).scalars()) == wanted


COLLATED_BY_BYTES = """
SELECT table_name, column_name FROM information_schema.columns WHERE collation_name = 'C' AND table_schema = 'public'
"""


def test_ranks_sort_by_bytes_when_the_database_sorts_otherwise(postgres: Engine) -> None:
    """On PostgreSQL every rank column, and every text that is part of a key, says for itself how it is compared."""
    ranks = {
        (table.name, column.name)
        for table in projections.tables()
        for column in table.columns
        if column.name == "rank"
        or column.name.endswith("_rank")
        or (column.primary_key and column.type.python_type is str)
    }
    found = text(COLLATED_BY_BYTES)
    with transaction(postgres, is_write=False) as connection:
        assert {tuple(row) for row in connection.execute(found)} == ranks
