"""What the hub keeps of itself by name: its key, its epoch, when it was restored, when a backup was made."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from county.tables import HubValue
from db.journal import COMMON_VILLAGE
from db.tables.statement import table_of, upsert


def value_of(connection: Connection, name: str) -> str | None:
    """Return a value, or None where there is none."""
    value: str | None = connection.execute(_statement(), {"of_name": name}).scalar_one_or_none()
    return value


def set_value(connection: Connection, name: str, value: str | None) -> None:
    """Keep a value; None forgets it."""
    statement = upsert(connection.dialect.name, table_of(HubValue))
    statement = statement.on_conflict_do_update(
        index_elements=["village", "name"], set_={"value": statement.excluded.value}
    )
    connection.execute(statement, {"village": COMMON_VILLAGE, "name": name, "value": value})


@cache
def _statement() -> Select[Any]:
    value = table_of(HubValue).c
    return select(value.value).where(value.village == COMMON_VILLAGE, value.name == bindparam("of_name"))
