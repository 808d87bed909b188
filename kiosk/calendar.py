"""The calendar: days, months, quarters and years, counted forward and back. Days are ISO texts."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from kiosk.errors import Refused

MONTH: Final = 1
QUARTER: Final = 3
YEAR: Final = 12

DAY_DIGITS: Final = 8
"""So many digits people type for a day: year, month and day."""


def read_day(typed: str) -> str:
    """Read a day out of the digits that somebody typed. Raises Refused ``date_unreadable``: there is no such day."""
    day = f"{typed[:4]}-{typed[4:6]}-{typed[6:]}"
    if not is_day(day):
        raise Refused("date_unreadable", digits=DAY_DIGITS)
    return day


def is_day(text: str) -> bool:
    """Say whether a text is a day of the calendar, as ISO text writes it."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def days_after(day: str, days: int) -> str:
    """Give the day so many days after another, before it where ``days`` is below zero."""
    return (date.fromisoformat(day) + timedelta(days)).isoformat()


def days_between(first: str, last: str) -> int:
    """Give how many days lie from one day to a later one; 0 if it is not later, or is no day at all."""
    if not (is_day(first) and is_day(last)):
        return 0
    return max((date.fromisoformat(last) - date.fromisoformat(first)).days, 0)


def months_after(day: str, months: int) -> str:
    """Give the same day so many months later, in a short month its last one."""
    begin = date.fromisoformat(day)
    year, month = divmod(begin.year * YEAR + begin.month - 1 + months, YEAR)
    return date(year, month + 1, min(begin.day, monthrange(year, month + 1)[1])).isoformat()


def months_around(day: str, months: int) -> tuple[str, str]:
    """Give the first and the last day of the month, quarter or year (1, 3 or 12 ``months``) that a day lies in."""
    today = date.fromisoformat(day)
    first = today.replace(month=today.month - (today.month - 1) % months, day=1).isoformat()
    return first, days_after(months_after(first, months), -1)
