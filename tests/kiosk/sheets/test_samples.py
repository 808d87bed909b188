"""The sample sheets: the committed files are those the program writes, and each reads as its story says."""

from collections import Counter
from pathlib import Path

import pytest

from kiosk.demo.samples import HOUSES, SAMPLES, write_samples
from kiosk.locale import Texts
from kiosk.sheets.problem import Fate, Fault
from kiosk.sheets.reading import read_sheet
from kiosk.sheets.reasons import write_reasons
from kiosk.sheets.rows import SheetKind, SheetReading

FOLDER = Path(__file__).parents[3] / "docs" / "samples"
KINDS = {
    "households.xlsx": SheetKind.HOUSEHOLDS,
    "persons.xlsx": SheetKind.PERSONS,
    "members.csv": SheetKind.MEMBERS,
    "goods.xlsx": SheetKind.GOODS,
    "goods_with_errors.xlsx": SheetKind.GOODS,
}


def sample(name: str) -> SheetReading:
    """Read a committed sample."""
    return read_sheet(FOLDER / name, KINDS[name])


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_what_the_program_writes_when_written_anew(tmp_path: Path, name: str) -> None:
    """Cells and merged ranges alike: nobody edits a sample by hand."""
    write_samples(tmp_path)
    written, committed = read_sheet(tmp_path / name, KINDS[name]), sample(name)
    assert written == committed
    assert [row.where.cells for row in written.rows] == [row.where.cells for row in committed.rows]


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "goods_with_errors.xlsx"])
def test_a_sample_is_imported_without_a_refusal_when_read(name: str) -> None:
    """A newcomer's first import succeeds."""
    assert sample(name).is_clean


@pytest.mark.parametrize("name", SAMPLES)
def test_a_copy_with_reasons_is_refused_for_the_same_cells_when_read_again(tmp_path: Path, name: str) -> None:
    """Whoever corrects the copy and not the sheet has nothing else to correct: empty rows stay empty."""
    write_reasons(FOLDER / name, sample(name), tmp_path / "copy.xlsx", Texts())
    again = read_sheet(tmp_path / "copy.xlsx", KINDS[name])
    assert [(each.cell, each.code) for each in again.refused] == [
        (each.cell, each.code) for each in sample(name).refused
    ]
    assert [row.where.row for row in again.rows] == [row.where.row for row in sample(name).rows]


def test_the_households_have_groups_and_balances_when_read() -> None:
    """Eight merged groups, about sixty households, balances with half points, each with its passbook."""
    rows = sample("households.xlsx").households
    assert Counter(row.group for row in rows) == dict(enumerate(HOUSES, start=1))
    assert [row.house for row in rows] == [house for houses in HOUSES for house in range(1, houses + 1)]
    with_balance = [row for row in rows if row.opening_points is not None]
    assert len(rows) > len(with_balance) > 40
    assert all(row.passbook == f"YL-{row.group:02}{row.house:02}" for row in with_balance)
    assert {row.opening_points % 100 for row in with_balance if row.opening_points is not None} == {0, 50}


def test_the_persons_belong_to_the_households_when_read() -> None:
    """About two hundred people of those households, each head among them under the same name."""
    households = {(row.group, row.house): row for row in sample("households.xlsx").households}
    persons = sample("persons.xlsx").persons
    heads = {(person.group, person.house): person.name for person in persons if person.is_head}
    assert heads == {place: row.head for place, row in households.items()}
    assert 190 <= len(persons) <= 210
    sizes = Counter((person.group, person.house) for person in persons)
    assert all((households[place].residents or 0) >= size for place, size in sizes.items())


def test_the_persons_hold_rare_names_and_namesakes_when_read() -> None:
    """Four-byte characters, a middle dot, namesakes across households and in one."""
    persons = sample("persons.xlsx").persons
    assert {"石𫖯", "阮𠮷", "木朵·阿禾"} <= {person.name for person in persons}
    names = Counter(person.name for person in persons)
    assert names["罗秋生"] == 2
    assert [person.homonym for person in persons if person.name == "潘溪"] == [1, 2]


def test_births_are_typed_in_many_ways_when_the_sample_is_looked_at() -> None:
    """All spellings are there, so that a first import shows they are understood."""
    from kiosk.sheets.load import load_grids

    grid = load_grids(FOLDER / "persons.xlsx")[0]
    births = [grid.at(row, 5) for row in range(2, len(grid.rows))]
    texts = [birth for birth in births if isinstance(birth, str)]
    assert {type(birth).__name__ for birth in births} >= {"str", "float", "date"}
    for sign in (".", "-", "年", "．"):
        assert any(sign in text for text in texts)
    numbers = [birth for birth in births if isinstance(birth, float)]
    assert min(numbers) < 2100 < max(numbers)


def test_the_members_are_persons_of_the_village_when_read() -> None:
    """A text file in GB18030 with the same names, four bytes or not, and one member on probation."""
    content = (FOLDER / "members.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    keys = {(p.group, p.house, p.name, p.birth_year) for p in sample("persons.xlsx").persons}
    members = sample("members.csv").members
    assert {(m.group, m.house, m.name, m.birth_year) for m in members} <= keys
    assert Counter(member.standing for member in members)["probationary"] == 1
    assert all(member.joined_year and member.joined_year >= member.birth_year + 18 for member in members)


def test_the_goods_are_the_catalogue_when_read() -> None:
    """Thirty-five kinds with invented barcodes, half a point for vinegar, some out of stock."""
    rows = sample("goods.xlsx").goods
    assert len(rows) == 35
    assert all(code.startswith("0699") for row in rows for code in row.codes)
    by_name = {(row.name, row.spec): row for row in rows}
    assert by_name["白醋", "小袋装"].price_points == 50
    assert (by_name["大米", "10公斤"].price_points, by_name["大米", "10公斤"].unit_cost_fen) == (6000, 5300)
    assert sum(row.stock == 0 for row in rows) == 5


def test_the_faulty_goods_show_every_fault_of_goods_when_read(tmp_path: Path) -> None:
    """The sheet for the error report: many faults, the good rows between them, telephones nowhere."""
    reading = sample("goods_with_errors.xlsx")
    found = {problem.code for problem in reading.refused}
    assert found == {
        Fault.CODE_CHECK_DIGIT,
        Fault.LONG_NUMBER,
        Fault.NUMBER_SCIENTIFIC,
        Fault.NUMBER_UNREADABLE,
        Fault.NUMBER_NEGATIVE,
        Fault.NUMBER_TOO_FINE,
        Fault.CELL_MISSING,
        Fault.CELL_ERROR,
        Fault.CELL_IS_DATE,
        Fault.CELL_MERGED,
        Fault.DAY_TWO_DIGIT_YEAR,
        Fault.DAY_IMPOSSIBLE,
        Fault.DAY_INCOMPLETE,
        Fault.CODE_UNREADABLE,
        Fault.CODE_ZEROS_LOST,
        Fault.CODE_TWICE,
    }
    assert [row.name for row in reading.goods] == ["食盐", "菜籽油", "菜籽油", "蚊香"]
    assert {problem.fate for problem in reading.problems} == set(Fate)
    write_reasons(FOLDER / "goods_with_errors.xlsx", reading, tmp_path / "copy.xlsx", Texts())
    again = read_sheet(tmp_path / "copy.xlsx", SheetKind.GOODS)
    assert [row.name for row in again.goods] == [row.name for row in reading.goods]
    assert {problem.code for problem in again.refused} == found
    assert "1390000" not in repr(reading)
