"""Consequences of the family meeting: rows of what happened, and the sign-ins that an end had not seen."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, delete, insert, literal, select

from db.facts import meeting as facts
from db.line import ENTITIES_PER_LOG, Fact
from db.projections.batch import Batch
from db.projections.points import post
from db.projections.waiting import ask
from db.tables.meeting import Expected, Leave, Meeting, MeetingAct, MeetingClosing, SignIn, SignInUndo
from db.tables.statement import table_of
from db.tables.waiting import Request

AFTER_END: Final = "sign_in_after_end"
"""The kind of request that a sign-in becomes which the end of its meeting had not seen."""
_FIGURES: Final = ("expected", "present", "late", "absent", "observers", "heads", "awards", "points")
_OF_AN_ACT: Final = (*_FIGURES, "on_leave", "reason_code", "signer_id")


def meeting_called(fact: Fact, body: facts.MeetingCalled, batch: Batch) -> None:
    """A meeting; its topic stands in this fact's private text."""
    batch.hold(
        Meeting, "call", fact, {"meeting_id": fact.id}, template=body.template, counts=body.counts,
        group_numbers=",".join(map(str, body.groups)), planned_day=body.planned_day, planned_hour=body.planned_hour,
        called_day=fact.day, called_at=fact.at, topic_id=fact.id, operator_id=fact.op,
    )  # fmt: skip


def meeting_cancelled(fact: Fact, body: facts.MeetingCancelled, batch: Batch) -> None:
    """The meeting did not take place."""
    _act(fact, body.meeting, "cancelled", batch, reason_code=body.reason)


def expected_listed(fact: Fact, body: facts.ExpectedListed, batch: Batch) -> None:
    """Those expected."""
    for n, attendee in enumerate(body.attendees):
        batch.insert(Expected, fact, n=n, meeting_id=body.meeting, **_who(attendee))


def sign_in_opened(fact: Fact, body: facts.SignInOpened, batch: Batch) -> None:
    """Cards may be scanned."""
    _act(fact, body.meeting, "opened", batch, expected=body.expected)


def meeting_begun(fact: Fact, body: facts.MeetingBegun, batch: Batch) -> None:
    """The meeting began."""
    _act(fact, body.meeting, "begun", batch)


def signed_in(fact: Fact, body: facts.SignedIn, batch: Batch) -> None:
    """Somebody came."""
    batch.insert(
        SignIn, fact, meeting_id=body.meeting, **_who(body), card_id=body.card, entry=body.entry,
        is_late=int(body.is_late), late_minutes=body.late_minutes, is_observer=int(body.is_observer),
        is_fast=int(body.is_fast), request_id=body.request, rank=fact.rank, operator_id=fact.op, day=fact.day,
        at=fact.at, boot=fact.boot, mono=fact.mono,
    )  # fmt: skip
    batch.touch(ask_after_end, body.meeting)


def sign_in_undone(fact: Fact, body: facts.SignInUndone, batch: Batch) -> None:
    """A sign-in was taken back."""
    batch.insert(
        SignInUndo, fact, sign_in_id=body.sign_in, meeting_id=body.meeting, reason_code=body.reason,
        operator_id=fact.op, at=fact.at,
    )  # fmt: skip
    batch.touch(ask_after_end, body.meeting)


def leave_set(fact: Fact, body: facts.LeaveSet, batch: Batch) -> None:
    """Leave, or none any more."""
    key = {"meeting_id": body.meeting, "subject_id": body.person or body.household}
    values = {"household_id": body.household, "person_id": body.person, "reason_code": body.reason}
    batch.hold(Leave, "leave", fact, key, **values)


def heads_counted(fact: Fact, body: facts.HeadsCounted, batch: Batch) -> None:
    """The heads counted last."""
    batch.hold(Meeting, "heads", fact, {"meeting_id": body.meeting}, heads=body.heads)


def attendance_awarded(fact: Fact, body: facts.AttendanceAwarded, batch: Batch) -> None:
    """Points for coming, once for a meeting and a household."""
    post(
        fact, body.legs, batch, once_key=f"meeting:{body.meeting}:{body.household}", scheme=body.scheme,
        item_code=body.item, person_id=body.person, target_id=body.meeting,
    )  # fmt: skip


