"""What meetings of one desk must come to, in plain Python: nothing here is shared with the code under test."""

from dataclasses import dataclass, field
from typing import Final

MINUTE: Final = 60_000
LATE_AFTER: Final = 5
ON_TIME_POINTS: Final = 200
LATE_POINTS: Final = 100
ROUTINE_CAP: Final = 3_000


@dataclass
class ModelSignIn:
    """Somebody who came: for which household, and whether late."""

    sign_in_id: int
    household: int
    is_late: bool


@dataclass
class ModelMeeting:
    """A meeting: whom it expects with their households, who came, who has leave; `begun` is monotonic milliseconds."""

    meeting_id: int
    template: str
    state: str = "called"
    expected: dict[int, int] = field(default_factory=dict)
    came: dict[int, ModelSignIn] = field(default_factory=dict)
    leave: set[int] = field(default_factory=set)
    begun: int | None = None
    heads: int | None = None
    paid: set[int] = field(default_factory=set)

    @property
    def is_open(self) -> bool:
        """Whether cards may be scanned."""
        return self.state in ("open", "begun")

    def over(self) -> str | None:
        """Return the code of the refusal that a meeting is over with."""
        return {"ended": "meeting_has_ended", "cancelled": "meeting_is_cancelled"}.get(self.state)

    def not_open(self) -> str | None:
        """Return the code of the refusal for what needs an open meeting."""
        return self.over() or (None if self.is_open else "meeting_not_open")

    def is_late(self, mono: int) -> bool:
        """Say whether somebody is late who comes now."""
        return self.begun is not None and (mono - self.begun) // MINUTE > LATE_AFTER

    def figures(self) -> tuple[int, int, int, int, int, int]:
        """Return expected, present, late, on leave, absent and observers."""
        present = [subject for subject in self.came if subject in self.expected]
        late = sum(self.came[subject].is_late for subject in present)
        leave = len((self.leave & set(self.expected)) - set(present))
        absent = len(self.expected) - len(present) - leave
        return len(self.expected), len(present), late, leave, absent, len(self.came) - len(present)

    def earned(self) -> dict[int, int]:
        """Return what each household earns by its best sign-in, before any cap."""
        points: dict[int, int] = {}
        for subject, sign_in in self.came.items():
            if subject in self.expected and sign_in.household not in self.paid:
                brought = LATE_POINTS if sign_in.is_late else ON_TIME_POINTS
                points[sign_in.household] = max(points.get(sign_in.household, 0), brought)
        return {} if self.template == "committee_meeting" else points
