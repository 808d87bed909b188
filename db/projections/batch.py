"""How consequences are written: rows of a fact, aspects by rank, and keys to recompute, gathered and flushed together.

A projection folds, it does not judge: it never refuses, looks up no price, rule or clock, and ends in the same
tables whatever order the facts came in.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from operator import itemgetter
from typing import Any, Final, TypeAlias

from sqlalchemy import JSON, Connection, Text, bindparam, case, cast, column, func, or_, select
from sqlalchemy.exc import IntegrityError

from db.bulk import can_copy, copy_rows
from db.line import Fact
from db.tables.columns import Declared
from db.tables.statement import table_of, upsert

Recompute: TypeAlias = Callable[[Connection, int, list[Any]], None]
_Aspect: TypeAlias = tuple[str, tuple[str, ...]]
"""The name of an aspect, and the columns that are set with it, key and rank included."""
PIECE: Final = 2_000
FEW: Final = 8
"""Rows that are as well written one by one."""


class Batch:
    """The consequences of some facts of one village, not yet written."""

    def __init__(self, connection: Connection, village: int) -> None:
        """Begin an empty batch inside the transaction of `connection`."""
        self._connection = connection
        self._village = village
        self._rows: dict[type[Declared], list[dict[str, Any]]] = defaultdict(list)
        self._held: dict[type[Declared], list[tuple[str, dict[str, Any]]]] = defaultdict(list)
        self._touched: dict[Recompute, dict[Any, None]] = defaultdict(dict)

    def insert(self, table: type[Declared], fact: Fact, **values: Any) -> None:  # noqa: ANN401  because columns differ
        """Add a row of the fact itself, keyed (village, log, seq) and `n` where the table has one."""
        self._rows[table].append({"village": self._village, "log": fact.log, "seq": fact.seq} | values)

    def hold(self, table: type[Declared], aspect: str, fact: Fact, key: Mapping[str, int | str], **values: Any) -> None:  # noqa: ANN401  because columns differ
        """Set one aspect of the row `key`, unless a fact of higher rank already holds it (column `<aspect>_rank`)."""
        row = {"village": self._village, **key, **values, f"{aspect}_rank": fact.rank}
        self._held[table].append((aspect, row))

    def touch(self, recompute: Recompute, *keys: Any) -> None:  # noqa: ANN401  because keys differ by family
        """Remember keys whose rows must be computed again from the family's own rows."""
        self._touched[recompute].update(dict.fromkeys(keys))

    def flush(self) -> None:
        """Write everything: rows, aspects, then the recomputations in the order in which they were first touched."""
        if not self._copy():
            for table, rows in self._rows.items():
                self._write(partial(_insert_statement, model=table, columns=tuple(rows[0])), rows)
        for table, holds in self._held.items():
            for aspects, rows in _together(holds, table_of(table).primary_key.columns.keys()).items():
                self._write(partial(_hold_statement, model=table, aspects=aspects), rows)
        for recompute, keys in self._touched.items():
            for piece in _pieces(list(keys)):
                recompute(self._connection, self._village, piece)
        self._rows.clear()
        self._held.clear()
        self._touched.clear()

    def _copy(self) -> bool:
        """Write the facts' own rows the fastest way, which takes no row that is there already; say whether it did."""
        if not can_copy(self._connection) or sum(map(len, self._rows.values())) <= FEW:
            return False
        try:
            with self._connection.begin_nested():
                for table, rows in self._rows.items():
                    columns = tuple(rows[0])
                    copy_rows(self._connection, table_of(table), map(itemgetter(*columns), rows), columns)
        except IntegrityError:
            return False
        return True

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
def _hold_statement(dialect: str, model: type[Declared], aspects: tuple[_Aspect, ...], *, is_text: bool) -> Any:  # noqa: ANN401  because upsert() is untyped
    table = table_of(model)
    keys = table.primary_key.columns.keys()
    columns = tuple(dict.fromkeys(name for _aspect, names in aspects for name in names))
    statement = _filled(upsert(dialect, table), columns, is_text=is_text)
    ranks = {aspect: f"{aspect}_rank" for aspect, _names in aspects}
    wins = {
        aspect: or_(table.c[rank].is_(None), statement.excluded[rank] > table.c[rank]) for aspect, rank in ranks.items()
    }
    chosen = {
        name: case((wins[aspect], statement.excluded[name]), else_=table.c[name])
        for aspect, names in aspects
        for name in names
        if name not in keys
    }
    return statement.on_conflict_do_update(index_elements=keys, set_=chosen, where=or_(*wins.values()))


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


def _together(
    holds: Iterable[tuple[str, dict[str, Any]]], keys: list[str]
) -> dict[tuple[_Aspect, ...], list[dict[str, Any]]]:
    """Return of each row's aspects the one of highest rank, all of a row in one: no statement changes a row twice."""
    found: dict[Any, dict[_Aspect, dict[str, Any]]] = defaultdict(dict)
    key_of = itemgetter(*keys)
    for aspect, row in holds:
        of_row, said = found[key_of(row)], (aspect, tuple(row))
        rank = f"{aspect}_rank"
        if said not in of_row or row[rank] > of_row[said][rank]:
            of_row[said] = row
    groups: dict[tuple[_Aspect, ...], list[dict[str, Any]]] = defaultdict(list)
    for of_row in found.values():
        if len({aspect for aspect, _names in of_row}) == len(of_row):
            groups[tuple(sorted(of_row))].append({name: row[name] for row in of_row.values() for name in row})
        else:  # one aspect, said with other columns: one after the other
            for said, row in of_row.items():
                groups[said,].append(row)
    return groups


def _pieces(keys: list[Any]) -> Iterable[list[Any]]:
    for start in range(0, len(keys), PIECE):
        yield keys[start : start + PIECE]
