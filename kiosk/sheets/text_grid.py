"""Sheets saved as text: UTF-8 with or without mark, or GB18030; columns parted by comma, tab or semicolon."""

import csv
from io import StringIO
from typing import Final

_DELIMITERS: Final = (",", "\t", ";")
_LOOKED_AT: Final = 20


class TextFault(Exception):
    """The bytes are text in none of the encodings a village uses."""


def read_text_rows(content: bytes) -> list[list[str]]:
    """Read the rows of a text sheet. Raises TextFault if the bytes are no text."""
    text = decode(content)
    try:
        return list(csv.reader(StringIO(text, newline=""), delimiter=delimiter_of(text)))
    except csv.Error as broken:
        raise TextFault from broken


def decode(content: bytes) -> str:
    """Decode a text sheet: a mark decides, then UTF-8 if it fits, else GB18030. Raises TextFault."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise TextFault


def delimiter_of(text: str) -> str:
    """Choose the mark that parts the first lines most often; a comma if there is none."""
    lines = text.splitlines()[:_LOOKED_AT]
    return max(_DELIMITERS, key=lambda mark: sum(line.count(mark) for line in lines))
