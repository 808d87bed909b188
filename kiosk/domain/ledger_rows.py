"""How ledgers read long tables: log by log, in pieces that hold no till up; and the names that stand in their rows."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, select

from db.journal import heads
from db.names import names_of
from db.tables.columns import Declared
from db.tables.people import Household, Person
from db.tables.statement import table_of
from db.tables.terminal import Operator
from kiosk.domain.people import HouseholdPlace
from kiosk.domain.report import PIECE, Period


def in_period(table: Table) -> Select[Any]:
    """Return the statement for the rows of a table that stand in a piece of a log and in a period."""
    column = table.c
    return select(table).where(
        column.village == bindparam("of_village"), column.log == bindparam("of_log"),
        column.seq > bindparam("after"), column.seq <= bindparam("upto"),
        column.day >= bindparam("first_day"), column.day <= bindparam("last_day"),
    )  # fmt: skip


def rows_of(connection: Connection, village: int, period: Period, statement: Select[Any]) -> list[Any]:
    """Return the rows of `in_period` of all logs, by day, log and number."""
    found: list[Any] = []
    for log, head in sorted(heads(connection, village).items()):
        for after in range(0, head.seq, PIECE):
            piece = {"of_log": log, "after": after, "upto": after + PIECE}
            days = {"first_day": period.first, "last_day": period.last}
            found += connection.execute(statement, {"of_village": village} | piece | days).all()
    return sorted(found, key=lambda row: (row.day, row.log, row.seq))


def households_named(
    connection: Connection, village: int, ids: Iterable[int | None]
) -> dict[int | None, tuple[HouseholdPlace, str]]:
    """Return place and head of households by id; one that is not known here is empty."""
    wanted = {each for each in ids if each is not None}
    rows = [row for row in _all_of(connection, Household, village) if row.household_id in wanted]
    names = names_of(connection, village, (row.name_id for row in rows))
    known = {
        row.household_id: (HouseholdPlace(row.group_number or 0, row.house_number or 0), names[row.name_id])
        for row in rows
    }
    nobody = HouseholdPlace(0, 0), ""
    return {each: known.get(each or 0, nobody) for each in {*wanted, None}}


def operators_named(connection: Connection, village: int) -> dict[int | None, str]:
    """Return the names of all operators by id; nobody's is empty."""
    rows = list(_all_of(connection, Operator, village))
    names = names_of(connection, village, (row.name_id for row in rows))
    return {None: ""} | {row.operator_id: names[row.name_id] for row in rows}


def persons_named(connection: Connection, village: int, ids: Iterable[int | None]) -> dict[int | None, str]:
    """Return the names of persons by id; nobody's is empty."""
    wanted = {each for each in ids if each is not None}
    rows = [row for row in _all_of(connection, Person, village) if row.person_id in wanted] if wanted else []
    names = names_of(connection, village, (row.name_id for row in rows))
    return {None: ""} | {row.person_id: names[row.name_id] for row in rows}


def _all_of(connection: Connection, model: type[Declared], village: int) -> Iterator[Any]:
    table = table_of(model)
    yield from connection.execute(select(table).where(table.c.village == village))
