"""The one font all paper is set in: Noto Sans CJK from its package, and which characters it can draw."""

from functools import cache
from pathlib import Path
from typing import Final

FAMILY: Final = "Noto Sans CJK SC"
FACE: Final = 2
"""Number of the simplified Chinese face in the font collection."""
COLUMN_FACE: Final = 7
"""Number of its sister whose Latin letters are exactly half as wide as a Chinese character, for slips."""


def font_file() -> Path:
    """Give the path of the font collection inside its installed package."""
    from noto_cjk_sans_otc import FONT_PATH

    return Path(str(FONT_PATH))


@cache
def drawable() -> frozenset[int]:
    """Give the code points that the font has a glyph for; reads the font once, some tenths of a second."""
    from fontTools.ttLib import TTFont

    with TTFont(font_file(), fontNumber=FACE, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


def missing_in(text: str) -> str | None:
    """Give the first character of ``text`` that the font cannot draw, or None; line ends count as drawn."""
    known = drawable()
    return next((character for character in text if ord(character) not in known and character != "\n"), None)
