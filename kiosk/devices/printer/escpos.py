"""Elements to ESC/POS bytes for printers with a Chinese font, every line encoded as GB18030 by us.

Chinese mode is switched on once and all text goes through it, because a printer outside that mode, or a library that
guesses per line, turns lone Chinese punctuation and rare characters into question marks. Characters that the
printer's font lacks are drawn as dots from our own font.
"""

from collections.abc import Iterable
from enum import Enum
from itertools import groupby
from typing import Final

from kiosk.devices.printer import glyphs
from kiosk.paper.bars import QUIET, modules
from kiosk.paper.elements import NARROW, Big, Code128, Cut, Element
from kiosk.paper.layout import lines_of
from kiosk.paper.width import on_paper

DOTS_A_COLUMN: Final = 12
"""Dots of one column at 203 dpi: font A is 12 dots wide, a Chinese character 24."""
LINE_DOTS: Final = 24

RESET: Final = b"\x1b@"
CHINESE_MODE: Final = b"\x1c&"
BIG: Final = b"\x1d!\x11\x1cW\x01"
SMALL: Final = b"\x1d!\x00\x1cW\x00"
CENTRED: Final = b"\x1ba\x01"
TO_THE_LEFT: Final = b"\x1ba\x00"
LINE_END: Final = b"\n"
FEED_AND_CUT: Final = b"\x1dVB\x00"
FEED_TO_TEAR: Final = b"\x1bd\x05"
BAR_SETTINGS: Final = b"\x1dH\x00\x1dh\x50"

_DOUBLE_BYTE: Final = 2
_GB2312_FIRST: Final = frozenset((*range(0xA1, 0xAA), *range(0xB0, 0xF8)))
_GB2312_SECOND: Final = range(0xA1, 0xFF)

_CODE_128: Final = 73
_SET_C: Final = b"{C"


class Charset(Enum):
    """Which characters the printer's own font has; anything else is drawn by us."""

    GB2312 = "gb2312"
    GBK = "gbk"


def render(
    elements: Iterable[Element], columns: int = NARROW, charset: Charset = Charset.GBK, *, cuts: bool = True
) -> bytes:
    """Give the bytes that print ``elements`` on paper of ``columns`` (12 dots each at 203 dpi).

    ``cuts`` says whether the printer has a knife; without one a cut feeds to the tear-off edge.
    """
    body = (_element(element, columns, charset, cuts=cuts) for element in elements)
    return RESET + CHINESE_MODE + b"".join(body)


def _element(element: Element, columns: int, charset: Charset, *, cuts: bool) -> bytes:
    match element:
        case Cut():
            return FEED_AND_CUT if cuts else FEED_TO_TEAR
        case Big():
            return b"".join(_big_line(line, charset) for line in lines_of(element, columns, on_paper))
        case Code128(digits):
            return _barcode(digits, columns) + _lines(element, columns, charset)
        case _:
            return _lines(element, columns, charset)


def _lines(element: Element, columns: int, charset: Charset) -> bytes:
    return b"".join(_line(line, charset) + LINE_END for line in lines_of(element, columns, on_paper))


def _line(line: str, charset: Charset) -> bytes:
    """Give one line; characters that the printer lacks stand in it as images of 24 x 24 dots."""
    return b"".join(
        "".join(run).encode("gb18030") if known else b"".join(map(_image_of, run))
        for known, run in groupby(line, lambda character: is_known(character, charset))
    )


def _image_of(character: str) -> bytes:
    """ESC * with 24 dots a column, three bytes from top to bottom."""
    return b"\x1b*\x21" + LINE_DOTS.to_bytes(2, "little") + glyphs.in_columns(character)


def _big_line(line: str, charset: Charset) -> bytes:
    """Give one line in double size; with a rare character in it the whole line is one image (GS v 0).

    Images inside a line of text do not grow with it.
    """
    if all(is_known(character, charset) for character in line):
        return BIG + line.encode("gb18030") + LINE_END + SMALL
    picture = glyphs.in_rows(line, 2 * LINE_DOTS)
    size = picture.row_bytes.to_bytes(2, "little") + picture.rows.to_bytes(2, "little")
    return b"\x1dv0\x00" + size + picture.data


def is_known(character: str, charset: Charset) -> bool:
    """Say whether the printer's own font has ``character``: a single byte, or two bytes within ``charset``."""
    try:
        coded = character.encode("gbk")
    except UnicodeEncodeError:
        return False
    if len(coded) < _DOUBLE_BYTE or charset is Charset.GBK:
        return True
    return coded[0] in _GB2312_FIRST and coded[1] in _GB2312_SECOND


def _barcode(digits: str, columns: int) -> bytes:
    """GS k in code set C, three dots a module where the quiet zone still fits, else two."""
    room = columns * DOTS_A_COLUMN
    module_dots = 3 if (len(modules(digits)) + 2 * QUIET) * 3 <= room else 2
    pairs = bytes(int(digits[start : start + 2]) for start in range(0, len(digits), 2))
    data = _SET_C + pairs
    command = b"\x1dk" + bytes((_CODE_128, len(data))) + data
    return CENTRED + BAR_SETTINGS + b"\x1dw" + bytes((module_dots,)) + command + TO_THE_LEFT
