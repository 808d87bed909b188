"""The one way this package writes Excel: no formula can come out of data, codes are text, widths fit double-width."""

import unicodedata
from collections.abc import Iterable
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from db.durable import write_durably
from kiosk.errors import NotWritable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsxwriter import Workbook

NARROWEST: Final = 8
WIDEST: Final = 40

_LONGEST_TAB_NAME: Final = 31
_FORBIDDEN_IN_TAB_NAME: Final = "[]:*?/\\"


@contextmanager
def new_workbook(path: Path) -> "Iterator[Workbook]":
    """Open a new .xlsx whose cells are only what is put into them; the file appears whole when the block ends.

    It is on the disk by then, so that a stick may be pulled out. Raises NotWritable ``sheet_not_written``.
    """
    from xlsxwriter import Workbook

    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}
    content = BytesIO()
    with Workbook(content, options) as workbook:
        yield workbook
    try:
        write_durably(path, content.getvalue())
    except OSError as failed:
        raise NotWritable("sheet_not_written", file=path.name) from failed


def width_of(texts: Iterable[str]) -> int:
    """Give a column width for texts, counting wide characters twice, within NARROWEST and WIDEST."""
    return min(max((_width(text) for text in texts), default=0) + 2, WIDEST) if texts else NARROWEST


def tab_name(wanted: str, taken: Iterable[str], number: int) -> str:
    """Give a name that Excel takes for a tab: the wanted one if it can be, else its number."""
    used = {name.casefold() for name in taken}
    fits = 0 < len(wanted) <= _LONGEST_TAB_NAME and not set(wanted) & set(_FORBIDDEN_IN_TAB_NAME)
    if fits and not wanted.startswith("'") and not wanted.endswith("'") and wanted.casefold() not in {*used, "history"}:
        return wanted
    return next(name for step in range(number, number + len(used) + 1) if (name := str(step)) not in used)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
