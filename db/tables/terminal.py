"""Logs, the seat, operators, and what this program cannot project yet."""

from typing import Any, ClassVar

from db.tables.columns import ProjectionTable, key, ordered, whole, words


class LogBegun(ProjectionTable):
    """The first fact of a log: the till number it prints, and the log it continues."""

    __tablename__: ClassVar[Any] = "log_begun"
    village: int = key()
    log: int = key()
    seq: int = key()
    till: int | None = whole()
    continues_log: int | None = whole()
    continues_seq: int | None = whole()
    at: int | None = whole()


class Seat(ProjectionTable):
    """A log took the seat of the village, or the county gave it to one: the highest seat number holds it.

    `holder` is that log; `replaces` the log whose terminal was replaced by it, if one was.
    """

    __tablename__: ClassVar[Any] = "seat"
    village: int = key()
    log: int = key()
    seq: int = key()
    seat: int | None = whole()
    holder: int | None = whole()
    replaces: int | None = whole()
    rank: str | None = ordered()


class Operator(ProjectionTable):
    """A person who may act at the desk: badge, roles, the fact that holds the name, state, and days of suspension."""

    __tablename__: ClassVar[Any] = "operator"
    village: int = key()
    operator_id: int = key()
    badge: str | None = words()
    badge_rank: str | None = ordered()
    role: str | None = words()
    role_rank: str | None = ordered()
    person_id: int | None = whole()
    name_id: int | None = whole()
    name_rank: str | None = ordered()
    state: str | None = words()
    state_rank: str | None = ordered()
    suspended_from: str | None = words()
    suspended_until: str | None = words()
    suspension_reason: str | None = words()
    suspension_rank: str | None = ordered()


class Handover(ProjectionTable):
    """Somebody else took the desk: who from whom, on which business day, and what they found."""

    __tablename__: ClassVar[Any] = "handover"
    village: int = key()
    log: int = key()
    seq: int = key()
    from_operator_id: int | None = whole()
    to_operator_id: int | None = whole()
    redemptions: int | None = whole()
    points: int | None = whole()
    slips_booked: int | None = whole()
    slips_owed: int | None = whole()
    baskets: int | None = whole()
    waiting: int | None = whole()
    low_stock: int | None = whole()
    day: str | None = words()
    at: int | None = whole()


class Unprojected(ProjectionTable):
    """A fact that is kept but has no consequence here: an unknown kind, or a body its kind does not take."""

    __tablename__: ClassVar[Any] = "unprojected"
    village: int = key()
    log: int = key()
    seq: int = key()
    kind: str | None = words()
    kv: int | None = whole()
    reason: str | None = words()


class Cursor(ProjectionTable):
    """How far each log has been projected."""

    __tablename__: ClassVar[Any] = "cursor"
    village: int = key()
    log: int = key()
    seq: int | None = whole()
