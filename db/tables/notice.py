"""What the county says to a village: messages, numbers of the rules, settled exceptions; and what was read."""

from typing import Any, ClassVar

from db.tables.columns import ProjectionTable, key, ordered, whole, words


class Message(ProjectionTable):
    """Something the desk should read: a message (`sent`), or exceptions of a `cause` that were settled (`settled`).

    Its words stand in the private text beside the fact.
    """

    __tablename__: ClassVar[Any] = "message"
    village: int = key()
    log: int = key()
    seq: int = key()
    rank: str | None = ordered()
    kind: str | None = words()
    day: str | None = words()
    cause: str | None = words()
    quantity: int | None = whole()
    at: int | None = whole()


class MessageMark(ProjectionTable):
    """A desk has read a fact of the county: of the common log, or of the county's log of the village."""

    __tablename__: ClassVar[Any] = "message_mark"
    village: int = key()
    log: int = key()
    seq: int = key()
    is_common: int | None = whole()
    message_seq: int | None = whole()
    operator_id: int | None = whole()
    at: int | None = whole()


class RuleValue(ProjectionTable):
    """A dated number of the rules, as the county stated it."""

    __tablename__: ClassVar[Any] = "rule_value"
    village: int = key()
    log: int = key()
    seq: int = key()
    rank: str | None = ordered()
    rules: str | None = words()
    name: str | None = words()
    value: int | None = whole()
    from_day: str | None = words()


class Settled(ProjectionTable):
    """An exception that was settled, and how it stood then."""

    __tablename__: ClassVar[Any] = "settled"
    village: int = key()
    log: int = key()
    seq: int = key()
    n: int = key()
    cause: str | None = words()
    subject: str | None = words()
    detail: str | None = words()
