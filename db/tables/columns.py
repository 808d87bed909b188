"""Column types, table options and the four classes of table.

SQLModel's default types are refused by STRICT tables of SQLite; these are the only ones the store uses.
Every key begins with the village, so the county's store is the same store with more villages in it.
"""

from typing import Any, ClassVar, Final

from sqlalchemy import BigInteger, Integer, LargeBinary, MetaData, Text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

WHOLE: Final = BigInteger().with_variant(Integer(), "sqlite")
WORDS: Final = Text()
ORDERED: Final = Text().with_variant(Text(collation="C"), "postgresql")
BYTES: Final = LargeBinary()

journal_metadata: Final = MetaData()
projection_metadata: Final = MetaData()
guard_metadata: Final = MetaData()
workspace_metadata: Final = MetaData()

# a table is declared for its columns; a validator for its rows would be built at every start and never used
UNBUILT: Final[dict[str, Any]] = {"defer_build": True}
OPTIONS: Final[dict[str, Any]] = {"sqlite_strict": True, "sqlite_with_rowid": False}


class JournalTable(SQLModel, registry=registry(metadata=journal_metadata)):
    """Lines and their private texts: append-only, migrated, never rebuilt."""

    model_config: ClassVar[Any] = UNBUILT
    __table_args__: ClassVar[Any] = OPTIONS


class ProjectionTable(SQLModel, registry=registry(metadata=projection_metadata)):
    """Consequences of facts: never migrated, rebuilt from the journal at any time."""

    model_config: ClassVar[Any] = UNBUILT
    __table_args__: ClassVar[Any] = OPTIONS


class GuardTable(SQLModel, registry=registry(metadata=guard_metadata)):
    """Constraints the desk relies on at the moment of decision; terminal only, rebuilt."""

    model_config: ClassVar[Any] = UNBUILT
    __table_args__: ClassVar[Any] = OPTIONS


class WorkspaceTable(SQLModel, registry=registry(metadata=workspace_metadata)):
    """What belongs to this one device: backed up, never sent."""

    model_config: ClassVar[Any] = UNBUILT
    __table_args__: ClassVar[Any] = OPTIONS


def key(kind: Any = WHOLE) -> Any:  # noqa: ANN401  because SQLModel's Field is untyped
    """Return a column of the primary key; `village` comes first in every table."""
    return Field(sa_type=kind, primary_key=True, sa_column_kwargs={"autoincrement": False})


def whole() -> Any:  # noqa: ANN401  because SQLModel's Field is untyped
    """Return an integer column: points in hundredths, money in fen, milliseconds, ids, counts, 0 or 1."""
    return Field(default=None, sa_type=WHOLE, nullable=True)


def words() -> Any:  # noqa: ANN401  because SQLModel's Field is untyped
    """Return a text column: codes, days, public texts."""
    return Field(default=None, sa_type=WORDS, nullable=True)


def ordered() -> Any:  # noqa: ANN401  because SQLModel's Field is untyped
    """Return a text column compared byte by byte: a rank."""
    return Field(default=None, sa_type=ORDERED, nullable=True)


def octets() -> Any:  # noqa: ANN401  because SQLModel's Field is untyped
    """Return a column of bytes: a line, a hash, a salt."""
    return Field(default=None, sa_type=BYTES, nullable=True)
