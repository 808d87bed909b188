"""Hides personal numbers in whatever leaves a reading: reports, the copy with reasons, JSON."""

import re
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Final

from kiosk.sheets.day_cell import read_year
from kiosk.sheets.grid import Cell, ErrorCell
from kiosk.sheets.number_cell import FIRST_LONG_NUMBER, number_text
from kiosk.sheets.problem import Found
from kiosk.sheets.rows import SheetKind

LONGEST_SHOWN: Final = 80
HIDDEN: Final = "***"
YEAR_FIELDS: Final = ("birth", "joined")
"""Dates of which only the year is kept."""

_YEAR_DIGITS: Final = 4
_LAST_SHOWN: Final = 2
_DIGIT: Final = "[0-9０-９]"
_LONG: Final = re.compile(rf"{_DIGIT}(?:[ \-－]?{_DIGIT}){{10,}}[Xx]?")
"""Eleven digits and more, gaps allowed: telephones, identity numbers, accounts and cards alike."""
_IDENTITY: Final = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?:18|19|20)[0-9]{2}[01][0-9][0-3][0-9][0-9]{3}[0-9Xx](?![0-9])")
_TELEPHONE: Final = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")


def shown(cell: Cell) -> str:
    """Write a cell as people see it, on one line; numbers with all the digits they still have."""
    if isinstance(cell, ErrorCell):
        return cell.text
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float):
        return number_text(cell) if abs(cell) < FIRST_LONG_NUMBER else _long_number(cell)
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return " ".join(cell.split())


def masked(cell: Cell, field: str, kind: SheetKind) -> str:
    """Write a cell for a report: birth dates cut to their year, long numbers to their last two digits.

    Barcodes are no personal numbers, so on a sheet of goods only identity numbers are hidden.
    """
    text = shown(cell)[:LONGEST_SHOWN]
    if field in YEAR_FIELDS:
        return text[:_YEAR_DIGITS] + re.sub(_DIGIT, "*", text[_YEAR_DIGITS:])
    return (_IDENTITY if kind is SheetKind.GOODS else _LONG).sub(_starred, text)


def copied(cell: Cell, field: str, kind: SheetKind) -> Cell:
    """Give a cell for the copy with reasons: of a date of birth or joining the year, no number that is personal.

    A column that was read keeps its long numbers (cards, passbooks) unless they look like an identity or telephone
    number; in any other column (``field`` is empty) every long number is hidden.
    """
    if field in YEAR_FIELDS:
        year = read_year(cell)
        return year.value if isinstance(year, Found) else masked(cell, field, kind)
    if isinstance(cell, str | int | float) and not isinstance(cell, bool):
        before = shown(cell)
        after = _hidden(before, field, kind)
        return cell if after == before else after
    return cell


def is_personal(text: str) -> bool:
    """Say whether a text holds an identity or telephone number, which this project does not keep anywhere."""
    return bool(_IDENTITY.search(text) or _TELEPHONE.search(text))


def _long_number(value: float) -> str:
    """Write a number too long for Excel with the 15 digits it kept and zeros after them, as Excel does."""
    return format(Decimal(format(value, ".15g")), "f")


def _hidden(text: str, field: str, kind: SheetKind) -> str:
    if kind is not SheetKind.GOODS:
        text = (_TELEPHONE if field else _LONG).sub(_starred, text)
    return _IDENTITY.sub(_starred, text)


def _starred(match: re.Match[str]) -> str:
    return "*" * (len(match[0]) - _LAST_SHOWN) + match[0][-_LAST_SHOWN:]
