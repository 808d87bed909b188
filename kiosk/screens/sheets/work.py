"""What the screen of sheets lets the store's thread do, where a long reading holds up no key."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.sheets.reading import guess_kind, read_sheet
from kiosk.sheets.reasons import write_reasons
from kiosk.sheets.template import write_template

if TYPE_CHECKING:
    from db.store import Store
    from kiosk.clock import Clock
    from kiosk.domain.import_plan import ImportPlan
    from kiosk.locale import Texts
    from kiosk.sheets.rows import SheetKind


def guess_kind_of(_store: "Store", path: Path) -> "SheetKind | None":
    """Tell what a file holds by its headings."""
    return guess_kind(path)


def plan_file(
    store: "Store", path: Path, kind: "SheetKind", clock: "Clock", note: Callable[[int, int], None]
) -> "ImportPlan":
    """Read a file and hold it against the tables; ``note`` hears rows done and rows in all."""
    from kiosk.domain.importing import plan_import

    return plan_import(store, read_sheet(path, kind, note), clock.now())


def copy_with_reasons(_store: "Store", path: Path, plan: "ImportPlan", out: Path, texts: "Texts") -> None:
    """Write the copy of a sheet that says what is wrong. Raises NotWritable."""
    write_reasons(path, plan.judged, out, texts)


def write_empty(_store: "Store", kind: "SheetKind", out: Path, texts: "Texts") -> None:
    """Write an empty sheet. Raises NotWritable."""
    write_template(kind, out, texts)
