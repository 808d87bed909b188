"""The end of a meeting: the figures as they stand, points by the scheme once a household, and what was not seen.

Sign-in points need no review where somebody ends the meeting who may: the scans stand in the journal. Everything is
one transaction: a meeting has ended with all its points, or not at all.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from db import journal
from db.facts.meeting import MeetingBegun, MeetingEnded, SignedIn
from db.facts.terminal import Place
from db.line import COUNTY_LOG, Stamp, entity_id
from db.store import Act, Store
from kiosk.domain.access import Right, require_right
from kiosk.domain.attendance import Tally, counted_sign_ins, tally_at
from kiosk.domain.attendee import is_expected
from kiosk.domain.meeting import (
    MeetingShown,
    note_heads,
    require_open_meeting,
    require_own_meeting,
    show_meeting,
)
from kiosk.domain.meeting_points import Earner, earners, pay_attendance
from kiosk.domain.meeting_roster import Comer
from kiosk.domain.period import require_day
from kiosk.domain.terminal import operator_by_badge
from kiosk.errors import Refused


@dataclass(frozen=True)
class MeetingOver:
    """An ended meeting: its figures, heads counted by hand or None, and the points posted, in hundredths.

    `capped` households came and had reached their cap of the month.
    """

    meeting_id: int
    tally: Tally
    heads: int | None
    awards: int
    points: int
    capped: int

    @property
    def differs(self) -> bool:
        """Whether the heads counted are not those who signed in, observers included."""
        return self.heads is not None and self.heads != self.tally.present + self.tally.observers


@dataclass(frozen=True)
class HeadsDiffer:
    """The heads counted are not those who signed in: they were noted, and the meeting goes on."""

    heads: int
    tally: Tally


def end_meeting(store: Store, meeting_id: int, badge: str | None = None, *, now: Stamp, by: int) -> MeetingOver:
    """End a meeting: whoever is expected and did not come is absent, and points are posted, once a household.

    `badge` is the number of the badge of somebody who may end meetings, where the operator may not.

    Raises:
        Refused: `day_not_open`, as `require_open_meeting`; it has not begun (`meeting_not_begun`).
        NotAllowed: another desk opened sign-in (`meeting_elsewhere`); neither operator nor badge may end it
            (`right_missing`), or nobody has the badge (`badge_unknown`).
    """
    with store.write(now=now, by=by) as act:
        meeting = _require_begun(act, meeting_id)
        return _end(act, meeting, _require_ender(act, meeting, badge, by))


def end_counted(
    store: Store, meeting_id: int, heads: int, badge: str | None = None, *, now: Stamp, by: int
) -> MeetingOver | HeadsDiffer:
    """Note the heads counted in the room, and end the meeting if that is how many signed in, observers included.

    Raises as `end_meeting`, and `heads_wrong`; where the counts differ nobody needs the right to end it.
    """
    with store.write(now=now, by=by) as act:
        meeting = _require_begun(act, meeting_id)
        note_heads(act, meeting_id, heads, by)
        counted = counted_sign_ins(act.connection, act.village, meeting)
        tally = tally_at(act.connection, act.village, meeting_id, counted)
        if heads != tally.present + tally.observers:
            return HeadsDiffer(heads, tally)
        return _end(act, meeting, _require_ender(act, meeting, badge, by))


def end_left_open(
    store: Store, meeting_id: int, heads: int | None = None, badge: str | None = None, *, now: Stamp, by: int
) -> MeetingOver:
    """End a meeting that nobody ended on its day; one that nobody began begins with this, and nobody was late.

    Raises as `end_meeting`, and `heads_wrong`; it is of the open day and has not begun (`meeting_not_begun`).
    """
    with store.write(now=now, by=by) as act:
        day = require_day(act)
        meeting = require_open_meeting(act.connection, act.village, meeting_id)
        signer = _require_ender(act, meeting, badge, by)
        if meeting.state != "begun":
            if meeting.day >= day:
                raise Refused("meeting_not_begun")
            act.append(MeetingBegun(meeting=meeting_id))
        if heads is not None:
            note_heads(act, meeting_id, heads, by)
        return _end(act, meeting, signer)


def enter_after_end(act: Act, request: Row[Any]) -> int:
    """Enter somebody whom a second signature let in after the end, and return the points it brought (hundredths)."""
    meeting = show_meeting(act.connection, act.village, request.meeting_id)
    person_id = request.person_id if meeting.counts == "person" else None
    comer = Comer(request.household_id, person_id)
    if comer.subject_id in counted_sign_ins(act.connection, act.village, meeting):
        return 0
    observes = not is_expected(act.connection, act.village, meeting.meeting_id, comer.subject_id)
    body = SignedIn(
        meeting=meeting.meeting_id, household=comer.household_id, person=comer.person_id, card=request.card_id,
        entry="found", is_late=bool(request.is_late), is_observer=observes,
        request=entity_id(request.log, request.seq),
    )  # fmt: skip
    earner = Earner(act.append(body).id, comer, is_late=bool(request.is_late))
    [points] = [None] if observes else pay_attendance(act, meeting, require_day(act), [earner])
    return points or 0


def _require_begun(act: Act, meeting_id: int) -> MeetingShown:
    require_day(act)
    meeting = require_open_meeting(act.connection, act.village, meeting_id)
    require_own_meeting(act, meeting)
    if meeting.state != "begun":
        raise Refused("meeting_not_begun")
    return meeting


def _require_ender(act: Act, meeting: MeetingShown, badge: str | None, by: int) -> int | None:
    """Return whose badge ends a meeting of this desk, None where the operator does."""
    require_own_meeting(act, meeting)
    signer = None if badge is None else operator_by_badge(act.connection, act.village, badge)
    require_right(act.connection, act.village, signer or by, Right.END_MEETING)
    return signer


def _end(act: Act, meeting: MeetingShown, signer: int | None) -> MeetingOver:
    meeting_id, connection, village = meeting.meeting_id, act.connection, act.village
    heads = show_meeting(connection, village, meeting_id).heads
    counted = counted_sign_ins(connection, village, meeting)
    tally = tally_at(connection, village, meeting_id, counted)
    given = pay_attendance(act, meeting, require_day(act), earners(connection, village, meeting_id, counted))
    posted, capped = [points for points in given if points], given.count(0)
    body = MeetingEnded(
        meeting=meeting_id, expected=tally.expected, present=tally.present, late=tally.late, leave=tally.leave,
        absent=tally.absent, observers=tally.observers, heads=heads, awards=len(posted), points=sum(posted),
        signer=signer, closing=_closing(act),
    )  # fmt: skip
    act.append(body)
    return MeetingOver(meeting_id, tally, heads, len(posted), sum(posted), capped)


def _closing(act: Act) -> tuple[Place, ...]:
    """Say how far every log of the village had been read, this one included: all figures follow from that."""
    held = journal.heads(act.connection, act.village)
    return tuple(Place(log=log, seq=held[log].seq) for log in sorted(held) if log != COUNTY_LOG)
