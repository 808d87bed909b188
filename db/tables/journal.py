"""The journal: every line this store holds, and the private texts beside them."""

from typing import Any, ClassVar

from sqlalchemy import Index

from db.tables.columns import OPTIONS, JournalTable, key, octets, whole, words


class Line(JournalTable):
    """One fact as its exact bytes; `hash` chains it to the line before."""

    __tablename__: ClassVar[Any] = "line"
    __table_args__: ClassVar[Any] = (Index("line_turn", "village", "turn"), OPTIONS)
    village: int = key()
    log: int = key()
    seq: int = key()
    turn: int = whole()
    kind: str = words()
    hash: bytes = octets()
    line: bytes = octets()


class PrivateText(JournalTable):
    """Personal text of a line; `text` is null once erased, and the chain still holds."""

    __tablename__: ClassVar[Any] = "private_text"
    village: int = key()
    log: int = key()
    seq: int = key()
    salt: bytes | None = octets()
    text: str | None = words()
