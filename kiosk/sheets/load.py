"""Opens a sheet file, whatever it is, as grids of raw cells: the content decides, not the ending of the name."""

import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import Final

from kiosk.sheets.grid import Grid
from kiosk.sheets.old_excel import read_old_workbook
from kiosk.sheets.problem import Fault
from kiosk.sheets.text_grid import TextFault, read_text_rows
from kiosk.sheets.workbook import LARGEST_CELLS, UnreadableFile, read_workbook
from kiosk.sheets.workbook_xml import scan_workbook

LARGEST_FILE_BYTES: Final = 32 * 1024 * 1024
LARGEST_UNPACKED_BYTES: Final = 512 * 1024 * 1024
TEXT_ENDINGS: Final = frozenset({".csv", ".txt", ".tsv"})

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")


def load_grids(path: Path) -> list[Grid]:
    """Read every tab of a file. Raises UnreadableFile with the fault to report."""
    return grids_in(read_content(path), path)


def grids_in(content: bytes, path: Path) -> list[Grid]:
    """Read every tab of the content of a file called ``path``. Raises UnreadableFile with the fault to report."""
    if content.startswith(_ZIP):
        return _read_xlsx(content)
    if content.startswith(_OLE):
        if _LOCKED_PACKAGE in content:
            raise UnreadableFile(Fault.FILE_LOCKED)
        return read_old_workbook(content)
    if path.suffix.lower() not in TEXT_ENDINGS:
        raise UnreadableFile(Fault.FILE_KIND)
    try:
        return [Grid(path.stem, list(map(list, read_text_rows(content))), is_text=True)]
    except TextFault as broken:
        raise UnreadableFile(Fault.FILE_ENCODING) from broken


def read_content(path: Path) -> bytes:
    """Read a file as it is. Raises UnreadableFile with the fault to report."""
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise UnreadableFile(Fault.FILE_TOO_LARGE)
        return path.read_bytes()
    except FileNotFoundError as missing:
        raise UnreadableFile(Fault.FILE_MISSING) from missing
    except OSError as broken:
        raise UnreadableFile(Fault.FILE_UNREADABLE) from broken


def _read_xlsx(content: bytes) -> list[Grid]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            if sum(entry.file_size for entry in package.infolist()) > LARGEST_UNPACKED_BYTES:
                raise UnreadableFile(Fault.FILE_TOO_LARGE)
            if "xl/workbook.xml" not in package.namelist():
                raise UnreadableFile(Fault.FILE_KIND)
            if package.testzip() is not None:
                raise UnreadableFile(Fault.FILE_UNREADABLE)
            extents = scan_workbook(package)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError, RuntimeError) as broken:
        raise UnreadableFile(Fault.FILE_UNREADABLE) from broken
    if any(extent.cells > LARGEST_CELLS for extent in extents.values()):
        raise UnreadableFile(Fault.FILE_TOO_LARGE)
    return read_workbook(content, extents)
