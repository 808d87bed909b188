"""Elements to lines of text that fit the columns: wrapping, alignment and cells, for paper and screen alike."""

import re
from collections.abc import Iterable
from itertools import zip_longest
from typing import Final

from kiosk.paper.elements import Align, Big, Cell, Code128, Element, Feed, Row, Rule, Text
from kiosk.paper.width import Measure, columns_of, on_screen, plain

_GAP: Final = 1
_MASKED: Final = r"[^ -~]\*+[^ -~]?"
_PIECES: Final = re.compile(rf" +|{_MASKED}|[!-~]+|[^ -~]")
_NEVER_FIRST: Final = frozenset("·，。、；：？！）》」』】〉”’…％,.;:?!)]}%")


def lines_of(element: Element, columns: int, measure: Measure) -> list[str]:
    """Give the lines of ``element``, none wider than ``columns`` by ``measure``; a cut has none.

    Big text is measured against half the columns; its lines are to be drawn twice as wide. Right edges are filled
    only as far as a text to the right needs it.
    """
    match element:
        case Text(text, align):
            return _paragraph(text, align, columns, measure)
        case Big(text, align):
            return _paragraph(text, align, columns // 2, measure)
        case Code128():
            return _paragraph(element.caption, Align.CENTRE, columns, measure)
        case Row(cells):
            return _row(cells, columns, measure)
        case Rule():
            return ["-" * columns]
        case _:
            return [""] * element.lines if isinstance(element, Feed) else []


def text_slip(elements: Iterable[Element], columns: int) -> str:
    """Give the slip as text for a screen, a test or a file: aligned in a terminal, a barcode as its digits."""
    lines = (line for element in elements for line in lines_of(_in_one_size(element), columns, on_screen))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _in_one_size(element: Element) -> Element:
    return Text(element.text, element.align) if isinstance(element, Big) else element


def wrap(text: str, columns: int, measure: Measure) -> list[str]:
    """Break ``text`` into lines of at most ``columns``; always at least one line.

    Chinese breaks between any two characters but never before closing punctuation, Latin words break at spaces. A
    word or a masked name is broken only where it is longer than a line, a character never.
    """
    lines = [""]
    for piece in _PIECES.findall(plain(text)):
        room = columns - columns_of(lines[-1], measure)
        if columns_of(piece, measure) <= room:
            lines[-1] += piece
        elif piece.isspace():
            lines.append("")
        elif columns_of(piece, measure) <= columns:
            beginning = _taken_along(lines, piece)
            fits = columns_of(beginning + piece, measure) <= columns
            lines[-1:] = [lines[-1].removesuffix(beginning), beginning + piece] if fits else [lines[-1], piece]
        else:
            _fill(lines, piece, columns, measure)
    return [line.rstrip() for line in lines if line.strip()] or [""]


def _taken_along(lines: list[str], piece: str) -> str:
    """Give the character at the end of the last line that must not be parted from closing punctuation."""
    before, last = lines[-1][:-1], lines[-1][-1:]
    return "" if piece[0] not in _NEVER_FIRST or not before.strip() or last.isascii() else last


def _fill(lines: list[str], piece: str, columns: int, measure: Measure) -> None:
    for character in piece:
        if columns_of(lines[-1], measure) + measure(character) > columns:
            lines.append("")
        lines[-1] += character


def _row(cells: tuple[Cell, ...], columns: int, measure: Measure) -> list[str]:
    fixed = sum(cell.width for cell in cells if cell.width is not None)
    rest = max(columns - fixed - _GAP * (len(cells) - 1), 2)
    widths = [rest if cell.width is None else min(cell.width, columns) for cell in cells]
    blocks = [wrap(cell.text, width, measure) for cell, width in zip(cells, widths, strict=True)]
    return [
        (" " * _GAP)
        .join(_padded(text, cell.align, width, measure) for text, cell, width in zip(parts, cells, widths, strict=True))
        .rstrip()
        for parts in zip_longest(*blocks, fillvalue="")
    ]


def _paragraph(text: str, align: Align, columns: int, measure: Measure) -> list[str]:
    return [_padded(line, align, columns, measure).rstrip() for line in wrap(text, columns, measure)]


def _padded(line: str, align: Align, columns: int, measure: Measure) -> str:
    free = max(columns - columns_of(line, measure), 0)
    before = {Align.LEFT: 0, Align.CENTRE: free // 2, Align.RIGHT: free}[align]
    return " " * before + line + " " * (free - before)
