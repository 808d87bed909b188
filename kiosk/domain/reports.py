"""The three reports of a period together, as the screen, the command and the Excel file show them."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from db.progress import Advance, unseen
from db.store import Store
from kiosk.domain.period import day_state
from kiosk.domain.report import Period, Stretch, stretch_of
from kiosk.domain.report_attendance import Attended, attended_meetings
from kiosk.domain.report_issued import Issued, issued_points
from kiosk.domain.report_redeemed import Redeemed, redeemed_points


class ReportKind(StrEnum):
    """What a report is about."""

    ISSUED = "issued"
    REDEEMED = "redeemed"
    ATTENDANCE = "attendance"


@dataclass(frozen=True)
class Reports:
    """The reports of a period; None is one that was not asked for."""

    period: Period
    issued: Issued | None = None
    redeemed: Redeemed | None = None
    attended: Attended | None = None


def read_reports(
    store: Store, period: Period, kinds: Collection[ReportKind] = tuple(ReportKind), advance: Advance = unseen
) -> Reports:
    """Return some reports of a period; `advance` is told its days once for each of them."""
    return Reports(
        period,
        issued_points(store, period, advance) if ReportKind.ISSUED in kinds else None,
        redeemed_points(store, period, advance) if ReportKind.REDEEMED in kinds else None,
        attended_meetings(store, period, advance) if ReportKind.ATTENDANCE in kinds else None,
    )


def stretch_here(store: Store, stretch: Stretch, today: str) -> Period:
    """Return the days of a stretch of the calendar, seen from the business day; `today` serves before the first."""
    with store.read() as connection:
        state = day_state(connection, store.village)
    return stretch_of(stretch, state.open_day or state.latest_day or today)
