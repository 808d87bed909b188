"""Where sheets lie: on the sticks that are plugged in, and in the folder ``import`` of the desk's data."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.errors import NotWritable
from kiosk.sheets.load import TEXT_ENDINGS

FOLDER: Final = "import"
ENDINGS: Final = frozenset({".xlsx", ".xls", ".xlsm", *TEXT_ENDINGS})
MOST: Final = 200
_UNFINISHED: Final = ("~$", ".")
"""How spreadsheet programs, and hidden files, begin."""


@dataclass(frozen=True)
class SheetFile:
    """A sheet that may be imported; ``stick`` is the folder of its stick, None for one in the desk's own folder."""

    path: Path
    stick: Path | None


def find_sheets(home: Path, sticks: Sequence[Path]) -> tuple[SheetFile, ...]:
    """Return the sheets of all sticks, one folder deep, then those in the desk's own folder, each by name.

    A stick that was pulled out meanwhile has none.
    """
    found = [SheetFile(path, stick) for stick in sticks for path in _sheets_in(stick)]
    found += [SheetFile(path, None) for path in _sheets_in(home / FOLDER)]
    return tuple(found[:MOST])


def free_name(folder: Path, stem: str, ending: str = ".xlsx") -> Path:
    """Return a file that is not there yet: what somebody filled in is never written over.

    Raises:
        NotWritable: the folder cannot be looked at (`file_not_written`).
    """
    try:
        for number in range(1, MOST):
            file = folder / (f"{stem}{ending}" if number == 1 else f"{stem} {number}{ending}")
            if not file.exists():
                return file
    except OSError as error:
        raise NotWritable("file_not_written", file=str(folder)) from error
    raise NotWritable("file_not_written", file=str(folder / stem))


def _sheets_in(folder: Path) -> Iterator[Path]:
    for path in _listed(folder):
        if _is_sheet(path):
            yield path
        elif not path.name.startswith(_UNFINISHED):
            yield from (inner for inner in _listed(path) if _is_sheet(inner))


def _is_sheet(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS and not path.name.startswith(_UNFINISHED)


def _listed(folder: Path) -> Iterable[Path]:
    try:
        return sorted(folder.iterdir()) if folder.is_dir() else ()
    except OSError:
        return ()
