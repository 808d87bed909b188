"""Cells that hold a day or a year: real dates, serials, and the spellings of a village office. No two-digit years."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from kiosk.sheets.grid import Cell, ErrorCell
from kiosk.sheets.number_cell import folded
from kiosk.sheets.problem import Fault, Found

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100

_SERIAL_EPOCH: Final = date(1899, 12, 30)
_FIRST_NO_DAY: Final = 10**9
_SERIALS: Final = range(10_000, 73_051)
"""Serial day numbers from 1927 to 2100; smaller ones are years, two-digit years or mistakes."""

_SERIAL_DIGITS: Final = 5
_YEAR_MONTH_DIGITS: Final = 6
_YEARS: Final = range(FIRST_YEAR, LAST_YEAR + 1)
_MONTHS: Final = range(1, 13)

_TIME: Final = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_SPELLINGS: Final = (
    re.compile(r"([0-9]{4})[年./-]([0-9]{1,2})[月./-]([0-9]{1,2})[日号]?"),
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
    re.compile(r"([0-9]{4})[年./-]([0-9]{1,2})月?"),
    re.compile(r"([0-9]{4})([0-9]{2})"),
    re.compile(r"([0-9]{4})年?"),
)
_TWO_DIGITS: Final = re.compile(r"'?[0-9]{2}(?:年.*|[./-][0-9]{1,2}(?:[./-][0-9]{1,2})?|[0-9]{4})?")
_YEAR_LAST: Final = re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2}")


@dataclass(frozen=True)
class _Parts:
    year: int
    month: int | None = None
    day: int | None = None


def read_day(cell: Cell) -> Found[str] | Fault:
    """Read a day as ISO text; a month alone is its last day, with a note. Best-before days are printed that way."""
    parts = _parts(cell)
    if isinstance(parts, Fault):
        return parts
    if parts.month is None:
        return Fault.DAY_INCOMPLETE
    last = monthrange(parts.year, parts.month)[1]
    note = Fault.DAY_MONTH_ONLY if parts.day is None else None
    return Found(date(parts.year, parts.month, parts.day or last).isoformat(), note)


def read_year(cell: Cell) -> Found[int] | Fault:
    """Read only the year of a date: of births and of joining the project keeps no more."""
    parts = _parts(cell)
    return parts if isinstance(parts, Fault) else Found(parts.year)


def _parts(cell: Cell) -> _Parts | Fault:
    if isinstance(cell, ErrorCell):
        return Fault.CELL_ERROR
    if isinstance(cell, date):
        return _checked(cell.year, cell.month, cell.day)
    if isinstance(cell, bool | time | timedelta):
        return Fault.DAY_UNREADABLE
    return _from_text(cell) if isinstance(cell, str) else _from_number(cell)


def _from_number(value: float) -> _Parts | Fault:
    """Understand a number cell; the month of 2027.1 may be January or October, so only its year is taken."""
    if not 0 <= value < _FIRST_NO_DAY:
        return Fault.DAY_UNREADABLE
    whole = int(value)
    if whole in _SERIALS:
        day = _SERIAL_EPOCH + timedelta(days=whole)
        return _checked(day.year, day.month, day.day)
    if whole != value:
        return _Parts(whole) if FIRST_YEAR <= whole <= LAST_YEAR else Fault.DAY_UNREADABLE
    return _from_text(str(whole))


def _from_text(raw: str) -> _Parts | Fault:
    text = folded(_TIME.sub("", raw.strip()))
    if text is None:
        return Fault.DAY_UNREADABLE
    if len(text) == _SERIAL_DIGITS and text.isascii() and text.isdigit() and int(text) in _SERIALS:
        return _from_number(int(text))
    for spelling in _SPELLINGS:
        match = spelling.fullmatch(text)
        if match and not _begins_with_day(text, int(match[1])):
            return _checked(*(int(part) for part in match.groups()))
    if _TWO_DIGITS.fullmatch(text) or _YEAR_LAST.fullmatch(text):
        return Fault.DAY_TWO_DIGIT_YEAR
    return Fault.DAY_UNREADABLE


def _begins_with_day(text: str, year: int) -> bool:
    """Say whether six digits are a year of two digits, month and day (650312) rather than a year and a month."""
    return len(text) == _YEAR_MONTH_DIGITS and text.isdigit() and year not in _YEARS


def _checked(year: int, month: int | None = None, day: int | None = None) -> _Parts | Fault:
    if year not in _YEARS:
        return Fault.YEAR_OUT_OF_RANGE
    if month is not None and month not in _MONTHS:
        return Fault.DAY_IMPOSSIBLE
    if month is not None and day is not None and not 1 <= day <= monthrange(year, month)[1]:
        return Fault.DAY_IMPOSSIBLE
    return _Parts(year, month, day)
