"""Business days of a log."""

from typing import Any, ClassVar

from db.tables.columns import ProjectionTable, key, whole, words


class DayAct(ProjectionTable, table=True):
    """A business day opened, or closed (`opened_id` names its opening)."""

    __tablename__: ClassVar[Any] = "day_act"
    village: int = key()
    log: int = key()
    seq: int = key()
    act: str | None = words()
    day: str | None = words()
    opened_id: int | None = whole()
    operator_id: int | None = whole()
    at: int | None = whole()
