"""What the meeting desk knows at a moment. Pure: no store, no widget."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Final

from kiosk.domain.attendance import AttendanceSheet, SheetLine, Tally
from kiosk.domain.meeting import MeetingShown
from kiosk.domain.meeting_end import MeetingOver
from kiosk.domain.sign_in import SignInMade

LONGEST_COUNT: Final = 4
SHOWN_LATEST: Final = 6
PAGE: Final = 9


class Phase(Enum):
    """What the desk shows."""

    LOOKING = auto()
    LIST = auto()
    CALLED = auto()
    SIGNING = auto()
    FORGOTTEN = auto()
    OVER = auto()
    ROLL = auto()


class Tone(Enum):
    """The colour behind what stands large: a role of the palette."""

    QUIET = "panel"
    CARD = "card"
    DOUBLE = "double"
    REFUSAL = "refusal"


@dataclass(frozen=True)
class Notice:
    """What stands large: a name, below it a sentence (the key of its text and its values)."""

    name: str
    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    tone: Tone = Tone.CARD


@dataclass(frozen=True)
class Entered:
    """Somebody who signed in; `at` is wall milliseconds, `late_minutes` is None for who was on time, or observes."""

    sign_in_id: int
    name: str
    at: int
    late_minutes: int | None = None
    is_observer: bool = False
    is_fast: bool = False


@dataclass(frozen=True)
class DeskState:
    """The state of the meeting desk.

    `is_timed` says that the beginning was said at this desk since it was started: without, nobody is late here;
    `is_restarted` that it was said here before a restart.
    `is_left_open` says that nobody ended it on its day, and that nobody said here that it still goes on.
    `latest` are the last to come, newest first; `last` is the sign-in that one key takes back; `typed` are the digits
    of the head count and `heads` a count that differs from those who signed in; `over` is the end that was just made.
    """

    phase: Phase = Phase.LOOKING
    meetings: tuple[MeetingShown, ...] = ()
    meeting: MeetingShown | None = None
    is_timed: bool = False
    is_restarted: bool = False
    is_left_open: bool = False
    tally: Tally | None = None
    lines: tuple[SheetLine, ...] = ()
    latest: tuple[Entered, ...] = ()
    last: Entered | None = None
    notice: Notice | None = None
    typed: str = ""
    heads: int | None = None
    over: MeetingOver | None = None
    page: int = 0
    is_only_missing: bool = False

    @property
    def is_begun(self) -> bool:
        """Whether the meeting has begun."""
        return self.meeting is not None and self.meeting.state == "begun"

    @property
    def is_list(self) -> bool:
        """Whether lines to choose from are shown."""
        return self.phase in (Phase.LIST, Phase.ROLL)

    @property
    def roll(self) -> tuple[SheetLine, ...]:
        """Those on the roll that are to be shown: all, or those who are not there and did not ask for leave."""
        return tuple(line for line in self.lines if not self.is_only_missing or line.came == "absent")

    @property
    def count(self) -> int:
        """How many lines there are to choose from."""
        return len(self.roll if self.phase is Phase.ROLL else self.meetings)

    @property
    def pages(self) -> int:
        """How many pages the list has, at least one."""
        return max(-(-self.count // PAGE), 1)


def entered_now(made: SignInMade) -> Entered:
    """Take from a sign-in what the desk shows of it."""
    late_minutes = made.late_minutes if made.is_late and not made.is_observer else None
    return Entered(made.sign_in_id, made.name, made.at, late_minutes, made.is_observer, made.is_fast)


def latest_of(sheet: AttendanceSheet) -> tuple[Entered, ...]:
    """Return the last to come of a sheet, newest first."""
    came = [
        Entered(
            line.sign_in_id, line.name, line.at, line.late_minutes if line.came == "late" else None,
            line.came == "observer", line.is_fast,
        )
        for line in sheet.lines if line.sign_in_id is not None and line.at is not None
    ]  # fmt: skip
    return tuple(sorted(came, key=lambda each: (each.at, each.sign_in_id), reverse=True)[:SHOWN_LATEST])


def state_of(sheet: AttendanceSheet, old: DeskState, today: str | None, boot: int) -> DeskState:
    """Show a meeting by its sheet on a business day, after `old`; `boot` counts the starts of this desk."""
    meeting = sheet.meeting
    is_same = old.meeting is not None and old.meeting.meeting_id == meeting.meeting_id
    was_shown = is_same and old.phase is not Phase.CALLED
    is_past = meeting.is_open and today is not None and meeting.day < today
    is_left_open = old.is_left_open if was_shown else is_past
    if meeting.state == "called":
        phase = Phase.CALLED
    elif not meeting.is_open:
        phase = Phase.OVER
    else:
        phase = Phase.FORGOTTEN if is_left_open else Phase.SIGNING
    is_timed = meeting.begun_here(sheet.log, boot) is not None
    is_restarted = not is_timed and any(begin.log == sheet.log for begin in meeting.begins)
    return DeskState(
        phase, meeting=meeting, is_timed=is_timed, is_restarted=is_restarted, is_left_open=is_left_open,
        tally=sheet.tally, lines=sheet.lines, latest=latest_of(sheet), over=old.over if is_same else None,
        last=old.last if is_same and phase is Phase.SIGNING else None,
    )  # fmt: skip
