"""Reports: what a stretch of business days brought, read from the tables in short pieces, so that no till waits.

The reports themselves stand in `report_issued` and `report_redeemed`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, bindparam, func, select, tuple_

from db.progress import Advance
from kiosk.calendar import DAY_DIGITS, MONTH, QUARTER, YEAR, days_between, is_day, months_after, months_around
from kiosk.errors import BadInput, Refused

PIECE: Final = 10_000
"""Rows read in one statement: at most some hundredths of a second in which a till could not commit."""
_MONTH_TEXT: Final = len("2026-11")
_BEFORE_ALL: Final = -1
_BEHIND_ALL: Final = 2**53


@dataclass(frozen=True)
class Period:
    """Business days from `first` to `last`, ISO text, both of them in it."""

    first: str
    last: str

    @property
    def days(self) -> int:
        """How many days of the calendar it has."""
        return days_between(self.first, self.last) + 1


class Stretch(StrEnum):
    """A stretch of the calendar as people name it, seen from a day."""

    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"


@dataclass(frozen=True)
class MonthFigure:
    """What a calendar month (`2026-11`) brought: points in hundredths, and from how many entries."""

    month: str
    points: int
    entries: int


def stretch_of(stretch: Stretch, day: str) -> Period:
    """Return the days of a stretch of the calendar, seen from a day (ISO text)."""
    which, unit = stretch.value.split("_")
    months = {"month": MONTH, "quarter": QUARTER, "year": YEAR}[unit]
    return Period(*months_around(day if which == "this" else months_after(day, -months), months))


def period_between(first: str, last: str) -> Period:
    """Return the days from one day to another, ISO text.

    Raises:
        BadInput: one of them is no day (`date_unreadable`).
        Refused: the second lies before the first (`period_backwards`).
    """
    for day in (first, last):
        if not is_day(day):
            raise BadInput("date_unreadable", digits=DAY_DIGITS)
    if last < first:
        raise Refused("period_backwards", first=first, last=last)
    return Period(first, last)


def month_of(day: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the calendar month of a column of days."""
    return func.substr(day, 1, _MONTH_TEXT)


def months_through(figures: Mapping[str, tuple[int, int]]) -> tuple[MonthFigure, ...]:
    """Return points and entries by month, from the first month that has any to the last, none left out between."""
    if not figures:
        return ()
    month, last, through = min(figures), max(figures), []
    while month <= last:
        through.append(MonthFigure(month, *figures.get(month, (0, 0))))
        month = months_after(f"{month}-01", 1)[:_MONTH_TEXT]
    return tuple(through)


def within(table: Table) -> ColumnElement[bool]:
    """Return the condition that a row stands in a piece, by its village, day, log and number."""
    return and_(_after(table), tuple_(*_place(table)) <= _bound("upto"))


def marks(table: Table, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Return the statement for where the next piece ends; `conditions` are those of the rows that are read."""
    column = table.c
    return (
        select(*_place(table))
        .where(_after(table), column.day <= bindparam("last_day"), *conditions)
        .order_by(*_place(table))
        .offset(bindparam("rows_between"))
        .limit(1)
    )


def pieces(
    connection: Connection, village: int, period: Period, mark: Select[Any], advance: Advance
) -> Iterator[dict[str, Any]]:
    """Yield the parameters of `within` for every piece of a period; `advance` is told how many days were read."""
    place: tuple[str, int, int] | None = (period.first, _BEFORE_ALL, _BEFORE_ALL)
    while place is not None:
        known = {"of_village": village, **_named("after", place)}
        row = connection.execute(mark, known | {"last_day": period.last, "rows_between": PIECE - 1}).one_or_none()
        end = (period.last, _BEHIND_ALL, _BEHIND_ALL) if row is None else (row.day, row.log, row.seq)
        yield known | _named("upto", end)
        advance(days_between(place[0], end[0]) + (row is None))
        place = None if row is None else end


def _after(table: Table) -> ColumnElement[bool]:
    return and_(table.c.village == bindparam("of_village"), tuple_(*_place(table)) > _bound("after"))


def _place(table: Table) -> tuple[ColumnElement[Any], ...]:
    return (table.c.day, table.c.log, table.c.seq)


def _bound(name: str) -> ColumnElement[Any]:
    return tuple_(*(bindparam(f"{name}_{part}") for part in ("day", "log", "seq")))


def _named(name: str, place: tuple[str, int, int]) -> dict[str, Any]:
    return {f"{name}_{part}": value for part, value in zip(("day", "log", "seq"), place, strict=True)}
