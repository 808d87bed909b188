"""A household's account over some days, as a bank would send it: what stood before, every entry in order, what is left.

The account itself, as the desk shows it, is in `statement`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from db.store import Store
from kiosk.domain.people import HouseholdShown, show_household
from kiosk.domain.statement import Entry, entries_of
from kiosk.zone import local_time

if TYPE_CHECKING:
    from kiosk.domain.report import Period

ALL: Final = 1_000_000
"""More entries than any account has."""


@dataclass(frozen=True)
class StatementLine:
    """An entry of the account and what could be redeemed after it, in hundredths of a point."""

    entry: Entry
    day: str
    redeemable_points: int


@dataclass(frozen=True)
class HouseholdStatement:
    """An account over a period, in hundredths of a point; lines from the oldest to the newest.

    `before_points` and all lines that count make `after_points`; `earned_points` and `spent_points` are the two sides
    of what happened between, both positive.
    """

    household: HouseholdShown
    period: "Period"
    before_points: int
    lines: tuple[StatementLine, ...]

    @property
    def after_points(self) -> int:
        """What could be redeemed when the period was over."""
        return self.lines[-1].redeemable_points if self.lines else self.before_points

    @property
    def earned_points(self) -> int:
        """What came in."""
        return sum(max(line.entry.points, 0) for line in self.lines if line.entry.is_counted)

    @property
    def spent_points(self) -> int:
        """What went out."""
        return sum(max(-line.entry.points, 0) for line in self.lines if line.entry.is_counted)


def state_account(store: Store, household_id: int, period: "Period") -> HouseholdStatement:
    """Return a household's account over a period.

    An entry without a business day, as imports write them, stands on the day of its clock.
    Raises Refused (`household_unknown`).
    """
    with store.read() as connection:
        household = show_household(connection, store.village, household_id)
        entries = entries_of(connection, store.village, household_id, 0, ALL)
    dated = [(entry.day or local_time(entry.at).date().isoformat(), entry) for entry in reversed(entries)]
    before = sum(entry.points for day, entry in dated if entry.is_counted and day < period.first)
    lines, redeemable = [], before
    for day, entry in dated:
        if period.first <= day <= period.last:
            redeemable += entry.points if entry.is_counted else 0
            lines.append(StatementLine(entry, day, redeemable))
    return HouseholdStatement(household, period, before, tuple(lines))
