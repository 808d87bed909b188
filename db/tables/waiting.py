"""The waiting list: what waits for a second signature, and the answers given."""

from typing import Any, ClassVar

from sqlalchemy import Index

from db.tables.columns import OPTIONS, ProjectionTable, key, ordered, whole, words


class Request(ProjectionTable):
    """Something that waits for a second signature: its kind, whom it is for, and who asked when."""

    __tablename__: ClassVar[Any] = "request"
    __table_args__: ClassVar[Any] = (Index("request_meeting", "village", "meeting_id"), OPTIONS)
    village: int = key()
    log: int = key()
    seq: int = key()
    rank: str | None = ordered()
    kind: str | None = words()
    household_id: int | None = whole()
    person_id: int | None = whole()
    card_id: int | None = whole()
    replaced_card_id: int | None = whole()
    meeting_id: int | None = whole()
    suggestion_id: int | None = whole()
    redemption_id: int | None = whole()
    item_id: int | None = whole()
    scheme: str | None = words()
    item_code: str | None = words()
    quantity: int | None = whole()
    points: int | None = whole()
    paper_number: str | None = words()
    evidence_code: str | None = words()
    reason_code: str | None = words()
    about_day: str | None = words()
    is_late: int | None = whole()
    operator_id: int | None = whole()
    day: str | None = words()
    at: int | None = whole()


class Answer(ProjectionTable):
    """One answer to a request; of several the lowest rank counts."""

    __tablename__: ClassVar[Any] = "answer"
    __table_args__: ClassVar[Any] = (Index("answer_request", "village", "request_id"), OPTIONS)
    village: int = key()
    log: int = key()
    seq: int = key()
    request_id: int | None = whole()
    is_approved: int | None = whole()
    signer_id: int | None = whole()
    is_verified: int | None = whole()
    rank: str | None = ordered()
