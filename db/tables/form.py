"""Numbered paper forms, and which of them were entered."""

from typing import Any, ClassVar

from sqlalchemy import Index

from db.tables.columns import OPTIONS, ProjectionTable, key, ordered, whole, words


class FormBlock(ProjectionTable):
    """Forms that were printed together: the numbers `first` to `first + count - 1` of a till."""

    __tablename__: ClassVar[Any] = "form_block"
    village: int = key()
    log: int = key()
    seq: int = key()
    use: str | None = words()
    till: int | None = whole()
    first: int | None = whole()
    count: int | None = whole()
    day: str | None = words()


class FormGoods(ProjectionTable):
    """Goods as the forms of a block number them, from 0."""

    __tablename__: ClassVar[Any] = "form_goods"
    village: int = key()
    log: int = key()
    seq: int = key()
    n: int = key()
    item_id: int | None = whole()


class FormEntry(ProjectionTable):
    """A form that was entered: `of_id` is what followed from it; of several with one number the lowest rank counts."""

    __tablename__: ClassVar[Any] = "form_entry"
    __table_args__: ClassVar[Any] = (Index("form_entry_number", "village", "till", "number"), OPTIONS)
    village: int = key()
    log: int = key()
    seq: int = key()
    use: str | None = words()
    till: int | None = whole()
    number: int | None = whole()
    form_day: str | None = words()
    of_id: int | None = whole()
    day: str | None = words()
    rank: str | None = ordered()
