"""Code 128 as bars, for printers that draw and for sheets: one rectangle a bar, widths in modules."""

from itertools import groupby
from typing import Final

QUIET: Final = 10
"""Modules of empty paper that Code 128 needs at both sides (ISO/IEC 15417)."""

_PER_SYMBOL: Final = 11
_STOP: Final = 13


def modules(digits: str) -> str:
    """Give the modules of ``digits`` as ``1`` for black and ``0`` for white, without quiet zones.

    Two digits make one symbol of 11 modules, so 16 digits are 123 modules wide. Raises ValueError where the library
    would leave digits out, as it does for codes that begin with 99.
    """
    from barcode.codex import Code128

    drawn = str(Code128(digits).build()[0])
    if len(drawn) != _PER_SYMBOL * (len(digits) // 2 + 2) + _STOP:
        msg = f"Code 128 cannot be drawn in pairs: {digits!r}"
        raise ValueError(msg)
    return drawn


def bars(digits: str) -> list[tuple[int, int]]:
    """Give ``(start, width)`` in modules for each black bar, from the left."""
    found: list[tuple[int, int]] = []
    start = 0
    for colour, run in groupby(modules(digits)):
        width = len(list(run))
        if colour == "1":
            found.append((start, width))
        start += width
    return found
