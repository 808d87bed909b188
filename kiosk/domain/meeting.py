"""Meetings: call, open sign-in, begin, count heads, cancel. The desk that opened sign-in begins and ends the meeting.

Order of a meeting: called → open (cards may be scanned) → begun (who comes now may be late) → ended.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias, get_args

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, literal, select

from db.facts.meeting import (
    EXPECTED_AT_ONCE,
    HOUR,
    Attendee,
    CancelReason,
    Counts,
    ExpectedListed,
    HeadsCounted,
    MeetingBegun,
    MeetingCalled,
    MeetingCancelled,
    SignInOpened,
)
from db.line import Stamp
from db.lineage import lineage
from db.names import is_text_of, name_in, names_of
from db.store import Act, Store, own_log
from db.tables.journal import PrivateText
from db.tables.meeting import Meeting, MeetingAct
from db.tables.statement import table_of
from kiosk.calendar import is_day
from kiosk.domain.access import Right, require_right
from kiosk.domain.meeting_roster import roster_of
from kiosk.domain.meeting_template import require_template
from kiosk.domain.period import day_state, require_day
from kiosk.errors import NotAllowed, Refused

MeetingState: TypeAlias = Literal["called", "open", "begun", "ended", "cancelled"]
MOST_HEADS: Final = 9_999
LISTED: Final = 30


@dataclass(frozen=True)
class MeetingPlan:
    """What is called: a template's code, village groups (none: all), a day and an hour (ISO, `HH:MM`), a topic."""

    template: str
    groups: tuple[int, ...] = ()
    day: str | None = None
    hour: str | None = None
    topic: str | None = None


@dataclass(frozen=True)
class ActSeen:
    """Something that happened to a meeting, with the stamp it carried; `log` and `seq` name the fact."""

    log: int
    seq: int
    operator_id: int | None
    day: str | None
    stamp: Stamp
    row: Row[Any] = field(compare=False, repr=False)


@dataclass(frozen=True)
class MeetingShown:
    """A meeting and what happened to it; `acts` holds the opening, beginning, end or cancelling that counts.

    `begins` are all beginnings: every desk says for itself, and anew after every start, from when people are late.
    """

    meeting_id: int
    template: str
    counts: Counts
    groups: tuple[int, ...]
    planned_day: str | None
    planned_hour: str | None
    called_day: str | None
    topic: str
    heads: int | None
    acts: Mapping[str, ActSeen] = field(compare=False)
    begins: tuple[ActSeen, ...] = field(compare=False)

    @property
    def state(self) -> MeetingState:
        """How far the meeting is; an end outweighs a cancelling."""
        states: tuple[tuple[str, MeetingState], ...] = (
            ("ended", "ended"), ("cancelled", "cancelled"), ("begun", "begun"), ("opened", "open"),
        )  # fmt: skip
        return next((state for act, state in states if act in self.acts), "called")

    @property
    def is_open(self) -> bool:
        """Whether cards may be scanned."""
        return self.state in ("open", "begun")

    def begun_here(self, log: int, boot: int) -> ActSeen | None:
        """Return since when people are late at the desk of `log` after its start `boot`; None until it was said."""
        return next((act for act in self.begins if (act.log, act.stamp.boot) == (log, boot)), None)

    @property
    def day(self) -> str:
        """The business day on which sign-in was opened, else the day it is planned for or was called."""
        opened = self.acts.get("opened")
        return (opened and opened.day) or self.planned_day or self.called_day or ""


def call_meeting(store: Store, plan: MeetingPlan, *, now: Stamp, by: int) -> int:
    """Call a meeting and return its id.

    Raises:
        Refused: no day is open (`day_not_open`), there is no such template (`meeting_template_unknown`) or it is for
            the whole village (`meeting_has_no_groups`), the planned day has passed (`meeting_day_passed`), there is no
            such hour (`meeting_hour_wrong`).
        NotAllowed: the operator may not hold meetings (`right_missing`).
    """
    with store.write(now=now, by=by) as act:
        return _call(act, plan, by)


def groups_of(numbers: str | None) -> tuple[int, ...]:
    """Return the village groups of a meeting as its table holds them; none means the whole village."""
    return tuple(int(number) for number in (numbers or "").split(",") if number)


