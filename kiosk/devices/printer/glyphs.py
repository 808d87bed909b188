"""Characters as dots, for what the printer's own font lacks; Pillow is loaded when the first one is needed."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from kiosk.paper.font import COLUMN_FACE, drawable, font_file
from kiosk.paper.width import UNKNOWN, on_paper

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

HEIGHT: Final = 24

_BASELINE: Final = 0.85
_INK: Final = 110


@dataclass(frozen=True)
class Picture:
    """Dots in rows from the top, eight a byte with the leftmost in the highest bit, 1 for black."""

    row_bytes: int
    rows: int
    data: bytes


def drawn(text: str, height: int) -> "Image":
    """Draw ``text`` black on white, each character in its own columns, as a 1-bit picture ``height`` dots high.

    A column is half as wide as the line is high. A character that our font lacks too is drawn as the mark for a
    missing type.
    """
    from PIL import Image, ImageDraw

    widths = [on_paper(character) * height // 2 for character in text]
    grey = Image.new("L", (sum(widths), height), 255)
    pen = ImageDraw.Draw(grey)
    left = 0
    for character, width in zip(text, widths, strict=True):
        shown = character if ord(character) in drawable() else UNKNOWN
        pen.text((left + width / 2, height * _BASELINE), shown, fill=0, font=_font(height), anchor="ms")
        left += width
    return grey.point([0 if level < 255 - _INK else 255 for level in range(256)]).convert("1")


def in_columns(character: str) -> bytes:
    """Give one character of 24 x 24 dots column by column, three bytes each from the top, 1 for black."""
    picture = drawn(character, HEIGHT)
    return _bytes([[picture.getpixel((x, y)) == 0 for y in range(HEIGHT)] for x in range(HEIGHT)])


def in_rows(text: str, height: int) -> Picture:
    """Give a line of text ``height`` dots high as an image in rows."""
    picture = drawn(text, height)
    row_bytes = (picture.width + 7) // 8
    rows = [[x < picture.width and picture.getpixel((x, y)) == 0 for x in range(8 * row_bytes)] for y in range(height)]
    return Picture(row_bytes, height, _bytes(rows))


def _bytes(lines: list[list[bool]]) -> bytes:
    return b"".join(
        int("".join("1" if dot else "0" for dot in line), 2).to_bytes(len(line) // 8, "big") for line in lines
    )


@cache
def _font(height: int) -> "FreeTypeFont":
    from PIL import ImageFont

    return ImageFont.truetype(font_file(), height, index=COLUMN_FACE)
