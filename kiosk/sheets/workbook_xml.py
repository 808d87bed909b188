"""What calamine does not tell about an .xlsx: which cells are errors, and how far a tab reaches before it is loaded."""

import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT: Final = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION_ENDING: Final = "}id"
_CELL: Final = re.compile(rb"<(?:\w+:)?c\s([^>]*)>")
_REFERENCE: Final = re.compile(rb"\br=\"([A-Z]{1,3})(\d{1,7})\"")
_ERROR_VALUE: Final = re.compile(rb"\s*(?:<(?:\w+:)?f\b.*?(?:/>|</(?:\w+:)?f>)\s*)?<(?:\w+:)?v>([^<]*)<", re.DOTALL)


@dataclass(frozen=True)
class Extent:
    """The reach of a tab (cells of the rectangle from A1) and its error cells by zero-based (row, column)."""

    cells: int
    errors: Mapping[tuple[int, int], str]


def scan_workbook(package: zipfile.ZipFile) -> dict[str, Extent]:
    """Scan every tab of an opened .xlsx. Raises ValueError if its parts do not hang together, KeyError never."""
    targets = _targets(package)
    extents: dict[str, Extent] = {}
    for name, relation in _tabs(package):
        path = targets.get(relation)
        if path is not None and path in package.NameToInfo:
            extents[name] = scan_tab(package.read(path))
    return extents


def scan_tab(xml: bytes) -> Extent:
    """Find error cells and the last row and column of one tab's XML."""
    last_row = last_column = 0
    errors: dict[tuple[int, int], str] = {}
    for match in _CELL.finditer(xml):
        reference = _REFERENCE.search(match[1])
        if reference is None:
            continue
        row, column = int(reference[2]), column_number(reference[1].decode("ascii"))
        last_row, last_column = max(last_row, row), max(last_column, column)
        if b't="e"' in match[1]:
            value = _ERROR_VALUE.match(xml, match.end())
            errors[row - 1, column - 1] = value[1].decode("utf-8", "replace") if value else "#ERROR"
    return Extent(last_row * last_column, errors)


def column_number(letters: str) -> int:
    """Give the one-based number of a column: ``AA`` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _tabs(package: zipfile.ZipFile) -> list[tuple[str, str]]:
    root = _parse(package, "xl/workbook.xml")
    sheets = [*root.iter(f"{_MAIN}sheet"), *root.iter(f"{_STRICT}sheet")]
    return [
        (sheet.get("name", ""), next((v for k, v in sheet.attrib.items() if k.endswith(_RELATION_ENDING)), ""))
        for sheet in sheets
    ]


def _targets(package: zipfile.ZipFile) -> dict[str, str]:
    path = "xl/_rels/workbook.xml.rels"
    if path not in package.NameToInfo:
        return {}
    return {
        relation.get("Id", ""): posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
        for relation in _parse(package, path)
    }


def _parse(package: zipfile.ZipFile, path: str) -> ET.Element:
    try:
        return ET.fromstring(package.read(path))  # noqa: S314 because expat 2.4 and later refuses entity floods
    except ET.ParseError as broken:
        raise ValueError(path) from broken
