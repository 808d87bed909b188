"""The time of day and the date people go by: all of China keeps one time, whatever zone a machine was left in."""

from datetime import datetime, timedelta, timezone
from typing import Final

CHINA: Final = timezone(timedelta(hours=8), "CST")


def local_time(at: int) -> datetime:
    """Give the local time of an instant (milliseconds UTC)."""
    return datetime.fromtimestamp(at // 1000, tz=CHINA)
