"""Business days of a log, and the spot counts held when they ended."""

from typing import Any, ClassVar

from db.tables.columns import ProjectionTable, key, ordered, whole, words


class DayAct(ProjectionTable):
    """A business day opened, or closed (`opened_id` names its opening), with what its fact says beside the day."""

    __tablename__: ClassVar[Any] = "day_act"
    village: int = key()
    log: int = key()
    seq: int = key()
    act: str | None = words()
    day: str | None = words()
    opened_id: int | None = whole()
    clock_day: str | None = words()
    doubt: str | None = words()
    signer_id: int | None = whole()
    redemptions: int | None = whole()
    slips_booked: int | None = whole()
    slips_counted: int | None = whole()
    operator_id: int | None = whole()
    rank: str | None = ordered()
    at: int | None = whole()


class SpotCount(ProjectionTable):
    """Goods that the machine chose for a count, in pieces or grams; a `reason` says why nobody counted them."""

    __tablename__: ClassVar[Any] = "spot_count"
    village: int = key()
    log: int = key()
    seq: int = key()
    n: int = key()
    item_id: int | None = whole()
    booked: int | None = whole()
    counted: int | None = whole()
    reason: str | None = words()
    operator_id: int | None = whole()
    day: str | None = words()
    rank: str | None = ordered()


class SlipCopy(ProjectionTable):
    """A slip that was printed once more."""

    __tablename__: ClassVar[Any] = "slip_copy"
    village: int = key()
    log: int = key()
    seq: int = key()
    redemption_id: int | None = whole()
    day: str | None = words()
