"""Column types, table options and the four classes of table.

SQLModel's default types are refused by STRICT tables of SQLite; these are the only ones the store uses.
Every key begins with the village, so the county's store is the same store with more villages in it.
"""

from typing import Any, ClassVar, Final

from sqlalchemy import BigInteger, Integer, LargeBinary, MetaData, Text
from sqlmodel import Field, SQLModel

WHOLE: Final = BigInteger().with_variant(Integer(), "sqlite")
WORDS: Final = Text()
ORDERED: Final = Text().with_variant(Text(collation="C"), "postgresql")
BYTES: Final = LargeBinary()

# a table is declared for its columns; a validator for its rows would be built at every start and never used
UNBUILT: Final[dict[str, Any]] = {"defer_build": True}
OPTIONS: Final[dict[str, Any]] = {"sqlite_strict": True, "sqlite_with_rowid": False}


class Declared(SQLModel):
    """What a table holds. It becomes a table when `table_of` is asked for it, and never a mapper of objects."""

    model_config: ClassVar[Any] = UNBUILT
    __tablename__: ClassVar[Any]
    __table_args__: ClassVar[Any] = (OPTIONS,)
    home: ClassVar[MetaData]


class JournalTable(Declared):
    """Lines and their private texts: append-only, migrated, never rebuilt."""

    home: ClassVar[MetaData] = MetaData()


class ProjectionTable(Declared):
    """Consequences of facts: never migrated, rebuilt from the journal at any time."""

    home: ClassVar[MetaData] = MetaData()


class GuardTable(Declared):
    """Constraints the desk relies on at the moment of decision; terminal only, rebuilt."""

    home: ClassVar[MetaData] = MetaData()


class WorkspaceTable(Declared):
    """What belongs to this one device: backed up, never sent."""

    home: ClassVar[MetaData] = MetaData()


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