def open_sign_in(store: Store, meeting_id: int, *, now: Stamp, by: int) -> int:
    """Let cards be scanned for a meeting that was called; return how many are expected, by the roster of now.

    Raises:
        Refused: no day is open (`day_not_open`); no such meeting (`meeting_unknown`); it was opened, ended or cancelled
            before (`meeting_was_opened`, `meeting_has_ended`, `meeting_is_cancelled`); another one is open at this
            desk (`meeting_is_open`); nobody would be expected (`nobody_expected`).
        NotAllowed: the operator may not hold meetings (`right_missing`).
    """
    with store.write(now=now, by=by) as act:
        return _open(act, meeting_id, by)


def open_unplanned(store: Store, plan: MeetingPlan, *, now: Stamp, by: int) -> int:
    """Call a meeting and open its sign-in at once; return its id. Raises as `call_meeting` and `open_sign_in`."""
    with store.write(now=now, by=by) as act:
        meeting_id = _call(act, plan, by)
        _open(act, meeting_id, by)
        return meeting_id


def begin_meeting(store: Store, meeting_id: int, *, now: Stamp, by: int) -> None:
    """Begin: from now on the time is counted at this desk that makes somebody late.

    After a restart, and at a second desk, it is said once more: no clock there knows when the meeting began.

    Raises:
        Refused: as `require_open_meeting`; this was said here since the desk was started (`meeting_has_begun`).
        NotAllowed: `right_missing`.
    """
    with store.write(now=now, by=by) as act:
        require_day(act)
        require_right(act.connection, act.village, by, Right.HOLD_MEETING)
        meeting = require_open_meeting(act.connection, act.village, meeting_id)
        if meeting.begun_here(act.log, now.boot) is not None:
            raise Refused("meeting_has_begun")
        act.append(MeetingBegun(meeting=meeting_id))


def count_heads(store: Store, meeting_id: int, heads: int, *, now: Stamp, by: int) -> None:
    """Note how many sit in the room. Raises Refused (`heads_wrong`, as `require_open_meeting`), NotAllowed."""
    with store.write(now=now, by=by) as act:
        require_day(act)
        require_open_meeting(act.connection, act.village, meeting_id)
        note_heads(act, meeting_id, heads, by)


def note_heads(act: Act, meeting_id: int, heads: int, by: int) -> None:
    """Write how many heads were counted, inside an action. Raises Refused (`heads_wrong`), NotAllowed."""
    require_right(act.connection, act.village, by, Right.HOLD_MEETING)
    if not 0 <= heads <= MOST_HEADS:
        raise Refused("heads_wrong", most=MOST_HEADS)
    act.append(HeadsCounted(meeting=meeting_id, heads=heads))


def cancel_meeting(store: Store, meeting_id: int, reason: CancelReason, *, now: Stamp, by: int) -> None:
    """Say that a meeting does not take place, or was broken off: nobody earns by it.

    Raises:
        Refused: `meeting_unknown`, `meeting_has_ended`, `meeting_is_cancelled`, `reason_unknown`.
        NotAllowed: `right_missing`; another desk opened sign-in (`meeting_elsewhere`).
    """
    with store.write(now=now, by=by) as act:
        require_day(act)
        require_right(act.connection, act.village, by, Right.HOLD_MEETING)
        meeting = _require_not_over(show_meeting(act.connection, act.village, meeting_id))
        if meeting.is_open:
            require_own_meeting(act, meeting)
        if reason not in get_args(CancelReason):
            raise Refused("reason_unknown", reason=reason)
        act.append(MeetingCancelled(meeting=meeting_id, reason=reason))


def meeting_here(store: Store) -> MeetingShown | None:
    """Return the meeting whose sign-in is open: the one of this desk first, else another desk's of the open day."""
    with store.read() as connection:
        return find_open_meeting(connection, store.village, own_log(connection, store.village))


