"""From a declaration to a Core statement: writes go through these, never through the ORM."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlmodel import SQLModel


def table_of(model: type[SQLModel]) -> Table:
    """Return the table behind a declaration."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # because SQLModel adds it at class creation
    return table


def upsert(dialect: str, table: Table) -> Any:  # noqa: ANN401  because the two dialects share no type
    """Return the engine's INSERT that knows ON CONFLICT."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # a desk never needs it

        return postgresql.insert(table)
    return sqlite.insert(table)
