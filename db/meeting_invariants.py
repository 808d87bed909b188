"""Passes over the meetings of a store: ends against what they saw, points against sign-ins, one open meeting a log.

All of them are exceptions: a desk that erred, an undo that came late, a copied device. A person looks at them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Row, func, select

from db.fault import Fault
from db.line import entity_id
from db.projections.meeting import closing_of
from db.tables.meeting import Expected, MeetingAct, SignIn, SignInUndo
from db.tables.points import Posting
from db.tables.statement import table_of

Rows: TypeAlias = Mapping[int, list[Row[Any]]]
Test: TypeAlias = Callable[[Row[Any]], bool]
FIGURES: Final = ("expected", "present", "late", "observers", "awards", "points")


@dataclass(frozen=True)
class Held:
    """The rows of a village's meetings, by meeting; sign-ins by rank, acts by rank, undos by the sign-in they name."""

    acts: Rows
    expected: Rows
    sign_ins: Rows
    undos: Rows

    def act(self, meeting: int, act: str) -> Row[Any] | None:
        """Return the act of a meeting that counts."""
        return next((row for row in self.acts[meeting] if row.act == act), None)

    def counted(self, meeting: int, may_count: Test, undoes: Test = bool) -> dict[int, Row[Any]]:
        """Return the sign-in that counts of each subject, among those that may, without those that an undo undoes."""
        found: dict[int, Row[Any]] = {}
        for row in self.sign_ins[meeting]:
            is_undone = any(map(undoes, self.undos[entity_id(row.log, row.seq)]))
            if may_count(row) and not is_undone:
                found.setdefault(row.subject_id, row)
        return found


def ends_tell_what_they_saw(connection: Connection, village: int) -> list[Fault]:
    """The figures of an end are those of the rows it had seen: expected, present, late, observers, awards, points."""
    held = _held(connection, village)
    faults = []
    for meeting in held.acts:
        end = held.act(meeting, "ended")
        if end is not None and _told(end) != _seen_by(connection, village, held, end):
            faults.append(Fault("meeting_figures_differ", str(meeting)))
    return faults


def awards_follow_sign_ins(connection: Connection, village: int) -> list[Fault]:
    """Who has points for coming came: an award that counts and was not taken back has a sign-in that counts."""
    held = _held(connection, village)
    posting = table_of(Posting).c
    rows = connection.execute(
        select(posting.log, posting.seq, posting.once_key, posting.target_id).where(
            posting.village == village, posting.kind == "attendance_awarded", posting.account == "household",
            posting.is_counted == 1,
        )
        .order_by(posting.log, posting.seq)
    ).all()  # fmt: skip
    reversed_keys = set(
        connection.execute(
            select(posting.once_key).where(posting.village == village, posting.kind == "award_reversed")
        ).scalars()
    )
    came = {meeting: _households(connection, village, held, meeting) for meeting in {row.target_id for row in rows}}
    return [
        Fault("attendance_without_sign_in", row.once_key)
        for row in rows
        if f"reverse:{entity_id(row.log, row.seq)}" not in reversed_keys
        and int(row.once_key.rpartition(":")[2]) not in came[row.target_id]
    ]


def one_meeting_open(connection: Connection, village: int) -> list[Fault]:
    """A log has one meeting open at a time: a scan must belong to one."""
    held = _held(connection, village)
    opened: dict[int, list[int]] = defaultdict(list)
    for meeting in held.acts:
        act = held.act(meeting, "opened")
        if act is not None and held.act(meeting, "ended") is None and held.act(meeting, "cancelled") is None:
            opened[act.log].append(meeting)
    return [Fault("two_meetings_open", str(log)) for log, meetings in sorted(opened.items()) if len(meetings) > 1]


def _held(connection: Connection, village: int) -> Held:
    acts, expected, sign_ins, undos = (
        _by(connection.execute(statement), key)
        for statement, key in (
            (_all(MeetingAct, village).order_by(table_of(MeetingAct).c.rank), "meeting_id"),
            (_all(Expected, village), "meeting_id"),
            (_all(SignIn, village).order_by(table_of(SignIn).c.rank), "meeting_id"),
            (_all(SignInUndo, village), "sign_in_id"),
        )
    )
    return Held(acts, expected, sign_ins, undos)


def _all(model: type, village: int) -> Any:  # noqa: ANN401  because a statement of any table is untyped
    table = table_of(model)
    return select(table).where(table.c.village == village)


def _by(rows: Iterable[Row[Any]], key: str) -> Rows:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def _told(end: Row[Any]) -> tuple[int, ...]:
    """Return what an end tells; those expected who did not come are on leave or absent, together."""
    return *(getattr(end, name) for name in FIGURES[:4]), end.on_leave + end.absent, end.awards, end.points


def _seen_by(connection: Connection, village: int, held: Held, end: Row[Any]) -> tuple[int, ...]:
    closing = closing_of(connection, village, end.log, end.seq)

    def is_seen(row: Row[Any]) -> bool:
        return bool(row.seq <= closing.get(row.log, 0))

    expected = {row.subject_id for row in held.expected[end.meeting_id] if is_seen(row)}
    counted = held.counted(end.meeting_id, is_seen, is_seen)
    present = [row for subject, row in counted.items() if subject in expected]
    late, away = sum(row.is_late for row in present), len(expected) - len(present)
    posted = _posted(connection, village, end, len(counted))
    return len(expected), len(present), late, len(counted) - len(present), away, *posted


def _posted(connection: Connection, village: int, end: Row[Any], most: int) -> tuple[int, int]:
    """Return how many awards stand before an end, and their points; there are at most as many as sign-ins."""
    posting = table_of(Posting).c
    count, points = connection.execute(
        select(func.count(), func.coalesce(func.sum(posting.points), 0)).where(
            posting.village == village, posting.log == end.log, posting.seq.between(end.seq - most - 1, end.seq),
            posting.kind == "attendance_awarded", posting.account == "household", posting.target_id == end.meeting_id,
        )
    ).one()  # fmt: skip
    return count, int(points)


def _households(connection: Connection, village: int, held: Held, meeting: int) -> set[int]:
    """Return the households of which somebody came who was expected, by all that is held."""
    end = held.act(meeting, "ended")
    closing = None if end is None else closing_of(connection, village, end.log, end.seq)
    expected = {row.subject_id for row in held.expected[meeting]}

    def may_count(row: Row[Any]) -> bool:
        return closing is None or row.request_id is not None or row.seq <= closing.get(row.log, 0)

    counted = held.counted(meeting, may_count)
    return {row.household_id for subject, row in counted.items() if subject in expected}