def find_open_meeting(connection: Connection, village: int, log: int) -> MeetingShown | None:
    """Return the open meeting that a scan at the desk of `log` is for, or None."""
    parameters = {"of_village": village}
    ids = list(connection.execute(_open_statement(), parameters).scalars())
    if not ids:
        return None
    own, day = lineage(connection, village, log), day_state(connection, village).open_day
    open_ones = [meeting for each in ids if (meeting := show_meeting(connection, village, each)).is_open]
    here = [meeting for meeting in open_ones if meeting.acts["opened"].log in own]
    return next(iter([*here, *(meeting for meeting in open_ones if meeting.day == day)]), None)


def list_meetings(store: Store, listed: int = LISTED) -> tuple[MeetingShown, ...]:
    """Return every meeting that is not over, then of the others the `listed` called last; the latest call first."""
    with store.read() as connection:
        parameters = {"of_village": store.village, "listed": listed}
        ids = [
            meeting_id
            for statement in (_not_over_statement(), _over_statement())
            for meeting_id in connection.execute(statement, parameters).scalars()
        ]
        return _show_all(connection, store.village, ids)


def show_meeting(connection: Connection, village: int, meeting_id: int) -> MeetingShown:
    """Return a meeting and what happened to it. Raises Refused (`meeting_unknown`)."""
    parameters = {"of_village": village, "of_meeting": meeting_id}
    row = connection.execute(_meeting_statement(), parameters).one_or_none()
    if row is None or row.template is None:
        raise Refused("meeting_unknown")
    return _meeting(row, connection.execute(_acts_statement(), parameters).all(), name_in(row.topic_text))


def require_open_meeting(connection: Connection, village: int, meeting_id: int) -> MeetingShown:
    """Return a meeting whose sign-in is open.

    Raises:
        Refused: `meeting_unknown`, `meeting_has_ended`, `meeting_is_cancelled`, `meeting_not_open`.
    """
    meeting = _require_not_over(show_meeting(connection, village, meeting_id))
    if not meeting.is_open:
        raise Refused("meeting_not_open")
    return meeting


def require_own_meeting(act: Act, meeting: MeetingShown) -> None:
    """Refuse what only the desk that opened sign-in may do. Raises NotAllowed (`meeting_elsewhere`)."""
    if meeting.acts["opened"].log not in lineage(act.connection, act.village, act.log):
        raise NotAllowed("meeting_elsewhere")


def _call(act: Act, plan: MeetingPlan, by: int) -> int:
    day = require_day(act)
    require_right(act.connection, act.village, by, Right.HOLD_MEETING)
    template = require_template(plan.template)
    if plan.groups and not template.asks_group:
        raise Refused("meeting_has_no_groups")
    if plan.day is not None and (not is_day(plan.day) or plan.day < day):
        raise Refused("meeting_day_passed", day=plan.day)
    if plan.hour is not None and not re.fullmatch(HOUR, plan.hour):
        raise Refused("meeting_hour_wrong", hour=plan.hour)
    body = MeetingCalled(
        template=plan.template, counts=template.counts, groups=tuple(sorted(set(plan.groups))), planned_day=plan.day,
        planned_hour=plan.hour,
    )  # fmt: skip
    return act.append(body, {"name": topic} if (topic := (plan.topic or "").strip()) else None).id


def _open(act: Act, meeting_id: int, by: int) -> int:
    day = require_day(act)
    require_right(act.connection, act.village, by, Right.HOLD_MEETING)
    meeting = _require_not_over(show_meeting(act.connection, act.village, meeting_id))
    if meeting.is_open:
        raise Refused("meeting_was_opened")
    other = find_open_meeting(act.connection, act.village, act.log)
    if other is not None and other.acts["opened"].log in lineage(act.connection, act.village, act.log):
        raise Refused("meeting_is_open", template=other.template, day=other.day)
    expected = roster_of(act.connection, act.village, meeting.template, meeting.groups, day)
    if not expected:
        raise Refused("nobody_expected")
    pieces = [expected[start : start + EXPECTED_AT_ONCE] for start in range(0, len(expected), EXPECTED_AT_ONCE)]
    for piece in pieces:
        attendees = tuple(Attendee(household=each.household_id, person=each.person_id) for each in piece)
        act.append(ExpectedListed(meeting=meeting_id, attendees=attendees))
    act.append(SignInOpened(meeting=meeting_id, expected=len(expected)))
    return len(expected)


