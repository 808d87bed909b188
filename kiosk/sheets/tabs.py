"""Lists as tabs of one workbook: titles, headings that stay in sight, numbers as numbers, text as text, sums."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from kiosk.sheets.excel import new_workbook, tab_name, width_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from kiosk.domain.report import Period
    from kiosk.locale import Texts

TabCell: TypeAlias = str | int | Decimal
"""A text, a count, or an exact decimal: two places are points or yuan, three are kilograms."""
Listed: TypeAlias = "tuple[str, tuple[str, ...], Iterable[tuple[TabCell, ...]], tuple[TabCell, ...]]"
"""Name, columns, rows and sums of a list: the last parts of the keys of their texts, and cells."""
HEADING_ROW: Final = 1
"""The headings stand below the title, counted from 0; rows follow them."""
_PLACES: Final = 2
_PLACES_OF_KILOGRAMS: Final = 3
_HEADING_LOOK: Final = {"bold": True, "bg_color": "#DDEBF7", "border": 1}
_TITLE_LOOK: Final = {"bold": True, "font_size": 14}
_NUMBERS: Final = {-2: "0.00", -3: "0.000"}
"""How an exact decimal is shown, by its exponent: points and yuan, kilograms."""


@dataclass(frozen=True)
class Tab:
    """One tab: its name, its title, headings, rows below them, and a last row of sums (none: no such row)."""

    name: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[TabCell, ...], ...]
    sums: tuple[TabCell, ...] = ()


def hundredths_cell(hundredths: int) -> Decimal:
    """Return points or yuan as a number with two places, from hundredths or fen."""
    return Decimal(hundredths).scaleb(-_PLACES)


def quantity_cell(quantity: int, *, is_weighed: bool) -> TabCell:
    """Return pieces as a count, grams as kilograms."""
    return Decimal(quantity).scaleb(-_PLACES_OF_KILOGRAMS) if is_weighed else quantity


def tabs_over(period: "Period", lists: "Iterable[Listed]", area: str, village: str, texts: "Texts") -> tuple[Tab, ...]:
    """Return a tab for each list of a period; its texts stand in `area`, `village` is its name in the titles."""
    span = texts("report.span", first=period.first, last=period.last)
    made = []
    for name, columns, rows, sums in lists:
        what = texts(f"{area}.sheet.{name}")
        headings = tuple(texts(f"{area}.column.{column}") for column in columns)
        title = texts("report.sheet.title", village=village, what=what, span=span)
        made.append(Tab(what, title, headings, tuple(rows), sums))
    return tuple(made)


def write_tabs(path: "Path", tabs: "Iterable[Tab]") -> None:
    """Write tabs to ``path`` (.xlsx). Raises NotWritable ``sheet_not_written``."""
    with new_workbook(path) as workbook:
        names: list[str] = []
        for number, tab in enumerate(tabs, start=1):
            names.append(tab_name(tab.name, names, number))
            _write_tab(workbook, workbook.add_worksheet(names[-1]), tab)


def _write_tab(workbook: "Workbook", sheet: "Worksheet", tab: Tab) -> None:
    sheet.write_string(0, 0, tab.title, workbook.add_format(_TITLE_LOOK))
    heading = workbook.add_format(_HEADING_LOOK)
    for column, text in enumerate(tab.headings):
        sheet.write_string(HEADING_ROW, column, text, heading)
        below = [str(row[column]) for row in (*tab.rows, tab.sums) if row]
        sheet.set_column(column, column, width_of([text, *below]))
    sheet.freeze_panes(HEADING_ROW + 1, 0)
    looks = _Looks(workbook)
    for number, row in enumerate(tab.rows, start=HEADING_ROW + 1):
        _write_row(sheet, number, row, looks, is_bold=False)
    _write_row(sheet, HEADING_ROW + 1 + len(tab.rows), tab.sums, looks, is_bold=True)


class _Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: "Workbook") -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, bool], Any] = {}

    def of(self, number_format: str, *, is_bold: bool) -> Any:  # noqa: ANN401  because the writer's formats are untyped
        key = number_format, is_bold
        if key not in self._made:
            self._made[key] = self._workbook.add_format({"num_format": number_format, "bold": is_bold})
        return self._made[key]


def _write_row(sheet: "Worksheet", number: int, row: tuple[TabCell, ...], looks: _Looks, *, is_bold: bool) -> None:
    """Write cells by their kind; a decimal goes into the file with the digits it has, never by way of a float."""
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            sheet.write_string(number, column, cell, looks.of("@", is_bold=is_bold))
        elif isinstance(cell, Decimal):
            look = looks.of(_shown_as(cell), is_bold=is_bold)
            sheet.write_number(number, column, cell, look)  # type: ignore[call-overload]  # because any number is written by its own format()
        else:
            sheet.write_number(number, column, cell, looks.of("0", is_bold=is_bold))


def _shown_as(cell: Decimal) -> str:
    exponent = cell.as_tuple().exponent
    return _NUMBERS[exponent] if isinstance(exponent, int) else ""
