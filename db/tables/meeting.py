"""Meetings: what was called, what happened to it, who was expected, who came, who asked for leave.

The state of a meeting and of a sign-in is computed by the reader from these rows; `subject_id` is the person or, in a
meeting that counts households, the household.
"""

from typing import Any, ClassVar

from sqlalchemy import Index

from db.tables.columns import OPTIONS, ProjectionTable, key, ordered, whole, words


class Meeting(ProjectionTable):
    """A meeting as it was called, and the heads counted last; `group_numbers` are joined by commas."""

    __tablename__: ClassVar[Any] = "meeting"
    village: int = key()
    meeting_id: int = key()
    template: str | None = words()
    counts: str | None = words()
    group_numbers: str | None = words()
    planned_day: str | None = words()
    planned_hour: str | None = words()
    called_day: str | None = words()
    called_at: int | None = whole()
    topic_id: int | None = whole()
    operator_id: int | None = whole()
    call_rank: str | None = ordered()
    heads: int | None = whole()
    heads_rank: str | None = ordered()


class MeetingAct(ProjectionTable):
    """What happened to a meeting: opened, begun, ended, cancelled. Of several of one act the lowest rank counts."""

    __tablename__: ClassVar[Any] = "meeting_act"
    __table_args__: ClassVar[Any] = (Index("meeting_act_meeting", "village", "meeting_id"), OPTIONS)
    village: int = key()
    log: int = key()
    seq: int = key()
    meeting_id: int | None = whole()
    act: str | None = words()
    rank: str | None = ordered()
    reason_code: str | None = words()
    operator_id: int | None = whole()
    signer_id: int | None = whole()
    day: str | None = words()
    at: int | None = whole()
    clock: str | None = words()
    boot: int | None = whole()
    mono: int | None = whole()
    expected: int | None = whole()
    present: int | None = whole()
    late: int | None = whole()
    on_leave: int | None = whole()
    absent: int | None = whole()
    observers: int | None = whole()
    heads: int | None = whole()
    awards: int | None = whole()
    points: int | None = whole()


class MeetingClosing(ProjectionTable):
    """How far a log had been read when a meeting was ended by the fact (log, seq)."""

    __tablename__: ClassVar[Any] = "meeting_closing"
    village: int = key()
    log: int = key()
    seq: int = key()
    n: int = key()
    of_log: int | None = whole()
    of_seq: int | None = whole()


class Expected(ProjectionTable):
    """Somebody a meeting expected."""

    __tablename__: ClassVar[Any] = "expected"
    __table_args__: ClassVar[Any] = (Index("expected_subject", "village", "meeting_id", "subject_id"), OPTIONS)
    village: int = key()
    log: int = key()
    seq: int = key()
    n: int = key()
    meeting_id: int | None = whole()
    subject_id: int | None = whole()
    household_id: int | None = whole()
    person_id: int | None = whole()


class SignIn(ProjectionTable):
    """Somebody came; of several of one subject that were not undone the lowest rank counts."""

    __tablename__: ClassVar[Any] = "sign_in"
    __table_args__: ClassVar[Any] = (
        Index("sign_in_subject", "village", "meeting_id", "subject_id"),
        Index("sign_in_person", "village", "person_id"),
        OPTIONS,
    )
    village: int = key()
    log: int = key()
    seq: int = key()
    meeting_id: int | None = whole()
    subject_id: int | None = whole()
    household_id: int | None = whole()
    person_id: int | None = whole()
    card_id: int | None = whole()
    entry: str | None = words()
    is_late: int | None = whole()
    late_minutes: int | None = whole()
    is_observer: int | None = whole()
    is_fast: int | None = whole()
    request_id: int | None = whole()
    rank: str | None = ordered()
    operator_id: int | None = whole()
    day: str | None = words()
    at: int | None = whole()
    boot: int | None = whole()
    mono: int | None = whole()


class SignInUndo(ProjectionTable):
    """A sign-in was taken back; one such row is enough, however many there are."""

    __tablename__: ClassVar[Any] = "sign_in_undo"
    __table_args__: ClassVar[Any] = (Index("sign_in_undo_sign_in", "village", "sign_in_id"), OPTIONS)
    village: int = key()
    log: int = key()
    seq: int = key()
    sign_in_id: int | None = whole()
    meeting_id: int | None = whole()
    reason_code: str | None = words()
    operator_id: int | None = whole()
    at: int | None = whole()


class Leave(ProjectionTable):
    """Leave of a subject from a meeting; the highest rank holds it, and no reason is no leave."""

    __tablename__: ClassVar[Any] = "leave"
    village: int = key()
    meeting_id: int = key()
    subject_id: int = key()
    household_id: int | None = whole()
    person_id: int | None = whole()
    reason_code: str | None = words()
    leave_rank: str | None = ordered()
