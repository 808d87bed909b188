"""How consequences are written: rows of a fact, aspects by rank, and keys to recompute, gathered and flushed together.

A projection folds, it does not judge: it never refuses, looks up no price, rule or clock, and ends in the same
tables whatever order the facts came in.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import Any, Final, TypeAlias

from sqlalchemy import JSON, Connection, Text, bindparam, cast, column, func, or_, select

from db.line import Fact
from db.tables.columns import Declared
from db.tables.statement import table_of, upsert

Recompute: TypeAlias = Callable[[Connection, int, list[Any]], None]
PIECE: Final = 400
FEW: Final = 8
"""Rows that are as well written one by one."""


class Batch:
    """The consequences of some facts of one village, not yet written."""

    def __init__(self, connection: Connection, village: int) -> None:
        """Begin an empty batch inside the transaction of `connection`."""
        self._connection = connection
        self._village = village
        self._rows: dict[type[Declared], list[dict[str, Any]]] = defaultdict(list)
        self._aspects: dict[tuple[type[Declared], str, tuple[str, ...]], list[dict[str, Any]]] = defaultdict(list)
        self._touched: dict[Recompute, dict[Any, None]] = defaultdict(dict)

    def insert(self, table: type[Declared], fact: Fact, **values: Any) -> None:  # noqa: ANN401  because columns differ
        """Add a row of the fact itself, keyed (village, log, seq) and `n` where the table has one."""
        self._rows[table].append({"village": self._village, "log": fact.log, "seq": fact.seq} | values)

    def hold(self, table: type[Declared], aspect: str, fact: Fact, key: Mapping[str, int | str], **values: Any) -> None:  # noqa: ANN401  because columns differ
        """Set one aspect of the row `key`, unless a fact of higher rank already holds it (column `<aspect>_rank`)."""
        row = {"village": self._village, **key, **values, f"{aspect}_rank": fact.rank}
        self._aspects[(table, aspect, tuple(row))].append(row)

    def touch(self, recompute: Recompute, *keys: Any) -> None:  # noqa: ANN401  because keys differ by family
        """Remember keys whose rows must be computed again from the family's own rows."""
        self._touched[recompute].update(dict.fromkeys(keys))

    def flush(self) -> None:
        """Write everything: rows, aspects, then the recomputations in the order in which they were first touched."""
        for table, rows in self._rows.items():
            columns = tuple(rows[0])
            self._write(partial(_insert_statement, model=table, columns=columns), rows)
        for (table, aspect, columns), rows in self._aspects.items():
            highest = _highest(rows, [column.name for column in table_of(table).primary_key], f"{aspect}_rank")
            self._write(partial(_hold_statement, model=table, aspect=aspect, columns=columns), highest)
        for recompute, keys in self._touched.items():
            for piece in _pieces(list(keys)):
                recompute(self._connection, self._village, piece)
        self._rows.clear()
        self._aspects.clear()
        self._touched.clear()

    def _write(self, statement: Callable[..., Any], rows: list[dict[str, Any]]) -> None:
        """Write rows of the same columns: one by one, or as one JSON text where the engine reads that far faster."""
        dialect = self._connection.dialect.name
        if dialect == "postgresql" and len(rows) > FEW:
            given = {"of_village": self._village, "rows": json.dumps(rows, ensure_ascii=False)}
            self._connection.execute(statement(dialect, is_text=True), given)
        else:
            self._connection.execute(statement(dialect, is_text=False), rows)


@cache
def _insert_statement(dialect: str, model: type[Declared], columns: tuple[str, ...], *, is_text: bool) -> Any:  # noqa: ANN401  because upsert() is untyped
    return _filled(upsert(dialect, table_of(model)), columns, is_text=is_text).on_conflict_do_nothing()


@cache
def _hold_statement(
    dialect: str, model: type[Declared], aspect: str, columns: tuple[str, ...], *, is_text: bool
) -> Any:  # noqa: ANN401  because upsert() is untyped
    table = table_of(model)
    keys = [column.name for column in table.primary_key]
    held = table.c[f"{aspect}_rank"]
    statement = _filled(upsert(dialect, table), columns, is_text=is_text)
    return statement.on_conflict_do_update(
        index_elements=keys,
        set_={name: statement.excluded[name] for name in columns if name not in keys},
        where=or_(held.is_(None), statement.excluded[held.name] > held),
    )


def _filled(statement: Any, columns: tuple[str, ...], *, is_text: bool) -> Any:  # noqa: ANN401  because upsert() is untyped
    """Give an INSERT its values: a parameter a column, or the rows of a JSON text, all of the village."""
    if not is_text:
        return statement.values({name: bindparam(name) for name in columns})
    table = statement.table
    typed = [column(name, table.c[name].type) for name in columns]
    text = cast(bindparam("rows", type_=Text), JSON)
    given = func.json_to_recordset(text).table_valued(*typed).render_derived(name="given", with_types=True)
    chosen = select(*(given.c[name] for name in columns)).where(given.c.village == bindparam("of_village"))
    return statement.from_select(columns, chosen)


def _highest(rows: Iterable[dict[str, Any]], keys: list[str], rank: str) -> list[dict[str, Any]]:
    """Return of the rows with the same key the one of highest rank: one statement changes no row twice."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        key = tuple(row[name] for name in keys)
        if key not in found or row[rank] > found[key][rank]:
            found[key] = row
    return list(found.values())


def _pieces(keys: list[Any]) -> Iterable[list[Any]]:
    for start in range(0, len(keys), PIECE):
        yield keys[start : start + PIECE]
