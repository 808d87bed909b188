"""How many columns a character takes: on a slip printer and on a terminal, which disagree.

A slip printer gives every double-byte character of GB18030 two columns, also the middle dot and the multiplication
sign, which terminals draw in one. Texts of ours that are set in columns therefore use none of these.
"""

import unicodedata
from collections.abc import Callable
from typing import Final

Measure = Callable[[str], int]
"""Gives the columns of one character."""

UNKNOWN: Final = "〓"
"""Stands on a slip where neither the printer nor our font has the character: the trade's mark for a missing type."""

_WIDE: Final = frozenset("WF")
_SAME_SHAPE: Final = str.maketrans({"¥": "￥", "\u00a0": " ", "\t": " "})
_INVISIBLE: Final = frozenset({"Cc", "Cf"})
_VARIATION_SELECTORS: Final = frozenset(range(0xFE00, 0xFE10)) | frozenset(range(0xE0100, 0xE01F0))


def on_paper(character: str) -> int:
    """Give the columns of ``character`` on a slip: one for a single byte of GB18030, two for everything else."""
    return 1 if character < "\x80" else 2


def on_screen(character: str) -> int:
    """Give the columns of ``character`` in a terminal: two for wide and full-width, none for marks set over others."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def columns_of(text: str, measure: Measure) -> int:
    """Add up the columns of ``text``."""
    return sum(map(measure, text))


def plain(text: str) -> str:
    """Give ``text`` as it can stand on one line: no control or invisible characters, lone surrogates marked.

    A letter followed by its accent becomes one character where Unicode has it; Chinese characters are never changed,
    because a normal form would replace characters of personal names.
    """
    kept = "".join(_visible(character) for character in text.translate(_SAME_SHAPE))
    return _composed(kept) if any(map(unicodedata.combining, kept)) else kept


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in _INVISIBLE or ord(character) in _VARIATION_SELECTORS:
        return ""
    return UNKNOWN if category == "Cs" else character


def _composed(text: str) -> str:
    joined: list[str] = []
    for character in text:
        if unicodedata.combining(character) and joined:
            joined[-1] = unicodedata.normalize("NFC", joined[-1] + character)
        else:
            joined.append(character)
    return "".join(joined)
