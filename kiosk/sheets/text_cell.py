"""Cells that hold words: names, which are only trimmed, and short texts such as a unit or a passbook number."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Final

from kiosk.sheets.grid import Cell, ErrorCell
from kiosk.sheets.masking import is_personal
from kiosk.sheets.number_cell import FIRST_LONG_NUMBER, number_text, visible
from kiosk.sheets.problem import Fault, Found
from kiosk.sheets.vocabulary import plain

LONGEST_NAME: Final = 60
LONGEST_TEXT: Final = 64

_SHORT_NAME: Final = 2
_EDGES: Final = " \t\r\n\v\f\u00a0\u3000\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u2002\u2003\u2009\u202f\u205f"
_NO_WIDTH: Final = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
_BLANKS: Final = re.compile(r"[\s\u00a0]+")
_BRACKETS: Final = re.compile(r"[()（）\[\]【】<>《》]")
_NUMBERED: Final = re.compile(r"(?P<name>[^()（）]+?)\s*[(（]\s*(?P<number>[0-9０-９]{1,2})\s*[)）]")
_BROKEN: Final = re.compile(r"[?？\ufffd\u25a1\ue000-\uf8ff\U000f0000-\U0010ffff]")


def read_name(cell: Cell) -> Found[str] | Fault:
    """Read a person's name: trimmed, never NFKC, spaces inside a name of two characters removed with a note.

    Rare characters and middle dots are kept as typed; a question mark, an empty box or a private character stands for
    a rare one that was lost on the way and is refused.
    """
    text = _text(cell, Fault.NAME_NOT_TEXT)
    if isinstance(text, Fault):
        return text
    name = _NO_WIDTH.sub("", text).strip(_EDGES)
    fault = _name_fault(name)
    if fault is not None:
        return fault
    joined = _BLANKS.sub("", name)
    if len(joined) == _SHORT_NAME and joined != name:
        return Found(joined, Fault.NAME_SPACES_REMOVED)
    return Found(name)


def split_namesake(cell: Cell) -> tuple[Cell, int]:
    """Part a number in brackets from a name: ``王明（2）`` is 王明 and 2, any other cell itself and 0."""
    if isinstance(cell, str):
        match = _NUMBERED.fullmatch(_NO_WIDTH.sub("", cell).strip(_EDGES))
        if match:
            return match["name"], int(match["number"])
    return cell, 0


def read_label(cell: Cell) -> Found[str] | Fault:
    """Read a short text as typed, trimmed, inner runs of blanks as one space; numbers keep their digits."""
    text = _text(cell, None)
    if isinstance(text, Fault):
        return text
    label = _BLANKS.sub(" ", _NO_WIDTH.sub("", text)).strip(_EDGES)
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in label) or "\ufffd" in label:
        return Fault.NAME_BROKEN
    return Found(label) if len(label) <= LONGEST_TEXT else Fault.TEXT_TOO_LONG


def read_reference(cell: Cell) -> Found[str] | Fault:
    """Read the number on a piece of paper: NFKC, no spaces; letters and dashes may be part of it.

    Some villages numbered passbooks by identity number or telephone; those are refused, for the number is kept.
    """
    text = _text(cell, None)
    if isinstance(text, Fault):
        return text
    reference = unicodedata.normalize("NFKC", visible(text))
    if not reference.isprintable() or "\ufffd" in reference:
        return Fault.NAME_BROKEN
    if is_personal(reference):
        return Fault.PERSONAL_NUMBER
    return Found(reference) if len(reference) <= LONGEST_TEXT else Fault.TEXT_TOO_LONG


def read_word(cell: Cell, words: Mapping[str, str]) -> Found[str] | Fault:
    """Read a word of a closed list and give what it means."""
    text = _text(cell, Fault.WORD_UNKNOWN)
    if isinstance(text, Fault):
        return text
    meaning = words.get(plain(text))
    return Fault.WORD_UNKNOWN if meaning is None else Found(meaning)


def _name_fault(name: str) -> Fault | None:
    categories = {unicodedata.category(sign) for sign in name}
    if _BROKEN.search(name) or categories & {"Cc", "Cs", "Cn"}:
        return Fault.NAME_BROKEN
    if categories & {"Nd", "No"}:
        return Fault.NAME_HAS_DIGITS
    if _BRACKETS.search(name):
        return Fault.NAME_HAS_BRACKETS
    return Fault.TEXT_TOO_LONG if len(name) > LONGEST_NAME else None


def _text(cell: Cell, no_text: Fault | None) -> str | Fault:
    """Give a cell's words; ``no_text`` is what a number means here, None where its digits are welcome."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, ErrorCell):
        return Fault.CELL_ERROR
    if isinstance(cell, date | time | timedelta):
        return Fault.CELL_IS_DATE
    if no_text is not None or isinstance(cell, bool):
        return no_text or Fault.NUMBER_UNREADABLE
    if abs(cell) >= FIRST_LONG_NUMBER:
        return Fault.LONG_NUMBER
    return number_text(cell)
