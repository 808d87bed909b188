"""Points: postings, the balance of each household, and schemes with their items and numbers."""

from typing import Any, ClassVar, Final

from sqlalchemy import Index, text

from db.tables.columns import OPTIONS, ProjectionTable, key, ordered, whole, words

_ITEMS_ONLY: Final = text("household_id IS NULL AND item_code IS NOT NULL")
_EARNED_ONLY: Final = text("household_id IS NOT NULL AND item_code IS NOT NULL")
_SOURCE: Final = Index("posting_source", "village", "account", "day", "log", "seq", sqlite_where=_ITEMS_ONLY)
_EARNED: Final = Index("posting_earned", "village", "household_id", "scheme", "day", sqlite_where=_EARNED_ONLY)


class Posting(ProjectionTable):
    """One leg of a fact's postings, in hundredths of a point; the legs of a fact sum to zero.

    `once_key` names what may count once: of several rows with one key the lowest rank counts (`is_counted`).
    The leg of a household also says what the entry was, so that a statement needs no other table. Reports read the
    other leg, where an item of a scheme is named, by day, and caps read what a household earned in a month: the indexes
    of those alone cost a redemption nothing.
    """

    __tablename__: ClassVar[Any] = "posting"
    __table_args__: ClassVar[Any] = (
        Index("posting_household", "village", "household_id", "rank", "points", "is_counted"),
        Index("posting_once", "village", "once_key"),
        _SOURCE,
        _EARNED,
        OPTIONS,
    )
    village: int = key()
    log: int = key()
    seq: int = key()
    n: int = key()
    account: str | None = words()
    household_id: int | None = whole()
    points: int | None = whole()
    rank: str | None = ordered()
    once_key: str | None = words()
    is_counted: int | None = whole()
    kind: str | None = words()
    scheme: str | None = words()
    item_code: str | None = words()
    person_id: int | None = whole()
    target_id: int | None = whole()
    paper_number: str | None = words()
    evidence_code: str | None = words()
    operator_id: int | None = whole()
    day: str | None = words()
    at: int | None = whole()


class Balance(ProjectionTable):
    """Redeemable points of a household, in hundredths: the sum of its counted postings."""

    __tablename__: ClassVar[Any] = "balance"
    village: int = key()
    household_id: int = key()
    redeemable_points: int | None = whole()


class Scheme(ProjectionTable):
    """One loading of a scheme, as a fact stated it: whose points it is about, its names, and its file's digest."""

    __tablename__: ClassVar[Any] = "scheme"
    village: int = key()
    log: int = key()
    seq: int = key()
    rank: str | None = ordered()
    scheme: str | None = words()
    audience: str | None = words()
    label_zh: str | None = words()
    label_en: str | None = words()
    digest: str | None = words()
    from_day: str | None = words()


class SchemeItem(ProjectionTable):
    """One dated item of a scheme, as a fact stated it; the reader picks by scheme, code, day and rank."""

    __tablename__: ClassVar[Any] = "scheme_item"
    __table_args__: ClassVar[Any] = (Index("scheme_item_code", "village", "scheme", "code"), OPTIONS)
    village: int = key()
    log: int = key()
    seq: int = key()
    rank: str | None = ordered()
    scheme: str | None = words()
    code: str | None = words()
    group_code: str | None = words()
    position: int | None = whole()
    label_zh: str | None = words()
    label_en: str | None = words()
    points: int | None = whole()
    unit_zh: str | None = words()
    unit_en: str | None = words()
    monthly_cap_points: int | None = whole()
    is_routine: int | None = whole()
    needs_evidence: int | None = whole()
    is_active: int | None = whole()
    from_day: str | None = words()


class SchemeRule(ProjectionTable):
    """One dated number of a scheme (base points, point value), stated when the scheme was loaded."""

    __tablename__: ClassVar[Any] = "scheme_rule"
    village: int = key()
    log: int = key()
    seq: int = key()
    n: int = key()
    rank: str | None = ordered()
    scheme: str | None = words()
    name: str | None = words()
    value: int | None = whole()
    from_day: str | None = words()


class Objection(ProjectionTable):
    """An objection of a household to an entry of its account; `entry_id` is null where it misses one."""

    __tablename__: ClassVar[Any] = "objection"
    __table_args__: ClassVar[Any] = (Index("objection_household", "village", "household_id"), OPTIONS)
    village: int = key()
    log: int = key()
    seq: int = key()
    household_id: int | None = whole()
    entry_id: int | None = whole()
    till: int | None = whole()
    number: int | None = whole()
    points: int | None = whole()
    reason_code: str | None = words()
    rank: str | None = ordered()
    operator_id: int | None = whole()
    day: str | None = words()
    at: int | None = whole()


class ObjectionAnswer(ProjectionTable):
    """One answer to an objection; of several the lowest rank counts."""

    __tablename__: ClassVar[Any] = "objection_answer"
    __table_args__: ClassVar[Any] = (Index("objection_answer_objection", "village", "objection_id"), OPTIONS)
    village: int = key()
    log: int = key()
    seq: int = key()
    objection_id: int | None = whole()
    is_upheld: int | None = whole()
    reply_code: str | None = words()
    reversal_id: int | None = whole()
    signer_id: int | None = whole()
    rank: str | None = ordered()
    day: str | None = words()
    at: int | None = whole()
