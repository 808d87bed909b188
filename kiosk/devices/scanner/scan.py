"""One scan, whatever wire it came by."""

import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import Final

from kiosk.codes import split_symbology
from kiosk.gs1 import GROUP_SEPARATOR

LONGEST: Final = 128
"""Characters kept of one scan: one more than a code may have, so that what was cut is never read as a code."""


class Wire(Enum):
    """How a text came to the terminal."""

    WEDGE = "wedge"
    SERIAL = "serial"
    TYPED = "typed"
    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scanner sent: the text without AIM identifier, that identifier, and the monotonic second of the last byte.

    ``text`` holds no control character but the GS1 group separator, and at most 128 characters.
    """

    text: str
    wire: Wire
    symbology: str | None
    at: float


def make_scan(raw: str, wire: Wire, at: float) -> Scan:
    """Make a scan of the characters between two terminators."""
    kept = "".join(character for character in raw if is_kept(character))
    symbology, text = split_symbology(kept)
    return Scan(text[:LONGEST], wire, symbology, at)


def is_kept(character: str) -> bool:
    """Say whether a scanned character belongs to the text: control characters do not, the group separator does."""
    return character == GROUP_SEPARATOR or unicodedata.category(character) not in {"Cc", "Cs"}
