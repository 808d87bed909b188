"""How consequences are written: rows of a fact, aspects by rank, and keys to recompute, gathered and flushed together.

A projection folds, it does not judge: it never refuses, looks up no price, rule or clock, and ends in the same
tables whatever order the facts came in.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, bindparam, or_

from db.line import Fact
from db.tables.columns import Declared
from db.tables.statement import table_of, upsert

Recompute: TypeAlias = Callable[[Connection, int, list[Any]], None]
PIECE: Final = 400


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
        dialect = self._connection.dialect.name
        for table, rows in self._rows.items():
            self._connection.execute(_insert_statement(dialect, table, tuple(rows[0])), rows)
        for (table, aspect, columns), rows in self._aspects.items():
            self._connection.execute(_hold_statement(dialect, table, aspect, columns), rows)
        for recompute, keys in self._touched.items():
            for piece in _pieces(list(keys)):
                recompute(self._connection, self._village, piece)
        self._rows.clear()
        self._aspects.clear()
        self._touched.clear()


@cache
def _insert_statement(dialect: str, model: type[Declared], columns: tuple[str, ...]) -> Any:  # noqa: ANN401  because upsert() is untyped
    return upsert(dialect, table_of(model)).values(_parameters(columns)).on_conflict_do_nothing()


@cache
def _hold_statement(dialect: str, model: type[Declared], aspect: str, columns: tuple[str, ...]) -> Any:  # noqa: ANN401  because upsert() is untyped
    table = table_of(model)
    keys = [column.name for column in table.primary_key]
    held = table.c[f"{aspect}_rank"]
    statement = upsert(dialect, table).values(_parameters(columns))
    return statement.on_conflict_do_update(
        index_elements=keys,
        set_={name: statement.excluded[name] for name in columns if name not in keys},
        where=or_(held.is_(None), statement.excluded[held.name] > held),
    )


def _parameters(columns: Iterable[str]) -> dict[str, Any]:
    return {name: bindparam(name) for name in columns}


def _pieces(keys: list[Any]) -> Iterable[list[Any]]:
    for start in range(0, len(keys), PIECE):
        yield keys[start : start + PIECE]
