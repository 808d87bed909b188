"""Kinds of the family meeting: call, who is expected, sign-in, begin, leave, end, and the points that follow.

A meeting counts persons or households. Whoever is counted is an attendee: a household, and in a meeting that counts
persons also the person.
"""

from typing import Annotated, ClassVar, Final, Literal, TypeAlias

from pydantic import Field

from db.facts.body import Body, Code, Count, Day, EntityId, Leg, Part, Points, Several
from db.facts.terminal import Place

Counts: TypeAlias = Literal["person", "household"]
SignInEntry: TypeAlias = Literal["card", "book", "found"]
LeaveReason: TypeAlias = Literal["farm", "away", "ill", "work", "other"]
UndoReason: TypeAlias = Literal["wrong_card", "not_here", "other"]
CancelReason: TypeAlias = Literal["mistake", "too_few", "weather", "other"]
CorrectionReason: TypeAlias = Literal["forgotten", "no_card", "power", "other"]
HOUR: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
Hour: TypeAlias = Annotated[str, Field(pattern=HOUR)]

EXPECTED_AT_ONCE = 150
"""Attendees of one `expected_listed`: its line stays under the longest one."""


class Attendee(Part):
    """Whom a meeting counts: a household, or one person of it."""

    household: EntityId
    person: EntityId | None = None


class MeetingCalled(Body):
    """A meeting was called; `groups` are the village groups it is for, none means all. Private text: {"topic"}."""

    KIND: ClassVar[str] = "meeting_called"
    template: Code
    counts: Counts
    groups: Several[Count] = ()
    planned_day: Day | None = None
    planned_hour: Hour | None = None


class MeetingCancelled(Body):
    """A meeting did not take place, or was broken off; nobody earns by it."""

    KIND: ClassVar[str] = "meeting_cancelled"
    meeting: EntityId
    reason: CancelReason


class ExpectedListed(Body):
    """A piece of the list of those expected, as the roster stood when sign-in was opened."""

    KIND: ClassVar[str] = "expected_listed"
    meeting: EntityId
    attendees: Several[Attendee]


class SignInOpened(Body):
    """Cards may be scanned from now on; the log that wrote this ends the meeting. `expected` counts the list."""

    KIND: ClassVar[str] = "sign_in_opened"
    meeting: EntityId
    expected: Count


class MeetingBegun(Body):
    """The meeting began: nobody is late before this."""

    KIND: ClassVar[str] = "meeting_begun"
    meeting: EntityId


class SignedIn(Body):
    """Somebody came. `late_minutes` were measured from the beginning, null where no clock could say.

    An observer was not expected. A fast scan followed the one before it within a breath, as a stack of cards does.
    `request` names the request this sign-in fulfils: it was entered after the end.
    """

    KIND: ClassVar[str] = "signed_in"
    meeting: EntityId
    household: EntityId
    person: EntityId | None = None
    card: EntityId | None = None
    entry: SignInEntry
    is_late: bool = False
    late_minutes: Count | None = None
    is_observer: bool = False
    is_fast: bool = False
    request: EntityId | None = None


class SignInUndone(Body):
    """A sign-in was taken back; of two that undo one sign-in both are kept and say the same."""

    KIND: ClassVar[str] = "sign_in_undone"
    sign_in: EntityId
    meeting: EntityId
    reason: UndoReason


class LeaveSet(Body):
    """Somebody asked not to come; no reason takes that back."""

    KIND: ClassVar[str] = "leave_set"
    meeting: EntityId
    household: EntityId
    person: EntityId | None = None
    reason: LeaveReason | None


class HeadsCounted(Body):
    """How many sat in the room, counted by hand."""

    KIND: ClassVar[str] = "heads_counted"
    meeting: EntityId
    heads: Count


class AttendanceAwarded(Body):
    """Points for coming, once for a meeting and a household; `sign_in` is the one they follow from."""

    KIND: ClassVar[str] = "attendance_awarded"
    meeting: EntityId
    sign_in: EntityId
    household: EntityId
    person: EntityId | None = None
    scheme: Code
    item: Code
    points: Points
    legs: Several[Leg]


class MeetingEnded(Body):
    """The meeting ended, with its figures as they stood; `awards` facts of `points` in all stand before this one.

    `closing` says how far each log had been read: a sign-in beyond it was not seen. `signer` is whose badge ended the
    meeting where that was not the operator.
    """

    KIND: ClassVar[str] = "meeting_ended"
    meeting: EntityId
    expected: Count
    present: Count
    late: Count
    leave: Count
    absent: Count
    observers: Count
    heads: Count | None = None
    awards: Count
    points: Points
    signer: EntityId | None = None
    is_verified: bool = False
    closing: Several[Place]


class SignInRequested(Body):
    """Somebody was forgotten in a meeting that has ended; a second signature makes it a sign-in."""

    KIND: ClassVar[str] = "sign_in_requested"
    meeting: EntityId
    household: EntityId
    person: EntityId | None = None
    reason: CorrectionReason
    paper: Code | None = None
    is_late: bool = False
