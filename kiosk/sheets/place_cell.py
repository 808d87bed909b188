"""Cells that say where a household stands: its group, and its number inside the group."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from kiosk.sheets.grid import Cell, ErrorCell
from kiosk.sheets.number_cell import folded, number_text
from kiosk.sheets.problem import Fault, Found

LAST_GROUP: Final = 99
LAST_HOUSE: Final = 999

_GROUP_WORDS: Final = "(?:村民小组|村民组|小组|组|社|队|栋|幢|号楼|楼)"
_GROUP: Final = re.compile(rf"(?:第|no\.?)?([0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}}){_GROUP_WORDS}?", re.IGNORECASE)
_NAMED_GROUP: Final = re.compile(rf"([0-9]{{1,2}})[、.:-]?(?:\D{{1,10}}){_GROUP_WORDS}")
_HOUSE: Final = re.compile(r"(?:第|no\.?)?([0-9]{1,3})(?:号|户)?", re.IGNORECASE)
_PAIR: Final = re.compile(
    rf"\D{{0,12}}?([0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})(?:{_GROUP_WORDS}[-_/\u2013\u2014]?|[-_/\u2013\u2014])([0-9]{{1,3}})(?:号|户)?"
)
_RUN: Final = re.compile(r"[0-9]{4,5}")
_DIGITS: Final = "零一二三四五六七八九"


@dataclass(frozen=True)
class House:
    """A household's number inside its group, and the group if the same cell names it."""

    number: int
    group: int | None = None


def read_group(cell: Cell) -> Found[int] | Fault:
    """Read a group: ``3``, ``三组``, ``第3村民小组``, ``3大坝组``.

    A name alone is refused: households are found by group and number on a number pad.
    """
    text = _place_text(cell, Fault.GROUP_WITHOUT_NUMBER)
    if isinstance(text, Fault):
        return text
    match = _GROUP.fullmatch(text) or _NAMED_GROUP.fullmatch(text)
    number = chinese_number(match[1]) if match else 0
    return Found(number) if 1 <= number <= LAST_GROUP else Fault.GROUP_WITHOUT_NUMBER


def read_house(cell: Cell, group: int | None) -> Found[House] | Fault:
    """Read a household number: ``12``, ``012号``, ``3-12``, ``3组12号``, or ``0312`` where the group's 3 is known.

    Numbers inside a group have at most three digits; four or five are the group and the number written together.
    """
    text = _place_text(cell, Fault.HOUSE_UNREADABLE)
    if isinstance(text, Fault):
        return text
    if match := _HOUSE.fullmatch(text):
        found = House(int(match[1]))
    elif match := _PAIR.fullmatch(text):
        found = House(int(match[2]), chinese_number(match[1]))
    elif _RUN.fullmatch(text) and isinstance(cell, str):
        found = House(int(text[2:]), int(text[:2]))
    else:
        return Fault.HOUSE_UNREADABLE
    return _agreed(found, group)


def chinese_number(text: str) -> int:
    """Read digits or a Chinese numeral below a hundred: ``十二`` is 12; what is neither is 0."""
    if text.isascii() and text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if any(len(part) > 1 or part not in _DIGITS for part in (tens, ones)):
        return 0
    digits = [_DIGITS.index(part) if part else None for part in (tens, ones)]
    return (digits[0] or 1) * 10 + (digits[1] or 0) if ten else digits[1] or 0


def _agreed(found: House, group: int | None) -> Found[House] | Fault:
    if not 1 <= found.number <= LAST_HOUSE or (found.group is not None and not 1 <= found.group <= LAST_GROUP):
        return Fault.HOUSE_UNREADABLE
    if found.group is None:
        return Found(found)
    if group is not None and group != found.group:
        return Fault.GROUP_DISAGREES
    return Found(found, Fault.HOUSE_SPLIT)


def _place_text(cell: Cell, unreadable: Fault) -> str | Fault:
    if isinstance(cell, ErrorCell):
        return Fault.CELL_ERROR
    if isinstance(cell, date | time | timedelta):
        return Fault.CELL_IS_DATE
    if isinstance(cell, bool):
        return unreadable
    if isinstance(cell, str):
        return folded(cell) or unreadable
    text = number_text(cell)
    return text if text.isdigit() else unreadable
