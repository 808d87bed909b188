"""Writes an empty sheet to fill in: headings that will be read, an example row that will not, lists to choose from."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.sheets.excel import new_workbook, width_of
from kiosk.sheets.reasons import CODE_FIELDS
from kiosk.sheets.rows import SheetKind
from kiosk.sheets.vocabulary import vocabulary

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from kiosk.locale import Texts

PREPARED_ROWS: Final = 1000
"""How many rows get the lists to choose from."""

_HEADER_ROW: Final = 1
_EXAMPLE_ROW: Final = 2
_HEADING_LOOK: Final = {"bold": True, "bg_color": "#DDEBF7", "border": 1}


def write_template(kind: SheetKind, out_path: Path, texts: "Texts") -> None:
    """Write an empty sheet of a kind to ``out_path`` (.xlsx). Raises NotWritable ``sheet_not_written``."""
    fields = list(vocabulary(kind).first_words)
    with new_workbook(out_path) as workbook:
        sheet = workbook.add_worksheet(texts(f"sheet.kind.{kind}"))
        title = texts("sheet.template.title", kind=texts(f"sheet.kind.{kind}"))
        sheet.merge_range(0, 0, 0, len(fields), title, workbook.add_format({"bold": True, "font_size": 14}))
        for column, field in enumerate(fields):
            _write_column(workbook, sheet, column, (kind, field), texts)
        _write_remark(workbook, sheet, len(fields), texts)
        sheet.freeze_panes(_EXAMPLE_ROW, 0)


def _write_column(
    workbook: "Workbook", sheet: "Worksheet", column: int, place: tuple[SheetKind, str], texts: "Texts"
) -> None:
    kind, field = place
    is_code = field in CODE_FIELDS
    heading, example = texts(f"sheet.heading.{kind}.{field}"), texts(f"sheet.example.{kind}.{field}")
    column_format = workbook.add_format({"num_format": "@"}) if is_code else None
    sheet.set_column(column, column, width_of([heading, example]), column_format)
    look = _HEADING_LOOK | ({"bg_color": "#9DC3E6"} if field in vocabulary(kind).required else {})
    sheet.write_string(_HEADER_ROW, column, heading, workbook.add_format(look))
    grey = workbook.add_format({"font_color": "#808080", "italic": True, "num_format": "@" if is_code else ""})
    if example.replace(".", "", 1).isdigit() and not is_code:
        sheet.write_number(_EXAMPLE_ROW, column, float(example), grey)
    else:
        sheet.write_string(_EXAMPLE_ROW, column, example, grey)
    if texts.has(f"sheet.choices.{field}"):
        choices = {"validate": "list", "source": texts(f"sheet.choices.{field}").split("|"), "show_error": False}
        sheet.data_validation(_EXAMPLE_ROW, column, _EXAMPLE_ROW + PREPARED_ROWS, column, choices)


def _write_remark(workbook: "Workbook", sheet: "Worksheet", column: int, texts: "Texts") -> None:
    """Write the last column, whose word tells a reading that the row is an example."""
    sheet.write_string(_HEADER_ROW, column, texts("sheet.template.remark"), workbook.add_format(_HEADING_LOOK))
    example = texts("sheet.template.example")
    sheet.write_string(_EXAMPLE_ROW, column, example)
    sheet.set_column(column, column, width_of([example]))
