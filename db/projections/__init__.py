"""Projections: the tables that screens read, folded from facts. The same code runs at the terminal and at the county.

Each kind has one function of the same name in its family's file; a kind without one has no consequence.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import Connection, Table, delete, select
from sqlalchemy.schema import CreateIndex, CreateTable

from db.facts import FAMILIES, UnknownFactError, family_of, read_body
from db.facts.body import Body
from db.journal import heads, read_since
from db.line import Fact, read
from db.progress import Advance, unseen
from db.projections.batch import Batch
from db.tables.columns import ProjectionTable
from db.tables.statement import follow_engine, table_of, tables_of, upsert
from db.tables.terminal import Cursor, Unprojected

if TYPE_CHECKING:
    from types import ModuleType

    from sqlalchemy.schema import ExecutableDDLElement

Fold: TypeAlias = Callable[[Fact, Any, Batch], None]

# Raise when a fold changes what it writes, or a guard changes; a changed table is noticed by itself.
FOLD_VERSION: Final = 1
FACTS_AT_ONCE: Final = 5_000
_RECOVERED: Final = "recovered"
_OF_ITS_LOG: Final = ("log_begun",)
"""Kinds about the log they stand in: written again in another log they say nothing of that one."""
_TABLE_FILES: Final = Path(__file__).parents[1] / "tables"


@cache
def fold_of(body: type[Body]) -> Fold | None:
    """Return the function that folds a kind; None if the kind has no consequence."""
    fold: Fold | None = getattr(_load(family_of(body)), body.KIND, None)
    return fold


@cache
def tables() -> Sequence[Table]:
    """Return every projection table, in an order in which they can be created."""
    for family in FAMILIES:
        _load(family)
    return tables_of(ProjectionTable)


def project(connection: Connection, village: int, advance: Advance = unseen) -> int:
    """Fold every line of a village beyond the cursors of its logs; `advance` is told how many after each piece.

    Returns:
        How many facts were folded. The caller owns the transaction, which touches this village alone.
    """
    count = 0
    cursors = _cursors(connection, village)
    for log, head in sorted(heads(connection, village).items()):
        done = cursors.get(log, 0)
        while done < head.seq:
            lines = read_since(connection, village, log, done, FACTS_AT_ONCE)
            fold(connection, village, [read(line) for line in lines])
            done += len(lines)
            count += len(lines)
            advance(len(lines))
    return count


def fold(connection: Connection, village: int, facts: list[Fact]) -> None:
    """Fold facts of one village and move their cursors; the facts of a log come in its own order."""
    batch = Batch(connection, village)
    for fact in facts:
        _fold_one(fact, batch)
    batch.flush()
    if facts:
        _move_cursors(connection, village, {fact.log: fact.seq for fact in facts})


def create_projections(connection: Connection) -> None:
    """Create the projection tables that are missing."""
    follow_engine(connection.dialect.name, tables())
    ProjectionTable.home.create_all(connection, tables())


def drop_projections(connection: Connection) -> None:
    """Drop every projection table."""
    ProjectionTable.home.drop_all(connection, tables())


def clear(connection: Connection, village: int) -> None:
    """Empty the projections of one village."""
    for table in tables():
        connection.execute(delete(table).where(table.c.village == village))


def projection_version(connection: Connection) -> str:
    """Return what the tables and folds of this program are called; another name means: rebuild."""
    follow_engine(connection.dialect.name, tables())
    indexes = sorted((index for table in tables() for index in table.indexes), key=lambda index: str(index.name))
    statements: list[ExecutableDDLElement] = [*map(CreateTable, tables()), *map(CreateIndex, indexes)]
    text = "".join(str(statement.compile(connection)) for statement in statements)
    return f"{FOLD_VERSION}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def declared(version: str | None) -> str:
    """Return a digest of a version and of the files that declare its tables: as long as it is the same, so are they.

    Cheaper than the version itself, for which every table must be there.
    """
    total = hashlib.sha256(f"{FOLD_VERSION} {version}".encode())
    for file in sorted(_TABLE_FILES.glob("*.py")):
        total.update(file.read_bytes())
    return total.hexdigest()


def digest(connection: Connection, village: int) -> str:
    """Return a digest of all projections of a village: equal journals give equal digests, on every engine."""
    total = hashlib.sha256()
    for table in tables():
        keys = list(table.primary_key)
        total.update(table.name.encode())
        for row in connection.execute(select(table).where(table.c.village == village).order_by(*keys)):
            total.update(repr(tuple(row)).encode())
    return total.hexdigest()


def _load(family: str) -> "ModuleType":
    return import_module(f"{__name__}.{family}")


def _fold_one(fact: Fact, batch: Batch) -> None:
    said = fact
    try:
        said = _said_by(fact)
        body = read_body(said)
    except UnknownFactError as error:
        batch.insert(Unprojected, fact, kind=said.kind, kv=said.kv, reason=error.reason)
        return
    fold_body = fold_of(type(body))
    if fold_body is not None and (said is fact or said.kind not in _OF_ITS_LOG):
        fold_body(said, body, batch)


def _said_by(fact: Fact) -> Fact:
    """Return what happened by a fact, which a `recovered` one carries."""
    if fact.kind != _RECOVERED:
        return fact
    from db.recovered import original

    return original(fact)


def _cursors(connection: Connection, village: int) -> dict[int, int]:
    cursor = table_of(Cursor).c
    rows = connection.execute(select(cursor.log, cursor.seq).where(cursor.village == village))
    return {log: seq or 0 for log, seq in rows}


def _move_cursors(connection: Connection, village: int, reached: Mapping[int, int]) -> None:
    rows = [{"village": village, "log": log, "seq": seq} for log, seq in reached.items()]
    connection.execute(_cursor_statement(connection.dialect.name), rows)


@cache
def _cursor_statement(dialect: str) -> Any:  # noqa: ANN401  because upsert() is untyped
    statement = upsert(dialect, table_of(Cursor))
    return statement.on_conflict_do_update(index_elements=["village", "log"], set_={"seq": statement.excluded.seq})
