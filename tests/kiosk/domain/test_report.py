"""Periods of reports: stretches of the calendar, any two days, and reading in pieces."""

import pytest

from kiosk.domain.report import MonthFigure, Period, Stretch, months_through, period_between, stretch_of
from kiosk.errors import BadInput, Refused


@pytest.mark.parametrize(
    ("stretch", "day", "first", "last"),
    [
        ("this_month", "2026-11-22", "2026-11-01", "2026-11-30"),
        ("this_month", "2028-02-29", "2028-02-01", "2028-02-29"),
        ("last_month", "2026-01-31", "2025-12-01", "2025-12-31"),
        ("this_quarter", "2026-11-22", "2026-10-01", "2026-12-31"),
        ("this_quarter", "2026-03-31", "2026-01-01", "2026-03-31"),
        ("last_quarter", "2026-02-03", "2025-10-01", "2025-12-31"),
        ("last_quarter", "2026-04-01", "2026-01-01", "2026-03-31"),
        ("this_year", "2026-11-22", "2026-01-01", "2026-12-31"),
        ("last_year", "2026-01-01", "2025-01-01", "2025-12-31"),
    ],
)
def test_stretch_is_whole_when_it_is_seen_from_a_day(stretch: str, day: str, first: str, last: str) -> None:
    """From the first to the last day of the calendar, over ends of years and of short months."""
    assert stretch_of(Stretch(stretch), day) == Period(first, last)


def test_period_has_both_its_days_when_they_are_named() -> None:
    """One day is a period; so is the turn of a year."""
    assert period_between("2026-11-22", "2026-11-22").days == 1
    assert period_between("2026-12-31", "2027-01-01").days == 2


@pytest.mark.parametrize("text", ["2026-02-30", "20261122", "2026-11", "gestern", "", "2026-W01-1"])
def test_period_is_refused_when_a_day_is_none(text: str) -> None:
    """Days are ISO text, and exist."""
    with pytest.raises(BadInput, match="date_unreadable"):
        period_between(text, "2026-12-31")
    with pytest.raises(BadInput, match="date_unreadable"):
        period_between("2026-01-01", text)


def test_period_is_refused_when_it_runs_backwards() -> None:
    """Two days in the wrong order are a slip, not an empty report."""
    with pytest.raises(Refused, match="period_backwards"):
        period_between("2026-11-02", "2026-11-01")


def test_months_follow_each_other_when_one_of_them_had_nothing() -> None:
    """A month without anything is a gap in a picture, not a missing bar."""
    found = months_through({"2027-01": (100, 1), "2026-11": (250, 2)})
    assert found == (MonthFigure("2026-11", 250, 2), MonthFigure("2026-12", 0, 0), MonthFigure("2027-01", 100, 1))
    assert months_through({}) == ()