def meeting_ended(fact: Fact, body: facts.MeetingEnded, batch: Batch) -> None:
    """The end with its figures, and how far each log had been read."""
    figures = {name: getattr(body, name) for name in _FIGURES}
    _act(fact, body.meeting, "ended", batch, on_leave=body.leave, signer_id=body.signer, **figures)
    for n, reached in enumerate(body.closing):
        batch.insert(MeetingClosing, fact, n=n, of_log=reached.log, of_seq=reached.seq)
    batch.touch(ask_after_end, body.meeting)


def sign_in_requested(fact: Fact, body: facts.SignInRequested, batch: Batch) -> None:
    """A request for a sign-in after the end."""
    ask(
        fact, batch, "late_sign_in", meeting_id=body.meeting, household_id=body.household, person_id=body.person,
        paper_number=body.paper, reason_code=body.reason, is_late=int(body.is_late),
    )  # fmt: skip


def ask_after_end(connection: Connection, village: int, meetings: Iterable[int]) -> None:
    """Put every sign-in on the waiting list that the end of its meeting had not seen, and no other."""
    for meeting in meetings:
        end = _end_of(connection, village, meeting)
        if end is not None:
            _ask_again(connection, village, meeting, end)


def closing_of(connection: Connection, village: int, log: int, seq: int) -> dict[int, int]:
    """Return how far each log had been read by the end of a meeting that the fact (log, seq) was."""
    closing = table_of(MeetingClosing).c
    rows = connection.execute(
        select(closing.of_log, closing.of_seq).where(closing.village == village, closing.log == log, closing.seq == seq)
    )
    return {of_log: of_seq for of_log, of_seq in rows}  # noqa: C416  because a row is no pair for the type checker


def _end_of(connection: Connection, village: int, meeting: int) -> Row[Any] | None:
    parameters = {"of_village": village, "of_meeting": meeting}
    return connection.execute(_end_statement(), parameters).one_or_none()


@lru_cache(maxsize=1)
def _end_statement() -> Select[Any]:
    act = table_of(MeetingAct).c
    return (
        select(act.log, act.seq)
        .where(act.village == bindparam("of_village"), act.meeting_id == bindparam("of_meeting"), act.act == "ended")
        .order_by(act.rank)
        .limit(1)
    )


def _ask_again(connection: Connection, village: int, meeting: int, end: Row[Any]) -> None:
    request, sign_in, undo = table_of(Request), table_of(SignIn), table_of(SignInUndo)
    own_id = sign_in.c.log * ENTITIES_PER_LOG + sign_in.c.seq
    undone = select(literal(1)).where(undo.c.village == sign_in.c.village, undo.c.sign_in_id == own_id)
    closing = closing_of(connection, village, end.log, end.seq)
    unseen = [
        row
        for row in connection.execute(
            select(sign_in).where(
                sign_in.c.village == village, sign_in.c.meeting_id == meeting, sign_in.c.request_id.is_(None),
                ~undone.correlate(sign_in).exists(),
            )
        )
        if row.seq > closing.get(row.log, 0)
    ]  # fmt: skip
    connection.execute(
        delete(request).where(
            request.c.village == village, request.c.meeting_id == meeting, request.c.kind == AFTER_END
        )
    )
    if unseen:
        connection.execute(insert(request), [_request(row, meeting) for row in unseen])


def _request(row: Row[Any], meeting: int) -> dict[str, Any]:
    return {
        "village": row.village, "log": row.log, "seq": row.seq, "rank": row.rank, "kind": AFTER_END,
        "meeting_id": meeting, "household_id": row.household_id, "person_id": row.person_id, "card_id": row.card_id,
        "is_late": row.is_late, "operator_id": row.operator_id, "day": row.day, "at": row.at,
    }  # fmt: skip


def _act(fact: Fact, meeting: int, act: str, batch: Batch, **said: Any) -> None:  # noqa: ANN401  because acts say different things
    row = dict.fromkeys(_OF_AN_ACT) | said
    batch.insert(
        MeetingAct, fact, meeting_id=meeting, act=act, rank=fact.rank, operator_id=fact.op, day=fact.day, at=fact.at,
        clock=fact.clock, boot=fact.boot, mono=fact.mono, **row,
    )  # fmt: skip


def _who(body: Any) -> dict[str, int | None]:  # noqa: ANN401  because every body that names an attendee fits
    """Return whom a body names: in a meeting that counts households nobody but the household is the subject."""
    return {"subject_id": body.person or body.household, "household_id": body.household, "person_id": body.person}
