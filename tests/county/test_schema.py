"""The hub's tables may be cut by village: shown for every table, and for every statement of the hub's paths."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import reduce
from typing import Any
from unittest import mock

import pytest
from sqlalchemy import Connection, Delete, Engine, Insert, Select, Table, UniqueConstraint, Update, event
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.sql.visitors import iterate
from typer.testing import CliRunner

from county.cli import app
from county.county_log import county_log
from county.delivery import Delivery, end_delivery, take_frames
from county.hub import Hub, create_hub, follow_program
from county.intake import Caller, read_back, take_enrolment, take_hello
from county.projector import Projector
from county.registry import decide, make_code
from county.schema import (
    citus_statements,
    create_statements,
    distribute_again,
    distributed_tables,
    local_tables,
)
from county.value import set_value
from db import journal, projections
from db.bulk import copy_rows
from db.facts.body import transfer
from db.facts.people import HouseholdLeft
from db.journal import COMMON_VILLAGE
from db.line import chain
from db.tables.columns import Declared, GuardTable, WorkspaceTable
from db.tables.statement import tables_of
from db.wire.v1.message import Enrolment, Hello, SignedHead
from db.wire.v1.signed import Key
from db.wire.v1.steps import Stretch
from tests.bodies import award
from tests.county.restoring import lines
from tests.hub import take_frame
from tests.ledger import lines_of, new_store, write
from tests.postgres import ONE_WORKER
from tests.village import seeded

LOG = 77
KEY = Key(b"\x07" * 32)
EVERY = [*distributed_tables(), *local_tables()]
CITUS = """
CREATE TABLE pg_dist_partition (logicalrel regclass, col text, beside text, shards int);
CREATE FUNCTION create_distributed_table(
    t regclass, col text, colocate_with text DEFAULT NULL, shard_count int DEFAULT NULL
) RETURNS void LANGUAGE sql AS $$ INSERT INTO pg_dist_partition VALUES (t, col, colocate_with, shard_count) $$
"""
"""What Citus is asked for, as a stand-in that notes the calls: Citus itself is in no registry."""


@dataclass
class Written:
    """What one transaction did to tables that are cut: villages written, and statements not kept to a village."""

    villages: set[int] = field(default_factory=set)
    loose: list[str] = field(default_factory=list)


@contextmanager
def watched(engine: Engine) -> Iterator[list[Written]]:
    """Watch every transaction of an engine."""
    done = [Written()]
    cut = set(distributed_tables())

    def begin(_connection: Connection) -> None:
        done.append(Written())

    def execute(_connection: Connection, statement: Any, rows: Any, row: Any, _options: Any) -> None:  # noqa: ANN401  because the event is untyped
        touched = {each for each in iterate(statement) if isinstance(each, Table)} & cut
        if not isinstance(statement, Select | Insert | Update | Delete) or not touched:
            return
        bound = statement.compile(engine).params
        villages = {
            value
            for given in (rows or [row or {}])
            for name, value in (bound | given).items()
            if name in ("village", "of_village") or name.startswith("village_")
        } - {None}
        if not villages:
            done[-1].loose.append(str(statement))
        if not isinstance(statement, Select):
            done[-1].villages |= villages

    def copy(connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
        held = list(rows)
        place = list(table.columns.keys()).index("village")
        done[-1].villages |= {row[place] for row in held}
        copy_rows(connection, table, held)

    event.listen(engine, "begin", begin)
    event.listen(engine, "before_execute", execute)
    try:
        with mock.patch.object(journal, "copy_rows", copy):
            yield done
    finally:
        event.remove(engine, "begin", begin)
        event.remove(engine, "before_execute", execute)


def test_every_table_is_placed_when_the_hub_is_sharded() -> None:
    """Each class of tables is cut, or stays in one place, or belongs to desks; none is forgotten or named twice."""
    at_desks = {GuardTable, WorkspaceTable}
    placed = {table.name for table in EVERY}
    assert len(EVERY) == len(placed)
    for kind in (kind for kind in Declared.__subclasses__() if not kind.__module__.startswith("tests.")):
        names = {table.name for table in tables_of(kind)}
        assert names
        assert names.isdisjoint(placed) if kind in at_desks else names <= placed
    assert not placed & {table.name for kind in at_desks for table in tables_of(kind)}


@pytest.mark.parametrize("table", EVERY, ids=lambda table: str(table.name))
def test_table_may_be_cut_by_village_when_its_keys_begin_with_it(table: Table) -> None:
    """Primary key, unique constraints and indexes; no number comes from the server; no reference leaves the village."""
    keys = [list(table.primary_key.columns)]
    keys += [list(each.columns) for each in table.constraints if isinstance(each, UniqueConstraint)]
    keys += [list(index.columns) for index in table.indexes]
    assert [columns[0].name for columns in keys] == ["village"] * len(keys)
    for column in table.columns:
        assert (column.server_default, column.identity, column.computed, column.default) == (None,) * 4
        assert column.autoincrement is not True
        assert not column.primary_key or column.autoincrement is False
    for reference in table.foreign_key_constraints:
        assert "village" in reference.column_keys


def test_tables_are_written_for_postgresql_when_they_are_printed() -> None:
    """One CREATE TABLE each, without a sequence; the command prints them, and the calls."""
    statements = list(create_statements())
    created = [each for each in statements if each.startswith("CREATE TABLE")]
    assert len(created) == len(EVERY)
    assert not [each for each in statements if "SERIAL" in each or "IDENTITY" in each or "REFERENCES" in each]
    printed = CliRunner().invoke(app, ["schema"]).output
    assert all(each in printed for each in statements)
    said = CliRunner().invoke(app, ["schema", "--citus", "--shards", "64"]).output
    assert all(call in said for call in citus_statements(64))
    assert all(table.name in said.splitlines()[-1] for table in local_tables())


@ONE_WORKER
def test_every_table_is_distributed_once_when_the_calls_are_made_twice(empty_postgres: Engine) -> None:
    """On a real PostgreSQL with what Citus is asked for standing in; tables made anew are distributed again."""
    hub = create_hub(empty_postgres, seeded("hub"))
    with hub.write() as connection:
        assert distribute_again(connection) == 0
        for statement in (*CITUS.split(";"), *citus_statements(), *citus_statements()):
            connection.exec_driver_sql(statement)
        expected = sorted(table.name for table in distributed_tables())
        assert placed(connection) == expected
        assert connection.exec_driver_sql("SELECT DISTINCT col FROM pg_dist_partition").scalars().all() == ["village"]
        connection.exec_driver_sql("DELETE FROM pg_dist_partition WHERE logicalrel = 'balance'::regclass")
        set_value(connection, "projection_version", "0-older")
    assert follow_program(hub)
    with hub.read() as connection:
        statement = "SELECT count(*) FROM pg_dist_partition WHERE logicalrel = 'balance'::regclass"
        assert connection.exec_driver_sql(statement).scalar_one() == 1


def placed(connection: Connection) -> list[str]:
    """Which tables the stand-in was asked to distribute."""
    return sorted(connection.exec_driver_sql("SELECT logicalrel::text FROM pg_dist_partition").scalars())


def test_transactions_keep_to_a_village_when_two_villages_report(any_hub: Hub) -> None:
    """Enrolment, hello, frames, heads, reading back, projecting, publishing: what is written is one village's alone.

    Only what looks over all villages reads more: which of them there are, and who was told of a household that moves.
    """
    with watched(any_hub.engine) as done:
        for village in (123, 124):
            act(any_hub, village)
        act(any_hub, 123)
        leave(any_hub, 123, 124)
        projector = Projector(any_hub)
        projector.start()
        assert projector.settle(30)
        projector.stop()
        with county_log(any_hub, 124) as log:
            log.say(award(9, 100), {"note": "补发"})
        with county_log(any_hub, COMMON_VILLAGE) as log:
            log.say(award(9, 100))
    loose = {statement for each in done for statement in each.loose}
    assert [each for each in loose if "DISTINCT line.village" not in each and "FROM arrival" not in each] == []
    assert {len(each.villages) for each in done} == {0, 1}
    assert {village for each in done for village in each.villages} == {123, 124, COMMON_VILLAGE}
    with any_hub.read() as connection:
        assert journal.last_seq(connection, 124, 0) == 2


def leave(hub: Hub, village: int, to_village: int) -> None:
    """A household moves, which the projector passes on to the other village."""
    store = new_store(LOG + 1, village)
    legs = transfer("issued", 9, -100)
    left = HouseholdLeft(household=9, to_village=to_village, points=100, signer=1, legs=legs)
    write(store, award(9, 100), left)
    with store.read() as connection:
        take_frame(hub, Caller(village, LOG + 1), lines_of(connection, village, LOG + 1))


def act(hub: Hub, village: int) -> None:
    """All that a terminal makes the hub do."""
    with hub.write() as connection:
        code = make_code(connection, village, hub.now(), os.urandom)
    said = Enrolment(village=village, log=LOG, code=code, key=KEY.public, sealing=KEY.sealing, program="kiosk 1")
    take_enrolment(hub, KEY.say("enrol", said))
    with hub.write() as connection:
        decide(connection, village, LOG, "active", hub.now())
    take_hello(hub, KEY.say("hello", Hello(village=village, log=LOG, nonce="0" * 16, program="kiosk 1")))
    caller = Caller(village, LOG)
    brought = lines(village, 5)
    reached = reduce(chain, (each.line for each in brought), bytes(32)).hex()
    word = SignedHead(village=village, log=LOG, seq=5, hash=reached)
    delivery = Delivery(hub, caller, village, LOG, KEY.say("head", word))
    take_frames(delivery, [brought[:2], brought[2:4]])
    assert end_delivery(delivery, [brought[4:]], None)[1] is None
    read_back(hub, caller, Stretch(COMMON_VILLAGE, 0, 0), 8_192)
    with hub.write() as connection:
        projections.project(connection, village)


def test_statement_is_noticed_when_it_leaves_its_village(any_hub: Hub) -> None:
    """What the test above relies on: a read of all villages, and a transaction that writes two."""
    with watched(any_hub.engine) as done:
        with any_hub.read() as connection:
            journal.villages(connection)
        assert done[-1].loose
        with any_hub.write() as connection:
            for village in (123, 124):
                journal.store(connection, village, LOG, lines(village, 2))
        assert done[-1].villages == {123, 124}


@ONE_WORKER
def test_lines_stay_as_they_are_when_a_role_has_what_it_needs_and_no_more(empty_postgres: Engine) -> None:
    """With the rights that are printed the hub takes reports, projects and publishes; no line is changed or removed."""
    hub = create_hub(empty_postgres, seeded("hub"))
    role = f"county_{empty_postgres.url.database}"
    said = CliRunner().invoke(app, ["schema", "--role", role]).output
    with hub.write() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {role}")
        for statement in said.splitlines():
            connection.exec_driver_sql(statement)
    event.listen(empty_postgres, "begin", lambda connection: connection.exec_driver_sql(f"SET LOCAL ROLE {role}"))
    act(hub, 123)
    assert not follow_program(hub)
    with county_log(hub, 123) as log:
        log.say(award(9, 100), {"note": "补发"})
    for forbidden in (
        "UPDATE line SET line = hash", "DELETE FROM line", "TRUNCATE line", "DROP TABLE line",
        "DELETE FROM private_text", "UPDATE private_text SET seq = 9", "CREATE TABLE mine (n int)",
    ):  # fmt: skip
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), hub.write() as connection:
            connection.exec_driver_sql(forbidden)
    with hub.write() as connection:
        connection.exec_driver_sql("UPDATE private_text SET salt = NULL, text = NULL")
    with empty_postgres.connect() as connection:
        connection.exec_driver_sql("RESET ROLE")
        connection.exec_driver_sql(f"DROP OWNED BY {role}")
        connection.exec_driver_sql(f"DROP ROLE {role}")
        connection.commit()
