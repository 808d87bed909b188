"""What the screen of reports knows at a moment. Pure: no store, no widget."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from kiosk.domain.report import Period, Stretch
from kiosk.domain.reports import ReportKind, Reports

KINDS: Final = tuple(ReportKind)
STRETCHES: Final = tuple(Stretch)
VIEWS: Final[Mapping[ReportKind, tuple[str, ...]]] = {
    ReportKind.ISSUED: ("sources", "months"),
    ReportKind.REDEEMED: ("goods", "months"),
    ReportKind.ATTENDANCE: ("meetings", "persons", "households"),
}
"""How a report can be looked at, in the order of the digits."""
READ_FOR: Final[Mapping[ReportKind, tuple[ReportKind, ...]]] = {
    ReportKind.ISSUED: (ReportKind.ISSUED, ReportKind.REDEEMED),
    ReportKind.REDEEMED: (ReportKind.ISSUED, ReportKind.REDEEMED),
    ReportKind.ATTENDANCE: (ReportKind.ATTENDANCE,),
}
"""What is read to show a report: by month, issued and redeemed stand beside each other."""


class State(Enum):
    """What the screen asks or shows."""

    KIND = auto()
    WHEN = auto()
    FIRST = auto()
    LAST = auto()
    WORKING = auto()
    SHOWN = auto()


@dataclass(frozen=True)
class Sight:
    """What was chosen so far, the reports read for it, and which of their pages is on show.

    `stretch` is None where two days were typed; `first` is the first of them. `notice` was just said and is a ready
    text.
    """

    state: State = State.KIND
    kind: ReportKind = ReportKind.ISSUED
    stretch: Stretch | None = None
    first: str = ""
    period: Period | None = None
    reports: Reports | None = None
    view_number: int = 0
    page: int = 0
    notice: str = ""

    @property
    def views(self) -> tuple[str, ...]:
        """How the report can be looked at."""
        return VIEWS[self.kind]

    @property
    def view(self) -> str:
        """How it is looked at."""
        return self.views[self.view_number]

    @property
    def is_typing(self) -> bool:
        """Whether a day is being typed."""
        return self.state in {State.FIRST, State.LAST}
