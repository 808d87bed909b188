"""The process is killed between any two statements of an import: the sheet is in whole, or not at all."""

from pathlib import Path

import pytest

from db.store import Store
from kiosk.domain.importing import FACTS_AT_ONCE, Imported, apply_import, plan_import
from kiosk.sheets.rows import Row
from tests.faults.recording import recovered
from tests.faults.test_kill import check, files_between_statements
from tests.kiosk.domain.rows import goods, house, person, sheet_of
from tests.ready import Ready, later, ready_desk

HOUSEHOLDS = [house(5, number, f"赵{chr(0x4E00 + number)}", residents=number % 7) for number in range(1, FACTS_AT_ONCE)]
PASSBOOKS = [house(3, 12, "王强", opening_points=4_250, passbook="P-1"), house(3, 13, "李秀", residents=3)]
SHEETS: dict[str, list[Row]] = {
    "households": [*PASSBOOKS, *HOUSEHOLDS],
    "persons": [person(3, 12, "王小"), person(3, 13, "李大"), person(3, 12, "王明", 1961, sex="m")],
    "goods": [goods(points=400, stock=40), goods("毛巾", 600, ("06990102200900",), stock=9, monthly_limit=1)],
}


def bring(desk: Ready, store: Store, rows: list[Row]) -> Imported:
    """Import rows."""
    plan = plan_import(store, sheet_of(*rows), later())
    return apply_import(store, plan, now=later(), by=desk.known.operator)


@pytest.mark.parametrize("kind", SHEETS)
def test_a_sheet_is_in_whole_or_not_at_all_when_the_import_is_killed(tmp_path: Path, kind: str) -> None:
    """Also one so long that it is written in several pieces; done again after a kill, it ends the same."""
    desk, rows = ready_desk(tmp_path / "desk"), SHEETS[kind]
    before = desk.file.read_bytes()
    left = files_between_statements(desk, lambda store: bring(desk, store, rows))
    assert [recovered(tmp_path, files) == before for files in left] == [True] * len(left)
    assert len(left) > 5
    assert check(before) == desk.known.lines
    store = desk.open()
    assert bring(desk, store, rows).facts == 0
    store.close()
    assert check(desk.file.read_bytes()) > desk.known.lines + len(rows)
