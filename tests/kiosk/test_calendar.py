"""The calendar: what people type, days and months counted forward and back."""

import pytest

from kiosk.calendar import days_after, days_between, months_after, months_around, read_day
from kiosk.errors import Refused


def test_a_typed_day_is_read_when_it_is_one_of_the_calendar() -> None:
    """Eight digits, and a day there is."""
    assert [read_day(typed) for typed in ("20261122", "20240229")] == ["2026-11-22", "2024-02-29"]
    for typed in ("20260229", "2026112", "202611221", "00000000", ""):
        with pytest.raises(Refused, match="date_unreadable"):
            read_day(typed)


@pytest.mark.parametrize(
    ("days", "then"), [(1, "2026-03-01"), (-1, "2026-02-27"), (0, "2026-02-28"), (365, "2027-02-28")]
)
def test_days_are_counted_over_months_when_a_day_is_reckoned(days: int, then: str) -> None:
    """Forward and back; between two days only forward, and from no day there is."""
    assert days_after("2026-02-28", days) == then
    assert days_between("2026-02-28", then) == max(days, 0)
    assert days_between("2026-02-30", then) == 0


@pytest.mark.parametrize(
    ("months", "then"),
    [(1, "2026-02-28"), (13, "2027-02-28"), (25, "2028-02-29"), (12, "2027-01-31"), (-2, "2025-11-30")],
)
def test_a_short_month_ends_on_its_last_day_when_months_are_counted(months: int, then: str) -> None:
    """The thirty-first goes on as the thirty-first where there is one."""
    assert months_after("2026-01-31", months) == then


@pytest.mark.parametrize(
    ("day", "months", "first", "last"),
    [
        ("2028-02-29", 1, "2028-02-01", "2028-02-29"), ("2026-12-31", 1, "2026-12-01", "2026-12-31"),
        ("2026-11-22", 3, "2026-10-01", "2026-12-31"), ("2026-01-01", 12, "2026-01-01", "2026-12-31"),
    ],
)  # fmt: skip
def test_a_day_lies_in_its_month_quarter_and_year_when_they_are_asked_for(
    day: str, months: int, first: str, last: str
) -> None:
    """Whole, over short months and the ends of years."""
    assert months_around(day, months) == (first, last)
