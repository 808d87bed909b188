"""Cells that hold a number. Nothing is rounded, floored or guessed: what is not plainly a number is a fault."""

import math
import re
import unicodedata
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Final

from kiosk.sheets.grid import Cell, ErrorCell
from kiosk.sheets.problem import Fault, Found
from kiosk.sheets.vocabulary import unit_grams

LARGEST_VALUE: Final = 10**12
FIRST_LONG_NUMBER: Final = 10**15
"""Excel keeps 15 digits; from here on the last ones of a number cell are lost."""

POINT_UNITS: Final = ("积分", "分")
MONEY_UNITS: Final = ("元", "圆", "块")
PIECE_UNITS: Final = tuple("个件袋瓶包盒桶把支双条块床台根箱提卷罐只份本套张口户人名")

_LONGEST_NUMBER: Final = 30
_INVISIBLE: Final = re.compile(r"[\s\u00a0\u200b-\u200f\u2060\ufeff\u00ad]+")
_PLAIN: Final = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_SCIENTIFIC: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?e[+-]?[0-9]+", re.IGNORECASE)
_MINUS: Final = ("-", "\u2212", "\u2013", "\u2014", "负")


def read_points(cell: Cell) -> Found[int] | Fault:
    """Read points in hundredths: ``10``, ``１０``, ``10分`` and 10.0 are 1000, ``0.5`` is 50."""
    return _read_scaled(cell, 2, POINT_UNITS)


def read_fen(cell: Cell) -> Found[int] | Fault:
    """Read an amount of yuan in fen: ``2.40元`` is 240."""
    return _read_scaled(cell, 2, MONEY_UNITS)


def read_count(cell: Cell) -> Found[int] | Fault:
    """Read a whole number of things: ``1,000``, ``12袋``."""
    return _read_scaled(cell, 0, PIECE_UNITS)


def read_grams(cell: Cell, grams: int) -> Found[int] | Fault:
    """Read a weight in grams, given in a unit of so many grams: 12.5 with 1000 is 12500; another unit is refused."""
    units = tuple(unit for unit, weight in unit_grams().items() if weight == grams)
    found = _read_scaled(cell, 3, units)
    if isinstance(found, Fault):
        return found
    weight, rest = divmod(found.value * grams, 1000)
    return Fault.NUMBER_TOO_FINE if rest else Found(weight)


def visible(text: str) -> str:
    """Remove spaces of every kind and characters of no width."""
    return _INVISIBLE.sub("", text)


def folded(text: str) -> str | None:
    """Bring digits to their plain form by NFKC; None where that would change a value (``10²``, ``½``, ``①``)."""
    text = visible(text)
    if any(unicodedata.category(sign) == "No" for sign in text):
        return None
    return unicodedata.normalize("NFKC", text)


def number_text(value: float) -> str:
    """Write a number cell as Excel shows it, with at most its 15 digits."""
    if isinstance(value, int):
        return str(value)
    if value == 0:
        return "0"
    return str(int(value)) if value.is_integer() else format(value, ".15g")


def _read_scaled(cell: Cell, places: int, units: tuple[str, ...]) -> Found[int] | Fault:
    text = _number_words(cell, units)
    if isinstance(text, Fault):
        return text
    exact = Decimal(text.replace(",", "")).scaleb(places)
    if exact > LARGEST_VALUE:
        return Fault.NUMBER_TOO_LARGE
    if exact != exact.to_integral_value():
        return Fault.NUMBER_TOO_FINE
    return Found(int(exact))


def _number_words(cell: Cell, units: tuple[str, ...]) -> str | Fault:
    """Give the plain digits of a cell, or why it holds none."""
    if isinstance(cell, ErrorCell):
        return Fault.CELL_ERROR
    if isinstance(cell, date | time | timedelta):
        return Fault.CELL_IS_DATE
    if isinstance(cell, bool):
        return Fault.NUMBER_UNREADABLE
    return _from_text(cell, units) if isinstance(cell, str) else _from_number(cell)


def _from_number(value: float) -> str | Fault:
    if not -math.inf < value < math.inf:
        return Fault.NUMBER_UNREADABLE
    if value < 0 or (value == 0 and math.copysign(1, value) < 0):
        return Fault.NUMBER_NEGATIVE
    if value >= FIRST_LONG_NUMBER:
        return Fault.LONG_NUMBER
    text = number_text(value)
    return Fault.NUMBER_TOO_FINE if "e" in text else text


def _from_text(raw: str, units: tuple[str, ...]) -> str | Fault:
    text = folded(raw)
    if text is None:
        return Fault.NUMBER_UNREADABLE
    text = text.removeprefix("¥")
    if text.startswith(_MINUS):
        return Fault.NUMBER_NEGATIVE
    unit = next((unit for unit in units if text.endswith(unit)), "")
    text = text.removesuffix(unit)
    if _SCIENTIFIC.fullmatch(text):
        return Fault.NUMBER_SCIENTIFIC
    if not _PLAIN.fullmatch(text):
        return Fault.NUMBER_UNREADABLE
    return text if len(text) <= _LONGEST_NUMBER else Fault.NUMBER_TOO_LARGE
