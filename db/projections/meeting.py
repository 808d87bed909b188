"""Consequences of the family meeting: rows of what happened, and the sign-ins that an end had not seen."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Delete, Row, Select, bindparam, delete, insert, literal, select

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


def ask_after_end(connection: Connection, village: int, meetings: list[int]) -> None:
    """Put every sign-in on the waiting list that the end of its meeting had not seen, and no other."""
    ends = _ends_of(connection, village, meetings)
    if not ends:
        return
    place = {"of_village": village, "of_meetings": list(ends)}
    closings = _closings_of(connection, place, ends)
    unseen = [
        _request(row)
        for row in connection.execute(_signed_in_statement(), place)
        if row.seq > closings.get((row.meeting_id, row.log), 0)
    ]
    connection.execute(_asked_before_statement(), place)
    if unseen:
        connection.execute(insert(table_of(Request)), unseen)


def closing_of(connection: Connection, village: int, log: int, seq: int) -> dict[int, int]:
    """Return how far each log had been read by the end of a meeting that the fact (log, seq) was."""
    closing = table_of(MeetingClosing).c
    rows = connection.execute(
        select(closing.of_log, closing.of_seq).where(closing.village == village, closing.log == log, closing.seq == seq)
    )
    return {of_log: of_seq for of_log, of_seq in rows}  # noqa: C416  because a row is no pair for the type checker


def _ends_of(connection: Connection, village: int, meetings: list[int]) -> dict[int, tuple[int, int]]:
    """Return where each meeting that has ended was ended, first by rank: log and seq of that fact."""
    rows = connection.execute(_ends_statement(), {"of_village": village, "of_meetings": meetings})
    found: dict[int, tuple[int, int]] = {}
    for meeting, log, seq in rows:
        found.setdefault(meeting, (log, seq))
    return found


def _closings_of(
    connection: Connection, place: Mapping[str, Any], ends: Mapping[int, tuple[int, int]]
) -> dict[tuple[int, int], int]:
    """Return how far the end of each meeting had read each log: by meeting and log."""
    return {
        (meeting, of_log): of_seq
        for meeting, log, seq, of_log, of_seq in connection.execute(_closings_statement(), place)
        if ends[meeting] == (log, seq)
    }


@lru_cache(maxsize=1)
def _ends_statement() -> Select[Any]:
    act = table_of(MeetingAct).c
    return (
        select(act.meeting_id, act.log, act.seq)
        .where(act.village == bindparam("of_village"), _of_meetings(act.meeting_id), act.act == "ended")
        .order_by(act.rank)
    )


@lru_cache(maxsize=1)
def _closings_statement() -> Select[Any]:
    act, closing = table_of(MeetingAct).c, table_of(MeetingClosing).c
    return select(act.meeting_id, act.log, act.seq, closing.of_log, closing.of_seq).where(
        act.village == bindparam("of_village"), _of_meetings(act.meeting_id), act.act == "ended",
        closing.village == act.village, closing.log == act.log, closing.seq == act.seq,
    )  # fmt: skip


@lru_cache(maxsize=1)
def _signed_in_statement() -> Select[Any]:
    sign_in, undo = table_of(SignIn), table_of(SignInUndo)
    own_id = sign_in.c.log * ENTITIES_PER_LOG + sign_in.c.seq
    undone = select(literal(1)).where(undo.c.village == sign_in.c.village, undo.c.sign_in_id == own_id)
    return select(sign_in).where(
        sign_in.c.village == bindparam("of_village"), _of_meetings(sign_in.c.meeting_id),
        sign_in.c.request_id.is_(None), ~undone.correlate(sign_in).exists(),
    )  # fmt: skip


@lru_cache(maxsize=1)
def _asked_before_statement() -> Delete:
    request = table_of(Request)
    return delete(request).where(
        request.c.village == bindparam("of_village"), _of_meetings(request.c.meeting_id), request.c.kind == AFTER_END
    )


def _of_meetings(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column.in_(bindparam("of_meetings", expanding=True))


def _request(row: Row[Any]) -> dict[str, Any]:
    return {
        "village": row.village, "log": row.log, "seq": row.seq, "rank": row.rank, "kind": AFTER_END,
        "meeting_id": row.meeting_id, "household_id": row.household_id, "person_id": row.person_id,
        "card_id": row.card_id, "is_late": row.is_late, "operator_id": row.operator_id, "day": row.day, "at": row.at,
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
