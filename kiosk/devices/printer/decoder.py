"""Bytes to receipts, as a printer with a GBK font does it: Chinese mode, sizes, images, barcodes, knife.

It does what the bytes say and no more: outside Chinese mode, or for a code its font lacks, it prints boxes; a line
that is too long goes on in the next; without paper it stops in the middle and keeps the rest in its memory.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from kiosk.devices.printer.receipt import Bars, Character, Dots, Line, Receipt

if TYPE_CHECKING:
    from PIL.Image import Image

BOX: Final = "□"
"""What a printer shows for bytes that mean nothing to it."""

_WAIT: Final = 0
_PRINTABLE: Final = range(0x20, 0x7F)
_FIRST_OF_TWO: Final = range(0x81, 0xFF)
_WITH_FEED: Final = (65, 66)
_DEFAULT_BAR_DOTS: Final = 3
_DEFAULT_BAR_HEIGHT: Final = 162


class Decoder:
    """The inside of a printer: takes bytes in any pieces, gives receipts."""

    def __init__(self, columns: int, answer: Callable[[bytes], None]) -> None:
        """Print on paper of ``columns``; ``answer`` sends what is answered in turn."""
        self._columns = columns
        self._answer = answer
        self._memory = bytearray()
        self.receipts: list[Receipt] = []
        self.current = Receipt(columns)
        self.lines_left: int | None = None
        """How many lines the roll still has; None is a roll without end."""
        self._reset()

    @property
    def has_paper(self) -> bool:
        """Whether a line can still be printed."""
        return self.lines_left is None or self.lines_left > 0

    def take(self, data: bytes) -> None:
        """Put bytes into the memory without printing."""
        self._memory += data

    def run(self) -> None:
        """Work off the memory as far as whole commands and paper reach."""
        while self._memory and self.has_paper:
            used = self._step(bytes(self._memory))
            if used == _WAIT:
                return
            del self._memory[:used]

    def forget(self) -> None:
        """Lose memory and settings, as a printer that is switched off."""
        self._memory.clear()
        self._reset()

    def _reset(self) -> None:
        self._is_chinese = False
        self._scale = self._chinese_scale = 1
        self._is_centred = False
        self._bar_dots, self._bar_height = _DEFAULT_BAR_DOTS, _DEFAULT_BAR_HEIGHT
        self._parts: list[Character | Dots | Bars] = []

    def _step(self, data: bytes) -> int:
        """Do the first command or character of ``data``; gives how many bytes it was, or 0 to wait for more."""
        if data[0] in b"\x10\x1b\x1c\x1d":
            return self._command(data)
        if data[0] == ord("\n"):
            self._end_line()
            return 1
        if data[0] in _PRINTABLE:
            self._print(chr(data[0]), self._scale)
            return 1
        return self._high(data)

    def _high(self, data: bytes) -> int:
        if not self._is_chinese or data[0] not in _FIRST_OF_TWO:
            self._print(BOX, 1)
            return 1
        if len(data) == 1:
            return _WAIT
        try:
            self._print(data[:2].decode("gbk"), self._chinese_scale)
        except UnicodeDecodeError:
            self._print(BOX, self._chinese_scale)
        return 2

    def _command(self, data: bytes) -> int:
        if len(data) < len(b"\x1b@"):
            return _WAIT
        length = _length(data)
        if length is None or len(data) < length:
            return _WAIT
        self._do(data[:2], data[2:length])
        return length

    def _do(self, name: bytes, rest: bytes) -> None:
        match name:
            case b"\x1b@":
                self._reset()
            case b"\x1c&" | b"\x1c.":
                self._is_chinese = name == b"\x1c&"
            case b"\x1d!":
                self._scale = self._chinese_scale = 1 + (rest[0] & 0x0F)
            case b"\x1cW":
                self._chinese_scale = 1 + (rest[0] & 1)
            case b"\x1ba":
                self._is_centred = rest[0] == 1
            case _:
                self._do_paper(name, rest)

    def _do_paper(self, name: bytes, rest: bytes) -> None:
        match name:
            case b"\x1bd":
                for _ in range(rest[0]):
                    self._end_line()
            case b"\x1dV":
                self._cut()
            case b"\x1dr":
                self._answer(b"\x00" if self.has_paper else b"\x0c")
            case b"\x1b*":
                self._add(Dots(_from_columns(rest[3:])))
            case b"\x1dv":
                self._add(Dots(_from_rows(rest[6:], int.from_bytes(rest[2:4], "little"))))
                self._end_line()
            case _:
                self._do_bars(name, rest)

    def _do_bars(self, name: bytes, rest: bytes) -> None:
        match name:
            case b"\x1dh":
                self._bar_height = rest[0]
            case b"\x1dw":
                self._bar_dots = rest[0]
            case b"\x1dk":
                digits = "".join(f"{pair:02}" for pair in rest[2:].removeprefix(b"{C"))
                self._add(Bars(digits, self._bar_dots, self._bar_height))
                self._end_line()

    def _print(self, text: str, scale: int) -> None:
        self._add(Character(text, scale))

    def _add(self, part: Character | Dots | Bars) -> None:
        if not isinstance(part, Bars):
            used = sum(placed.dots for placed in self._parts if not isinstance(placed, Bars))
            if used + part.dots > self._columns * 12:
                self._end_line()
        self._parts.append(part)

    def _end_line(self) -> None:
        self.current.lines.append(Line(tuple(self._parts), self._is_centred))
        self._parts = []
        if self.lines_left is not None:
            self.lines_left -= 1

    def _cut(self) -> None:
        self.receipts.append(self.current)
        self.current = Receipt(self._columns)


_FIXED: Final = {
    b"\x10\x04": 3,
    b"\x1b@": 2,
    b"\x1c&": 2,
    b"\x1c.": 2,
    b"\x1d!": 3,
    b"\x1cW": 3,
    b"\x1ba": 3,
    b"\x1bd": 3,
    b"\x1dH": 3,
    b"\x1dh": 3,
    b"\x1dw": 3,
    b"\x1dr": 3,
}

# How many bytes must be there to know the length, and the length then.
_VARIABLE: Final[dict[bytes, tuple[int, Callable[[bytes], int]]]] = {
    b"\x1dV": (3, lambda data: 4 if data[2] in _WITH_FEED else 3),
    b"\x1b*": (5, lambda data: 5 + 3 * int.from_bytes(data[3:5], "little")),
    b"\x1dv": (8, lambda data: 8 + int.from_bytes(data[4:6], "little") * int.from_bytes(data[6:8], "little")),
    b"\x1dk": (4, lambda data: 4 + data[3]),
}


def _length(data: bytes) -> int | None:
    """Give the length of the command that ``data`` begins with, None while too little of it is known.

    A command that this printer does not know is skipped with its name, as printers do; what follows is printed.
    """
    name = data[:2]
    if name not in _VARIABLE:
        return _FIXED.get(name, len(name))
    needed, length = _VARIABLE[name]
    return None if len(data) < needed else length(data)


def _from_columns(data: bytes) -> "Image":
    """Turn columns of 24 dots, three bytes each, into a picture."""
    columns = [f"{int.from_bytes(data[start : start + 3], 'big'):024b}" for start in range(0, len(data), 3)]
    return _image(["".join(row) for row in zip(*columns, strict=True)])


def _from_rows(data: bytes, row_bytes: int) -> "Image":
    """Turn rows of ``row_bytes`` into a picture."""
    rows = (data[start : start + row_bytes] for start in range(0, len(data), row_bytes))
    return _image([f"{int.from_bytes(row, 'big'):0{8 * row_bytes}b}" for row in rows])


def _image(rows: list[str]) -> "Image":
    from PIL import Image

    picture = Image.new("1", (len(rows[0]), len(rows)))
    picture.putdata([0 if dot == "1" else 255 for row in rows for dot in row])
    return picture
