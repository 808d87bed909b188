"""The printed sheet of a village, Chinese first: what its terminal is set up from where there is no stick, or no line.

Set by typst with one font and none of the machine's, so that it looks the same everywhere.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from db.wire.v1.set_up import address_digits, sheet_digits

if TYPE_CHECKING:
    import typst

FAMILY: Final = "Noto Sans CJK SC"
FACE: Final = 2
TEMPLATE: Final = Path(__file__).parent / "templates" / "village_sheet.typ"
LONGEST_BARS: Final = 60
"""Characters of an address that still fit across the paper as bars; a longer one is typed or comes by stick."""


class SheetError(ValueError):
    """A sheet that cannot be set: a character of a name that the font cannot draw."""


@dataclass(frozen=True)
class VillageSheet:
    """What stands on a sheet; `check` are the county's digits in groups, `until` the last day of the code."""

    village: int
    name: str
    code: str
    check: str
    address: str
    phone: str
    until: str


def set_sheets(sheets: Sequence[VillageSheet]) -> bytes:
    """Return a PDF with a page for each village.

    Raises:
        SheetError: the font has no glyph for a character of a village's name.
    """
    import typst

    for sheet in sheets:
        missing = next((each for each in f"{sheet.name}{sheet.phone}{sheet.address}" if ord(each) not in _glyphs()), "")
        if missing:
            raise SheetError(f"{sheet.village:04}: the font cannot draw {missing} in {sheet.name}; write it otherwise.")
    given = {"font": FAMILY, "sheets": [_page(sheet) for sheet in sheets]}
    return typst.compile(
        TEMPLATE, root=TEMPLATE.parent, font_paths=_fonts(), timestamp=0,
        sys_inputs={"given": json.dumps(given, ensure_ascii=False)},
    )  # fmt: skip


def _page(sheet: VillageSheet) -> dict[str, object]:
    check = sheet.check.replace(" ", "")
    has_bars = 0 < len(sheet.address) <= LONGEST_BARS
    return {
        "village": f"{sheet.village:04}",
        "name": sheet.name,
        "code": f"{sheet.code[:4]} {sheet.code[4:8]} {sheet.code[8:]}",
        "check": sheet.check,
        "address": sheet.address,
        "address_digits": _grouped(address_digits(sheet.address)) if sheet.address else "",
        "phone": sheet.phone,
        "until": sheet.until,
        "code_bars": _bars(sheet_digits(sheet.village, sheet.code, check)),
        "address_bars": _bars(sheet.address) if has_bars else [],
    }


def _grouped(digits: str) -> str:
    """Write 18 digits as a person types them: the four numbers of an address apart."""
    if not digits:
        return ""
    return " ".join((digits[0], *(digits[at : at + 3] for at in range(1, 13, 3)), digits[13:]))


def _bars(text: str) -> list[tuple[int, int]]:
    """Give `(start, width)` in modules for each black bar of a Code 128, from the left, without quiet zones."""
    from barcode.codex import Code128

    found: list[tuple[int, int]] = []
    start = 0
    for colour, run in groupby(str(Code128(text).build()[0])):
        width = len(list(run))
        if colour == "1":
            found.append((start, width))
        start += width
    return found


@cache
def _fonts() -> "typst.Fonts":
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_font_file().parent])


@cache
def _glyphs() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(_font_file(), fontNumber=FACE, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


def _font_file() -> Path:
    from noto_cjk_sans_otc import FONT_PATH

    return Path(str(FONT_PATH))
