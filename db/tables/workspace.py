"""What belongs to this one device: its own log, the parked basket, what it printed, search keys of names."""

from typing import Any, ClassVar

from sqlalchemy import Index

from db.tables.columns import OPTIONS, WORDS, WorkspaceTable, key, whole, words


class OwnLog(WorkspaceTable):
    """The log this device writes; `is_ended` makes the next append open a new one."""

    __tablename__: ClassVar[Any] = "own_log"
    village: int = key()
    log: int | None = whole()
    is_ended: int | None = whole()


class Setting(WorkspaceTable):
    """A value kept with the store, by name."""

    __tablename__: ClassVar[Any] = "setting"
    village: int = key()
    name: str = key(WORDS)
    value: str | None = words()


class ParkedBasket(WorkspaceTable):
    """The one basket put aside; it survives a restart. `content` is JSON of the till's own basket."""

    __tablename__: ClassVar[Any] = "parked_basket"
    village: int = key()
    content: str | None = words()
    at: int | None = whole()


class SlipOwed(WorkspaceTable):
    """A slip that was confirmed but has not left the printer."""

    __tablename__: ClassVar[Any] = "slip_owed"
    village: int = key()
    log: int = key()
    seq: int = key()
    attempts: int | None = whole()


class NameKey(WorkspaceTable):
    """Pinyin keys of a name, for searching; made from the private texts and erased with them."""

    __tablename__: ClassVar[Any] = "name_key"
    __table_args__: ClassVar[Any] = (Index("name_key_key", "village", "key"), OPTIONS)
    village: int = key()
    log: int = key()
    seq: int = key()
    n: int = key()
    key: str | None = words()
