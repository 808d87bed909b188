"""GS1 numbers and element strings: check digits, and the trade item and day that a carton's code carries.

Read tolerantly: an element nobody knows does not hide the item's number. Source: GS1 General Specifications.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

GROUP_SEPARATOR: Final = "\x1d"
"""Ends an element of variable length; sent where the code has an FNC1."""
GTIN_DIGITS: Final = 14
GS1_SYMBOLOGIES: Final = frozenset({"]C1", "]e0", "]e1", "]e2", "]d2", "]Q3", "]J1"})
"""AIM identifiers of codes whose text is an element string."""

_WRITTEN_IDENTIFIER: Final = re.compile(r"\((\d{2,4})\)")
_MONTHS: Final = range(1, 13)
_LENGTHS: Final = {
    "00": 18,
    "01": 14,
    "02": 14,
    "03": 14,
    "04": 16,
    **{str(number): 6 for number in range(11, 20)},
    "20": 2,
    **{str(number): 8 for number in range(31, 37)},
    "41": 14,
}
"""Characters after the first two of the identifiers whose elements have a predefined length; others end with GS."""


@dataclass(frozen=True, slots=True)
class TradeItem:
    """What an element string says of goods: 14 digits, not yet checked, and a day as ISO text if there is one."""

    gtin: str
    best_before: str | None


def is_number(text: str) -> bool:
    """Say whether a text is ASCII digits and nothing else."""
    return text.isascii() and text.isdigit()


def check_digit(body: str) -> str:
    """Give the check digit that belongs after ``body`` in any GTIN; zeros in front change nothing."""
    from stdnum import ean

    return ean.calc_check_digit(body)


def has_right_check(digits: str) -> bool:
    """Say whether the last digit is the check digit of those before it."""
    return check_digit(digits[:-1]) == digits[-1]


def read_trade_item(text: str) -> TradeItem | None:
    """Read an element string, with GS or with identifiers in parentheses; None if it names no trade item (01).

    The day is best before (15) or, without one, expiry (17).
    """
    elements = dict(_elements(_WRITTEN_IDENTIFIER.sub(GROUP_SEPARATOR + r"\1", text)))
    gtin = elements.get("01", "")
    if len(gtin) != GTIN_DIGITS or not is_number(gtin):
        return None
    return TradeItem(gtin, _day(elements.get("15", "")) or _day(elements.get("17", "")))


def _elements(text: str) -> Iterator[tuple[str, str]]:
    """Part an element string: the first two characters of each identifier, and what follows them."""
    rest = text.lstrip(GROUP_SEPARATOR)
    while rest:
        length = _LENGTHS.get(rest[:2])
        if length is None:
            element, _, rest = rest.partition(GROUP_SEPARATOR)
        else:
            element, rest = rest[: 2 + length], rest[2 + length :]
        yield element[:2], element[2:]
        rest = rest.lstrip(GROUP_SEPARATOR)


def _day(digits: str) -> str | None:
    """Read YYMMDD of this century as ISO text; day 00 is the last of the month."""
    if len(digits) != len("YYMMDD") or not is_number(digits):
        return None
    year, month, day = 2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:])
    last = calendar.monthrange(year, month)[1] if month in _MONTHS else 0
    return f"{year}-{month:02}-{day or last:02}" if last and day <= last else None
