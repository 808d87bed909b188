"""From a declaration to a Core statement: rows are read and written through these, never through the ORM."""

from collections.abc import Iterable, Sequence
from functools import cache
from threading import Lock
from typing import Any, Final

from sqlalchemy import Column, Table
from sqlalchemy.dialects import sqlite
from sqlmodel.main import get_column_from_field

from db.tables.columns import Declared

_building: Final = Lock()


@cache
def table_of(model: type[Declared]) -> Table:
    """Return the table of a declaration, built when it is asked for first, by whichever thread."""
    with _building:
        known = model.home.tables.get(model.__tablename__)
        return known if known is not None else _build(model)


def tables_of(home: type[Declared]) -> Sequence[Table]:
    """Return the tables of every declaration loaded so far of a class of tables, in an order to create them in."""
    for model in home.__subclasses__():
        table_of(model)
    return home.home.sorted_tables


def follow_engine(dialect: str, tables: Iterable[Table]) -> None:
    """Give partial indexes their condition on PostgreSQL as well, before they are created there.

    They are declared with `sqlite_where` alone: to name the other engine beside it would load that engine on each desk.
    """
    if dialect == "postgresql":
        for index in (index for table in tables for index in table.indexes):
            index.dialect_kwargs["postgresql_where"] = index.dialect_kwargs.get("sqlite_where")


def upsert(dialect: str, table: Table) -> Any:  # noqa: ANN401  because the two dialects share no type
    """Return the engine's INSERT that knows ON CONFLICT."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # a desk never needs it

        return postgresql.insert(table)
    return sqlite.insert(table)


def _build(model: type[Declared]) -> Table:
    columns = [_named(name, get_column_from_field(field)) for name, field in model.model_fields.items()]
    *constraints, options = model.__table_args__
    return Table(model.__tablename__, model.home, *columns, *constraints, **options)


def _named(name: str, column: Column[Any]) -> Column[Any]:
    column.name = column.key = name
    return column
