"""Declarations of tables: what a table is made of, made once, when somebody asks for it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, ClassVar

from sqlalchemy import MetaData
from sqlalchemy.schema import CreateTable

from db.tables.columns import Declared, GuardTable, JournalTable, ProjectionTable, WorkspaceTable, key, words
from db.tables.statement import table_of, tables_of
from tests.ledger import every_table

THREADS = 8


class Shelf(Declared):
    """A class of tables of its own."""

    home: ClassVar[MetaData] = MetaData()


class Board(Shelf):
    """A declaration that no other test asks for."""

    __tablename__: ClassVar[Any] = "board"
    village: int = key()
    wood: str | None = words()


def test_table_is_made_once_when_threads_ask_for_it_together() -> None:
    """The desk's own thread and the quiet look beside it may both be the first."""
    ready = Barrier(THREADS)

    def ask(_number: int) -> object:
        ready.wait()
        return table_of(Board)

    with ThreadPoolExecutor(THREADS) as threads:
        made = list(threads.map(ask, range(THREADS)))
    assert {id(table) for table in made} == {id(Shelf.home.tables["board"])}
    assert tables_of(Shelf) == [Shelf.home.tables["board"]]


def test_table_holds_what_was_declared_when_it_is_made() -> None:
    """Names, types, the key, and the options that every table of ours has."""
    said = " ".join(str(CreateTable(table_of(Board))).split())
    assert said == "CREATE TABLE board ( village BIGINT NOT NULL, wood TEXT, PRIMARY KEY (village) )"
    assert dict(table_of(Board).dialect_kwargs) == {"sqlite_strict": True, "sqlite_with_rowid": False}


def test_declaration_is_no_mapper_of_objects_when_its_table_is_made() -> None:
    """Rows are read and written by statements; mappers would take longer to build at each start than all the rest."""
    assert len(every_table()) > 20
    homes: list[type[Declared]] = [JournalTable, GuardTable, ProjectionTable, WorkspaceTable]
    assert [model for home in homes for model in home.__subclasses__() if hasattr(model, "__mapper__")] == []
