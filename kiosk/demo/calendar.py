"""The year 2021 of the demo village: when the shop is open, when people meet, and which instant that is.

The public holidays are those that the State Council announced for 2021; the spring festival was on 12 February.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final

YEAR: Final = 2021
FIRST_DAY: Final = date(YEAR, 1, 1)
LAST_DAY: Final = date(YEAR, 12, 31)
SPRING_FESTIVAL: Final = date(YEAR, 2, 12)

SHOP_WEEKDAYS: Final = (1, 4)
"""Tuesday and Friday morning; Monday is 0."""
EXCHANGE_DAY: Final = 28
OPENING: Final = 8 * 60 + 30
CLOSING: Final = 11 * 60 + 30

_CHINA_MINUTES: Final = 8 * 60
_DAYS_OFF: Final = (
    ("2021-01-01", "2021-01-03"),
    ("2021-02-11", "2021-02-17"),
    ("2021-04-03", "2021-04-05"),
    ("2021-05-01", "2021-05-05"),
    ("2021-06-12", "2021-06-14"),
    ("2021-09-19", "2021-09-21"),
    ("2021-10-01", "2021-10-07"),
)
_SATURDAY: Final = 5


def days_of_year() -> Iterator[date]:
    """Yield every day of the year."""
    for number in range((LAST_DAY - FIRST_DAY).days + 1):
        yield FIRST_DAY + timedelta(days=number)


def is_holiday(day: date) -> bool:
    """Say whether a day is a public holiday."""
    return any(first <= day.isoformat() <= last for first, last in _DAYS_OFF)


def is_shop_day(day: date) -> bool:
    """Say whether the shop opens: two half-days a week and the 28th, holidays excepted."""
    return (day.weekday() in SHOP_WEEKDAYS or day.day == EXCHANGE_DAY) and not is_holiday(day)


@cache
def shop_days(month: int | None = None) -> tuple[date, ...]:
    """Return the days on which the shop opens, of a month or of the whole year."""
    return tuple(day for day in days_of_year() if is_shop_day(day) and month in (None, day.month))


def exchange_day(month: int) -> date:
    """Return the day on which the month is settled: the 28th, or the last day of the shop before it."""
    return max(day for day in shop_days(month) if day.day <= EXCHANGE_DAY)


def workday_from(day: date) -> date:
    """Return a day, or the next one on which people are at work."""
    while day.weekday() >= _SATURDAY or is_holiday(day):
        day += timedelta(days=1)
    return day


def shop_day_from(day: date) -> date:
    """Return a day, or the next one on which the shop opens; at the end of the year the last one."""
    return next((each for each in shop_days() if each >= day), shop_days()[-1])


def moment(day: date, minute: int) -> int:
    """Return the wall milliseconds (UTC) of a minute of a day in China."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return (int(midnight.timestamp()) + (minute - _CHINA_MINUTES) * 60) * 1_000
