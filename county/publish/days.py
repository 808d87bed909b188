"""Days of the shop: `[[opening_days]] village, weekdays, from_day` and `[[exchange_days]] village, day, is_held`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from county.county_log import CountyLog
from county.publish.entry import Entry, Row
from db.facts.terms import ExchangeDaySet, OpeningDaysSet
from db.tables.statement import table_of
from db.tables.terms import ExchangeDay, OpeningDays

OPENING: Final = "opening days"
EXCHANGE: Final = "exchange days"
WEEK: Final = frozenset(range(1, 8))


@dataclass(frozen=True)
class OpeningDaysEntry:
    """The days of the week (1 is Monday) on which the shop is open from a day on, in one village or in all."""

    row: Row
    village: int
    weekdays: tuple[int, ...]
    from_day: str

    def say(self, log: CountyLog) -> Mapping[str, int]:
        """Say it unless it is the last word from that day on."""
        held = table_of(OpeningDays).c
        last = log.connection.execute(
            select(held.weekdays)
            .where(held.village == log.village, held.from_day == self.from_day)
            .order_by(held.rank.desc())
            .limit(1)
        ).scalar_one_or_none()
        if last == ",".join(map(str, self.weekdays)):
            return {}
        log.say(OpeningDaysSet(weekdays=self.weekdays, from_day=self.from_day))
        return Counter({OPENING: 1})


@dataclass(frozen=True)
class ExchangeDayEntry:
    """A day on which a village is called to redeem, or is called no more."""

    row: Row
    village: int
    day: str
    is_held: bool

    def say(self, log: CountyLog) -> Mapping[str, int]:
        """Say it unless it stands so; a day that nobody called is not called off."""
        held = table_of(ExchangeDay).c
        statement = select(held.is_held).where(held.village == log.village, held.day == self.day)
        if bool(log.connection.execute(statement).scalar_one_or_none()) == self.is_held:
            return {}
        log.say(ExchangeDaySet(day=self.day, is_held=self.is_held))
        return Counter({EXCHANGE: 1})


def read_opening_days(row: Row) -> Entry:
    """Return the days of the week. Raises RowError."""
    row.require_fields("village", "weekdays", "from_day")
    days = row.values["weekdays"]
    if not isinstance(days, list) or not days or not all(type(each) is int and each in WEEK for each in days):
        raise row.wrong("weekdays must be days of the week like [1, 3, 5]; 1 is Monday, 7 Sunday")
    return OpeningDaysEntry(row, row.village(may_be_all=True), tuple(sorted(set(days))), row.day("from_day"))


def read_exchange_day(row: Row) -> Entry:
    """Return an exchange day of one village, which may call it off itself. Raises RowError."""
    row.require_fields("village", "day", "is_held")
    is_held = row.values["is_held"]
    if not isinstance(is_held, bool):
        raise row.wrong("is_held must be true, or false where the day is called off")
    return ExchangeDayEntry(row, row.village(may_be_all=False), row.day("day"), is_held)
