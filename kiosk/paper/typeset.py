"""Sets sheets and cards as PDF with typst: a template beside this module, data as JSON, one font, nothing else.

Fonts of the machine are switched off, so a sheet looks the same everywhere; the creation date is fixed, so the same
content gives the same bytes. A character that the font cannot draw stops the sheet: a name with an empty box in it
would be somebody else's.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from pathlib import Path
from typing import Final, Protocol

from kiosk.errors import Refused
from kiosk.paper.font import FAMILY, font_file, missing_in
from kiosk.paper.width import plain

Value = str | int | Sequence["Value"] | Mapping[str, "Value"]
"""What a template is given."""

_TEMPLATES: Final = Path(__file__).parent / "templates"


class Resolution(IntEnum):
    """Dots per inch of the printer a sheet is made for; laser printers of 600 and 1200 print 300 exactly."""

    LABEL = 203
    OFFICE = 300

    @property
    def module_dots(self) -> int:
        """Dots of the narrowest bar, a whole number of them: 0.375 mm at 203 dpi, 0.339 mm at 300."""
        return {Resolution.LABEL: 3, Resolution.OFFICE: 4}[self]


class Press(Protocol):
    """Sets a template with data and gives the PDF, as ``typeset`` does."""

    def __call__(self, template: str, data: Mapping[str, Value], resolution: Resolution = ...) -> bytes:
        """Set one sheet."""


def typeset(template: str, data: Mapping[str, Value], resolution: Resolution = Resolution.OFFICE) -> bytes:
    """Set ``templates/<template>.typ`` with ``data`` and give the PDF.

    Raises Refused ``glyph_missing`` with the ``character`` and ``where`` it stands: the ``number`` of its record, if
    it has one, and the text.
    """
    import typst

    cleaned = _cleaned(data)
    for where, text in _texts(cleaned, ""):
        if (character := missing_in(text)) is not None:
            raise Refused("glyph_missing", character=character, where=f"{where} {text}".strip())
    given = {"dpi": int(resolution), "module_dots": resolution.module_dots, "font": FAMILY, "data": cleaned}
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[font_file().parent])
    return typst.compile(
        _TEMPLATES / f"{template}.typ",
        root=_TEMPLATES,
        font_paths=fonts,
        sys_inputs={"given": json.dumps(given, ensure_ascii=False)},
        timestamp=0,
    )


def _cleaned(value: Value) -> Value:
    """Give ``value`` with every text as it can stand on a line; invisible characters have no glyph and no place."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {key: _cleaned(inner) for key, inner in value.items()}
    return value if isinstance(value, int) else [_cleaned(inner) for inner in value]


def _texts(value: Value, where: str) -> Iterator[tuple[str, str]]:
    """Give every text in ``value`` with the number of the record that it belongs to."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, Mapping):
        where = str(value.get("number", where))
        for inner in value.values():
            yield from _texts(inner, where)
    elif not isinstance(value, int):
        for inner in value:
            yield from _texts(inner, where)
