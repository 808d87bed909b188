"""Cells that hold barcodes of goods or numbers of cards. Lost zeros come back only where the check digit proves it."""

import math
import re
from datetime import date, time, timedelta
from typing import Final

from stdnum import ean

from kiosk.codes import IN_STORE, Goods, PersonCard, WeighedGoods, read_code
from kiosk.sheets.grid import Cell, ErrorCell
from kiosk.sheets.masking import is_personal
from kiosk.sheets.number_cell import FIRST_LONG_NUMBER, folded, number_text
from kiosk.sheets.problem import Fault, Found

LONGEST_SHORT_CODE: Final = 6
"""In-store numbers without a check digit, such as the item number inside a weighed code, have at most six digits."""

_GTIN_DIGITS: Final = 14
_SHORTENED: Final = (7, 9, 10, 11)
"""Lengths that no barcode has: Excel took leading zeros from one of 8 or 12 digits."""

_SEPARATORS: Final = re.compile(r"[/、,，;；|\r\n]+")
_GLUE: Final = re.compile(r"(?<=[0-9])-(?=[0-9])")
_SCIENTIFIC: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?e[+-]?[0-9]+", re.IGNORECASE)
_NUMBER_AS_TEXT: Final = re.compile(r"([0-9]+)\.0+")
_CARD: Final = re.compile(r"[0-9]{4,16}")
_OWN_CARD_DIGITS: Final = 16


def read_goods_codes(cell: Cell) -> Found[tuple[str, ...]] | Fault:
    """Read the barcodes of one kind of goods, several parted by a stroke or comma.

    Barcodes become 14 digits with a proven check digit (GTIN-14, GS1 General Specifications); an in-store number of at
    most six digits stays as typed. The label of one weighed pack becomes the number of its goods, with a note.
    """
    words = _digit_words(cell)
    if isinstance(words, Fault):
        return words
    codes: list[str] = []
    note: Fault | None = None
    for digits, is_number in words:
        found = _goods_code(digits, is_number=is_number)
        if isinstance(found, Fault):
            return found
        note = note or found.note
        if found.value not in codes:
            codes.append(found.value)
    return Found(tuple(codes), note) if codes else Fault.CODE_UNREADABLE


def weighed_code(item: str) -> str:
    """Give the GTIN-14 of goods weighed in the shop by their item number; a number of any other length as it is."""
    for pattern in IN_STORE:
        if pattern.weight_digits and pattern.item_digits == len(item):
            body = (pattern.prefix + item + "0" * pattern.weight_digits).zfill(_GTIN_DIGITS - 1)
            return body + ean.calc_check_digit(body)
    return item


def read_card(cell: Cell) -> Found[str] | Fault:
    """Read the number of a member's card: 4 to 16 digits; one of our own has 16 and its ISO 7064 check must hold."""
    words = _digit_words(cell)
    if isinstance(words, Fault):
        return words
    if len(words) != 1:
        return Fault.CODE_UNREADABLE
    digits = words[0][0]
    if is_personal(digits):
        return Fault.PERSONAL_NUMBER
    if not _CARD.fullmatch(digits):
        return Fault.CODE_LENGTH
    if len(digits) == _OWN_CARD_DIGITS and not isinstance(read_code(digits), PersonCard):
        return Fault.CARD_CHECK
    return Found(digits)


def _goods_code(digits: str, *, is_number: bool) -> Found[str] | Fault:
    if len(digits) <= LONGEST_SHORT_CODE:
        return Fault.CODE_ZEROS_LOST if is_number else Found(digits)
    if len(digits) > _GTIN_DIGITS:
        return Fault.CODE_LENGTH
    match read_code(digits):
        case WeighedGoods(grams=grams, gtin=gtin):
            return Found(gtin, Fault.CODE_OF_ONE_PACK if grams else None)
        case Goods(gtin=gtin):
            return Found(gtin, Fault.CODE_ZEROS_RESTORED if len(digits) in _SHORTENED else None)
    return Fault.CODE_CHECK_DIGIT


def _digit_words(cell: Cell) -> list[tuple[str, bool]] | Fault:
    """Give the runs of digits in a cell, each with whether it came from a number, which keeps no leading zeros."""
    if isinstance(cell, ErrorCell):
        return Fault.CELL_ERROR
    if isinstance(cell, date | time | timedelta):
        return Fault.CELL_IS_DATE
    if isinstance(cell, bool):
        return Fault.CODE_UNREADABLE
    if not isinstance(cell, str):
        return _from_number(cell)
    words: list[tuple[str, bool]] = []
    for part in _SEPARATORS.split(cell.strip().removeprefix("'")):
        word = _from_text(part)
        if isinstance(word, Fault):
            return word
        if word is not None:
            words.append(word)
    return words or Fault.CODE_UNREADABLE


def _from_number(value: float) -> list[tuple[str, bool]] | Fault:
    if math.isnan(value) or value < 0:
        return Fault.CODE_UNREADABLE
    if value >= FIRST_LONG_NUMBER:
        return Fault.LONG_NUMBER
    text = number_text(value)
    return [(text, True)] if text.isdigit() else Fault.CODE_UNREADABLE


def _from_text(part: str) -> tuple[str, bool] | Fault | None:
    text = folded(part)
    if text is None:
        return Fault.CODE_UNREADABLE
    if not text:
        return None
    if _SCIENTIFIC.fullmatch(text):
        return Fault.NUMBER_SCIENTIFIC
    if match := _NUMBER_AS_TEXT.fullmatch(text):
        return match[1], True
    digits = _GLUE.sub("", text)
    return (digits, False) if digits.isascii() and digits.isdigit() else Fault.CODE_UNREADABLE
