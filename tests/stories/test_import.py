"""A newcomer imports the sample sheets, twice: the second time nothing changes; the oracle agrees with every figure."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from db.engine import open_sqlite
from db.invariants import find_faults
from db.projections import digest
from db.store import Store, open_store, rebuild, store_file
from kiosk.cli import app
from kiosk.domain.find import find_typed
from kiosk.domain.importing import apply_import, plan_import
from kiosk.domain.people import balance_of
from kiosk.domain.waiting import list_requests
from kiosk.errors import ExitCode
from kiosk.sheets.problem import Fate, Fault
from kiosk.sheets.reading import guess_kind, read_sheet
from kiosk.sheets.rows import SheetKind
from tests.kiosk.domain.rows import length
from tests.kiosk.sheets.books import HOUSEHOLD_HEADINGS, PERSON_HEADINGS, Tab, write_xlsx
from tests.recomputed import Recomputed, recompute
from tests.village import Village

SAMPLES = Path(__file__).parents[2] / "docs" / "samples"
IN_ORDER = ("households.xlsx", "persons.xlsx", "members.csv", "goods.xlsx")
VILLAGE = 77
LONG = 5_000


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A village that has begun."""
    home = tmp_path / "desk"
    assert kiosk(home, "init", "--village", str(VILLAGE), "--operator", "周会计").exit_code == ExitCode.DONE
    return home


def kiosk(home: Path, *arguments: str) -> Result:
    """Run a command on a data folder."""
    return CliRunner().invoke(app, [*arguments, "--home", str(home)])


def bring(home: Path, name: str, *more: str) -> dict[str, Any]:
    """Import a sample as what its headings say it is."""
    kind = guess_kind(SAMPLES / name)
    assert kind is not None
    result = kiosk(home, "import", kind.value, str(SAMPLES / name), "--json", *more)
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def opened(home: Path) -> Store:
    """The store as it is now."""
    return open_store(open_sqlite(store_file(home)))


def recomputed(home: Path, folder: Path) -> Recomputed:
    """What the separate program finds."""
    store = opened(home)
    try:
        return recompute(store, folder)
    finally:
        store.close()


def test_the_samples_are_the_village_when_a_newcomer_imports_them(home: Path, tmp_path: Path) -> None:
    """Sixty households with the balances of their passbooks, everybody in them, the members, and the shelf."""
    assert [bring(home, name)["written"]["new"] for name in IN_ORDER] == [60, 196, 17, 35]
    found = recomputed(home, tmp_path)
    assert found.faults == []
    households = read_sheet(SAMPLES / "households.xlsx", SheetKind.HOUSEHOLDS).households
    places = {(row["group"], row["house"]): row for row in found.rows("households").values()}
    assert {place: row["name"] for place, row in places.items()} == {
        (row.group, row.house): row.head for row in households
    }
    expected = {(row.group, row.house): row.opening_points for row in households if row.opening_points}
    assert {
        place: found.balances[row["id"]] for place, row in places.items() if row["id"] in found.balances
    } == expected
    shelf = {row.codes: row.stock or 0 for row in read_sheet(SAMPLES / "goods.xlsx", SheetKind.GOODS).goods}
    items = found.rows("items").values()
    assert {tuple(row["codes"]): found.stock[row["id"]] for row in items} == shelf
    persons = read_sheet(SAMPLES / "persons.xlsx", SheetKind.PERSONS).persons
    assert sorted(row["name"] for row in found.rows("persons").values()) == sorted(row.name for row in persons)
    assert len(found.village["members"]) == 17


def test_nothing_changes_when_the_samples_come_a_second_time(home: Path) -> None:
    """Not a line more, not a table changed; and a rebuild ends in the same tables."""
    for name in IN_ORDER:
        bring(home, name)
    store = opened(home)
    before = length(store)
    with store.read() as connection:
        tables = digest(connection, VILLAGE)
        assert find_faults(connection, VILLAGE) == []
    store.close()
    again = [bring(home, name)["written"] for name in IN_ORDER]
    assert [each["facts"] for each in again] == [0, 0, 0, 0]
    assert [each["unchanged"] for each in again] == [60, 196, 17, 35]
    store = opened(home)
    assert length(store) == before
    rebuild(store)
    with store.read() as connection:
        assert digest(connection, VILLAGE) == tables
    (waiting,) = list_requests(store)
    assert (waiting.kind, waiting.quantity) == ("opening_balances", 52)
    assert [found.name for found in find_typed(store, "石𫖯")] == ["石𫖯"]
    store.close()


def test_every_mistake_is_named_when_a_faulty_list_comes(home: Path, tmp_path: Path) -> None:
    """Nothing comes in by default; left out on purpose, the good rows do, and the copy names every fault."""
    refused = bring(home, "goods_with_errors.xlsx")
    assert refused["written"] is None
    named = {(problem["cell"], problem["code"]) for problem in refused["problems"] if problem["fate"] == Fate.REFUSED}
    assert len(named) == 22
    assert {Fault.CODE_CHECK_DIGIT.value, Fault.LONG_NUMBER.value, Fault.CELL_MERGED.value} <= {
        code for _, code in named
    }
    assert recomputed(home, tmp_path).stock == {}
    copy = tmp_path / "copy.xlsx"
    taken = bring(home, "goods_with_errors.xlsx", "--skip-bad", "--reasons", str(copy))
    assert (taken["written"]["new"], taken["wrong"]) == (4, 21)
    assert len(recomputed(home, tmp_path).stock) == 4
    again = read_sheet(copy, SheetKind.GOODS)
    assert {problem.code for problem in again.refused} >= {Fault.CODE_CHECK_DIGIT, Fault.DAY_IMPOSSIBLE}


def test_a_village_of_five_thousand_comes_in_when_its_sheets_are_long(tmp_path: Path) -> None:
    """Every person once, in one action; the second time none; balances and places as the sheets say."""
    village = Village(tmp_path / "desk")
    places = [(group, number) for group in range(1, 11) for number in range(1, 126)]
    heads = [
        (*place, f"王{chr(0x4E00 + place[0])}{chr(0x4E00 + place[1])}", 4, 10.5, "P{}-{}".format(*place))
        for place in places
    ]
    people = [
        (*place, f"{surname}{chr(0x4E00 + place[0])}{chr(0x5000 + place[1])}", "女", 1950 + step, "其他", "")
        for place in places
        for step, surname in enumerate("王李张刘")
    ]
    sheets = (
        (SheetKind.HOUSEHOLDS, write_xlsx(tmp_path / "h.xlsx", Tab([HOUSEHOLD_HEADINGS, *heads]))),
        (SheetKind.PERSONS, write_xlsx(tmp_path / "p.xlsx", Tab([PERSON_HEADINGS, *people]))),
    )
    for kind, file in sheets:
        reading = read_sheet(file, kind)
        plan = plan_import(village.store, reading, village.now)
        assert apply_import(village.store, plan, now=village.now, by=village.operator).new == reading.seen
        assert plan_import(village.store, reading, village.now).unchanged == reading.seen
    (found,) = find_typed(village.store, "7.77")
    with village.store.read() as connection:
        assert find_faults(connection, village.store.village) == []
        assert balance_of(connection, village.store.village, found.household_id) == 1_050
        persons = connection.exec_driver_sql("SELECT count(*), count(DISTINCT household_id) FROM person").one()
    assert tuple(persons) == (LONG, 1_250)
    village.close()
