"""What came out of a simulated printer: lines, images and barcodes, readable as text and as a picture."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kiosk.devices.printer import glyphs
from kiosk.paper.bars import modules
from kiosk.paper.width import UNKNOWN, on_paper

if TYPE_CHECKING:
    from PIL.Image import Image

_LINE_SPACE: Final = 6
_CHARACTER: Final = 24
_MARGIN: Final = 40
_WHITE: Final = 255


@dataclass(frozen=True)
class Character:
    """A character of the printer's own font, ``scale`` times as wide and as high as usual."""

    text: str
    scale: int

    @property
    def dots(self) -> int:
        """Its width in dots."""
        return on_paper(self.text) * self.scale * _CHARACTER // 2


@dataclass(frozen=True)
class Dots:
    """An image of our own, inside a line or instead of one."""

    picture: "Image"

    @property
    def dots(self) -> int:
        """Its width in dots."""
        return self.picture.width


@dataclass(frozen=True)
class Bars:
    """A Code 128 drawn by the printer: width of a module and height in dots."""

    digits: str
    module_dots: int
    height: int


@dataclass(frozen=True)
class Line:
    """One printed line; it counts as centred only if the printer was told so."""

    parts: tuple[Character | Dots | Bars, ...]
    is_centred: bool = False

    @property
    def text(self) -> str:
        """The line as text, its beginning where it was printed; an image is the mark for a missing type."""
        text = "".join(map(_text, self.parts))
        words = text.lstrip(" ")
        before = self.parts[: len(text) - len(words)]
        return " " * sum(2 * part.dots // _CHARACTER for part in before if isinstance(part, Character)) + words

    @property
    def height(self) -> int:
        """Its height in dots, with the space below."""
        return max((_height(part) for part in self.parts), default=_CHARACTER) + _LINE_SPACE


@dataclass
class Receipt:
    """One slip as it came out; ``columns`` of 12 dots."""

    columns: int
    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The slip as text, one line a line, without spaces at line ends."""
        return "".join(f"{line.text.rstrip()}\n" for line in self.lines)

    @property
    def images(self) -> list["Image"]:
        """Every image that came as dots, from the top."""
        return [part.picture for line in self.lines for part in line.parts if isinstance(part, Dots)]

    @property
    def picture(self) -> "Image":
        """The slip as a 1-bit picture at 203 dpi, with the margins of the roll."""
        from PIL import Image

        width = self.columns * _CHARACTER // 2
        height = sum(line.height for line in self.lines)
        paper = Image.new("1", (width + 2 * _MARGIN, height + 2 * _MARGIN), _WHITE)
        top = _MARGIN
        for line in self.lines:
            _draw(line, paper, top, width)
            top += line.height
        return paper


def _text(part: Character | Dots | Bars) -> str:
    match part:
        case Character(text, _):
            return text
        case Bars(digits, _, _):
            return f"[{digits}]"
        case Dots():
            return UNKNOWN


def _height(part: Character | Dots | Bars) -> int:
    if isinstance(part, Character):
        return _CHARACTER * part.scale
    return part.height if isinstance(part, Bars) else part.picture.height


def _draw(line: Line, paper: "Image", top: int, width: int) -> None:
    pictures = [_picture(part) for part in line.parts]
    free = width - sum(picture.width for picture in pictures)
    left = _MARGIN + (free // 2 if line.is_centred else 0)
    foot = top + line.height - _LINE_SPACE
    for picture in pictures:
        paper.paste(picture, (left, foot - picture.height))
        left += picture.width


def _picture(part: Character | Dots | Bars) -> "Image":
    if isinstance(part, Character):
        return glyphs.drawn(part.text, _CHARACTER * part.scale)
    return _drawn_bars(part) if isinstance(part, Bars) else part.picture


def _drawn_bars(bars: Bars) -> "Image":
    from PIL import Image

    row = modules(bars.digits)
    thin = Image.new("1", (len(row), 1))
    thin.putdata([0 if module == "1" else _WHITE for module in row])
    return thin.resize((len(row) * bars.module_dots, bars.height), Image.Resampling.NEAREST)