def _require_not_over(meeting: MeetingShown) -> MeetingShown:
    if meeting.state == "ended":
        raise Refused("meeting_has_ended")
    if meeting.state == "cancelled":
        raise Refused("meeting_is_cancelled")
    return meeting


def _show_all(connection: Connection, village: int, ids: Sequence[int]) -> tuple[MeetingShown, ...]:
    """Return meetings in the order of their ids, by two statements however many there are."""
    meeting, act = table_of(Meeting), table_of(MeetingAct)
    rows = {
        row.meeting_id: row
        for row in connection.execute(
            select(meeting).where(meeting.c.village == village, meeting.c.meeting_id.in_(ids))
        )
    }  # fmt: skip
    happened: dict[int, list[Row[Any]]] = {meeting_id: [] for meeting_id in ids}
    acts = select(act).where(act.c.village == village, act.c.meeting_id.in_(ids)).order_by(act.c.rank)
    for seen in connection.execute(acts):
        happened[seen.meeting_id].append(seen)
    topics = names_of(connection, village, [row.topic_id for row in rows.values()])
    return tuple(_meeting(rows[each], happened[each], topics[rows[each].topic_id]) for each in ids)


def _meeting(row: Row[Any], happened: Sequence[Row[Any]], topic: str) -> MeetingShown:
    acts: dict[str, ActSeen] = {}
    begins: list[ActSeen] = []
    for seen in happened:
        stamp = Stamp(seen.at or 0, seen.clock or "u", seen.boot or 0, seen.mono or 0)
        act = ActSeen(seen.log, seen.seq, seen.operator_id, seen.day, stamp, seen)
        acts.setdefault(seen.act, act)
        begins += [act] if seen.act == "begun" else []
    return MeetingShown(
        row.meeting_id, row.template, row.counts or "person", groups_of(row.group_numbers), row.planned_day,
        row.planned_hour, row.called_day, topic, row.heads, acts, tuple(begins),
    )  # fmt: skip


@lru_cache(maxsize=1)
def _meeting_statement() -> Select[Any]:
    meeting, topic = table_of(Meeting), table_of(PrivateText).alias("topic")
    return (
        select(meeting, topic.c.text.label("topic_text"))
        .select_from(meeting.outerjoin(topic, is_text_of(topic, meeting.c.village, meeting.c.topic_id)))
        .where(meeting.c.village == bindparam("of_village"), meeting.c.meeting_id == bindparam("of_meeting"))
    )


@lru_cache(maxsize=1)
def _acts_statement() -> Select[Any]:
    act = table_of(MeetingAct)
    return (
        select(act)
        .where(act.c.village == bindparam("of_village"), act.c.meeting_id == bindparam("of_meeting"))
        .order_by(act.c.rank)
    )


@lru_cache(maxsize=1)
def _not_over_statement() -> Select[Any]:
    return _called_statement().where(~_is_over())


@lru_cache(maxsize=1)
def _over_statement() -> Select[Any]:
    return _called_statement().where(_is_over()).limit(bindparam("listed"))


def _called_statement() -> Select[Any]:
    meeting = table_of(Meeting).c
    return (
        select(meeting.meeting_id)
        .where(meeting.village == bindparam("of_village"), meeting.template.is_not(None))
        .order_by(meeting.call_rank.desc())
    )


def _is_over() -> ColumnElement[bool]:
    meeting, act = table_of(Meeting), table_of(MeetingAct).c
    over = select(literal(1)).where(
        act.village == meeting.c.village, act.meeting_id == meeting.c.meeting_id, act.act.in_(["ended", "cancelled"])
    )
    return over.correlate(meeting).exists()


@lru_cache(maxsize=1)
def _open_statement() -> Select[Any]:
    act, over = table_of(MeetingAct).c, table_of(MeetingAct).alias("over").c
    ended = select(over.meeting_id).where(
        over.village == act.village, over.meeting_id == act.meeting_id, over.act.in_(["ended", "cancelled"])
    )
    return (
        select(act.meeting_id)
        .where(act.village == bindparam("of_village"), act.act == "opened", ~ended.exists())
        .distinct()
        .order_by(act.meeting_id.desc())
    )
